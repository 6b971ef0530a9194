"""What a class has practised, from what its students shared: one page, and a table.

The page is one file without a script and without anything from a network; names and titles stand
there escaped. The same shares give the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from examgen.errors import cut, visible
from examgen.files import write_atomically
from examgen.roster import Student, read_roster
from examgen.text import Language
from grader.practice.classroom.files import Shares, Used, gathered
from grader.practice.classroom.tallies import mistake_rows, skill_rows, student_rows, week_rows
from grader.practice.classroom.words import CLASS_WORDS, count, percent
from grader.practice.skills import skill_name
from grader.practice.words import STAGES
from grader.tables import keep_inputs, staged, write_csv

if TYPE_CHECKING:
    from jinja2 import Environment

PAGE, TABLE = "practice.html", "practice.csv"
FEW = 5
"""With fewer students every figure may be somebody's."""
_LIMIT = {"students": 1000, "absent": 500, "files": 200, "weeks": 30, "mistakes": 30, "sets": 10}
"""Rows that a list on the page has at most."""


@dataclass(frozen=True)
class Summary:
    """What became of the files. absent: of the roster, without a share. lines: to be printed."""

    shares: Shares
    roster: int | None
    absent: tuple[Student, ...]
    files: tuple[Path, ...]

    @property
    def lines(self) -> list[tuple[str, str]]:
        """The summary as pairs of name and value."""
        shares = self.shares
        used, unused = len(shares.used), len(shares.unused)
        roster = f"{self.roster or 0:,} = {(self.roster or 0) - len(self.absent):,} shared + "
        return [
            ("files", f"{shares.files:,} = {used:,} used + {unused:,} not used"),
            *(("not used", f"{one.file}: {one.reason}") for one in shares.unused[:10]),
            *([("not used", f"{unused - 10:,} more, see {PAGE}")] if unused > 10 else []),
            *([("roster", f"{roster}{len(self.absent):,} not")] if self.roster is not None else []),
            *(("written", str(file)) for file in self.files),
        ]


def practice_report(
    folder: Path, out: Path, roster: Path | None = None, language: Language = "en"
) -> Summary:
    """Read all shares in a folder and write the page and the table to another.

    roster: CSV of the class. language: of the page; the table is the same in all. Raises
    ExamgenError where there are no shares, or a faulty roster.
    """
    keep_inputs(out, (PAGE, TABLE), [roster])
    students = read_roster(roster) if roster else ()
    shares = gathered(folder, students)
    there = {one.student.student for one in shares.used if one.student}
    absent = tuple(one for one in students if one.student not in there)
    files = (out / TABLE, out / PAGE)
    summary = Summary(shares, len(students) if roster else None, absent, files)
    with staged(out, (PAGE, TABLE)) as stage:
        write_table(shares.used, stage / TABLE)
        write_atomically(stage / PAGE, page(summary, language), mode=0o600)
    return summary


def write_table(used: Sequence[Used], path: Path) -> None:
    """Write a row a student and skill; no cell is one that a spreadsheet would run."""
    rows = [(one, skill) for one in used for skill in one.share.skills]
    columns: dict[str, list[str]] = {
        "student": [one.share.name for one, _ in rows],
        "roster": [one.student.student if one.student else "" for one, _ in rows],
        "shared": [one.share.on.isoformat() for one, _ in rows],
        "set": [one.share.set_ for one, _ in rows],
        "skill": [skill.skill for _, skill in rows],
        "name": [skill_name(skill.skill, "en") for _, skill in rows],
        "stage": [skill.stage for _, skill in rows],
    }
    counts = {
        "rounds": [skill.rounds for _, skill in rows],
        "missed": [skill.missed for _, skill in rows],
    }
    texts = [pa.array(column, pa.string()) for column in columns.values()]
    numbers = [pa.array(column, pa.int64()) for column in counts.values()]
    write_csv(path, [*columns, *counts], [[*texts, *numbers]])


def page(summary: Summary, language: Language = "en") -> str:
    """The report as an HTML document."""
    used, words = summary.shares.used, CLASS_WORDS[language]
    return (
        _environment()
        .get_template("class.html.j2")
        .render(
            language=language,
            summary=summary,
            titles=_titles(used, words["everything"]),
            skills=skill_rows(used, language),
            mistakes=mistake_rows(used, language),
            weeks=week_rows(used),
            students=student_rows(used),
            unknown=[one for one in used if one.student is None],
            stages=tuple(STAGES[language]),
            called=STAGES[language],
            words=words,
            few=FEW,
            limit=_LIMIT,
        )
    )


def _titles(used: Iterable[Used], everything: str) -> list[tuple[str, int]]:
    """The practice sets, with their classes, and how many students shared what is about each."""
    counts = Counter(", ".join(_set(one)) or everything for one in used)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _set(one: Used) -> Iterator[str]:
    yield from (text for text in (one.share.set_, one.share.class_) if text)


@cache
def _environment() -> Environment:
    from jinja2 import pass_context  # not before there is a page to write

    from examgen.html.environment import environment

    made = environment("grader.practice.classroom")
    made.filters |= {
        "short": lambda text: cut(visible(text), 80),
        "capital": lambda text: text[:1].upper() + text[1:],
        "count": pass_context(lambda of, number: count(number, of["language"])),
        "percent": pass_context(lambda of, part, whole: percent(part, whole, of["language"])),
    }
    return made
