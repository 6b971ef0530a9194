"""Which skill comes next and when: limits, order, mixing, mastery, the days to an exam."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.practice.schedule.choosing import (
    Choice,
    Done,
    Limits,
    Standing,
    choose,
    days_for_new,
    forecast,
    last_look,
    next_due,
    recall,
    review_days,
    reviewed,
    stage,
)
from grader.practice.schedule.days import day_of, start_of
from grader.practice.values import Grade

ZONE = timezone(timedelta(hours=2))
NOW = datetime(2026, 5, 4, 17, 0, tzinfo=ZONE)
TODAY = NOW.date()
SKILLS = tuple(f"skill-{number:02}" for number in range(25))
DAY = timedelta(days=1)


@dataclass
class Student:
    """One who practises: their standings, what they did, and how each round goes."""

    grade: Callable[[Choice], Grade]
    limits: Limits = field(default_factory=lambda: Limits(new=3))
    offered: Sequence[str] = SKILLS
    standings: dict[str, Standing] = field(default_factory=dict)
    done: list[Done] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def today(self, now: datetime) -> list[Done]:
        """The rounds of the day."""
        return [one for one in self.done if one.day == day_of(now)]

    def choice(self, now: datetime, ahead: bool = False) -> Choice | None:
        """What would be next."""
        return choose(self.standings, self.offered, self.today(now), self.limits, now, ahead)

    def play(self, choice: Choice, grade: Grade, now: datetime, also: Sequence[str] = ()) -> None:
        """A round of a choice, with what became of it; `also` skills went the same way."""
        grades = tuple((skill, grade) for skill in (choice.skill, *also))
        for skill, one in grades:
            before = self.standings.get(skill)
            self.standings[skill] = reviewed(before, skill, one, choice.mixed, now, self.limits)
        number = len(self.done)
        done = Done(number, "q", choice.skill, choice.mixed, now, day_of(now), False, grades)
        self.done.append(done)
        self.reasons.append(choice.reason)

    def skip(self, choice: Choice, now: datetime) -> None:
        """A round that was not done."""
        number = len(self.done)
        self.done.append(Done(number, "q", choice.skill, choice.mixed, now, day_of(now), True))

    def study(self, now: datetime) -> list[Done]:
        """Practise until there is nothing left today."""
        for _ in range(200):
            choice = self.choice(now)
            if choice is None:
                return self.today(now)
            self.play(choice, self.grade(choice), now)
            now += timedelta(minutes=4)
        raise AssertionError("a day does not end")


def always(grade: Grade) -> Callable[[Choice], Grade]:
    """A student with whom every round goes the same way."""
    return lambda _: grade


def by_chance(seed: int, right: float, helped: float = 0.1) -> Callable[[Choice], Grade]:
    """A student who is right in this share of the rounds."""
    random = Random(seed)

    def grade(_: Choice) -> Grade:
        drawn = random.random()
        return "right" if drawn < right else "helped" if drawn < right + helped else "missed"

    return grade


def after(*grades: Grade, mixed: bool = False, days: int = 0) -> Standing:
    """A standing after rounds at intervals of so many days."""
    found: Standing | None = None
    for number, grade in enumerate(grades):
        found = reviewed(found, "a", grade, mixed, NOW + number * days * DAY)
    assert found is not None
    return found


# --- days ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hour", "day"), [(3, 3), (4, 4), (23, 4)])
def test_a_day_ends_at_four_in_the_morning(hour: int, day: int) -> None:
    """Whoever practises past midnight still has the same day."""
    assert day_of(NOW.replace(hour=hour, minute=59 if hour == 3 else 0)) == date(2026, 5, day)
    assert start_of(date(2026, 5, day), NOW) == datetime(2026, 5, day, 4, tzinfo=ZONE)


# --- one skill -----------------------------------------------------------------------------------


def test_the_first_rounds_are_those_of_fsrs() -> None:
    """Good, Hard and Again of a new card with the default parameters of FSRS 6."""
    right, helped, missed = after("right"), after("helped"), after("missed")
    assert [right.stability, helped.stability, missed.stability] == [2.3065, 1.2931, 0.212]
    assert right.due == start_of(TODAY + 2 * DAY, NOW)
    assert helped.due == NOW + timedelta(minutes=15)
    assert missed.due == NOW + timedelta(minutes=10)
    assert [stage(one) for one in (None, right, helped, missed)] == [
        *("new", "learned", "learning", "learning")
    ]
    assert (missed.rounds, missed.missed, right.rounds, right.missed) == (1, 1, 1, 0)


def test_an_hour_earlier_is_still_the_next_day() -> None:
    """Intervals count days of the student's, so the hour of practice changes nothing."""
    first = reviewed(None, "a", "right", False, NOW)
    early, late = (
        reviewed(first, "a", "right", True, NOW + 2 * DAY + timedelta(hours=hours))
        for hours in (-9, 5)
    )
    assert early == late
    assert early.due > NOW + 6 * DAY


