"""The marks of a run in the export of a learning-management system, beside the run's own files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from examgen.errors import ExamgenError
from grader.feedback.marked import Sheets
from grader.gradebook import Graded
from grader.lms.fill import fill_in
from grader.lms.grades import grades_of
from grader.lms.gradescope import write_results
from grader.lms.systems import Lms
from grader.marking.verdicts import Verdict
from grader.reading.numbers import DecimalSign

_FINE = (Verdict.NOT_ASKED, Verdict.RIGHT, Verdict.GIVEN_TO_ALL)


@dataclass(frozen=True)
class Delivery:
    """Where the marks go: the system, its export, and how it is filled in; see `fill_in`.

    Without an export Gradescope gets a `results.json` a student; the other systems need one.
    decimal, encoding: of the export, None: as it says itself.
    """

    lms: Lms
    into: Path | None
    column: str | None = None
    overwrite: bool = False
    scale: bool = False
    decimal: DecimalSign | None = None
    encoding: str | None = None

    def __post_init__(self) -> None:
        if self.into is None and self.lms != "gradescope":
            raise ExamgenError(f"--for {self.lms} fills in its own export: give it by --into FILE")

    @property
    def name(self) -> str:
        """The folder, within that of the run, that is written.

        A folder of its own, since exports go by names such as `grades.csv`.
        """
        return self.lms

    def write(self, graded: Graded, folder: Path) -> tuple[tuple[str, str], ...]:
        """Write it; pairs of name and value say what became of every row."""
        grades = grades_of(graded, _remarks(graded))
        if self.into is None:
            written = write_results(grades, folder / self.name)
            return (("gradescope", f"{len(written):,} files of results"),)
        (folder / self.name).mkdir()
        filled = fill_in(
            self.lms,
            self.into,
            folder / self.name / self.into.name,
            grades,
            column=self.column,
            overwrite=self.overwrite,
            scale=self.scale,
            decimal=self.decimal,
            encoding=self.encoding,
        )
        return tuple(filled.lines())


def _remarks(graded: Graded) -> Sequence[str]:
    """What to tell each student of the roster: a line an answer that is not right."""
    told = [""] * len(graded.manifest.students)
    sheets = Sheets(graded)
    for row, student in enumerate(graded.answers.students.tolist()):
        places = np.flatnonzero(~np.isin(graded.marks.verdicts[row], _FINE)).tolist()
        told[student] = "\n".join(sheets.line(row, place) for place in places)
    return told
