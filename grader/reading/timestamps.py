"""When a row was submitted: the time stamps that learning systems and forms write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

import numpy as np

from grader.arrays import Floats

_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:\.\d+)?\s*(?P<half>[AP]\.?M\.?)?"
)
_ZONE = r"\s*(?:Z|(?:UTC|GMT)?\s*(?P<zone>[+-]\d{1,2}(?::?\d\d)?)?|UTC|GMT)"
_FORMS = tuple(
    re.compile(rf"\s*{day}[T,\s]+{_CLOCK}{_ZONE}\s*", re.IGNORECASE)
    for day in (
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
        r"(?P<first>\d{1,2})[-/.](?P<then>\d{1,2})[-/.](?P<year>\d{4})",
        r"(?:[^\W\d_]+,\s*)?(?P<day>\d{1,2})\.?\s+(?P<name>[^\W\d_]+)\.?\s+(?P<year>\d{4})",
    )
)
_MONTHS = (
    *(("jan",), ("feb",), ("mar", "mär"), ("apr",), ("may", "mai"), ("jun",), ("jul",)),
    *(("aug",), ("sep",), ("oct", "okt"), ("nov",), ("dec", "dez")),
)


def read_times(texts: Sequence[str]) -> Floats:
    """Seconds of each time stamp of one column, NaN where it cannot be told for sure.

    `3/4/2026` is told by the column's other days: one above 12 says which number is the day.

    >>> a, b = read_times(["2026-01-02 10:00:00 UTC", "2026-01-02 11:00 GMT+2"])
    >>> float(a - b)
    3600.0
    """
    matches = [_match(text) for text in texts]
    ordered = [(m["first"], m["then"]) for m in matches if m and "first" in m.groupdict()]
    day_first = any(int(first) > 12 for first, _ in ordered)
    month_first = any(int(then) > 12 for _, then in ordered)
    order = None if day_first == month_first else ("day" if day_first else "month")
    return np.array([_seconds(match, order) for match in matches], dtype=np.float64)


def _match(text: str) -> re.Match[str] | None:
    matches = (form.fullmatch(text) for form in _FORMS) if len(text) < 100 else iter(())
    return next((match for match in matches if match), None)


def _seconds(match: re.Match[str] | None, order: str | None) -> float:
    part = match.groupdict() if match else {}
    if "first" in part:
        named = {"day": ("day", "month"), "month": ("month", "day")}.get(order or "", ())
        part |= dict(zip(named, (part["first"], part["then"]), strict=False))
    if part.get("name"):
        part["month"] = _month(part["name"])
    if not part.get("month"):
        return np.nan
    try:
        return _moment(part).timestamp()
    except (ValueError, OverflowError):
        return np.nan


def _month(name: str) -> str:
    short = name[:3].casefold()
    return next((str(i) for i, names in enumerate(_MONTHS, start=1) if short in names), "")


def _moment(part: dict[str, str | None]) -> datetime:
    year, month, day, hour, minute, second = (
        int(part.get(name) or 0) for name in ("year", "month", "day", "hour", "minute", "second")
    )
    if half := (part["half"] or "").upper():
        hour = hour % 12 + (12 if half.startswith("P") else 0)
    return datetime(year, month, day, hour, minute, second, tzinfo=_zone(part["zone"] or ""))


def _zone(text: str) -> timezone:
    """The zone of `+2`, `+02:00` or `-0530`; what names none is taken as UTC."""
    digits = text[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "")
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    return timezone(-offset if text.startswith("-") else offset)
