"""Wrong answers that are the right answers of another student's paper.

Every paper has its own numbers, so somebody who writes down a neighbour's results is wrong in the
neighbour's numbers. But short numbers are met by chance, the more often the larger the class. So
each wrong number is weighed by how many keys of the class it meets; what many keys share is left
out. Numbers of one student with equal size (0.5 and -0.5) count once: a graph repeats its numbers.

Axis 0 is the graded student, axis 1 the slot.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from grader.arrays import Bools, Counts, Floats, Indices
from grader.marking.verdicts import EDGE, ROUNDING

LEAST = 3
"""So many numbers of another paper are a finding."""
COMMON = 0.05
"""A number that more than this share of the other papers' keys meet says nothing."""
MOST_PAIRS = 1_000_000
"""Of an answer and a key it meets: in a large class the rarest answers are looked at first."""
RARE = 0.1
"""A finding is listed if chance alone gives fewer than so many like it in the whole class."""
CLEAR = 3.0  # tolerances from one's own key: what is nearer may be one's own answer, badly rounded
_KINDS = 6  # decimals in which two numbers of a student are compared by their size


@dataclass(frozen=True)
class Resemblance:
    """One student's wrong answers that are right on another's paper.

    student, other: places on axis 0. slots: where. numbers: how many different ones these are, of
    `wrong` that were compared. chance: how many other papers would be met in so many of this
    student's numbers by chance alone; as good as a probability where it is small.
    """

    student: int
    other: int
    slots: tuple[int, ...]
    numbers: int
    wrong: int
    chance: float


@dataclass(frozen=True)
class Resemblances:
    """All findings that chance does not explain, the least likely first.

    examined: the students with enough clearly wrong numbers. pairs: how many pairs of papers meet
    in `LEAST` numbers or more; by_chance: how many chance alone lets one expect. at_most: an answer
    that meets more keys was left out.
    """

    found: tuple[Resemblance, ...]
    examined: int
    pairs: int
    by_chance: float
    at_most: int


@dataclass(frozen=True)
class _Meetings:
    """Which wrong numbers meet which other students' keys; a row each, parallel arrays.

    kind: the student's numbers of equal size are one kind, by the place of the first such slot.
    """

    student: Indices
    other: Indices
    slot: Indices
    kind: Indices


def resemblances(
    responses: Floats, wrong: Bools, expected: Floats, tolerance: Floats
) -> Resemblances:
    """Compare every wrong number with all other keys of its slot; `(students, slots)` each.

    `expected` is NaN where a slot was not asked. Takes time in proportion to the answers, not to
    the pairs of students.
    """
    looked_at = wrong & _is_clear(responses, expected, tolerance)
    kinds = _kinds(np.where(looked_at, responses, np.nan))
    different = (kinds == np.arange(kinds.shape[1])).sum(axis=1)  # numbers of each student
    looked_at &= (different >= LEAST)[:, None]
    first, counts, orders = _met(responses, looked_at, expected, tolerance)
    at_most = _limit(counts[looked_at], len(responses) - 1)
    looked_at &= counts <= at_most
    meetings = _meetings(looked_at, first, counts, orders, kinds)
    rates = _rates(meetings, looked_at, expected, kinds)
    pairs = _Pairs.of(meetings, rates)
    examined = int((different >= LEAST).sum())
    return Resemblances(
        found=tuple(_found(pairs.select(pairs.chance * examined < RARE), meetings, different)),
        examined=examined,
        pairs=len(pairs.chance),
        by_chance=float(_chance(rates, LEAST).sum()),
        at_most=at_most,
    )


def _edge(responses: Floats, tolerance: Floats) -> Floats:
    return tolerance * (1 + EDGE) + np.abs(responses) * ROUNDING


def _is_clear(responses: Floats, expected: Floats, tolerance: Floats) -> Bools:
    with np.errstate(invalid="ignore"):
        far: Bools = np.abs(responses - expected) > CLEAR * _edge(responses, tolerance)
    return far & np.isfinite(responses) & np.isfinite(expected)


def _kinds(numbers: Floats) -> Indices:
    """The first slot where the same student has a number of the same size; -1 where NaN."""
    slots = numbers.shape[1]
    sizes = np.abs(numbers).round(_KINDS)
    kinds = np.full(numbers.shape, -1)
    for slot in reversed(range(slots)):
        same = sizes == sizes[:, [slot]]  # never true of NaN
        kinds = np.where(same, slot, kinds)
    return kinds


def _met(
    responses: Floats, looked_at: Bools, expected: Floats, tolerance: Floats
) -> tuple[Indices, Indices, list[Indices]]:
    """How many keys each answer meets, and from which place on in its slot's order of keys."""
    first = np.zeros(responses.shape, dtype=np.int64)
    counts = np.zeros(responses.shape, dtype=np.int64)
    orders = []
    for slot in range(responses.shape[1]):
        order = np.argsort(expected[:, slot], kind="stable")  # NaN last
        keys = expected[order, slot]
        rows = np.flatnonzero(looked_at[:, slot])
        values = responses[rows, slot]
        edge = _edge(values, tolerance[rows, slot])
        first[rows, slot] = np.searchsorted(keys, values - edge, "left")
        counts[rows, slot] = np.searchsorted(keys, values + edge, "right") - first[rows, slot]
        orders.append(order)
    return first, counts, orders


