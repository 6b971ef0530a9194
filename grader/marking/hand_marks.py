"""Marks given by hand, from a table: `student,slot,points` and, if there is one, a `note`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from examgen.errors import ExamgenError, Problem, suggestion
from examgen.manifest import FormulaKey, Manifest, Slot
from grader.reading.delimited import Rows, read_rows
from grader.reading.encodings import read_bytes
from grader.reading.identities import likeness
from grader.reading.numbers import Number, read_number

COLUMNS = ("student", "slot", "points")
NOTE = "note"
MOST_BYTES = 64 << 20
MOST_PROBLEMS = 100
LONGEST_NOTE = 1_000


@dataclass(frozen=True)
class HandMark:
    """The points that a person gave for one answer; `row` is its place in the file."""

    student: str
    slot: str
    points: float
    note: str
    row: int


def read_hand_marks(
    path: Path, manifest: Manifest, dropped: frozenset[str] = frozenset()
) -> tuple[HandMark, ...]:
    """Read marks given by hand; a decimal comma is read where the cells are cut by another sign.

    dropped: slots that do not count. Raises ExamgenError with all rows that do not fit the exam.
    """
    raw = read_bytes(path, MOST_BYTES)
    rows = read_rows(
        raw, path, lambda cells: set(COLUMNS) <= set(cells), otherwise="save it as UTF-8"
    )
    places = _places(rows, path)
    roster = _Roster.of(manifest, dropped)
    marks, problems = [], [Problem(row.reason, line=row.row) for row in rows.rejected]
    seen: dict[tuple[str, str], int] = {}
    for number, cells in zip(rows.numbers.tolist(), _cells(rows, places), strict=True):
        try:
            mark = roster.mark(number, cells, rows.delimiter)
            first = seen.setdefault((mark.student, mark.slot), number)
            if first != number:
                raise ExamgenError(f"{mark.student} {mark.slot} stands in row {first} already")
            marks.append(mark)
        except ExamgenError as error:
            problems += [problem.at(line=number) for problem in error.problems]
    if problems:
        raise ExamgenError(_shortened(problems, str(path)))
    return tuple(marks)


def _shortened(problems: Sequence[Problem], file: str) -> list[Problem]:
    shown = sorted(problems, key=lambda problem: problem.line)[:MOST_PROBLEMS]
    if more := len(problems) - len(shown):
        shown.append(Problem(f"and {more:,} more problems"))
    return [problem.at(file=file) for problem in shown]


def _places(rows: Rows, path: Path) -> list[int]:
    """Where the columns stand; the note comes last, if it is there."""
    names = list(rows.header)
    if missing := [name for name in COLUMNS if names.count(name) != 1]:
        message = f"expected one column each of {', '.join(COLUMNS)}; not so: {', '.join(missing)}"
        raise ExamgenError(Problem(message, file=str(path), line=1))
    return [names.index(name) for name in (*COLUMNS, NOTE) if name in names]


def _cells(rows: Rows, places: Sequence[int]) -> Iterator[tuple[str, ...]]:
    table = rows.read(places)
    columns = [table[str(place)].to_pylist() for place in places]
    for cells in zip(*columns, strict=True):
        yield tuple((cell or "").strip() for cell in cells)


@dataclass(frozen=True)
class _Roster:
    """What a mark by hand must fit: students, slots, and which was asked of whom."""

    places: Mapping[str, int]
    alike: Mapping[str, str]
    slots: Mapping[str, Slot]
    asked: Mapping[str, np.ndarray]
    dropped: frozenset[str]

    @classmethod
    def of(cls, manifest: Manifest, dropped: frozenset[str]) -> _Roster:
        return cls(
            places={student: i for i, student in enumerate(manifest.students.student)},
            alike={likeness(student): student for student in manifest.students.student},
            slots={slot.id: slot for slot in manifest.slots},
            asked=dict(_asked(manifest)),
            dropped=dropped,
        )

    def mark(self, row: int, cells: tuple[str, ...], delimiter: str) -> HandMark:
        """A row as a mark; raises ExamgenError with all that is wrong with it."""
        student, slot_id, written = cells[:3]
        note = cells[3] if len(cells) > 3 else ""
        problems = [*self._misplaced(student, slot_id)]
        if len(note) > LONGEST_NOTE:
            problems.append(Problem(f"a note of more than {LONGEST_NOTE} characters"))
        most = self.slots[slot_id].points if slot_id in self.slots else math.inf
        points = _points(written, most, delimiter)
        if isinstance(points, Problem):
            raise ExamgenError([*problems, points])
        if problems:
            raise ExamgenError(problems)
        return HandMark(student, slot_id, points, note, row)

    def _misplaced(self, student: str, slot_id: str) -> Iterator[Problem]:
        if not student:
            yield Problem("no student is named")
        elif student not in self.places:
            near = self.alike.get(likeness(student))
            hint = f" (it resembles '{near}')" if near else ""
            yield Problem(f"'{student[:60]}' is not on the roster{hint}")
        if not slot_id:
            yield Problem("no slot is named")
        elif slot_id not in self.slots:
            hint = suggestion(slot_id, self.slots)
            yield Problem(f"the exam has no slot '{slot_id[:60]}'{hint}")
        elif slot_id in self.dropped:
            yield Problem(f"{slot_id} is dropped: it can have no points")
        elif student in self.places and not self.asked[slot_id][self.places[student]]:
            yield Problem(f"{slot_id} was not asked of '{student}'")


def _asked(manifest: Manifest) -> Iterator[tuple[str, np.ndarray]]:
    """Of whom each slot was asked, `(students,)`."""
    for question in manifest.questions:
        template = manifest.template_of(question.id)
        for slot in question.slots:
            key = manifest.key[slot.id]
            if isinstance(key, FormulaKey):
                yield slot.id, np.array([bool(text) for text in key.formula])[template]
            else:
                yield slot.id, ~np.isnan(manifest.expected(slot.id))


def _points(written: str, most: float, delimiter: str) -> float | Problem:
    comma = "," in written and "." not in written and delimiter != ","
    number = read_number(written, "comma" if comma else "point")
    if not isinstance(number, Number):
        return Problem(f"points: {f'found {written[:40]!r}, ' if written else ''}expected a number")
    if not 0 <= number.value <= most:
        return Problem(f"points: {written[:40]} is not between 0 and {most:g}")
    return number.value
