"""A table file as cells, and the same file again with some cells changed and nothing else.

Delimited text keeps every other byte: encoding and its mark, delimiter, quotes, line ends. A
workbook keeps its other sheets and its styles (`grader.lms.workbook`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Protocol

from examgen.errors import ExamgenError
from grader.reading.delimited import DELIMITERS

MOST_CELLS = 5_000_000
LONGEST_CELL = 100_000  # characters

_UNQUOTED = re.compile(r'([^"\r\n]*)(?:\r\n|\n|\r|\Z)?')

Place = tuple[int, int]
"""Row and column of a cell, both from 0; the header is row 0."""
Content = float | str
"""What to put into a cell: a mark, or text that is guarded already."""

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8", "UTF-8"),
    (b"\xff\xfe", "utf-16-le", "UTF-16"),
    (b"\xfe\xff", "utf-16-be", "UTF-16"),
)


class Sheet(Protocol):
    """Rows of cells as text, the header first."""

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The cells; rows may differ in length."""

    @property
    def quoted_backslash(self) -> int:
        """The row (from 1) that holds a quoted cell ending in a backslash; 0 for none."""

    def changed(self, cells: Mapping[Place, Content], *, comma: bool) -> bytes:
        """The file with these cells changed; `comma`: marks have a decimal comma."""


def print_mark(mark: float, *, comma: bool = False) -> str:
    """A mark with two decimals.

    >>> print_mark(8.5), print_mark(8.5, comma=True)
    ('8.50', '8,50')
    """
    text = f"{mark:.2f}"
    return text.replace(".", ",") if comma else text


@dataclass(frozen=True)
class DelimitedSheet:
    """A delimited text; `starts` is the place in it where each row begins."""

    mark: bytes
    codec: str
    text: str
    delimiter: str
    rows: tuple[tuple[str, ...], ...]
    starts: tuple[int, ...] = field(repr=False)

    @property
    def quoted_backslash(self) -> int:
        """The row that holds a backslash before a quote; 0 for none."""
        place = self.text.find('\\"')
        return bisect_right(self.starts, place) if place >= 0 else 0

    def changed(self, cells: Mapping[Place, Content], *, comma: bool) -> bytes:
        """The file with these cells changed; a cell that was quoted stays quoted."""
        parts, done = [], 0
        for row, places in groupby(sorted(cells), key=lambda place: place[0]):
            spans = [match.span(1) for match in _cut(self.text, self.starts[row], self.delimiter)]
            for _, column in places:
                start, end = spans[column]
                content = cells[row, column]
                text = content if isinstance(content, str) else print_mark(content, comma=comma)
                parts += [self.text[done:start], self._cell(text, self.text[start:end])]
                done = end
        whole = "".join([*parts, self.text[done:]])
        # Only a new text can hold what an old encoding lacks; these are texts of HTML.
        return self.mark + whole.encode(self.codec, "xmlcharrefreplace")

    def _cell(self, text: str, before: str) -> str:
        special = any(sign in text for sign in (self.delimiter, '"', "\n", "\r"))
        if before.startswith('"') or special or text != text.strip():
            return '"' + text.replace('"', '""') + '"'
        return text


def read_delimited(raw: bytes, encoding: str | None) -> DelimitedSheet:
    """Cut delimited text into cells; raises ExamgenError for what could not be written back."""
    mark, codec, text = _decode(raw, encoding)
    if not text.strip():
        raise ExamgenError("the file is empty")
    if "\0" in text:
        raise ExamgenError("it holds NUL characters: name its encoding with --into-encoding")
    delimiter = max(DELIMITERS, key=lambda sign: _width(text, sign))
    rows, starts = [], []
    for start, cells in _rows(text, delimiter):
        starts.append(start)
        rows.append(cells)
    return DelimitedSheet(mark, codec, text, delimiter, tuple(rows), tuple(starts))


def _decode(raw: bytes, encoding: str | None) -> tuple[bytes, str, str]:
    """Byte order mark, codec and text of a file that reads back to the same bytes."""
    marked = ((mark, codec, name) for mark, codec, name in _MARKS if raw.startswith(mark))
    mark, codec, name = next(marked, (b"", encoding or "utf-8", encoding or "UTF-8"))
    try:
        text = raw[len(mark) :].decode(codec)
        same = mark + text.encode(codec) == raw
    except LookupError as error:
        raise ExamgenError(f"unknown encoding '{encoding}'") from error
    except UnicodeError as error:
        hint = "" if mark else ": name its encoding, for example --into-encoding cp1252"
        raise ExamgenError(f"not {name} text ({error}){hint}") from error
    if not same:
        raise ExamgenError(f"in {name} it could not be written back byte for byte")
    return mark, codec, text


def _width(text: str, delimiter: str) -> int:
    """How many cells the header has under this delimiter; 0 where it cannot be cut so."""
    try:
        return next((len(cells) for _, cells in _rows(text, delimiter) if any(cells)), 0)
    except ExamgenError:
        return 0


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Where each row begins, and its cells."""
    at = row = count = 0
    while at < len(text):
        start, row = at, row + 1
        plain = _UNQUOTED.match(text, at)
        assert plain is not None, "bug: a line may be empty"
        if text[plain.end(1) : plain.end(1) + 1] == '"':
            cut = list(_cut(text, at, delimiter))
            cells, at = tuple(map(_unquoted, cut)), cut[-1].end() if cut else -1
        else:
            cells, at = tuple(plain[1].split(delimiter)), plain.end()
        count += len(cells)
        _check_row(row, cells, at, count)
        yield start, cells


def _check_row(row: int, cells: Sequence[str], end: int, count: int) -> None:
    if end < 0:
        raise ExamgenError(f"row {row}: a quote is not closed, or not doubled inside a cell")
    if count > MOST_CELLS or max(map(len, cells)) > LONGEST_CELL:
        raise ExamgenError(f"row {row}: too large a cell, or too many cells")


def _cut(text: str, at: int, delimiter: str) -> Iterator[re.Match[str]]:
    """The cells of the row that begins at a place, quotes included, up to the end of the row.

    Nothing where the row cannot be cut.
    """
    cell, cells = _cell_pattern(delimiter), []
    while match := cell.match(text, at):
        cells.append(match)
        at = match.end()
        if match[2] != delimiter:
            yield from cells
            return


def _unquoted(cell: re.Match[str]) -> str:
    raw = cell[1]
    return raw[1:-1].replace('""', '"') if raw.startswith('"') else raw


@cache
def _cell_pattern(delimiter: str) -> re.Pattern[str]:
    return re.compile(rf'("[^"]*(?:""[^"]*)*"|(?!")[^{delimiter}\r\n]*)({delimiter}|\r\n|\n|\r|\Z)')
