"""Whether a number is what rounding asks for, near enough, or rounded too coarsely."""

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


def is_coarse(number: Number, key: float, places: int) -> bool:
    """Whether a number is the key to fewer decimals than asked, one at least.

    >>> is_coarse(Number(0.7, "0.7"), 0.654321, 4), is_coarse(Number(0.6, "0.6"), 0.654321, 4)
    (True, False)
    """
    if "/" in number.plain or not number.exact or not 0 < _written(number) < places:
        return False
    slack = Fraction(abs(key)) * Fraction(ROUNDING)
    return abs(number.exact - Fraction(key)) <= Fraction(1, 2 * 10 ** _written(number)) + slack


def _half_a_unit(number: Number, places: int) -> Fraction:
    """Half a unit of the last decimal written, or asked if fewer were; nothing for a fraction."""
    if "/" in number.plain:
        return Fraction(0)
    return Fraction(1, 2 * 10 ** max(places, _written(number)))


def _written(number: Number) -> int:
    """How many decimals a number is written with; below zero for those of 1e3."""
    exponent = Decimal(number.plain).as_tuple().exponent
    assert isinstance(exponent, int), "bug: a number that was read is finite"
    return -exponent
