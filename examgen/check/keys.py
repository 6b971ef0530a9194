"""Every key computed a second time: gradients by central differences, values in exact rationals.

What no rational number can be (exponentials and the like) is computed again in extended precision,
which shows where digits cancel.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from examgen.check.findings import Finding, judged
from examgen.check.sample import Sample, shared
from examgen.check.wording import plural
from examgen.differentiate import adjoint_name
from examgen.graph import Tape, exactly, record
from examgen.nodes import Array, Node
from examgen.template import Template

_STEPS = (1e-4, 1e-5, 1e-6, 1e-7)
ALLOWED = 1e-6
"""Central differences with a step of 1e-5 are good to about 1e-9 of the values involved."""
_MOST_WORK = 4e7
_LEAST_VARIANTS = 50
_MOST_STEPS = 3e5
_LEAST_MOVED = 50
_EXACT_VARIANTS = 100
_PRECISION = 1e-9
"""Relative to the larger of 1 and the key: far below any tolerance."""


def gradient_finding(samples: Sequence[Sample]) -> Finding:
    """All gradients of all structures against central differences."""
    errors = {
        (sample.template.name, name): math.inf if math.isnan(error) else error
        for sample in samples
        for name, error in gradient_errors(sample.template, _some_givens(sample)).items()
    }
    structure, name = max(errors, key=errors.__getitem__, default=("", "none"))
    worst = errors.get((structure, name), 0.0)
    off = f"{structure}: {name} is off by {worst:.1e} of its scale"
    return judged(
        "gradients",
        worst > ALLOWED,
        off
        if worst > ALLOWED
        else plural(
            len(errors), "gradient agrees with differences", "gradients agree with differences"
        ),
        "reverse mode and central differences give different numbers",
        "this is a fault of the program: please report it",
    )


def _some_givens(sample: Sample) -> dict[str, Array]:
    """The givens of so many variants as a large graph lets one look at."""
    quantities = sample.template.quantities
    work = len(quantities.nodes) * len(quantities.adjoints) * 2 * (len(_STEPS) + 1)
    count = max(_LEAST_VARIANTS, int(_MOST_WORK / max(work, 1)))
    return {name: values[:count] for name, values in sample.variants.draw.floats().items()}


def gradient_errors(template: Template, givens: Mapping[str, Array]) -> dict[str, float]:
    """For every gradient the largest error against central differences, relative to its scale.

    Each quantity in turn is moved up and down by overriding its node, and the loss followed. Of
    several steps the best counts: a wrong gradient agrees with none. Constants are not moved,
    unless their gradient is asked for: an epsilon of 1e-8 stands at the edge of a domain.
    """
    quantities = template.quantities
    loss = quantities.values[quantities.loss]
    asked = {quantities.name(slot.quantity) for slot in template.slots}
    movable = {}
    for name, node in quantities.values.items():
        adjoint = adjoint_name(quantities.loss, name)
        fixed = name in template.grids and len(template.grids[name].values) == 1
        if node is not loss and adjoint in quantities.adjoints and (adjoint in asked or not fixed):
            movable[adjoint] = node
    movable = _affordable(movable, asked, len(quantities.nodes))
    tape = record([loss, *movable.values()], pinned=list(movable.values()))
    base, *values = tape(givens, {})
    gradients = record([quantities.adjoints[adjoint] for adjoint in movable])(givens)
    return {
        adjoint: float(np.max(_error(partial(_moved, tape, givens, node), value, gradient, base)))
        for (adjoint, node), value, gradient in zip(movable.items(), values, gradients, strict=True)
    }


def _affordable(movable: Mapping[str, Node], asked: set[str], nodes: int) -> dict[str, Node]:
    """All of them in a graph of a few hundred nodes, else so many, those asked for first."""
    most = max(_LEAST_MOVED, int(_MOST_STEPS / nodes))
    first = sorted(movable, key=lambda adjoint: adjoint not in asked)
    return {adjoint: movable[adjoint] for adjoint in first[:most]}


def _moved(tape: Tape, givens: Mapping[str, Array], node: Node, value: Array) -> Array:
    """The loss with one quantity set to a value."""
    return tape(givens, {node: value})[0]


def _error(loss_at: Callable[[Array], Array], value: Array, gradient: Array, loss: Array) -> Array:
    """The smallest error over all steps, relative to gradient and loss, of shape (variants,).

    Where every step leaves the domain of some op nothing can be said, and the error is zero.
    """
    scale = np.maximum(1, np.maximum(np.abs(gradient), np.abs(loss)))
    value = np.broadcast_to(value, scale.shape)
    best = np.full(scale.shape, np.inf)
    for step in (*_STEPS, 1e-5 * np.abs(value)):
        with np.errstate(all="ignore"):  # a step of nothing, or out of the domain, does not count
            slope = (loss_at(value + step) - loss_at(value - step)) / (2 * step)
        best = np.fmin(best, np.abs(slope - gradient) / scale)
    judged_there = np.isfinite(best) | ~np.isfinite(gradient)
    return np.where(judged_there, best, 0.0)


# --- keys ----------------------------------------------------------------------------------------


def key_finding(samples: Sequence[Sample]) -> Finding:
    """The right answers against exact rationals, or where there are none in extended precision."""
    exact = sum(_is_exact(sample, slot.quantity) for sample in samples for slot in sample.slots)
    slots = sum(len(sample.slots) for sample in samples)
    each = shared(_EXACT_VARIANTS, samples)
    off = next((text for sample in samples for text in _differences(sample, each)), "")
    ways = [f"{exact} exact"] * bool(exact) + [f"{slots - exact} to more digits"] * (exact < slots)
    return judged(
        "keys",
        bool(off),
        off
        or plural(slots, "key computed twice agrees", "keys computed twice agree")
        + f" ({', '.join(ways)})",
        "the same formula gives different numbers; digits may cancel",
        "keep what is subtracted apart by a condition",
    )


def _is_exact(sample: Sample, quantity: str) -> bool:
    node = sample.template.quantities.node(quantity)
    return exactly([node], sample.variants.draw.exact(0))[0] is not None


def _differences(sample: Sample, count: int) -> Iterator[str]:
    """Keys that differ, told with their slot and variant; `count` variants are compared exactly."""
    nodes = [sample.template.node(slot) for slot in sample.slots]
    rough = record(nodes)(_extended(sample.variants.draw.floats())) if nodes else []
    precise = np.array([np.broadcast_to(values, len(sample)) for values in rough])
    for number in range(min(len(sample), count)):
        for place, value in enumerate(exactly(nodes, sample.variants.draw.exact(number))):
            if value is not None:
                precise[place, number] = np.longdouble(value.numerator) / value.denominator
    for place, slot in enumerate(sample.slots):
        keys = sample.keys[slot.id]
        off = np.abs(precise[place] - keys) / np.maximum(1, np.abs(keys))
        if not (off <= _PRECISION).all():
            variant = int(np.argmax(off))
            yield (
                f"{slot.id}, variant {variant}: {keys[variant]:.12g} and "
                f"{float(precise[place, variant]):.12g}"
            )


def _extended(givens: Mapping[str, Array]) -> dict[str, Array]:
    """The givens in the widest floating point there is."""
    return {name: values.astype(np.longdouble) for name, values in givens.items()}
