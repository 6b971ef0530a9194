"""Whole exams: every question in it, and numbers that two questions have in common.

A class is often small, and shares among few papers say little. So the questions of an exam are
judged on the class and on as many variants beyond it as make LEAST_JUDGED; so are those structures
of a question that nobody in the class happens to get.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from examgen.check.findings import Finding, Verdict, graded, judged
from examgen.check.report import EXAM, VARIANTS, Report, check, judge
from examgen.check.sample import Sample
from examgen.check.wording import plural
from examgen.check.work import work_line
from examgen.drawing import capacity, draw_variants
from examgen.errors import ExamgenError, Problem
from examgen.exam import DrawnQuestion, Exam, draw_exam
from examgen.template import Template
from examgen.variant import Variants

LEAST_JUDGED = 300
"""Variants of a structure by which an exam is judged, be the class as small as it may."""
_CLASS = 300
"""Students of an imagined class, where there is none yet."""


def check_exam(exam: Exam, variants: int = VARIANTS) -> tuple[Report, ...]:
    """Every question of an exam under the exam's own seed, each file once, then the exam itself."""
    files = {
        structures[0].id: structures
        for question in exam.questions
        for structures in _files(question.templates)
    }
    reports = [check(structures, variants, exam.file.seed) for structures in files.values()]
    if any(finding.name == "draws" for report in reports for finding in report.findings):
        return tuple(reports)
    rooms = (capacity(template) for question in exam.questions for template in question.templates)
    students = max(1, min(_CLASS, *rooms))
    return (*reports, exam_report(exam, draw_exam(exam, students)))


def _files(templates: Sequence[Template]) -> list[tuple[Template, ...]]:
    """The structures of each file."""
    found: dict[str, list[Template]] = {}
    for template in templates:
        found.setdefault(template.id, []).append(template)
    return [tuple(structures) for structures in found.values()]


def quick_check(exam: Exam, drawn: Sequence[DrawnQuestion]) -> tuple[Report, ...]:
    """The very variants that an exam is about to print: every question, then the exam itself.

    Raises ExamgenError where an answer is not finite.
    """
    return (
        *(report for question in drawn for report in _question_reports(exam, question)),
        exam_report(exam, drawn),
    )


def _question_reports(exam: Exam, drawn: DrawnQuestion) -> Iterator[Report]:
    question, students = drawn.question, len(drawn.asked)
    for structures in _files(question.templates):
        places = [question.templates.index(one) for one in structures]
        samples = [
            Sample(_enough(drawn.variants[p], exam.file.seed, students, question.uses[p]))
            for p in places
        ]
        report = judge(samples, students, exam.file.seed)
        yield replace(report, id=f"{question.id}: {report.id}")


def _enough(variants: Variants, seed: int, students: int, use: int) -> Variants:
    """The variants of a class, and some of those of no student where they are few."""
    room = capacity(variants.template)
    if not len(variants.draw):
        return draw_variants(variants.template, seed, range(max(1, min(LEAST_JUDGED, room))), use)
    missing = max(0, LEAST_JUDGED - len(variants.draw))
    beyond = range(students, min(students + missing, room))
    if not beyond:
        return variants
    more = draw_variants(variants.template, seed, beyond, use)
    places = {
        name: np.concatenate([place, more.draw.places[name]])
        for name, place in variants.draw.places.items()
    }
    return replace(variants, draw=replace(variants.draw, places=places), scores=None)


# --- the exam as a whole -------------------------------------------------------------------------


def exam_report(exam: Exam, drawn: Sequence[DrawnQuestion]) -> Report:
    """What concerns no single question: the same template in two places of an exam."""
    students = len(drawn[0].asked)
    return Report(EXAM, exam.file.title, tuple(_shared(drawn)), (), students)


def _shared(drawn: Sequence[DrawnQuestion]) -> Iterator[Finding]:
    """Numbers that two uses of one template have in common."""
    same, others = shared_numbers(drawn)
    yield judged(
        "one student twice",
        same > 0,
        f"{_who(same)} the same numbers in two questions",
        "a template is used twice, and has little room",
        "take another question, or allow more values",
    )
    yield graded(
        "other students",
        others > 0,
        False,
        f"{_who(others)} numbers that somebody else has in another question",
        "two uses of one template draw apart from each other",
        "allow more values for the givens",
    )


def _who(students: int) -> str:
    return plural(students, "student has", "students have") if students else "nobody has"


def shared_numbers(drawn: Sequence[DrawnQuestion]) -> tuple[int, int]:
    """How many students have the same numbers in two questions, and how many have numbers there
    that somebody else has in another question."""
    owners: dict[tuple[str, bytes], set[tuple[int, int]]] = {}
    for place, question in enumerate(drawn):
        for student in range(len(question.asked)):
            variants, row = question.of(student)
            numbers = np.array([column[row] for column in variants.draw.places.values()])
            owners.setdefault((variants.template.name, numbers.tobytes()), set()).add(
                (place, student)
            )
    shared = [users for users in owners.values() if len({place for place, _ in users}) > 1]
    twice = {
        student
        for users in shared
        for place, student in users
        if any(other == student and elsewhere != place for elsewhere, other in users)
    }
    everybody = {student for users in shared for _, student in users}
    return len(twice), len(everybody - twice)


# --- may it be printed? --------------------------------------------------------------------------

LONGEST_REASON = 300


def permitted(reports: Sequence[Report], reason: str | None) -> str:
    """Why an exam that fails is printed all the same; empty for one that does not fail.

    Raises ExamgenError for an exam that fails if no reason is given, with all that fails, and for a
    reason that says nothing or too much.
    """
    if reason is not None:
        reason = " ".join(reason.split())
        if not reason.isprintable() or not 0 < len(reason) <= LONGEST_REASON:
            raise ExamgenError(f"--force: expected a reason of 1 to {LONGEST_REASON} characters")
    failing = [(report, finding) for report in reports for finding in report.of(Verdict.FAIL)]
    if failing and reason is None:
        told = [
            Problem(f"{report.id}: {finding.name}: {finding.seen}; {finding.why}")
            for report, finding in failing
        ]
        last = Problem(
            "nothing is printed: `examgen check` on the exam file tells more, and what to do; "
            "--force REASON prints it all the same"
        )
        raise ExamgenError([*told, last])
    return (reason or "") if failing else ""


def effort_line(reports: Sequence[Report]) -> str:
    """How far the effort spreads, question by question."""
    told = ((report.id, work_line(report.figures.spreads)) for report in reports)
    return "; ".join(f"{name}: {line}" for name, line in told if line)
