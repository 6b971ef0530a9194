"""Error carried forward: what follows from a student's own earlier answers, for all students.

The graph of a slot is evaluated with the student's own answers put in for what it is computed from,
whatever their order on paper; a blank or unreadable one is computed, from own answers further up
where there are any. Marking practice: the root mistake is charged once.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from examgen.tolerance import widths
from grader.arrays import Bools, Codes, Floats, Indices
from grader.marking.graphs import Graphs
from grader.marking.numbers import Numbers
from grader.marking.upstream import Route, Upstream
from grader.marking.verdicts import is_right

_STEEPEST = 1e100  # in place of infinity
WIDEST = 0.05
"""Of a carried value: its tolerance is no wider, nor than twice that of the key."""


class Guard(IntEnum):
    """Why nothing is carried forward."""

    NONE = 0
    OUT_OF_DOMAIN = 1
    DEGENERATE = 2


@dataclass(frozen=True)
class Carried:
    """What follows from students' own answers, `(rows, slots)` each, slots as in the template.

    Filled in where a wrong answer is computed from another wrong one, elsewhere NaN and zero.
    expected: the value that follows, NaN where the guard refuses it; tolerance: how far from it an
    answer may lie. follows: the answer is that value. guard: a `Guard`; OUT_OF_DOMAIN wherever no
    value follows, DEGENERATE where the answer is what follows, but trivially so. source_of: an
    index into `sources`, the places of the nearest wrong answers that a following one is computed
    from; `sources[0]` is empty.
    """

    expected: Floats
    tolerance: Floats
    follows: Bools
    guard: NDArray[np.uint8]
    source_of: Codes
    sources: tuple[tuple[int, ...], ...]


def carry(graphs: Graphs, numbers: Numbers, wrong: Bools) -> Carried:
    """What is carried forward to wrong answers; wrong: those that are asked about."""
    columns = []
    for place in range(wrong.shape[1]):
        column = _Column.empty(wrong.shape)
        if wrong[:, place].any():
            for upstream in graphs.ways(place):
                rows = np.flatnonzero(wrong[:, place] & ~column.follows)
                column = _carried(numbers, upstream, place, rows, column)
        columns.append(column)
    return _joined(columns, wrong.shape)


@dataclass(frozen=True)
class _Column:
    """What is carried to one slot, `(rows,)` each; sources: `(rows, slots)`, as bits."""

    expected: Floats
    tolerance: Floats
    follows: Bools
    guard: NDArray[np.uint8]
    sources: NDArray[np.uint8]

    @classmethod
    def empty(cls, shape: tuple[int, ...]) -> _Column:
        """Nothing carried."""
        rows, slots = shape
        bits = np.zeros((rows, -(-slots // 8)), np.uint8)
        nothing = np.full(rows, np.nan)
        return cls(nothing, nothing, np.zeros(rows, bool), np.zeros(rows, np.uint8), bits)

    def put(self, rows: Indices, found: _Column) -> _Column:
        """The column with what was found for some rows, where it explains the answer or is new."""
        explained = found.follows | (found.guard == Guard.DEGENERATE)
        better = explained | (np.isnan(self.expected[rows]) & (self.guard[rows] == Guard.NONE))
        rows = rows[better]
        return _Column(
            *(
                _with(getattr(self, f.name), rows, getattr(found, f.name)[better])
                for f in fields(self)
            )
        )


def _with(old: NDArray[Any], rows: Indices, new: NDArray[Any]) -> NDArray[Any]:
    result = old.copy()
    result[rows] = new
    return result


def _carried(
    case: Numbers, upstream: Upstream, place: int, rows: Indices, column: _Column
) -> _Column:
    """The column, with what is carried to one slot of some rows."""
    nearest = _nearest_wrong(case, upstream, place, rows)
    building = nearest.any(axis=1)
    rows, nearest = rows[building], nearest[building]
    if not len(rows):
        return column
    return column.put(rows, _compared(case, upstream.route(place), place, rows, nearest))


def _nearest_wrong(case: Numbers, upstream: Upstream, place: int, rows: Indices) -> Bools:
    """The wrong answers that a slot is computed from, (rows, slots): none other in between.

    Where there are none, those with right ones in between, which may be right within the tolerance
    only.
    """
    wrong = case.wrong[rows]
    nearest = _nearest(upstream, place, case.answered[rows]) & wrong
    none = np.flatnonzero(~nearest.any(axis=1))
    nearest[none] = _nearest(upstream, place, wrong[none])
    return nearest


def _nearest(upstream: Upstream, place: int, stop: Bools) -> Bools:
    """The slots on the way to one, (rows, slots): for each way back the first in `stop`."""
    reached = np.zeros(stop.shape, bool)
    reached[:, list(upstream.parents[place])] = True
    for slot in reversed(upstream.order):
        through = reached[:, slot] & ~stop[:, slot]
        if through.any():
            for parent in upstream.parents[slot]:
                reached[:, parent] |= through
            reached[:, slot] &= ~through
    return reached


def _compared(case: Numbers, route: Route, place: int, rows: Indices, nearest: Bools) -> _Column:
    """The answers to a slot beside what follows, for some rows."""
    value, arriving = _evaluated(case, route, rows)
    slot, usual = route.slot, case.tolerance[rows, place]
    defined = np.isfinite(value)
    width = np.minimum(
        widths(arriving, slot.decimals), np.maximum(2 * usual, WIDEST * np.abs(value))
    )
    if slot.tolerance is not None:
        width = np.maximum(width, float(slot.tolerance))
    matches = is_right(case.responses[rows, place], value, width)
    trivial = (arriving == 0) | _zero_from_zero(case, place, rows, nearest, value, width)
    trivial &= defined & matches
    guard = np.where(defined, np.where(trivial, Guard.DEGENERATE, 0), Guard.OUT_OF_DOMAIN)
    refused = guard != Guard.NONE
    return _Column(
        np.where(refused, np.nan, value),
        np.where(refused, np.nan, width),
        matches & ~refused,
        guard.astype(np.uint8),
        np.packbits(nearest, axis=1),
    )


def _zero_from_zero(
    case: Numbers, place: int, rows: Indices, nearest: Bools, value: Floats, width: Floats
) -> Bools:
    """Where zero follows from a zero, but not in the key: a factor that kills the rest, (rows,).

    A sum that happens to be zero takes the same work as any other.
    """
    small = np.abs(case.responses[rows]) <= case.tolerance[rows]
    lost = (np.abs(value) <= width) & (
        np.abs(case.expected[rows, place]) > case.tolerance[rows, place]
    )
    return np.asarray(lost & (nearest & small).any(axis=1))


def _evaluated(case: Numbers, route: Route, rows: Indices) -> tuple[Floats, Floats]:
    """The values that follow, and what arrives in them of all rounding, (rows,) each."""
    choices = (case.wrong, case.answered) if route.wrong_first else (case.answered,)
    own = {node: _own(case, slots, rows, choices) for node, slots in route.answers.items()}
    givens = case.givens_of(rows)
    givens |= dict.fromkeys(route.slopes.names, np.zeros(len(rows)))
    for node, values in own.items():
        givens[route.moving.gates[node].name or ""] = np.isnan(values).astype(np.float64)
    overrides = {route.slopes.kept[node]: values for node, values in own.items()}
    value, *slopes = route.slopes.tape(givens, overrides)
    arriving = np.zeros(len(rows))
    for slope, radius in zip(slopes, route.radii, strict=True):
        # Beyond a value of one's own 0 times infinity is no slope at all.
        arriving += np.nan_to_num(np.abs(slope), nan=0.0, posinf=_STEEPEST) * radius
    return np.broadcast_to(value, len(rows)), arriving


def _own(
    case: Numbers, slots: tuple[int, ...], rows: Indices, choices: tuple[Bools, ...]
) -> Floats:
    """The first answer among the first choices, or else among the next; NaN for none, (rows,)."""
    values = np.full(len(rows), np.nan)
    for chosen in choices:
        for slot in slots:
            there = chosen[rows, slot] & np.isnan(values)
            values = np.where(there, case.responses[rows, slot], values)
    return values


def _joined(columns: list[_Column], shape: tuple[int, ...]) -> Carried:
    """All slots together, each distinct set of sources once."""
    follows = np.array([column.follows for column in columns], bool).reshape(shape[::-1])
    source_of = np.zeros(shape[::-1], np.int32)
    sources: list[tuple[int, ...]] = [()]
    if follows.any():
        bits = np.concatenate([column.sources[column.follows] for column in columns])
        patterns, where = np.unique(bits, axis=0, return_inverse=True)
        source_of[follows] = where.ravel() + 1
        sets = np.unpackbits(patterns, axis=1, count=shape[1])
        sources += [tuple(map(int, np.flatnonzero(one))) for one in sets]
    return Carried(
        expected=np.array([column.expected for column in columns]).reshape(shape[::-1]).T,
        tolerance=np.array([column.tolerance for column in columns]).reshape(shape[::-1]).T,
        follows=follows.T,
        guard=np.array([column.guard for column in columns], np.uint8).reshape(shape[::-1]).T,
        source_of=source_of.T,
        sources=tuple(sources),
    )
