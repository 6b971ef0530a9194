"""The gradebook: grades a student, details an answer, and the rows that were not graded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from examgen.manifest import Manifest
from grader.arrays import Codes, Floats
from grader.marking.rubric import question_totals, totals
from grader.marking.verdicts import Key, Marks, Verdict
from grader.reading.delimited import Rejected
from grader.reading.responses import Answers
from grader.tables import write_csv

DetailsFormat = Literal["csv", "parquet", "none"]

DETAILS = (
    "student",
    "question",
    "slot",
    "response",
    "expected",
    "tolerance",
    "verdict",
    "points",
    "max_points",
    "note",
)
_BLOCK = 2**15  # students whose details are in memory at a time
_MANY_TEXTS = 200_000  # distinct responses: beyond it, coding each block costs more than it saves
_VERDICT_WORDS = [verdict.words for verdict in Verdict]
_HUMAN_NOTE = "a formula: to be marked by hand"


@dataclass(frozen=True)
class Graded:
    """One graded exam: what the tables are written from; notes are on the marking as a whole."""

    manifest: Manifest
    answers: Answers
    key: Key
    marks: Marks
    notes: tuple[str, ...] = ()


def over_roster(graded: Graded, column: Floats) -> Floats:
    """A column of the graded students as one of the whole roster, NaN for the others."""
    spread = np.full(len(graded.manifest.students), np.nan)
    spread[graded.answers.students] = column
    return spread


def write_grades(graded: Graded, path: Path) -> None:
    """Write `grades.csv`: the whole roster; empty, not zero, for who submitted nothing."""
    total, possible = totals(graded.marks, graded.manifest)
    percent = np.full(len(total), np.nan)
    np.divide(100 * total, possible, out=percent, where=possible > 0)
    columns = {
        **_question_totals(graded),
        "total": total,
        "max": possible,
        "percent": percent.round(2),
    }
    students = pa.array(graded.manifest.students.student, pa.string())
    spread = [pa.array(over_roster(graded, c), from_pandas=True) for c in columns.values()]
    write_csv(path, ("student", *columns), [[students, *spread]])


def write_rejected(rejected: Sequence[Rejected], path: Path) -> None:
    """Write `rejected.csv`: every row that was not graded, its file where several were read."""
    blocks = (rejected[at : at + _BLOCK] for at in range(0, len(rejected), _BLOCK))
    write_csv(path, ("file", "row", "raw", "reason"), map(_rejected_columns, blocks))


def write_details_csv(graded: Graded, path: Path) -> None:
    """Write `details.csv`: a line for each answer that was asked, by student in roster order."""
    write_csv(path, DETAILS, (_one_key_column(block) for block in _details(graded)))


def write_details_parquet(graded: Graded, path: Path) -> None:
    """Write `details.parquet`: as `details.csv`, with a formula slot's key in its own column."""
    import pyarrow.parquet as pq

    blocks = map(pa.table, _details(graded))
    first = next(blocks)
    coded = [field.name for field in first.schema if pa.types.is_dictionary(field.type)]
    with pq.ParquetWriter(path, first.schema, use_dictionary=coded) as writer:
        for block in chain([first], blocks):
            writer.write_table(block)


def _question_totals(graded: Graded) -> dict[str, Floats]:
    columns = question_totals(graded.marks, graded.manifest).T
    names = [question.id for question in graded.manifest.questions]
    return dict(zip(names, columns, strict=True))


def _rejected_columns(rejected: Sequence[Rejected]) -> list[pa.Array]:
    return [
        pa.array([row.file for row in rejected], pa.string()),
        pa.array([row.row for row in rejected], pa.int64()),
        pa.array([row.raw for row in rejected], pa.string()),
        pa.array([row.reason for row in rejected], pa.string()),
    ]


def _one_key_column(columns: dict[str, pa.Array]) -> list[pa.Array]:
    """The columns of `details.csv`: the key is a number or a formula, in one column."""
    formula = columns.pop("formula")
    if formula.null_count < len(formula):
        numbers = pc.cast(columns["expected"], pa.string())
        columns["expected"] = pc.coalesce(numbers, pc.cast(formula, pa.string()))
    return list(columns.values())


def _details(graded: Graded) -> Iterator[dict[str, pa.Array]]:
    """The details, block by block of students, at least one block."""
    texts = _DetailTexts.of(graded)
    for start in range(0, max(1, len(graded.answers.students)), _BLOCK):
        yield _detail_block(graded, texts, slice(start, start + _BLOCK))