def test_recall_falls_and_is_nothing_for_a_new_skill() -> None:
    """To 0.9 when the skill is due, as FSRS means it; and it is the same at every call."""
    standing = after("right", "right", days=2)
    falling = [recall(standing, NOW + days * DAY) for days in range(2, 30)]
    assert recall(None, NOW) == 0.0
    assert falling[0] == 1.0
    assert falling == sorted(falling, reverse=True)
    assert recall(standing, standing.due) == pytest.approx(0.9, abs=0.01)
    assert after("right", "right", days=2) == standing


def test_mastery_needs_a_mixed_round_without_help_on_a_later_day() -> None:
    """Everything less leaves it learned, and a miss takes both away."""
    learned = after("right")
    later = NOW + 3 * DAY
    assert stage(reviewed(learned, "a", "right", True, NOW)) == "learned"
    assert stage(reviewed(learned, "a", "right", False, later)) == "learned"
    assert stage(reviewed(learned, "a", "helped", True, later)) == "learned"
    mastered = reviewed(learned, "a", "right", True, later)
    assert stage(mastered) == "mastered"
    assert mastered.mastered == later.date()
    assert stage(reviewed(mastered, "a", "helped", True, later + 9 * DAY)) == "mastered"
    missed = reviewed(mastered, "a", "missed", True, later + 9 * DAY)
    assert stage(missed) == "learning"
    again = reviewed(missed, "a", "right", True, later + 10 * DAY)
    assert stage(again) == "learned", "it has to be shown anew"


@given(grades=st.lists(st.sampled_from(get_args(Grade)), min_size=1, max_size=30), days=st.data())
def test_any_history_gives_a_standing_that_makes_sense(
    grades: list[Grade], days: st.DataObject
) -> None:
    """Due after now and within half a year; stages as they are defined."""
    standing, now = None, NOW
    for grade in grades:
        now += days.draw(st.integers(0, 400)) * DAY
        standing = reviewed(standing, "a", grade, days.draw(st.booleans()), now)
        assert now < standing.due <= now + 181 * DAY
        assert 0 < recall(standing, now + DAY) <= 1
        assert 1 <= standing.difficulty <= 10
        assert stage(standing) == "learning" or grade != "missed"
        assert standing.mastered is None or standing.learned < standing.mastered  # type: ignore[operator]
    assert standing is not None
    assert standing.rounds == len(grades)
    assert standing.missed == grades.count("missed")


# --- what is next --------------------------------------------------------------------------------


def test_new_skills_come_in_teaching_order_and_only_so_many_a_day() -> None:
    """Three on the first day, the next three on the second."""
    student = Student(always("right"))
    assert [one.skill for one in student.study(NOW)] == [*SKILLS[:3]]
    second = student.study(NOW + DAY)
    assert [one.skill for one in second] == [*SKILLS[3:6]]
    assert student.choice(NOW + DAY + timedelta(hours=1)) is None


def test_a_missed_skill_comes_again_twice_and_then_others_have_their_turn() -> None:
    """And it comes back when ten minutes have passed."""
    student = Student(always("missed"), Limits(rounds=7))
    done = student.study(NOW)
    first, second = SKILLS[:2]
    assert [one.skill for one in done] == [first, first, first, *(second,) * 3, first]
    assert student.reasons == ["new", "again", "again", "new", "again", "again", "due"]
    assert not any(one.mixed for one in done)


