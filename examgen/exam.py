"""An exam: which questions, for how many points, under which seed; read from `exam.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from examgen.bank import find_templates
from examgen.drawing import draw_variants
from examgen.errors import ExamgenError, Problem
from examgen.exam_file import ExamFile, Marking, QuestionFile
from examgen.files import read_text
from examgen.slots import Slot
from examgen.strict_yaml import Located, salvage
from examgen.structures import drawn_places, shared_slots, structures_of
from examgen.template import Template
from examgen.validation import validated
from examgen.variant import Variants

MOST_BYTES = 256 << 10


@dataclass(frozen=True)
class ExamSlot:
    """A column of a question: a slot as each of the question's templates asks it.

    asked: the slot in each template, None where it is not asked; all structures of one file share
    their columns. points: what it is worth in each template, zero where it is not asked.
    """

    id: str
    asked: tuple[Slot | None, ...]
    part: str
    points: tuple[Fraction, ...]
    follow_through: Fraction

    @property
    def slot(self) -> Slot:
        """The slot as the first template that asks it does."""
        return next(slot for slot in self.asked if slot is not None)

    @property
    def template(self) -> int:
        """The first template that asks it."""
        return next(place for place, slot in enumerate(self.asked) if slot is not None)


@dataclass(frozen=True)
class Question:
    """A question of an exam: its id, the templates it may be drawn from, its points.

    templates: file by file, all structures of each. uses: for each template how often the exam has
    used it before, so that two uses differ.
    follow_through: the share for carried errors, None where its templates and the exam decide.
    """

    id: str
    templates: tuple[Template, ...]
    uses: tuple[int, ...]
    points: Fraction
    marking: Marking = field(default_factory=Marking)
    follow_through: Fraction | None = None

    @property
    def slots(self) -> tuple[ExamSlot, ...]:
        """The slots of all templates, in paper order; structures of one file share them."""
        return tuple(slot for places in self.files for slot in self._shared(places))

    @property
    def files(self) -> tuple[range, ...]:
        """The places among the templates of each file's structures."""
        ids = [template.id for template in self.templates]
        firsts = [ids.index(name) for name in dict.fromkeys(ids)]
        return tuple(map(range, firsts, [*firsts[1:], len(ids)]))

    def _shared(self, places: range) -> Iterator[ExamSlot]:
        """The columns of one file."""
        own = [self.templates[place] for place in places]
        parts = {slot.id: part.label for one in own for part in one.parts for slot in part.slots}
        before, after = places.start, len(self.templates) - places.stop
        for name, slots in shared_slots([template.parts for template in own]).items():
            first = next(slot for slot in slots if slot is not None)
            asked = (*[None] * before, *slots, *[None] * after)
            yield ExamSlot(
                id=column(self.id, own[0], first, one_of=len(self.files)),
                asked=asked,
                part=parts[name],
                points=tuple(map(self._points, asked, self.templates)),
                follow_through=self._share(first),
            )

    def _points(self, slot: Slot | None, template: Template) -> Fraction:
        """What a slot of a template is worth in this exam."""
        return Fraction(0) if slot is None else slot.points * self.points / template.points

    def _share(self, slot: Slot) -> Fraction:
        """For carried errors: what this question's entry says, else its template, else the exam."""
        said = (self.follow_through, slot.follow_through, self.marking.follow_through)
        return next(share for share in said if share is not None)


def column(question: str, template: Template, slot: Slot, one_of: int) -> str:
    """The id of a template's slot in an exam: `q1.a1`, or `q1.mlp.a1` for one of several files.

    question: its id. one_of: how many template files the question may be drawn from.
    """
    chosen = f"{template.id}." if one_of > 1 else ""
    return f"{question}.{chosen}{slot.id}"


@dataclass(frozen=True)
class Exam:
    """An exam that can be drawn; `sources` are the texts it was made from, by name."""

    file: ExamFile
    questions: tuple[Question, ...]
    sources: Mapping[str, str]

    @property
    def points(self) -> Fraction:
        """What the whole exam is worth."""
        return sum((question.points for question in self.questions), Fraction(0))


def load_exam(path: Path) -> Exam:
    """Read `exam.yaml` and its templates. Raises ExamgenError with all that is wrong."""
    text = read_text(path, MOST_BYTES)
    located = salvage(text, str(path))
    _refuse_template(located)
    form = validated(ExamFile, located)
    problems: list[Problem] = []
    questions: list[Question] = []
    counts: dict[str, int] = {}
    texts: dict[str, str] = {}
    for number, entry in enumerate(form.questions):
        try:
            question = _question(entry, number, path.parent, form.marking, counts)
            if question.id in {other.id for other in questions}:
                raise ExamgenError(f"the id '{question.id}' is used twice")
            _tell_apart(question, texts)
            questions.append(question)
        except ExamgenError as error:
            line = located.line(("questions", number))
            place = f"questions[{number}]"
            problems += [
                p if p.file else p.at(file=str(path), line=line, path=place) for p in error.problems
            ]
    if problems:
        raise ExamgenError(problems)
    sources = {t.id: t.text for question in questions for t in question.templates}
    return Exam(form, tuple(questions), {path.name: text, **sources})


