"""Where a student stands, told from a store that was filled by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from practice_desk import MONDAY

from grader.practice.library import Library
from grader.practice.planner import Plan, Planner
from grader.practice.progress import progress_of
from grader.practice.schedule import reviewed
from grader.practice.skills.catalogue import bank_catalogue
from grader.practice.store import Store, open_store
from grader.practice.values import Attempt, Feedback, Task

SEVERAL = [f"own_{letter}" for letter in "abcdefghijk"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty one."""
    with open_store(tmp_path / "progress.sqlite3") as store:
        yield store


def planner(store: Store) -> Planner:
    """Over two skills of the bank."""
    catalogue = bank_catalogue()
    return Planner(store, Library(), Plan(catalogue.about(["chain", "paths"]), catalogue))


def erred(store: Store, *mistakes: str) -> None:
    """A round with an answer to which some mistakes lead."""
    number = store.begin(Task("mlp-2-2-2", "f", 0, (), ("1",)), MONDAY).id
    said = Feedback("1", "mistake", mistakes=mistakes)
    store.attempted(number, [Attempt("1", "0", said, MONDAY)])


def test_the_most_frequent_mistakes_come_first(store: Store) -> None:
    """Those alike by their titles; ten at most; in the language that is asked for."""
    erred(store, "ascent", *SEVERAL)
    erred(store, "ascent")
    found = progress_of(planner(store), "de", MONDAY).mistakes
    assert found[:2] == (("Aufstieg statt Abstieg", 2), ("own a", 1))
    assert len(found) == 10


def test_only_what_is_offered_is_forecast(store: Store) -> None:
    """A skill that a set leaves out comes in no round, though it was trained beside others."""
    number = store.begin(Task("mlp-2-2-2", "f", 0, (), ("1",)), MONDAY).id
    trained = ("chain", "layer:skip")
    standings = [reviewed(None, skill, "right", False, MONDAY) for skill in trained]
    store.closed(number, dict.fromkeys(trained, "right"), standings, MONDAY)
    found = progress_of(planner(store), "en", MONDAY)
    assert sum(count for _, count in found.ahead) == 1


def test_who_has_not_begun_knows_nothing(store: Store) -> None:
    """Of the skills that are offered; nothing is due."""
    found = progress_of(planner(store), "en", MONDAY)
    assert [(one.id, one.stage, one.recall) for one in found.skills] == [
        ("chain", "new", 0.0),
        ("paths", "new", 0.0),
    ]
    assert found.skills[1].name == "Sum over paths"
    assert {count for _, count in found.ahead} == {0}
    assert (found.rounds_today, found.limit, found.days, found.exam) == (0, 20, (), None)
