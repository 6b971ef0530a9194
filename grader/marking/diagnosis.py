"""Names the mistake behind a wrong number: the value of a misconception, on the student's own path.

Every misconception of a question is a patched graph. It is evaluated with the student's other
answers put in: so a mistake is known on top of a carried error, and only where it was made, not in
all that was rightly computed from its result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from examgen.graph import record, topological
from examgen.misconceptions import Misconception
from examgen.nodes import Node
from grader.arrays import Bools, Codes, Floats
from grader.marking.papers import Paper
from grader.marking.verdicts import is_right

Rows = NDArray[np.int64]

_WIDEST = 10.0
"""A mistaken value may be so many times the key: its rounding grows along, up to this."""


@dataclass(frozen=True)
class Diagnoses:
    """Which misconceptions explain an answer, `(rows, slots)`: an index into `sets`, 0 for none."""

    codes: Codes
    sets: tuple[tuple[Misconception, ...], ...]


def diagnose(
    paper: Paper,
    responses: Floats,
    wrong: Bools,
    right: Bools,
    expected: Floats,
    tolerance: Floats,
) -> Diagnoses:
    """Every misconception whose value a wrong number is.

    responses, expected, tolerance: `(rows, slots)`, NaN where there is no number. wrong: the
    answers to explain. right: the answers that are right by the key.
    """
    # Who went on with unrounded numbers has written rounded ones down.
    unrounded = np.where(right, np.nan, responses)
    found: dict[tuple[Misconception, ...], int] = {(): 0}
    codes = np.zeros(responses.shape, dtype=np.int32)
    for slot in np.flatnonzero(wrong.any(axis=0)):
        rows = np.flatnonzero(wrong[:, slot])
        patched = _touching(paper, int(slot))
        if patched:
            case = _Case(paper, int(slot), patched, responses)
            fits = case.fits(rows, expected[rows, slot], tolerance[rows, slot])
            left = rows[unnamed := np.flatnonzero(~fits.any(axis=1))]
            exact = replace(case, responses=unrounded)
            fits[unnamed] = exact.fits(left, expected[left, slot], tolerance[left, slot])
            codes[rows, slot] = _coded(fits, patched, found)
    return Diagnoses(codes, tuple(found))


def _touching(paper: Paper, slot: int) -> list[Misconception]:
    """The misconceptions that change a slot's number."""
    name = _name(paper, slot)
    right = paper.template.quantities.nodes[name]
    return [one for one in paper.mistakes if one.nodes[name] is not right]


def _name(paper: Paper, slot: int) -> str:
    return paper.template.quantities.name(paper.template.slots[slot].quantity)


@dataclass(frozen=True)
class _Case:
    """One slot, everybody's answers, and the misconceptions that may be behind a wrong one."""

    paper: Paper
    slot: int
    patched: Sequence[Misconception]
    responses: Floats  # (all rows, slots)

    def fits(self, rows: Rows, expected: Floats, tolerance: Floats) -> Bools:
        """Which misconceptions give the answers of some rows, `(rows, patched)`."""
        answers, values = self.responses[rows, self.slot], self._values(rows)
        with np.errstate(all="ignore"):
            growth = np.clip(np.abs(values) / np.abs(expected), 1.0, _WIDEST)
        growth = np.where(np.isfinite(growth), growth, 1.0)
        return is_right(answers, values, tolerance * growth).T

    def _own_answers(self, rows: Rows) -> dict[str, Floats]:
        """The students' answers to what the slot is computed from, by name; NaN for none."""
        right = self.paper.template.quantities.nodes
        asked = right[_name(self.paper, self.slot)]
        above = set(topological([asked])) - {asked}
        own: dict[str, Floats] = {}
        for place in range(len(self.paper.template.slots)):
            name = _name(self.paper, place)
            values = self.responses[rows, place]
            if right[name] in above and np.isfinite(values).any():
                own[name] = np.where(np.isfinite(values), values, np.nan)
        return own

    def _values(self, rows: Rows) -> Floats:
        """What each misconception makes of the slot, `(patched, rows)`."""
        name, own = _name(self.paper, self.slot), self._own_answers(rows)
        givens = {given: values[rows] for given, values in self.paper.givens.items()}
        values = np.empty((len(self.patched), len(rows)))
        for group in self._groups(own):
            overrides = self._overrides(group, own)
            tape = record([self.patched[i].nodes[name] for i in group], pinned=overrides)
            for i, found in zip(group, tape(givens, overrides), strict=True):
                values[i] = found
        return values

    def _groups(self, own: Iterable[str]) -> list[list[int]]:
        """Misconceptions to evaluate together: a node that is a quantity to one is so to all.

        Graphs share their nodes. Where one mistake reports a number that to another is a step on
        the way, an own answer stands for it in the one and not in the other.
        """
        name = _name(self.paper, self.slot)
        answered = [{one.nodes[other] for other in own} for one in self.patched]
        everywhere = set().union(*answered)
        clashing = [
            i
            for i, one in enumerate(self.patched)
            if not (everywhere - answered[i]).isdisjoint(topological([one.nodes[name]]))
        ]
        together = [i for i in range(len(self.patched)) if i not in clashing]
        return [*([together] if together else []), *([i] for i in clashing)]

    def _overrides(self, group: Sequence[int], own: Mapping[str, Floats]) -> dict[Node, Floats]:
        """The students' own answers in the graphs of some misconceptions."""
        return {self.patched[i].nodes[name]: values for name, values in own.items() for i in group}


def _coded(
    fits: Bools, patched: Sequence[Misconception], found: dict[tuple[Misconception, ...], int]
) -> Codes:
    """The set of misconceptions that fit each row, as its number in `found`."""
    patterns, where = np.unique(np.packbits(fits, axis=1), axis=0, return_inverse=True)
    numbers = []
    for pattern in patterns:
        chosen = np.flatnonzero(np.unpackbits(pattern, count=len(patched))).tolist()
        numbers.append(found.setdefault(tuple(patched[i] for i in chosen), len(found)))
    return np.array(numbers, dtype=np.int32)[where.ravel()]
