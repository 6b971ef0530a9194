"""Measures of the page, and the blocks that everything is made of. Lengths are points.

Every page is set at one size of type. A page in large print is one whose text is set for a line so
many times narrower, and then magnified with all that is on it: its `Style` says how many times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from examgen.render.blocks import HEADINGS, Block, Mark, Role
from examgen.typeset import REGULAR, Box, Face, lines, stack, text_box
from examgen.typeset.prose import LEADING, LINE_GAP, STRUT_DEPTH, STRUT_HEIGHT

SIZE = 10.5
SMALL = 9.0
HINT = 7.5
HINT_GREY = 0.15  # what is paler is printed as dots, and small type made of dots is hard to read
NOTE = 8.5
HEADING = 12.0
TITLE = 17.0
PARAGRAPH_GAP = 5.0
LABEL_INDENT = 18.0
PART_GAP = 11.0
THICK_RULE, THIN_RULE = 0.8, 0.45
FRAME_PAD = 8.0
LARGE = 1.6  # 16.8 point type
CENTIMETRE = 72.0 / 2.54
UNPRINTED = 0.5 * CENTIMETRE  # at the edges of a sheet

_SIZES = {"A4": (595.276, 841.89), "Letter": (612.0, 792.0)}


@dataclass(frozen=True, slots=True)
class Style:
    """The page, and how many times larger than usual everything in its text is.

    side, top, bottom: the margins. Widths and heights of the text are those before it is magnified.
    """

    page_size: Literal["A4", "Letter"] = "A4"
    scale: float = 1.0
    side: float = 58.0
    top: float = 76.0
    bottom: float = 58.0

    @property
    def width(self) -> float:
        """Of the page."""
        return _SIZES[self.page_size][0]

    @property
    def height(self) -> float:
        """Of the page."""
        return _SIZES[self.page_size][1]

    @property
    def line(self) -> float:
        """The width of a line of the page, magnified or not."""
        return self.width - 2 * self.side

    @property
    def text_width(self) -> float:
        """The width to set text to."""
        return self.line / self.scale

    @property
    def text_height(self) -> float:
        """The height to fill with text."""
        return (self.height - self.top - self.bottom) / self.scale

    @property
    def margin(self) -> float:
        """The room beside the text that a printer reaches."""
        return (self.side - UNPRINTED) / self.scale


def type_block(
    box: Box, *, x: float = 0.0, before: float = 0.0, keep: bool = False, role: Role = "P"
) -> Block:
    """Set type as a block."""
    return Block(box.height + box.depth, (Mark(x, box.height, box),), before, keep, role)


def prose(
    text: str,
    width: float,
    *,
    size: float = SIZE,
    face: Face = REGULAR,
    before: float = PARAGRAPH_GAP,
    keep: bool = False,
    role: Role = "P",
    language: str = "",
) -> Block:
    """A paragraph of prose, or a heading; words are divided where a language is given."""
    ragged = role in HEADINGS
    box = stack(lines(text, width, size, face, language, ragged=ragged), width, size)
    return type_block(box, before=before, keep=keep, role=role)


def paragraphs(
    text: str, width: float, language: str, before: float = PARAGRAPH_GAP
) -> list[Block]:
    """A paragraph, a block a line, so that a page may end in it; none ends or begins alone."""
    blocks: list[Block] = []
    depth = 0.0
    for line in lines(text, width, SIZE, REGULAR, language):
        height, below = max(line.height, STRUT_HEIGHT * SIZE), max(line.depth, STRUT_DEPTH * SIZE)
        gap = max(LEADING * SIZE - depth - height, LINE_GAP * SIZE) if blocks else before
        mark = Mark(0.0, height, line)
        blocks.append(Block(height + below, (mark,), gap, continues=bool(blocks)))
        depth = below
    return blocks


def tied(blocks: Sequence[Block]) -> list[Block]:
    """Blocks that stay with each other and with what follows."""
    return [replace(block, keep=True) for block in blocks]


def labelled(label: str, text: str, width: float, language: str) -> Block:
    """A paragraph with its label hanging in the margin of the text."""
    tag = apart(part_label(label))
    indent = max(LABEL_INDENT, tag.width + 2.5)
    room = width - indent
    box = stack(lines(text, room, SIZE, REGULAR, language), room, SIZE)
    marks = (Mark(0.0, box.height, tag), Mark(indent, box.height, box))
    return Block(box.height + box.depth, marks, before=PART_GAP)


def apart(text: str, size: float = SIZE) -> Box:
    """A text and a blank, so that it is copied as a word of its own."""
    return text_box(f"{text} " if text else "", REGULAR, size)


def part_label(label: str) -> str:
    """`(a)`, whether or not the brackets came with it."""
    return label if label.startswith("(") or not label else f"({label})"
