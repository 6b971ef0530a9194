"""Numbers as they stand on paper."""

from __future__ import annotations

from fractions import Fraction

import pytest

from examgen.numerals import given_text, points_text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("1/3", "1/3"),
        ("-2/7", "-2/7"),
        ("0.1", "0.1"),
        ("-1/1024", "-0.0009765625"),
        ("1e-12", "0.000000000001"),
        ("12345678901234567890", "12345678901234567890"),
        ("0", "0"),
    ],
)
def test_givens_are_printed_exactly(value: str, shown: str) -> None:
    """What the paper shows is the number used: never rounded."""
    assert given_text(Fraction(value)) == shown
    assert Fraction(shown) == Fraction(value)


@pytest.mark.parametrize(
    ("points", "shown"),
    [("3", "3"), ("5/2", "2.5"), ("1/3", "1/3"), ("0.25", "0.25"), ("0.125", "1/8"), ("0", "0")],
)
def test_points_are_printed_exactly(points: str, shown: str) -> None:
    """With up to two decimals, otherwise as a fraction."""
    assert points_text(Fraction(points)) == shown
