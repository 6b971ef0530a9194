"""Rows of several files, which of them make a submission, and which submission of several counts.

A row has one number across all files; `Origin` tells which file and place that is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from grader.arrays import Bools, Floats, Indices
from grader.reading.sheets import Sheet
from grader.reading.tabular import Rejected
from grader.reading.timestamps import read_times

Duplicates = Literal["first", "last", "best", "error"]
"""Which of several submissions of a student counts; `error`: none of them does."""

_LISTED = 10  # rows that a reason names


@dataclass(frozen=True)
class Origin:
    """The sound rows of all files, numbered through."""

    sheets: tuple[Sheet, ...]

    @cached_property
    def starts(self) -> Indices:
        """The first row of each file, and one more than the last, `(files + 1,)`."""
        return np.concatenate(([0], np.cumsum([len(sheet) for sheet in self.sheets]))).astype(
            np.int64
        )

    @cached_property
    def file_of(self) -> Indices:
        """The file of each row, `(rows,)`."""
        return np.repeat(np.arange(len(self.sheets)), np.diff(self.starts))

    @cached_property
    def numbers(self) -> Indices:
        """The place of each row in its file, `(rows,)`."""
        return np.concatenate([sheet.table.numbers for sheet in self.sheets])

    def name(self, row: int) -> str:
        """The file of a row; empty where there is only one."""
        return self.sheets[int(self.file_of[row])].name if len(self.sheets) > 1 else ""

    def rejected(self, row: int, reason: str) -> Rejected:
        """A row with the reason why it is not graded."""
        sheet = int(self.file_of[row])
        raw = self.sheets[sheet].table.raw(row - int(self.starts[sheet]))
        return Rejected(int(self.numbers[row]), raw, reason, self.name(row))

    def places(self, rows: Sequence[int]) -> str:
        """Where rows stand, for a reason: `rows 2, 4`, with their files where there are several."""
        shown = [self.place(row) for row in rows[:_LISTED]]
        return "rows " + ", ".join(shown) + (" …" if len(rows) > _LISTED else "")

    def place(self, row: int) -> str:
        """The number of a row, with its file where there are several."""
        name = self.name(row)
        return f"{self.numbers[row]} of {name}" if name else str(self.numbers[row])

    def when(self, row: int) -> tuple[float, float]:
        """Time and attempt of a row, NaN where they are not told."""
        sheet = int(self.file_of[row])
        at = row - int(self.starts[sheet])
        times, attempts = self._clock[sheet]
        return times[at], attempts[at]

    @cached_property
    def _clock(self) -> _Clocks:
        return _Clocks(self.sheets)


class _Clocks(dict[int, tuple[Floats, Floats]]):
    """Times and attempts of each file, read when first asked for."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self.sheets = sheets

    def __missing__(self, index: int) -> tuple[Floats, Floats]:
        sheet = self.sheets[index]
        times = attempts = np.full(len(sheet), np.nan)
        if sheet.times is not None:
            times = read_times(sheet.times.to_pylist())
        if sheet.attempts is not None:
            attempts = np.array([_whole(text) for text in sheet.attempts.to_pylist()], dtype=float)
        self[index] = times, attempts
        return self[index]


def _whole(text: str) -> float:
    return float(text) if text.isascii() and text.strip().isdigit() else np.nan


@dataclass(frozen=True)
class Chosen:
    """Which of some rows count, `(rows,)`, and why each of the others does not, by its index."""

    kept: Bools
    dropped: dict[int, str]
    unordered: int = 0

    @property
    def indices(self) -> Indices:
        """Those that count."""
        return np.flatnonzero(self.kept)


def choose(groups: Indices, rows: Indices, origin: Origin, policy: Duplicates, what: str) -> Chosen:
    """Of the rows of each group keep what the policy says; `groups` and `rows` are parallel.

    `first` and `last` go by time, else by the number of the attempt, else by the order of files and
    rows. `what` names a row in the reasons.
    """
    kept, unordered = np.ones(len(groups), dtype=bool), 0
    dropped: dict[int, str] = {}
    if policy == "best":
        return Chosen(kept, dropped)
    for group in _several(groups):
        places = [int(row) for row in rows[group]]
        winner, reason = -1, f"{len(group)} {what}s of this student, {origin.places(places)}"
        reason += ": none was graded"
        if policy != "error":
            order, told = _in_time(places, origin)
            unordered += not told
            winner = order[0 if policy == "first" else -1]
            place = f"{policy}: row {origin.place(places[winner])}"
            reason = f"another {what} of this student counts ({place})"
        losers = [index for at, index in enumerate(group) if at != winner]
        kept[losers] = False
        dropped |= dict.fromkeys(losers, reason)
    return Chosen(kept, dropped, unordered)


def _several(groups: Indices) -> Iterator[list[int]]:
    """The indices of each group of two or more, in their order."""
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1, append=-1))
    for start, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        if end - start > 1:
            yield order[start:end].tolist()


def _in_time(rows: Sequence[int], origin: Origin) -> tuple[list[int], bool]:
    """The order of rows by time or attempt, if all have one, and whether it was told."""
    clock = np.array([origin.when(row) for row in rows])
    for column in clock.T:
        if not np.isnan(column).any() and len(set(column.tolist())) > 1:
            return np.argsort(column, kind="stable").tolist(), True
    return list(range(len(rows))), False
