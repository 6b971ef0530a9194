"""The table of givens, the box of conventions, and the table to note points in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from examgen.render.blocks import Block, CellRole, Frame, Mark
from examgen.render.style import FRAME_PAD, SIZE, SMALL, THICK_RULE, THIN_RULE, tied
from examgen.render.words import Words
from examgen.sheet import ExamSheet
from examgen.typeset import (
    BOLD,
    REGULAR,
    Box,
    fitted,
    formula,
    layout,
    lines,
    rule,
    stack,
    text_box,
)

CELL_PAD = 6.5  # points at either side of a number
CELL = 37.0  # points, the width of a column of the table of points
_STEPS = (16.0, 16.0, 24.0)  # points, the heights of its rows: the last one is written in

_Cell = tuple[Box, Box]


def givens(pairs: Sequence[tuple[str, str]], width: float) -> list[Block]:
    """A table of symbols over their numbers, ruled as booktabs does; wrapped where it is wide."""
    if not pairs:
        return []
    room = width - 2 * CELL_PAD
    cells = [
        (formula(fitted(layout(tex, SIZE), room), tex), fitted(layout(number, SIZE), room))
        for tex, number in pairs
    ]
    groups, columns = _wrapped(cells, width)
    left = (width - sum(columns)) / 2
    blocks = [_table_row(group, columns, left, 2 * i) for i, group in enumerate(groups)]
    return [*tied(blocks[:-1]), blocks[-1]]


def _wrapped(cells: Sequence[_Cell], width: float) -> tuple[list[Sequence[_Cell]], list[float]]:
    """The cells in as few rows as hold them, equally many in each, and the columns' widths."""
    natural = [max(symbol.width, number.width) + 2 * CELL_PAD for symbol, number in cells]
    for rows in range(1, len(cells) + 1):
        count = -(-len(cells) // rows)
        columns = [max(natural[i::count]) for i in range(count)]
        if sum(columns) <= width:
            break
    return [cells[i : i + count] for i in range(0, len(cells), count)], columns


def _table_row(cells: Sequence[_Cell], columns: Sequence[float], left: float, row: int) -> Block:
    """Symbols, a thin rule, numbers, a thick rule; the first row has a thick rule above it too.

    row: the number of the row of symbols; that of numbers is the next.
    """
    head = 4.0 + max(0.72 * SIZE, *(symbol.height for symbol, _ in cells))
    middle = head + max(0.2 * SIZE, *(symbol.depth for symbol, _ in cells)) + 4.0
    foot = middle + 4.5 + max(0.72 * SIZE, *(number.height for _, number in cells))
    bottom = foot + max(0.2 * SIZE, *(number.depth for _, number in cells)) + 4.0
    rules = [(0.0, THICK_RULE)] if row == 0 else []
    rules += [(middle, THIN_RULE), (bottom, THICK_RULE)]
    total = sum(columns)
    marks = [Mark(left, y, rule(total, wide), "Artifact") for y, wide in rules]
    marks += _centred([symbol for symbol, _ in cells], columns, left, head, "TH", row)
    marks += _centred([number for _, number in cells], columns, left, foot, "TD", row + 1)
    before = 10.0 if row == 0 else 0.0
    return Block(bottom, tuple(marks), before=before, role="Table", continues=row > 0)


def _centred(
    boxes: Sequence[Box], columns: Sequence[float], left: float, y: float, role: CellRole, row: int
) -> list[Mark]:
    """A row of cells, each in the middle of its column."""
    marks = []
    for box, wide in zip(boxes, columns, strict=False):
        marks.append(Mark(left + (wide - box.width) / 2, y, box, role, row))
        left += wide
    return marks


def conventions(texts: Sequence[str], words: Words, width: float) -> Block:
    """What the question takes for granted, in a light box."""
    inner = width - 2 * FRAME_PAD
    title = text_box(words.conventions, BOLD, SMALL)
    bullet = text_box("•", REGULAR, SMALL)
    y = FRAME_PAD - 2.0 + title.height
    marks = [Mark(FRAME_PAD, y, title, "LBody", 0)]
    y += 2.0
    for row, text in enumerate(texts, start=1):
        box = stack(lines(text, inner - 10.0, SMALL), inner - 10.0, SMALL)
        y += 2.5 + box.height
        marks += [
            Mark(FRAME_PAD, y, bullet, "Lbl", row),
            Mark(FRAME_PAD + 10.0, y, box, "LBody", row),
        ]
        y += box.depth
    height = y + FRAME_PAD - 3.0
    light = Mark(0.0, height, Frame(width, height, fill=0.955, line=0.0), "Artifact")
    return Block(height, (light, *marks), before=10.0, role="L")


# --- points --------------------------------------------------------------------------------------


def points_table(sheet: ExamSheet, words: Words, width: float, before: float = 12.0) -> list[Block]:
    """A table to note the points in: a column a question, and the total; wrapped where wide."""
    columns = [(str(q.number), q.points) for q in sheet.questions]
    columns.append((words.total, sheet.points))
    names = (words.question, words.points.capitalize(), words.reached)
    lead = max(text_box(name, REGULAR, SMALL).width for name in names) + 12.0
    fit = max(1, int((width - lead) / CELL))
    even = -(-len(columns) // -(-len(columns) // fit))
    blocks = [
        replace(_points(columns[i : i + even], names, lead, width, even), before=before)
        for i in range(0, len(columns), even)
    ]
    return [*tied(blocks[:-1]), *blocks[-1:]]


def _points(
    columns: Sequence[tuple[str, str]],
    names: Sequence[str],
    lead: float,
    width: float,
    count: int,
) -> Block:
    """Some columns of the table; count: how many its widest row has, which sets its left edge."""
    left, total = (width - lead - CELL * count) / 2, lead + CELL * len(columns)
    marks, y = [Mark(left, 0.0, rule(total, THICK_RULE), "Artifact")], 0.0
    cells = [(*column, "") for column in columns]
    for row, (name, step) in enumerate(zip(names, _STEPS, strict=True)):
        base = y + (step + 0.66 * SMALL) / 2
        marks.append(Mark(left + 2.0, base, text_box(name, REGULAR, SMALL), "TH", row))
        boxes = [fitted(text_box(cell[row], REGULAR, SMALL), CELL - 3.0) for cell in cells]
        role: CellRole = "TH" if row == 0 else "TD"
        marks += _centred(boxes, [CELL] * len(boxes), left + lead, base, role, row)
        y += step
        weight = THICK_RULE if row == 2 else THIN_RULE
        marks.append(Mark(left, y, rule(total, weight), "Artifact"))
    marks += _uprights(left + lead, len(columns), y)
    return Block(y, tuple(marks), role="Table")


def _uprights(x: float, columns: int, height: float) -> list[Mark]:
    """Lines before the columns, so that points are noted under the right question."""
    line = rule(THIN_RULE, height)
    return [Mark(x + CELL * i, height, line, "Artifact") for i in range(columns)]
