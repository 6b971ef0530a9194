"""Grades an answer file against a manifest, from file to files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from examgen.manifest import read_manifest
from grader.gradebook import (
    DetailsFormat,
    Graded,
    totals,
    write_details_csv,
    write_details_parquet,
    write_grades,
    write_rejected,
)
from grader.numbers import Decimal
from grader.responses import mixed_decimals, read_answers
from grader.score import Verdict, key_of, score
from grader.tables import staged

_DETAILS: dict[DetailsFormat, Callable[[Graded, Path], None]] = {
    "csv": write_details_csv,
    "parquet": write_details_parquet,
}


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
    with staged(out) as stage:
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
        notes=(*answers.notes, *mixed_decimals(answers, graded.manifest.slots)),
        mean=float(total.mean()) if len(total) else None,
        possible=float(possible.mean()) if len(possible) else None,
        files=files,
    )
    assert summary.cells == int(graded.key.asked.sum()), "bug: an answer has no verdict"
    return summary
