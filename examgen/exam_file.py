"""The form of `exam.yaml`: fields, types and bounds. What they mean is `examgen.exam`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from pydantic import Field, model_validator

from examgen.errors import cut
from examgen.forms import Form, Number, Share
from examgen.text import Language, Text

_CHOICE = re.compile(r"\s*1\s+of\s+\[(.*)\]\s*", re.DOTALL)


class QuestionFile(Form):
    """One question of an exam: a template, or one of several for each student."""

    use: str | None = Field(
        None,
        description="A question of the bank, or a file ending in .yaml",
        examples=["mlp-2-2-2", "./own-question.yaml"],
    )
    choose: str | None = Field(
        None,
        description="One of several for each student",
        examples=["1 of [mlp-2-2-2, elman-relu]"],
    )
    id: str | None = Field(
        None,
        pattern=r"^[A-Za-z][A-Za-z0-9_-]*$",
        max_length=20,
        description="Its name in columns of answer sheets; by default q1, q2, ...",
    )
    points: Number | None = Field(None, gt=0, description="Default: those of the template")
    follow_through: Share | None = Field(
        None, description="Share of the points for what follows from an earlier wrong answer"
    )

    @model_validator(mode="before")
    @classmethod
    def _is_no_name(cls, data: object) -> object:
        """A bare name is what an author writes first."""
        if isinstance(data, str):
            raise ValueError(f"found '{cut(data, 60)}', expected `use: {cut(data, 60)}`")
        return data

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


class WorkingSpaceFile(Form):
    """Room to work in above the answers to every part."""

    kind: Literal["none", "lines", "grid", "blank"] = Field(
        "none", description="What is printed there"
    )
    height: Number = Field(Fraction(5), gt=0, le=20, description="For each part, in centimetres")


class ExamFile(Form):
    """The fields of `exam.yaml`."""

    title: str = Field(min_length=1, max_length=300, description="Heading of the first page")
    course: str = Field("", max_length=300, description="Name of the course")
    date: str = Field("", max_length=60, description="Date of the exam, as it is to be printed")
    duration: str = Field("", max_length=60, description="How long it takes, as printed")
    seed: int = Field(ge=0, lt=2**63, description="Keep it secret, and long: it makes the numbers")
    page_size: Literal["A4", "Letter"] = Field("A4", description="Size of all pages")
    language: Language = Field("en", description="Language of the papers: English or German")
    instructions: list[Text] | Text = Field(
        default_factory=list, description="What students are told first; a list: a paragraph each"
    )
    aids: list[Text] | Text = Field(
        default_factory=list, description="What students may use, on the first page"
    )
    cover: bool = Field(
        False, description="Whether the first page is a cover, with a table of points to fill in"
    )
    duplex: bool = Field(
        False, description="Whether every exam gets an even number of pages, to print both sides"
    )
    working_space: WorkingSpaceFile = Field(
        WorkingSpaceFile(), description="Room to work in above the answers to every part"
    )
    marking: Marking = Field(Marking(), description="How the whole exam is marked")
    questions: list[QuestionFile] = Field(
        min_length=1, max_length=50, description="The questions in the order of the paper"
    )

    @property
    def all_instructions(self) -> Sequence[Text]:
        """The instructions as a list, a paragraph each."""
        return self.instructions if isinstance(self.instructions, list) else [self.instructions]

    @property
    def all_aids(self) -> Sequence[Text]:
        """The permitted aids as a list."""
        return self.aids if isinstance(self.aids, list) else [self.aids]
