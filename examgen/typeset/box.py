"""Boxes of set type: what is drawn where, from a reference point on the baseline, in points.

The x axis runs to the right and the y axis up, as in PDF.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar, cast

from examgen.typeset.fonts import Face

# Ink is named tuples, for a page holds a thousand: they are made and moved in a third of the time.


class Run(NamedTuple):
    """Glyphs of one face and size from a point on the baseline.

    glyphs: their ids in the font file of the face, in the order in which they are drawn.
    text: the characters that they stand for, as they are copied off the page.
    kerns: what is added after each glyph, in em; empty where nothing is.
    """

    x: float
    y: float
    face: Face
    size: float
    text: str
    glyphs: tuple[int, ...] = ()
    kerns: tuple[float, ...] = ()


class Rule(NamedTuple):
    """A filled rectangle; (x, y) is its lower left corner."""

    x: float
    y: float
    width: float
    height: float


class Formula(NamedTuple):
    """A set formula as one unit of a page, which is read out as one; (x, y) on the baseline."""

    x: float
    y: float
    box: Box
    tex: str


Ink = Run | Rule | Formula


@dataclass(frozen=True, slots=True)
class Box:
    """Set type: advance width, extent above and below the baseline, and how far ink leans out.

    ink: what is drawn, in the order in which it is read.
    """

    width: float
    height: float
    depth: float
    ink: tuple[Ink, ...] = ()
    slant: float = 0.0

    @property
    def runs(self) -> tuple[Run, ...]:
        """All glyphs, those of formulas in it too."""
        return tuple(part for part in flat(self) if isinstance(part, Run))

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All bars, those of formulas in it too."""
        return tuple(part for part in flat(self) if isinstance(part, Rule))


def flat(box: Box) -> Iterator[Run | Rule]:
    """The glyphs and bars of a box at their places, formulas taken apart."""
    for part in box.ink:
        if isinstance(part, Formula):
            yield from (shifted(inner, part.x, part.y) for inner in flat(part.box))
        else:
            yield part


_Ink = TypeVar("_Ink", bound=Ink)


def shifted(part: _Ink, dx: float, dy: float) -> _Ink:
    """Ink moved by (dx, dy)."""
    if isinstance(part, Run):  # nearly all ink is
        x, y = part.x + dx, part.y + dy
        run = Run(x, y, part.face, part.size, part.text, part.glyphs, part.kerns)
        return cast("_Ink", run)
    return cast("_Ink", part._replace(x=part.x + dx, y=part.y + dy))


def space(width: float) -> Box:
    """Nothing, so wide."""
    return Box(width, 0.0, 0.0)


def place(parts: Iterable[tuple[float, float, Box]], width: float) -> Box:
    """Boxes put at points of a common frame; height and depth follow from them."""
    ink: list[Ink] = []
    height = depth = 0.0
    for x, y, box in parts:
        ink += [shifted(part, x, y) for part in box.ink] if x or y else box.ink
        height, depth = max(height, box.height + y), max(depth, box.depth - y)
    return Box(width, height, depth, tuple(ink))


def formula(box: Box, tex: str) -> Box:
    """The box as one unit that is read out as the formula it is."""
    return replace(box, ink=(Formula(0.0, 0.0, box, tex),))


def row(boxes: Iterable[Box]) -> Box:
    """Boxes one after the other on a baseline."""
    x, parts = 0.0, []
    for box in boxes:
        parts.append((x, 0.0, box))
        x += box.width
    return place(parts, x)


def lift(box: Box, dy: float) -> Box:
    """The box moved up by dy."""
    return place([(0.0, dy, box)], box.width)


def fitted(box: Box, width: float) -> Box:
    """The box, made smaller where it is wider than the width."""
    if box.width <= width:
        return box
    return scaled(box, width / box.width)


def scaled(box: Box, k: float) -> Box:
    """The box k times as large."""
    ink = tuple(_scaled_ink(part, k) for part in box.ink)
    return Box(box.width * k, box.height * k, box.depth * k, ink, box.slant * k)


def _scaled_ink(part: Ink, k: float) -> Ink:
    x, y = part.x * k, part.y * k
    if isinstance(part, Run):
        return part._replace(x=x, y=y, size=part.size * k)
    if isinstance(part, Rule):
        return Rule(x, y, part.width * k, part.height * k)
    return Formula(x, y, scaled(part.box, k), part.tex)


def rule(width: float, height: float, y: float = 0.0) -> Box:
    """A filled bar with its lower edge at y."""
    return Box(width, y + height, -y, (Rule(0.0, y, width, height),))
