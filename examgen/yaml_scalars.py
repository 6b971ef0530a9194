"""What one scalar of YAML means, by our own rules.

Unquoted, it is a number exactly as written, true, false, nothing, or text; in quotes it is text;
as a key it is text that people can see.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from fractions import Fraction

from examgen.errors import ExamgenError

MOST_DIGITS = 40
LARGEST_EXPONENT = 30

# U+0085, U+2028, U+2029 are line ends to YAML and to no editor: line numbers would be wrong.
CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""Characters that have no place in a text."""

_ESCAPED_CONTROL = re.compile(f"{CONTROL.pattern}|[\t\r]")
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
    bare = text.replace("_", "")
    if bare != text and text[:1] != "_" and _NUMBER.fullmatch(bare):
        shown = text[:MOST_DIGITS]
        raise ExamgenError(f"'{shown}' is a number with '_': leave '_' out, or put it in quotes")
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


def resolve_quoted(text: str, *, escapes: bool) -> str:
    """The text of a quoted or block scalar; `escapes` tells that a backslash was one.

    Raises ExamgenError for TeX that became control characters: in double quotes `\\theta` is a tab
    and `heta`, `\\nabla` a new line and `abla`; both are valid YAML, and neither was meant.
    """
    advice = "in double quotes a backslash begins an escape; use single quotes for TeX"
    if escapes and (match := _ESCAPED_CONTROL.search(text)):
        raise ExamgenError(f"the text holds {name_of(match[0])}: {advice}")
    if escapes and any("\n" in formula for formula in text.split("$")[1::2]):
        raise ExamgenError(f"a line break inside $...$: {advice}")
    return text


def problems_of_key(key: str, *, quoted: bool) -> Iterator[str]:
    """Why a key is not one: it is missing, merges mappings, or cannot be seen."""
    if not quoted and key == "<<":
        yield "'<<' merges another mapping in; write the keys out"
    if not key:
        yield "there is no key before ':'"
    for char in dict.fromkeys(key):
        if _is_invisible(char):
            yield f"the key holds an invisible character ({name_of(char)})"


def _is_invisible(char: str) -> bool:
    """Blanks other than the blank, formatting and control characters."""
    if char == " ":
        return False
    return unicodedata.category(char) in ("Cc", "Cf", "Zs") or bool(CONTROL.match(char))


def name_of(char: str) -> str:
    """A character that cannot be seen, by its number and name.

    >>> name_of("\\u200b")
    'U+200B zero width space'
    """
    return f"U+{ord(char):04X} {unicodedata.name(char, 'control character').lower()}"
