"""The folder of a built exam: whose files are in it, and what an earlier build left there."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from examgen.errors import ExamgenError, Problem
from examgen.files import TEMPORARY_SUFFIX, write_atomically

SECRET = 0o600
_INNER = ("students", "print", "instructor", "instructor/solutions")
_CLOSED = _INNER[2:]
_SCREEN = ("html", "html/students")
_RECORDS = ("instructor/key.csv", "instructor/manifest.json", "answers.csv")
_TEMPORARY = re.compile(rf"\.[0-9a-f]{{16}}{re.escape(TEMPORARY_SUFFIX)}")


def prepare(folder: Path, exam_id: str, replace: bool, *, html: bool = False) -> None:
    """Make the folders, keep what a build of the same exam left, refuse or clear all else.

    html: whether those of the pages for a screen are wanted too.
    Raises ExamgenError for files of another origin, for those of another exam unless `replace`, and
    even then for collected answers; also where the folder cannot be written to.
    """
    inner = [folder / name for name in (*_INNER, *_SCREEN)]
    marker = folder / "instructor" / "exam-id.txt"
    try:
        _sweep([folder, *inner])
        before = _written_in(marker)
        if before is None and any(_foreign(folder, inner)):
            raise ExamgenError(f"{folder} holds other files; choose a folder that is empty or new")
        if before not in (None, exam_id):
            _remove(folder, inner, replace)
        for name in (*_INNER, *(_SCREEN if html else ())):
            (folder / name).mkdir(parents=True, exist_ok=True)
        for name in _CLOSED:
            (folder / name).chmod(0o700)
    except OSError as error:
        message = f"cannot be used as a folder: {error.strerror or error}"
        raise ExamgenError(Problem(message, file=str(folder))) from error
    write_atomically(marker, exam_id + "\n", SECRET)


def _sweep(folders: Sequence[Path]) -> None:
    """Remove unfinished files of a build that was killed."""
    for path in folders:
        if path.is_dir():
            for left in path.glob(f".*{TEMPORARY_SUFFIX}"):
                if _TEMPORARY.fullmatch(left.name):
                    left.unlink(missing_ok=True)


def _written_in(marker: Path) -> str | None:
    """The id of the exam that the folder holds, if it holds one."""
    if not marker.exists():
        return None
    return marker.read_text(encoding="utf-8", errors="replace").strip()


def _foreign(folder: Path, inner: Sequence[Path]) -> Iterator[Path]:
    """What stands where a build writes."""
    for path in inner:
        if path.is_dir():
            yield from (entry for entry in path.iterdir() if entry not in inner)
    if (folder / "answers.csv").exists():
        yield folder / "answers.csv"


def _remove(folder: Path, inner: Sequence[Path], replace: bool) -> None:
    """Remove what a build of another exam wrote."""
    if not replace:
        raise ExamgenError(
            f"{folder} holds an exam built from other inputs (exam file, templates, roster or "
            "version changed); give another folder, or --replace it"
        )
    if _holds_answers(folder / "answers.csv"):
        raise ExamgenError(
            f"{folder / 'answers.csv'} is filled in: move it away before the exam is replaced"
        )
    for path in inner:
        for old in (*path.glob("*.pdf"), *path.glob("*.html")):
            old.unlink()
    for name in _RECORDS:
        (folder / name).unlink(missing_ok=True)


def _holds_answers(sheet: Path) -> bool:
    """Whether anything stands beside the ids."""
    if not sheet.exists():
        return False
    with sheet.open(encoding="utf-8", errors="replace", newline="") as file:
        rows = csv.reader(file)
        next(rows, None)
        return any(cell.strip() for row in rows for cell in row[1:])
