"""Checking a template before anyone sees it: published answers, gradients, draws.

Nothing is taken on trust: published answers are recomputed, gradients compared with central
differences, and draws judged again in exact arithmetic where the graph allows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial

import numpy as np

from examgen.differentiate import adjoint_name
from examgen.errors import ExamgenError
from examgen.graph import Tape, exactly, record
from examgen.nodes import Array, Node
from examgen.notation import decimal
from examgen.proofread import template_problems
from examgen.separable import WrongAnswers, shares, wrong_answers
from examgen.template import Template
from examgen.template_file import Published
from examgen.tolerance import tolerances
from examgen.variant import Variants, draw_variants, fixed_variant, is_finite

SEEDS = 200
VARIANTS_A_SEED = 5
_STEPS = (1e-4, 1e-5, 1e-6, 1e-7)
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
    with suppress(ExamgenError):  # a key that is not finite is told above
        yield _mistakes(template)


# --- published answers ---------------------------------------------------------------------------


def _published(template: Template, instance: Published) -> Iterator[Finding]:
    values = fixed_variant(template, instance.given).quantities(0)
    for name, printed in instance.answers.items():
        value = values[template.quantities.name(name)]
        holds = is_finite(value) and agrees(printed, Fraction(value))
        yield Finding(holds, f"published {name}", f"printed {printed}, computed {_shown(value)}")
    for name, printed in instance.misprints.items():
        value = values[template.quantities.name(name)]
        holds = is_finite(value) and not agrees(printed, Fraction(value))
        seen = f"misprinted as {printed}, in truth {_shown(value)}"
        yield Finding(holds, f"published {name}", seen)


def _shown(value: Fraction | float) -> str:
    return decimal(Fraction(value), 10) if is_finite(value) else "undefined"


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
    count = max(1, min(VARIANTS_A_SEED, template.sampler(0).capacity))
    broken: list[str] = []
    for seed in range(SEEDS):
        variants = draw_variants(template, seed, range(count))
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
    count = min(200, template.sampler(0).capacity)
    givens = draw_variants(template, 0, range(count)).draw.floats()
    errors = {
        name: math.inf if math.isnan(error) else error
        for name, error in gradient_errors(template, givens).items()
    }
    name = max(errors, key=errors.__getitem__, default="none")
    worst = errors.get(name, 0.0)
    holds = worst <= _ALLOWED
    seen = f"all within {_ALLOWED:g}" if holds else f"{name} is off by {worst:.1e} of its scale"
    return Finding(holds, "gradients against central differences", seen)


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
    tape = record([loss, *movable.values()], pinned=list(movable.values()))
    base, *values = tape(givens, {})
    gradients = record([quantities.adjoints[adjoint] for adjoint in movable])(givens)
    return {
        adjoint: float(np.max(_error(partial(_moved, tape, givens, node), value, gradient, base)))
        for (adjoint, node), value, gradient in zip(movable.items(), values, gradients, strict=True)
    }


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
    judged = np.isfinite(best) | ~np.isfinite(gradient)
    return np.where(judged, best, 0.0)


# --- mistakes ------------------------------------------------------------------------------------

_MISTAKEN_VARIANTS = 200


def _mistakes(template: Template) -> Finding:
    """Whether answers that come of known mistakes lie outside of the tolerance.

    A question must expose some mistake; how many it tells from the key is for its author to judge.
    """
    count = min(_MISTAKEN_VARIANTS, template.sampler(0).capacity)
    variants = draw_variants(template, 0, range(count))
    found = wrong_answers(variants)
    share = shares(found, tolerances(variants)) if found.slots else {}
    told = [name for name, part in share.items() if part > 0]
    often = [name for name in told if share[name] >= 0.5]
    seen = f"{len(told)} of {len(share)} told from the key, {len(often)} in half of the draws"
    never = [name for name in share if name not in told]
    if never:
        seen += "; never: " + ", ".join(f"{name} ({_why(found, name)})" for name in never)
    return Finding(bool(told) or not found.slots, "mistakes", seen)


def _why(found: WrongAnswers, name: str) -> str:
    """Why a mistake cannot be told from the key."""
    rows = [n for n, mistake in enumerate(found.mistakes) if mistake.name == name]
    if not found.touched[rows].any():
        return "no number that is asked depends on it"
    visible = found.visible[rows].any()
    return "it stays within the tolerance" if visible else "the numbers drawn never show it"
