"""A desk over the real bank, with a clock that stands still until it is moved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import cached_property
from pathlib import Path

from conftest import of_the_bank

from examgen.solution import expected_formula
from grader.marking.graphs import Graphs
from grader.practice.desk import Desk
from grader.practice.library import Library
from grader.practice.planner import Plan
from grader.practice.posed import pose
from grader.practice.schedule import Limits
from grader.practice.skills.catalogue import Catalogue, bank_catalogue
from grader.practice.store import Store, open_store
from grader.practice.values import Round, RoundView

ZONE = timezone(timedelta(hours=1))
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=ZONE)


@dataclass
class Clock:
    """A time that passes when it is told to."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        """The present."""
        return self.now

    def days(self, count: int) -> None:
        """Let some days pass."""
        self.now += timedelta(days=count)


@dataclass
class Student:
    """A store, a clock, and desks over them."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    works: list[Callable[[], None]] = field(default_factory=list)

    @property
    def path(self) -> Path:
        """The file that everything is kept in."""
        return self.folder / "progress.sqlite3"

    def store(self) -> Store:
        """The store, opened."""
        return open_store(self.path)

    @cached_property
    def kept(self) -> Store:
        """The store as another program sees it, beside the desks."""
        return self.store()

    def round(self, view: RoundView) -> Round:
        """The round that is shown, as it is kept."""
        found = self.kept.round(view.id)
        assert found is not None
        return found

    def right(self, view: RoundView, slot: str) -> str:
        """The right answer to a slot, as a student may write it who is told by the solution."""
        task = self.round(view).task
        template = of_the_bank(task.question)[task.structure]
        found = next(one for one in template.slots if one.id == slot)
        if found.kind == "formula":
            return expected_formula(template, found)
        return pose(task, template, "en", _unmarked).variants.printed(found, 0)

    def desk(
        self,
        topics: Sequence[str] = (),
        questions: tuple[str, ...] = (),
        limits: Limits | None = None,
        language: str = "en",
    ) -> Desk:
        """A desk; what it would do ahead is put into `works`."""
        plan = Plan(self._catalogue(topics), bank_catalogue(), limits or Limits(), questions)
        library = Library("de" if language == "de" else "en")
        return Desk(self.store(), library, plan, self.clock, self.works.append)

    @staticmethod
    def _catalogue(topics: Sequence[str]) -> Catalogue:
        bank = bank_catalogue()
        return bank.about(topics) if topics else bank


def _unmarked() -> Graphs:
    raise AssertionError("the right answer is told by the numbers, not by marking")
