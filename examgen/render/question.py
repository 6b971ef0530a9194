"""A question as blocks, from its heading to its last answer box."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from examgen.figure import MAX_HEIGHT, scene
from examgen.render.answers import answer_blocks
from examgen.render.blocks import Block, Grey, Mark, Zoomed
from examgen.render.equations import display, numbered
from examgen.render.space import space_block
from examgen.render.style import (
    HEADING,
    HINT_GREY,
    LABEL_INDENT,
    LARGE,
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
from examgen.typeset import BOLD, REGULAR, fitted, lines, plain_text, stack, text_box

TALLEST = 520.0  # points, of a figure or of room to work in
MARGIN_GAP, MARGIN_ROOM = 10.0, 28.0  # points, beside the text
NARROW = 400.0  # points: a line that is narrower will be magnified, for large print
LEAST_TYPE = 13.0 / LARGE  # points, in a figure in large print: 13 points on paper
WHOLE = 1.4  # of what no figure is higher than: the height of a page, for a figure that is turned
LEAST_ROWS = 2  # of answer boxes, at the foot of a page and at the head of the next


def question_blocks(
    question: QuestionSheet,
    words: Words,
    width: float,
    tallest: float = TALLEST,
    margin: float = MARGIN_GAP + MARGIN_ROOM,
) -> list[Block]:
    """Everything that a student sees of a question.

    tallest: what no figure is higher than. margin: the room right of the text, for points.
    """
    blocks = [heading(question, words, width)]
    blocks += [block for text in question.stem for block in paragraphs(text, width, words.language)]
    equations = display(question.equations, width)
    blocks += [*tied(equations[:-1]), *equations[-1:]]
    if question.diagram:
        blocks.append(figure(question.diagram, width, tallest))
    blocks += givens(question.givens, width)
    if question.conventions:
        blocks.append(conventions(question.conventions, words, width))
    blocks += working(question.working, words, width)
    for part in question.parts:
        blocks += part_blocks(part, words, width, tallest, margin)
    return blocks


def heading(question: QuestionSheet, words: Words, width: float) -> Block:
    """`Question 1. Title`, its points at the end of the line; tied to what follows."""
    title = f"{words.question}\N{NO-BREAK SPACE}{question.number}. {question.title}"
    told = f" {counted(question.points, words)}" if question.points else ""
    points = text_box(told, REGULAR, SIZE)
    room = width - points.width - (18.0 if told else 0.0)
    block = prose(title, room, size=HEADING, face=BOLD, before=20.0, keep=True, role="H2")
    end = Mark(width - points.width, block.marks[0].y, points)
    marks = (*block.marks, end) if points.runs else block.marks
    return replace(block, marks=marks, alternative=plain_text(title))


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
    """A figure in the middle of the line; turned where large print would leave its type small."""
    ink = _upright(diagram, width, tallest)
    if width < NARROW and _type_size(ink) < LEAST_TYPE:
        ink = max(ink, _turned(diagram, width, WHOLE * tallest), key=_type_size)
    across, height = ink.size
    plain = ink.scale == 1.0 and not ink.turned
    marks = (Mark((width - across) / 2, height, ink.scene if plain else ink),)
    return Block(height, marks, before=10.0, role="Figure", alternative=diagram.alternative)


def _upright(diagram: Diagram, width: float, tallest: float) -> Zoomed:
    drawn = scene(diagram, width)
    return Zoomed(drawn, min(1.0, width / drawn.width, tallest / drawn.height))


def _turned(diagram: Diagram, width: float, tallest: float) -> Zoomed:
    """Laid out for a line as long as the page is high."""
    drawn = scene(diagram, tallest, min(MAX_HEIGHT, width))
    scale = min(1.0, tallest / drawn.width, width / drawn.height)
    return Zoomed(drawn, scale, turned=True)


def _type_size(ink: Zoomed) -> float:
    """The size of the smallest type but for indices, in points before it is magnified."""
    sizes = (
        max((run.size for run in label.box.runs), default=LEAST_TYPE) for label in ink.scene.labels
    )
    return ink.scale * min(sizes, default=LEAST_TYPE)


def part_blocks(
    part: PartSheet,
    words: Words,
    width: float,
    tallest: float = TALLEST,
    margin: float = MARGIN_GAP + MARGIN_ROOM,
) -> list[Block]:
    """`(a) ask` with its points, room to work in and answer boxes, tied together.

    margin: the room right of the text. Only where many rows of boxes follow each other may a page
    end among them, two rows from either end.
    """
    above = [_ask(part, words, width, margin), *_above(part, words, width, tallest)]
    rows = list(answer_blocks(part.slots, width))
    middle = range(LEAST_ROWS - 1, len(rows) - LEAST_ROWS)
    rows = [replace(row, keep=i not in middle) for i, row in enumerate(rows)]
    blocks = [*tied(above), *rows]
    return [*blocks[:-1], replace(blocks[-1], keep=False)]


def _above(part: PartSheet, words: Words, width: float, tallest: float) -> Iterator[Block]:
    """What stands between a task and its answers."""
    if part.note:
        yield note(part.note, words, width)
    if part.space is not None and part.slots:
        yield space_block(part.space, words, width, 0.8 * tallest)


def _ask(part: PartSheet, words: Words, width: float, margin: float) -> Block:
    """The task with its points on the baseline of its first line: in the margin, or at the end of
    the line where the margin is too narrow for them."""
    if not part.points:
        return labelled(part.label, part.ask, width, words.language)
    box = fitted(text_box(f" {in_margin(part.points, words)}", REGULAR, NOTE), MARGIN_ROOM)
    outside = margin >= MARGIN_GAP + MARGIN_ROOM
    end = width + MARGIN_GAP + MARGIN_ROOM if outside else width
    block = labelled(part.label, part.ask, end - MARGIN_GAP - MARGIN_ROOM, words.language)
    points = Mark(end - box.width, block.marks[0].y, box)
    return replace(block, marks=(*block.marks, points))


def note(text: str, words: Words, width: float) -> Block:
    """What is said about the answers, smaller than the task and in grey."""
    room = width - LABEL_INDENT
    box = stack(lines(text, room, NOTE, REGULAR, words.language), room, NOTE)
    return Block(
        box.height + box.depth, (Mark(LABEL_INDENT, box.height, Grey(box, HINT_GREY)),), before=3.0
    )
