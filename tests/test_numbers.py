"""Tests of the number grammar: a table of what is read, of what is not, and why."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.numbers import Decimal, Number, Unreadable, print_number, read_number

READ = [
    ("0", "0"),
    ("-0", "0"),
    ("7", "7"),
    ("007", "7"),
    ("0.65", "13/20"),
    ("+0.65", "13/20"),
    ("-0.65", "-13/20"),
    (".65", "13/20"),
    ("-.65", "-13/20"),
    ("5.", "5"),
    ("0.650", "13/20"),
    # blanks
    ("  0.65\t", "13/20"),
    ("\u00a00.65\u2009", "13/20"),
    ("\u200b0.65\ufeff", "13/20"),
    ("\u202f-\u202f2", "-2"),
    ("- 2", "-2"),
    ("13 / 20", "13/20"),
    ("1.5 · 10 ^ -3", "3/2000"),
    # signs and their Unicode kin
    ("−2", "-2"),
    ("–2", "-2"),
    ("—2", "-2"),
    ("‐2", "-2"),
    ("‑2", "-2"),
    ("‒2", "-2"),
    ("－2", "-2"),
    ("﹣2", "-2"),
    ("⁻2", "-2"),
    ("＋2", "2"),
    # digits of other scripts
    ("２．５", "5/2"),
    ("٣", "3"),
    ("٣٫٥", "7/2"),
    ("१२", "12"),
    ("𝟙𝟚", "12"),
    # fractions
    ("13/20", "13/20"),
    ("-13/20", "-13/20"),
    ("13/-20", "-13/20"),
    ("−13⁄20", "-13/20"),
    ("13÷20", "13/20"),
    ("0.5/2", "1/4"),
    ("01/02", "1/2"),
    ("½", "1/2"),
    ("-¾", "-3/4"),
    ("⅓", "1/3"),
    # powers of ten
    ("1e5", "100000"),
    ("1.5e-3", "3/2000"),
    ("1.5E-3", "3/2000"),
    ("1.5e+3", "1500"),
    ("1.5e−3", "3/2000"),
    ("1.5·10^-3", "3/2000"),
    ("1.5⋅10^-3", "3/2000"),
    ("1.5*10^-3", "3/2000"),
    ("1.5x10^-3", "3/2000"),
    ("1.5X10^-3", "3/2000"),
    ("1.5×10^−3", "3/2000"),
    ("1.5×10⁻³", "3/2000"),
    ("1.5*10**-3", "3/2000"),
    ("1.5*10^(-3)", "3/2000"),
    ("1.5*10^{-3}", "3/2000"),
    ("-1.5*10^3", "-1500"),
    ("10^-3", "1/1000"),
    ("10²", "100"),
    ("0e-300", "0"),
]

READ_WITH_COMMA = [
    ("-1,5", "-3/2"),
    (",65", "13/20"),
    ("5,", "5"),
    ("1,234", "617/500"),
    ("1,5e-3", "3/2000"),
    ("0,5/2", "1/4"),
    ("１，５", "3/2"),
    ("٣٫٥", "7/2"),
    ("12", "12"),
]

UNREADABLE = [
    ("1,234", "a comma, where", 2),
    ("-1,5", "a comma, where", 3),
    ("1,234.5", "a comma, where", 2),
    ("1_000", "underscore", 2),
    ("1'000", "thousands mark", 2),
    ("1’000", "thousands mark", 2),
    ("1 000", "blank between digits", 3),
    ("1\u202f000", "blank between digits", 3),
    ("1\u200b0", "blank between digits", 3),
    ("0.1 0.2", "blank between digits", 5),
    ("0. 65", "", 4),
    ("1 1/2", "mixed number", 3),
    ("1½", "mixed number", 2),
    ("2026-01-02", "date", 5),
    ("2026-01-02 00:00:00", "date", 5),
    ("01/02/2026", "date", 6),
    ("02.01.2026", "date", 6),
    ("1.2.", "date", 4),
    ("2-Jan", "date", 2),
    ("Jan 02", "date", 1),
    ("02. Mrz", "", 5),
    ("NaN", "not a finite number", 1),
    ("nan", "not a finite number", 1),
    ("inf", "not a finite number", 1),
    ("-Infinity", "not a finite number", 1),
    ("∞", "not a finite number", 1),
    ("0x1A", "not a decimal number", 2),
    ("0x10", "not a decimal number", 2),
    ("0b11", "not a decimal number", 2),
    ("1/0", "division by zero", 3),
    ("0/0", "division by zero", 3),
    ("1/0.0", "division by zero", 3),
    ("1/2/3", "", 4),
    ("1e5/2", "", 4),
    ("1e301", "exponent beyond", 5),
    ("1e-301", "exponent beyond", 6),
    ("1e99999999999", "exponent beyond", 13),
    ("999999999e300", "too large", 1),
    ("0.0000000000000000000000000000001e-300", "too close to zero", 1),
    ("1" * 101, "longer than 100", 101),
    ("65%", "percent", 3),
    ("65 %", "percent", 4),
    ("5‰", "per", 2),
    ("w=0.65", "equation", 1),
    ("w = 0.65", "equation", 1),
    ("0.65 m", "", 6),
    ("$5", "", 1),
    ("5€", "", 2),
    ("≈0.65", "not one exact", 1),
    ("±2", "not one exact", 1),
    ("<2", "not one exact", 1),
    ("--5", "", 1),
    ("+-5", "", 1),
    ("2-", "", 2),
    ("1-2", "", 2),
    ("(2)", "", 1),
    ("2*0.3", "", 2),
    ("0·65", "product, or a decimal sign", 2),
    ("1.5×10-3", "", 4),
    ("1.5e", "", 4),
    ("1.5e-3.5", "", 7),
    ("1.2.3", "", 4),
    ("0.65;", "", 5),
    ("0.65..", "", 5),
    ("'5", "", 1),
    ('"5"', "", 1),
    ("5\u00ad", "", 2),
    ("\u00ad5", "", 1),
    ("-", "no digits", 1),
    (".", "no digits", 1),
    ("?", "no digits", 1),
    ("n/a", "no digits", 1),
    ("relu", "no digits", 1),
    ("e-3", "", 1),
    ("²", "no digits", 1),
    ("Ⅳ", "no digits", 1),
    ("四", "no digits", 1),
    ("#DIV/0!", "error of a spreadsheet", 1),
    ("true", "no digits", 1),
    ("1j", "", 2),
    ("5\x00", "", 2),
    ("  5 x", "", 5),
]


@pytest.mark.parametrize(("text", "exact"), READ)
def test_what_can_be_read_in_one_way_is_a_number(text: str, exact: str) -> None:
    """Each spelling gives the exact number, and its nearest float64."""
    assert read_number(text) == Number(Fraction(exact), float(Fraction(exact)))


@pytest.mark.parametrize(("text", "exact"), READ_WITH_COMMA)
def test_a_comma_is_a_decimal_sign_where_the_file_says_so(text: str, exact: str) -> None:
    """In a file with decimal commas a comma is what the point is elsewhere."""
    assert read_number(text, "comma") == Number(Fraction(exact), float(Fraction(exact)))


@pytest.mark.parametrize(("text", "reason", "column"), UNREADABLE)
def test_what_cannot_be_read_has_a_reason_and_a_place(text: str, reason: str, column: int) -> None:
    """Whatever is not plainly one number is unreadable: never wrong, never zero."""
    answer = read_number(text)
    assert isinstance(answer, Unreadable)
    assert reason in answer.reason
    assert answer.column == column


@pytest.mark.parametrize("text", ["1.5", "1.234", "1.234,5", "02.01.2026"])
def test_a_point_is_unreadable_in_a_file_with_commas(text: str) -> None:
    """A thousands mark and a decimal point look alike, so neither is guessed."""
    assert isinstance(read_number(text, "comma"), Unreadable)


@pytest.mark.parametrize("text", ["", " ", "\t", "\u00a0", "\u200b\u2009", "\ufeff"])
def test_blank_is_neither_zero_nor_unreadable(text: str) -> None:
    """Blanks of any kind are a blank answer."""
    assert read_number(text) is None


def test_the_tables_are_large_enough() -> None:
    """The grammar is pinned by a good many cases."""
    assert len(READ) + len(READ_WITH_COMMA) + len(UNREADABLE) >= 150


@given(
    st.floats(min_value=-1e300, max_value=1e300).filter(lambda x: x == 0 or abs(x) > 1e-290),
    st.sampled_from(["point", "comma"]),
)
def test_what_is_printed_is_read(value: float, decimal: Decimal) -> None:
    """read(print(x)) == x for every float64 in range, with either decimal sign."""
    answer = read_number(print_number(value, decimal), decimal)
    assert isinstance(answer, Number)
    assert answer.value == value


@given(st.fractions())
def test_a_fraction_is_read_exactly(value: Fraction) -> None:
    """A fraction as Python prints it comes back without rounding, where it is short enough."""
    text = str(value)
    answer = read_number(text)
    assert len(text) > 100 or (isinstance(answer, Number) and answer.exact == value)


@given(st.text(max_size=120), st.sampled_from(["point", "comma"]))
def test_no_text_makes_it_fail(text: str, decimal: Decimal) -> None:
    """Whatever is written, the answer is a number, blank, or a reason with a place inside it."""
    answer = read_number(text, decimal)
    assert answer is None or isinstance(answer, Number) or 1 <= answer.column <= len(text) + 1


def test_every_kind_of_minus_of_unicode_is_one() -> None:
    """The signs that Unicode calls MINUS SIGN, DASH or HYPHEN and that stand alone are all read."""
    for sign in "-−‐‑‒–—―﹘﹣－":
        assert read_number(f"{sign}2") == Number(Fraction(-2), -2.0)
