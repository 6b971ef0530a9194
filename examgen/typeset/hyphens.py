"""Where a word may be divided: the patterns of pyphen, for words of one language only."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import pairwise

import pyphen

LEFT, RIGHT = 2, 3  # letters that stay on a line, that go to the next
_PATTERNS = {"en": "en_US", "de": "de_DE"}
# In English a capital makes a name, in German any noun; neither divides LSTM, ReLU or w_2.
_WORDS = {"en": re.compile(r"[a-z]{5,}"), "de": re.compile(r"[A-ZÄÖÜ]?[a-zäöüß]{4,}")}
_VOWEL = re.compile(r"[aeiouyäöü]")


@lru_cache(maxsize=20_000)
def hyphen_points(word: str, language: str) -> tuple[int, ...]:
    """After how many letters a word may be divided; nowhere in a name, a code or a formula.

    >>> hyphen_points("propagation", "en"), hyphen_points("ReLU", "en")
    ((4, 5, 7), ())
    """
    if language not in _WORDS or not _WORDS[language].fullmatch(word):
        return ()
    return _syllables(word.lower(), _patterns(language).positions(word.lower()))


def _syllables(word: str, points: list[int]) -> tuple[int, ...]:
    """The points that leave a vowel on either side: the patterns divide "Rü-ckwärts"."""
    bounds = [0, *points, len(word)]
    bare = {b for a, b in pairwise(bounds) if not _VOWEL.search(word[a:b])}
    starts = {a for a, b in pairwise(bounds) if b in bare}
    return tuple(point for point in points if point not in starts)


@cache
def _patterns(language: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=_PATTERNS[language], left=LEFT, right=RIGHT)