@dataclass(frozen=True)
class _DetailTexts:
    """The few texts that details repeat, and which of them each cell shows.

    Notes: the reasons of the verdicts, then a word on formulas, then why responses are unreadable;
    `note_of` `(texts,)` is each response's among these. `formula_of` `(students, slots)`: the
    key of a formula slot as an index into `formulas`, -1 for a number.
    """

    questions: pa.Array
    notes: pa.Array
    human: int
    note_of: Codes
    formulas: pa.Array
    formula_of: Codes

    @classmethod
    def of(cls, graded: Graded) -> _DetailTexts:
        unread = graded.answers.readings.reasons
        notes = [*(reason.text for reason in graded.marks.reasons), _HUMAN_NOTE]
        note_of = np.zeros(len(graded.answers.cells.texts), dtype=np.int32)
        note_of[list(unread)] = np.arange(len(unread)) + len(notes)
        formulas, formula_of = _formula_codes(graded)
        return cls(
            questions=pa.array([q.id for q in graded.manifest.questions for _ in q.slots]),
            notes=pa.array([*notes, *unread.values()], pa.string()),
            human=len(notes) - 1,
            note_of=note_of,
            formulas=pa.array(formulas, pa.string()),
            formula_of=formula_of,
        )


def _formula_codes(graded: Graded) -> tuple[list[str], Codes]:
    """All formulas of the key, and which one is whose, `(students, slots)`."""
    formulas: list[str] = []
    codes = np.full(graded.marks.verdicts.shape[::-1], -1, dtype=np.int32).T
    position = 0
    for question in graded.manifest.questions:
        template = graded.manifest.template_of(question.id)[graded.answers.students]
        for slot in question.slots:
            if slot.kind == "formula":
                codes[:, position] = template + len(formulas)
                formulas.extend(graded.manifest.formulas(slot.id))
            position += 1
    return formulas, codes


def _detail_block(graded: Graded, texts: _DetailTexts, block: slice) -> dict[str, pa.Array]:
    """The details of some students, a row for each answer that was asked."""
    marks, answers = graded.marks, graded.answers
    shape = marks.verdicts[block].shape
    asked = np.flatnonzero(graded.key.asked[block])

    def cells(array: NDArray[Any]) -> NDArray[Any]:
        return np.ascontiguousarray(array[block]).ravel()[asked]

    student, slot = np.divmod(asked.astype(np.int32), max(1, shape[1]))
    ids = pa.array([graded.manifest.students.student[i] for i in answers.students[block]])
    verdicts = cells(marks.verdicts)
    notes = _note_codes(verdicts, cells(answers.cells.codes), cells(marks.reason_of), texts)
    formula = cells(texts.formula_of)
    return {
        "student": _coded(student, ids),
        "question": _coded(slot, texts.questions),
        "slot": _coded(slot, pa.array([s.id for s in graded.manifest.slots])),
        "response": _responses(cells(answers.cells.codes), answers.cells.texts),
        "expected": pa.array(cells(graded.key.expected), from_pandas=True),
        "tolerance": pa.array(cells(graded.key.tolerance), from_pandas=True),
        "verdict": _coded(verdicts.astype(np.int32), pa.array(_VERDICT_WORDS)),
        "points": pa.array(cells(marks.points)),
        "max_points": pa.array(cells(marks.possible)),
        "note": _coded(notes, texts.notes),
        "formula": pa.DictionaryArray.from_arrays(
            pa.array(formula, mask=formula < 0), texts.formulas
        ),
    }


def _coded(codes: Codes, texts: pa.Array) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(codes, texts)


def _responses(codes: Codes, texts: pa.Array) -> pa.Array:
    """Responses, each distinct one kept once, unless the class wrote too many different ones."""
    return _coded(codes, texts) if len(texts) <= _MANY_TEXTS else texts.take(pa.array(codes))


def _note_codes(
    verdicts: NDArray[np.uint8],
    codes: Codes,
    reasons: Codes,
    texts: _DetailTexts,
) -> Codes:
    """Each answer's note: the reason of its verdict, else why it could not be read."""
    unread = np.where(verdicts == Verdict.UNREADABLE, texts.note_of[codes], 0)
    unread[verdicts == Verdict.NEEDS_A_HUMAN] = texts.human
    return np.where(reasons > 0, reasons, unread).astype(np.int32)
