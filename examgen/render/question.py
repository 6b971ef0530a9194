"""A question as blocks, from its heading to its last answer box."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from examgen.figure import scene
from examgen.render.answers import answer_blocks
from examgen.render.blocks import Block, Grey, Mark, Zoomed
from examgen.render.equations import display, numbered
from examgen.render.space import space_block
from examgen.render.style import (
    HEADING,
    LABEL_INDENT,
    NOTE,
    PART_GAP,
    SIZE,
    SMALL,
    labelled,
    paragraphs,
    prose,
    tied,
)
from examgen.render.tables import conventions, givens
from examgen.render.words import Words, counted, in_margin
from examgen.sheet import Diagram, PartSheet, QuestionSheet
from examgen.typeset import BOLD, REGULAR, fitted, lines, stack, text_box

TALLEST = 520.0  # points, of a figure or of room to work in
MARGIN_GAP, MARGIN_ROOM = 6.0, 30.0  # points, beside the text


def question_blocks(
    question: QuestionSheet, words: Words, width: float, tallest: float = TALLEST
) -> list[Block]:
    """Everything that a student sees of a question; tallest: what no figure is higher than."""
    blocks = [heading(question, words, width)]
    blocks += [block for text in question.stem for block in paragraphs(text, width)]
    blocks += display(question.equations, width)
    if question.diagram:
        blocks = [*tied(blocks), figure(question.diagram, width, tallest)]
    blocks += givens(question.givens, width)
    if question.conventions:
        blocks.append(conventions(question.conventions, words, width))
    blocks += working(question.working, words, width)
    for part in question.parts:
        blocks += part_blocks(part, words, width, tallest)
    return blocks


def heading(question: QuestionSheet, words: Words, width: float, suffix: str = "") -> Block:
    """`Question 1. Title`, its points at the end of the line; tied to what follows."""
    title = f"{words.question}\N{NO-BREAK SPACE}{question.number}. {question.title}{suffix}"
    points = text_box(counted(question.points, words) if question.points else "", REGULAR, SIZE)
    room = width - points.width - (18.0 if points.runs else 0.0)
    block = prose(title, room, size=HEADING, face=BOLD, before=20.0, keep=True, role="H2")
    end = Mark(width - points.width, block.marks[0].y, points)
    return replace(block, marks=(*block.marks, end)) if points.runs else block


def working(lines: Sequence[str], words: Words, width: float) -> list[Block]:
    """A printed working, its lines numbered, under a heading of its own; none stands alone."""
    if not lines:
        return []
    title = prose(
        words.working, width, size=SMALL, face=BOLD, before=PART_GAP, keep=True, role="H3"
    )
    blocks = numbered(lines, width)
    return [title, *tied(blocks[:2]), *blocks[2:-3], *tied(blocks[2:][-3:-1]), *blocks[2:][-1:]]


def figure(diagram: Diagram, width: float, tallest: float = TALLEST) -> Block:
    """A figure in the middle of the line."""
    drawn = scene(diagram, width)
    scale = min(1.0, width / drawn.width, tallest / drawn.height)
    x, height = (width - scale * drawn.width) / 2, scale * drawn.height
    ink = drawn if scale == 1.0 else Zoomed(drawn, scale)
    marks = (Mark(x, height, ink),)
    return Block(height, marks, before=10.0, role="Figure", alternative=diagram.alternative)


def part_blocks(
    part: PartSheet, words: Words, width: float, tallest: float = TALLEST
) -> list[Block]:
    """`(a) ask`, its points in the margin, room to work in and answer boxes, tied together."""
    blocks = [_with_points(labelled(part.label, part.ask, width), part.points, words, width)]
    blocks += _below(part, words, width, tallest)
    return [*tied(blocks[:-1]), blocks[-1]]


def _below(part: PartSheet, words: Words, width: float, tallest: float) -> Iterator[Block]:
    if part.note:
        yield note(part.note, width)
    if part.space is not None and part.slots:
        yield space_block(part.space, words, width, 0.8 * tallest)
    yield from answer_blocks(part.slots, width)


def _with_points(block: Block, points: str, words: Words, width: float) -> Block:
    """The points right of the text, on the baseline of its first line."""
    if not points:
        return block
    box = fitted(text_box(in_margin(points, words), REGULAR, NOTE), MARGIN_ROOM)
    mark = Mark(width + MARGIN_GAP, block.marks[0].y, box)
    return replace(block, marks=(*block.marks, mark))


def note(text: str, width: float) -> Block:
    """What is said about the answers, smaller than the task and in grey."""
    room = width - LABEL_INDENT
    box = stack(lines(text, room, NOTE), room, NOTE)
    return Block(
        box.height + box.depth, (Mark(LABEL_INDENT, box.height, Grey(box, 0.35)),), before=3.0
    )
