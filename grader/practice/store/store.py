"""The progress of a student in one open file: rounds, answers, standings, settings.

Every change is one transaction, on the disk before the call returns. Several processes may have
the file open; the threads of one take turns (the caller holds a lock).
"""

from __future__ import annotations

import secrets
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from examgen.errors import ExamgenError, Problem
from grader.practice.schedule import Done
from grader.practice.schedule.days import day_of
from grader.practice.schedule.standing import Standing
from grader.practice.store import codec
from grader.practice.store.file import File
from grader.practice.store.notes import Note
from grader.practice.store.rows import Rows, mistakes_in, standing_of
from grader.practice.store.schema import TEXT
from grader.practice.values import Attempt, Grade, Round, Task

MOST_RESPONSES = 500  # of one round


class Store:
    """A student's progress. `notes` grows where rows are met that make no sense."""

    def __init__(self, path: Path, connection: sqlite3.Connection, notes: Iterable[Note]) -> None:
        self.path = path
        self._file = File(path, connection)
        self._rows = Rows(self._file)
        self._notes = tuple(notes)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; nothing is left to be written."""
        self._file.close()

    @property
    def notes(self) -> tuple[str, ...]:
        """What the student ought to know of the file, in the language that was set."""
        left_out = len(self._file.skipped)
        skipped = (Note("skipped", (("count", str(left_out)),)),) if left_out else ()
        language = self.setting("language") or "en"
        return tuple(note.text(language) for note in (*self._notes, *skipped))

    # --- rounds ----------------------------------------------------------------------------------

    def begin(self, task: Task, now: datetime) -> Round:
        """A round that has just begun. A task that lay in stock is taken out of it."""
        with self._file.changing() as change:
            text = codec.written(codec.task_fields(task))
            change("DELETE FROM settings WHERE name = 'stock' AND value = ?", text)
            made = change("INSERT INTO rounds (task, begun) VALUES (?, ?)", text, now.isoformat())
        assert made.lastrowid is not None, "bug: a row was inserted"
        return Round(id=made.lastrowid, task=task, begun=now)

    def round(self, id: int) -> Round | None:  # noqa: A002 - as in Round
        """A round as far as it has come, None if there is none of this id."""
        rows = self._file.rows("SELECT id, task, begun, closed FROM rounds WHERE id = ?", id)
        return next(self._file.read("rounds", rows, self._rows.round), None)

    def open_round(self) -> Round | None:
        """The round begun last of those that have not ended."""
        rows = self._file.rows(
            "SELECT id, task, begun, closed FROM rounds WHERE closed IS NULL ORDER BY id DESC"
        )
        return next(self._file.read("rounds", rows, self._rows.round), None)

    def rounds(self) -> Iterator[Round]:
        """All rounds, first to last."""
        rows = self._file.rows("SELECT id, task, begun, closed FROM rounds ORDER BY id")
        return self._file.read("rounds", rows, self._rows.round)

    def attempted(self, id: int, attempts: Sequence[Attempt]) -> bool:  # noqa: A002
        """Keep responses; False if the round has ended. Raises ExamgenError if they are too many.

        Likewise for a response of more than 2000 characters, and for an unknown round.
        """
        with self._file.changing() as change:
            if not self._is_open(id):
                return False
            self._check_sizes(id, attempts)
            for one in attempts:
                feedback = codec.written(codec.feedback_fields(one.feedback))
                change(
                    "INSERT INTO attempts (round, slot, response, feedback, at)"
                    " VALUES (?, ?, ?, ?, ?)",
                    *(id, one.slot, one.response, feedback, one.at.isoformat()),
                )
        return True

    def hinted(self, id: int, slot: str, shown: int, now: datetime) -> bool:  # noqa: A002
        """Keep how many steps of a derivation were shown: the most; False if it has ended."""
        with self._file.changing() as change:
            if not self._is_open(id):
                return False
            change(
                "INSERT INTO hints (round, slot, shown, at) VALUES (?, ?, ?, ?) ON CONFLICT"
                " DO UPDATE SET shown = excluded.shown, at = excluded.at"
                " WHERE excluded.shown > shown",
                *(id, slot, shown, now.isoformat()),
            )
        return True

    def passed(self, id: int, slot: str, now: datetime) -> bool:  # noqa: A002
        """Keep that a slot was left as it is; False if the round has ended."""
        with self._file.changing() as change:
            if not self._is_open(id):
                return False
            change("INSERT OR IGNORE INTO passed VALUES (?, ?, ?)", id, slot, now.isoformat())
        return True

    def closed(
        self,
        id: int,  # noqa: A002
        grades: Mapping[str, Grade],
        standings: Sequence[Standing],
        now: datetime,
        skipped: bool = False,
    ) -> bool:
        """End a round with its grades and what they make of the standings, all or nothing.

        False if it had ended already; then nothing changes.
        """
        with self._file.changing() as change:
            if not self._is_open(id):
                return False
            change(
                "UPDATE rounds SET closed = ?, day = ?, skipped = ? WHERE id = ?",
                *(now.isoformat(), day_of(now).isoformat(), int(skipped), id),
            )
            for skill, grade in grades.items():
                change("INSERT OR REPLACE INTO grades VALUES (?, ?, ?)", id, skill, grade)
            for one in standings:
                text = codec.written(codec.standing_fields(one))
                change("INSERT OR REPLACE INTO standings VALUES (?, ?)", one.skill, text)
        return True

    # --- what has been done ----------------------------------------------------------------------

    def standings(self) -> dict[str, Standing]:
        """Where the student stands, by skill."""
        rows = self._file.rows("SELECT skill, standing FROM standings ORDER BY skill")
        found = self._file.read("standings", rows, standing_of)
        return {one.skill: one for one in found}

    def rounds_between(self, first: date, last: date) -> tuple[Done, ...]:
        """The rounds that ended on these days of the student's and between, by time of ending."""
        rows = self._file.rows(
            "SELECT id, task, closed, day, skipped FROM rounds WHERE day BETWEEN ? AND ?",
            *(first.isoformat(), last.isoformat()),
        )
        found = self._file.read("rounds", rows, self._rows.done)
        return tuple(sorted(found, key=lambda one: (one.closed, one.round)))

    def days(self) -> tuple[tuple[date, int, int], ...]:
        """Days with rounds, oldest first, with how many, and how many had nothing missed."""
        rows = self._file.rows(
            "SELECT day, count(*), sum(NOT EXISTS (SELECT 1 FROM grades"
            " WHERE grades.round = rounds.id AND grade = 'missed')) FROM rounds"
            " WHERE day IS NOT NULL AND NOT skipped GROUP BY day ORDER BY day"
        )
        return tuple(self._file.read("rounds", rows, lambda day, *two: (codec.read_day(day), *two)))

    def mistakes(self) -> dict[str, int]:
        """In how many answers each misconception was found; the same one twice counts once."""
        rows = self._file.rows(
            'SELECT id, round, slot, feedback FROM attempts WHERE feedback LIKE \'%"mistakes":["%\''
        )
        found = set[tuple[int, str, str]]()
        for one in self._file.read("attempts", rows, mistakes_in):
            found |= one
        return dict(Counter(name for _, _, name in sorted(found)))

    # --- settings --------------------------------------------------------------------------------

    def setting(self, name: str) -> str | None:
        """What was set under a name, None if nothing was."""
        rows = self._file.rows("SELECT value FROM settings WHERE name = ?", name)
        return str(rows[0][0]) if rows else None

    def settings(self) -> dict[str, str]:
        """All that was set."""
        return dict(self._file.rows("SELECT name, value FROM settings ORDER BY name"))

    def set(self, name: str, value: str | None) -> None:
        """Keep a setting; None takes it away."""
        with self._file.changing() as change:
            if value is None:
                change("DELETE FROM settings WHERE name = ?", name)
            else:
                change("INSERT OR REPLACE INTO settings VALUES (?, ?)", name, value)

    @property
    def seed(self) -> int:
        """A number of 18 digits, drawn by chance once and the same ever after."""
        kept = self.setting("seed") or ""
        if kept.isascii() and kept.isdigit() and len(kept) <= 18:
            return int(kept)
        with self._file.changing() as change:
            change(  # what is kept stays if another process was faster; nonsense does not
                "INSERT INTO settings VALUES ('seed', ?) ON CONFLICT DO UPDATE"
                " SET value = excluded.value WHERE value IS ?",
                *(str(secrets.randbelow(10**18)), kept),
            )
        return int(self.setting("seed") or 0)

    def next_number(self, question: str) -> int:
        """The number of a question's next variant: 0, 1, 2 … and never the same again."""
        with self._file.changing() as change:
            made = change(
                "INSERT INTO numbers VALUES (?, 1)"
                " ON CONFLICT DO UPDATE SET next = next + 1 RETURNING next - 1",
                question,
            ).fetchone()
        return int(made[0])

    def numbers(self) -> dict[str, int]:
        """The number of the next variant, by question."""
        return dict(self._file.rows("SELECT question, next FROM numbers ORDER BY question"))

    def stock(self) -> Task | None:
        """A task that was drawn ahead for the next start."""
        rows = self._file.rows("SELECT name, value FROM settings WHERE name = 'stock'")
        read = self._file.read("settings", rows, lambda _, text: codec.read_task(codec.read(text)))
        return next(read, None)

    def put(self, task: Task | None) -> None:
        """Lay a task in stock in place of the one that is there; None clears it."""
        self.set("stock", None if task is None else codec.written(codec.task_fields(task)))

    # --- bounds ----------------------------------------------------------------------------------

    def _is_open(self, number: int) -> bool:
        rows = self._file.rows("SELECT closed IS NULL FROM rounds WHERE id = ?", number)
        if not rows:
            raise ExamgenError(Problem(f"there is no round {number}", file=str(self.path)))
        return bool(rows[0][0])

    def _check_sizes(self, number: int, attempts: Sequence[Attempt]) -> None:
        [(before,)] = self._file.rows("SELECT count(*) FROM attempts WHERE round = ?", number)
        if before + len(attempts) > MOST_RESPONSES:
            raise ExamgenError(f"a round takes no more than {MOST_RESPONSES} answers")
        if any(len(one.response) > TEXT for one in attempts):
            raise ExamgenError(f"an answer has more than {TEXT:,} characters")
