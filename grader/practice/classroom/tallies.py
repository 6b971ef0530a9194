"""How far a class is, by skill, mistake, week and student: the rows of its report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from examgen.misconceptions.titles import mistake_title
from examgen.text import Language
from grader.practice.classroom.files import Used
from grader.practice.classroom.share import SharedSkill
from grader.practice.skills import skill_name, taught
from grader.practice.values import Stage
from grader.practice.words import STAGES


@dataclass(frozen=True)
class SkillRow:
    """How far the students are with a skill. stages: how many are at each; those who share it."""

    name: str
    stages: dict[Stage, int]
    rounds: int
    missed: int

    @property
    def students(self) -> int:
        """Who may practise it."""
        return sum(self.stages.values())


@dataclass(frozen=True)
class MistakeRow:
    """In how many answers a known mistake was found, and of how many students."""

    name: str
    students: int
    answers: int


@dataclass(frozen=True)
class WeekRow:
    """A week by its Monday: how many practised, rounds, and of these with nothing missed."""

    monday: date
    students: int
    rounds: int
    clean: int


@dataclass(frozen=True)
class StudentRow:
    """How far a student is. stages: how many skills are at each. last: the last day of practice."""

    name: str
    on: date
    stages: dict[Stage, int]
    rounds: int
    clean: int
    days: int
    last: date | None


def skill_rows(used: Sequence[Used], language: Language = "en") -> list[SkillRow]:
    """Every skill that anybody shared, in teaching order."""
    found: dict[str, list[SharedSkill]] = defaultdict(list)
    for one in used:
        for skill in one.share.skills:
            found[skill.skill].append(skill)
    return [_skill_row(skill_name(skill, language), found[skill]) for skill in taught(found)]


def _skill_row(name: str, shared: Sequence[SharedSkill]) -> SkillRow:
    return SkillRow(
        name=name,
        stages=_stages(shared),
        rounds=sum(one.rounds for one in shared),
        missed=sum(one.missed for one in shared),
    )


def _stages(shared: Iterable[SharedSkill]) -> dict[Stage, int]:
    counts = Counter(one.stage for one in shared)
    return {stage: counts[stage] for stage in STAGES["en"]}


def mistake_rows(used: Sequence[Used], language: Language = "en") -> list[MistakeRow]:
    """Known mistakes; first those that most students made."""
    students, answers = Counter[str](), Counter[str]()
    for one in used:
        for mistake in one.share.mistakes:
            students[mistake.mistake] += 1
            answers[mistake.mistake] += mistake.count
    order = sorted(students, key=lambda name: (-students[name], -answers[name], name))
    return [
        MistakeRow(mistake_title(name, language), students[name], answers[name]) for name in order
    ]


def week_rows(used: Sequence[Used]) -> list[WeekRow]:
    """The weeks in which anybody practised, oldest first."""
    students, rounds, clean = Counter[date](), Counter[date](), Counter[date]()
    for one in used:
        days = [(_monday(day.day), day) for day in one.share.days if day.rounds]
        students.update({monday for monday, _ in days})
        for monday, day in days:
            rounds[monday] += day.rounds
            clean[monday] += day.clean
    return [WeekRow(week, students[week], rounds[week], clean[week]) for week in sorted(students)]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def student_rows(used: Sequence[Used]) -> list[StudentRow]:
    """Everybody who shared, by name."""
    return [_student_row(one) for one in used]


def _student_row(one: Used) -> StudentRow:
    share = one.share
    days = [day for day in share.days if day.rounds]
    return StudentRow(
        name=_name(one),
        on=share.on,
        stages=_stages(share.skills),
        rounds=share.rounds,
        clean=sum(day.clean for day in days),
        days=len(days),
        last=max((day.day for day in days), default=None),
    )


def _name(one: Used) -> str:
    """The name that was given; with the id of the roster where that is another."""
    given, student = one.share.name, one.student
    return given if student is None or student.student == given else f"{given} ({student.student})"
