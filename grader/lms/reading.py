"""Reads an export as a sheet: delimited text or a workbook, told apart by the first bytes."""

from __future__ import annotations

from pathlib import Path

from examgen.errors import ExamgenError
from grader.lms.sheets import Sheet, read_delimited
from grader.lms.workbook import read_workbook
from grader.reading.encodings import read_bytes

MOST_BYTES = 64 << 20


def read_sheet(path: Path, encoding: str | None = None) -> Sheet:
    """Read delimited text or a workbook, whatever the file is called.

    Raises ExamgenError for what is neither, too large, or cannot be written back as it was.
    """
    raw = read_bytes(path, MOST_BYTES)
    try:
        if raw.startswith(b"PK\x03\x04"):
            return read_workbook(raw)
        if raw.startswith(b"\xd0\xcf\x11\xe0"):
            raise ExamgenError("an old Excel file (.xls): save it as .xlsx, or download CSV")
        return read_delimited(raw, encoding)
    except ExamgenError as error:
        raise ExamgenError(problem.at(file=str(path)) for problem in error.problems) from None
