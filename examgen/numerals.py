"""Numbers as they stand on paper: exact, and with a decimal point in every language."""

from __future__ import annotations

import re
from fractions import Fraction

from examgen.notation import decimal

_TINY = re.compile(r"0\.(?P<zeros>0{5,})(?P<digits>[1-9]\d*)")
_MOST_PLACES = 300  # of a decimal on a grid; see the bounds of template files


def given_text(value: Fraction) -> str:
    """A given as printed: what stands there is the number used, so it is never rounded.

    >>> given_text(Fraction(-1, 8)), given_text(Fraction(1, 3))
    ('-0.125', '1/3')
    """
    shown = decimal(value, _MOST_PLACES)
    return shown if Fraction(shown) == value else str(value)


def given_tex(number: str) -> str:
    """A given in the table: with a minus sign, and with a power of ten for many zeros.

    >>> given_tex("-0.5"), given_tex("0.00000001")
    ('−0.5', '10^{-8}')
    """
    if (small := _TINY.fullmatch(number.removeprefix("-"))) is None:
        return number.replace("-", "\N{MINUS SIGN}")
    first, more = small["digits"][0], small["digits"][1:]
    factor = "" if small["digits"] == "1" else f"{first}{'.' * bool(more)}{more} \\cdot "
    minus = "\N{MINUS SIGN}" if number.startswith("-") else ""
    return f"{minus}{factor}10^{{-{len(small['zeros']) + 1}}}"


def points_text(points: Fraction) -> str:
    """Points as printed: 9, 2.5, 1/3.

    >>> points_text(Fraction(5, 2)), points_text(Fraction(1, 3))
    ('2.5', '1/3')
    """
    shown = decimal(points, 2)
    return shown if Fraction(shown) == points else str(points)
