"""Checking a template before anyone sees it: published answers, gradients, draws.

Nothing is taken on trust: published answers are recomputed, gradients compared with central
differences, and draws judged again in exact arithmetic where the graph allows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from examgen.errors import ExamgenError
from examgen.graph import exactly, record
from examgen.nodes import Array
from examgen.notation import decimal
from examgen.proofread import template_problems
from examgen.template import Template
from examgen.template_file import Published
from examgen.variant import Variants, draw_variants, fixed_variant

SEEDS = 200
VARIANTS_A_SEED = 5
_STEP = 1e-5
_ALLOWED = 1e-6
"""Central differences with a step of 1e-5 are good to about 1e-9 of the values involved."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it holds, and what was seen."""

    holds: bool
    what: str
    seen: str


def check_template(template: Template) -> Iterator[Finding]:
    """All findings about a template, in order."""
    problems = template_problems(template)
    yield Finding(
        not problems, "texts and formulas can be set", "; ".join(map(str, problems)) or "all"
    )
    for instance in template.file.instances:
        yield from _published(template, instance)
    try:
        yield from _draws(template)
    except ExamgenError as error:
        yield Finding(False, "draws", str(error))
        return
    yield _gradients(template)


# --- published answers ---------------------------------------------------------------------------


def _published(template: Template, instance: Published) -> Iterator[Finding]:
    values = fixed_variant(template, instance.given).quantities(0)
    for name, printed in instance.answers.items():
        true = Fraction(values[template.quantities.name(name)])
        seen = f"printed {printed}, computed {decimal(true, 10)}"
        yield Finding(agrees(printed, true), f"published {name}", seen)
    for name, printed in instance.misprints.items():
        true = Fraction(values[template.quantities.name(name)])
        seen = f"misprinted as {printed}, in truth {decimal(true, 10)}"
        yield Finding(not agrees(printed, true), f"published {name}", seen)


def agrees(printed: str, true: Fraction) -> bool:
    """Whether a printed number is the true one to its last digit (either way of rounding a tie).

    >>> agrees("0.20", Fraction(1966, 10000)), agrees("0.2", Fraction(1, 3))
    (True, False)
    """
    number = Decimal(printed)
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int), "bug: the form admits finite numbers only"
    half_unit = Fraction(10) ** exponent / 2
    # What is computed in floating point may be off by its own rounding.
    slack = abs(true) * Fraction(1, 10**12)
    return abs(Fraction(number) - true) <= half_unit + slack


# --- draws -------------------------------------------------------------------------------------


def _draws(template: Template) -> Iterator[Finding]:
    tried = accepted = drawn = repeated = 0
    broken: list[str] = []
    for seed in range(SEEDS):
        variants = draw_variants(template, seed, range(VARIANTS_A_SEED))
        acceptance = variants.draw.acceptance
        if acceptance is not None:
            tried, accepted = tried + acceptance.tried, accepted + acceptance.accepted
        drawn += len(variants.draw)
        repeated += _repeated(variants)
        broken += _broken(template, variants, seed)
    yield Finding(not repeated, "draws are distinct", f"{drawn} draws, {repeated} repeated")
    yield Finding(
        not broken, "draws are finite, in their domains, off kinks", broken[0] if broken else "all"
    )
    rate = accepted / tried if tried else 0.0
    capacity = template.sampler(0).capacity
    seen = f"{100 * rate:.3g} % of candidates, room for {capacity} variants"
    yield Finding(rate > 0, "acceptance", seen)


def _repeated(variants: Variants) -> int:
    rows = [tuple(variants.draw.exact(n).values()) for n in range(len(variants.draw))]
    return len(rows) - len(set(rows))


def _broken(template: Template, variants: Variants, seed: int) -> list[str]:
    """What is wrong with some draws, each judged anew: exactly, or else in float64."""
    found = []
    try:
        for slot in template.slots:
            if slot.kind == "number":
                variants.expected(slot)
    except ExamgenError as error:
        found.append(f"seed {seed}: {error}")
    if seed % 10 == 0:  # exact rationals are slow: one seed in ten
        nodes = [condition.node for condition in template.conditions]
        for number in range(len(variants.draw)):
            givens = variants.draw.exact(number)
            for condition, truth in zip(template.conditions, exactly(nodes, givens), strict=True):
                if truth is not None and truth != 1:
                    found.append(f"seed {seed}, variant {number}: not {condition.text}")
    return found


# --- gradients -----------------------------------------------------------------------------------


def _gradients(template: Template) -> Finding:
    variants = draw_variants(template, 0, range(min(200, template.sampler(0).capacity)))
    worst, name = 0.0, "none"
    for quantity, error in gradient_errors(template, variants.draw.floats()).items():
        if not error <= worst:
            worst, name = error, quantity
    places = math.ceil(math.log10(worst)) if 0 < worst < math.inf else 0
    seen = f"relative errors below 1e{places} (largest: {name})"
    return Finding(worst <= _ALLOWED, "gradients against central differences", seen)


def gradient_errors(template: Template, givens: Mapping[str, Array]) -> dict[str, float]:
    """For every gradient the largest error against central differences, relative to its scale.

    Each quantity in turn is moved up and down by overriding its node, and the loss followed.
    """
    quantities = template.quantities
    loss = quantities.values[quantities.loss]
    movable = {
        name: node
        for name, node in quantities.values.items()
        if node is not loss and f"d{quantities.loss}/d{name}" in quantities.adjoints
    }
    nodes = list(movable.values())
    tape = record([loss, *nodes], pinned=nodes)
    size = len(next(iter(givens.values())))
    base = tape(givens, {})
    adjoints = [quantities.adjoints[f"d{quantities.loss}/d{name}"] for name in movable]
    gradients = record(adjoints)(givens)
    errors = {}
    for (name, node), value, gradient in zip(movable.items(), base[1:], gradients, strict=True):
        up, down = (
            tape(givens, {node: np.broadcast_to(value, size) + step})[0] for step in (_STEP, -_STEP)
        )
        slope = (up - down) / (2 * _STEP)
        scale = np.maximum(1, np.maximum(np.abs(gradient), np.abs(base[0])))
        errors[f"d{quantities.loss}/d{name}"] = float(np.max(np.abs(slope - gradient) / scale))
    return errors
