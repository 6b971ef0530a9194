"""Numbers as a page for people shows them."""

from __future__ import annotations

import math
from collections.abc import Sequence


def number(value: float, places: int = 2) -> str:
    """A number with a true minus sign, a dash where there is none.

    >>> number(-0.123), number(float("nan"))
    ('−0.12', '–')
    """
    if not math.isfinite(value):
        return "–"
    text = f"{value:,.{places}f}"
    is_zero = not text.strip("-0.,")
    return text.lstrip("-") if is_zero else text.replace("-", "\N{MINUS SIGN}")


def points(value: float) -> str:
    """Points as short as they are.

    >>> points(1234.50), points(-0.25)
    ('1,234.5', '−0.25')
    """
    return f"{value:,.10g}".replace("-", "\N{MINUS SIGN}")


def decimals(values: Sequence[float]) -> int:
    """So many decimals show all of some points, three at most."""
    texts = (f"{value:.3f}".rstrip("0") for value in values)
    return max((len(text.partition(".")[2]) for text in texts), default=0)


def chance(value: float) -> str:
    """A small expected number or probability in words.

    >>> chance(0.034), chance(0.00002), chance(1e-9)
    ('0.034', '1 in 50,000', 'less than 1 in a million')
    """
    if value < 1e-6:
        return "less than 1 in a million"
    return f"1 in {float(f'{1 / value:.2g}'):,.0f}" if value < 0.01 else f"{value:.2g}"


def percent(share: float) -> str:
    r"""A share in per cent, small ones with a decimal.

    >>> percent(0.0712), percent(0.31)
    ('7.1\xa0%', '31\xa0%')
    """
    return f"{100 * share:.{1 if share < 0.1 else 0}f}\N{NO-BREAK SPACE}%"


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun.

    >>> plural(1, "answer"), plural(1200, "answer"), plural(2, "key meets", "keys meet")
    ('1 answer', '1,200 answers', '2 keys meet')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"
