"""Opening the progress file: looked at first, mended if it is damaged, backed up once a day.

A rollback journal rather than a write-ahead log: the log needs memory shared between processes,
which home directories on a network do not give (sqlite.org/wal.html), and whoever copies the file
while it is open would leave the newest answers behind in it. synchronous EXTRA: a commit has
returned only when the journal's end is on the disk too.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from examgen.errors import ExamgenError, Problem
from grader.practice.store import places, schema
from grader.practice.store.backups import back_up
from grader.practice.store.connections import SIGNATURE, alone, connect, content
from grader.practice.store.notes import Note, in_words
from grader.practice.store.rescue import rescued
from grader.practice.store.store import Store

OLDEST_SQLITE = (3, 37, 0)
"""The first with strict tables."""

_REFUSED: dict[str, str] = {
    "foreign": "this is no file with progress of practice; nothing in it was changed",
    "newer": "this was written by a newer version of examgen; nothing in it was changed",
}


def open_store(path: Path | None = None, now: datetime | None = None) -> Store:
    """The progress at `path` (by default in the user's data folder), begun if there is none.

    A damaged file is set aside, what can be read of it and of the last backup is kept, and the
    store's notes say so. Raises ExamgenError if the file is another program's or a newer
    version's, in use for long, or cannot be written.
    """
    path = places.real(path or places.default_path())
    now = now or datetime.now().astimezone()
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise ExamgenError(f"practice needs SQLite 3.37, this is {sqlite3.sqlite_version}")
    with in_words(path):
        _make_room(path)
        notes = _mended(path, now)
        _make_private(path)
        connection = connect(path)
    try:
        with in_words(path):
            schema.migrate(connection, schema.MIGRATIONS)
        return Store(path, connection, (*notes, *back_up(connection, path, now)))
    except BaseException:
        connection.close()
        raise


def _make_room(path: Path) -> None:
    """The folder, and a file that only its owner may read; SQLite would let others read it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and not path.is_file():
        raise ExamgenError(
            Problem("this is no file, expected one to keep progress in", file=str(path))
        )
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _make_private(path: Path) -> None:
    """What is ours only its owner may read."""
    if path.stat().st_mode & 0o077 and os.name == "posix":
        with suppress(PermissionError):  # it is another's: what is wrong with it is told later
            path.chmod(0o600)


def _mended(path: Path, now: datetime) -> tuple[Note, ...]:
    """Put a sound file in the place of one that is damaged or lost. Raises ExamgenError."""
    if not _is_broken(path):
        return ()
    with alone(places.lock(path)):
        return (rescued(path, now),) if _is_broken(path) else ()  # or another was faster


def _is_broken(path: Path) -> bool:
    """Whether a file is damaged, or lost while there are backups. Raises ExamgenError."""
    found = content(path)
    if found == "damaged" and not _may_have_been_ours(path):
        found = "foreign"
    if found in _REFUSED:
        raise ExamgenError(Problem(_REFUSED[found], file=str(path)))
    lost = found == "empty" and any(one.exists() for one in places.backups(path))
    return lost or found == "damaged"


def _may_have_been_ours(path: Path) -> bool:
    """Whether a file that SQLite cannot read is one of ours by its name, beginning or company.

    Else somebody named a file of theirs by mistake, and it stays where it is.
    """
    with path.open("rb") as handle:
        head = handle.read(len(SIGNATURE))
    begins = bool(head) and (SIGNATURE.startswith(head) or not any(head))
    has_company = any(one.exists() for one in places.backups(path))
    return begins or has_company or path.suffix == places.default_path().suffix
