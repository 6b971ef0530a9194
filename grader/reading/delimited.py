"""Cuts a delimited text file into rows and cells, and loses none of them.

Which line is a row is decided here, on the bytes; only rows whose quotes and cell count are in
order reach Arrow's CSV reader, every other row is handed back as rejected, with its reason. A quote
that is never closed costs its own row, not the rest of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from examgen.errors import ExamgenError, Problem
from grader.arrays import Indices
from grader.reading.encodings import NAME_IT, as_utf8
from grader.reading.headers import DELIMITERS as DELIMITERS
from grader.reading.headers import MAX_ROW, UNCLOSED, Head, find_header, line_cells
from grader.reading.scan import counts, line_spans, shown
from grader.reading.tabular import HEADER_LINES, MAX_CELL, Wanted, coded_texts
from grader.reading.tabular import Rejected as Rejected

MAX_LINES = 10_000_000
MAX_FAULTS = 200_000  # rows that cannot be read: with more of them it is no table
FEW_ROWS = 40
_QUOTED = re.compile(r'"[^"]*(?:""[^"]*)*"')


@dataclass(frozen=True)
class Rows:
    """The rows of a delimited file, as a `Table`.

    `spans` `(sound rows, 2)` are their first and last byte in `content`; `multiline` says that some
    row has a cell of several lines.
    """

    content: bytes
    header: tuple[str, ...]
    delimiter: str
    multiline: bool
    spans: Indices
    numbers: Indices
    rejected: tuple[Rejected, ...]

    def raw(self, index: int) -> str:
        """The text of a sound row, as it stands in the file."""
        return shown(self.content, self.spans[index])

    def read(self, columns: Sequence[int]) -> pa.Table:
        """Columns of the sound rows, dictionary-coded, each named by its place."""
        types = {str(i): pa.dictionary(pa.int32(), pa.string()) for i in columns}
        if not len(self.spans):
            return pa.table({name: pa.array([], kind) for name, kind in types.items()})
        few = len(self.spans) <= FEW_ROWS
        table = self._parse_few(columns) if few else self._parse(types).select(list(types))
        assert len(table) == len(self.spans), "bug: a row was lost while reading"
        return table

    def sample(self, count: int) -> list[tuple[str, ...]]:
        """The cells of the first sound rows."""
        return [
            tuple(line_cells(self.content[start:end].decode(), self.delimiter))
            for start, end in self.spans[:count].tolist()
        ]

    def _parse_few(self, columns: Sequence[int]) -> pa.Table:
        """A file a student: Arrow's reader takes longer to start than these take to read."""
        rows = self.sample(len(self.spans))
        return pa.table({str(i): coded_texts([row[i] for row in rows]) for i in columns})

    def _parse(self, types: dict[str, pa.DataType]) -> pa.Table:
        longest = int((self.spans[:, 1] - self.spans[:, 0]).max())
        return pa_csv.read_csv(
            pa.BufferReader(self._sound_text),
            read_options=pa_csv.ReadOptions(
                column_names=[str(i) for i in range(len(self.header))],
                block_size=max(2**20, 2 * longest + 2),
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


def read_rows(
    raw: bytes,
    path: Path,
    wanted: Wanted,
    encoding: str | None = None,
    otherwise: str = NAME_IT,
) -> Rows:
    """Cut the bytes of a file into rows, below the first line whose cells are `wanted`.

    Where no line is, the widest of the first lines is the header. Raises `ExamgenError` for what is
    no text, or empty.
    """
    content = as_utf8(raw, encoding, path, otherwise)
    if content.count(b"\n") > MAX_LINES:
        raise ExamgenError(Problem(f"more than {MAX_LINES:,} lines", file=str(path)))
    lines = line_spans(content)
    if not len(filled := np.flatnonzero(lines[:, 1] > lines[:, 0])):
        raise ExamgenError(Problem("the file is empty: it needs a header line", file=str(path)))
    head = find_header(content, lines, filled[: HEADER_LINES + 1], wanted, path)
    form = _RowForm(head.delimiter, len(head.cells))
    spans, numbers = _join_lines(content, lines, head, form)
    faults = _faults(content, spans, form)
    if len(faults) > MAX_FAULTS:
        first = next(iter(faults))
        message = (
            f"{len(faults):,} of its rows cannot be read: row {numbers[first]}: {faults[first]}"
        )
        raise ExamgenError(Problem(message, file=str(path)))
    rejected = (Rejected(int(numbers[i]), shown(content, spans[i]), faults[i]) for i in faults)
    sound = np.ones(len(spans), dtype=bool)
    sound[list(faults)] = False
    return Rows(
        content=content,
        header=head.cells,
        delimiter=head.delimiter,
        multiline=len(spans) < int(np.count_nonzero(filled >= head.below)),
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
        mark = re.escape(self.delimiter)
        cell = rf'(?:{_QUOTED.pattern}|[^"\n{mark}]*)'
        return re.compile(f"{cell}(?:{mark}{cell})*")

    def fault(self, text: str) -> str | None:
        """What is wrong with a row; None for a sound one."""
        if "\0" in text:
            return "it holds NUL bytes"
        if not self._sound.fullmatch(text):
            return UNCLOSED if text.count('"') % 2 else "quotes inside a cell are not doubled"
        cells = _QUOTED.sub(lambda cell: "x" * len(cell[0]), text).split(self.delimiter)
        if len(cells) != self.width:
            return f"cells: {len(cells)}, where the header has {self.width}"
        longest = max(map(len, cells))
        return f"a cell of {longest:,} characters" if longest > MAX_CELL else None


def _join_lines(
    content: bytes, lines: Indices, head: Head, form: _RowForm
) -> tuple[Indices, Indices]:
    """Rows below the header and their places: a line that opens a quote goes on until closed.

    Empty lines are no rows. Places count as a spreadsheet does: a row of several lines is one.
    """
    spans, begins = lines.copy(), np.ones(len(lines), dtype=bool)
    begins[head.first + 1 : head.below] = False
    odd = np.flatnonzero(counts(content, b'"', lines) % 2)
    for opening, closing in _pairs(content, lines, odd[odd >= head.below], form):
        spans[opening, 1] = lines[closing, 1]
        begins[opening + 1 : closing + 1] = False
    numbers = np.cumsum(begins) - head.joined
    rows = begins & (spans[:, 1] > spans[:, 0])
    rows[: head.below] = False
    return spans[rows], numbers[rows]


def _pairs(
    content: bytes, lines: Indices, odd: Indices, form: _RowForm
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


def _faults(content: bytes, spans: Indices, form: _RowForm) -> dict[int, str]:
    """What is wrong with which row, by its index; Python looks at suspicious rows only."""
    suspicious = counts(content, form.delimiter.encode(), spans) != form.width - 1
    suspicious |= counts(content, b'"', spans) > 0
    suspicious |= counts(content, b"\0", spans) > 0
    suspicious |= spans[:, 1] - spans[:, 0] > MAX_CELL
    rows = np.flatnonzero(suspicious)
    faults = zip(rows.tolist(), (_fault(content, spans[i], form) for i in rows), strict=True)
    return {row: fault for row, fault in faults if fault}


def _fault(content: bytes, span: Indices, form: _RowForm) -> str | None:
    start, end = span.tolist()
    if end - start > MAX_ROW:
        return f"a row of {end - start:,} bytes"
    return form.fault(content[start:end].decode())
