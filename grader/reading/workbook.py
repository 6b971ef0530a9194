"""Reads the answers in a workbook (.xlsx): the first sheet that has the header.

What a workbook unpacks to is known before it is unpacked, and bounded; its parts may not declare
entities. Numbers come as the shortest text that is the same float64, whatever the decimal sign of
the others; what the spreadsheet changed (a date out of `1/2`) is a fault, never a number.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from examgen.errors import ExamgenError, Problem
from grader.arrays import Indices
from grader.reading.tabular import (
    HEADER_LINES,
    MAX_CELL,
    Rejected,
    Wanted,
    coded_texts,
    header_cell,
    marked_fault,
    marked_number,
    shortened,
    without_mark,
)

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

MAX_UNPACKED = 2**28  # bytes
MAX_TAGS = 4_000_000  # about a million cells; each takes the parser some hundred bytes
MAX_PARTS = 10_000
MAX_ROWS = 2**20  # as in the format itself
MAX_COLUMNS = 2_000
MAX_CELLS = 20_000_000
_CHUNK = 2**20
_ENTITIES = tuple("<!DOCTYPE".encode(codec) for codec in ("utf-8", "utf-16-le", "utf-16-be"))
_FORMULAS = (b"<f>", b"<f ", b":f>", b":f ")
_ERRORS = frozenset(
    ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!")
)
_OTHERS = {
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls) or one with a password",
    b"PK\x03\x04": "",
}

Value = Any  # what openpyxl makes of a cell: text, number, bool, date, None
NumberedRow = tuple[int, tuple[Value, ...]]
Cells = tuple[str, ...]


@dataclass(frozen=True)
class SheetRows:
    """The rows of a sheet, as a `Table`; `cells` `(sound rows, columns)` carry their marks."""

    header: tuple[str, ...]
    delimiter: str
    cells: tuple[Cells, ...]
    numbers: Indices
    rejected: tuple[Rejected, ...]

    def raw(self, index: int) -> str:
        """The cells of a sound row."""
        return _raw(self.cells[index])

    def read(self, columns: Sequence[int]) -> pa.Table:
        """Columns of the sound rows, dictionary-coded, each named by its place."""
        return pa.table({str(i): coded_texts([row[i] for row in self.cells]) for i in columns})

    def sample(self, count: int) -> list[tuple[str, ...]]:
        """The cells of the first sound rows, without marks."""
        return [tuple(map(without_mark, row)) for row in self.cells[:count]]


def is_workbook(raw: bytes) -> bool:
    """Whether bytes begin as a workbook does, whatever the file is called."""
    return raw[:4] in _OTHERS


def read_workbook(raw: bytes, path: Path, wanted: Wanted) -> SheetRows:
    """The rows of the first sheet with a header that is `wanted`, else of the first with any.

    Raises `ExamgenError` for what is no workbook, is damaged, or unpacks to too much.
    """
    if reason := _OTHERS.get(raw[:4]):
        raise ExamgenError(Problem(f"{reason}: save it as .xlsx or CSV", file=str(path)))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions that are not read
            return _read(raw, wanted, has_formulas=_inspect(raw))
    except ExamgenError as error:
        raise ExamgenError(problem.at(file=str(path)) for problem in error.problems) from error
    except Exception as error:  # a damaged file can fail anywhere inside zipfile or openpyxl
        message = f"not a workbook that can be read ({type(error).__name__}): save it as CSV"
        raise ExamgenError(Problem(message, file=str(path))) from error


def _inspect(raw: bytes) -> bool:
    """Refuse what unpacks to too much or declares entities; whether some sheet has formulas.

    The declared sizes bind: zipfile stops reading a part where its declared size ends.
    """
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = archive.infolist()
        if "mimetype" in archive.namelist():
            raise ExamgenError("a workbook of another program (.ods): save it as .xlsx or CSV")
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise ExamgenError(f"the workbook unpacks to more than {MAX_UNPACKED >> 20} MiB")
        texts = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
        found = [_scan(archive, part) for part in texts]
    if any(scan.entities for scan in found):
        raise ExamgenError("the workbook declares XML entities, as no spreadsheet does")
    if sum(scan.tags for scan in found) > MAX_TAGS:
        raise ExamgenError("the workbook has too many cells: save it as CSV")
    sheets = zip(texts, found, strict=True)
    return any(scan.formulas for part, scan in sheets if "worksheets/" in part.filename)


@dataclass(frozen=True)
class _Scan:
    """What stands in a part of the archive: entities, formulas, and how many tags."""

    entities: bool
    formulas: bool
    tags: int


def _scan(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> _Scan:
    """Look through a part piece by piece; parsing it would be what has to be prevented."""
    entities, formulas, tags, tail = False, False, 0, b""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            window = tail + chunk
            entities |= any(mark in window for mark in _ENTITIES)
            formulas |= any(mark in window for mark in _FORMULAS)
            tags += chunk.count(b"<")
            tail = window[-32:]
    return _Scan(entities, formulas, tags)


def _read(raw: bytes, wanted: Wanted, *, has_formulas: bool) -> SheetRows:
    from openpyxl import load_workbook

    def sheets(*, values: bool) -> list[ReadOnlyWorksheet]:
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=values, keep_links=False)
        return list(book.worksheets)

    stored = sheets(values=True)
    index, first, width = _find_header(stored, wanted)
    formulas: frozenset[tuple[int, int]] = frozenset()
    if has_formulas:  # to tell a formula without a stored value from a blank
        formulas = _formula_cells(_rows(sheets(values=False)[index], first, width))
    rows = _rows(stored[index], first, width)
    _, header = next(rows)
    return _sheet_rows(header_names(header), rows, formulas)


def header_names(values: Sequence[Value]) -> tuple[str, ...]:
    """The names of the columns, up to the last that has one."""
    return tuple(header_cell(without_mark(_text(value))) for value in values)


def _find_header(sheets: Sequence[ReadOnlyWorksheet], wanted: Wanted) -> tuple[int, int, int]:
    """Sheet, row (from 1) and width of the header."""
    fallback = None
    for index, sheet in enumerate(sheets):
        for number, values in islice(_rows(sheet, 1, MAX_COLUMNS), HEADER_LINES):
            names = header_names(values)
            while names and not names[-1]:
                names = names[:-1]
            if wanted(names):
                return index, number, len(names)
            if names and (fallback is None or len(names) > fallback[2]):
                fallback = index, number, len(names)
    if fallback is None:
        raise ExamgenError("the workbook is empty: it needs a header line")
    return fallback


def _rows(sheet: ReadOnlyWorksheet, first: int, width: int) -> Iterator[NumberedRow]:
    """Row numbers and values; what the sheet says of its own size is not believed."""
    sheet.reset_dimensions()
    values = sheet.iter_rows(min_row=1, max_row=MAX_ROWS, max_col=width, values_only=True)
    for number, row in enumerate(values, start=1):
        if number * width > MAX_CELLS and any(value is not None for value in row):
            raise ExamgenError(f"a sheet of more than {MAX_CELLS:,} cells")
        if number >= first:
            yield number, row


def _formula_cells(rows: Iterator[NumberedRow]) -> frozenset[tuple[int, int]]:
    """Row number and column of each formula; formulas over several cells are no text."""
    return frozenset(
        (number, column)
        for number, row in rows
        for column, value in enumerate(row)
        if (isinstance(value, str) and value.startswith("=")) or hasattr(value, "ref")
    )


def _sheet_rows(
    header: tuple[str, ...],
    rows: Iterator[NumberedRow],
    formulas: frozenset[tuple[int, int]],
) -> SheetRows:
    """All rows that are not empty; one with a cell that is too long is rejected."""
    cells, numbers, rejected = [], [], []
    for number, values in rows:
        texts = tuple(map(_text, values))
        if formulas:
            texts = _without_lost(texts, number, formulas)
        if max(map(len, texts), default=0) > MAX_CELL:
            longest = f"a cell of {max(map(len, texts)):,} characters"
            rejected.append(Rejected(number, _raw(texts), longest))
        elif any(texts):
            cells.append(texts)
            numbers.append(number)
    places = np.array(numbers, dtype=np.int64)
    return SheetRows(header, ",", tuple(cells), places, tuple(rejected))


def _without_lost(texts: Cells, number: int, formulas: frozenset[tuple[int, int]]) -> Cells:
    """Formulas whose value was never stored are not blank: they cannot be read."""
    reason = "a formula whose value is not stored: save the file in a spreadsheet program"
    return tuple(
        marked_fault("=…", reason) if not text and (number, column) in formulas else text
        for column, text in enumerate(texts)
    )


# --- cells --------------------------------------------------------------------------------------


def _text(value: Value) -> str:
    """A cell as marked text."""
    if value is None:
        return ""
    if type(value) is float or type(value) is int:
        return marked_number(repr(value).removesuffix(".0"))
    if isinstance(value, str):
        text = value.replace("\0", "␀")
        return marked_fault(text, "an error of the spreadsheet") if text in _ERRORS else text
    if isinstance(value, bool):
        return marked_fault(str(value).upper(), "true or false, not a number")
    return marked_fault(_moment(value), _why_moment(value))


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    return str(value)


def _why_moment(value: object) -> str:
    if isinstance(value, date) and (value.day, value.month) != (value.month, value.day):
        typed = f"{value.day}/{value.month} or {value.month}/{value.day}"
        return f"a spreadsheet made a date of it (perhaps {typed} was typed)"
    if isinstance(value, date):
        return f"a spreadsheet made a date of it (perhaps {value.day}/{value.month} was typed)"
    if isinstance(value, time | timedelta):
        return "a spreadsheet made a time of it"
    return "a kind of cell that holds no answer"


def _raw(cells: Cells) -> str:
    return shortened(",".join(map(without_mark, cells)))
