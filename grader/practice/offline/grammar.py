"""What the reader in JavaScript takes over from the readers in Python: their patterns and tables.

The grammar is kept once, in `grader.reading` and `grader.symbolic`. From there it is exported: a
table as it is, a regular expression in the spelling of JavaScript (with its flag `u`), in which it
matches the same texts. What Python calls a digit or a blank is written out; letters are those of
the browser's Unicode, as they are those of Python's here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from grader.feedback.unread import GERMAN
from grader.reading import numbers, spellings, unreadable
from grader.symbolic import building, characters, latex, parser, reader, scanner, words

SCRIPTS = (
    "read.js",
    "read_exact.js",
    "read_spellings.js",
    "read_numbers.js",
    "read_characters.js",
    "read_scanner.js",
    "read_words.js",
    "read_parser.js",
    "read_formulas.js",
    "read_values.js",
)
"""The scripts of the reader, in the order in which they have to be run."""

Pattern = tuple[str, str]
"""A regular expression of JavaScript, and its flags."""


@cache
def reader_script() -> str:
    """The whole reader, to be put into a page: all on one global, `Reading`."""
    folder = files(__package__) / "static"
    return "\n".join(_bare((folder / name).read_text(encoding="utf-8")) for name in SCRIPTS)


def _bare(script: str) -> str:
    """A script without its comments and indents, a fifth of it; no string of ours spans lines."""
    lines = re.sub(r"^ */\*\*.*?\*/$|^ *//[^\n]*$", "", script, flags=re.M | re.S).splitlines()
    return "\n".join(filter(None, map(str.strip, lines)))


@cache
def grammar_data() -> Mapping[str, Any]:
    """All that `Reading.load` needs, ready for JSON; the same for every page."""
    return {
        "spaces": "".join(filter(str.isspace, map(chr, range(0x10000)))),
        "zeros": _zeros(),
        "spellings": _spellings(),
        "numbers": _numbers(),
        "characters": _characters(),
        "scanner": _scanner(),
        "words": _words(),
        "parser": _parser(),
    }


def reasons_data(language: str) -> list[tuple[str, str]]:
    """The sentences of the readers in English and in another language; none for English.

    `{}` is what stands there of the answer. The order counts: the first form that fits is taken.
    """
    return list(GERMAN.items()) if language == "de" else []


# --- the tables ----------------------------------------------------------------------------------


@cache
def _zeros() -> tuple[int, ...]:
    """The zero of every script; its other nine digits follow it."""
    return tuple(code for code in range(0x110000) if unicodedata.decimal(chr(code), None) == 0)


def _spellings() -> dict[str, Any]:
    return {
        "kin": spellings._KIN,
        "blanks": spellings.BLANKS,
        "groupBlank": spellings.GROUP_BLANK,
        "latinZeros": sorted(spellings._LATIN_ZEROS),
        "foreign": _exported(spellings._FOREIGN),
        "markup": _exported(spellings._HOLDS_MARKUP),
        "entity": _exported(spellings._ENTITY),
        "rewritings": [(_exported(found), new) for found, new in spellings._REWRITINGS],
    }


def _numbers() -> dict[str, Any]:
    rows = [
        (_exported(re.compile(f"(.*?(?:{before}))({form})", unreadable._FORMS.flags)), reason)
        for before, form, reason in unreadable.ROWS
    ]
    return {
        "longest": numbers.MAX_LENGTH,
        "exponent": numbers.MAX_EXPONENT,
        "layers": numbers._MAX_LAYERS,
        "simple": _exported(numbers._SIMPLE),
        "number": _exported(numbers._NUMBER),
        "grouped": _exported(numbers._GROUPED),
        "layer": _exported(numbers._LAYER),
        "looseBlank": _exported(numbers._LOOSE_BLANK),
        "negated": _exported(numbers._NEGATED),
        "joining": "".join(sorted(numbers._JOINING)),
        "date": _exported(unreadable._DATE),
        "rows": rows,
    }


def _characters() -> dict[str, Any]:
    return {
        "accents": characters._ACCENTS,
        "greek": characters._GREEK,
        "same": characters._SAME,
        "raised": characters._RAISED,
        "lowered": characters._LOWERED,
    }


def _scanner() -> dict[str, Any]:
    patterns = {
        name.strip("_").lower(): _exported(found)
        for name, found in vars(scanner).items()
        if isinstance(found, re.Pattern)
    }
    return {
        "units": scanner.MOST_UNITS,
        "tokens": scanner.MOST_TOKENS,
        "digits": _odd_digits(),
        "numbers": {sign: _exported(found) for sign, found in scanner._NUMBERS.items()},
        "patterns": patterns,
        "skipped": sorted(latex.SKIPPED),
        "signs": latex.SIGNS,
        "fonts": sorted(latex.FONTS),
        "accents": latex.ACCENTS,
        "behind": latex.BEHIND,
        "letters": latex.LETTERS,
    }


def _odd_digits() -> str:
    """Digits that stand for no decimal digit and are no other spelling of one: ➀, ፩."""
    known = (chr(code) for code in range(128, 0x110000))
    odd = (one for one in known if one.isdigit() and not one.isdecimal())
    return "".join(one for one in odd if unicodedata.normalize("NFKD", one) == one)


def _words() -> dict[str, Any]:
    return {
        "functions": words.FUNCTIONS,
        "withSlope": words._WITH_SLOPE,
        "factors": words._MOST_FACTORS,
        "shown": words._MOST_SHOWN,
    }


def _parser() -> dict[str, Any]:
    return {
        "longest": reader.MAX_LENGTH,
        "sides": reader.MOST_SIDES,
        "nesting": parser.MAX_NESTING,
        "exponent": parser.MAX_EXPONENT,
        "depth": building.MAX_DEPTH,
        "functions": building._FUNCTIONS,
        "arity": building._ARITY,
    }


# --- regular expressions -------------------------------------------------------------------------

_PARTS = r"""
      (?P<escape>\\(?:u[0-9a-f]{4}|x[0-9a-f]{2}|.))
    | (?P<set>\[\^?(?:\\.|[^\]\\])+\])
    | \(\?P<(?P<group>\w+)>
    | (?P<repeat>\{[0-9]+(?:,[0-9]*)?\})
    | .
    """
_PART = re.compile(_PARTS, re.VERBOSE)
_SPACED_PART = re.compile(rf"[ \t\n]+|\#.*|{_PARTS}", re.VERBOSE)
_WORD = r"\p{L}\p{N}_"
_SPACE = r"\s\x1c-\x1f\x85"  # and without U+FEFF, which is taken out of every text at first
_NO_DECIMAL_DIGIT = {r"[^\W\d_]": r"[\p{L}\p{Nl}\p{No}]"}
_BOUNDARY = rf"(?:(?<=[{_WORD}])(?![{_WORD}])|(?<![{_WORD}])(?=[{_WORD}]))"
_ESCAPED = frozenset("^$\\.*+?()[]{}|/")
_TURKISH = "ıİ"
"""The only two letters that Python takes for a small i, and JavaScript does not."""


def _exported(pattern: re.Pattern[str]) -> Pattern:
    r"""A pattern in JavaScript; what it has no translation for is a bug.

    `$` stays: that Python's also matches before a last line break plays no part, since blanks of
    all kinds around a text are gone before any of these patterns is tried.

    >>> _exported(re.compile(r"(?P<sign>[-+]) \ * [^\W\d_] # a letter", re.VERBOSE))
    ('(?<sign>[-+]) *[\\p{L}\\p{Nl}\\p{No}]', 'u')
    """
    parts = _SPACED_PART if pattern.flags & re.VERBOSE else _PART
    source = "".join(_part(found, pattern.flags) for found in parts.finditer(pattern.pattern))
    return source, "iu" if pattern.flags & re.IGNORECASE else "u"


def _part(found: re.Match[str], flags: int) -> str:
    """One part of a pattern: a character, an escape, a set, how a group begins."""
    text = found[0]
    if flags & re.VERBOSE and text[0] in " \t\n#":
        return ""
    if found["group"]:
        return f"(?<{found['group']}>"
    if found["repeat"]:
        return text
    if text == ".":
        return "[^]" if flags & re.DOTALL else r"[^\n]"
    plain = _set(text) if found["set"] else _escape(text) if found["escape"] else _plain(text)
    return _with_turkish(text, plain) if flags & re.IGNORECASE else plain


def _plain(character: str) -> str:
    return f"\\{character}" if character in "{}]" else character


def _escape(text: str) -> str:
    classes = {r"\w": f"[{_WORD}]", r"\s": f"[{_SPACE}]", r"\d": f"[{_digits()}]"}
    if text in classes or text == r"\b":
        return classes.get(text, _BOUNDARY)
    assert text[1] not in "ABDSWZ", f"bug: {text} is not exported"
    return _character(text)


def _character(text: str) -> str:
    """An escape that JavaScript knows too, or the character itself."""
    return text if text[1].isalnum() or text[1] in _ESCAPED else text[1]


def _set(text: str) -> str:
    if text in _NO_DECIMAL_DIGIT:
        return _NO_DECIMAL_DIGIT[text]
    assert not re.search(r"\\[DSWbd]", text), f"bug: {text} is not exported"
    inside = text.replace(r"\w", _WORD).replace(r"\s", _SPACE)
    return re.sub(r"\\.", lambda one: one[0] if one[0][1] == "-" else _character(one[0]), inside)


@cache
def _digits() -> str:
    return "".join(f"{chr(zero)}-{chr(zero + 9)}" for zero in _zeros())


def _with_turkish(text: str, exported: str) -> str:
    """A letter or a set without regard to case, as Python understands that."""
    if exported.startswith("(") or text in "(?)|*+^$":
        return exported
    more = "".join(one for one in _TURKISH if _only_by_case(text, one))
    if not more:
        return exported
    return f"{exported[:-1]}{more}]" if exported.startswith("[") else f"[{exported}{more}]"


def _only_by_case(text: str, character: str) -> bool:
    found = re.fullmatch(text, character, re.IGNORECASE)
    return found is not None and not re.fullmatch(text, character)


__all__ = ["SCRIPTS", "grammar_data", "reader_script", "reasons_data"]
