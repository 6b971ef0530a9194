"""Boxes of set type: what is drawn where, from a reference point on the baseline, in points.

The x axis runs to the right and the y axis up, as in PDF.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from examgen.typeset.fonts import Face, glyph


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one face and size from a point on the baseline."""

    x: float
    y: float
    face: Face
    size: float
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A filled rectangle; (x, y) is its lower left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Box:
    """Set type: advance width, extent above and below the baseline, and how far ink leans out."""

    width: float
    height: float
    depth: float
    runs: tuple[Run, ...] = ()
    rules: tuple[Rule, ...] = ()
    slant: float = 0.0


def space(width: float) -> Box:
    """Nothing, so wide."""
    return Box(width, 0.0, 0.0)


def place(parts: Iterable[tuple[float, float, Box]], width: float) -> Box:
    """Boxes put at points of a common frame; height and depth follow from them."""
    runs: list[Run] = []
    rules: list[Rule] = []
    height = depth = 0.0
    for x, y, box in parts:
        runs += [Run(x + r.x, y + r.y, r.face, r.size, r.text) for r in box.runs]
        rules += [Rule(x + r.x, y + r.y, r.width, r.height) for r in box.rules]
        height, depth = max(height, box.height + y), max(depth, box.depth - y)
    return Box(width, height, depth, tuple(runs), tuple(rules))


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
    k = width / box.width
    return Box(
        width,
        box.height * k,
        box.depth * k,
        tuple(Run(r.x * k, r.y * k, r.face, r.size * k, r.text) for r in box.runs),
        tuple(Rule(r.x * k, r.y * k, r.width * k, r.height * k) for r in box.rules),
        box.slant * k,
    )


def rule(width: float, height: float, y: float = 0.0) -> Box:
    """A filled bar with its lower edge at y."""
    return Box(width, y + height, -y, rules=(Rule(0.0, y, width, height),))


@lru_cache(maxsize=8_000)
def text_box(text: str, face: Face, size: float) -> Box:
    """Characters set without kerning, each in the first face that has it."""
    glyphs = [glyph(face, char) for char in unicodedata.normalize("NFC", text)]
    if not glyphs:
        return space(0.0)
    x, runs = 0.0, []
    for used, group in groupby(glyphs, key=lambda g: g.face):
        members = list(group)
        runs.append(Run(x, 0.0, used, size, "".join(g.char for g in members)))
        x += size * sum(g.width for g in members)
    last = glyphs[-1]
    return Box(
        x,
        size * max(g.top for g in glyphs),
        -size * min(g.bottom for g in glyphs),
        tuple(runs),
        slant=size * max(0.0, last.right - last.width),
    )
