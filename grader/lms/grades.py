"""The marks that leave the grader: a line a student of the roster, without the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from grader.arrays import Floats
from grader.gradebook import Graded, over_roster
from grader.marking.rubric import by_question, question_totals, totals


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
    total, maximum = totals(graded.marks, manifest)
    points = question_totals(graded.marks, manifest)
    possible = by_question(graded.marks.possible, manifest)
    return Grades(
        title=manifest.exam.title,
        student=manifest.students.student,
        name=manifest.students.name,
        email=manifest.students.email,
        total=over_roster(graded, total),
        maximum=over_roster(graded, maximum),
        feedback=tuple(feedback),
        questions={
            question.id: Score(
                over_roster(graded, points[:, place]),
                over_roster(graded, possible[:, place]),
            )
            for place, question in enumerate(manifest.questions)
        },
    )
