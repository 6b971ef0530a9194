"""A workbook (.xlsx) as a sheet: its first visible worksheet; all else stays as it was.

openpyxl stamps the time of saving into a file; here the times of the original stay, so that the
same marks give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from examgen.errors import ExamgenError
from grader.lms.sheets import LONGEST_CELL, MOST_CELLS, Content, Place

MOST_UNPACKED = 256 << 20
MOST_PARTS = 2_000
_CORE = "docProps/core.xml"
_TIME = re.compile(rb"(<dcterms:(created|modified)[^>]*>)([^<]*)(</dcterms:(?:created|modified)>)")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip file can tell


@dataclass(frozen=True)
class Workbook:
    """The cells of a workbook's sheet as text, and the file they were read from."""

    raw: bytes
    place: int
    rows: tuple[tuple[str, ...], ...]

    @property
    def quoted_backslash(self) -> int:
        """A workbook has no quotes."""
        return 0

    def changed(self, cells: Mapping[Place, Content], *, comma: bool) -> bytes:
        """The file with these cells changed: marks as numbers, whose sign Excel chooses."""
        book = _open(self.raw)
        sheet = book.worksheets[self.place]
        for (row, column), content in cells.items():
            cell = sheet.cell(row + 1, column + 1)
            cell.value = content
            if isinstance(content, str):
                cell.data_type = "s"  # never a formula
        stream = io.BytesIO()
        book.save(stream)
        return _timeless(stream.getvalue(), _times(self.raw))


def read_workbook(raw: bytes) -> Workbook:
    """Read a workbook; raises ExamgenError for what is none, or unpacks to too much."""
    _check_size(raw)
    book = _open(raw)
    shown = [i for i, sheet in enumerate(book.worksheets) if sheet.sheet_state == "visible"]
    if not shown:
        raise ExamgenError("the workbook has no visible sheet of cells")
    sheet = book.worksheets[shown[0]]
    if sheet.max_row * sheet.max_column > MOST_CELLS:
        raise ExamgenError(f"more than {MOST_CELLS:,} cells")
    rows = tuple(tuple(map(_text, row)) for row in sheet.iter_rows(values_only=True))
    if not any(map(any, rows)):
        raise ExamgenError("the sheet is empty")
    return Workbook(raw, shown[0], rows)


def _open(raw: bytes) -> Any:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        return load_workbook(io.BytesIO(raw))
    except (InvalidFileException, KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise ExamgenError(f"not a workbook that can be read ({error})") from error


def _check_size(raw: bytes) -> None:
    """Refuse a small file that unpacks to gigabytes before anything is unpacked."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(raw)).infolist()
    except zipfile.BadZipFile as error:
        raise ExamgenError(f"not a workbook ({error})") from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise ExamgenError(f"a workbook that unpacks to more than {MOST_UNPACKED >> 20} MiB")


def _text(value: object) -> str:
    """A cell as text: 123456, not 123456.0.

    >>> _text(12.0), _text(8.5), _text(None)
    ('12', '8.5', '')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = value.isoformat(" ") if isinstance(value, datetime) else str(value)
    if len(text) > LONGEST_CELL:
        raise ExamgenError(f"a cell of {len(text):,} characters")
    return text


def _times(raw: bytes) -> dict[bytes, bytes]:
    """When the original says that it was created and last changed."""
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        core = parts.read(_CORE) if _CORE in parts.namelist() else b""
    return {match[2]: match[3] for match in _TIME.finditer(core)}


def _timeless(raw: bytes, times: Mapping[bytes, bytes]) -> bytes:
    """The same parts with these times instead of the time of saving.

    Tags stay as they were written: the libraries that write them declare prefixes where they like.
    """

    def earlier(match: re.Match[bytes]) -> bytes:
        time = times.get(match[2])
        return b"" if time is None else match[1] + time + match[4]

    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == _CORE:
                content = _TIME.sub(earlier, content)
            info = zipfile.ZipInfo(part.filename, _LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            new.writestr(info, content)
    return stream.getvalue()
