"""Rounds, answers and files of progress, for tests of the store."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from grader.practice.schedule import reviewed
from grader.practice.store import Store, connections, open_store
from grader.practice.values import Attempt, Feedback, Grade, Round, Task

NOW = datetime(2026, 5, 4, 17, 0, tzinfo=timezone(timedelta(hours=2)))
TODAY = NOW.date()
DAY = timedelta(days=1)

HOSTILE = "'; DROP TABLE rounds; --\n=1+1\x00<b>\\ud800 ∂L/∂w 𝟙 \u202e"
TASK = Task(
    question="mlp-2-2-2",
    fingerprint="f" * 64,
    structure=1,
    numbers=(("w_1", "-1/2"), ("x", "3")),
    asked=("h", "dL/dw_1"),
    skill="chain",
)
FEEDBACK = Feedback(
    slot="h",
    verdict="mistake",
    reason="ReLU' was left out",
    note=HOSTILE,
    column=3,
    mistakes=("no-relu",),
    follows=("z",),
    trail=(("z", "h"), ("h", "L")),
)


@pytest.fixture(name="path")
def progress_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a progress file may come to lie, and nobody pulls a plug: no write waits for the disk.

    Tests name it `path`; a test file takes it over by importing it.
    """
    monkeypatch.setattr(connections, "SYNCHRONOUS", "OFF")
    return tmp_path / "data" / "progress.sqlite3"


def answer(text: str = "-0.125", slot: str = "h", **changes: object) -> Attempt:
    """A response with its feedback."""
    return Attempt(slot, text, replace(FEEDBACK, slot=slot, **changes), NOW)  # type: ignore[arg-type]


def practise(store: Store, now: datetime, grade: Grade = "right", skill: str = "chain") -> Round:
    """A whole round: two answers, a hint, a slot that was left, and its end."""
    one = store.begin(replace(TASK, skill=skill), now)
    store.attempted(one.id, [answer(), answer("2", "dL/dw_1", verdict="right", mistakes=())])
    store.hinted(one.id, "h", 2, now)
    store.passed(one.id, "h", now)
    standing = reviewed(store.standings().get(skill), skill, grade, False, now)
    store.closed(one.id, {skill: grade}, [standing], now)
    return one


def fill(path: Path, rounds: int = 20, days: int = 2) -> None:
    """Days of practice, the last of them today."""
    for day in reversed(range(days)):
        now = NOW - day * DAY
        with open_store(path, now) as store:
            for number in range(rounds // days):
                grade: Grade = "missed" if number % 5 == 0 else "right"
                practise(store, now + timedelta(minutes=number), grade, f"skill-{number % 7}")


def edit(path: Path, statement: str, *values: object) -> None:
    """Change the file by hand."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(statement, values)
    connection.close()
