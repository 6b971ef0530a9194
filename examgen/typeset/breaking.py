"""Formulas and words cut where a line may end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from examgen.typeset.box import Box, row
from examgen.typeset.hyphens import hyphen_points
from examgen.typeset.layout import classed_parts
from examgen.typeset.linebreak import NEVER
from examgen.typeset.parse import parse, part_ends
from examgen.typeset.spacing import between
from examgen.typeset.symbols import Class

# TeX's \relpenalty, \binoppenalty, \hyphenpenalty and \exhyphenpenalty
AFTER_RELATION, AFTER_SIGN, AT_HYPHEN = 500.0, 700.0, 50.0

SOFT_HYPHEN = "\u00ad"
End = Literal["never", "hyphen", "dash", "cut"]

_Part = tuple[Box, Class]
_DASHES = re.compile("[-–—\u00ad]")
_AFTER_DASH = re.compile(r"(?<=[^\W\d_]{2}[-–—])(?=[^\W\d_]{2})")
_CODE = re.compile(r"[\d_/\\@]")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a formula that is not broken: the `index`th of `count`.

    gap: the space between it and the next on a line, in points; penalty: of a line's end there.
    """

    tex: str
    index: int
    count: int
    box: Box
    gap: float
    penalty: float


@lru_cache(maxsize=4_000)
def segments(tex: str, size: float) -> tuple[Segment, ...]:
    """The formula cut where a line of prose may end: after its relations and binary signs.

    Raises:
        ExamgenError: as `parse` does.
    """
    parts = classed_parts(tex, size, display=False)
    ends = [i + 1 for i, (_, cls) in enumerate(parts) if _may_end(parts, i)]
    cut = _cut(parts, ends)
    follows = [part[0][1] for part in cut[1:]] + ["ord"]
    return tuple(
        _segment(tex, i, len(cut), part, follow, size)
        for i, (part, follow) in enumerate(zip(cut, follows, strict=True))
    )


def _may_end(parts: Sequence[_Part], i: int) -> bool:
    """After a sign that has something to its left, and no second relation to its right."""
    follow = parts[i + 1][1] if i + 1 < len(parts) else "ord"
    return i > 0 and parts[i][1] in ("rel", "bin") and follow not in ("rel", "space")


def _segment(
    tex: str, index: int, count: int, part: Sequence[_Part], follow: Class, size: float
) -> Segment:
    box, sign = _row(part), part[-1][1]
    if index + 1 == count:
        return Segment(tex, index, count, box, 0.0, NEVER)
    gap = size * between(sign, follow, script=False)
    penalty = AFTER_RELATION if sign == "rel" else AFTER_SIGN
    return Segment(tex, index, count, _narrowed(box, gap), gap, penalty)


def _narrowed(box: Box, by: float) -> Box:
    """The box without the white space at its right."""
    return Box(box.width - by, box.height, box.depth, box.ink, box.slant)


def source(tex: str, start: int, end: int, size: float) -> str:
    """The TeX of the segments from `start` up to `end`."""
    parts = classed_parts(tex, size, display=False)
    cut = _cut(parts, [i + 1 for i in range(len(parts)) if _may_end(parts, i)])
    return stretch(tex, sum(map(len, cut[:start])), sum(map(len, cut[:end]))) or tex


def stretch(tex: str, first: int, last: int) -> str:
    """The TeX of a formula's parts from `first` up to `last`; empty where that cannot be told."""
    ends = part_ends(tex)
    if ends[first] is None or ends[last] is None:
        return ""
    found = tex[ends[first] : ends[last]].strip()  # read alone it may mean something else
    return found if parse(found).items == parse(tex).items[first:last] else ""


def relation_parts(tex: str, size: float) -> tuple[tuple[Box, ...], ...]:
    """A displayed chain cut before its relations: `a`, `= b`, `= c`; each cut before its signs.

    Raises:
        ExamgenError: as `parse` does.
    """
    return tuple(tuple(box for box, _ in part) for part in measured_parts(tex, size))


@lru_cache(maxsize=4_000)
def measured_parts(tex: str, size: float) -> tuple[tuple[tuple[Box, int], ...], ...]:
    """The boxes of `relation_parts`, each with how many parts of the formula it holds; see
    `stretch`."""
    parts = classed_parts(tex, size, display=True)
    starts = [
        i for i, (_, cls) in enumerate(parts) if cls == "rel" and i and parts[i - 1][1] != "rel"
    ]
    cut = (_cut(part, _signs(part)) for part in _cut(parts, starts))
    return tuple(tuple((_row(piece), len(piece)) for piece in part) for part in cut)


def _signs(part: Sequence[_Part]) -> list[int]:
    return [i for i, (_, cls) in enumerate(part) if cls == "bin"]


def _row(parts: Sequence[_Part]) -> Box:
    return row(box for box, _ in parts)


def _cut(parts: Sequence[_Part], at: Sequence[int]) -> list[Sequence[_Part]]:
    """The parts cut before each index, empty pieces left out."""
    bounds = [0, *at, len(parts)]
    return [parts[a:b] for a, b in pairwise(bounds) if a < b]


def word_parts(word: str, language: str) -> Iterator[tuple[str, End]]:
    """A word in the parts between which a line may end, and how it would end after each."""
    if not language and not _DASHES.search(word):  # most words of most paragraphs
        yield word, "never"
        return
    for text, end in _between(word, _soft_hyphens(word), "hyphen"):
        text = text.replace(SOFT_HYPHEN, "")
        for part, dash in _between(text, [d.start() for d in _AFTER_DASH.finditer(text)], "dash"):
            found = list(_between(part, _hyphen_points(part, language), "hyphen"))
            yield from found[:-1]
            yield found[-1][0], end if dash == "never" else dash


def _between(text: str, points: Sequence[int], end: End) -> Iterator[tuple[str, End]]:
    for a, b in pairwise([0, *points, len(text)]):
        yield text[a:b], end if b < len(text) else "never"


def _soft_hyphens(word: str) -> list[int]:
    """Places where an author wishes a hyphen, within the word."""
    inner = word.strip(SOFT_HYPHEN)
    start = word.index(inner) if inner else 0
    return [start + m.end() for m in re.finditer(SOFT_HYPHEN, inner)]


def _hyphen_points(text: str, language: str) -> list[int]:
    """Those of the one word between brackets and punctuation; none in `x_1` or `a/b`."""
    found = list(_LETTERS.finditer(text)) if language else []
    if len(found) != 1 or _CODE.search(text):
        return []
    return [found[0].start() + point for point in hyphen_points(found[0][0], language)]
