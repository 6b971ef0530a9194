"""Marking the formulas of one slot: right, wrong by a known mistake, wrong, or not to be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from examgen.expression import Expression, Reference, walk
from examgen.graph import record
from examgen.misconceptions import Misconception
from examgen.nodes import Node
from examgen.slots import Slot
from examgen.solution import answer_node, over_names
from examgen.template import Template
from examgen.vocabulary import vocabulary
from grader.reading.numbers import DecimalSign, Unreadable
from grader.symbolic.evaluation import Array, Measured, evaluate
from grader.symbolic.names import names_of
from grader.symbolic.points import ENOUGH, Points, draw_points
from grader.symbolic.reader import read_formula

TOLERANCE = 1e-9
"""Of the magnitudes of both formulas; rounding makes 1e-15 of them, another formula about 1."""
_BLUNT = 1e-4
"""A point proves nothing where the tolerance comes to more than this part of the value."""


@dataclass(frozen=True)
class Right:
    """The formula equals the derivative asked for."""


@dataclass(frozen=True)
class Wrong:
    """It does not; `mistakes` are all known ones that lead to this formula."""

    mistakes: tuple[Misconception, ...] = ()


Verdict = Right | Wrong | Unreadable


class FormulaMarker:
    """Marks the formulas written for one slot of a template; made once, used for each text."""

    def __init__(
        self, template: Template, slot: Slot, mistakes: Sequence[Misconception] = ()
    ) -> None:
        words = self._words = vocabulary(template, slot)
        quantities = template.quantities
        self._points = draw_points(quantities, words.asked, words.names, template.wholes)
        self._names = names_of(words, quantities.loss, self._same)
        self._mistakes, self._wrong = _wrong_values(template, slot, mistakes, self._points)

    def _same(self, name: str, other: str) -> bool:
        values = self._points.values
        return bool(np.allclose(values[name], values[other], rtol=TOLERANCE, atol=0.0))

    def mark(self, text: str, decimal: DecimalSign = "point") -> Verdict | None:
        """The verdict on a text, None for a blank one. Never raises for what a student writes."""
        read = read_formula(text, self._names, decimal)
        if read is None or isinstance(read, Unreadable):
            return read
        if np.count_nonzero(self._points.expected) < ENOUGH:
            return Unreadable("this derivative cannot be compared at random points", 1)
        verdicts = [self._verdict(side) for side in read.sides]
        if any(type(verdict) is not type(verdicts[0]) for verdict in verdicts):
            return Unreadable("the sides of this equation are not equal", text.find("=") + 1)
        return verdicts[-1]

    def agree(self, text: str, other: str, decimal: DecimalSign = "point") -> bool:
        """Whether two texts are formulas, and equal at all points; the slot's own is not asked."""
        read = [read_formula(one, self._names, decimal) for one in (text, other)]
        sides = [one.sides[-1] for one in read if one and not isinstance(one, Unreadable)]
        if len(sides) < 2:
            return False
        a, b = (evaluate(side, self._points.values) for side in sides)
        slack = TOLERANCE * (a.magnitude + b.magnitude)
        with np.errstate(invalid="ignore"):
            return bool((np.abs(a.value - b.value) <= slack).all())

    def _verdict(self, formula: Expression) -> Verdict:
        found = evaluate(formula, self._points.values)
        agrees = _agreement(found, self._points.expected)
        if not agrees.all():
            if (agrees | (~self._points.smooth & ~np.isfinite(found.value))).all():
                return Unreadable("right, but undefined where a unit is dead", 1)
            return Wrong(tuple(self._diagnosed(found)))
        telling = TOLERANCE * found.magnitude < _BLUNT * np.abs(self._points.expected)
        if np.count_nonzero(telling) < ENOUGH:
            return Unreadable("its numbers cancel so far that nothing can be compared", 1)
        return self._refused(formula) or Right()

    def _refused(self, formula: Expression) -> Unreadable | None:
        """A formula that is right by a derivative it must not use: it may go round in a circle."""
        for part in walk(formula):
            if isinstance(part, Reference) and part.name in self._words.refused:
                return Unreadable(self._words.refused[part.name], part.column)
        return None

    def _diagnosed(self, found: Measured) -> Iterator[Misconception]:
        fits = _agreement(found, self._wrong).all(axis=1)
        fitting = {id(one): one for one in (self._mistakes[k] for k in np.flatnonzero(fits))}
        yield from fitting.values()


def _agreement(found: Measured, expected: Array) -> NDArray[np.bool_]:
    """Where a formula agrees with another one (points,), or with each of several (rows, points)."""
    slack = TOLERANCE * (found.magnitude + np.abs(expected))
    return np.asarray(np.abs(found.value - expected) <= slack, bool)  # False for NaN


# --- what mistakes lead to ---------------------------------------------------------------------


def _wrong_values(
    template: Template, slot: Slot, mistakes: Sequence[Misconception], points: Points
) -> tuple[list[Misconception], Array]:
    """The asked quantity under each mistake that changes it, (rows, points), and whose row it is.

    Each mistake is read in two ways: made in this line, where the quantities named in it keep their
    right values; and made on the way to it, by who spells an earlier line out.
    """
    asked = template.quantities.name(slot.quantity)
    right = template.quantities.nodes
    touched = [mistake for mistake in mistakes if mistake.nodes[asked] is not right[asked]]
    lines = [over_names(answer_node(template, slot, mistake.nodes)) for mistake in touched]
    rows = _evaluated([*lines, *(mistake.nodes[asked] for mistake in touched)], points)
    changed = [
        k
        for k, row in enumerate(rows)
        if np.isfinite(row).all() and not np.allclose(row, points.expected, rtol=1e-6, atol=0.0)
    ]
    return [touched[k % len(touched)] for k in changed], rows[changed]


def _evaluated(lines: Sequence[Node], points: Points) -> Array:
    if not lines:
        return np.empty((0, len(points)))
    return np.array(record(lines)(points.values))
