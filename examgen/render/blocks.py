"""Blocks: what is set on a page from top to bottom, as data; and their division into pages.

A mark lies `x` points right of the text's left edge and `y` points below its block's top; for type
that is a baseline, for a frame or a figure its lower edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from examgen.figure import Scene
from examgen.render.pagebreak import Slab, divided
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
    """A figure drawn smaller, for one that no size of type makes fit.

    turned: whether its foot is at the right, for one that is too wide for the line.
    """

    scene: Scene
    scale: float
    turned: bool = False

    @property
    def size(self) -> tuple[float, float]:
        """Its width and height on the page, in points."""
        width, height = self.scene.width * self.scale, self.scene.height * self.scale
        return (height, width) if self.turned else (width, height)


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
    paragraph do. alternative: what is said for a figure or a displayed formula; of the heading of
    a question, its bookmark.
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
    owner: whose it is, its bookmark among other documents of a file.
    """

    pages: tuple[Page, ...]
    width: float
    height: float
    left: float
    top: float
    title: str
    language: str
    subject: str = ""
    owner: str = ""


OVER_HEADING, OVER_TIE, LONELY = 1e6, 1e5, 3_000.0
OVER_BOXES, OVER_FIGURE, OVER_FORMULA = 350.0, 900.0, 600.0
WITHIN, BETWEEN, BETWEEN_PARTS = 150.0, 80.0, 40.0
BEFORE_QUESTION = 0.5  # of the cost of an empty foot: a question may well begin on a new page
LINE = 20.0  # points; what is higher is more than one line
PART_SPACE = 10.0  # points above what begins a part
RIGID, ELASTIC = 4.5, 0.4  # points of a space that stay, and how much of the rest may come or go

HEADINGS = {"H1", "H2", "H3"}
_TOGETHER = {("Formula", "Figure"), ("Figure", "Formula"), ("Figure", "Table"), ("P", "Figure")}


def paginated(blocks: Sequence[Block], height: float) -> tuple[Page, ...]:
    """The pages that cost least in total (see `break_cost`), all spaces on them as even as can be.

    The space above the first block of a page falls away.
    """
    rest = iter(blocks)
    found = divided(_slabs(blocks), height) or [[]]
    return tuple(Page(tuple((top, next(rest)) for top in page)) for page in found)


def _slabs(blocks: Sequence[Block]) -> list[Slab]:
    first = next((at for at, block in enumerate(blocks) if block.role == "H2"), 0)
    return [
        Slab(
            block.height,
            block.before,
            ELASTIC * max(0.0, block.before - RIGID),
            break_cost(blocks, at) if at else 0.0,
            BEFORE_QUESTION if block.role == "H2" and at > first else 1.0,
        )
        for at, block in enumerate(blocks)
    ]


def break_cost(blocks: Sequence[Block], at: int) -> float:
    """What it costs to begin a page with the block at that place: least before a question's
    heading, most after a heading, and much between what is tied."""
    before, block = blocks[at - 1], blocks[at]
    if before.keep or before.role in HEADINGS:
        return OVER_HEADING if before.role in HEADINGS else OVER_TIE
    if block.role in HEADINGS:
        return 0.0
    if block.continues:
        return LONELY if _lonely(blocks, at) else WITHIN
    if block.role == "Form":
        return OVER_BOXES
    if (before.role, block.role) in _TOGETHER:
        return OVER_FIGURE
    if block.role == "Formula":
        return WITHIN if before.role == "Formula" else OVER_FORMULA
    return BETWEEN_PARTS if block.before >= PART_SPACE else BETWEEN


def _lonely(blocks: Sequence[Block], at: int) -> bool:
    """Whether a break leaves one line of a paragraph or derivation by itself."""
    before, block = blocks[at - 1], blocks[at]
    ends = at + 1 == len(blocks) or not blocks[at + 1].continues
    return (not before.continues and before.height <= LINE) or (ends and block.height <= LINE)
