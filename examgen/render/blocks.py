"""Blocks: what is set on a page from top to bottom, as data; and their division into pages.

A mark lies `x` points right of the text's left edge and `y` points below its block's top; for type
that is a baseline, for a frame or a figure its lower edge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from examgen.figure import Scene
from examgen.typeset import Box


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle with round corners; `fill` is a grey from 0 (black) to 1, or none."""

    width: float
    height: float
    radius: float = 2.0
    line: float = 0.6
    fill: float | None = None


@dataclass(frozen=True, slots=True)
class Grey:
    """Type in grey."""

    box: Box
    grey: float


@dataclass(frozen=True, slots=True)
class Zoomed:
    """A figure drawn smaller, for one that no size of type makes fit."""

    scene: Scene
    scale: float


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at a place in a block."""

    x: float
    y: float
    ink: Box | Scene | Zoomed | Frame | Grey


@dataclass(frozen=True, slots=True)
class Block:
    """What is not divided; `keep` ties it to the next one, `before` is white space above it."""

    height: float
    marks: tuple[Mark, ...]
    before: float = 0.0
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Blocks with the distance of their tops from the text's upper edge."""

    blocks: tuple[tuple[float, Block], ...]


def paginated(blocks: Sequence[Block], height: float) -> tuple[Page, ...]:
    """Fill pages from the top; blocks that are tied together move on together where they can."""
    pages: list[list[tuple[float, Block]]] = [[]]
    y = 0.0
    for group in _groups(blocks):
        if pages[-1] and y + _extent(group, y) > height and _extent(group, 0.0) <= height:
            pages.append([])
            y = 0.0
        for block in group:
            if pages[-1] and y + block.before + block.height > height:
                pages.append([])
                y = 0.0
            y += block.before if pages[-1] else 0.0
            pages[-1].append((y, block))
            y += block.height
    return tuple(Page(tuple(page)) for page in pages)


def _groups(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    group: list[Block] = []
    for block in blocks:
        group.append(block)
        if not block.keep:
            yield group
            group = []
    if group:
        yield group


def _extent(group: Sequence[Block], y: float) -> float:
    """The height of a group; at the head of a page the space above it falls away."""
    total = sum(block.before + block.height for block in group)
    return total if y else total - group[0].before
