"""The marks of a run in the export of a learning-management system, beside the run's own files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from examgen.errors import ExamgenError
from grader.gradebook import Graded
from grader.lms.fill import fill_in
from grader.lms.grades import grades_of
from grader.lms.gradescope import write_results
from grader.lms.systems import Lms
from grader.marking.verdicts import Verdict

_RESULTS = "gradescope"
_FINE = (Verdict.NOT_ASKED, Verdict.RIGHT, Verdict.GIVEN_TO_ALL)


@dataclass(frozen=True)
class Delivery:
    """Where the marks go: the system, its export, and how it is filled in; see `fill_in`.

    Without an export Gradescope gets a `results.json` a student; the other systems need one.
    """

    lms: Lms
    into: Path | None
    column: str | None = None
    overwrite: bool = False
    scale: bool = False

    def __post_init__(self) -> None:
        if self.into is None and self.lms != "gradescope":
            raise ExamgenError(f"--for {self.lms} fills in its own export: give it by --into FILE")

    @property
    def name(self) -> str:
        """What is written into the folder of the run."""
        return _RESULTS if self.into is None else self.into.name

    def write(self, graded: Graded, folder: Path) -> tuple[tuple[str, str], ...]:
        """Write it; pairs of name and value say what became of every row."""
        grades = grades_of(graded, _remarks(graded))
        if self.into is None:
            written = write_results(grades, folder / _RESULTS)
            return (("gradescope", f"{len(written):,} files of results"),)
        filled = fill_in(
            self.lms,
            self.into,
            folder / self.name,
            grades,
            column=self.column,
            overwrite=self.overwrite,
            scale=self.scale,
        )
        return tuple(filled.lines())


def _remarks(graded: Graded) -> Sequence[str]:
    """What to tell each student of the roster: a line an answer that is not right."""
    told = [""] * len(graded.manifest.students)
    marks, slots = graded.marks, graded.manifest.slots
    for row, student in enumerate(graded.answers.students.tolist()):
        told[student] = "\n".join(
            f"{slot.id}: {Verdict(verdict).words}{_because(marks.reasons[reason].text)}"
            for slot, verdict, reason in zip(
                slots, marks.verdicts[row].tolist(), marks.reason_of[row].tolist(), strict=True
            )
            if verdict not in _FINE
        )
    return told


def _because(reason: str) -> str:
    return f" ({reason})" if reason else ""
