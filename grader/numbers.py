"""The number grammar: what a student may write for a number, and why the rest cannot be read.

A text is a number (exactly, as a fraction), blank, or unreadable with a reason and a place. What
can be read in more than one way is unreadable: never wrong, and never zero.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Decimal = Literal["point", "comma"]

MAX_LENGTH = 100
MAX_EXPONENT = 300

_MINUS = "-−‐‑‒–—―⁃﹘﹣－➖˗⁻"
_PLUS = "+＋﹢➕⁺"
_STAR = "×✕✖＊"
_DOT = "⋅∙•"
_SLASH = "/⁄∕／÷"
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\u061c\ufeff"
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_SAME = str.maketrans(
    {
        **dict.fromkeys(_MINUS[:-1], "-"),
        **dict.fromkeys(_PLUS[:-1], "+"),
        **dict.fromkeys(_STAR, "*"),
        **dict.fromkeys(_DOT, "·"),
        **dict.fromkeys(_SLASH, "/"),
        **dict.fromkeys(_INVISIBLE, " "),
        "．": ".",
        "，": ",",
        "Ｅ": "e",
        "ｅ": "e",
        "E": "e",
        "＾": "^",
    }
)

# Blanks may stand wherever they cannot be a thousands mark or split one number into two.
_DIGITS = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
_EXPONENT = r"[-+]?\ *[0-9]+"
_NUMBER = re.compile(
    rf"""
    (?P<sign>[-+⁻⁺]?)\ *
    (?: (?P<vulgar>[¼-¾⅐-⅞])
      | (?P<top>{_DIGITS})\ */\ *(?P<bottom>[-+]?\ *{_DIGITS})
      | (?:(?P<mantissa>{_DIGITS})\ *[*·xX]\ *)? 10\ *
        (?: (?:\^|\*\*)\ *(?: \(\ *(?P<round>{_EXPONENT})\ *\) | \{{\ *(?P<brace>{_EXPONENT})\ *\}}
            | (?P<power>{_EXPONENT}) )
          | (?P<raised>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+) )
      | (?P<plain>{_DIGITS})(?:\ *e\ *(?P<scale>{_EXPONENT}))?
    )""",
    re.VERBOSE,
)

_DATE = re.compile(
    r"^\d{4}-\d\d?-\d\d?|^\d\d?[./-]\d\d?[./-]\d{2,4}|^\d\d?\.\d\d?\.$"
    r"|^(\d\d?[.\s-]*)?(jan|feb|mar|mär|apr|ma[iy]|ju[nl]|aug|sep|o[ck]t|nov|de[cz])",
    re.IGNORECASE,
)
# In this order: the first that fits names the reason.
_REASONS = tuple(
    (re.compile(pattern, re.IGNORECASE), reason)
    for pattern, reason in (
        (r"^[-+]?(nan|inf|infinity|∞)$", "not a finite number"),
        (_DATE.pattern, "looks like a date: a spreadsheet may have changed it"),
        (r"^#", "an error of a spreadsheet, not a number"),
        (r"^[-+]?0[xob][0-9a-f]", "not a decimal number"),
        (r"\d_\d", "an underscore between digits"),
        (r"\d['’`´]\d", "a thousands mark, or a decimal sign: which one is not plain"),
        (r"\d\s+\d+\s*/\s*\d", "a mixed number: write it as one fraction or as a decimal"),
        (r"\d\s*[¼-¾⅐-⅞]", "a mixed number: write it as one fraction or as a decimal"),
        (r"\d\s+\d", "a blank between digits"),
        (r"[%‰]", "a percent sign: 65 % may mean 0.65 or 65"),
        (r"^[^=]*=", "an equation: give the number only"),
        (r"^[~≈<>≤≥±]", "not one exact number"),
        (r"^\d+·\d+$", "a product, or a decimal sign: which one is not plain"),
        (r"^[^\d]*$", "no digits"),
    )
)


@dataclass(frozen=True)
class Number:
    """A number that was read: `exact` is what was written, `value` the nearest float64."""

    exact: Fraction
    value: float


@dataclass(frozen=True)
class Unreadable:
    """Why a text is no number, and the character (from 1) at which reading stopped."""

    reason: str
    column: int

    def __str__(self) -> str:
        return f"{self.reason} (at character {self.column})"


def read_number(text: str, decimal: Decimal = "point") -> Number | Unreadable | None:
    """Read what a student wrote: a number, None for blank, or the reason why it is neither.

    >>> read_number(" −13/20 ").value
    -0.65
    >>> str(read_number("1,234"))
    'a comma, where this file has decimal points (at character 2)'
    """
    if len(text) > MAX_LENGTH:
        return Unreadable(f"longer than {MAX_LENGTH} characters", MAX_LENGTH + 1)
    plain = _same_signs(text).replace("٫", "." if decimal == "point" else ",")
    if not (body := plain.strip()):
        return None
    start = len(plain) - len(plain.lstrip())
    if (foreign := body.find("," if decimal == "point" else ".")) >= 0:
        return Unreadable(_foreign_reason(body, decimal), start + foreign + 1)
    body = body.replace(",", ".")
    match = _NUMBER.match(body)
    if match and match.end() == len(body):
        return _evaluate(match, start)
    return Unreadable(_reason(body), start + _stop(match, body) + 1)


def print_number(value: float, decimal: Decimal = "point") -> str:
    """The shortest text that `read_number` reads as the same float64; no `.0` behind integers.

    >>> print_number(-0.65, "comma"), print_number(2.0)
    ('-0,65', '2')
    """
    text = repr(float(value)).removesuffix(".0")
    return text.replace(".", ",") if decimal == "comma" else text


def _same_signs(text: str) -> str:
    """One spelling for each sign, digit and blank, character for character, so that places hold."""
    if text.isascii():
        return text.translate(_SAME).replace("\t", " ")
    return "".join(map(_same_sign, text.translate(_SAME)))


def _same_sign(character: str) -> str:
    if character.isspace():
        return " "
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def _foreign_reason(body: str, decimal: Decimal) -> str:
    mark, other = ("comma", "points") if decimal == "point" else ("point", "commas")
    if _DATE.search(body):
        return _reason(body)
    return f"a {mark}, where this file has decimal {other}"


def _reason(body: str) -> str:
    known = (reason for form, reason in _REASONS if form.search(body))
    return next(known, "not a number on its own")


def _stop(match: re.Match[str] | None, body: str) -> int:
    """Where reading stopped: behind what reads as a number, or at the start."""
    stop = match.end() if match else 0
    return stop + len(body[stop:]) - len(body[stop:].lstrip())


def _evaluate(match: re.Match[str], start: int) -> Number | Unreadable:
    part = match.groupdict()
    raised = (part["raised"] or "").translate(_SUPERSCRIPT)
    power = part["round"] or part["brace"] or part["power"] or raised or part["scale"] or "0"
    exponent = int(power.replace(" ", ""))
    if abs(exponent) > MAX_EXPONENT:
        return Unreadable(f"an exponent beyond ±{MAX_EXPONENT}", start + match.end())
    try:
        exact = _magnitude(part) * Fraction(10) ** exponent
    except ZeroDivisionError:
        return Unreadable("a division by zero", start + match.start("bottom") + 1)
    return _finite(-exact if part["sign"] in ("-", "⁻") else exact, start)


def _magnitude(part: dict[str, str | None]) -> Fraction:
    if part["vulgar"]:
        return Fraction(unicodedata.numeric(part["vulgar"])).limit_denominator(10)
    if part["top"] and part["bottom"]:
        return _fraction(part["top"]) / _fraction(part["bottom"])
    return _fraction(part["plain"] or part["mantissa"] or "1")


def _fraction(digits: str) -> Fraction:
    return Fraction(digits.replace(" ", ""))


def _finite(exact: Fraction, start: int) -> Number | Unreadable:
    try:
        value = float(exact)
    except OverflowError:
        return Unreadable("too large", start + 1)
    if value == 0 and exact != 0:
        return Unreadable("too close to zero", start + 1)
    return Number(exact, value)