def test_another_skill_that_was_missed_on_the_way_comes_next() -> None:
    """If the one that the round was for went well."""
    student = Student(always("right"))
    student.play(Choice(SKILLS[5], True, "due"), "right", NOW)
    last = replace(student.done[0], grades=((SKILLS[5], "right"), (SKILLS[1], "missed")))
    assert choose({}, SKILLS, [last], Limits(), NOW) == Choice(SKILLS[1], False, "again")
    both = replace(last, grades=((SKILLS[1], "missed"), (SKILLS[5], "missed")))
    assert choose({}, SKILLS, [both], Limits(), NOW) == Choice(SKILLS[5], False, "again")


def test_what_is_not_offered_comes_again_with_the_skill_of_its_round() -> None:
    """At most twice as well; not where all went well, nor where that skill is not offered now."""
    student = Student(always("right"), offered=SKILLS[2:])
    for reason in ("again", "again", "new"):
        student.play(Choice(SKILLS[5], False, "due"), "right", NOW)
        student.done[-1] = replace(student.done[-1], grades=((SKILLS[1], "missed"),))
        choice = student.choice(NOW)
        assert choice is not None
        assert choice.reason == reason
        assert (choice.skill == SKILLS[5]) == (reason == "again")
    first = [student.done[0]]
    assert choose({}, SKILLS[6:], first, Limits(), NOW) == Choice(SKILLS[6], False, "new")
    right = replace(student.done[0], grades=((SKILLS[5], "right"),))
    assert choose({}, SKILLS[2:], [right], Limits(), NOW) == Choice(SKILLS[2], False, "new")


def test_learned_skills_are_mixed_and_the_most_forgotten_comes_first() -> None:
    """What is due is not announced; new ones come after it."""
    student = Student(always("right"))
    student.study(NOW)
    student.standings[SKILLS[2]] = replace(
        after("missed", "right"), skill=SKILLS[2], due=NOW, stability=0.3
    )
    done = student.study(NOW + 5 * DAY)
    assert [one.skill for one in done[:3]] == [SKILLS[2], SKILLS[0], SKILLS[1]]
    assert [one.mixed for one in done] == [True] * 3 + [False] * 3
    assert student.reasons[3:] == ["due"] * 3 + ["new"] * 3
    assert stage(student.standings[SKILLS[0]]) == "mastered"


def test_what_is_due_later_today_is_asked_when_nothing_else_is_left() -> None:
    """A round with hints is due again in fifteen minutes; two of them need no wait."""
    grades = iter(["helped", "helped", "right", "right"])
    student = Student(lambda _: next(grades), offered=SKILLS[:2])  # type: ignore[arg-type,return-value]
    assert [one.skill for one in student.study(NOW)] == [*SKILLS[:2], *SKILLS[:2]]
    assert student.reasons == ["new", "new", "soon", "soon"]


def test_of_skills_that_were_all_missed_another_one_comes_at_once() -> None:
    """Though the last round missed it, too: a rest of ten minutes would teach less."""
    student = Student(always("right"), Limits(new=2), offered=SKILLS[:2])
    first, second = (Choice(skill, False, "new") for skill in SKILLS[:2])
    for choice in (first, second, second, second):
        student.play(choice, "missed", NOW, (SKILLS[0],) if choice is second else ())
    assert student.choice(NOW) == Choice(SKILLS[0], False, "soon")


def test_a_single_skill_waits_for_its_pause() -> None:
    """After three misses there is a rest, and its end is told."""
    student = Student(always("missed"), offered=SKILLS[:1])
    done = student.study(NOW)
    assert len(done) == 3
    pause = done[-1].closed + timedelta(minutes=10)
    now = done[-1].closed + timedelta(minutes=1)
    assert next_due(student.standings, SKILLS[:1], done, student.limits, now) == pause
    assert student.choice(pause) == Choice(SKILLS[0], False, "due")


def test_the_limit_holds_unless_the_student_wants_more() -> None:
    """Skipped rounds do not count; what is beyond the limit begins with new skills."""
    student = Student(always("right"), Limits(rounds=2))
    first = student.choice(NOW)
    assert first is not None
    student.skip(first, NOW)
    assert len(student.study(NOW)) == 3
    assert student.choice(NOW) is None
    assert next_due(student.standings, SKILLS, student.done, student.limits, NOW) == start_of(
        TODAY + DAY, NOW
    )
    assert student.choice(NOW, ahead=True) == Choice(SKILLS[2], False, "new")


