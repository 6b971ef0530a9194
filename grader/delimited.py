"""Cuts a delimited text file into rows and cells, and loses none of them.

Which line is a row is decided here, on the bytes; only rows whose quotes and cell count are in
order reach Arrow's CSV reader, every other row is handed back as rejected, with its reason. A quote
that is never closed costs its own row, not the rest of the file.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
from numpy.typing import NDArray

from examgen.errors import ExamgenError, Problem

MAX_BYTES = 2**31 - 1
MAX_ROW = 1_000_000  # bytes
MAX_CELL = 100_000  # characters
MAX_RAW = 1_000  # characters of a rejected row that are shown
_WINDOW = 2**24
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)
DELIMITERS = (",", ";", "\t")
_QUOTED = re.compile(r'"[^"]*(?:""[^"]*)*"')
_UNCLOSED = "a quote is opened and never closed"

Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Rejected:
    """A row that is not graded: its place (the header is row 1), its text, and why."""

    row: int
    raw: str
    reason: str


@dataclass(frozen=True)
class Rows:
    """The rows of a file: header, delimiter, which rows are sound, and which were rejected.

    `spans` `(sound rows, 2)` are their first and last byte in `content`; `numbers` their places;
    `multiline` says that some row has a cell of several lines.
    """

    content: bytes
    header: tuple[str, ...]
    delimiter: str
    multiline: bool
    spans: Positions
    numbers: Positions
    rejected: tuple[Rejected, ...]

    def raw(self, index: int) -> str:
        """The text of a sound row, as it stands in the file."""
        return _shown(self.content, self.spans[index])

    def read(self, ids: int, coded: Sequence[int]) -> tuple[pa.ChunkedArray, pa.Table]:
        """One column as text, and others as dictionary columns; all in file order."""
        names = [str(i) for i in range(len(self.header))]
        types = {names[i]: pa.dictionary(pa.int32(), pa.string()) for i in coded}
        types[names[ids]] = pa.string()
        if not len(self.spans):
            table = pa.table({name: pa.array([], kind) for name, kind in types.items()})
        else:
            table = self._parse(names, types)
        assert len(table) == len(self.spans), "bug: a row was lost while reading"
        return table[names[ids]], table.select([names[i] for i in coded])

    def _parse(self, names: list[str], types: dict[str, pa.DataType]) -> pa.Table:
        longest = int((self.spans[:, 1] - self.spans[:, 0]).max())
        return pa_csv.read_csv(
            pa.BufferReader(self._sound_text),
            read_options=pa_csv.ReadOptions(
                column_names=names, block_size=max(2**20, 2 * longest + 2)
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=self.delimiter, newlines_in_values=self.multiline
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=types, include_columns=list(types), strings_can_be_null=False
            ),
        )

    @cached_property
    def _sound_text(self) -> pa.Buffer:
        """The sound rows one after another; not copied when no other row stands among them."""
        gaps = np.flatnonzero(self.spans[1:, 0] != self.spans[:-1, 1] + 1) + 1
        runs = np.split(self.spans, gaps)
        whole = pa.py_buffer(self.content)
        if len(runs) == 1:
            start = int(runs[0][0, 0])
            return whole.slice(start, int(runs[0][-1, 1]) - start)
        view = memoryview(self.content)
        return pa.py_buffer(b"\n".join(view[run[0, 0] : run[-1, 1]] for run in runs))


def read_rows(path: Path, key: str, encoding: str | None = None) -> Rows:
    """Cut a file into rows; its header must name the column `key`.

    Raises `ExamgenError` for what is no such file: unreadable, empty, too large, other encoding.
    """
    content = _text(_bytes(path), encoding, path)
    lines = _lines(content)
    if not len(filled := np.flatnonzero(lines[:, 1] > lines[:, 0])):
        raise ExamgenError(Problem("the file is empty: it needs a header line", file=str(path)))
    delimiter, header = _header(content, lines[filled[0]], key, path)
    form = _RowForm(delimiter, len(header))
    spans, numbers = _join_lines(content, lines, filled[0] + 1, form)
    faults = _faults(content, spans, form)
    rejected = (Rejected(int(numbers[i]), _shown(content, spans[i]), faults[i]) for i in faults)
    sound = np.ones(len(spans), dtype=bool)
    sound[list(faults)] = False
    return Rows(
        content=content,
        header=header,
        delimiter=delimiter,
        multiline=len(spans) < len(filled) - 1,
        spans=spans[sound],
        numbers=numbers[sound],
        rejected=tuple(rejected),
    )


@dataclass(frozen=True)
class _RowForm:
    """What a row of this file looks like, and what is wrong with one that does not."""

    delimiter: str
    width: int

    @cached_property
    def _sound(self) -> re.Pattern[str]:
        cell = rf'(?:{_QUOTED.pattern}|[^"\n{self.delimiter}]*)'
        return re.compile(f"{cell}(?:{self.delimiter}{cell})*")

    def fault(self, text: str) -> str | None:
        """What is wrong with a row; None for a sound one."""
        if "\0" in text:
            return "it holds NUL bytes"
        if not self._sound.fullmatch(text):
            return _UNCLOSED if text.count('"') % 2 else "quotes inside a cell are not doubled"
        cells = _QUOTED.sub(lambda cell: "x" * len(cell[0]), text).split(self.delimiter)
        if len(cells) != self.width:
            return f"cells: {len(cells)}, where the header has {self.width}"
        longest = max(map(len, cells))
        return f"a cell of {longest:,} characters" if longest > MAX_CELL else None


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ExamgenError(Problem(f"larger than {MAX_BYTES:,} bytes", file=str(path)))
        return path.read_bytes()
    except OSError as error:
        raise ExamgenError(Problem(f"cannot be read: {error.strerror}", file=str(path))) from error


def _text(raw: bytes, encoding: str | None, path: Path) -> bytes:
    """The file in UTF-8 without byte order mark, lines ending in a newline."""
    marked = next((name for mark, name in _MARKS if raw.startswith(mark)), None)
    try:
        if encoding or marked or not raw.isascii():
            raw = raw.decode(encoding or marked or "utf-8").removeprefix("\ufeff").encode()
    except LookupError as error:
        raise ExamgenError(f"unknown encoding '{encoding}'") from error
    except UnicodeError as error:
        message = f"not {encoding or marked or 'UTF-8'} ({error})"
        if not marked:
            message += ": name its encoding, for example --encoding cp1252"
        raise ExamgenError(Problem(message, file=str(path))) from error
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return raw


def _header(content: bytes, span: Positions, key: str, path: Path) -> tuple[str, tuple[str, ...]]:
    """The delimiter that cuts the header into most cells, and these cells without blanks."""
    text = _shown(content, span, MAX_CELL)
    if text.count('"') % 2:
        raise ExamgenError(Problem(f"in the header {_UNCLOSED}", file=str(path), line=1))
    cuts = [(delimiter, _header_cells(text, delimiter)) for delimiter in DELIMITERS]
    delimiter, header = max(cuts, key=lambda cut: len(cut[1]))
    if (count := header.count(key)) != 1:
        message = f"its header needs one column '{key}' and has {count}; found: {header[:8]}"
        if "␀" in text:
            message = "neither UTF-8 nor UTF-16 with its mark: name the encoding with --encoding"
        raise ExamgenError(Problem(message[:500], file=str(path), line=1))
    return delimiter, header


def _header_cells(text: str, delimiter: str) -> tuple[str, ...]:
    cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    return tuple(unicodedata.normalize("NFC", cell.strip()) for cell in cells)


def _lines(content: bytes) -> Positions:
    """First and last byte of each line, `(lines, 2)`."""
    ends = _positions(content, b"\n")
    if not content.endswith(b"\n"):
        ends = np.append(ends, len(content))
    return np.column_stack((np.concatenate(([0], ends[:-1] + 1))[: len(ends)], ends))


def _positions(content: bytes, byte: bytes) -> Positions:
    """Where a byte stands; searched window by window, so that a large file needs little memory."""
    if byte not in content:
        return np.empty(0, dtype=np.int64)
    data = np.frombuffer(content, dtype=np.uint8)
    windows = range(0, len(data), _WINDOW)
    found = (np.flatnonzero(data[at : at + _WINDOW] == ord(byte)) + at for at in windows)
    return np.concatenate(list(found))


def _counts(content: bytes, byte: bytes, spans: Positions) -> Positions:
    """How often a byte stands in each span, `(spans,)`."""
    positions = _positions(content, byte)
    counts: Positions = np.diff(np.searchsorted(positions, spans), axis=1)[:, 0]
    return counts


def _join_lines(
    content: bytes, lines: Positions, first: int, form: _RowForm
) -> tuple[Positions, Positions]:
    """Rows from line `first` on and their places: a line that opens a quote goes on until closed.

    Empty lines are no rows. Places count as a spreadsheet does: a row of several lines is one.
    """
    spans, begins = lines.copy(), np.ones(len(lines), dtype=bool)
    odd = np.flatnonzero(_counts(content, b'"', lines) % 2)
    odd = odd[odd >= first]
    for opening, closing in _pairs(content, lines, odd, form):
        spans[opening, 1] = lines[closing, 1]
        begins[opening + 1 : closing + 1] = False
    numbers = np.cumsum(begins)
    rows = begins & (spans[:, 1] > spans[:, 0])
    rows[:first] = False
    return spans[rows], numbers[rows]


def _pairs(
    content: bytes, lines: Positions, odd: Positions, form: _RowForm
) -> Iterator[tuple[int, int]]:
    """The first and last line of each row of several lines, where these make one sound row."""
    waiting = None
    for line in odd.tolist():
        if waiting is not None and lines[line, 1] - lines[waiting, 0] < MAX_CELL:
            text = content[lines[waiting, 0] : lines[line, 1]].decode()
            if form.fault(text) is None:
                yield waiting, line
                waiting = None
                continue
        waiting = line


def _faults(content: bytes, spans: Positions, form: _RowForm) -> dict[int, str]:
    """What is wrong with which row, by its index; Python looks at suspicious rows only."""
    suspicious = _counts(content, form.delimiter.encode(), spans) != form.width - 1
    suspicious |= _counts(content, b'"', spans) > 0
    suspicious |= _counts(content, b"\0", spans) > 0
    suspicious |= spans[:, 1] - spans[:, 0] > MAX_CELL
    rows = np.flatnonzero(suspicious)
    faults = zip(rows.tolist(), (_fault(content, spans[i], form) for i in rows), strict=True)
    return {row: fault for row, fault in faults if fault}


def _fault(content: bytes, span: Positions, form: _RowForm) -> str | None:
    start, end = span.tolist()
    if end - start > MAX_ROW:
        return f"a row of {end - start:,} bytes"
    return form.fault(content[start:end].decode())


def _shown(content: bytes, span: Positions, limit: int = MAX_RAW) -> str:
    """The text of a span, its end left out where it is long."""
    start, end = span.tolist()
    text = content[start : min(end, start + 4 * limit)].decode(errors="replace")
    text = text.replace("\0", "␀")
    if len(text) <= limit and start + 4 * limit >= end:
        return text
    return f"{text[:limit]} … ({end - start:,} bytes)"
