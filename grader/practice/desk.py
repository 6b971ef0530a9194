"""What every face of practice calls: it chooses, poses, marks, explains and schedules rounds.

Each call is done when it returns: what was answered is kept. Calls may come from several threads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import wraps
from threading import RLock
from typing import Concatenate, ParamSpec, TypeVar

from examgen.errors import ExamgenError
from examgen.text import Language
from grader.practice.library import Library
from grader.practice.planner import Plan, Planner
from grader.practice.progress import progress_of
from grader.practice.schedule import Standing, reviewed
from grader.practice.skills import skill_name
from grader.practice.skills.grades import grades
from grader.practice.store import Store, export_data
from grader.practice.values import (
    LONGEST_RESPONSE,
    Attempt,
    Grade,
    Hint,
    Progress,
    Rest,
    Round,
    RoundView,
    Task,
)
from grader.practice.views import round_view

_MOST_ATTEMPTS = 200  # in one round: nobody needs them, but a program may make them


Clock = Callable[[], datetime]


def local_time() -> datetime:
    """The present, where the student is."""
    return datetime.now().astimezone()


class UnknownRoundError(ExamgenError):
    """There is no such round."""


P = ParamSpec("P")
R = TypeVar("R")


def _alone(method: Callable[Concatenate[Desk, P], R]) -> Callable[Concatenate[Desk, P], R]:
    """A method of a desk that is called once at a time."""

    @wraps(method)
    def locked(desk: Desk, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with desk.lock:
            return method(desk, *args, **kwargs)

    return locked


class Desk:
    """A student's practice. clock: the present, as a local time that knows its zone.

    ahead: runs what may be done while the student thinks; by default nothing is done ahead.
    """

    def __init__(
        self,
        store: Store,
        library: Library,
        plan: Plan,
        clock: Clock = local_time,
        ahead: Callable[[Callable[[], None]], object] | None = None,
    ) -> None:
        self._store, self._library, self._plan = store, library, plan
        self._planner = Planner(store, library, plan)
        self._clock, self._ahead = clock, ahead or (lambda work: None)
        self.lock = RLock()

    @property
    def language(self) -> Language:
        """The language of everything that is said."""
        return self._library.language

    @property
    def title(self) -> str:
        """What the instructor's set is called that is practised; empty where it is none."""
        return self._plan.title

    # --- rounds ----------------------------------------------------------------------------------

    @_alone
    def start(self) -> RoundView | Rest:
        """The round that is open, else the next one."""
        if not (resumed := self._resumed()):
            return self.next()
        found = self._round(resumed.id)
        self._ahead(lambda: self._prepare(found))
        return resumed

    @_alone
    def next(self, ahead: bool = False) -> RoundView | Rest:
        """The next round, chosen and drawn; a rest where nothing is to be done today.

        ahead: whether to go on all the same.
        """
        if resumed := self._resumed():
            return resumed
        task = self._planner.next(self._clock(), ahead)
        if isinstance(task, Rest):
            return task
        begun = self._store.begin(task, self._clock())
        self._ahead(lambda: self._prepare(begun))
        return self._view(begun)

    @_alone
    def view(self, number: int) -> RoundView:
        """A round as it is. Raises UnknownRoundError."""
        return self._view(self._round(number))

    @_alone
    def answer(self, number: int, responses: Mapping[str, str]) -> RoundView:
        """Mark responses to some slots; blank ones and those to settled slots change nothing.

        Raises UnknownRoundError.
        """
        found = self._round(number)
        posed = self._library.posed(found.task)
        new = {
            slot: _kept(text)
            for slot, text in responses.items()
            if slot in found.task.asked and not found.is_settled(slot)
        }
        marked = posed.mark(found, new) if len(found.attempts) < _MOST_ATTEMPTS else {}
        now = self._clock()
        attempts = [Attempt(slot, new[slot], said, now) for slot, said in marked.items()]
        if attempts:
            self._store.attempted(number, attempts)
        return self._view(self._settled(number))

    @_alone
    def hint(self, number: int, slot: str) -> RoundView:
        """Show the next step of the derivation of the slot that is asked; the last one settles it.

        Those of later slots speak of the answers to earlier ones. Raises UnknownRoundError.
        """
        found = self._round(number)
        if slot == found.current:
            steps = self._hints(found, slot)
            shown = min(found.hints.get(slot, 0) + 1, len(steps))
            self._store.hinted(number, slot, shown, self._clock())
            if shown == len(steps):
                self._store.passed(number, slot, self._clock())
        return self._view(self._settled(number))

    @_alone
    def leave(self, number: int, slot: str) -> RoundView:
        """Go on without a slot, as it stands. Raises UnknownRoundError."""
        found = self._round(number)
        if slot in found.task.asked and not found.is_settled(slot):
            self._store.passed(number, slot, self._clock())
        return self._view(self._settled(number))

    @_alone
    def skip(self, number: int) -> None:
        """End a round as it stands; what was answered counts. Raises UnknownRoundError."""
        self._close(self._round(number), skipped=True)

    def _round(self, number: int) -> Round:
        found = self._store.round(number)
        if found is None:
            raise UnknownRoundError(f"there is no round {number}")
        return found

    def _view(self, one: Round) -> RoundView:
        return round_view(one, self._library.posed(one.task), self._name)

    def _name(self, skill: str) -> str:
        return skill_name(skill, self.language)

    def _hints(self, one: Round, slot: str) -> Sequence[Hint]:
        posed = self._library.posed(one.task)
        return posed.hints(next(asked for asked in posed.slots if asked.id == slot), one.hints)

    def _resumed(self) -> RoundView | None:
        """The round that was left open; put aside if it is of another topic, or has changed."""
        while (found := self._store.open_round()) is not None:
            if self._planner.wants(found.task):
                with suppress(ExamgenError):
                    return self._view(self._settled(found.id))
            self._close(found, skipped=True)
        return None

    # --- the end of a round ----------------------------------------------------------------------

    def _settled(self, number: int) -> Round:
        """A round as it is now, closed if nothing is left to do."""
        found = self._round(number)
        if found.current is None and found.closed is None:
            self._close(found)
            found = self._round(number)
        return found

    def _close(self, one: Round, skipped: bool = False) -> None:
        if one.closed is not None:
            return
        now = self._clock()
        found = grades(one, self._plan.trains.skills_of(one.task.question, one.task.structure))
        self._store.closed(one.id, found, self._reviewed(one.task, found, now), now, skipped)

    def _reviewed(self, task: Task, found: Mapping[str, Grade], now: datetime) -> list[Standing]:
        standings, limits = self._store.standings(), self._planner.limits
        return [
            reviewed(standings.get(skill), skill, grade, task.mixed, now, limits)
            for skill, grade in found.items()
        ]

    # --- ahead -----------------------------------------------------------------------------------

    def get_ready(self) -> None:
        """Have what `start` will give read, drawn and prepared, so that it comes at once."""
        self._ahead(self._make_ready)

    def _make_ready(self) -> None:
        with self.lock:
            task = self._drawn_before()
            draw = None if task else self._planner.first(self._clock())
        if task is not None:
            self._library.posed(task).prepare()
        elif draw is not None:
            self._lay_in_stock(draw)

    def _drawn_before(self) -> Task | None:
        """What a session begins with if nothing is drawn: the open round, or what is in stock."""
        open_round, stock = self._store.open_round(), self._store.stock()
        there = (open_round.task if open_round else None, stock)
        return next((one for one in there if one and self._planner.wants(one)), None)

    def _prepare(self, begun: Round) -> None:
        """Make ready what marking needs, and draw what comes next if all goes well.

        Not for a round that the student has gone on from: the one after it would have to wait.
        """
        if not self._is_latest(begun):
            return
        self._library.posed(begun.task).prepare()
        with self.lock:
            draw = self._planner.foreseen(begun, self._clock())
        if draw is not None:
            self._lay_in_stock(draw)

    @_alone
    def _is_latest(self, one: Round) -> bool:
        """Whether no other round has begun since."""
        found = self._store.open_round()
        return found is None or found.id == one.id

    def _lay_in_stock(self, draw: Callable[[], Task]) -> None:
        """Draw a task and make it ready, without the lock: both take long."""
        task = draw()
        with self.lock:
            self._store.put(task)
        self._library.posed(task).prepare()

    # --- progress ---------------------------------------------------------------------------------

    @_alone
    def set_exam(self, day: date | None) -> None:
        """The day to be ready for; None for none."""
        self._store.set("exam", day.isoformat() if day else None)

    @_alone
    def export(self) -> str:
        """All that is kept of the student, as JSON."""
        return export_data(self._store)

    @_alone
    def progress(self) -> Progress:
        """Where the student stands."""
        return progress_of(self._planner, self.language, self._clock())


def _kept(text: str) -> str:
    """A response as it is kept: not too long, and nothing in it that no file can hold."""
    return text[:LONGEST_RESPONSE].encode("utf-8", "replace").decode("utf-8")
