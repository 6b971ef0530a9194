"""Fills marks into an export: only the cells of one column change, and only where they may.

An export is what the system itself wrote, so its ids, its headers and its form are what it will
read again. Every row of a student is accounted for.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from examgen.errors import ExamgenError, Problem
from examgen.files import write_atomically
from grader.lms.choose import DIFFERENT, choose_column, decimal_sign, out_of
from grader.lms.export import Export, MarkColumn, read_mark
from grader.lms.filled import Existing, Filled
from grader.lms.grades import Grades
from grader.lms.people import Match, match
from grader.lms.reading import read_sheet
from grader.lms.sheets import Content, Place, Sheet
from grader.lms.systems import SYSTEMS, Lms, System, read_export
from grader.reading.identities import examples
from grader.reading.numbers import DecimalSign
from grader.tables import guard


@dataclass(frozen=True)
class Wishes:
    """What the user has said. column: the header of the one for the marks, None: the plain one.

    overwrite: also where another mark stands. scale: to the system's maximum, where it is not that
    of the exam.
    """

    column: str | None = None
    overwrite: bool = False
    scale: bool = False


def fill_in(
    lms: Lms,
    into: Path,
    out: Path,
    grades: Grades,
    *,
    column: str | None = None,
    overwrite: bool = False,
    scale: bool = False,
    decimal: DecimalSign | None = None,
    encoding: str | None = None,
) -> Filled:
    """Write a copy of the export `into` to `out`, with the marks in it, whole or not at all.

    column, overwrite, scale: see `Wishes`. decimal: the sign of the marks; None: that of the
    export's own numbers. Raises ExamgenError for what cannot be filled in safely.
    """
    if into.resolve() == out.resolve():
        raise ExamgenError(Problem("the export itself is kept: name another file", file=str(out)))
    try:
        sheet = read_sheet(into, encoding)
        filling = _filling(lms, sheet, grades, Wishes(column, overwrite, scale))
        comma = decimal_sign(filling.export, decimal) == "comma"
        content = sheet.changed(filling.cells, comma=comma)
    except ExamgenError as error:
        raise ExamgenError(problem.at(file=str(into)) for problem in error.problems) from None
    write_atomically(out, content, mode=0o600)
    return filling.report()


def as_markup(texts: Sequence[str]) -> tuple[str, ...]:
    """Texts as a system that reads HTML shows them, and no spreadsheet runs them.

    Backslashes are written out: PHP takes one before a quote for an escape.

    >>> as_markup(["2 < 3\\n=1"])
    ('2 &lt; 3<br>=1',)
    """
    marked = ["<br>".join(html.escape(text).splitlines()) for text in texts]
    guarded = guard(pa.array([text.replace("\\", "&#92;") for text in marked], pa.string()))
    return tuple(guarded.to_pylist())


def _filling(lms: Lms, sheet: Sheet, grades: Grades, wishes: Wishes) -> _Filling:
    """All cells to change, row by row."""
    system, export = SYSTEMS[lms], read_export(lms, sheet.rows)
    if system.php and (row := sheet.quoted_backslash):
        raise ExamgenError(
            f"row {row}: a backslash before a quote, where Moodle loses count of the cells: take "
            "it out"
        )
    column = choose_column(export, system, grades.title, wishes.column)
    who = match(export, grades, system)
    texts = as_markup(grades.feedback)
    filling = _Filling(system, export, column, grades, who, wishes, texts)
    for row in export.students:
        filling.take(row)
    return filling


@dataclass
class _Filling:
    """The cells to change and the account of the rows, which grow row by row."""

    system: System
    export: Export
    column: MarkColumn
    grades: Grades
    who: Match
    wishes: Wishes
    texts: tuple[str, ...]
    cells: dict[Place, Content] = field(default_factory=dict)
    filled: int = 0
    already: int = 0
    feedback: int = 0
    others: list[Existing] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    suspects: list[str] = field(default_factory=list)
    barred: list[str] = field(default_factory=list)

    def take(self, row: int) -> None:
        """Decide what becomes of one row."""
        student = self.who.students.get(row)
        if student is not None:
            self._take_student(row, student)
        elif row in self.who.suspects:
            self.suspects.append(f"row {row + 1}: {self.who.suspects[row]}")
        else:
            cells = (cell.strip() for cell in self.export.rows[row])
            self.strangers.append(f"row {row + 1}: {next(filter(None, cells), '')[:40]}")

    def _take_student(self, row: int, student: int) -> None:
        name = self.grades.student[student]
        if np.isnan(self.grades.total[student]):
            self.absent.append(name)
        elif why := self._why_barred(row):
            self.barred.append(f"{name} ({why})")
        else:
            there = self.export.cell(row, self.column.place)
            self._enter(row, Existing(name, there, self._mark(row, student)))
            self._enter_feedback(row, student)

    def _why_barred(self, row: int) -> str:
        if self.column.place >= len(self.export.rows[row]):
            return "the row is too short"
        if row in self.export.locked:
            return "locked"
        there = self.export.cell(row, self.column.place)
        return there if there in self.system.barred else ""

    def _mark(self, row: int, student: int) -> float:
        total, maximum = self.grades.total[student], self.grades.maximum[student]
        theirs = self.column.maximum(row)
        mark = out_of(float(total), float(maximum), theirs, scale=self.wishes.scale)
        if self.system.largest is not None and mark > self.system.largest:
            raise ExamgenError(
                f"a mark of {mark:g}: above {self.system.largest:g} the import into the "
                f"{self.system.label} is refused as a whole"
            )
        return mark

    def _enter(self, row: int, entry: Existing) -> None:
        if entry.there in self.system.blank:
            self.filled += 1
        elif _is_same(entry):
            self.already += 1
            return
        else:
            self.others.append(entry)
            if not self.wishes.overwrite:
                return
        self.cells[row, self.column.place] = entry.mark

    def _enter_feedback(self, row: int, student: int) -> None:
        place = self.export.feedback
        if place is None or not self.texts or place >= len(self.export.rows[row]):
            return
        text = self.texts[student]
        if text and (self.wishes.overwrite or not self.export.cell(row, place)):
            self.cells[row, place] = text
            self.feedback += 1

    def report(self) -> Filled:
        """The account of all rows."""
        there = set(self.who.students.values())
        graded = np.flatnonzero(~np.isnan(self.grades.total)).tolist()
        others = tuple(self.others)
        return Filled(
            column=self.export.names[self.column.place],
            key=self.who.key,
            rows=len(self.export.students),
            filled=self.filled,
            already=self.already,
            feedback=self.feedback,
            kept=() if self.wishes.overwrite else others,
            replaced=others if self.wishes.overwrite else (),
            absent=tuple(self.absent),
            strangers=tuple(self.strangers),
            suspects=tuple(self.suspects),
            barred=tuple(self.barred),
            not_there=tuple(self.grades.student[i] for i in graded if i not in there),
            notes=tuple(self._notes()),
        )

    def _notes(self) -> Iterator[str]:
        if self.system is SYSTEMS["moodle"]:
            yield from self._rows_without_key()
        if self.who.by_name:
            yield f"there is neither an id nor an e-mail: matched by '{self.who.key}'"
        worksheet = self.system is SYSTEMS["moodle-worksheet"]
        if worksheet and any(self.grades.feedback) and self.export.feedback is None:
            yield "there is no column for feedback that is known by its name"
        if all(self.column.maximum(row) is None for row in self.export.students):
            possible = np.nanmax(self.grades.maximum, initial=0.0)
            yield f"the export does not say what marks are out of: these are out of {possible:g}"

    def _rows_without_key(self) -> Iterator[str]:
        """Moodle's importer takes a row without a user for one of the user above."""
        place = self.export.names.index(self.who.key)
        blank = [row + 1 for row in self.export.students if not self.export.cell(row, place)]
        if blank:
            yield (
                f"no '{self.who.key}' in {examples((f'row {r}' for r in blank), len(blank))}: map "
                "another column to the users when importing, or Moodle gives these marks to the "
                "student above"
            )


def _is_same(entry: Existing) -> bool:
    number = read_mark(entry.there)
    return number is not None and abs(number - entry.mark) < DIFFERENT
