"""What an exam drawn for a class is graded by: the manifest, and the sheet with right answers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from hashlib import sha256

import numpy as np

from examgen import __version__
from examgen.columns import print_column
from examgen.effort import efforts
from examgen.exam import DrawnQuestion, Exam, ExamSlot
from examgen.exam import Question as ExamQuestion
from examgen.exam_file import Marking
from examgen.manifest import (
    ExamRecord,
    Fairness,
    FormulaKey,
    Manifest,
    NumberKey,
    Question,
    Rubric,
    Slot,
    SlotForm,
    Students,
    TemplateRecord,
)
from examgen.nodes import Array
from examgen.paper import variant_codes
from examgen.roster import Student
from examgen.slots import Slot as TemplateSlot
from examgen.solution import expected_formula, slot_label
from examgen.template import Template
from examgen.text import in_language
from examgen.tolerance import tolerances


def make_manifest(
    exam: Exam, drawn: tuple[DrawnQuestion, ...], roster: Sequence[Student]
) -> Manifest:
    """All that the grader needs of an exam drawn for a class."""
    seed = exam.file.seed
    return Manifest(
        exam=ExamRecord(
            id=_exam_id(exam, roster),
            title=exam.file.title,
            course=exam.file.course,
            date=exam.file.date,
            language=exam.file.language,
            seed=seed,
        ),
        templates=_template_records(exam),
        questions=tuple(_question_record(question, exam.file.language) for question in drawn),
        students=Students(
            student=tuple(s.student for s in roster),
            name=tuple(s.name for s in roster),
            group=tuple(s.group for s in roster),
            email=tuple(s.email for s in roster),
            code=tuple(variant_codes(seed, range(len(roster)))),
            variant=print_column(np.arange(len(roster))),
        ),
        asked={q.question.id: print_column(q.asked) for q in drawn},
        given={q.question.id: _givens(q) for q in drawn},
        key={name: key for question in drawn for name, key in _keys(question)},
        rubric=_rubric(exam.file.marking),
        fairness={question.question.id: _fairness(question) for question in drawn},
    )


def _template_records(exam: Exam) -> dict[str, TemplateRecord]:
    """The text of every template file once, with what its structures choose."""
    found: dict[str, list[Template]] = {}
    for template in {t.name: t for question in exam.questions for t in question.templates}.values():
        found.setdefault(template.id, []).append(template)
    return {
        name: TemplateRecord(
            sha256=sha256(structures[0].text.encode()).hexdigest(),
            text=structures[0].text,
            structures=tuple(one.choice for one in structures) if len(structures) > 1 else (),
        )
        for name, structures in found.items()
    }


def _fairness(drawn: DrawnQuestion) -> Fairness:
    """Score and work of every student's variant."""
    score = np.full(len(drawn.asked), np.nan)
    effort: dict[str, Array] = {}
    for index, variants in enumerate(drawn.variants):
        mine = drawn.asked == index
        if mine.any():
            score[mine] = np.nan if variants.scores is None else variants.scores
            for name, counts in efforts(variants).items():
                effort.setdefault(name, np.full(len(mine), np.nan))[mine] = counts
    columns = {name: print_column(counts) for name, counts in effort.items()}
    return Fairness("" if np.isnan(score).any() else print_column(score), columns)


def _exam_id(exam: Exam, roster: Sequence[Student]) -> str:
    """Changes with anything that the files depend on."""
    parts = [__version__, *(f"{name}\n{text}" for name, text in exam.sources.items())]
    parts += [repr(student) for student in roster]
    return sha256("\0".join(parts).encode()).hexdigest()[:16]


def _rubric(marking: Marking) -> Rubric:
    rounding = marking.round_to
    return Rubric(float(marking.penalty), None if rounding is None else float(rounding))


def _question_record(drawn: DrawnQuestion, language: str) -> Question:
    question = drawn.question
    return Question(
        id=question.id,
        title=in_language(question.templates[0].file.title, language),
        points=float(question.points),
        templates=tuple(template.name for template in question.templates),
        slots=tuple(_slot_record(question, slot) for slot in question.slots),
    )


