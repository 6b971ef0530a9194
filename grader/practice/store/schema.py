"""The tables of the progress file and how a file of an older version becomes one of this."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import cache

APPLICATION_ID = 0x45474E50
"""`EGNP`: the mark at byte 68 by which a file is known to be ours (sqlite.org/fileformat.html)."""

TEXT = 2_000  # characters of a response and of the other short texts
DOCUMENT = 100_000  # characters of a value that is kept as JSON

_FIRST = f"""
CREATE TABLE settings (
  name TEXT PRIMARY KEY CHECK (length(name) <= {TEXT}),
  value TEXT NOT NULL CHECK (length(value) <= {DOCUMENT})
) STRICT;
CREATE TABLE numbers (
  question TEXT PRIMARY KEY CHECK (length(question) <= {TEXT}),
  next INTEGER NOT NULL
) STRICT;
CREATE TABLE rounds (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  task TEXT NOT NULL CHECK (length(task) <= {DOCUMENT}),
  begun TEXT NOT NULL,
  closed TEXT,
  day TEXT,
  skipped INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX rounds_by_day ON rounds (day);
CREATE TABLE attempts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  round INTEGER NOT NULL REFERENCES rounds (id),
  slot TEXT NOT NULL CHECK (length(slot) <= {TEXT}),
  response TEXT NOT NULL CHECK (length(response) <= {TEXT}),
  feedback TEXT NOT NULL CHECK (length(feedback) <= {DOCUMENT}),
  at TEXT NOT NULL
) STRICT;
CREATE INDEX attempts_by_round ON attempts (round);
CREATE TABLE hints (
  round INTEGER NOT NULL REFERENCES rounds (id),
  slot TEXT NOT NULL CHECK (length(slot) <= {TEXT}),
  shown INTEGER NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (round, slot)
) STRICT;
CREATE TABLE passed (
  round INTEGER NOT NULL REFERENCES rounds (id),
  slot TEXT NOT NULL CHECK (length(slot) <= {TEXT}),
  at TEXT NOT NULL,
  PRIMARY KEY (round, slot)
) STRICT;
CREATE TABLE grades (
  round INTEGER NOT NULL REFERENCES rounds (id),
  skill TEXT NOT NULL CHECK (length(skill) <= {TEXT}),
  grade TEXT NOT NULL,
  PRIMARY KEY (round, skill)
) STRICT;
CREATE TABLE standings (
  skill TEXT PRIMARY KEY CHECK (length(skill) <= {TEXT}),
  standing TEXT NOT NULL CHECK (length(standing) <= {DOCUMENT})
) STRICT;
"""

MIGRATIONS: tuple[str, ...] = (_FIRST,)
"""What takes a file from each version to the next: the first makes version 1 of an empty one."""

TABLES: tuple[str, ...] = (
    "settings",
    "numbers",
    "rounds",
    "attempts",
    "hints",
    "passed",
    "grades",
    "standings",
)
"""Those of the newest version."""

OF_ROUNDS = ("attempts", "hints", "passed", "grades")
"""Tables whose rows belong to a round."""


def version(connection: sqlite3.Connection) -> int:
    """The version of a file, 0 if it is empty."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def is_whole(connection: sqlite3.Connection) -> bool:
    """Whether a file says of its tables, word by word, all that one of the newest version does."""
    return _declared_by(MIGRATIONS) <= _declared(connection)


def _declared(connection: sqlite3.Connection) -> frozenset[str]:
    statements = connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")
    return frozenset(statement for (statement,) in statements)


@cache
def _declared_by(migrations: tuple[str, ...]) -> frozenset[str]:
    fresh = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(fresh, migrations)
        return _declared(fresh)
    finally:
        fresh.close()


def migrate(connection: sqlite3.Connection, migrations: Sequence[str]) -> None:
    """Bring a file to the newest version, in one transaction: all of it or nothing."""
    if version(connection) >= len(migrations):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for script in migrations[version(connection) :]:  # read again: another may have been first
            for statement in statements(script):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def statements(script: str) -> list[str]:
    """The statements of a script, one by one: run as a whole it would end the transaction.

    >>> statements("CREATE TABLE a (b); DROP TABLE c;")
    ['CREATE TABLE a (b);', 'DROP TABLE c;']
    """
    found, rest = [], ""
    for piece in script.split(";")[:-1]:
        rest += f"{piece};"
        if sqlite3.complete_statement(rest):
            found.append(rest.strip())
            rest = ""
    return found
