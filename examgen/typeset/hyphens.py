"""Where a word may be divided: F. M. Liang's method with the patterns that pyphen brings.

F. M. Liang, "Word Hy-phen-a-tion by Com-put-er", Stanford 1983. A pattern is letters with digits
between them; at every place of a word the highest digit counts, and an odd one allows a hyphen.
pyphen's own reader takes 0.4 s for German, whose patterns are a megabyte; this one takes a tenth.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

import pyphen

LEFT, RIGHT = 2, 3  # letters that stay on a line, that go to the next
_PATTERNS = {"en": "en_US", "de": "de_DE"}
# In English a capital makes a name, in German any noun; neither divides LSTM, ReLU or w_2.
_WORDS = {"en": re.compile(r"[a-z]{5,}"), "de": re.compile(r"[A-ZÄÖÜ]?[a-zäöüß]{4,}")}
_VOWEL = re.compile(r"[aeiouyäöü]")
_NO_DIGITS = {ord(digit): None for digit in "0123456789"}


@lru_cache(maxsize=20_000)
def hyphen_points(word: str, language: str) -> tuple[int, ...]:
    """After how many letters a word may be divided; nowhere in a name, a code or a formula.

    >>> hyphen_points("propagation", "en"), hyphen_points("ReLU", "en")
    ((4, 5, 7), ())
    """
    if language not in _WORDS or not _WORDS[language].fullmatch(word):
        return ()
    return _syllables(word.lower(), _odd(word.lower(), _patterns(_PATTERNS[language])))


def _syllables(word: str, points: list[int]) -> tuple[int, ...]:
    """The points that leave a vowel on either side: the patterns divide "Rü-ckwärts"."""
    bounds = [0, *points, len(word)]
    bare = {a for a, b in pairwise(bounds) if not _VOWEL.search(word[a:b])}
    return tuple(point for point in points if point not in bare)


def _odd(word: str, patterns: dict[str, str]) -> list[int]:
    """The places of a word at which the highest of all digits is odd."""
    text = f".{word}."
    highest = [0] * (len(text) + 1)
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            if pattern := patterns.get(text[start:end]):
                for at, digit in _digits(pattern):
                    highest[start + at] = max(highest[start + at], digit)
    return [at for at in range(LEFT, len(word) - RIGHT + 1) if highest[at + 1] % 2]


@lru_cache(maxsize=20_000)
def _digits(pattern: str) -> tuple[tuple[int, int], ...]:
    """The digits of a pattern, each with the number of letters before it."""
    found = re.finditer(r"\d", pattern)
    return tuple((digit.start() - i, int(digit[0])) for i, digit in enumerate(found))


@cache
def _patterns(name: str) -> dict[str, str]:
    """The patterns of a language by their letters."""
    raw = Path(pyphen.LANGUAGES[name]).read_bytes()
    encoding, _, text = raw.partition(b"\n")
    lines = text.decode(encoding.strip().decode("ascii")).split("\n")
    found = [line.strip() for line in lines if line and line[0] not in "#%" and line.islower()]
    return dict(zip("\n".join(found).translate(_NO_DIGITS).split("\n"), found, strict=True))
