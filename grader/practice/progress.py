"""Where a student stands, from all that was kept: skills, days, mistakes, what is due when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from examgen.misconceptions.titles import mistake_title
from examgen.text import Language
from grader.practice.planner import Planner
from grader.practice.schedule import Standing, day_of, forecast, recall, rounds_of, stage
from grader.practice.skills import skill_name
from grader.practice.values import Progress, SkillView

_MOST_MISTAKES = 10  # that are shown


def progress_of(planner: Planner, language: Language, now: datetime) -> Progress:
    """The progress of the student whose rounds are planned; skills are those offered now."""
    store, limits = planner.store, planner.limits
    offered, known = planner.plan.catalogue.skills, store.standings()
    standings = {skill: known[skill] for skill in offered if skill in known}
    return Progress(
        skills=tuple(_skill_view(skill, standings.get(skill), language, now) for skill in offered),
        days=store.days(),
        ahead=forecast(standings, now),
        mistakes=_frequent(store.mistakes(), language),
        rounds_today=rounds_of(planner.done_today(now)),
        limit=limits.rounds,
        exam=limits.exam if limits.exam and limits.exam >= day_of(now) else None,
    )


def _skill_view(
    skill: str, standing: Standing | None, language: Language, now: datetime
) -> SkillView:
    return SkillView(
        id=skill,
        name=skill_name(skill, language),
        stage=stage(standing),
        recall=recall(standing, now),
        due=standing.due if standing else None,
        rounds=standing.rounds if standing else 0,
        missed=standing.missed if standing else 0,
    )


def _frequent(counts: Mapping[str, int], language: Language) -> tuple[tuple[str, int], ...]:
    named = [(mistake_title(name, language), count) for name, count in counts.items()]
    return tuple(sorted(named, key=lambda one: (-one[1], one[0]))[:_MOST_MISTAKES])
