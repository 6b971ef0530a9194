"""Names the mistake behind a wrong number: the value of a misconception, on the student's own path.

Every misconception of a question is a patched graph. It is evaluated with the student's other
answers put in: so a mistake is known on top of a carried error, and only where it was made, not in
all that was rightly computed from its result.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from examgen.misconceptions import Misconception
from grader.arrays import Bools, Codes, Floats, Indices
from grader.marking.explanations import Explanations
from grader.marking.graphs import Graphs
from grader.marking.numbers import Numbers
from grader.marking.verdicts import is_right

_WIDEST = 10.0
"""A mistaken value may be so many times the key: its rounding grows along, up to this."""


@dataclass(frozen=True)
class Diagnoses:
    """Which misconceptions explain an answer, `(rows, slots)`: an index into `sets`, 0 for none."""

    codes: Codes
    sets: tuple[tuple[Misconception, ...], ...]


def diagnose(graphs: Graphs, numbers: Numbers, wrong: Bools) -> Diagnoses:
    """Every misconception whose value a wrong number is; wrong: the answers to explain."""
    found: dict[tuple[Misconception, ...], int] = {(): 0}
    codes = np.zeros(wrong.shape, dtype=np.int32)
    for place in np.flatnonzero(wrong.any(axis=0)).tolist():
        rows = np.flatnonzero(wrong[:, place])
        known = graphs.explanations(place)
        if known.mistakes:
            codes[rows, place] = _coded(_Case(numbers, place, known).fits(rows), known, found)
    return Diagnoses(codes, tuple(found))


@dataclass(frozen=True)
class _Case:
    """One slot, everybody's answers, and the misconceptions that may be behind a wrong one."""

    numbers: Numbers
    place: int
    known: Explanations

    def fits(self, rows: Indices) -> Bools:
        """Which misconceptions give the answers of some rows, `(rows, mistakes)`."""
        fits = self._fits(rows, self.numbers.responses)
        others_right = self.numbers.right[rows][:, list(self.known.above)].any(axis=1)
        unnamed = np.flatnonzero(~fits.any(axis=1) & others_right)
        if len(unnamed):
            # Who went on with unrounded numbers has written rounded ones down. They are right all
            # the same: no mistake was made on the way to them.
            right = self.numbers.right
            unrounded = np.where(right, self.numbers.expected, self.numbers.responses)
            fits[unnamed] = self._fits(rows[unnamed], unrounded)
        return fits

    def _fits(self, rows: Indices, own: Floats) -> Bools:
        """The same, with these answers put in, `(all rows, slots)`."""
        answers = self.numbers.responses[rows, self.place]
        expected = self.numbers.expected[rows, self.place]
        tolerance = self.numbers.tolerance[rows, self.place]
        values = self.known.values(self.numbers.givens_of(rows), lambda place: own[rows, place])
        with np.errstate(all="ignore"):
            growth = np.clip(np.abs(values) / np.abs(expected), 1.0, _WIDEST)
        growth = np.where(np.isfinite(growth), growth, 1.0)
        return is_right(answers, values, tolerance * growth).T


def _coded(fits: Bools, known: Explanations, found: dict[tuple[Misconception, ...], int]) -> Codes:
    """The set of misconceptions that fit each row, as its number in `found`."""
    patterns, where = np.unique(np.packbits(fits, axis=1), axis=0, return_inverse=True)
    codes = []
    for pattern in patterns:
        chosen = np.flatnonzero(np.unpackbits(pattern, count=len(known.mistakes))).tolist()
        codes.append(found.setdefault(tuple(known.mistakes[i] for i in chosen), len(found)))
    return np.array(codes, dtype=np.int32)[where.ravel()]
