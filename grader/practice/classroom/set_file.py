"""An instructor's practice set: which questions and skills, how much a day, up to when.

Each field narrows: `questions:` what is asked, `skills:` what it is asked for. How much a day is a
default for the student's own good, no lock: what a student says goes first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from examgen.bank import bank_ids, find_templates, is_file
from examgen.errors import ExamgenError, Problem, cut, suggestion
from examgen.files import read_text
from examgen.forms import Form
from examgen.schema import Schema, form_schema
from examgen.strict_yaml import MOST_BYTES, Located, salvage
from examgen.text import Language
from examgen.validation import validated
from grader.practice.classroom.share import ISO_DAY, LONGEST_NAME, Label
from grader.practice.skills.catalogue import (
    Catalogue,
    PartEntry,
    bank_catalogue,
    catalogue_of,
    whole_path,
)


def _day(value: object) -> object:
    """A date as it is written in a file."""
    try:
        if isinstance(value, str) and ISO_DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    found = f"found '{cut(value, 40)}', " if isinstance(value, str) else ""
    raise ValueError(f"{found}expected a date such as 2027-02-11")


Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}),
]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class SetFile(Form):
    """The fields of a practice set."""

    title: Label = Field(
        min_length=1, max_length=LONGEST_NAME, description="What the set is called"
    )
    class_: Label = Field(
        "", alias="class", max_length=LONGEST_NAME, description="Name of the class"
    )
    questions: list[Name] = Field(
        default_factory=list,
        max_length=100,
        description="Questions of the bank, and files ending in .yaml; default: all of the bank",
        examples=[["mlp-2-2-2", "own-question.yaml"]],
    )
    skills: list[Name] = Field(
        default_factory=list,
        max_length=50,
        description="Skills to train: ids, words or cells; default: all that the questions train",
        examples=[["chain", "sum over paths", "lstm"]],
    )
    whole: bool = Field(
        False, description="Whether questions are asked as a whole, in turn, not by skill"
    )
    rounds: int | None = Field(
        None, ge=1, le=200, description="Rounds a day, unless the student asks for another number"
    )
    new: int | None = Field(None, ge=0, le=50, description="Skills begun a day, likewise")
    exam: Day | None = Field(
        None, description="Day of the exam, up to which the work is spread", examples=["2027-02-11"]
    )
    language: Language | None = Field(
        None, description="Language of all texts, unless the student chose one: English or German"
    )

    @model_validator(mode="after")
    def _can_be_practised(self) -> SetFile:
        if self.whole and not self.questions:
            raise ValueError("`whole: true` needs questions: to ask as a whole")
        if self.whole and self.skills:
            raise ValueError("`whole: true` asks all of a question: leave out skills:, or whole:")
        return self


@dataclass(frozen=True)
class PracticeSet:
    """A practice set as it is practised.

    catalogue: the parts that are asked, for the skills that they are offered for. trains: all parts
    that there are, of the bank and of the set's own files, with all that they train. whole:
    questions that are asked as a whole, in turn; where there are none, skills come as they are due.
    rounds, new, exam, language: None where the set says nothing of it.
    """

    title: str
    catalogue: Catalogue
    trains: Catalogue
    class_name: str = ""
    whole: tuple[str, ...] = ()
    rounds: int | None = None
    new: int | None = None
    exam: date | None = None
    language: Language | None = None


def set_schema() -> Schema:
    """The JSON Schema of practice sets, for editors."""
    return form_schema(SetFile)


def read_set(path: Path) -> PracticeSet:
    """Read a practice set. Raises ExamgenError with all that is wrong, each with its line."""
    located = salvage(read_text(path, MOST_BYTES), str(path))
    _refuse_others(located)
    form = validated(SetFile, located)
    reading = _Reading(form, located, path.parent)
    asked = reading.asked()
    return PracticeSet(
        title=form.title,
        catalogue=reading.trained(asked),
        trains=_with_bank(asked),
        class_name=form.class_,
        whole=asked.questions if form.whole else (),
        rounds=form.rounds,
        new=form.new,
        exam=form.exam,
        language=form.language,
    )


def _with_bank(asked: Catalogue) -> Catalogue:
    """All parts of the bank, and those of an author's own files."""
    bank = bank_catalogue()
    known = {*bank.questions}
    return Catalogue((*bank.parts, *(part for part in asked.parts if part.question not in known)))


