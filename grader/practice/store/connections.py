"""Connections to SQLite files, and what a file holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from grader.practice.store import schema
from grader.practice.store.notes import is_damage

PATIENCE = 5.0  # seconds to wait for another process

JOURNAL = "DELETE"
SYNCHRONOUS = "EXTRA"
"""A commit has returned only when that the journal is gone is on the disk too."""

SIGNATURE = b"SQLite format 3\0"
"""What a file of SQLite begins with (sqlite.org/fileformat2.html)."""

SHORTEST = 512
"""Bytes: what is shorter SQLite takes for an empty file, whatever it holds."""

_OF_OLD = frozenset({"rounds", "attempts", "standings"})
"""Tables that every version has."""

Content = Literal["empty", "ours", "newer", "foreign", "damaged"]


def connect(path: Path) -> sqlite3.Connection:
    """A connection whose commits are on the disk when they return; transactions are explicit."""
    return _set_up(path, f"journal_mode = {JOURNAL}", "foreign_keys = ON", "trusted_schema = OFF")


def _set_up(path: Path, *pragmas: str) -> sqlite3.Connection:
    """A connection that threads may share."""
    connection = sqlite3.connect(
        path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
    )
    connection.text_factory = readable
    try:
        for pragma in (f"synchronous = {SYNCHRONOUS}", *pragmas):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def readable(data: bytes) -> str:
    """Text, with a sign in the place of bytes that are none."""
    return data.decode("utf-8", errors="replace")


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep waiting who would do the same, or write to this file; who reads it may go on.

    A lock of SQLite's, so it ends with the process at latest.
    """
    with _looking(path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


def content(path: Path) -> Content:
    """What a file holds that is there; nothing but an unfinished transaction is undone in it.

    Raises sqlite3.Error if that cannot be found out: it is in use, or may not be opened.
    """
    try:
        with _looking(path) as connection:
            found = _content(connection)
    except UnicodeDecodeError:  # what SQLite says of damage quotes it
        return "damaged"
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            return "damaged"
        raise
    scrap = found == "empty" and 0 < path.stat().st_size < SHORTEST
    return "damaged" if scrap else found


@contextmanager
def _looking(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that writes nothing unless the last writer was killed."""
    connection = _set_up(path)
    try:
        yield connection
    finally:
        connection.close()


def _content(connection: sqlite3.Connection) -> Content:
    """By its mark and its tables first: no check of another program's file tells anything."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    mark = connection.execute("PRAGMA application_id").fetchone()[0]
    whole = schema.is_whole(connection)
    if mark != schema.APPLICATION_ID and not whole and (mark or tables):
        return "foreign"
    version, newest = schema.version(connection), len(schema.MIGRATIONS)
    if mark and version > newest:
        return "newer"
    if (version == newest and not whole) or not _is_sound(connection):
        return "damaged"
    if not tables and not mark:
        return "empty"
    known = whole or tables >= _OF_OLD
    return "ours" if known and mark == schema.APPLICATION_ID else "damaged"


def _is_sound(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
