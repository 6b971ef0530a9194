"""Writes tables: no cell a spreadsheet would run, and files that are whole or not there."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from examgen.errors import ExamgenError, Problem

_FORMULA = r"^[=+\-@\t\r\n]"
_PLAIN_NUMBER = r"^[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?$"
_NEEDS_QUOTES = r'[",\r\n]|^\s|\s$'


def guard(texts: pa.Array) -> pa.Array:
    """Texts with an apostrophe before what a spreadsheet would run; plain numbers stay numbers.

    >>> guard(pa.array(["=1+1", "-0.159"])).to_pylist()
    ["'=1+1", '-0.159']
    """
    harmless = pc.match_substring_regex(texts, _PLAIN_NUMBER)
    formula = pc.and_not(pc.match_substring_regex(texts, _FORMULA), harmless)
    return pc.if_else(formula, pc.binary_join_element_wise("'", texts, ""), texts)


def write_csv(path: Path, names: Sequence[str], blocks: Iterable[Sequence[pa.Array]]) -> None:
    """Write blocks of columns as CSV in UTF-8; a missing value is an empty cell."""
    with path.open("wb") as file:
        file.write(_lines([pa.array([name]) for name in names]))
        for columns in blocks:
            file.write(_lines(columns))


def _lines(columns: Sequence[pa.Array]) -> pa.Buffer:
    """Columns joined to lines: the text buffer of the joined array is the file's text."""
    *first, last = (_as_text(column) for column in columns)
    ended = pc.binary_join_element_wise(last, "\n", "", null_handling="replace")
    lines = pc.binary_join_element_wise(*first, ended, ",", null_handling="replace")
    assert lines.offset == 0, "bug: a slice of lines"
    _, offsets, text = lines.buffers()
    return text.slice(0, np.frombuffer(offsets, np.int32)[len(lines)]) if len(lines) else b""


def _as_text(column: pa.Array) -> pa.Array:
    """A column as CSV cells; what stands there many times is printed, guarded and quoted once."""
    if pa.types.is_dictionary(column.type):
        return _as_text(column.dictionary).take(column.indices)
    if pa.types.is_string(column.type):
        return _quoted(guard(column))
    coded = column.dictionary_encode()
    return pc.cast(coded.dictionary, pa.string()).take(coded.indices)


def _quoted(texts: pa.Array) -> pa.Array:
    needed = pc.match_substring_regex(texts, _NEEDS_QUOTES)
    if not pc.any(needed).as_py():
        return texts
    doubled = pc.replace_substring(texts, '"', '""')
    return pc.if_else(needed, pc.binary_join_element_wise('"', doubled, '"', ""), texts)


@contextmanager
def staged(folder: Path, replaced: Sequence[str]) -> Iterator[Path]:
    """A hidden folder whose content moves to `folder` all together at the end, and only then.

    What is named in `replaced`, a file or a folder, is of an earlier run: it goes, whether it is
    written anew or not. Raises `ExamgenError` where `folder` cannot be written.
    """
    stage = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=".grading-", dir=folder))
        new, old = stage / "new", stage / "old"
        new.mkdir()
        old.mkdir()
        yield new
        for name in replaced:
            if (folder / name).is_dir() or not (new / name).exists():
                _move(folder / name, old)
        for path in sorted(new.iterdir()):
            path.replace(folder / path.name)
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}"
        raise ExamgenError(Problem(message, file=str(folder))) from error
    finally:
        if stage:
            shutil.rmtree(stage, ignore_errors=True)


def _move(path: Path, folder: Path) -> None:
    if path.exists():
        path.replace(folder / path.name)
