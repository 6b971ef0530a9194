"""Reads answer files: whose row is whose, which column is which slot, and what each cell says.

Every row is graded or rejected with a reason; what is odd about the file as a whole is a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from examgen.errors import ExamgenError, Problem, suggestion
from examgen.manifest import Manifest, Slot
from grader.cells import CodedCells, DecimalChoice, Readings, choose_decimal, code_cells, read_cells
from grader.delimited import Rejected, Rows, read_rows
from grader.identities import Identities, examples, match_students
from grader.numbers import Decimal

KEY = "student"
LISTED = 5  # how many cells a note gives
FEW = 0.1  # the share of rows or columns below which a file answers another exam


@dataclass(frozen=True)
class Answers:
    """The answers of those who can be graded, in roster order, and an account of all else.

    `students` `(graded,)` are indices into the roster, `rows` `(graded,)` places in the file;
    the cells are `(graded, slots)`, slots in paper order.
    """

    students: NDArray[np.int64]
    rows: NDArray[np.int64]
    cells: CodedCells
    readings: Readings
    decimal: DecimalChoice
    rejected: tuple[Rejected, ...]
    notes: tuple[str, ...]
    rows_in: int


@dataclass(frozen=True)
class _Columns:
    """Where each slot stands in the header, None where it does not, and what else stands there."""

    places: tuple[int | None, ...]
    extra: tuple[str, ...]


def read_answers(
    path: Path, manifest: Manifest, *, decimal: Decimal | None = None, encoding: str | None = None
) -> Answers:
    """Read an answer file in wide form: a column `student`, then a column a slot, in any order.

    `decimal` None: decided from all cells. Raises `ExamgenError` for what is no answer file or
    answers another exam.
    """
    rows = read_rows(path, KEY, encoding)
    columns = _find_columns(rows.header, manifest.slots, path)
    present = [place for place in columns.places if place is not None]
    ids, table = rows.read(rows.header.index(KEY), present)
    who = match_students(ids, manifest.students.student, rows.numbers, KEY)
    _refuse_other_class(who, len(rows.spans), path)
    cells = code_cells(table, who.rows, _among(columns.places))
    numeric = np.array([slot.kind == "number" for slot in manifest.slots])
    choice = choose_decimal(cells, numeric, decimal, rows.delimiter)
    answers = Answers(
        students=who.students,
        rows=rows.numbers[who.rows],
        cells=cells,
        readings=read_cells(cells, numeric, choice.sign),
        decimal=choice,
        rejected=_all_rejected(rows, who),
        notes=tuple(_column_notes(columns, manifest.slots)) + tuple(_absence(who, manifest)),
        rows_in=len(rows.spans) + len(rows.rejected),
    )
    assert answers.rows_in == len(answers.students) + len(answers.rejected), "bug: a row was lost"
    return answers


def mixed_decimals(answers: Answers, slots: Sequence[Slot]) -> Iterator[str]:
    """A note on a file that mixes decimal commas and points, with the first such cells."""
    numeric = [i for i, slot in enumerate(slots) if slot.kind == "number"]
    codes = answers.cells.codes[:, numeric]
    against = np.argwhere(np.isin(codes, answers.decimal.against))
    if len(against):
        cells = (
            f"row {answers.rows[i]} {slots[numeric[j]].id} "
            f"({answers.cells.texts[codes[i, j]].as_py()[:40]})"
            for i, j in against[:LISTED]
        )
        yield (
            f"the file mixes decimal commas and points: it is read with a decimal "
            f"{answers.decimal.sign}, so these are unreadable: {examples(cells, len(against))}"
        )


def _find_columns(header: tuple[str, ...], slots: Sequence[Slot], path: Path) -> _Columns:
    """Find each slot's column; refuse a file that is not plainly of this exam."""
    known = {slot.id for slot in slots}
    found = [name for name in header if name in known]
    if twice := sorted({name for name in found if found.count(name) > 1}):
        raise _refusal(path, f"more than one column for {', '.join(twice)}: keep one of each")
    extra = tuple(name for name in header if name not in known and name != KEY)
    if known and (not found or (len(found) < FEW * len(known) and len(extra) > len(found))):
        raise _refusal(
            path,
            f"answers to another exam: {len(found)} of the {len(known)} answer slots are among "
            f"its columns (found: {examples(extra, len(extra))})",
        )
    return _Columns(tuple(header.index(s.id) if s.id in found else None for s in slots), extra)


def _among(places: Sequence[int | None]) -> list[int | None]:
    """Each slot's place among the columns that were read, in their order."""
    order = iter(range(len(places)))
    return [None if place is None else next(order) for place in places]


def _refuse_other_class(who: Identities, rows: int, path: Path) -> None:
    if rows and rows - who.strangers < FEW * rows:
        raise _refusal(
            path,
            f"answers to another exam: of its {rows:,} rows {who.strangers:,} name a student who "
            "is not on the roster",
        )


def _all_rejected(rows: Rows, who: Identities) -> tuple[Rejected, ...]:
    unmatched = (
        Rejected(int(rows.numbers[row]), rows.raw(row), reason)
        for row, reason in who.reasons.items()
    )
    return tuple(sorted((*rows.rejected, *unmatched), key=lambda rejected: rejected.row))


def _column_notes(columns: _Columns, slots: Sequence[Slot]) -> Iterator[str]:
    present = [place for place in columns.places if place is not None]
    missing = [s.id for s, place in zip(slots, columns.places, strict=True) if place is None]
    if missing:
        yield f"no column for {examples(missing, len(missing))}: counted as blank"
    if columns.extra:
        named = (f"'{name[:40]}'{suggestion(name, missing)}" for name in columns.extra)
        yield f"columns that are no answer slot, ignored: {examples(named, len(columns.extra))}"
    if present != sorted(present):
        yield "the columns stand in another order than on paper: each was found by its name"


def _absence(who: Identities, manifest: Manifest) -> Iterator[str]:
    if count := len(who.absent):
        ids = (manifest.students.student[i] for i in who.absent)
        yield f"no submission, marks left empty, for {count:,}: {examples(ids, count)}"


def _refusal(path: Path, message: str) -> ExamgenError:
    return ExamgenError(Problem(message, file=str(path)))