def test_ahead_ends_only_when_nothing_is_offered() -> None:
    """When all is learned the most forgotten is asked before it is due, not the last one again."""
    student = Student(always("right"), offered=SKILLS[:2])
    student.study(NOW)
    assert student.choice(NOW) is None
    assert student.choice(NOW, ahead=True) == Choice(SKILLS[0], True, "ahead")
    student.offered = ()
    assert student.choice(NOW, ahead=True) is None
    assert next_due(student.standings, (), student.done, student.limits, NOW) is None


def test_a_skipped_skill_is_not_the_next() -> None:
    """Unless there is no other."""
    student = Student(always("right"), offered=SKILLS[:2])
    student.study(NOW)
    later = NOW + 3 * DAY
    student.skip(Choice(SKILLS[0], True, "due"), later)
    assert student.choice(later) == Choice(SKILLS[1], True, "due")
    student.offered = SKILLS[:1]
    assert student.choice(later) == Choice(SKILLS[0], True, "due")


def test_a_clock_that_was_wrong_once_hides_no_skill_for_years() -> None:
    """A skill practised in what is now the future is due."""
    ahead = reviewed(None, SKILLS[0], "right", False, NOW + 5000 * DAY)
    assert choose({SKILLS[0]: ahead}, SKILLS[:1], [], Limits(), NOW) == Choice(
        SKILLS[0], True, "due"
    )


# --- whole courses -------------------------------------------------------------------------------


@given(
    seed=st.integers(0, 10**6),
    right=st.sampled_from([0.2, 0.5, 0.8, 1.0]),
    limits=st.builds(
        Limits,
        rounds=st.integers(1, 20),
        new=st.integers(1, 5),
        exam=st.none() | st.integers(1, 30).map(lambda days: TODAY + days * DAY),
    ),
)
def test_no_day_holds_more_than_its_limit_and_no_interval_passes_the_exam(
    seed: int, right: float, limits: Limits
) -> None:
    """Whatever the student, the limits and the date."""
    student = Student(by_chance(seed, right), limits, offered=SKILLS[:12])
    for number in range(12):
        now = NOW + number * DAY
        done = student.study(now)
        assert len(done) <= limits.rounds
        begun = {one.skill for one in done} & {
            skill for skill, one in student.standings.items() if one.begun == day_of(now)
        }
        if limits.exam is None or limits.exam <= day_of(now):
            assert len(begun) <= limits.new
        else:
            latest = start_of(limits.exam, now)
            assert all(one.due <= latest for one in student.standings.values())
    for one, following in zip(student.done, student.done[1:], strict=False):
        again = one.skill == following.skill and one.day == following.day
        assert not (again and following.mixed), "a skill that is not announced is not asked twice"


@given(seed=st.integers(0, 10**6), rounds=st.integers(5, 20), away=st.integers(0, 90))
def test_every_skill_that_is_due_comes_after_weeks_away(seed: int, rounds: int, away: int) -> None:
    """In days of the usual length: a student who was away does not drown."""
    student = Student(by_chance(seed, 0.8), Limits(rounds=rounds, new=3))
    for number in range(10):
        student.study(NOW + number * DAY)
    back = NOW + (10 + away) * DAY
    due = {skill for skill, one in student.standings.items() if one.due <= back}
    student.grade = always("right")
    days = [student.study(back + number * DAY) for number in range(len(SKILLS))]
    assert due <= {one.skill for day in days for one in day}
    assert all(len(day) <= rounds for day in days)


def test_the_most_forgotten_comes_first_after_weeks_away() -> None:
    """To a tenth; of those alike the first in teaching order, on which the others rest."""
    student = Student(always("right"))
    for number in range(9):
        student.study(NOW + number * DAY)
    back = NOW + 60 * DAY
    before = dict(student.standings)
    order = [one.skill for one in student.study(back)][:20]
    tenths = [int(10 * recall(before[skill], back)) for skill in order]
    assert tenths == sorted(tenths)
    assert len(set(tenths)) > 1
    keys = [(tenth, SKILLS.index(skill)) for tenth, skill in zip(tenths, order, strict=True)]
    assert keys == sorted(keys)


