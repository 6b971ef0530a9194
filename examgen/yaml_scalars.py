"""What an unquoted YAML value means: a number exactly as written, true, false, nothing, or text."""

from __future__ import annotations

import re
from fractions import Fraction

from examgen.errors import ExamgenError

MOST_DIGITS = 40
LARGEST_EXPONENT = 30

_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_NUMBER = re.compile(r"[+-]?(?P<digits>\d+\.?\d*|\.\d+)(?:[eE](?P<exponent>[+-]?\d+))?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_LEADING_ZERO = re.compile(r"[+-]?0+\d", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?\.(inf|nan)", re.IGNORECASE)


def resolve_plain(text: str) -> str | bool | int | Fraction | None:
    """The meaning of an unquoted value; decimals are exact, and `no`, `on`, `1:30` are text.

    Raises ExamgenError for what looks like a number and is read differently by different readers.

    >>> resolve_plain("1e-3"), resolve_plain("no")
    (Fraction(1, 1000), 'no')
    """
    if text in _WORDS:
        return _WORDS[text]
    if _NOT_FINITE.fullmatch(text):
        raise ExamgenError(f"'{text}' is not a finite number")
    match = _NUMBER.fullmatch(text)
    if match:
        return _number(text, match["digits"], match["exponent"] or "0")
    if "_" in text and _NUMBER.fullmatch(text.replace("_", "")):
        bare = text.replace("_", "")
        raise ExamgenError(f"'{text}' is a number with '_': write {bare}, or '{text}' in quotes")
    return text


def _number(text: str, digits: str, exponent: str) -> int | Fraction:
    if len(digits.replace(".", "")) > MOST_DIGITS:
        raise ExamgenError(f"a number of more than {MOST_DIGITS} digits: {text[:20]}...")
    if len(exponent) > MOST_DIGITS or abs(int(exponent)) > LARGEST_EXPONENT:
        raise ExamgenError(f"the exponent of {text[:60]} is beyond ±{LARGEST_EXPONENT}")
    if _LEADING_ZERO.match(text):
        raise ExamgenError(
            f"'{text}' begins with a zero: write {_without_zeros(text)}, or '{text}' in quotes"
        )
    return int(text) if _INTEGER.fullmatch(text) else Fraction(text)


def _without_zeros(text: str) -> str:
    sign = text[:1] if text[:1] in "+-" else ""
    return sign + re.sub(r"^0+(?=\d)", "", text[len(sign) :])
