"""A student's progress as a small file for the instructor: how far, how often, on which days.

The file, version 1, is JSON: format, version, sha256 (of `content` in one line with sorted keys,
against accidental damage: it proves nothing) and content: name (as the student gave it), on (the
day of sharing), set and class (of a practice set, or empty), skills, mistakes and days. Nothing
that was typed, no question, no seed and no time of day has a place in it.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NoReturn

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from examgen.errors import ExamgenError, Problem, cut
from examgen.files import read_text, write_atomically
from grader.practice.values import Stage

FORMAT = "examgen-practice-share"
VERSION = 1
MOST_BYTES = 20 << 10
"""A share that has all that it may have stays below."""

LONGEST_NAME = 100
MOST_SKILLS, MOST_MISTAKES, MOST_DAYS = 48, 30, 184  # days: half a year, a course
OLDEST = date(2000, 1, 1)
MOST = 9_999
"""No count is higher."""

SKILL, MISTAKE = r"[a-z][a-z0-9:_-]{0,39}", r"[a-z][a-z0-9_()-]{0,59}"
"""What names of skills and of misconceptions look like."""

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


# --- what is shared ------------------------------------------------------------------------------


def checked_name(name: str) -> str:
    """A name as it is given, without blanks around it. Raises ValueError for what is none."""
    name = name.strip()
    if all(unicodedata.category(char) in ("Cf", "Zs") for char in name):  # or there is none
        raise ValueError("expected a name")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"expected a name of at most {LONGEST_NAME} characters")
    if hidden := next(filter(_is_hidden, name), ""):
        raise ValueError(f"an invisible character (U+{ord(hidden):04X}) is in the name")
    return name


def _is_hidden(char: str) -> bool:
    """Controls, line ends, halves of characters, and what turns the direction of text."""
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in _TURNS


def _day(value: object) -> object:
    """A day as JSON has it, in no other spelling."""
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        value = date.fromisoformat(value)
    if isinstance(value, date) and value < OLDEST:
        raise ValueError(f"expected a day since {OLDEST.year}")
    return value


Count = Annotated[int, Field(ge=0, le=MOST)]
Day = Annotated[date, BeforeValidator(_day)]
Label = Annotated[str, AfterValidator(lambda text: checked_name(text) if text else text)]
"""A name or nothing."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class SharedSkill(_Strict):
    """How far a skill is. rounds, missed: how many there were, and how many of them went wrong."""

    skill: str = Field(pattern=f"^{SKILL}$")
    stage: Stage
    rounds: Count
    missed: Count

    @model_validator(mode="after")
    def _adds_up(self) -> SharedSkill:
        if self.missed > self.rounds or (self.stage == "new") != (self.rounds == 0):
            raise ValueError("the counts contradict each other")
        return self


class SharedMistake(_Strict):
    """A misconception by its name, and in how many answers it was found."""

    mistake: str = Field(pattern=f"^{MISTAKE}$")
    count: Count


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


class Share(_Strict):
    """What a student shares. set_, class_: of the practice set that it is about, or empty."""

    name: Annotated[str, AfterValidator(checked_name)]
    on: Day
    set_: Label = Field("", alias="set")
    class_: Label = Field("", alias="class")
    skills: list[SharedSkill] = Field(max_length=MOST_SKILLS)
    mistakes: list[SharedMistake] = Field(max_length=MOST_MISTAKES)
    days: list[SharedDay] = Field(max_length=MOST_DAYS)

    @model_validator(mode="after")
    def _says_all_once(self) -> Share:
        _refuse_twice("skill", [one.skill for one in self.skills])
        _refuse_twice("mistake", [one.mistake for one in self.mistakes])
        _refuse_twice("day", [one.day for one in self.days])
        if any(one.day > self.on for one in self.days):
            raise ValueError("a day after that of sharing")
        return self

    @property
    def rounds(self) -> int:
        """Of all days."""
        return sum(day.rounds for day in self.days)

    @property
    def begun(self) -> tuple[SharedSkill, ...]:
        """The skills that are not new."""
        return tuple(one for one in self.skills if one.stage != "new")


def _refuse_twice(what: str, values: Sequence[object]) -> None:
    if len(set(values)) < len(values):
        raise ValueError(f"a {what} stands there twice")


# --- as a file -----------------------------------------------------------------------------------


def share_text(share: Share) -> str:
    """A share as the text of its file, an entry a line, so that a student can read it over."""
    content = share.model_dump(mode="json", by_alias=True)
    head = {"format": FORMAT, "version": VERSION, "sha256": _sum(content)}
    inner = ",\n".join(f" {json.dumps(name)}: {_entry(value)}" for name, value in content.items())
    outer = ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in head.items())
    text = f'{{\n{outer},\n"content": {{\n{inner}\n}}\n}}\n'
    assert len(text.encode()) <= MOST_BYTES, "bug: a share is larger than it may be"
    return text


def _entry(value: Any) -> str:
    if not isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    lines = ",\n".join(f"  {json.dumps(one, separators=(',', ':'))}" for one in value)
    return f"[\n{lines}\n ]" if value else "[]"


def _sum(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def write_share(share: Share, path: Path) -> None:
    """Write a share, readable by its owner only. Raises ExamgenError if another file is there."""
    if _is_other(path):
        message = "this file is there already, and is no earlier share; choose another name"
        raise ExamgenError(Problem(message, file=str(path)))
    write_atomically(path, share_text(share), mode=0o600)


def _is_other(path: Path) -> bool:
    """Whether a file is there that is no share."""
    try:
        if not path.exists():
            return False
        read_share(path)
    except OSError:
        return False  # writing there will say what is wrong
    except ExamgenError:
        return True
    return False


def read_share(path: Path) -> Share:
    """Read a share. Raises ExamgenError with one sentence for what is none, or damaged."""
    text = read_text(path, MOST_BYTES)
    try:
        return _share(text)
    except ExamgenError as error:
        raise ExamgenError(one.at(file=str(path)) for one in error.problems) from None


def _share(text: str) -> Share:
    document = _parsed(text)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ExamgenError("this is no share of practice")
    version = document.get("version")
    if version != VERSION or not isinstance(version, int) or isinstance(version, bool):
        found = cut(json.dumps(version), 20)
        raise ExamgenError(f"written by another version: found {found}, this one reads {VERSION}")
    if extra := set(document) - {"format", "version", "sha256", "content"}:
        raise ExamgenError(f"it has a field that no share has: '{cut(min(extra), 40)}'")
    content = document.get("content")
    if document.get("sha256") != _sum(content):
        raise ExamgenError("it is damaged or was changed: its checksum does not match")
    try:
        return Share.model_validate(content)
    except ValidationError as error:
        raise ExamgenError(_first(error)) from None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_without_twins, parse_constant=_no_number)
    except (ValueError, RecursionError):
        cut_off = text.lstrip().startswith("{") and not text.rstrip().endswith("}")
        kind = "it is cut off" if cut_off and FORMAT in text[:100] else "this is no share"
        raise ExamgenError(f"{kind}: it cannot be read as JSON") from None


def _without_twins(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError("a field is given twice")
        found[name] = value
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _first(error: ValidationError) -> str:
    """What is wrong first, in a sentence."""
    detail = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(cut(str(step), 40) for step in detail["loc"])
    message = detail["msg"].removeprefix("Value error, ")
    return f"no share says this: {f'{place}: ' if place else ''}{message[:1].lower()}{message[1:]}"