def _slot_record(question: ExamQuestion, slot: ExamSlot) -> Slot:
    forms = [
        None if asked is None else _form(template, asked, points)
        for template, asked, points in zip(question.templates, slot.asked, slot.points, strict=True)
    ]
    first = next(form for form in forms if form is not None)
    own = next(places for places in question.files if slot.template in places)
    alike = len({forms[place] for place in own}) == 1
    return Slot(
        id=slot.id,
        part=slot.part,
        kind=slot.slot.kind,
        points=float(max(slot.points)),
        decimals=first.decimals,
        label=first.label,
        quantity=first.quantity,
        follow_through=float(slot.follow_through),
        partial={name: float(share) for name, share in slot.slot.partial_marks.items()},
        forms=() if alike else tuple(forms),
    )


def _form(template: Template, slot: TemplateSlot, points: Fraction) -> SlotForm:
    return SlotForm(
        label=slot_label(template, slot),
        quantity=slot.quantity,
        points=float(points),
        decimals=slot.decimals if slot.kind == "number" else None,
    )


def _givens(drawn: DrawnQuestion) -> dict[str, str]:
    """Each given's numbers, NaN for students whose template has none of that name."""
    size = len(drawn.asked)
    found: dict[str, Array] = {}
    for index, variants in enumerate(drawn.variants):
        mine = drawn.asked == index
        for name, values in variants.draw.floats().items():
            found.setdefault(name, np.full(size, np.nan))[mine] = values
    return {name: print_column(values) for name, values in found.items()}


def _keys(drawn: DrawnQuestion) -> Iterator[tuple[str, NumberKey | FormulaKey]]:
    """The key of every slot of a question, by slot id."""
    there = np.unique(drawn.asked).tolist()
    widths = {index: tolerances(drawn.variants[index]) for index in there}
    for slot in drawn.question.slots:
        if slot.slot.kind == "formula":
            yield slot.id, FormulaKey(_formulas(drawn, slot))
        else:
            yield slot.id, _number_key(drawn, slot, widths)


def _formulas(drawn: DrawnQuestion, slot: ExamSlot) -> tuple[str, ...]:
    """The right formula in each template of the question, empty where it is not asked."""
    pairs = zip(drawn.question.templates, slot.asked, strict=True)
    return tuple("" if asked is None else expected_formula(one, asked) for one, asked in pairs)


def _number_key(
    drawn: DrawnQuestion, slot: ExamSlot, widths: Mapping[int, Mapping[str, Array]]
) -> NumberKey:
    """Key and tolerance in a column of all students, NaN for those who are not asked.

    widths: tolerances by slot of each template that somebody got.
    """
    expected, tolerance = np.full((2, len(drawn.asked)), np.nan)
    for index, width in widths.items():
        asked, mine = slot.asked[index], drawn.asked == index
        if asked is not None:
            expected[mine] = drawn.variants[index].expected(asked)
            tolerance[mine] = width[asked.id]
    return NumberKey(print_column(expected), print_column(tolerance))


def sheet_csv(manifest: Manifest, drawn: tuple[DrawnQuestion, ...] | None) -> str:
    """The answer sheet: a row a student, a column a slot; blank, or filled with right answers."""
    students = manifest.students.student
    slots = manifest.slots
    columns = [[""] * len(students) for _ in slots] if drawn is None else list(_columns(drawn))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["student", *(slot.id for slot in slots)])
    writer.writerows(zip(students, *columns, strict=True))
    return buffer.getvalue()


def _columns(drawn: tuple[DrawnQuestion, ...]) -> Iterator[list[str]]:
    """For each slot the right answers of all students, empty where it is not asked."""
    for question in drawn:
        for slot in question.question.slots:
            formula = slot.slot.kind == "formula"
            texts = _formulas(question, slot) if formula else None
            yield [
                _printed(question, slot, int(template), int(row))
                if texts is None
                else texts[template]
                for template, row in zip(question.asked, question.rows, strict=True)
            ]


def _printed(drawn: DrawnQuestion, slot: ExamSlot, template: int, row: int) -> str:
    """The right number as a student would write it; empty where it is not asked."""
    asked = slot.asked[template]
    return "" if asked is None else drawn.variants[template].printed(asked, row)
