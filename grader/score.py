"""Verdicts and marks: each response against its key, for all students at once.

Axis 0 is the graded student, in the order of `Answers.students`; axis 1 the slot, in paper order.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from examgen.manifest import Manifest, Question, Slot
from grader.cells import BLANK, NUMBER
from grader.responses import Answers

Floats = NDArray[np.float64]

# An answer exactly on the edge is right, though neither key nor edge is a float64: both may be off
# by rounding, the key by some 1e-15 of itself. No student's decimals come this close by accident.
EDGE = 1e-9  # of the tolerance
ROUNDING = 1e-12  # of the key


class Verdict(IntEnum):
    """What became of an answer."""

    NOT_ASKED = 0
    RIGHT = 1
    WRONG = 2
    BLANK = 3
    UNREADABLE = 4
    NEEDS_A_HUMAN = 5

    @property
    def words(self) -> str:
        """As printed: `needs a human`."""
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True)
class Key:
    """What is right for each graded student: `(graded, slots)`, NaN for formulas and not asked."""

    expected: Floats
    tolerance: Floats
    asked: NDArray[np.bool_]


@dataclass(frozen=True)
class Marks:
    """Verdicts and points, `(graded, slots)`; `possible` is the most a slot can give."""

    verdicts: NDArray[np.uint8]
    points: Floats
    possible: Floats

    def count(self, verdict: Verdict) -> int:
        """How many answers got this verdict."""
        return int(np.count_nonzero(self.verdicts == verdict))


def is_right(response: Floats, expected: Floats, tolerance: Floats) -> NDArray[np.bool_]:
    """Whether responses lie within the tolerance, edges included; NaN and infinity never do.

    >>> is_right(np.array([0.66, 0.6601]), np.array([0.65]), np.array([0.01])).tolist()
    [True, False]
    """
    edge = tolerance * (1 + EDGE) + np.abs(expected) * ROUNDING
    with np.errstate(invalid="ignore"):
        near: NDArray[np.bool_] = np.abs(response - expected) <= edge
    return near & np.isfinite(response)


def key_of(manifest: Manifest, students: NDArray[np.int64]) -> Key:
    """The key of the chosen students, `(students, slots)`."""
    columns = [
        _number_key(manifest, slot, students)
        if slot.kind == "number"
        else _formula_key(manifest, question, slot, students)
        for question in manifest.questions
        for slot in question.slots
    ]
    expected, tolerance, asked = (np.array(column).T for column in zip(*columns, strict=True))
    return Key(expected, tolerance, asked)


def _number_key(
    manifest: Manifest, slot: Slot, students: NDArray[np.int64]
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    expected = manifest.expected(slot.id)[students] + 0.0  # minus zero is zero
    return expected, manifest.tolerance(slot.id)[students], ~np.isnan(expected)


def _formula_key(
    manifest: Manifest, question: Question, slot: Slot, students: NDArray[np.int64]
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    has_formula = np.array([bool(text) for text in manifest.formulas(slot.id)])
    no_number = np.full(len(students), np.nan)
    return no_number, no_number, has_formula[manifest.template_of(question.id)[students]]


def score(answers: Answers, key: Key, slots: tuple[Slot, ...]) -> Marks:
    """Verdict and points of every answer; formulas wait for a human."""
    codes = answers.cells.codes
    kinds = answers.readings.kinds[codes]
    verdicts = np.full(codes.shape, Verdict.UNREADABLE, dtype=np.uint8, order="F")
    right = is_right(answers.readings.values[codes], key.expected, key.tolerance)
    is_number = kinds == NUMBER
    verdicts[is_number] = Verdict.WRONG
    verdicts[is_number & right] = Verdict.RIGHT
    verdicts[:, [slot.kind == "formula" for slot in slots]] = Verdict.NEEDS_A_HUMAN
    verdicts[kinds == BLANK] = Verdict.BLANK
    verdicts[~key.asked] = Verdict.NOT_ASKED
    worth = np.array([slot.points for slot in slots])
    return Marks(verdicts, (verdicts == Verdict.RIGHT) * worth, key.asked * worth)
