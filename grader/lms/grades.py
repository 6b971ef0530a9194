"""The marks that leave the grader: a line a student of the roster, without the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from grader.marking.rubric import question_totals, totals

if TYPE_CHECKING:
    from grader.gradebook import Graded

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Score:
    """The points of one question and the most it gives, `(students,)` each."""

    points: Floats
    possible: Floats


@dataclass(frozen=True)
class Grades:
    """The whole roster with its marks; all columns are equally long.

    total, maximum: `(students,)`, NaN where nothing was submitted. feedback: plain text for each
    student, or empty. questions: the parts of the total, by question id.
    """

    title: str
    student: tuple[str, ...]
    name: tuple[str, ...]
    email: tuple[str, ...]
    total: Floats
    maximum: Floats
    feedback: tuple[str, ...] = ()
    questions: Mapping[str, Score] = field(default_factory=dict)

    def __post_init__(self) -> None:
        count = len(self.student)
        columns = (self.name, self.email, self.total, self.maximum)
        assert {len(column) for column in columns} == {count}, "bug: columns differ in length"
        assert len(self.feedback) in (0, count), "bug: feedback for other students"


def grades_of(graded: Graded, feedback: Sequence[str] = ()) -> Grades:
    """The marks of a graded exam; `feedback` runs over the roster."""
    manifest = graded.manifest
    who, count = graded.answers.students, len(manifest.students)
    total, maximum = totals(graded.marks, manifest)
    points = question_totals(graded.marks, manifest)
    ends = np.cumsum([len(question.slots) for question in manifest.questions])
    parts = np.split(graded.marks.possible, ends[:-1], axis=1)
    return Grades(
        title=manifest.exam.title,
        student=manifest.students.student,
        name=manifest.students.name,
        email=manifest.students.email,
        total=_over_roster(total, who, count),
        maximum=_over_roster(maximum, who, count),
        feedback=tuple(feedback),
        questions={
            question.id: Score(
                _over_roster(points[:, place], who, count),
                _over_roster(part.sum(axis=1), who, count),
            )
            for place, (question, part) in enumerate(zip(manifest.questions, parts, strict=True))
        },
    )


def _over_roster(column: Floats, students: NDArray[np.int64], count: int) -> Floats:
    """A column of the graded students as one of the whole roster, NaN for the others."""
    spread = np.full(count, np.nan)
    spread[students] = column
    return spread
