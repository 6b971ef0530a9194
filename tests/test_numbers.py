"""Tests of the number grammar: a table of what is read, of what is not, and why."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from number_cases import BLANKS, SECTIONS

from grader.reading.numbers import (
    MAX_LENGTH,
    DecimalSign,
    Number,
    Unreadable,
    print_number,
    read_number,
)
from grader.reading.spellings import BLANKS as BLANK_CHARACTERS
from grader.reading.unreadable import ROWS

CASES = [(section.decimal, *case) for section in SECTIONS for case in section.cases]
READ = [case for case in CASES if len(case) == 3]
UNREADABLE = [case for case in CASES if len(case) == 4]
DOCUMENT = (Path(__file__).parent.parent / "docs" / "numbers.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("decimal", "text", "exact"), READ)
def test_what_can_be_read_in_one_way_is_a_number(
    decimal: DecimalSign, text: str, exact: str
) -> None:
    """Each spelling gives the exact number, and its nearest float64."""
    answer = read_number(text, decimal)
    assert isinstance(answer, Number), str(answer)
    assert answer.exact == Fraction(exact)
    assert answer.value == float(Fraction(exact))


@pytest.mark.parametrize(("decimal", "text", "reason", "column"), UNREADABLE)
def test_what_cannot_be_read_has_a_reason_and_a_place(
    decimal: DecimalSign, text: str, reason: str, column: int
) -> None:
    """Whatever is not plainly one number is unreadable: never wrong, and never zero."""
    answer = read_number(text, decimal)
    assert isinstance(answer, Unreadable)
    assert answer.reason.startswith(reason)
    assert answer.column == column


@pytest.mark.parametrize("text", BLANKS)
@pytest.mark.parametrize("decimal", ["point", "comma"])
def test_blank_is_neither_zero_nor_unreadable(text: str, decimal: DecimalSign) -> None:
    """Blanks of any kind, and what nobody sees, are a blank answer."""
    assert read_number(text, decimal) is None


def test_the_table_is_large_enough() -> None:
    """The grammar is pinned by some hundred decisions, none of them twice."""
    assert len(set(CASES)) == len(CASES) > 500


def test_every_reason_is_met_in_the_table() -> None:
    """No reason that the grammar can give goes without a case."""
    given_reasons = {str(read_number(text, decimal)) for decimal, text, *_ in UNREADABLE}
    for _, _, reason in ROWS:
        beginning = reason.partition("{")[0]
        assert any(told.startswith(beginning) for told in given_reasons), reason


@given(
    st.floats(min_value=-1e300, max_value=1e300).filter(lambda x: x == 0 or abs(x) > 1e-290),
    st.sampled_from(["point", "comma"]),
)
def test_what_is_printed_is_read(value: float, decimal: DecimalSign) -> None:
    """read(print(x)) == x for every float64 in range, with either decimal sign."""
    answer = read_number(print_number(value, decimal), decimal)
    assert isinstance(answer, Number)
    assert answer.value == value


@given(st.fractions())
def test_a_fraction_is_read_exactly(value: Fraction) -> None:
    """A fraction as Python prints it comes back without rounding, where it is short enough."""
    text = str(value)
    answer = read_number(text)
    assert len(text) > MAX_LENGTH or (isinstance(answer, Number) and answer.exact == value)


DIGITS = st.text("0123456789", min_size=1, max_size=12)
SIGNS = st.sampled_from(["", *"-−‐‑‒–—―⁃﹘﹣－➖˗⁻ー", *"+＋﹢➕⁺"])
SPACE = st.sampled_from(["", "", " ", "\u00a0", "\u2009", "\u200b", "\t"])
SCRIPTS = st.sampled_from("0０𝟎٠۰०๐")
POWERS = st.sampled_from(
    [
        "e{}",
        "E{}",
        " e {}",
        "D{}",
        "*^{}",
        "·10^{}",
        "*10**{}",
        "x10^({})",
        "×10^{{{}}}",
        " X 10 ^ {}",
    ]
)


@st.composite
def decimals(draw: st.DrawFn) -> tuple[str, Fraction]:
    """A decimal with a point, and its value by Python's own exact arithmetic."""
    whole, rest = draw(DIGITS), draw(st.one_of(st.just(""), DIGITS))
    value = Fraction(int(whole + rest), 10 ** len(rest))
    return draw(
        st.sampled_from([f"{whole}.{rest}", whole] if not rest else [f"{whole}.{rest}"])
    ), value


def signed(sign: str, value: Fraction) -> Fraction:
    """The value with a sign before it."""
    return value if sign in ("", *"+＋﹢➕⁺") else -value


def in_script(text: str, zero: str) -> str:
    """The text with the digits of another script."""
    return "".join(chr(ord(zero) + int(c)) if "0" <= c <= "9" else c for c in text)


@given(SIGNS, SPACE, decimals(), SCRIPTS, SPACE, st.booleans())
def test_a_decimal_is_what_its_digits_say(
    sign: str, space: str, number: tuple[str, Fraction], zero: str, around: str, comma: bool
) -> None:
    """Sign, blanks, script and decimal sign aside, the digits alone decide the exact value."""
    digits = number[0].replace(".", ",") if comma else number[0]
    text = around + sign + space + in_script(digits, zero) + around
    answer = read_number(text, "comma" if comma else "point")
    assert isinstance(answer, Number)
    assert answer.exact == signed(sign, number[1])
    assert answer.value == float(answer.exact)


