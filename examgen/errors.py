"""Problems with what a user wrote: where, what was found, what was expected.

Every module raises `ExamgenError`; the command line catches it at its edge and exits with 1.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TypeVar

T = TypeVar("T")

_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input, with its place: file, line (from 1) and path of keys.

    >>> print(Problem("'sigmoyd' is no function", file="lstm.yaml", line=14, path="graph.step"))
    lstm.yaml:14: graph.step: 'sigmoyd' is no function
    """

    message: str
    file: str = ""
    line: int = 0
    path: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file
        if not place and self.line:
            place = f"line {self.line}"
        return ": ".join(part for part in (place, self.path, self.message) if part)

    def at(self, *, file: str = "", line: int = 0, path: str = "") -> Problem:
        """The same problem with what is still unknown of its place filled in."""
        return replace(self, file=self.file or file, line=self.line or line, path=self.path or path)


class ExamgenError(Exception):
    """Bad input, with every problem that was found in it."""

    def __init__(self, problems: str | Problem | Iterable[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        if isinstance(problems, Problem):
            problems = [problems]
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def cut(text: str, limit: int) -> str:
    """What was written, its end left out where it has more than `limit` characters.

    >>> cut("sigmoid", 7), cut("sigmoid", 5)
    ('sigmoid', 'sigm…')
    """
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def visible(text: str) -> str:
    """A text in which nothing turns its direction, is a control character, or half of one: all �.

    >>> visible("\u202elive"), visible("a\tb")
    ('�live', 'a b')
    """
    spaced = re.sub(r"[\t\r\n]+", " ", text)
    return "".join("�" if _is_control(char) else char for char in spaced)


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs") or char in _DIRECTIONS


def suggestion(word: str, known: Iterable[str]) -> str:
    """A clause to end a message with: the nearest known word, or nothing.

    >>> suggestion("sigmoyd", ["sigmoid", "tanh"])
    " (did you mean 'sigmoid'?)"
    """
    longest = max(1, len(word) // 3)  # by what a word that was meant may be longer or shorter
    others = [one for one in known if one != word and abs(len(one) - len(word)) <= longest]
    near = get_close_matches(word, others, n=1, cutoff=0.6)
    return f" (did you mean '{near[0]}'?)" if near else ""


def guarded(problems: list[Problem], path: str, make: Callable[[], T]) -> T | None:
    """What `make` returns; its problems are noted under `path`, and None returned."""
    try:
        return make()
    except ExamgenError as error:
        problems += [problem.at(path=path) for problem in error.problems]
        return None
