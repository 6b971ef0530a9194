"""An exam: which questions, for how many points, under which seed; read from `exam.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from examgen.bank import find_template
from examgen.errors import ExamgenError, Problem
from examgen.files import read_text
from examgen.permutation import hash_words
from examgen.slots import Slot
from examgen.strict_yaml import salvage
from examgen.template import Template
from examgen.template_file import Form, Number, Share
from examgen.text import Language, Text
from examgen.validation import validated
from examgen.variant import Variants, draw_variants

MOST_BYTES = 256 << 10
_CHOICE = re.compile(r"\s*1\s+of\s+\[(.*)\]\s*", re.DOTALL)


class QuestionFile(Form):
    """One question of an exam: a template, or one of several for each student."""

    use: str | None = Field(None, description="A question of the bank, or a file ending in .yaml")
    choose: str | None = Field(None, description="Like `1 of [question-one, question-two]`")
    id: str | None = Field(None, pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=20)
    points: Number | None = Field(None, gt=0, description="Default: those of the template")
    follow_through: Share | None = Field(
        None, description="Share of the points for what follows from an earlier wrong answer"
    )

    @model_validator(mode="after")
    def _uses_something(self) -> QuestionFile:
        if (self.use is None) == (self.choose is None):
            raise ValueError("expected either use or choose")
        if self.choose is not None and not _CHOICE.fullmatch(self.choose):
            raise ValueError(f"found '{self.choose}', expected 1 of [question-one, question-two]")
        return self

    @property
    def written(self) -> list[str]:
        """The templates as they are named in the file."""
        if self.use is not None:
            return [self.use]
        match = _CHOICE.fullmatch(self.choose or "")
        assert match is not None, "bug: checked above"
        return [name.strip().strip("'\"") for name in match[1].split(",") if name.strip()]


class Marking(Form):
    """How the whole exam is marked; a template may say more for its own answers."""

    follow_through: Share = Field(
        Fraction(1), description="Share of the points for what follows from an earlier wrong answer"
    )
    penalty: Share = Field(Fraction(0), description="Share of its points that a wrong answer costs")
    round_to: Number | None = Field(
        None, gt=0, description="Round totals, half up, to a multiple of it: 0.5 for half points"
    )


class ExamFile(Form):
    """The fields of `exam.yaml`."""

    title: str = Field(min_length=1, max_length=300)
    course: str = Field("", max_length=300)
    date: str = Field("", max_length=60)
    duration: str = Field("", max_length=60)
    seed: int = Field(ge=0, lt=2**63, description="Keep it secret, and long: it makes the numbers")
    page_size: Literal["A4", "Letter"] = "A4"
    language: Language = "en"
    instructions: list[Text] | Text = Field(default_factory=list)
    marking: Marking = Marking()
    questions: list[QuestionFile] = Field(min_length=1, max_length=50)

    @property
    def all_instructions(self) -> Sequence[Text]:
        """The instructions as a list, a paragraph each."""
        return self.instructions if isinstance(self.instructions, list) else [self.instructions]


@dataclass(frozen=True)
class ExamSlot:
    """A slot of a template as a question of an exam asks it: its column, its points there."""

    id: str
    slot: Slot
    template: int
    part: str
    points: Fraction
    follow_through: Fraction


@dataclass(frozen=True)
class Question:
    """A question of an exam: its id, the templates it may be drawn from, its points.

    uses: for each template how often the exam has used it before, so that two uses differ.
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
        """The slots of all templates, in paper order."""
        return tuple(
            ExamSlot(
                id=column(self.id, template, slot, one_of=len(self.templates)),
                slot=slot,
                template=index,
                part=part.label,
                points=slot.points * self.points / template.points,
                follow_through=self._share(slot),
            )
            for index, template in enumerate(self.templates)
            for part in template.parts
            for slot in part.slots
        )

    def _share(self, slot: Slot) -> Fraction:
        """For carried errors: what this question's entry says, else its template, else the exam."""
        said = (self.follow_through, slot.follow_through, self.marking.follow_through)
        return next(share for share in said if share is not None)


def column(question: str, template: Template, slot: Slot, one_of: int) -> str:
    """The id of a template's slot in an exam: `q1.a1`, or `q1.mlp.a1` for one of several templates.

    question: its id. one_of: how many templates the question may be drawn from.
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


def _tell_apart(question: Question, texts: dict[str, str]) -> None:
    """Two templates under one id would be one in all that is written."""
    for template in question.templates:
        if texts.setdefault(template.id, template.text) != template.text:
            raise ExamgenError(f"another template with the id '{template.id}' is used before")


def _question(
    entry: QuestionFile, number: int, folder: Path, marking: Marking, counts: dict[str, int]
) -> Question:
    templates = [find_template(written, folder) for written in entry.written]
    if not templates or len({t.id for t in templates}) < len(templates):
        raise ExamgenError("expected different questions to choose from")
    if len({template.points for template in templates}) > 1 and entry.points is None:
        raise ExamgenError("the questions to choose from differ in points; say `points:`")
    uses = []
    for template in templates:
        uses.append(counts.get(template.id, 0))
        counts[template.id] = uses[-1] + 1
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
            raise ExamgenError(f"{template.id}: {error}") from None
    return DrawnQuestion(question, asked, rows, tuple(variants))


def _choices(question: Question, seed: int, students: int) -> NDArray[np.int64]:
    """Which template each student gets: a keyed hash of the student's number."""
    uses = zip(question.templates, question.uses, strict=True)
    name = f"{seed}\n" + "\n".join(f"{template.id} {use}" for template, use in uses)
    key = int.from_bytes(sha256(name.encode()).digest()[:8], "little")
    words = hash_words(np.arange(students, dtype=np.uint64), key)
    return ((words >> np.uint64(32)) * np.uint64(len(question.templates)) >> np.uint64(32)).astype(
        np.int64
    )
