"""A sound file in the place of a damaged one, with all that can still be read.

The new file starts as the newest backup; every row that the damaged file still gives, and that
makes sense, replaces the one it has. Standings follow from grades, so lost ones are reckoned anew.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from grader.practice.schedule import reviewed
from grader.practice.schedule.standing import Standing
from grader.practice.store import codec, places, schema
from grader.practice.store.backups import newest
from grader.practice.store.connections import connect
from grader.practice.store.notes import Note
from grader.practice.store.salvage import Row, salvaged
from grader.practice.store.store import Store
from grader.practice.values import Round


def rescued(path: Path, now: datetime) -> Note:
    """Mend the file at `path`; a damaged one is kept under another name, which the note tells.

    Raises OSError and sqlite3.Error, with the damaged file as it was.
    """
    new = places.unfinished(path)
    rounds = _rebuilt(path, new)
    aside = _set_aside(path, now) if path.stat().st_size else None
    for one in places.companions(path):
        one.unlink(missing_ok=True)  # a journal of the old file would be undone in the new one
    new.replace(path)
    told = (("rounds", str(rounds)), ("aside", aside.name if aside else ""))
    return Note("damaged" if aside else "restored", told)


def _set_aside(path: Path, now: datetime) -> Path:
    """A second name for a file, so that it has one at any time; or a copy, where disks lack that.

    Its journal goes with it.
    """
    aside = places.set_aside(path, now)
    try:
        os.link(path, aside)
    except OSError:
        shutil.copy2(path, aside)
    for old, kept in zip(places.companions(path), places.companions(aside), strict=True):
        if old.exists():
            shutil.copy2(old, kept)
    return aside


def _rebuilt(path: Path, new: Path) -> int:
    """Make the new file; how many rounds it holds."""
    for one in (new, *places.companions(new)):
        one.unlink(missing_ok=True)
    os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    connection = connect(new)
    try:
        _fill(connection, newest(path), path)
        return int(connection.execute("SELECT count(*) FROM rounds").fetchone()[0])
    finally:
        connection.close()


def _fill(connection: sqlite3.Connection, backup: Path | None, damaged: Path) -> None:
    if backup is not None:
        _copy_all(backup, connection)
    schema.migrate(connection, schema.MIGRATIONS)
    connection.execute("PRAGMA foreign_keys = OFF")  # rows come in any order; orphans go below
    connection.execute("BEGIN IMMEDIATE")
    for table, rows in salvaged(damaged):
        for row in rows:
            _keep(connection, table, row)
    _drop_orphans(connection)
    for one in [*_reckon_standings(Store(damaged, connection, ()))]:
        text = codec.written(codec.standing_fields(one))
        connection.execute("INSERT OR REPLACE INTO standings VALUES (?, ?)", (one.skill, text))
    connection.execute("DELETE FROM settings WHERE name IN ('seed', 'stock')")
    connection.execute("COMMIT")


def _copy_all(backup: Path, connection: sqlite3.Connection) -> None:
    source = connect(backup)
    try:
        source.backup(connection)
    finally:
        source.close()


def _keep(connection: sqlite3.Connection, table: str, row: Row) -> None:
    """Put a row in the place of the one with its key, if it makes sense."""
    columns = [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")]
    if set(columns) != set(row) or not makes_sense(table, row):
        return
    marks = ", ".join("?" * len(columns))
    try:
        connection.execute(
            f"INSERT OR REPLACE INTO {table} ({', '.join(columns)}) VALUES ({marks})",
            [row[name] for name in columns],
        )
    except (sqlite3.IntegrityError, UnicodeError):
        return  # a type, a length or a number out of bounds, or bytes that are no text


def makes_sense(table: str, row: Row) -> bool:
    """Whether a row could have been written by this program."""
    try:
        _read(table, row)
    except (codec.MeaninglessError, TypeError):  # TypeError: a number where text should be
        return False
    return True


def _read(table: str, row: Row) -> None:
    match table:
        case "rounds":
            codec.read_task(codec.read(row["task"]))
            codec.read_time(row["begun"])
            if row["closed"] is not None:
                codec.read_time(row["closed"])
                codec.read_day(row["day"])
        case "attempts":
            codec.read_feedback(row["slot"], codec.read(row["feedback"]))
            codec.read_time(row["at"])
        case "standings":
            codec.read_standing(row["skill"], codec.read(row["standing"]))
        case "grades":
            codec.read_grade(row["grade"])


def _drop_orphans(connection: sqlite3.Connection) -> None:
    """Rows whose round is lost tell nothing, nor do grades whose round's end is lost."""
    for table in schema.OF_ROUNDS:
        connection.execute(f"DELETE FROM {table} WHERE round NOT IN (SELECT id FROM rounds)")
    # a round that a backup knows as open would get its grades twice
    connection.execute(
        "DELETE FROM grades WHERE round IN (SELECT id FROM rounds WHERE closed IS NULL)"
    )


def _reckon_standings(store: Store) -> Iterator[Standing]:
    """Standings of skills of which more rounds are known than those that are there tell of."""
    known = store.standings()
    for skill, one in _replayed(store.rounds()).items():
        if skill not in known or one.rounds > known[skill].rounds:
            yield one


def _replayed(rounds: Iterable[Round]) -> dict[str, Standing]:
    """What rounds make of the standings, in the order in which they ended."""
    ended = [(one.closed, one) for one in rounds if one.closed is not None]
    standings: dict[str, Standing] = {}
    for at, one in sorted(ended, key=lambda pair: pair[0]):
        for skill, grade in one.grades.items():
            before = standings.get(skill)
            standings[skill] = reviewed(before, skill, grade, one.task.mixed, at)
    return standings
