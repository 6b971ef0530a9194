"""A student's days: they end at four in the morning, so that a late evening is one day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

DAY_ENDS = 4  # o'clock, local


def day_of(now: datetime) -> date:
    """The student's day that a local time belongs to.

    >>> day_of(datetime(2026, 5, 2, 1, 30)).isoformat()
    '2026-05-01'
    """
    return (now - timedelta(hours=DAY_ENDS)).date()


def start_of(day: date, now: datetime) -> datetime:
    """When a student's day begins where (in the time zone in which) it is `now`.

    >>> start_of(date(2026, 5, 2), datetime(2026, 5, 1)).isoformat()
    '2026-05-02T04:00:00'
    """
    return datetime.combine(day, time(DAY_ENDS), now.tzinfo)
