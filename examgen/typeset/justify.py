"""A line set to its width: words and formulas side by side, and the blanks between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from examgen.typeset.box import Box, Ink, Run, fitted, formula, place, row, shifted, space
from examgen.typeset.breaking import SOFT_HYPHEN, Segment, source
from examgen.typeset.fonts import FOREIGN_FACES, Face
from examgen.typeset.layout import layout
from examgen.typeset.linebreak import Part
from examgen.typeset.textline import text_box

STRETCH, SHRINK = 0.6, 0.2  # of a blank, which is narrow in STIX: 0.235 em
MOST_STRETCH = 2.1  # times that; a line that needs more is left ragged


@dataclass(frozen=True, slots=True)
class Measures:
    """The width of the lines in points, the type, and the language if words may be hyphenated.

    ragged: whether blanks keep their width, and lines end where they may.
    """

    width: float
    size: float
    face: Face
    language: str = ""
    ragged: bool = False

    @property
    def blank(self) -> float:
        """A blank of the face, in points."""
        return text_box(" ", self.face, self.size).width


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is not broken, text or a part of a formula, as the line breaker sees it."""

    ink: str | Segment
    part: Part


@dataclass(frozen=True, slots=True)
class _Unit:
    """A word or a formula, and whether a blank follows it."""

    box: Box
    blank: bool


def set_line(chunks: Sequence[Chunk], at: Measures, *, last: bool) -> Box:
    """A line set to the width; the last one, and any that would gape, end ragged."""
    groups = list(_groups(chunks))
    hyphen = SOFT_HYPHEN if chunks[-1].part.hyphen and not last else ""
    units = [_unit(group, at) for group in groups[:-1]]
    units.append(_unit(groups[-1], at, hyphen))
    width = _blank_width(units, at, last)
    ink = _joined(_ink(units, width, at))
    content = sum(unit.box.width for unit in units)
    content += width * sum(unit.blank for unit in units[:-1])
    return place([(0.0, 0.0, _extent(units, tuple(ink)))], content)


def _extent(units: Sequence[_Unit], ink: tuple[Ink, ...]) -> Box:
    height, depth = max(u.box.height for u in units), max(u.box.depth for u in units)
    return Box(0.0, height, depth, ink)


def _blank_width(units: Sequence[_Unit], at: Measures, last: bool) -> float:
    """How wide the blanks of a line must be that it is as wide as it should be."""
    gaps = sum(unit.blank for unit in units[:-1])
    if not gaps:
        return at.blank
    width = (at.width - sum(unit.box.width for unit in units)) / gaps
    if width > (1.0 if last or at.ragged else 1.0 + MOST_STRETCH * STRETCH) * at.blank:
        return at.blank
    return width


def _groups(chunks: Sequence[Chunk]) -> Iterator[list[Chunk]]:
    """Neighbours that are set as one: the parts of a word, or of a formula."""
    group: list[Chunk] = []
    for chunk in chunks:
        if group and not _goes_on(group[-1], chunk):
            yield group
            group = []
        group.append(chunk)
    yield group


def _goes_on(chunk: Chunk, following: Chunk) -> bool:
    one, other = chunk.ink, following.ink
    if isinstance(one, str):
        return isinstance(other, str) and not chunk.part.blank
    return isinstance(other, Segment) and other.index == one.index + 1


def _unit(group: Sequence[Chunk], at: Measures, hyphen: str = "") -> _Unit:
    blank = group[-1].part.blank > 0.0
    segments = [chunk.ink for chunk in group if isinstance(chunk.ink, Segment)]
    if segments:
        return _Unit(_formula(tuple(segments), at.width, at.size), blank)
    text = "".join(chunk.ink for chunk in group if isinstance(chunk.ink, str))
    return _Unit(text_box(text + hyphen, at.face, at.size), blank)


@lru_cache(maxsize=4_000)
def _formula(segments: tuple[Segment, ...], width: float, size: float) -> Box:
    """A formula, or as much of it as stands on a line, as one unit."""
    first, last = segments[0], segments[-1]
    if last.index - first.index + 1 == first.count:
        return formula(fitted(layout(first.tex, size), width), first.tex)
    boxes = chain.from_iterable((each.box, space(each.gap)) for each in segments[:-1])
    box = fitted(row([*boxes, last.box]), width)
    return formula(box, source(first.tex, first.index, last.index + 1, size))


def _ink(units: Sequence[_Unit], blank: float, at: Measures) -> Iterator[Ink]:
    """Everything on the line from left to right, with real blanks, so that copied words stay
    apart."""
    x = 0.0
    for unit in units:
        for part in unit.box.ink:
            yield shifted(part, x, 0.0)
        x += unit.box.width
        if unit.blank:
            yield _blank(x, blank, at)
            x += blank


def _blank(x: float, width: float, at: Measures) -> Run:
    box = text_box(" ", at.face, at.size)
    glyphs = box.runs[0].glyphs
    kern = round((width - box.width) / at.size, 4)
    return Run(x, 0.0, at.face, at.size, " ", glyphs, (kern,) if kern else ())


def _joined(ink: Iterator[Ink]) -> Iterator[Ink]:
    """Neighbouring words and blanks as one run."""
    words: list[Run] = []
    for part in ink:
        alike = isinstance(part, Run) and words and _alike(words[-1], part)
        if words and not alike:
            yield _one(words)
            words = []
        if isinstance(part, Run):
            words.append(part)
        else:
            yield part
    if words:
        yield _one(words)


def _alike(run: Run, other: Run) -> bool:
    """Marks of foreign scripts stand apart from the sum of the advances before them."""
    same = (run.face, run.size, run.y) == (other.face, other.size, other.y)
    return same and run.face not in FOREIGN_FACES


def _one(words: Sequence[Run]) -> Run:
    text, glyphs = "".join(word.text for word in words), tuple(g for w in words for g in w.glyphs)
    kerns = tuple(kern for word in words for kern in _kerns(word))
    return words[0]._replace(text=text, glyphs=glyphs, kerns=kerns if any(kerns) else ())


def _kerns(word: Run) -> tuple[float, ...]:
    return word.kerns + (0.0,) * (len(word.glyphs) - len(word.kerns))
