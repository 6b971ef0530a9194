"""An open progress file: statements in, rows out; its errors are told in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

from grader.practice.store.codec import MeaninglessError
from grader.practice.store.notes import in_words

T = TypeVar("T")


class File:
    """The file at `path`. skipped: (table, key) of the rows that made no sense.

    One thread at a time: SQLite does not survive that a file is closed in the middle of a call.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.skipped: set[tuple[str, object]] = set()
        self._connection = connection
        self._lock = RLock()

    def close(self) -> None:
        """Let go of the file; nothing is left to be written."""
        with self._lock:
            self._connection.close()

    def rows(self, statement: str, *values: object) -> list[Any]:
        """All rows that a statement finds. Raises ExamgenError."""
        with self._lock, in_words(self.path):
            return self._connection.execute(statement, values).fetchall()

    def read(
        self, table: str, rows: Iterable[Sequence[Any]], make: Callable[..., T]
    ) -> Iterator[T]:
        """What rows tell; one that makes no sense is left out and counted by its first column."""
        for row in rows:
            try:
                yield make(*row)
            except MeaninglessError:
                self.skipped.add((table, row[0]))

    @contextmanager
    def changing(self) -> Iterator[Callable[..., sqlite3.Cursor]]:
        """A transaction: in the end all that it does is on the disk, or nothing of it.

        BEGIN IMMEDIATE, so that who comes second waits before it reads what the first changes.
        """
        with self._lock, in_words(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield lambda statement, *values: self._connection.execute(statement, values)
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
