"""Pictures of days as columns, as plain numbers for a template: nothing here draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from examgen.text import Language

DAYS = 28
HEIGHT = 60.0

_MONTHS = {
    "en": "Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec",
    "de": "Jan.,Feb.,März,Apr.,Mai,Juni,Juli,Aug.,Sep.,Okt.,Nov.,Dez.",
}


@dataclass(frozen=True)
class Column:
    """A day: what it is called, its counts, and how high its two pieces are (of HEIGHT)."""

    day: str
    lower: int
    upper: int
    low: float
    high: float


@dataclass(frozen=True)
class Chart:
    """Some days beside each other. total and clean: of all of them; days: those with anything."""

    columns: tuple[Column, ...]
    total: int
    clean: int
    days: int
    most: int


def days_chart(days: Sequence[tuple[date, int, int]], language: Language) -> Chart:
    """The last four weeks with rounds; below: rounds with nothing missed, above them the others."""
    if not days:
        return Chart((), 0, 0, 0, 0)
    last = days[-1][0]
    counts = {day: (clean, rounds - clean) for day, rounds, clean in days}
    first = max(min(counts), last - timedelta(DAYS - 1))
    return _chart(_between(first, last), counts, language)


def ahead_chart(ahead: Sequence[tuple[date, int]], language: Language) -> Chart:
    """The coming days and how many skills are due on each."""
    if not ahead:
        return Chart((), 0, 0, 0, 0)
    counts = {day: (skills, 0) for day, skills in ahead}
    last = min(max(counts), min(counts) + timedelta(DAYS - 1))
    return _chart(_between(min(counts), last), counts, language)


def _between(first: date, last: date) -> list[date]:
    return [first + timedelta(k) for k in range((last - first).days + 1)]


def _chart(days: Sequence[date], counts: dict[date, tuple[int, int]], language: Language) -> Chart:
    shown = [counts.get(day, (0, 0)) for day in days]
    most = max(1, *(sum(pair) for pair in shown)) if shown else 1
    columns = tuple(
        Column(day_text(day, language), *pair, HEIGHT * pair[0] / most, HEIGHT * pair[1] / most)
        for day, pair in zip(days, shown, strict=True)
    )
    total, clean = sum(map(sum, shown)), sum(pair[0] for pair in shown)
    return Chart(columns, total, clean, sum(any(pair) for pair in shown), most)


def day_text(day: date, language: Language) -> str:
    """A day as people write it.

    >>> day_text(date(2027, 2, 3), "en"), day_text(date(2027, 2, 3), "de")
    ('3 Feb 2027', '3. Feb. 2027')
    """
    month = _MONTHS[language].split(",")[day.month - 1]
    return f"{day.day}{'.' * (language == 'de')} {month} {day.year}"
