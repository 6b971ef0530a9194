"""Numbers and lists as findings print them."""

from __future__ import annotations

import math
from collections.abc import Iterable


def percent(share: float) -> str:
    """A share in per cent; never rounded to none or to all.

    >>> percent(0.316), percent(0.004), percent(0.9999), percent(0.95), percent(2e-6)
    ('32 %', '0.4 %', '99.9 %', '95 %', '<0.1 %')
    """
    if not math.isfinite(share):
        return "-"
    if share in (0, 1) or 0.095 <= share <= 0.905:
        return f"{100 * share:.0f} %"
    if share < 0.001:
        return "<0.1 %"
    tenths = math.floor(1000 * share + 1e-9) / 10 if share > 0.5 else 100 * share
    return f"{tenths:.1f}".removesuffix(".0") + " %"


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun.

    >>> plural(1, "answer"), plural(1200, "answer")
    ('1 answer', '1,200 answers')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(names: Iterable[str], most: int = 5) -> str:
    """Names after each other, the first ones where there are many.

    >>> listed("abc"), listed("abcdef", most=4)
    ('a, b, c', 'a, b, c, d and 2 more')
    """
    texts = list(names)
    more = f" and {len(texts) - most} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more


def short(value: float) -> str:
    """A number to four digits.

    >>> short(0.123456), short(-20000.0), short(0.0)
    ('0.1235', '-20000', '0')
    """
    if not math.isfinite(value):
        return "-"
    text = f"{value:.4g}"
    return f"{value:.0f}" if "e+" in text and abs(value) < 1e9 else text
