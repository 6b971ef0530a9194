"""A question as blocks, from its heading to its last answer box."""

from __future__ import annotations

from collections.abc import Sequence

from examgen.figure import scene
from examgen.render.answers import answer_blocks
from examgen.render.blocks import Block, Grey, Mark, Zoomed
from examgen.render.equations import display, numbered
from examgen.render.style import (
    LABEL_INDENT,
    NOTE,
    PART_GAP,
    SMALL,
    labelled,
    paragraphs,
    prose,
    tied,
)
from examgen.render.tables import conventions, givens
from examgen.render.words import Words, counted
from examgen.sheet import Diagram, PartSheet, QuestionSheet
from examgen.typeset import BOLD, lines, stack

TALLEST_FIGURE = 520.0  # points


def question_blocks(question: QuestionSheet, words: Words, width: float) -> list[Block]:
    """Everything that a student sees of a question."""
    blocks = [heading(question, words, width)]
    blocks += [block for text in question.stem for block in paragraphs(text, width)]
    blocks += display(question.equations, width)
    if question.diagram:
        blocks = [*tied(blocks), figure(question.diagram, width)]
    blocks += givens(question.givens, width)
    if question.conventions:
        blocks.append(conventions(question.conventions, words, width))
    blocks += working(question.working, words, width)
    for part in question.parts:
        blocks += part_blocks(part, words, width)
    return blocks


def heading(question: QuestionSheet, words: Words, width: float, suffix: str = "") -> Block:
    """`Question 1. Title (9 points)`, tied to what follows."""
    points = f" ({counted(question.points, words)})"
    title = f"{words.question} {question.number}. {question.title}{suffix}{points}"
    return prose(title, width, size=12.0, face=BOLD, before=16.0, keep=True)


def working(lines: Sequence[str], words: Words, width: float) -> list[Block]:
    """A printed working, its lines numbered, under a heading of its own; none stands alone."""
    if not lines:
        return []
    title = prose(words.working, width, size=SMALL, face=BOLD, before=PART_GAP, keep=True)
    blocks = numbered(lines, width)
    return [title, *tied(blocks[:2]), *blocks[2:-3], *tied(blocks[2:][-3:-1]), *blocks[2:][-1:]]


def figure(diagram: Diagram, width: float) -> Block:
    """A figure in the middle of the line."""
    drawn = scene(diagram, width)
    scale = min(1.0, width / drawn.width, TALLEST_FIGURE / drawn.height)
    x, height = (width - scale * drawn.width) / 2, scale * drawn.height
    ink = drawn if scale == 1.0 else Zoomed(drawn, scale)
    return Block(height, (Mark(x, height, ink),), before=10.0)


def part_blocks(part: PartSheet, words: Words, width: float) -> list[Block]:
    """`(a) ask (2 points)` and its answer boxes, tied together."""
    asked = f"{part.ask} ({counted(part.points, words)})" if part.points else part.ask
    blocks = [labelled(part.label, asked, width)]
    if part.note:
        blocks.append(note(part.note, width))
    blocks += answer_blocks(part.slots, width)
    return [*tied(blocks[:-1]), blocks[-1]]


def note(text: str, width: float) -> Block:
    """What is said about the answers, smaller than the task and in grey."""
    room = width - LABEL_INDENT
    box = stack(lines(text, room, NOTE), room, NOTE)
    return Block(
        box.height + box.depth, (Mark(LABEL_INDENT, box.height, Grey(box, 0.35)),), before=3.0
    )
