"""Blocks: what is set on a page from top to bottom, as data; and their division into pages.

A mark lies `x` points right of the text's left edge and `y` points below its block's top; for type
that is a baseline, for a frame or a figure its lower edge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

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


Role = Literal["H1", "H2", "H3", "P", "Formula", "Figure", "Table", "L", "Form", "Artifact"]
CellRole = Literal["", "TH", "TD", "Lbl", "LBody", "Artifact"]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at a place in a block.

    role: of a cell in a table or of the parts of an entry in a list; an artifact is not read out.
    row: of the table or list; marks of the same row follow each other.
    """

    x: float
    y: float
    ink: Box | Scene | Zoomed | Frame | Grey
    role: CellRole = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """What is not divided; `keep` ties it to the next one, `before` is white space above it.

    role: what it is to who listens (PDF's standard structure types).
    continues: whether it goes on with the element of the block before, as the next lines of a
    paragraph do. alternative: what is said for a figure or a displayed formula.
    """

    height: float
    marks: tuple[Mark, ...]
    before: float = 0.0
    keep: bool = False
    role: Role = "P"
    continues: bool = False
    alternative: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Blocks with the distance of their tops from the text's upper edge.

    furniture: head and foot of the page, from the upper left corner of the text; not read out.
    """

    blocks: tuple[tuple[float, Block], ...]
    furniture: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """Pages of one size, and what a reader's program is told of them.

    width, height: of the page; left, top: where the text begins, from its upper left corner.
    """

    pages: tuple[Page, ...]
    width: float
    height: float
    left: float
    top: float
    title: str
    language: str
    subject: str = ""


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
