"""Which skill comes next, and when it is due: plain values in, plain values out.

Skills that are due come first, the most forgotten before all, then new ones in teaching order.
After a miss the same skill comes again. Days and times are the student's own (`days`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import takewhile
from math import ceil
from typing import Literal

from grader.practice.schedule.days import day_of, start_of
from grader.practice.schedule.standing import Standing, practised, recall, stage
from grader.practice.values import Grade

REPEATS = 2
"""How often a missed skill comes again at once, before others get their turn."""

REVIEW_SHARE = 0.2
"""The last part of the days to an exam in which nothing new is begun, if all went to plan."""


LEAST_NEW = 2
"""So many skills may be begun a day, however far the exam: there is another after a miss."""


@dataclass(frozen=True)
class Limits:
    """How much a day holds. rounds, new (skills begun): a day. exam: the day to be ready for."""

    rounds: int = 20
    new: int = 5
    exam: date | None = None


@dataclass(frozen=True)
class Choice:
    """The skill of the next round. mixed: it is not announced.

    reason: again (it was missed just now, or another one in its round), due, new, soon (due later
    today, and nothing else is left), ahead (the student wants more than is due).
    """

    skill: str
    mixed: bool
    reason: Literal["again", "due", "new", "soon", "ahead"]


@dataclass(frozen=True)
class Done:
    """A round that has ended, in short. skill: the one it was chosen for, or empty. day: local.

    asked: ids of slots.
    """

    round: int
    question: str
    skill: str
    mixed: bool
    closed: datetime
    day: date
    skipped: bool
    grades: tuple[tuple[str, Grade], ...] = ()
    asked: tuple[str, ...] = ()

    @property
    def missed(self) -> tuple[str, ...]:
        """The skills that were missed, the one it was chosen for before all."""
        names = [skill for skill, grade in self.grades if grade == "missed"]
        return tuple(sorted(names, key=lambda name: name != self.skill))

    @property
    def clean(self) -> bool:
        """Whether nothing was missed."""
        return not self.skipped and not self.missed


# --- what is next --------------------------------------------------------------------------------


def choose(
    standings: Mapping[str, Standing],
    offered: Sequence[str],
    done: Sequence[Done],
    limits: Limits,
    now: datetime,
    ahead: bool = False,
) -> Choice | None:
    """The skill of the next round, None if there is none to be done now.

    offered: skills that may be asked, in teaching order. done: the rounds that ended today, first
    to last. ahead: beyond the limits of the day, and before anything is due.
    """
    if is_full(done, limits) and not ahead:
        return None
    at = _Situation(standings, offered, done, limits, now)
    return (
        at.again()
        or at.due()
        or at.new(at.new_left())
        or at.soon()
        or (at.ahead() if ahead else None)
    )


def is_full(done: Sequence[Done], limits: Limits) -> bool:
    """Whether today's rounds are done."""
    return rounds_of(done) >= limits.rounds


def rounds_of(done: Iterable[Done]) -> int:
    """How many rounds there were; skipped ones do not count."""
    return sum(not one.skipped for one in done)