def _refuse_template(located: Located) -> None:
    """A template in the place of an exam would lack every field."""
    data = located.data
    if isinstance(data, dict) and "graph" in data and "questions" not in data:
        message = "this is a template, not an exam; an exam names it below `questions:`, by `use:`"
        raise ExamgenError(Problem(message, located.file, 1))


def _tell_apart(question: Question, texts: dict[str, str]) -> None:
    """Two templates under one id would be one in all that is written."""
    for template in question.templates:
        if texts.setdefault(template.id, template.text) != template.text:
            raise ExamgenError(f"another template with the id '{template.id}' is used before")


def _found(written: str, folder: Path) -> tuple[Template, ...]:
    """All structures of a template. A file that is not there is told where it is named."""
    try:
        return find_templates(written, folder)
    except ExamgenError as error:
        if any(problem.line for problem in error.problems):
            raise
        raise ExamgenError(str(error)) from None


def _question(
    entry: QuestionFile, number: int, folder: Path, marking: Marking, counts: dict[str, int]
) -> Question:
    files = [_found(written, folder) for written in entry.written]
    if not files or len({structures[0].id for structures in files}) < len(files):
        raise ExamgenError("expected different questions to choose from")
    templates = [template for structures in files for template in structures]
    if len({template.points for template in templates}) > 1 and entry.points is None:
        raise ExamgenError("the questions to choose from differ in points; say `points:`")
    uses = [counts.get(template.id, 0) for template in templates]
    counts |= {template.id: use + 1 for template, use in zip(templates, uses, strict=True)}
    points = templates[0].points if entry.points is None else entry.points
    if not points:
        raise ExamgenError("a question without points")
    return Question(
        id=entry.id or f"q{number + 1}",
        templates=tuple(templates),
        uses=tuple(uses),
        points=points,
        marking=marking,
        follow_through=entry.follow_through,
    )


@dataclass(frozen=True)
class DrawnQuestion:
    """A question as drawn for a class.

    asked: for each student the index of the template, (students,). rows: for each student the
    row in that template's variants, (students,).
    """

    question: Question
    asked: NDArray[np.int64]
    rows: NDArray[np.int64]
    variants: tuple[Variants, ...]

    def of(self, student: int) -> tuple[Variants, int]:
        """The variants that hold the student's, and its row there."""
        return self.variants[self.asked[student]], int(self.rows[student])


def draw_exam(exam: Exam, students: int) -> tuple[DrawnQuestion, ...]:
    """The exam of students 0, 1, ...; student i's numbers depend on i and the seed alone.

    Raises ExamgenError where a template has no room for so many.
    """
    return tuple(_draw(question, exam.file.seed, students) for question in exam.questions)


def _draw(question: Question, seed: int, students: int) -> DrawnQuestion:
    asked = _choices(question, seed, students)
    rows = np.zeros(students, np.int64)
    variants = []
    for index, (template, use) in enumerate(zip(question.templates, question.uses, strict=True)):
        mine = np.flatnonzero(asked == index)
        rows[mine] = np.arange(len(mine))
        try:
            variants.append(draw_variants(template, seed, mine, use))
        except ExamgenError as error:
            raise ExamgenError(_named(problem, template) for problem in error.problems) from None
    return DrawnQuestion(question, asked, rows, tuple(variants))


def _named(problem: Problem, template: Template) -> Problem:
    """The problem with the template's id, where it does not say its place itself."""
    named = f"{template.id}: {problem.message}"
    return problem if problem.line else replace(problem, message=named, file="")


def _choices(question: Question, seed: int, students: int) -> NDArray[np.int64]:
    """Which template each student gets: a file, and of that a structure, by the student's number.

    Both by keyed hashes, so that neither the class nor what another file offers matters.
    """
    uses = {t.id: use for t, use in zip(question.templates, question.uses, strict=True)}
    name = f"{seed}\n" + "\n".join(f"{file} {use}" for file, use in uses.items())
    numbers = np.arange(students)
    chosen = drawn_places(name, len(question.files), numbers)
    asked = np.zeros(students, np.int64)
    for file, places in enumerate(question.files):
        mine = np.flatnonzero(chosen == file)
        own = question.templates[places.start : places.stop]
        structures = structures_of([t.fingerprint for t in own], seed, mine, uses[own[0].id])
        asked[mine] = places.start + structures
    return asked
