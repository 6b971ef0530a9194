"""Finds the header of a delimited text: the line that names the columns, and what cuts it.

Titles, blank lines and Excel's `sep=;` may stand above it, and the questions of a form may have
line breaks.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from examgen.errors import ExamgenError, Problem
from grader.arrays import Indices
from grader.reading.scan import shown
from grader.reading.tabular import Wanted, header_cell

MAX_ROW = 1_000_000  # bytes
MAX_COLUMNS = 20_000
DELIMITERS = (",", ";", "\t")
_HEADER_SPAN = 1_000  # lines that one header may take: questions of a form have line breaks
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?', re.IGNORECASE)
UNCLOSED = "a quote is opened and never closed"


@dataclass(frozen=True)
class Head:
    """A header: its cells, what cuts it, and the lines from `first` up to `below`.

    `joined` counts the lines above it that go on in a title of several lines.
    """

    cells: tuple[str, ...]
    delimiter: str
    first: int
    below: int
    joined: int = 0


def find_header(
    content: bytes, lines: Indices, candidates: Indices, wanted: Wanted, path: Path
) -> Head:
    """The first header that is wanted, else the widest line; `candidates` are lines to look at.

    Raises `ExamgenError` for what is no text, and for a quote that is never closed.
    """
    told = _SEPARATOR_LINE.fullmatch(shown(content, lines[candidates[0]]).strip())
    delimiters = (told[1],) if told else DELIMITERS
    heads: list[Head] = []
    below = joined = 0
    for first in candidates.tolist()[1 if told else 0 :]:
        cuts = list(_cuts(content, lines, first, delimiters)) if first >= below else []
        heads += [replace(cut, joined=joined) for cut in cuts]
        if found := [head for head in heads[len(heads) - len(cuts) :] if wanted(head.cells)]:
            return found[0]
        below = max([below, *(cut.below for cut in cuts)])
        joined += sum(cut.below - cut.first - 1 for cut in cuts[:1])
    if b"\0" in content[: int(lines[candidates[-1], 1])]:
        message = "neither UTF-8 nor UTF-16 with its mark: name the encoding with --encoding"
        raise ExamgenError(Problem(message, file=str(path), line=1))
    if not heads or heads[0].first != candidates[1 if told else 0]:
        message = f"in the header {UNCLOSED}"
        raise ExamgenError(Problem(message, file=str(path), line=int(candidates[0]) + 1))
    return max(heads, key=lambda head: len(head.cells))


def _cuts(content: bytes, lines: Indices, first: int, delimiters: Sequence[str]) -> Iterator[Head]:
    """A line cut by each delimiter, the one that stands there most often first."""
    if (below := _last_line(content, lines, first) + 1) == 0:
        return
    text = content[lines[first, 0] : lines[below - 1, 1]].decode()
    for delimiter in sorted(delimiters, key=text.count, reverse=True):
        if text.count(delimiter) < MAX_COLUMNS:
            cells = tuple(header_cell(cell) for cell in line_cells(text, delimiter))
            yield Head(cells, delimiter, first, below)


def _last_line(content: bytes, lines: Indices, first: int) -> int:
    """Where the quotes that a line opens are closed, -1 where they never are."""
    start, odd = int(lines[first, 0]), False
    for line in range(first, min(first + _HEADER_SPAN, len(lines))):
        begin, end = lines[line].tolist()
        if end - start > MAX_ROW:
            return -1
        odd ^= content.count(b'"', begin, end) % 2 == 1
        if not odd:
            return line
    return -1


def line_cells(text: str, delimiter: str) -> list[str]:
    """The cells of one row."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return next(reader, [])
    except csv.Error:  # a field beyond the module's own limit
        return text.split(delimiter)
