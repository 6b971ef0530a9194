"""Writes tables: no cell a spreadsheet would run, and files that are whole or not there."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from examgen.errors import ExamgenError, Problem

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

_FORMULA = r"^[=+\-@＝＋－＠\t\r\n]"
_INSIDE = r"[;\t\r\n][\s\"]*[=+\-@＝＋－＠]"
_PLAIN_NUMBER = r"^[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?$"
# A spreadsheet that cuts cells at semicolons, as in half of Europe, sees a cell begin behind one.
_CELL_INSIDE = re.compile(
    r"([;\t\r\n][\s\"]*)(?=[=+\-@＝＋－＠])"
    r"(?![-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?[ \"]*(?:[;\t\r\n]|\Z))"
)
_NEEDS_QUOTES = r'[",\r\n]|^\s|\s$'


def guard(texts: pa.Array) -> pa.Array:
    """Texts with an apostrophe before what a spreadsheet would run; plain numbers stay numbers.

    >>> guard(pa.array(["=1+1", "-0.159"])).to_pylist()
    ["'=1+1", '-0.159']
    >>> guard(pa.array(["1;=1+1", "1;-2"])).to_pylist()
    ["1;'=1+1", '1;-2']
    """
    texts = _guard_inside(texts)
    harmless = pc.match_substring_regex(texts, _PLAIN_NUMBER)
    formula = pc.and_not(pc.match_substring_regex(texts, _FORMULA), harmless)
    return pc.if_else(formula, pc.binary_join_element_wise("'", texts, ""), texts)


def _guard_inside(texts: pa.Array) -> pa.Array:
    """The same for what another spreadsheet would take for further cells."""
    places = pc.indices_nonzero(pc.match_substring_regex(texts, _INSIDE))
    if not len(places):
        return texts
    guarded = [_CELL_INSIDE.sub(r"\1'", text) for text in texts.take(places).to_pylist()]
    mask = np.zeros(len(texts), dtype=bool)
    mask[places.to_numpy()] = True
    return pc.replace_with_mask(texts, pa.array(mask), pa.array(guarded, texts.type))


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


# --- a folder of files, whole or as it was -------------------------------------------------------

_STAGE = ".grading-"
_LOCK = "lock"
_OWNERS_FILE, _OWNERS_FOLDER = 0o600, 0o700  # what people wrote and got is nobody else's business


@contextmanager
def staged(folder: Path, replaced: Sequence[str]) -> Iterator[Path]:
    """A hidden folder whose content moves to `folder` all together at the end, and only then.

    What is named in `replaced`, a file or a folder, is of an earlier run: it goes, whether it is
    written anew or not; where anything fails it stays. All is readable by its owner alone. What a
    killed process left there is tidied up. Raises `ExamgenError` where `folder` cannot be written.
    """
    try:
        folder.mkdir(_OWNERS_FOLDER, parents=True, exist_ok=True)
        _tidy_up(folder)
        stage = Path(tempfile.mkdtemp(prefix=_STAGE, dir=folder))
    except OSError as error:
        raise _unwritable(folder, error) from error
    with (stage / _LOCK).open("wb") as lock:
        _try_lock(lock)
        try:
            new, old = stage / "new", stage / "old"
            new.mkdir()
            old.mkdir()
            yield new
            _close_to_others(new)
            _exchange(folder, new, old, replaced)
        except OSError as error:
            raise _unwritable(folder, error) from error
        finally:
            shutil.rmtree(stage, ignore_errors=True)


def keep_inputs(folder: Path, replaced: Sequence[str], inputs: Iterable[Path | None]) -> None:
    """Refuse to write to a folder where that would replace what is read; see `staged`.

    Raises ExamgenError that names every such file; those that are None are not given.
    """
    going = [(folder / name).resolve() for name in replaced]
    lost = [
        path for path in inputs if path and {path.resolve(), *path.resolve().parents} & {*going}
    ]
    if lost:
        raise ExamgenError(
            Problem(
                f"would be replaced by this run: write to another folder than {folder}", str(path)
            )
            for path in lost
        )


def _unwritable(folder: Path, error: OSError) -> ExamgenError:
    exists = isinstance(error, FileExistsError | NotADirectoryError)
    reason = "it, or a folder above it, is a file" if exists else error.strerror or error
    message = f"cannot be written: {reason}"
    return ExamgenError(Problem(message, file=str(folder)))


def _close_to_others(folder: Path) -> None:
    for path in folder.rglob("*"):
        path.chmod(_OWNERS_FOLDER if path.is_dir() else _OWNERS_FILE)


def _exchange(folder: Path, new: Path, old: Path, replaced: Sequence[str]) -> None:
    """Move the earlier files out and the new ones in; where one cannot be moved, all go back."""
    arriving = sorted(path.name for path in new.iterdir())
    try:
        for name in dict.fromkeys([*replaced, *arriving]):
            if os.path.lexists(folder / name):
                (folder / name).replace(old / name)
        for name in arriving:
            (new / name).replace(folder / name)
    except BaseException:
        _restore(folder, new, old, arriving)
        raise


def _restore(folder: Path, new: Path, old: Path, arriving: Sequence[str]) -> None:
    for name in arriving:
        if os.path.lexists(folder / name) and not os.path.lexists(new / name):
            (folder / name).replace(new / name)
    for path in old.iterdir():
        path.replace(folder / path.name)


def _tidy_up(folder: Path) -> None:
    """Remove what a process that was killed left behind, after its earlier files went back."""
    for stage in folder.glob(f"{_STAGE}*"):
        with suppress(OSError), (stage / _LOCK).open("rb") as lock:
            if _try_lock(lock):
                old = stage / "old"
                _restore(folder, stage / "new", old, [path.name for path in old.iterdir()])
                shutil.rmtree(stage, ignore_errors=True)


def _try_lock(file: BinaryIO) -> bool:
    """Whether the lock was free; it is while no running process holds it. Windows has none."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
