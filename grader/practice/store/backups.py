"""A copy of the progress file, made once on each day on which it is opened."""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime
from pathlib import Path

from grader.practice.schedule.days import day_of
from grader.practice.store import places
from grader.practice.store.connections import alone, content
from grader.practice.store.notes import Note, reason


def back_up(connection: sqlite3.Connection, path: Path, now: datetime) -> tuple[Note, ...]:
    """Copy a sound file that has anything in it, unless that was done today; a note on failure."""
    try:
        if _is_due(connection, path, now):
            with alone(path):
                if _is_due(connection, path, now):  # or another was faster
                    _make(connection, path, now)
    except (OSError, sqlite3.Error) as error:
        return (Note("no_backup", (("reason", reason(error)),)),)
    return ()


def _is_due(connection: sqlite3.Connection, path: Path, now: datetime) -> bool:
    return _has_rounds(connection) and not _is_of_today(places.backups(path)[0], now)


def _make(connection: sqlite3.Connection, path: Path, now: datetime) -> None:
    try:
        copy(connection, places.unfinished(path), now)
        _rotate(path)
    finally:
        places.unfinished(path).unlink(missing_ok=True)


def copy(connection: sqlite3.Connection, target: Path, now: datetime) -> None:
    """Write what a connection sees into a new file, made `now`, that only its owner may read."""
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    other = sqlite3.connect(target)
    try:
        connection.backup(other)
    finally:
        other.close()
    os.utime(target, (now.timestamp(), now.timestamp()))


def newest(path: Path) -> Path | None:
    """The newest backup that is sound and of a version that can be read."""
    for one in places.backups(path):
        try:
            if one.is_file() and content(one) == "ours":
                return one
        except sqlite3.Error:
            continue
    return None


def _has_rounds(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM rounds LIMIT 1").fetchone() is not None


def _is_of_today(backup: Path, now: datetime) -> bool:
    if not backup.exists():
        return False
    made = datetime.fromtimestamp(backup.stat().st_mtime, now.tzinfo)
    return day_of(made) == day_of(now)


def _rotate(path: Path) -> None:
    """The newest copy takes the first place; each other moves on by one, the last is replaced."""
    first, *rest = places.backups(path)
    for number, target in reversed([*enumerate(rest)]):
        source = places.backups(path)[number]
        if source.exists():
            source.replace(target)
    places.unfinished(path).replace(first)