def test_sixty_days_of_a_student_with_four_of_five_right() -> None:
    """All 25 skills are mastered within three weeks, at 2 to 14 rounds a day, and then kept."""
    student = Student(by_chance(1, 0.8))
    days = [len(student.study(NOW + number * DAY)) for number in range(60)]
    stages = [stage(one) for one in student.standings.values()]
    assert stages.count("mastered") >= 23
    assert max(days) <= 20
    assert 100 < sum(days) < 250
    assert sum(days[30:]) < 60, "what is known well takes little time"


# --- exams ---------------------------------------------------------------------------------------


def test_new_skills_are_spread_over_the_days_to_the_exam() -> None:
    """Two a day where that is enough; each is looked at again in the last fifth of the days."""
    exam = TODAY + 40 * DAY
    student = Student(always("right"), Limits(exam=exam))
    begun = []
    for number in range(40):
        student.study(NOW + number * DAY)
        begun.append(len(student.standings))
    assert begun == [min(2 * (number + 1), 25) for number in range(40)]
    reviews = {one.skill for one in student.done if one.day >= exam - 8 * DAY}
    assert reviews == set(SKILLS)


def test_who_wishes_fewer_new_skills_gets_fewer() -> None:
    """As long as there are days enough."""
    limits = Limits(new=1, exam=TODAY + 40 * DAY)
    student = Student(always("right"), limits)
    student.study(NOW)
    assert len(student.standings) == 1


def test_a_late_start_begins_as_many_skills_a_day_as_it_takes() -> None:
    """Four days: nine, eight and eight; the last day is for review."""
    student = Student(always("right"), Limits(exam=TODAY + 4 * DAY))
    counts = []
    for number in range(4):
        before = len(student.standings)
        student.study(NOW + number * DAY)
        counts.append(len(student.standings) - before)
    assert counts == [9, 8, 8, 0]


def test_after_the_exam_all_is_as_without_one() -> None:
    """On the day itself too."""
    limits = Limits(new=3, exam=TODAY)
    assert reviewed(None, "a", "right", False, NOW, limits) == reviewed(
        None, "a", "right", False, NOW
    )
    student = Student(always("right"), limits)
    assert len(student.study(NOW)) == 3


@pytest.mark.parametrize(
    ("begun", "today", "look"), [(0, 0, 24), (0, 23, 24), (0, 24, 30), (0, 29, 30), (0, 30, None)]
)
def test_the_last_look_before_an_exam(begun: int, today: int, look: int | None) -> None:
    """At the latest when the days for review begin, and during these at the exam."""
    exam = TODAY + 30 * DAY
    found = last_look(TODAY + begun * DAY, exam, TODAY + today * DAY)
    assert found == (None if look is None else TODAY + look * DAY)


def test_who_is_late_gets_the_days_for_review_too() -> None:
    """Six of thirty days are for review; on the first of these all six are left for new ones."""
    standing = after("right")
    exam = TODAY + 30 * DAY
    assert review_days(TODAY, exam) == 6
    assert days_for_new([standing], exam, TODAY) == 24
    assert days_for_new([standing], exam, TODAY + 23 * DAY) == 1
    assert days_for_new([standing], exam, TODAY + 24 * DAY) == 6
    assert days_for_new([standing], exam, exam) is None
    assert days_for_new([standing], None, TODAY) is None


# --- looking ahead -------------------------------------------------------------------------------


def test_the_forecast_counts_what_is_due_on_each_day() -> None:
    """What is overdue counts as today's; the days are the student's own."""
    standings = {
        "late": replace(after("right"), due=NOW - 9 * DAY),
        "soon": replace(after("right"), due=NOW + timedelta(minutes=10)),
        "night": replace(after("right"), due=(NOW + DAY).replace(hour=3)),
        "far": replace(after("right"), due=NOW + 13 * DAY),
        "beyond": replace(after("right"), due=NOW + 14 * DAY),
    }
    found = forecast(standings, NOW)
    assert [day for day, _ in found] == [TODAY + number * DAY for number in range(14)]
    assert [count for _, count in found] == [3] + [0] * 12 + [1]
    assert forecast({}, NOW, days=2) == ((TODAY, 0), (TODAY + DAY, 0))
