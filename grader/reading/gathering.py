"""From rows to submissions: one of each student, or as many as there are where the best counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from examgen.manifest import Manifest
from grader.arrays import Codes, Counts, Indices
from grader.reading.cells import CodedCells, code_columns
from grader.reading.identities import MISSING, Found, examples
from grader.reading.long_form import LOST, LongRows, sort_long_rows
from grader.reading.submissions import Duplicates, Origin, choose
from grader.reading.tabular import Rejected
from grader.reading.variant_codes import other_papers

_AVERAGES = ("overall average", "gesamtdurchschnitt", "moyenne générale", "promedio general")


@dataclass(frozen=True)
class Submissions:
    """Submissions in roster order: whose, and of which rows.

    `students` `(submissions,)`; `members` are the rows one submission after another, `starts`
    `(submissions + 1,)` where each begins; `slots` `(members,)` the slot of a row that is one
    answer, -1 where it is all of them.
    """

    origin: Origin
    students: Indices
    members: Indices
    starts: Indices
    slots: Indices

    @property
    def first_rows(self) -> Indices:
        """The row that stands for each submission, `(submissions,)`."""
        return self.members[self.starts[:-1]]

    @property
    def sizes(self) -> Counts:
        """How many rows each submission has, `(submissions,)`."""
        return np.diff(self.starts)

    def rows_of(self, index: int) -> list[int]:
        """The rows of one submission."""
        rows: list[int] = self.members[self.starts[index] : self.starts[index + 1]].tolist()
        return rows

    def chosen(self, indices: Indices) -> Submissions:
        """Some of the submissions, in the order of `indices`."""
        sizes = self.sizes[indices]
        starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
        within = np.arange(starts[-1]) - np.repeat(starts[:-1], sizes)
        places = np.repeat(self.starts[indices], sizes) + within
        return Submissions(
            self.origin, self.students[indices], self.members[places], starts, self.slots[places]
        )


@dataclass(frozen=True)
class Gathered:
    """The submissions that count, why each other row does not, and what was not told.

    `lost`: (student, slot) of which none of several answers counts. `unordered`: for how many
    students no time stamp told which submission came first. `rejected_students`: those who are not
    absent, though perhaps nothing of theirs counts.
    """

    submissions: Submissions
    reasons: dict[int, str]
    lost: tuple[tuple[int, int], ...]
    unordered: int
    rejected_students: Indices

    def notes(self, manifest: Manifest) -> Iterator[str]:
        """Who did not submit, and what was taken in the order of the rows."""
        if self.unordered:
            yield (
                f"for {self.unordered:,} students no time stamp or attempt tells which of their "
                "submissions came first: taken in the order of files and rows"
            )
        there = np.zeros(len(manifest.students), dtype=bool)
        there[self.submissions.students] = True
        there[self.rejected_students] = True
        absent = np.flatnonzero(~there)
        if count := len(absent):
            ids = (manifest.students.student[i] for i in absent)
            yield f"no submission, marks left empty, for {count:,}: {examples(ids, count)}"

    def rejected(self) -> list[Rejected]:
        """All rows that are not graded, with those that are not sound."""
        origin = self.submissions.origin
        many = len(origin.sheets) > 1
        unsound = [
            Rejected(row.row, row.raw, row.reason, sheet.name if many else "")
            for sheet in origin.sheets
            for row in sheet.table.rejected
        ]
        return unsound + [origin.rejected(row, reason) for row, reason in self.reasons.items()]


def gather(
    origin: Origin, found: Sequence[Found], manifest: Manifest, policy: Duplicates
) -> Gathered:
    """Make submissions of all rows whose student is known; settle duplicates."""
    students = np.concatenate([who.students for who in found])
    reasons = {
        int(start) + row: _more_plainly(reason, int(start) + row, origin)
        for start, who in zip(origin.starts, found, strict=False)
        for row, reason in who.reasons.items()
    }
    is_long = np.repeat(
        [sheet.slots is not None for sheet in origin.sheets], np.diff(origin.starts)
    )
    others = other_papers(origin, students, manifest.students)
    reasons |= others
    known = students >= 0
    rejected_students = students[known]
    known[list(others)] = False
    slot_ids = [slot.id for slot in manifest.slots]
    long = sort_long_rows(np.flatnonzero(known & is_long), students, origin, slot_ids, policy)
    every = _submissions(np.flatnonzero(known & ~is_long), long, students, origin)
    chosen = choose(every.students, every.first_rows, origin, policy, "submission")
    dropped = {
        row: reason for index, reason in chosen.dropped.items() for row in every.rows_of(index)
    }
    kept = every.chosen(chosen.indices)
    reasons |= long.reasons | dropped
    return Gathered(
        submissions=kept,
        reasons=reasons,
        lost=long.lost,
        unordered=long.unordered + chosen.unordered,
        rejected_students=rejected_students,
    )


def _more_plainly(reason: str, row: int, origin: Origin) -> str:
    """An export may end in a row of averages, which names nobody."""
    if reason in MISSING.values():
        start = origin.rejected(row, "").raw.lstrip('"').casefold()
        if start.startswith(_AVERAGES):
            return "no student: the row of averages of an export"
    return reason


def _submissions(wide: Indices, long: LongRows, students: Indices, origin: Origin) -> Submissions:
    """A submission for each wide row, and one for all long rows of a student; in roster order."""
    whose = students[long.rows]
    begins = np.flatnonzero(np.diff(whose, prepend=-1))
    starts = np.concatenate((np.arange(len(wide)), len(wide) + begins, [len(wide) + len(whose)]))
    members = np.concatenate((wide, long.rows))
    slots = np.concatenate((np.full(len(wide), -1, dtype=np.int64), long.slots))
    every = Submissions(origin, students[members[starts[:-1]]], members, starts, slots)
    order = np.lexsort((every.first_rows, every.students))
    return every.chosen(order)


def code(gathered: Gathered, slots: int) -> CodedCells:
    """The cells of all submissions, `(submissions, slots)`; blank where nothing was written."""
    submissions, origin = gathered.submissions, gathered.submissions.origin
    columns = [column for sheet in origin.sheets for column in sheet.answers if column is not None]
    texts, coded = code_columns(columns, [LOST] if gathered.lost else [])
    remaining = iter(coded)
    count = len(submissions.students)
    codes = np.full((slots, count), len(texts) - 1, dtype=np.int32).T
    whose = np.repeat(np.arange(count), submissions.sizes)
    order = np.argsort(submissions.members, kind="stable")
    bounds = np.searchsorted(submissions.members[order], origin.starts)
    for index, sheet in enumerate(origin.sheets):
        here = order[bounds[index] : bounds[index + 1]]
        rows = submissions.members[here] - origin.starts[index]
        for slot, column in enumerate(sheet.answers):
            if column is not None:
                place = submissions.slots[here] if sheet.slots is not None else slot
                codes[whose[here], place] = next(remaining)[rows]
    _mark_lost(codes, gathered, len(texts) - 2)
    return CodedCells(texts, codes)


def _mark_lost(codes: Codes, gathered: Gathered, lost_code: int) -> None:
    """A slot whose answers were all rejected is no blank, unless nothing of the student counts."""
    for student, slot in gathered.lost:
        places = np.flatnonzero(gathered.submissions.students == student)
        codes[places, slot] = lost_code
