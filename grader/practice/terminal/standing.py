"""Where a student stands, as text: skills with bars, what is coming, what went wrong most."""

from __future__ import annotations

from datetime import datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from examgen.typeset import plain_text
from grader.practice.terminal.words import STAGES, WORDS
from grader.practice.values import Progress, SkillView, Stage

_BAR = 12
_COLOURS: dict[Stage, str] = {
    "new": "dim",
    "learning": "yellow",
    "learned": "cyan",
    "mastered": "green",
}


def progress_page(progress: Progress, language: str) -> RenderableType:
    """The whole page."""
    words = WORDS[language]
    blocks: list[RenderableType] = [_skills(progress, language)]
    if progress.exam:
        blocks.append(Text(words["exam"].format(day=progress.exam.isoformat())))
    if any(count for _, count in progress.ahead):
        blocks += [Text(f"\n{words['coming']}", style="bold"), *_coming(progress)]
    if progress.mistakes:
        blocks.append(Text(f"\n{words['mistakes']}", style="bold"))
        blocks += [Text(f"{n:>4} × {plain_text(told)}") for told, n in progress.mistakes]
    bye = words["bye"].format(rounds=progress.rounds_today, limit=progress.limit)
    return Group(*blocks, Text(f"\n{bye}", style="dim"))


def _skills(progress: Progress, language: str) -> Table:
    words = WORDS[language]
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("skill", "stage", "recall", "rounds", "missed", "next_due"):
        number = name in ("rounds", "missed")
        table.add_column(Text(words[name]), justify="right" if number else "left")
    for skill in progress.skills:
        table.add_row(*_row(skill, language))
    return table


def _row(skill: SkillView, language: str) -> list[Text]:
    style = _COLOURS[skill.stage]
    bar = _bar(skill.recall) if skill.stage != "new" else Text("")
    due = when(skill.due, language) if skill.due else ""
    return [
        Text(skill.name, style="dim" if skill.stage == "new" else ""),
        Text(STAGES[language][skill.stage], style=style),
        bar,
        Text(str(skill.rounds or "")),
        Text(str(skill.missed or "")),
        Text(due, style="dim"),
    ]


def _bar(share: float) -> Text:
    full = round(share * _BAR)
    return Text.assemble(("█" * full, "green"), ("░" * (_BAR - full), "dim"), f" {share:4.0%}")


def _coming(progress: Progress) -> list[Text]:
    return [
        Text(f"{day.isoformat()}  {'▪' * min(count, 40)} {count}")
        for day, count in progress.ahead
        if count
    ]


def when(due: datetime, language: str) -> str:
    """A time as a student says it: today by the clock, else the date.

    A time that has passed is now.
    """
    now = datetime.now().astimezone()
    if due <= now:
        return WORDS[language]["now"]
    same = due.date() == now.date()
    return due.strftime("%H:%M") if same else due.date().isoformat()
