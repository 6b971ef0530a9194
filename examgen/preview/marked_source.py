"""The text of a faulty file around its faulty lines, each with what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from examgen.errors import Problem, cut

AROUND = 3
"""Lines that are shown before and after a faulty one."""

LONGEST_LINE = 400
MOST_LINES = 400
_LINE_END = re.compile("\r\n|\r|\n")  # as the reader of YAML counts lines


@dataclass(frozen=True)
class SourceLine:
    """A line of a file, numbered from 1. gap: lines before it are left out."""

    number: int
    text: str
    messages: tuple[str, ...] = ()
    gap: bool = False


@dataclass(frozen=True)
class MarkedSource:
    """What is wrong with the file at large, and the lines with what is wrong with them."""

    general: tuple[str, ...]
    lines: tuple[SourceLine, ...]


def marked_source(text: str, problems: Sequence[Problem]) -> MarkedSource:
    """The faulty lines of a text with some lines around each, and the messages beside them."""
    written = _LINE_END.split(text)
    placed = {p for p in problems if 1 <= p.line <= len(written)}
    general = tuple(_message(p) for p in problems if p not in placed)
    shown = sorted({n for p in placed for n in _near(p.line, len(written))})[:MOST_LINES]
    return MarkedSource(
        general, tuple(_lines(shown, written, [p for p in problems if p in placed]))
    )


def _near(line: int, last: int) -> range:
    return range(max(1, line - AROUND), min(last, line + AROUND) + 1)


def _lines(
    shown: Sequence[int], written: Sequence[str], problems: Sequence[Problem]
) -> Iterator[SourceLine]:
    for before, number in pairwise((0, *shown)):
        messages = tuple(_message(p) for p in problems if p.line == number)
        text = cut(written[number - 1], LONGEST_LINE)
        yield SourceLine(number, text, messages, gap=number > before + 1)


def _message(problem: Problem) -> str:
    """The problem without the file and the line, which the page shows."""
    return str(Problem(problem.message, path=problem.path))