@dataclass(frozen=True)
class _Situation:
    """All that a choice is made from."""

    standings: Mapping[str, Standing]
    offered: Sequence[str]
    done: Sequence[Done]
    limits: Limits
    now: datetime

    def again(self) -> Choice | None:
        """The skill that was missed in the last round, until it came again often enough.

        One that is not offered comes again with the skill of its round, in the same part.
        """
        last = self.done[-1] if self.done else None
        missed = (*last.missed, last.skill) if last and last.missed else ()
        skill = next((one for one in missed if one in self.offered), "")
        return Choice(skill, False, "again") if skill and self.run(skill) <= REPEATS else None

    def run(self, skill: str) -> int:
        """How many rounds in a row, the last among them, were for a skill or missed it."""
        latest = reversed(self.done)
        return len([*takewhile(lambda one: skill in (one.skill, *one.missed), latest)])

    def due(self) -> Choice | None:
        """The most forgotten skill that is due; learned ones are not announced."""
        due = [one for one in self.known() if is_due(one, self.now)]
        return self.of(self.others(due) or due, "due")

    def new(self, left: int) -> Choice | None:
        """The first skill in teaching order that was not begun, if any is left for today."""
        first = next((one for one in self.offered if one not in self.standings), None)
        return Choice(first, False, "new") if first and left > 0 else None

    def soon(self) -> Choice | None:
        """A skill that is due later today: waiting for it would teach less than asking it."""
        tomorrow = start_of(day_of(self.now) + timedelta(days=1), self.now)
        today = [one for one in self.known() if one.due < tomorrow]
        last = self.done[-1].skill if self.done else None
        other = [one for one in today if one.skill != last]  # though it was missed beside that
        return self.of(self.others(today) or other, "soon")

    def ahead(self) -> Choice | None:
        """What is next at any time: the next new skill, else what is forgotten most."""
        return self.new(1) or self.of(self.others(self.known()) or self.known(), "ahead")

    def known(self) -> list[Standing]:
        """The offered skills that were begun, in teaching order."""
        return [self.standings[skill] for skill in self.offered if skill in self.standings]

    def others(self, standings: Sequence[Standing]) -> list[Standing]:
        """Without the skill of the last round: it is not the same twice in a row."""
        last = self.done[-1] if self.done else None
        same = (last.skill, *last.missed) if last else ()
        return [one for one in standings if one.skill not in same]

    def of(
        self, standings: Sequence[Standing], reason: Literal["due", "soon", "ahead"]
    ) -> Choice | None:
        """The most forgotten one; of those alike (to a tenth) the first in teaching order."""
        if not standings:
            return None
        one = min(standings, key=lambda each: int(10 * recall(each, self.now)))
        return Choice(one.skill, stage(one) in ("learned", "mastered"), reason)

    def new_left(self) -> int:
        """How many skills may still be begun today."""
        today = day_of(self.now)
        begun = {skill for skill, one in self.standings.items() if one.begun == today}
        chosen = begun & {one.skill for one in self.done}
        waiting = sum(skill not in self.standings for skill in self.offered)
        return self.quota(today, waiting + len(chosen)) - len(chosen)

    def quota(self, today: date, waiting: int) -> int:
        """How many of the skills that were not begun before today are to be begun today."""
        days = days_for_new(self.standings.values(), self.limits.exam, today)
        if days is None:
            return self.limits.new
        return max(min(LEAST_NEW, self.limits.new), ceil(waiting / days))


def is_due(standing: Standing, now: datetime) -> bool:
    """Whether it is time; always if it was practised in what is now the future (a wrong clock)."""
    return standing.due <= now or standing.last > day_of(now)


def next_due(
    standings: Mapping[str, Standing],
    offered: Sequence[str],
    done: Sequence[Done],
    limits: Limits,
    now: datetime,
) -> datetime | None:
    """When there is something to be done again, None if that is never; for a time of rest."""
    tomorrow = start_of(day_of(now) + timedelta(days=1), now)
    times = [max(one.due, now) for skill, one in standings.items() if skill in offered]
    if any(skill not in standings for skill in offered):
        times.append(tomorrow)
    first = min(times, default=None)
    return max(first, tomorrow) if first and is_full(done, limits) else first


# --- what a round changes ------------------------------------------------------------------------


def reviewed(
    standing: Standing | None,
    skill: str,
    grade: Grade,
    mixed: bool,
    now: datetime,
    limits: Limits = Limits(),
) -> Standing:
    """The standing after a round that ended `now`; it is due again before the exam."""
    after = practised(standing, skill, grade, mixed, now)
    latest = last_look(after.begun, limits.exam, day_of(now))
    return after if latest is None else replace(after, due=min(after.due, start_of(latest, now)))


# --- the days to an exam -------------------------------------------------------------------------


def review_days(begun: date, exam: date) -> int:
    """How many days before the exam are for review: a fifth of all since the first, at least one.

    >>> review_days(date(2026, 5, 1), date(2026, 5, 31))
    6
    """
    return max(1, round(REVIEW_SHARE * (exam - begun).days))


def last_look(begun: date, exam: date | None, today: date) -> date | None:
    """The day by which a skill practised today is due again for an exam, None if there is none.

    That is when its days for review begin, so that each is looked at once more in these, and
    during them the exam: all of them on the last day would be too many.
    """
    if exam is None or today >= exam:
        return None
    first = exam - timedelta(days=review_days(begun, exam))
    return first if first > today else exam


def days_for_new(standings: Iterable[Standing], exam: date | None, today: date) -> int | None:
    """Over how many days the new skills are spread, today included; None without an exam ahead.

    The days for review are kept free while the others last; who is late gets those too.
    """
    if exam is None or today >= exam:
        return None
    begun = min((one.begun for one in standings), default=today)
    left = (exam - today).days
    return left - review_days(begun, exam) if left > review_days(begun, exam) else left


# --- looking ahead -------------------------------------------------------------------------------


def forecast(
    standings: Mapping[str, Standing], now: datetime, days: int = 14
) -> tuple[tuple[date, int], ...]:
    """How many skills are due on each of the coming days, today first with what is overdue."""
    today = day_of(now)
    due = Counter(max(day_of(one.due.astimezone(now.tzinfo)), today) for one in standings.values())
    coming = (today + timedelta(days=ahead) for ahead in range(days))
    return tuple((day, due[day]) for day in coming)
