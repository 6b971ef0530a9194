"""Reading an answer that stands alone: no file tells which decimal sign its author writes.

The usual sign is tried first. What cannot be read so, but has the other sign for sure, is read with
that: `0,65` and `-1,5`, but not `1,234`, which may be a thousand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from grader.reading.numbers import DecimalSign
from grader.reading.spellings import same_signs

T = TypeVar("T")

LONGEST = 2_000
"""Characters of the longest text that any reader takes."""

_MARKS: Mapping[DecimalSign, str] = {"point": ".", "comma": ","}
_OTHER: Mapping[DecimalSign, DecimalSign] = {"point": "comma", "comma": "point"}
_THOUSANDS = r"(?<![0-9.,])[1-9][0-9]{0,2}(?:MARK[0-9]{3})+(?![0-9])"
_NO_DECIMAL = r"MARK(?![0-9])"


def read_either(
    text: str, read: Callable[[str, DecimalSign], T], fails: Callable[[T], bool], usual: DecimalSign
) -> T:
    """What a text is read as; fails: whether a reading is none."""
    found = read(text, usual)
    return read(text, _OTHER[usual]) if fails(found) and is_written_in_other(text, usual) else found


def is_written_in_other(text: str, usual: DecimalSign) -> bool:
    """Whether a text has the other decimal sign, and it can be nothing else.

    >>> is_written_in_other("-0,5", "point"), is_written_in_other("1,234", "point")
    (True, False)
    """
    spelled, mark = same_signs(text[:LONGEST]).rstrip(" .,;"), _MARKS[_OTHER[usual]]
    doubtful = f"{_THOUSANDS}|{_NO_DECIMAL}".replace("MARK", re.escape(mark))
    return mark in spelled and _MARKS[usual] not in spelled and not re.search(doubtful, spelled)
