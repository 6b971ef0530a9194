"""Forward values and all gradients: variants a second on one core, beside other ways to do it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import autograd.numpy as anp
import numpy as np
from autograd import grad
from timing import median_seconds, report

from examgen.bank import find_template
from examgen.graph import record
from examgen.quantities import Quantities, derive_quantities
from examgen.topology.lstm import Lstm

VARIANTS = 1_000_000


def main() -> None:
    """Print the figures of both graphs."""
    mlp = find_template("mlp-2-2-2").quantities
    rate = VARIANTS / evaluation(mlp)
    report("MLP 2-2-2", rate, "variants/s", "10 M", ("numpy by hand", by_hand()))
    print(f"    one variant at a time with HIPS autograd: {one_by_one():,.0f} variants/s")
    lstm = derive_quantities(Lstm(topology="lstm", steps=2).blueprint(), "eta", {})
    report("LSTM, 2 steps", VARIANTS / evaluation(lstm), "variants/s", "3 M", None)


def evaluation(quantities: Quantities) -> float:
    """Seconds for all forward values and the gradients of all givens of VARIANTS variants."""
    values = [node for name, node in quantities.values.items() if name not in quantities.givens]
    gradients = [quantities.adjoints[f"dL/d{name}"] for name in quantities.givens if name != "eta"]
    tape = record([*values, *gradients])
    random = np.random.default_rng(1)
    givens = {name: random.integers(-4, 5, VARIANTS) / 2 for name in tape.givens}
    out = [np.empty(VARIANTS) for _ in tape.outputs]
    return median_seconds(partial(tape, givens, out=out))


def by_hand() -> float:
    """Variants a second of the same gradients in plain numpy, as one would write it down."""
    random = np.random.default_rng(1)
    i, w1, b1, w2, b2, t = (
        random.integers(-4, 5, (*shape, VARIANTS)) / 2
        for shape in ((2,), (2, 2), (2,), (2, 2), (2,), (2,))
    )

    def run() -> object:
        z = (i[:, None] * w1).sum(0) + b1
        h = np.maximum(z, 0)
        o = (h[:, None] * w2).sum(0) + b2
        loss = ((o - t) ** 2).sum(0) / 2
        d_o = o - t
        d_w2 = h[:, None] * d_o
        d_z = (w2 * d_o).sum(1) * (z > 0)
        return loss, d_o, d_w2, d_z, i[:, None] * d_z, (w1 * d_z).sum(1)

    return VARIANTS / median_seconds(run, runs=3)


def one_by_one(variants: int = 300) -> float:
    """Variants a second with an autodiff package, one variant a call."""

    def loss(i: object, w1: object, b1: object, w2: object, b2: object, t: object) -> object:
        hidden = anp.maximum(anp.dot(i, w1) + b1, 0)
        return anp.sum((anp.dot(hidden, w2) + b2 - t) ** 2) / 2

    gradient: Callable[..., object] = grad(loss, argnum=(0, 1, 2, 3, 4))
    random = np.random.default_rng(1)
    shapes = ((2,), (2, 2), (2,), (2, 2), (2,), (2,))
    drawn = [[random.integers(-4, 5, s) / 2 for s in shapes] for _ in range(variants)]
    return variants / median_seconds(lambda: [gradient(*values) for values in drawn], runs=3)


if __name__ == "__main__":
    main()
