"""The number grammar: what a student may write for a number.

A text is a number (exactly, as a fraction), blank, or unreadable with a reason and a place. What
can be read in exactly one way is read; what can be read in two is unreadable: never wrong, and
never zero. Nothing is calculated. `docs/numbers.md` lists the decisions.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from grader.reading.spellings import BLANKS, GROUP_BLANK, holds_markup, same_signs, without_markup
from grader.reading.unreadable import Unreadable, explain, looks_like_a_date

__all__ = ["MAX_EXPONENT", "MAX_LENGTH", "DecimalSign", "Number", "Unreadable"]
__all__ += ["print_number", "read_number"]

DecimalSign = Literal["point", "comma"]

MAX_LENGTH = 100
"""Characters of a text, without blanks around it; what is longer is refused unread."""
MAX_EXPONENT = 300
_MAX_LAYERS = 6

_SWAPPED = str.maketrans(",.", ".,")
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "0123456789" * 2)

# Blanks may stand wherever they cannot be a thousands mark or split one number into two.
_DIGITS = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
_TERM = rf"(?:{_DIGITS}|\(\ *[-+]?\ *{_DIGITS}\ *\))"
_INTEGER = r"[-+]?\ *[0-9]+"
_POWER = rf"(?:{_INTEGER}|\(\ *{_INTEGER}\ *\)|\{{\ *{_INTEGER}\ *\}})"
_SIMPLE = re.compile(rf"[-+]?{_DIGITS}(?:e[-+]?[0-9]{{1,2}})?")
_NUMBER = re.compile(
    rf"""
    (?P<sign>[-+]?)\ *
    (?: (?P<plain>{_DIGITS})(?:\ *(?:ee?|d|\*\^)\ *(?P<scale>{_POWER}))?
      | (?!0[0-9]\ */|[0-9]+\ */\ *0[0-9])(?P<top>{_TERM})\ */\ *(?P<bottom>[-+]?\ *{_TERM})
      | (?!0x)(?:(?P<mantissa>{_DIGITS})\ *[*·x]\ *)?10\ *
        (?:(?:\^|\*\*)\ *(?P<power>{_POWER})|(?P<raised>[-+]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))
      | (?P<whole>[0-9]*)\ *(?P<vulgar>[¼-¾⅐-⅞])
      | (?P<upper>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)\ */\ *(?P<lower>[₀₁₂₃₄₅₆₇₈₉]+)
    )""",
    re.VERBOSE,
)

# Commas and apostrophes part groups for sure if there are two of them, or a decimal sign follows.
_GROUPED = re.compile(
    rf"""(?<![0-9.,'{GROUP_BLANK}]) [1-9][0-9]{{0,2}}
    (?: ([,'])[0-9]{{3}} (?:\1[0-9]{{3}})* (?=\.[0-9])
      | ([,'])[0-9]{{3}} (?:\2[0-9]{{3}})+
      | ([{GROUP_BLANK}٬])[0-9]{{3}} (?:\3[0-9]{{3}})*
    ) (?![0-9,'{GROUP_BLANK}٬])""",
    re.VERBOSE,
)

# A name: w, h_1, h_{t-1}, yhat[2], a^[1], w', \sigma; dL/dw, ∂L/∂w. A squared one is none.
_LETTER = r"(?![²³¹⁰⁴-⁹])[\w\u0300-\u036f]"
_INDEX = (
    r"\{[\w,.+-]{1,9}\}|\[[\w,.+-]{1,9}\]|\((?:[0-9]{1,3}|t(?:[-+][0-9])?)\)"
    r"|\^\{?[\[(][\w+-]{1,5}[\])]\}?|'"
)
_SYMBOL = rf"\\?(?=[^\W\d_])(?:{_LETTER}|{_INDEX})+"
_PARTIAL = rf"\(?\ *[d∂]\ *{_SYMBOL}\ *\)?"
_NAME = rf"(?:{_PARTIAL}\ */\ *{_PARTIAL}|∇?\ *{_SYMBOL})"

# What may be around a number without being a part of it; one layer fits, and its inside has a name.
_LAYER = re.compile(
    rf"""
      "(?P<quotes>.+)" | '(?P<apostrophes>.+)' | '(?P<text_mark>.*[^0-9].*)
    | \*\*(?P<bold>.+)\*\* | \*(?P<italic>[^*]+)\* | __(?P<strong>.+)__ | _(?P<slanted>[^_]+)_
    | \$(?P<dollars>[^$]+)\$ | \$\$(?P<displayed>[^$]+)\$\$
    | \\\((?P<inline>.+)\\\) | \\\[(?P<display>.+)\\\]
    | \{{(?P<braces>.+)\}} | \[(?P<vector>.+)\] | \(\ *(?P<brackets>[-+].*)\)
    | (?:{_NAME})?\ *(?::=|==?|->|[≔≈→⟶↦])(?P<right>[^=]+) | {_NAME}\ *:(?P<labelled>.+)
    | (?P<left>[^=]+)=\ *{_NAME}
    | (?P<sentence>.*[^.,;\ ])\ *[.,;]
    """,
    re.VERBOSE | re.DOTALL,
)
_JOINING = frozenset(f",'٬{GROUP_BLANK}(")
_LOOSE_BLANK = re.compile(rf"(?<![0-9]){GROUP_BLANK}|{GROUP_BLANK}(?![0-9])")
_NEGATED = re.compile(r"([-+])\ *\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was read: the nearest float64, and in ASCII what was written."""

    value: float
    plain: str

    @property
    def exact(self) -> Fraction:
        """What was written, without rounding."""
        return Fraction(self.plain)


def read_number(text: str, decimal: DecimalSign = "point") -> Number | Unreadable | None:
    """Read what a student wrote: a number, None for blank, or the reason why it is neither.

    >>> read_number(" −13/20 ").value
    -0.65
    >>> str(read_number("1,234"))
    'a comma, where this file has decimal points (at character 2)'
    """
    if len(text) > MAX_LENGTH:
        return _read_long(text, decimal)
    if not holds_markup(text):
        return _read(text, decimal)
    plain, places = without_markup(text)
    answer = _read(plain, decimal)
    if isinstance(answer, Unreadable):
        return Unreadable(answer.reason, places[min(answer.column - 1, len(plain))] + 1)
    return answer


def print_number(value: float, decimal: DecimalSign = "point") -> str:
    """The shortest text that `read_number` reads as the same float64; no `.0` behind integers.

    >>> print_number(-0.65, "comma"), print_number(2.0)
    ('-0,65', '2')
    """
    text = repr(float(value)).removesuffix(".0")
    return text.replace(".", ",") if decimal == "comma" else text


def _read_long(text: str, decimal: DecimalSign) -> Number | Unreadable | None:
    """A long text counts only if it is blanks for the most part."""
    body = text.strip(BLANKS)
    start = len(text) - len(text.lstrip(BLANKS))
    if len(body) > MAX_LENGTH:
        return Unreadable(f"longer than {MAX_LENGTH} characters", start + MAX_LENGTH + 1)
    answer = read_number(body, decimal)
    if isinstance(answer, Unreadable):
        return Unreadable(answer.reason, start + answer.column)
    return answer


def _read(text: str, decimal: DecimalSign) -> Number | Unreadable | None:
    """Read a text without mark-up. The grammar itself knows the decimal point only."""
    spelled = same_signs(text)
    pointed = spelled if decimal == "point" else spelled.translate(_SWAPPED)
    body = pointed.replace("٫", ".").strip()
    if _SIMPLE.fullmatch(body):
        return _finite(body, 0)
    if not body:
        return None
    body = _LOOSE_BLANK.sub(" ", body)
    start = len(pointed) - len(pointed.lstrip())
    if (number := _parse(body, start)) is not None:
        return number
    if looks_like_a_date(spelled.strip()):
        reason = "looks like a date: a spreadsheet may have changed it"
        return Unreadable(reason, start + 1)
    return _read_dressed(body, start, point_file=decimal == "point")


def _read_dressed(body: str, start: int, *, point_file: bool) -> Number | Unreadable:
    """Take off one layer after the other (quotes, a name with `=`) until a number is left."""
    for _ in range(_MAX_LAYERS):
        if not (layer := _LAYER.fullmatch(body)) or not (kind := layer.lastgroup):
            break
        inside = layer[kind]
        start += layer.start(kind) + len(inside) - len(inside.lstrip())
        body = inside.strip()
        if (number := _parse(body, start)) is not None:
            return number
    match = _NUMBER.match(body)
    body = body.replace(GROUP_BLANK, " ")
    return explain(body, start, match.end() if match else 0, point_file=point_file)


def _parse(body: str, start: int) -> Number | Unreadable | None:
    """The number that the body is from end to end, or None."""
    if match := _NUMBER.fullmatch(body):
        return _evaluate(match, start)
    if _JOINING.isdisjoint(body):
        return None
    grouped = _GROUPED.sub(lambda group: re.sub("[^0-9]", "", group[0]), body)
    signed = _NEGATED.sub(r"\1\2", grouped)
    if signed != body and (match := _NUMBER.fullmatch(signed)):
        return _evaluate(match, start)
    return None


def _evaluate(match: re.Match[str], start: int) -> Number | Unreadable:
    sign, plain, scale, top, bottom, mantissa, power, raised, whole, vulgar, upper, lower = (
        match.groups()
    )
    if top:
        return _quotient(sign, top, bottom, start)
    if vulgar:
        return _rational(sign, int(whole or "0") + _vulgar(vulgar))
    if upper:
        return _quotient(sign, upper.translate(_SUPERSCRIPT), lower.translate(_SUPERSCRIPT), start)
    shift = scale or power or (raised or "0").translate(_SUPERSCRIPT)
    return _scientific(sign + (plain or mantissa or "1"), shift, start)


def _scientific(digits: str, shift: str, start: int) -> Number | Unreadable:
    exponent = int(shift.strip("(){} ").replace(" ", ""))
    if abs(exponent) > MAX_EXPONENT:
        return Unreadable(f"an exponent beyond ±{MAX_EXPONENT}", start + 1)
    return _finite(f"{digits}e{exponent}" if exponent else digits, start)


def _quotient(sign: str, top: str, bottom: str, start: int) -> Number | Unreadable:
    if "." in top and "." in bottom:
        return Unreadable("a decimal over a decimal: a quotient, or two answers", start + 1)
    divisor = _signed(bottom)
    if divisor == 0:
        return Unreadable("a division by zero", start + 1)
    return _rational(sign, _signed(top) / divisor)


def _vulgar(character: str) -> Fraction:
    return Fraction(unicodedata.normalize("NFKC", character).replace("⁄", "/"))


def _signed(term: str) -> Fraction:
    digits = term.strip("() ").replace(" ", "")
    return Fraction(digits) if "." in digits else Fraction(int(digits))


def _rational(sign: str, magnitude: Fraction) -> Number:
    exact = -magnitude if sign == "-" else magnitude
    return Number(float(exact), str(exact))


def _finite(plain: str, start: int) -> Number | Unreadable:
    value = float(plain) + 0.0  # -0.0 becomes 0.0
    if math.isinf(value):
        return Unreadable("too large", start + 1)
    if value == 0 and re.search("[1-9]", plain.partition("e")[0]):
        return Unreadable("too close to zero", start + 1)
    return Number(value, plain)