def _refuse_others(located: Located) -> None:
    """An exam or a template in the place of a set would be wrong in every field."""
    data = located.data
    kind = next(
        (name for key, name in _OTHERS.items() if isinstance(data, dict) and key in data), ""
    )
    if kind:
        message = f"this is {kind}, not a practice set; a set names questions below `questions:`"
        raise ExamgenError(Problem(message, located.file, 1))


_OTHERS = {"graph": "a question", "seed": "an exam"}
"""Fields that only other files have."""


@dataclass(frozen=True)
class _Reading:
    """What a form says, looked up; files are relative to `folder`."""

    form: SetFile
    located: Located
    folder: Path

    def asked(self) -> Catalogue:
        """The questions with all that they train. Raises ExamgenError: all problems."""
        if not self.form.questions:
            return bank_catalogue()
        problems = [*self._twice("questions", self.form.questions)]
        bank, found = bank_catalogue(), list[PartEntry]()
        for place, written in enumerate(self.form.questions):
            try:
                found += self._parts(written, bank)
            except ExamgenError as error:
                problems += self._placed("questions", place, error)
        if problems:
            raise ExamgenError(sorted(problems, key=lambda one: one.line))
        return Catalogue(tuple(found))

    def _parts(self, written: str, bank: Catalogue) -> Sequence[PartEntry]:
        if not is_file(written):
            known = bank_ids()
            if written not in known:
                near = suggestion(written, known)
                raise ExamgenError(f"there is no question '{cut(written, 60)}' in the bank{near}")
            return [part for part in bank.parts if part.question == written]
        return catalogue_of(find_templates(whole_path(self.folder / written))).parts

    def trained(self, asked: Catalogue) -> Catalogue:
        """What is asked, for the skills that are wanted. Raises ExamgenError: all problems."""
        skills = self.form.skills
        if not skills:
            return asked
        problems = [*self._twice("skills", skills)]
        for place, skill in enumerate(skills):
            try:
                self._known(skill, asked)
            except ExamgenError as error:
                problems += self._placed("skills", place, error)
        if problems:
            raise ExamgenError(sorted(problems, key=lambda one: one.line))
        return asked.about(skills)

    def _known(self, skill: str, asked: Catalogue) -> None:
        """Raises ExamgenError for a skill that there is not, or not in these questions."""
        _with_bank(asked).about([skill])
        try:
            asked.about([skill])
        except ExamgenError:
            trained = ", ".join(asked.skills)
            message = f"none of the questions trains '{cut(skill, 60)}'; they train {trained}"
            raise ExamgenError(message) from None

    def _twice(self, field: str, names: Sequence[str]) -> Iterator[Problem]:
        for name, count in Counter(names).items():
            if count > 1:
                place = max(place for place, one in enumerate(names) if one == name)
                message = f"'{cut(name, 60)}' stands there twice"
                yield self.located.problem((field, place), message)

    def _placed(self, field: str, place: int, error: ExamgenError) -> Iterator[Problem]:
        """Problems with where the set names what they are about, where they have no line."""
        for problem in error.problems:
            if problem.line:
                yield problem
                continue
            message = f"{problem.file}: {problem.message}" if problem.file else problem.message
            yield self.located.problem((field, place), message)


def narrowed(chosen: PracticeSet, topics: Sequence[str]) -> tuple[Catalogue, tuple[str, ...]]:
    """What of a set a student wants now: its parts, and the questions to be asked as a whole.

    topics: questions of the set (files by their paths), skills and so on, as in `Catalogue.about`.
    Raises ExamgenError for what the set does not have.
    """
    if not topics:
        return chosen.catalogue, chosen.whole
    known = chosen.catalogue.questions
    names = [whole_path(Path(topic)) if is_file(topic) else topic for topic in topics]
    questions = tuple(dict.fromkeys(name for name in names if name in known))
    others = [topic for topic, name in zip(topics, names, strict=True) if name not in known]
    parts = [part for part in chosen.catalogue.parts if part.question in questions]
    about = _about(chosen, others).parts if others else ()
    return Catalogue((*parts, *about)), () if others else questions


def _about(chosen: PracticeSet, topics: Sequence[str]) -> Catalogue:
    try:
        return chosen.catalogue.about(topics)
    except ExamgenError as error:
        title = f"in the set '{chosen.title}'"
        raise ExamgenError(Problem(one.message, path=title) for one in error.problems) from None
