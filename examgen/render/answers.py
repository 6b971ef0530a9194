"""Boxes to write answers into."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from examgen.render.blocks import Block, Frame, Grey, Mark
from examgen.render.style import FRAME_PAD, HINT, HINT_GREY, SIZE
from examgen.sheet import AnswerSlot
from examgen.typeset import ITALIC, Box, fitted, formula, layout, text_box

SLOT_GAP = 7.0
NUMBER_HEIGHT = 27.0
FORMULA_HEIGHT = {"short": 40.0, "medium": 62.0, "long": 88.0}
_DIGIT = 8.5  # points, a digit as it is written by hand
_DIGITS = 5  # a sign, three places and a point, beside the decimals
_AXIS = 0.25  # em, where a fraction's bar lies above the baseline
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
    """Rows of boxes; all boxes of a part have one size, and a row one baseline."""
    cells = [(_slot_label(slot, width), _hint(slot)) for slot in slots]
    columns = _columns(max(map(_natural, slots, cells)), len(cells), width)
    wide = (width - (columns - 1) * SLOT_GAP) / columns
    tall = max(NUMBER_HEIGHT, *(_tall(ink, 10.0) for ink, _ in cells))
    for start in range(0, len(cells), columns):
        marks: list[Mark] = []
        for column, (ink, hint) in enumerate(cells[start : start + columns]):
            marks += _slot(ink, hint, column * (wide + SLOT_GAP), wide, tall)
        before = 6.0 if start == 0 else SLOT_GAP - 1.5
        yield Block(tall, tuple(marks), before=before, role="Form")


def _natural(slot: AnswerSlot, cell: tuple[Box, Box]) -> float:
    """How wide a box has to be for its label, its number in handwriting and its hint."""
    label, hint = cell
    written = (_DIGITS + (slot.decimals or 0)) * _DIGIT
    return 2 * FRAME_PAD + label.width + max(written, hint.width + 4.0)


def _columns(natural: float, count: int, width: float) -> int:
    """So many columns that all fits and that the last row is as full as may be.

    A single box is as wide as one of two or three, so that it has its usual size on every page.
    """
    fit = min(int((width + SLOT_GAP) / (natural + SLOT_GAP)), MAX_COLUMNS)
    if fit < 2:
        return 1
    rows = -(-count // fit)
    return max(min(fit, 3), -(-count // rows)) if count < fit else -(-count // rows)


def _formulas(slots: Sequence[AnswerSlot], width: float) -> Iterator[Block]:
    for slot in slots:
        ink = _slot_label(slot, width)
        tall = max(FORMULA_HEIGHT[slot.length], _tall(ink, 14.0))
        marks = tuple(_slot(ink, _hint(slot), 0.0, width, tall))
        yield Block(tall, marks, before=6.0, role="Form")


def _tall(label: Box, pad: float) -> float:
    """How tall a box is with its label's mathematical axis halfway up."""
    axis = _AXIS * SIZE
    return 2 * max(label.height - axis, label.depth + axis) + pad


def _hint(slot: AnswerSlot) -> Box:
    return text_box(slot.hint, ITALIC, HINT)


def _slot_label(slot: AnswerSlot, width: float) -> Box:
    tex = f"{slot.label} ="
    return formula(fitted(layout(tex, SIZE, display=True), width / 2), tex)


def _slot(ink: Box, hint: Box, x: float, width: float, height: float) -> list[Mark]:
    """A frame with its label at the left, halfway up, and its hint in the lower right corner."""
    baseline = height / 2 + _AXIS * SIZE
    frame = Mark(x, height, Frame(width, height), "Artifact")
    marks = [frame, Mark(x + FRAME_PAD, baseline, ink)]
    if hint.runs:
        marks.append(Mark(x + width - hint.width - 4.0, height - 4.0, Grey(hint, HINT_GREY)))
    return marks
