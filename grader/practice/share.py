"""A student's progress as a small file for the instructor: how far, how often, on which days.

The file, version 1, is JSON: format, version, sha256 (of `content` in one line with sorted keys,
against accidental damage: it proves nothing) and content: name (as the student gave it), on (the
day of sharing), set and class (of a practice set, or empty), skills (id, stage, rounds, missed),
mistakes (name, in how many answers), days (date, rounds, of these with nothing missed). Nothing
that was typed, no question, no seed and no time of day has a place in it.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from examgen.errors import ExamgenError, Problem, cut
from examgen.files import read_text, write_atomically
from grader.practice.values import Stage

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FORMAT = "examgen-practice-share"
VERSION = 1
MOST_BYTES = 20 << 10
"""A share that has all that it may have stays below."""

LONGEST_NAME = 100
MOST_SKILLS, MOST_MISTAKES, MOST_DAYS = 60, 40, 250
MOST = 99_999
"""No count is higher."""

T = TypeVar("T")


# --- what is shared ------------------------------------------------------------------------------


def _is_hidden(char: str) -> bool:
    """Controls, line ends, halves of characters, and what turns the direction of text."""
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in _TURNS


_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def checked_name(name: str) -> str:
    """A name as it is given, without blanks around it. Raises ValueError for what is none."""
    name = name.strip()
    if not name:
        raise ValueError("expected a name")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"expected a name of at most {LONGEST_NAME} characters")
    if hidden := next(filter(_is_hidden, name), ""):
        raise ValueError(f"an invisible character (U+{ord(hidden):04X}) is in the name")
    return name


def _label(text: str) -> str:
    return checked_name(text) if text else text


def _once(items: list[T], key: Callable[[T], object]) -> list[T]:
    if len({key(item) for item in items}) < len(items):
        raise ValueError("something stands there twice")
    return items


def _in_this_age(day: date) -> date:
    if not 2000 <= day.year < 2200:
        raise ValueError("expected a day of this century or the next")
    return day


Count = Annotated[int, Field(ge=0, le=MOST)]
Day = Annotated[date, AfterValidator(_in_this_age)]
Label = Annotated[str, AfterValidator(_label)]
MistakeName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_()-]{0,59}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SharedSkill(_Strict):
    """How far a skill is. rounds, missed: how many there were, and how many of them went wrong."""

    skill: str = Field(pattern=r"^[a-z][a-z0-9:_-]{0,39}$")
    stage: Stage
    rounds: Count
    missed: Count

    @model_validator(mode="after")
    def _adds_up(self) -> SharedSkill:
        if self.missed > self.rounds or (self.stage == "new" and self.rounds):
            raise ValueError("the counts contradict each other")
        return self


class SharedDay(_Strict):
    """What was done on a day. clean: rounds with nothing missed."""

    day: Day
    rounds: Count
    clean: Count

    @model_validator(mode="after")
    def _adds_up(self) -> SharedDay:
        if self.clean > self.rounds:
            raise ValueError("the counts contradict each other")
        return self


class SharedMistake(_Strict):
    """A misconception by its name, and in how many answers it was found."""

    mistake: MistakeName
    count: Count


class Share(_Strict):
    """What a student shares. set and class: of the practice set that it is about, or empty."""

    name: Annotated[str, AfterValidator(checked_name)]
    on: Day
    set: Label = ""
    class_: Label = Field("", alias="class")
    skills: Annotated[
        list[SharedSkill], Field(max_length=MOST_SKILLS), AfterValidator(lambda a: _once(a, _skill))
    ]
    mistakes: Annotated[
        list[SharedMistake],
        Field(max_length=MOST_MISTAKES),
        AfterValidator(lambda a: _once(a, lambda one: one.mistake)),
    ]
    days: Annotated[
        list[SharedDay],
        Field(max_length=MOST_DAYS),
        AfterValidator(lambda a: _once(a, lambda one: one.day)),
    ]

    @property
    def rounds(self) -> int:
        """Of all days."""
        return sum(day.rounds for day in self.days)

    @property
    def begun(self) -> tuple[SharedSkill, ...]:
        """The skills that are not new."""
        return tuple(one for one in self.skills if one.stage != "new")


def _skill(one: SharedSkill) -> str:
    return one.skill
