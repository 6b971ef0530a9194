"""Grades an answer file against a manifest, from file to files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from examgen.manifest import read_manifest
from grader.cells import BLANK
from grader.delimited import Rejected
from grader.gradebook import (
    DetailsFormat,
    Graded,
    totals,
    write_details_csv,
    write_details_parquet,
    write_grades,
    write_rejected,
)
from grader.identities import examples
from grader.numbers import Decimal
from grader.responses import mixed_decimals, read_answers
from grader.score import Marks, Verdict, key_of, score
from grader.tables import guard, staged

_DETAILS: dict[DetailsFormat, Callable[[Graded, Path], None]] = {
    "csv": write_details_csv,
    "parquet": write_details_parquet,
}


FILES = ("grades.csv", "rejected.csv", "details.csv", "details.parquet")


@dataclass(frozen=True)
class Summary:
    """What a run of `grade` did; `rows_in` is `graded + rejected`, `cells` the sum of verdicts.

    `mean` and `possible` are the mean total and mean maximum of the graded; None if there are none.
    """

    rows_in: int
    graded: int
    rejected: int
    verdicts: dict[str, int]
    decimal: str
    notes: tuple[str, ...]
    mean: float | None
    possible: float | None
    files: tuple[Path, ...]

    @property
    def cells(self) -> int:
        """How many answers were asked of those who were graded."""
        return sum(self.verdicts.values())


def grade(
    answers: Path,
    manifest: Path,
    out: Path,
    *,
    decimal: Decimal | None = None,
    details: DetailsFormat = "csv",
    encoding: str | None = None,
) -> Summary:
    """Grade `answers` and write grades.csv, rejected.csv and the details into the folder `out`.

    The files appear all together or not at all. Raises `ExamgenError` for what cannot be graded.
    """
    graded = _grade(answers, manifest, decimal, encoding)
    with staged(out, FILES) as stage:
        write_grades(graded, stage / "grades.csv")
        write_rejected(graded.answers.rejected, stage / "rejected.csv")
        if details != "none":
            _DETAILS[details](graded, stage / f"details.{details}")
        names = sorted(file.name for file in stage.iterdir())
    return _summarise(graded, tuple(out / name for name in names))


def _grade(answers: Path, manifest: Path, decimal: Decimal | None, encoding: str | None) -> Graded:
    exam = read_manifest(manifest)
    responses = read_answers(answers, exam, decimal=decimal, encoding=encoding)
    key = key_of(exam, responses.students)
    return Graded(exam, responses, key, score(responses, key, exam.slots))


def _notes(graded: Graded) -> Iterator[str]:
    yield from graded.answers.notes
    yield from _rejections(graded.answers.rejected)
    yield from _waiting(graded.marks)
    yield from mixed_decimals(graded.answers, graded.manifest.slots)
    yield from _answers_not_asked_for(graded)
    yield from _guarded_ids(graded)


def _rejections(rejected: Sequence[Rejected]) -> Iterator[str]:
    if rejected:
        rows = (f"row {each.row} ({each.reason})" for each in rejected)
        yield f"rejected: {examples(rows, len(rejected))}"


def _waiting(marks: Marks) -> Iterator[str]:
    if count := marks.count(Verdict.NEEDS_A_HUMAN):
        points = marks.possible[marks.verdicts == Verdict.NEEDS_A_HUMAN].sum()
        yield f"formulas to be marked by hand, not in the totals yet: {count:,}, worth {points:g}"


def _answers_not_asked_for(graded: Graded) -> Iterator[str]:
    written = graded.answers.readings.kinds[graded.answers.cells.codes] != BLANK
    if count := int(np.count_nonzero(written & ~graded.key.asked)):
        yield f"answers in slots that were not asked of that student, not marked: {count:,}"


def _guarded_ids(graded: Graded) -> Iterator[str]:
    ids = pa.array(graded.manifest.students.student, pa.string())
    changed = pc.not_equal(ids, guard(ids))
    if count := pc.sum(changed).as_py():
        shown = examples(ids.filter(changed).slice(0, 5).to_pylist(), count)
        yield f"ids that a spreadsheet would run, written with an apostrophe before them: {shown}"


def _summarise(graded: Graded, files: tuple[Path, ...]) -> Summary:
    answers, marks = graded.answers, graded.marks
    total, possible = totals(graded)
    asked = [verdict for verdict in Verdict if verdict is not Verdict.NOT_ASKED]
    summary = Summary(
        rows_in=answers.rows_in,
        graded=len(answers.students),
        rejected=len(answers.rejected),
        verdicts={verdict.words: marks.count(verdict) for verdict in asked},
        decimal=f"{answers.decimal.sign} ({answers.decimal.ground})",
        notes=tuple(_notes(graded)),
        mean=float(total.mean()) if len(total) else None,
        possible=float(possible.mean()) if len(possible) else None,
        files=files,
    )
    assert summary.cells == int(graded.key.asked.sum()), "bug: an answer has no verdict"
    return summary
