"""What a table from a file is to the grader: a header, sound rows, and rows that were rejected.

A cell may be more than its text. A workbook knows that a cell is a number, or that it made a date
of what was typed; a packed cell may be forged. Such a cell carries a mark, which begins with a NUL:
no sound text holds one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from grader.arrays import Bools, Indices

MAX_CELL = 100_000  # characters
MAX_RAW = 1_000  # characters of a rejected row that are shown
HEADER_LINES = 20  # how far down a header is looked for

Wanted = Callable[[tuple[str, ...]], bool]
"""Whether the cells of a line are a header that can be read."""

_NUMBER = "\0="
_FAULT = "\0!"


@dataclass(frozen=True)
class Rejected:
    """A row that is not graded: its place as a spreadsheet counts, its text, why, and its file.

    `file` is empty where only one file was read.
    """

    row: int
    raw: str
    reason: str
    file: str = ""


class Table(Protocol):
    """The rows of one file; `numbers` `(sound rows,)` are their places in it."""

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns, as `header_cell` writes them."""

    @property
    def delimiter(self) -> str:
        """What stands between two cells."""

    @property
    def numbers(self) -> Indices:
        """The places of the sound rows."""

    @property
    def rejected(self) -> tuple[Rejected, ...]:
        """The rows that are not sound."""

    def raw(self, index: int) -> str:
        """The text of a sound row, cut where it is long."""

    def read(self, columns: Sequence[int]) -> pa.Table:
        """Columns of the sound rows, dictionary-coded, each named by its place."""

    def sample(self, count: int) -> list[tuple[str, ...]]:
        """The first sound rows, without marks."""


def header_cell(text: str) -> str:
    """A column's name on one line, in form NFC, without what cannot be seen.

    >>> header_cell(" 101: How are\\n you? ")
    '101: How are you?'
    """
    seen = (char if unicodedata.category(char)[0] not in "CZ" else " " for char in text)
    return " ".join(unicodedata.normalize("NFC", "".join(seen)).split())


def shortened(text: str, length: int | None = None, limit: int = MAX_RAW) -> str:
    """A text with its end left out where it is long; `length` is that of the whole, in bytes."""
    text = text.replace("\0", "␀")
    if len(text) <= limit and length is None:
        return text
    return f"{text[:limit]} … ({length or len(text.encode()):,} bytes)"


# --- marks --------------------------------------------------------------------------------------


def marked_number(text: str) -> str:
    """A number that the file itself stores as one: a decimal point, whatever people wrote."""
    return _NUMBER + text


def marked_fault(text: str, reason: str) -> str:
    """A cell that cannot be read, with the reason."""
    return f"{_FAULT}{reason}\0{text}"


@dataclass(frozen=True)
class Marks:
    """Texts without their marks, and what the marks said; all `(texts,)` but `faults`."""

    texts: pa.StringArray
    is_number: Bools
    faults: dict[int, str]


def unmarked(texts: pa.StringArray) -> Marks:
    """Take the marks off."""
    marked = pc.starts_with(texts, "\0").to_numpy(zero_copy_only=False)
    is_number = np.zeros(len(texts), dtype=bool)
    if not marked.any():
        return Marks(texts, is_number, {})
    plain, faults = texts.to_pylist(), {}
    for i in np.flatnonzero(marked).tolist():
        is_number[i] = plain[i].startswith(_NUMBER)
        if not is_number[i]:
            faults[i] = plain[i].removeprefix(_FAULT).partition("\0")[0]
        plain[i] = without_mark(plain[i])
    return Marks(pa.array(plain, pa.string()), is_number, faults)


def without_mark(text: str) -> str:
    """The text itself.

    >>> without_mark(marked_fault("2026-02-01", "a date")), without_mark("1/2")
    ('2026-02-01', '1/2')
    """
    return text.removeprefix(_NUMBER).rpartition("\0")[2]


def coded_texts(texts: Sequence[str]) -> pa.DictionaryArray:
    """Texts as a dictionary column."""
    return pa.array(texts, pa.string()).dictionary_encode()


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A dictionary column as plain text, without marks."""
    chunks = [
        unmarked(chunk.dictionary).texts.take(chunk.indices)
        for chunk in column.chunks
        if len(chunk)
    ]
    return pa.chunked_array(chunks, type=pa.string())
