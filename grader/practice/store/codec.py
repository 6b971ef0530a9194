"""The values of a round as JSON and back: what was not written so is refused, never guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar, get_args

from grader.practice.schedule.standing import Standing
from grader.practice.values import Feedback, Grade, Judged, Task

T = TypeVar("T")

Fields = Mapping[str, Any]

STATES = (1, 2, 3)
"""Of FSRS: learning, review, relearning."""


_LONE_SURROGATE = re.compile(r"(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]")  # never written by `written`


class MeaninglessError(ValueError):
    """A row that no version of this program wrote; the message says what is wrong with it."""


# --- tasks, feedback, standings ------------------------------------------------------------------


def task_fields(task: Task) -> dict[str, Any]:
    """A task as JSON has it."""
    return {
        "question": task.question,
        "fingerprint": task.fingerprint,
        "structure": task.structure,
        "numbers": [list(pair) for pair in task.numbers],
        "asked": list(task.asked),
        "skill": task.skill,
        "mixed": task.mixed,
    }


def read_task(fields: Fields) -> Task:
    """The task that fields of JSON tell. Raises MeaninglessError."""
    structure = of(fields, "structure", int)
    if structure < 0:
        raise MeaninglessError("structure: less than 0")
    return Task(
        question=of(fields, "question", str),
        fingerprint=of(fields, "fingerprint", str),
        structure=structure,
        numbers=pairs(fields, "numbers"),
        asked=texts(fields, "asked"),
        skill=of(fields, "skill", str),
        mixed=of(fields, "mixed", bool),
    )


def feedback_fields(feedback: Feedback) -> dict[str, Any]:
    """Feedback as JSON has it; its slot is told by the row."""
    return {
        "verdict": feedback.verdict,
        "reason": feedback.reason,
        "note": feedback.note,
        "column": feedback.column,
        "mistakes": list(feedback.mistakes),
        "follows": list(feedback.follows),
        "trail": [list(pair) for pair in feedback.trail],
        **({"coarse": True} if feedback.coarse else {}),
    }


def read_feedback(slot: str, fields: Fields) -> Feedback:
    """The feedback that fields of JSON tell. Raises MeaninglessError."""
    return Feedback(
        slot=slot,
        verdict=one_of(fields, "verdict", get_args(Judged)),
        reason=of(fields, "reason", str),
        note=of(fields, "note", str),
        column=None if fields.get("column") is None else of(fields, "column", int),
        mistakes=texts(fields, "mistakes"),
        follows=texts(fields, "follows"),
        trail=pairs(fields, "trail"),
        coarse=fields.get("coarse") is True,
    )


def standing_fields(standing: Standing) -> dict[str, Any]:
    """A standing as JSON has it; its skill is told by the row."""
    return {
        "due": standing.due.isoformat(),
        "last": standing.last.isoformat(),
        "stability": standing.stability,
        "difficulty": standing.difficulty,
        "state": standing.state,
        "rounds": standing.rounds,
        "missed": standing.missed,
        "begun": standing.begun.isoformat(),
        "learned": standing.learned and standing.learned.isoformat(),
        "mastered": standing.mastered and standing.mastered.isoformat(),
    }


def read_standing(skill: str, fields: Fields) -> Standing:
    """The standing that fields of JSON tell. Raises MeaninglessError."""
    return Standing(
        skill=skill,
        due=read_time(of(fields, "due", str)),
        last=read_day(of(fields, "last", str)),
        stability=between(fields, "stability", 0.0005, 1e6),
        difficulty=between(fields, "difficulty", 1.0, 10.0),
        state=one_of(fields, "state", STATES),
        rounds=int(between(fields, "rounds", 1, 1e9)),
        missed=int(between(fields, "missed", 0, 1e9)),
        begun=read_day(of(fields, "begun", str)),
        learned=_day_or_none(fields, "learned"),
        mastered=_day_or_none(fields, "mastered"),
    )


def read_grade(word: str) -> Grade:
    """A grade. Raises MeaninglessError."""
    return one_of({"grade": word}, "grade", get_args(Grade))


# --- JSON and times ------------------------------------------------------------------------------


def written(fields: Fields) -> str:
    """Fields as one line of JSON."""
    return json.dumps(fields, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def read(text: str) -> Fields:
    """The fields of a line of JSON. Raises MeaninglessError if it is none, or no mapping."""
    if _LONE_SURROGATE.search(text):
        raise MeaninglessError("no text that could be written again")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MeaninglessError("no JSON") from error
    if not isinstance(found, dict):
        raise MeaninglessError("no mapping")
    return found


def read_time(text: str) -> datetime:
    """A time with its zone. Raises MeaninglessError."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise MeaninglessError("no time") from error
    if found.tzinfo is None:
        raise MeaninglessError("a time without its zone")
    _check_year(found)
    return found


def read_day(text: str) -> date:
    """A date. Raises MeaninglessError."""
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise MeaninglessError("no date") from error
    _check_year(found)
    return found


def _check_year(day: date) -> None:
    """Times at the ends of the calendar cannot be reckoned with.

    A clock that lost its battery says 1970, and in America the last evening of 1969.
    """
    if not 1969 <= day.year < 3000:
        raise MeaninglessError("no year of ours")


def _day_or_none(fields: Fields, name: str) -> date | None:
    return None if fields.get(name) is None else read_day(of(fields, name, str))


# --- fields --------------------------------------------------------------------------------------


def of(fields: Fields, name: str, kind: type[T]) -> T:
    """A field of just this type: True is no number. Raises MeaninglessError."""
    found = fields.get(name)
    if type(found) is not kind:
        raise MeaninglessError(f"{name}: not {kind.__name__}")
    return found


def one_of(fields: Fields, name: str, known: tuple[T, ...]) -> T:
    """A field that is one of the known values. Raises MeaninglessError."""
    found = fields.get(name)
    for one in known:
        if type(found) is type(one) and found == one:
            return one
    raise MeaninglessError(f"{name}: unknown")


def between(fields: Fields, name: str, low: float, high: float) -> float:
    """A number within bounds, so neither NaN nor infinity. Raises MeaninglessError."""
    found = fields.get(name)
    if type(found) not in (int, float) or not low <= found <= high:  # type: ignore[operator]
        raise MeaninglessError(f"{name}: no number from {low:g} to {high:g}")
    return found  # type: ignore[return-value]


def texts(fields: Fields, name: str) -> tuple[str, ...]:
    """A list of texts. Raises MeaninglessError."""
    found = of(fields, name, list)
    if not all(type(one) is str for one in found):
        raise MeaninglessError(f"{name}: not all text")
    return tuple(found)


def pairs(fields: Fields, name: str) -> tuple[tuple[str, str], ...]:
    """A list of pairs of texts. Raises MeaninglessError."""
    found = of(fields, name, list)
    if not all(type(one) is list and list(map(type, one)) == [str, str] for one in found):
        raise MeaninglessError(f"{name}: not all pairs of text")
    return tuple((first, second) for first, second in found)
