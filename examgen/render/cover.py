"""The cover: what the exam is, who sits it, what they may use, and the table of points."""

from __future__ import annotations

from collections.abc import Sequence

from examgen.render.blocks import Block, Frame, Mark
from examgen.render.front import fact_marks, full_rule
from examgen.render.style import (
    FRAME_PAD,
    HEADING,
    SIZE,
    SMALL,
    THIN_RULE,
    TITLE,
    apart,
    prose,
    type_block,
)
from examgen.render.tables import points_table
from examgen.render.words import Words
from examgen.sheet import ExamSheet
from examgen.typeset import (
    BOLD,
    REGULAR,
    fitted,
    lines,
    rule,
    stack,
    text_box,
    verbatim_lines,
)

_COVER_TITLE = 1.4 * TITLE
_FIELD = 36.0  # points, the height of a row to write in


def cover_blocks(sheet: ExamSheet, words: Words, width: float) -> list[Block]:
    """Everything on the first page of an exam with a cover."""
    blocks = [prose(sheet.course, width, size=HEADING, before=0.0)] if sheet.course else []
    blocks.append(
        prose(sheet.title, width, size=_COVER_TITLE, face=BOLD, before=10.0, role="H1", keep=True)
    )
    blocks += [full_rule(width, 14.0), *_facts(sheet, words, width)]
    blocks += _fields(sheet, words, width)
    blocks += _list(words.instructions, sheet.instructions, words, width)
    blocks += _list(words.aids, sheet.aids, words, width)
    return blocks + points_table(sheet, words, width, before=22.0)


def _facts(sheet: ExamSheet, words: Words, width: float) -> list[Block]:
    """Date, duration, points: those that are known, a line each."""
    known = (
        (words.date, sheet.date),
        (words.duration, sheet.duration),
        (words.points.capitalize(), sheet.points),
    )
    facts = [(label, value) for label, value in known if value]
    if not facts:
        return []
    marks, height = fact_marks(facts, 0.0, width)
    return [Block(height, tuple(marks), before=12.0)]


# --- whose it is ---------------------------------------------------------------------------------


def _fields(sheet: ExamSheet, words: Words, width: float) -> list[Block]:
    """A frame of rows: what the roster knows is printed, for the rest there is room."""
    person = [(words.name, sheet.name), (words.student, sheet.student)]
    if sheet.version:
        person.append((words.version, sheet.version))
    rows = [*person, (words.seat, sheet.seat), (words.signature, "")]
    lead = max(text_box(label, REGULAR, SMALL).width for label, _ in rows) + 3 * FRAME_PAD
    blocks = [_field(*row, lead, width) for row in rows]
    last = len(blocks) - 1
    return [_joined(block, i == 0, i == last) for i, block in enumerate(blocks)]


def _field(label: str, value: str, lead: float, width: float) -> Block:
    """A row of the frame: its name small, its value as large as text."""
    name = apart(label, size=SMALL)
    room = width - lead - FRAME_PAD
    box = stack(verbatim_lines(value, room, SIZE, BOLD), room, SIZE)
    height = max(_FIELD, box.height + box.depth + 14.0)
    base = (height + box.height - box.depth) / 2
    frame = Mark(0.0, height, Frame(width, height, radius=0.0, line=THIN_RULE), "Artifact")
    line = Mark(lead - FRAME_PAD, height, rule(THIN_RULE, height), "Artifact")
    return Block(height, (frame, line, Mark(FRAME_PAD, base, name), Mark(lead, base, box)))


def _joined(block: Block, first: bool, last: bool) -> Block:
    """A row as part of the frame: all rows stay together."""
    before = 16.0 if first else 0.0
    return Block(block.height, block.marks, before, keep=not last, role="P")


# --- what to know --------------------------------------------------------------------------------


def _list(title: str, texts: Sequence[str], words: Words, width: float) -> list[Block]:
    """Paragraphs with dots before them under a title; nothing where there are none."""
    if not texts:
        return []
    head = prose(title, width, size=HEADING, face=BOLD, before=18.0, keep=True, role="H2")
    return [head, *(_item(text, row, words, width) for row, text in enumerate(texts))]


def _item(text: str, row: int, words: Words, width: float) -> Block:
    inner = width - 14.0
    box = fitted(stack(lines(text, inner, SIZE, REGULAR, words.language), inner, SIZE), inner)
    block = type_block(box, x=14.0, before=4.0, role="L")
    dot = Mark(2.0, box.height, text_box("•", REGULAR, SIZE), "Lbl", row)
    body = Mark(14.0, box.height, box, "LBody", row)
    return Block(block.height, (dot, body), 4.0, role="L", continues=row > 0)
