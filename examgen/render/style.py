"""Measures of the page, and the blocks that everything is made of. Lengths are points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from examgen.render.blocks import Block, Mark
from examgen.typeset import REGULAR, Box, Face, lines, stack, text_box

SIZE = 10.5
SMALL = 9.0
HINT = 7.5
NOTE = 8.5
PARAGRAPH_GAP = 5.0
LABEL_INDENT = 18.0
PART_GAP = 11.0
MAX_LINES = 10  # in a block
LINE_SPACE = 0.34 * SIZE  # between the strut of one line and that of the next
THICK_RULE, THIN_RULE = 0.8, 0.45
FRAME_PAD = 8.0


def type_block(box: Box, *, x: float = 0.0, before: float = 0.0, keep: bool = False) -> Block:
    """Set type as a block."""
    return Block(box.height + box.depth, (Mark(x, box.height, box),), before, keep)


def prose(
    text: str,
    width: float,
    *,
    size: float = SIZE,
    face: Face = REGULAR,
    before: float = PARAGRAPH_GAP,
    keep: bool = False,
) -> Block:
    """A paragraph of prose."""
    box = stack(lines(text, width, size, face), width, size)
    return type_block(box, before=before, keep=keep)


def paragraphs(text: str, width: float) -> list[Block]:
    """A paragraph in one block, or in several where it is long, so that a page may end in it."""
    rows = lines(text, width, SIZE)
    chunks = [rows[i : i + MAX_LINES] for i in range(0, len(rows), MAX_LINES)]
    return [
        type_block(stack(chunk, width, SIZE), before=LINE_SPACE if i else PARAGRAPH_GAP)
        for i, chunk in enumerate(chunks)
    ]


def tied(blocks: Sequence[Block]) -> list[Block]:
    """Blocks that stay with each other and with what follows."""
    return [replace(block, keep=True) for block in blocks]


def labelled(label: str, text: str, width: float, before: float = PART_GAP) -> Block:
    """A paragraph with its label hanging in the margin of the text."""
    tag = text_box(part_label(label), REGULAR, SIZE)
    indent = max(LABEL_INDENT, tag.width + 5.0)
    box = stack(lines(text, width - indent, SIZE), width - indent, SIZE)
    marks = (Mark(0.0, box.height, tag), Mark(indent, box.height, box))
    height = box.height + box.depth
    return Block(height, marks, before=before)


def part_label(label: str) -> str:
    """`(a)`, whether or not the brackets came with it."""
    return label if label.startswith("(") or not label else f"({label})"
