"""Where a student stands with one skill, and what a round changes; the memory model is FSRS.

FSRS (J. Ye, J. Su, Y. Cao, "A stochastic shortest path algorithm for optimizing spaced repetition
scheduling", KDD 2022, doi:10.1145/3534678.3539081) is told of days only, so that coming an hour
earlier than the day before changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from fsrs import Card, Rating, Scheduler, State

from grader.practice.schedule.days import day_of, start_of
from grader.practice.values import Grade, Stage

PAUSE = timedelta(minutes=10)
"""After a miss, until the skill is due again; half as long again after a round with hints."""

LONGEST_DAYS = 180
"""No interval is longer: a course lasts half a year."""

MEMORY = Scheduler(
    learning_steps=(PAUSE,),
    relearning_steps=(PAUSE,),
    maximum_interval=LONGEST_DAYS,
    enable_fuzzing=False,  # chance would make a schedule that no test could repeat
)
RATINGS: Mapping[Grade, Rating] = {
    "right": Rating.Good,
    "helped": Rating.Hard,
    "missed": Rating.Again,
}
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Standing:
    """Where a student stands with a skill that was practised at least once.

    due: when it is to be asked next. last: the day it was practised last. stability (days until
    the recall has fallen to 0.9), difficulty (1 to 10) and state (1 learning, 2 review, 3
    relearning) are those of FSRS. rounds, missed: how many, and how many of them were missed.
    begun: the first day. learned: the day since which it is, None before and after a miss.
    mastered: likewise.
    """

    skill: str
    due: datetime
    last: date
    stability: float
    difficulty: float
    state: int
    rounds: int
    missed: int
    begun: date
    learned: date | None = None
    mastered: date | None = None


def stage(standing: Standing | None) -> Stage:
    """How far a skill is."""
    if standing is None:
        return "new"
    if standing.learned is None:
        return "learning"
    return "learned" if standing.mastered is None else "mastered"


def recall(standing: Standing | None, now: datetime) -> float:
    """The chance that a round on a skill would go right now, 0 to 1, as FSRS has it; 0 if new."""
    if standing is None:
        return 0.0
    return MEMORY.get_card_retrievability(_card(standing), _noon(day_of(now)))


def practised(
    standing: Standing | None, skill: str, grade: Grade, mixed: bool, now: datetime
) -> Standing:
    """The standing after a round that ended `now`; `mixed` rounds are those not announced."""
    today = day_of(now)
    card, _ = MEMORY.review_card(_card_before(standing), RATINGS[grade], _noon(today))
    assert card.stability is not None, "bug: FSRS gives a practised card its stability"
    assert card.difficulty is not None, "bug: FSRS gives a practised card its difficulty"
    learned = _learned(standing, grade, today)
    return Standing(
        skill=skill,
        due=_due(card.due - _noon(today), now),
        last=today,
        stability=card.stability,
        difficulty=card.difficulty,
        state=card.state.value,
        rounds=(standing.rounds if standing else 0) + 1,
        missed=(standing.missed if standing else 0) + (grade == "missed"),
        begun=standing.begun if standing else today,
        learned=learned,
        mastered=_mastered(standing, grade, mixed, today) if learned else None,
    )


def _learned(before: Standing | None, grade: Grade, today: date) -> date | None:
    """A miss takes it away, hints do not give it."""
    if grade == "missed":
        return None
    known = before.learned if before else None
    return today if known is None and grade == "right" else known


def _mastered(before: Standing | None, grade: Grade, mixed: bool, today: date) -> date | None:
    """Right, not announced, without hints, on a later day than it was learned."""
    if before is None or before.learned is None:
        return None
    if before.mastered is None and mixed and grade == "right" and before.learned < today:
        return today
    return before.mastered


def _due(interval: timedelta, now: datetime) -> datetime:
    """An interval of days ends with the beginning of a day, whatever the hour of practice."""
    if interval < _ONE_DAY:
        return now + interval
    return start_of(day_of(now) + interval, now)


def _card_before(standing: Standing | None) -> Card:
    return Card(card_id=0) if standing is None else _card(standing)


def _card(standing: Standing) -> Card:
    state = State(standing.state)
    return Card(
        card_id=0,
        state=state,
        step=None if state == State.Review else 0,
        stability=standing.stability,
        difficulty=standing.difficulty,
        due=standing.due,
        last_review=_noon(standing.last),
    )


def _noon(day: date) -> datetime:
    """The time of day that FSRS is told, always the same."""
    return datetime.combine(day, time(12), UTC)
