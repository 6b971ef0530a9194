"""What became of an answer: verdicts, the reasons for them, and marks.

Axis 0 is the graded student, in the order of `Answers.students`; axis 1 the slot, in paper order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from grader.arrays import Bools, Codes, Floats

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
    FOLLOWS = 6
    KNOWN_MISTAKE = 7
    GIVEN_TO_ALL = 8
    BY_HAND = 9

    @property
    def words(self) -> str:
        """As printed: `needs a human`."""
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True)
class Reason:
    """Why an answer got its verdict.

    text: a plain sentence; rich: the same with mathematics between dollar signs, in the language
    of the paper. mistakes: names of misconceptions. follows: ids of the slots whose answers this
    one follows.
    """

    text: str = ""
    rich: str = ""
    mistakes: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()


class Reasons:
    """Reasons by number, each kept once; number 0 is none."""

    def __init__(self) -> None:
        self._numbers: dict[Reason, int] = {Reason(): 0}

    def number(self, reason: Reason) -> int:
        """The number of a reason, a new one for a new reason."""
        return self._numbers.setdefault(reason, len(self._numbers))

    def numbers(self, reasons: Sequence[Reason]) -> Codes:
        """The numbers of some reasons, `(reasons,)`."""
        return np.array([self.number(reason) for reason in reasons], dtype=np.int32)

    def all(self) -> tuple[Reason, ...]:
        """All of them, in the order of their numbers."""
        return tuple(self._numbers)


@dataclass(frozen=True)
class Key:
    """What is right for each graded student: `(graded, slots)`, NaN for formulas and not asked."""

    expected: Floats
    tolerance: Floats
    asked: Bools


@dataclass(frozen=True)
class Marks:
    """Verdicts and points, `(graded, slots)`; `possible` is the most a slot can give.

    reason_of: each answer's reason as an index into `reasons`, of which the first is empty.
    """

    verdicts: NDArray[np.uint8]
    points: Floats
    possible: Floats
    reasons: tuple[Reason, ...]
    reason_of: Codes

    def count(self, verdict: Verdict) -> int:
        """How many answers got this verdict."""
        return int(np.count_nonzero(self.verdicts == verdict))


def is_right(response: Floats, expected: Floats, tolerance: Floats) -> Bools:
    """Whether responses lie within the tolerance, edges included; NaN and infinity never do.

    >>> is_right(np.array([0.66, 0.6601]), np.array([0.65]), np.array([0.01])).tolist()
    [True, False]
    """
    edge = tolerance * (1 + EDGE) + np.abs(expected) * ROUNDING
    with np.errstate(invalid="ignore"):
        near: Bools = np.abs(response - expected) <= edge
    return near & np.isfinite(response)
