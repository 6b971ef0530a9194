"""Whether a right number is the one that rounding asks for, or only near enough."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from examgen.notation import decimal
from grader.marking.verdicts import ROUNDING
from grader.reading.numbers import Number


def is_rounded(number: Number, key: float, printed: str, places: int) -> bool:
    """Whether a number is the key to so many decimals, or better.

    It may be rounded to them itself; have more of them, the last one rounded either way; or be the
    key as a fraction. printed: the key to these decimals.

    >>> is_rounded(Number(0.65432, "0.65432"), 0.654321, "0.6543", 4)
    True
    >>> is_rounded(Number(0.65, "0.65"), 0.654321, "0.6543", 4)
    False
    """
    exact, slack = number.exact, Fraction(abs(key)) * Fraction(ROUNDING)
    if decimal(exact, places) == printed:
        return True
    return abs(exact - Fraction(key)) <= _half_a_unit(number, places) + slack


def _half_a_unit(number: Number, places: int) -> Fraction:
    """Half a unit of the last decimal written, or asked if fewer were; nothing for a fraction."""
    if "/" in number.plain:
        return Fraction(0)
    exponent = Decimal(number.plain).as_tuple().exponent
    assert isinstance(exponent, int), "bug: a number that was read is finite"
    return Fraction(1, 2 * 10 ** max(places, -exponent))
