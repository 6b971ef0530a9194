"""Where a student stands, as text: skills with bars, what is coming, what went wrong most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.text import Text

from examgen.text import Language
from examgen.typeset import plain_text
from grader.practice.terminal.lines import Line, Rows
from grader.practice.terminal.words import WORDS
from grader.practice.values import Progress, SkillView, Stage
from grader.practice.words import STAGES

_BAR = 12
_MOST = 30  # signs for the skills of a day
_STYLES: Mapping[Stage, str] = {
    "new": "dim",
    "learning": "magenta",
    "learned": "green",
    "mastered": "bold green",
}


def progress_page(progress: Progress, language: Language, now: datetime) -> RenderableType:
    """The whole page; now: a local time."""
    words = WORDS[language]
    begun = [skill for skill in progress.skills if skill.stage != "new"]
    rest = [skill.name for skill in progress.skills if skill.stage == "new"]
    today = words["today"].format(rounds=progress.rounds_today, limit=progress.limit)
    blocks: list[list[RenderableType]] = [
        [_skills(begun, language, now)] if begun else [],
        [Line(Text(f"{words['not_begun']}: {' · '.join(rest)}"), hanging=2)] if rest else [],
        list(_coming(progress, words)),
        list(_mistakes(progress, words)),
        [Line(Text(words["exam"].format(day=progress.exam)))] if progress.exam else [],
        [Line(Text(today, style="dim"))],
    ]
    shown = [block for block in blocks if block]
    return Group(*(line for block in shown for line in (Text(), *block)))


def _skills(skills: Sequence[SkillView], language: Language, now: datetime) -> RenderableType:
    words = WORDS[language]
    names = ("skill", "stage", "recall", "rounds", "missed", "next_due")
    head = [Text(words[name], style="dim") for name in names]
    return Rows(head, [_row(skill, language, now) for skill in skills])


def _row(skill: SkillView, language: Language, now: datetime) -> list[Text]:
    return [
        Text(skill.name),
        Text(STAGES[language][skill.stage], style=_STYLES[skill.stage]),
        _bar(skill.recall),
        Text(str(skill.rounds)),
        Text(str(skill.missed)),
        Text(when(skill.due, now, language) if skill.due else ""),
    ]


def _bar(share: float) -> Text:
    full = round(share * _BAR)
    return Text.assemble(("█" * full, "green"), ("░" * (_BAR - full), "dim"), f" {share:4.0%}")


def _coming(progress: Progress, words: Mapping[str, str]) -> Iterator[RenderableType]:
    days = [(day, count) for day, count in progress.ahead if count]
    if days:
        yield Line(Text(words["coming"], style="bold"))
    for day, count in days:
        yield Line(Text(f"{day.isoformat()}  {'▪' * min(count, _MOST)} {count}"))


def _mistakes(progress: Progress, words: Mapping[str, str]) -> Iterator[RenderableType]:
    if progress.mistakes:
        yield Line(Text(words["mistakes"], style="bold"))
    for told, count in progress.mistakes:
        yield Line(Text(f"{count:>4} × {plain_text(told)}"), hanging=7)


def when(due: datetime, now: datetime, language: Language) -> str:
    """A time as a student says it: today by the clock, else the date.

    A time that has passed is now.
    """
    if due <= now:
        return WORDS[language]["now"]
    same = due.date() == now.date()
    return due.strftime("%H:%M") if same else due.date().isoformat()
