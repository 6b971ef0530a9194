"""Reading an answer that stands alone: no file tells which decimal sign its author writes.

The usual sign is tried first. What cannot be read so, but has the other sign for sure, is read with
that: `0,65` and `-1,5`, but not `1,234`, which may be a thousand, unless that sign is sure to be no
mark between thousands. Where neither will do, a word is told before a doubtful sign: in `ca. 1,5`
it is not the comma that is not understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from grader.reading.numbers import DecimalSign, Number, Unreadable, read_number
from grader.reading.spellings import same_signs

T = TypeVar("T")

LONGEST = 2_000
"""Characters of the longest text that any reader takes."""

_MARKS: Mapping[DecimalSign, str] = {"point": ".", "comma": ","}
_OTHER: Mapping[DecimalSign, DecimalSign] = {"point": "comma", "comma": "point"}
_THOUSANDS = r"(?<![0-9.,])[1-9][0-9]{0,2}(?:MARK[0-9]{3})+(?![0-9])"
_NO_DECIMAL = r"MARK(?![0-9])"
_BESIDE_A_LETTER = re.compile(r"(?<=[^\W\d_])[.,]")
_DOUBTS = ("a comma, where ", "a point, where ")


def read_either(
    text: str,
    read: Callable[[str, DecimalSign], T],
    fails: Callable[[T], bool],
    usual: DecimalSign,
    sure: DecimalSign | None = None,
) -> T:
    """What a text is read as; fails: whether a reading is none; sure: see `is_written_in_other`."""
    found = read(text, usual)
    other = fails(found) and is_written_in_other(text, usual, sure)
    return read(text, _OTHER[usual]) if other else found


def is_written_in_other(text: str, usual: DecimalSign, sure: DecimalSign | None = None) -> bool:
    """Whether a text has the other decimal sign, and it can be nothing else.

    sure: a sign that no student sets between thousands, as the comma in German.

    >>> is_written_in_other("-0,5", "point"), is_written_in_other("1,234", "point")
    (True, False)
    >>> is_written_in_other("1,234", "point", sure="comma")
    True
    """
    spelled, mark = same_signs(text[:LONGEST]).rstrip(" .,;"), _MARKS[_OTHER[usual]]
    doubts = _NO_DECIMAL if sure == _OTHER[usual] else f"{_THOUSANDS}|{_NO_DECIMAL}"
    doubtful = doubts.replace("MARK", re.escape(mark))
    return mark in spelled and _MARKS[usual] not in spelled and not re.search(doubtful, spelled)


def read_alone(
    text: str, usual: DecimalSign, sure: DecimalSign | None = None
) -> Number | Unreadable | None:
    """The number that a text is, None for a blank; see `read_number` and `is_written_in_other`.

    A stop behind a letter is no decimal sign. Where a text is no number with either sign, what else
    is wrong with it is told before the sign.

    >>> str(read_alone("ca. 1,5", "point"))
    'something before the number: give the number only (at character 1)'
    """
    found = read_either(text, read_number, _is_unreadable, usual, sure)
    if not _doubts_the_sign(found):
        return found
    wordless = _BESIDE_A_LETTER.sub(" ", text)
    anew = (read_number(wordless, sign) for sign in (usual, _OTHER[usual]))
    surely = (one for one in anew if _is_unreadable(one) and not _doubts_the_sign(one))
    return next(surely, found)


def _is_unreadable(read: Number | Unreadable | None) -> bool:
    return isinstance(read, Unreadable)


def _doubts_the_sign(read: Number | Unreadable | None) -> bool:
    return isinstance(read, Unreadable) and read.reason.startswith(_DOUBTS)
