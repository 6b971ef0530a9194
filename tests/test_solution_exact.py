"""An equals sign before a number only where nothing before it was rounded."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from test_solution_steps import chains, every_question, holds_rounded
from tex_arithmetic import pieces, value_of

from examgen.solution.printed import Numbers, printed

FRACTION = re.compile(r"-?\\frac\{\d+\}\{\d+\}")


@every_question
def test_only_exact_numbers_lead_to_an_equals_sign(name: str) -> None:
    """A fraction or an exact value never stands after numbers of which one was rounded."""
    for variants, _, line in chains(name):
        *_, (relation, last) = pieces(line)
        fraction = FRACTION.fullmatch(pieces(line)[-2][1])
        if (relation == "=" or fraction) and value_of(last) != 0:
            assert not holds_rounded(line, variants), line


@pytest.mark.parametrize(
    ("value", "inserted", "end"),
    [
        (Fraction(20, 71), "0.281690", r"\approx 0.281690"),
        (Fraction(4, 5), "0.8", r"\approx 0.8"),
        (Fraction(0), "0", "= 0"),
    ],
)
def test_what_follows_from_rounded_numbers_is_about_right(
    value: Fraction, inserted: str, end: str
) -> None:
    """0.380662 times 0.74 is not 20/71."""
    shown = printed(value, 6, follows=False)
    assert (shown.inserted, shown.end) == (inserted, end)


def test_what_is_put_in_decides_about_the_sign() -> None:
    """By name, however long the chain of numbers is."""
    values = {"a": Fraction(1, 997), "b": Fraction(1, 2), "c": Fraction(1, 2)}
    numbers = Numbers(values, 6, inputs={"b": ["a"], "c": ["b"]})
    assert [numbers[name].end for name in "abc"] == [
        r"\approx 0.001003",
        r"\approx 0.5",
        "= 0.5",
    ]
    assert not numbers.are_exact("ab")
