"""Boxes to write answers into."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from examgen.render.blocks import Block, Frame, Grey, Mark
from examgen.render.style import FRAME_PAD, HINT, SIZE
from examgen.sheet import AnswerSlot
from examgen.typeset import ITALIC, Box, fitted, layout, text_box

SLOT_GAP = 7.0
NUMBER_HEIGHT, FORMULA_HEIGHT = 27.0, 40.0
WRITING_ROOM = 75.0  # the least that is left free for a number
MAX_COLUMNS = 4


def answer_blocks(slots: Sequence[AnswerSlot], width: float) -> Iterator[Block]:
    """Numbers side by side, formulas as wide as the text, in the order of the slots."""
    for run in _runs(slots):
        yield from _numbers(run, width) if run[0].kind == "number" else _formulas(run, width)


def _runs(slots: Sequence[AnswerSlot]) -> Iterator[list[AnswerSlot]]:
    """Neighbouring slots of one kind."""
    for _, run in groupby(slots, key=lambda slot: slot.kind):
        yield list(run)


def _numbers(slots: Sequence[AnswerSlot], width: float) -> Iterator[Block]:
    cells = [(_slot_label(slot, width), _hint(slot)) for slot in slots]
    columns = _columns(cells, width)
    wide = (width - (columns - 1) * SLOT_GAP) / columns
    tall = max(NUMBER_HEIGHT, *(ink.height + ink.depth + 10.0 for ink, _ in cells))
    for start in range(0, len(cells), columns):
        marks: list[Mark] = []
        for column, (ink, hint) in enumerate(cells[start : start + columns]):
            marks += _slot(ink, hint, column * (wide + SLOT_GAP), wide, tall)
        yield Block(tall, tuple(marks), before=6.0 if start == 0 else SLOT_GAP - 1.5)


def _columns(cells: Sequence[tuple[Box, Box]], width: float) -> int:
    """So many columns that labels and numbers fit and that the last row is as full as may be."""
    widest = max(ink.width + hint.width for ink, hint in cells)
    fit = int((width + SLOT_GAP) / (widest + WRITING_ROOM + SLOT_GAP))
    if fit < 2:
        return 1
    rows = -(-len(cells) // min(fit, MAX_COLUMNS))
    return max(2, -(-len(cells) // rows))


def _formulas(slots: Sequence[AnswerSlot], width: float) -> Iterator[Block]:
    for slot in slots:
        ink = _slot_label(slot, width)
        tall = max(FORMULA_HEIGHT, ink.height + ink.depth + 14.0)
        yield Block(tall, tuple(_slot(ink, _hint(slot), 0.0, width, tall)), before=6.0)


def _hint(slot: AnswerSlot) -> Box:
    return text_box(slot.hint, ITALIC, HINT)


def _slot_label(slot: AnswerSlot, width: float) -> Box:
    return fitted(layout(f"{slot.label} =", SIZE, display=True), width / 2)


def _slot(ink: Box, hint: Box, x: float, width: float, height: float) -> list[Mark]:
    """A frame with its label at the left, halfway up, and its hint in the lower right corner."""
    baseline = height / 2 + (ink.height - ink.depth) / 2
    marks = [Mark(x, height, Frame(width, height)), Mark(x + FRAME_PAD, baseline, ink)]
    if hint.runs:
        marks.append(Mark(x + width - hint.width - 4.0, height - 4.0, Grey(hint, 0.35)))
    return marks