def _limit(counts: Counts, others: int) -> int:
    """The most keys that an answer may meet: a share of the class, within `MOST_PAIRS` in all."""
    most = max(1, int(COMMON * others))
    pairs = np.bincount(np.minimum(counts, most + 1), minlength=most + 2)[: most + 1]
    return int((np.cumsum(pairs * np.arange(most + 1)) <= MOST_PAIRS).sum() - 1)


def _meetings(
    looked_at: Bools, first: Indices, counts: Counts, orders: list[Indices], kinds: Indices
) -> _Meetings:
    student, slot = np.nonzero(looked_at & (counts > 0))
    often = counts[student, slot]
    student, slot, start = (np.repeat(x, often) for x in (student, slot, first[student, slot]))
    within = np.arange(often.sum()) - np.repeat(np.cumsum(often) - often, often)
    other = np.empty(len(student), dtype=np.int64)
    for place, order in enumerate(orders):
        here = slot == place
        other[here] = order[(start + within)[here]]
    return _Meetings(student, other, slot, kinds[student, slot])


def _rates(meetings: _Meetings, looked_at: Bools, expected: Floats, kinds: Indices) -> Floats:
    """The chance that a number meets a random other key, `(students, slots)`, at its kind.

    The share of the other keys that it does meet, but no less than numbers of this class do on
    average: that a number happens to meet none here does not mean that it could not.
    """
    others = np.maximum((~np.isnan(expected)).sum(axis=0) - 1, 1)  # (slots,)
    rates = np.zeros(looked_at.shape)
    np.add.at(rates, (meetings.student, meetings.kind), 1 / others[meetings.slot])
    students, slots = np.nonzero(looked_at)
    there = np.zeros(looked_at.shape, dtype=bool)
    there[students, kinds[students, slots]] = True
    usual = len(meetings.slot) / max(1, others[slots].sum())
    return np.where(there, np.clip(rates, usual, 1), 0)


def _at_least(rates: Floats, least: int) -> Floats:
    """The chance of at least `least` successes in independent trials, `(students,)`.

    rates: `(students, trials)`, the chance of each.
    """
    reached = np.zeros((len(rates), least + 1))
    reached[:, 0] = 1
    for rate in rates.T[:, :, None]:
        moving = reached[:, :-1] * rate
        reached[:, :-1] -= moving
        reached[:, 1:] += moving
    return reached[:, -1]


def _chance(rates: Floats, least: int) -> Floats:
    """How many other papers each student's numbers meet `least` times by chance, `(students,)`."""
    return _at_least(rates, least) * (len(rates) - 1)


@dataclass(frozen=True)
class _Pairs:
    """Pairs of papers that meet in at least `LEAST` numbers, the least likely first."""

    student: Indices
    other: Indices
    numbers: Indices
    chance: Floats

    @classmethod
    def of(cls, meetings: _Meetings, rates: Floats) -> _Pairs:
        """Count for each pair the kinds of numbers that meet."""
        students, slots = rates.shape
        codes = (meetings.student * students + meetings.other) * slots + meetings.kind
        kinds, _ = _distinct(np.sort(codes))  # several times as fast as np.unique
        pairs, numbers = _distinct(kinds // slots)
        pairs, numbers = pairs[numbers >= LEAST], numbers[numbers >= LEAST]
        student, other = np.divmod(pairs, students)
        chance = np.zeros(len(pairs))
        for count in np.unique(numbers):
            some = numbers == count
            whose, where = np.unique(student[some], return_inverse=True)
            chance[some] = (_at_least(rates[whose], int(count)) * (students - 1))[where]
        return cls(student, other, numbers, chance).select(np.argsort(chance, kind="stable"))

    def select(self, which: Indices | Bools) -> _Pairs:
        """Some of the pairs, in this order."""
        return _Pairs(
            self.student[which], self.other[which], self.numbers[which], self.chance[which]
        )


def _distinct(ordered: Indices) -> tuple[Indices, Indices]:
    """The distinct values of a sorted array, and how often each stands there."""
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    return ordered[starts], np.diff(starts, append=len(ordered))


def _found(pairs: _Pairs, meetings: _Meetings, different: Indices) -> Iterator[Resemblance]:
    for place, student in enumerate(pairs.student.tolist()):
        other = int(pairs.other[place])
        here = (meetings.student == student) & (meetings.other == other)
        yield Resemblance(
            student=student,
            other=other,
            slots=tuple(meetings.slot[here].tolist()),
            numbers=int(pairs.numbers[place]),
            wrong=int(different[student]),
            chance=float(pairs.chance[place]),
        )
