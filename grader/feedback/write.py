"""Writes what each student gets back: a page with answers, expected answers, reasons and steps."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np

from examgen.errors import ExamgenError, Problem, suggestion
from examgen.files import file_name
from examgen.marked import MarkedExam
from examgen.render.feedback import write_feedback as write_pdf
from examgen.work import run
from grader.arrays import Indices
from grader.feedback.marked import Sheets, narrowed
from grader.feedback.page import feedback_page
from grader.gradebook import Graded
from grader.tables import staged

Format = Literal["html", "pdf"]
_CHUNKS = 4  # a process
_MODE = 0o600  # marks are nobody else's business


def write_feedback(
    graded: Graded,
    folder: Path,
    *,
    formats: Sequence[Format] = ("html", "pdf"),
    jobs: int = 1,
    students: Collection[str] | None = None,
) -> int:
    """Write a page for every graded student (or those with these ids) into `folder`.

    The files appear all together or not at all, with the same bytes for any number of `jobs`.
    Returns how many students got one. Raises ExamgenError for an id that was not graded, and where
    a text of the exam cannot be set.
    """
    rows = _rows(graded, students)
    chunks = np.array_split(rows, 1 if jobs == 1 else min(len(rows), jobs * _CHUNKS) or 1)
    with staged(folder, ()) as stage:
        tasks = [
            partial(_write, narrowed(graded, chunk), stage, tuple(formats))
            for chunk in chunks
            if len(chunk)
        ]
        return sum(run(tasks, jobs))


def _rows(graded: Graded, students: Collection[str] | None) -> Indices:
    """Places among the graded."""
    ids = [graded.manifest.students.student[i] for i in graded.answers.students]
    if students is None:
        return np.arange(len(ids))
    if unknown := sorted(set(students) - set(ids)):
        raise ExamgenError(
            Problem(f"'{one}' is none of the graded students{suggestion(one, ids)}")
            for one in unknown
        )
    wanted = set(students)
    return np.array([row for row, one in enumerate(ids) if one in wanted], dtype=np.int64)


def _write(graded: Graded, folder: Path, formats: Sequence[Format]) -> int:
    sheets = Sheets(graded)
    for row in range(len(graded.answers.students)):
        exam = sheets.of(row)
        for wanted in formats:
            path = folder / f"{file_name(exam.student)}.{wanted}"
            path.touch(_MODE)
            _WRITERS[wanted](exam, path)
    return len(graded.answers.students)


def _write_html(exam: MarkedExam, path: Path) -> None:
    path.write_text(feedback_page(exam), encoding="utf-8", newline="\n")


_WRITERS: dict[Format, Callable[[MarkedExam, Path], None]] = {
    "html": _write_html,
    "pdf": write_pdf,
}