@given(SIGNS, decimals(), POWERS, st.integers(-250, 250))
def test_a_power_of_ten_shifts_the_point(
    sign: str, number: tuple[str, Fraction], power: str, exponent: int
) -> None:
    """Every spelling of scientific notation is the mantissa times that power of ten."""
    text = number[0] + power.format(exponent)
    assume(not text.startswith("0x"))  # hexadecimal, perhaps
    answer = read_number(sign + text)
    assert isinstance(answer, Number)
    assert answer.exact == signed(sign, number[1]) * Fraction(10) ** exponent
    assert answer.value == float(answer.exact)


@given(
    SIGNS,
    st.integers(0, 10**9),
    st.integers(1, 10**9),
    SPACE,
    st.sampled_from([*"/⁄∕／÷", "frac"]),
)
def test_a_fraction_is_its_quotient(
    sign: str, top: int, bottom: int, space: str, slash: str
) -> None:
    """Every spelling of a fraction is the exact quotient of two integers."""
    text = (
        rf"\frac{{{top}}}{{{bottom}}}" if slash == "frac" else f"{top}{space}{slash}{space}{bottom}"
    )
    answer = read_number(sign + text)
    assert isinstance(answer, Number)
    assert answer.exact == signed(sign, Fraction(top, bottom))


@given(st.integers(1000, 10**15), DIGITS, st.sampled_from("'\u00a0\u2009\u202f,"))
def test_groups_of_three_change_nothing(whole: int, rest: str, mark: str) -> None:
    """Python's own grouping is undone, wherever a decimal sign behind it makes it plain."""
    answer = read_number(f"{whole:,}".replace(",", mark) + "." + rest)
    assert isinstance(answer, Number)
    assert answer.exact == Fraction(f"{whole}.{rest}")


PIECES = st.sampled_from(
    [case[1] for case in CASES if len(case[1]) < 20]
    + [*" -+.,'/*^=()[]{}$\\_e%~:;", "10", "w", "\u202f"]
)


@given(
    st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=8).map("".join)),
    st.sampled_from(["point", "comma"]),
)
def test_no_text_makes_it_fail(text: str, decimal: DecimalSign) -> None:
    """Whatever is written, the answer is a number, blank, or a reason with a place inside it."""
    answer = read_number(text, decimal)
    if isinstance(answer, Number):
        assert answer.value == float(answer.exact)
    elif answer is not None:
        assert 1 <= answer.column <= len(text) + 1
        assert answer.reason


@given(st.one_of(st.sampled_from([case[1] for case in CASES]), st.text(max_size=30)))
@pytest.mark.parametrize("minus", list("−‐‑‒–—―⁃﹘﹣－➖˗⁻ー"))
def test_every_kin_of_the_minus_is_one(minus: str, text: str) -> None:
    """Another sign for the minus changes neither the number nor the reason."""
    if "&" not in text:
        assert read_number(text.replace("-", minus)) == read_number(text)


@given(
    st.sampled_from([case[:2] for case in CASES]), st.text(BLANK_CHARACTERS, min_size=1, max_size=5)
)
def test_blanks_around_change_nothing(case: tuple[DecimalSign, str], blanks: str) -> None:
    """Blanks of any kind before and behind move the place of a reason, and nothing else."""
    decimal, text = case
    bare, padded = read_number(text, decimal), read_number(blanks + text + blanks, decimal)
    if isinstance(bare, Unreadable):
        bare = Unreadable(bare.reason, bare.column + len(blanks))
    assert padded == bare


@pytest.mark.parametrize("character", BLANK_CHARACTERS)
def test_every_blank_character_alone_is_blank(character: str) -> None:
    """The list of blanks and the table of signs agree."""
    assert read_number(character) is None


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "1,111",
        "10",
        "1'",
        "(",
        "'\"",
        "\\frac{",
        "a_{",
        "a[",
        "w",
        "d/",
        "<p>1",
        "&#8722;",
        "e1",
    ],
)
@pytest.mark.parametrize("end", ["", "!", "=", "(", " "])
def test_a_text_made_to_be_slow_is_refused(piece: str, end: str) -> None:
    """Long repetitions, the food of runaway patterns, come back at once with a reason."""
    assert read_number(piece * (MAX_LENGTH // len(piece) - 1) + end) is not None
    assert isinstance(read_number(piece * 100_000 + end), Unreadable)


def documented() -> list[tuple[DecimalSign, str, str]]:
    """The rows of the document's tables: decimal sign of the file, what is written, what it is."""
    rows: list[tuple[DecimalSign, str, str]] = []
    decimal: DecimalSign = "point"
    for line in DOCUMENT.splitlines():
        if line.startswith("## "):
            decimal = "comma" if "decimal commas" in line else "point"
        if row := re.fullmatch(r"\| `(.+)` \| (.+) \|", line):
            text = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), row[1])
            rows.append((decimal, text, row[2]))
    return rows


@pytest.mark.parametrize(("decimal", "text", "told"), documented())
def test_the_document_says_what_the_program_does(
    decimal: DecimalSign, text: str, told: str
) -> None:
    """Each row of docs/numbers.md: the number, `blank`, or `unreadable:` and the whole reason."""
    answer = read_number(text, decimal)
    if isinstance(answer, Number):
        assert Fraction(told) == answer.exact
    else:
        assert told == ("blank" if answer is None else f"unreadable: {answer.reason}")


def test_the_document_covers_the_grammar() -> None:
    """It has rows enough, and counts the decisions rightly."""
    assert len(documented()) > 100
    assert f"{len(CASES)} of them" in DOCUMENT
