"""The table of givens, the box of conventions, and the table to note points in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, zip_longest

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
BEFORE_TABLE, BETWEEN_TABLES = 13.0, 8.0  # points
_NEAR = (0, -1, 1, -2, 2)  # cells, that a row is longer for the sake of a family
CELL = 37.0  # points, the width of a column of the table of points
_STEPS = (16.0, 16.0, 24.0)  # points, the heights of its rows: the last one is written in

_Cell = tuple[Box, Box]


def givens(pairs: Sequence[tuple[str, str]], width: float) -> list[Block]:
    """A table of symbols over their numbers, ruled as booktabs does; several under each other where
    it is wide."""
    if not pairs:
        return []
    room = width - 2 * CELL_PAD
    cells = [
        (formula(fitted(layout(tex, SIZE), room), tex), _number(number, room))
        for tex, number in pairs
    ]
    families = [tex.partition("_")[0] for tex, _ in pairs]
    groups, columns = _wrapped(cells, families, width)
    left = (width - sum(columns)) / 2
    blocks = [_table_row(group, columns, left, 2 * i) for i, group in enumerate(groups)]
    return [*tied(blocks[:-1]), blocks[-1]]


def _number(number: str, room: float) -> Box:
    """A number; one with a power of ten is copied and read out as a formula."""
    box = fitted(layout(number, SIZE), room)
    return formula(box, number) if "^" in number else box


def _wrapped(
    cells: Sequence[_Cell], families: Sequence[str], width: float
) -> tuple[list[Sequence[_Cell]], list[float]]:
    """The cells in as few rows as hold them, and the columns' widths.

    About equally many stand in each row; families stay together where that is nearly even.
    """
    natural = [max(symbol.width, number.width) + 2 * CELL_PAD for symbol, number in cells]
    for rows in range(1, len(cells) + 1):
        even = _even(len(cells), rows)
        for ends in (_between_families(even, families), even):
            columns = _columns(natural, ends)
            if sum(columns) <= width:
                return [cells[a:b] for a, b in pairwise(ends)], columns
    raise AssertionError("bug: a cell is wider than the line")


def _even(count: int, rows: int) -> list[int]:
    """Where rows begin and end, equally many in each but the last."""
    each = -(-count // rows)
    return [*range(0, count, each), count]


def _between_families(ends: Sequence[int], families: Sequence[str]) -> list[int]:
    """The ends of rows moved to the nearest end of a family, if it is near."""
    cuts = {i for i, (one, other) in enumerate(pairwise(families), start=1) if one != other}
    moved = {next((end + by for by in _NEAR if end + by in cuts), end) for end in ends[1:-1]}
    return sorted({0, *moved, len(families)})


def _columns(natural: Sequence[float], ends: Sequence[int]) -> list[float]:
    """The widths of columns that hold every row."""
    rows = (natural[a:b] for a, b in pairwise(ends))
    return [max(cells) for cells in zip_longest(*rows, fillvalue=0.0)]


def _table_row(cells: Sequence[_Cell], columns: Sequence[float], left: float, row: int) -> Block:
    """Symbols, a thin rule and numbers between two thick rules.

    row: the number of the row of symbols; that of numbers is the next.
    """
    head = 4.0 + max(0.72 * SIZE, *(symbol.height for symbol, _ in cells))
    middle = head + max(0.2 * SIZE, *(symbol.depth for symbol, _ in cells)) + 4.0
    foot = middle + 4.5 + max(0.72 * SIZE, *(number.height for _, number in cells))
    bottom = foot + max(0.2 * SIZE, *(number.depth for _, number in cells)) + 4.0
    rules = [(0.0, THICK_RULE), (middle, THIN_RULE), (bottom, THICK_RULE)]
    total = sum(columns)
    marks = [Mark(left, y, rule(total, wide), "Artifact") for y, wide in rules]
    marks += _centred([symbol for symbol, _ in cells], columns, left, head, "TH", row)
    marks += _centred([number for _, number in cells], columns, left, foot, "TD", row + 1)
    before = BEFORE_TABLE if row == 0 else BETWEEN_TABLES
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
    room = width - 2 * FRAME_PAD - 10.0
    title = text_box(words.conventions, BOLD, SMALL)
    bullet = text_box("•", REGULAR, SMALL)
    y = FRAME_PAD - 2.0 + title.height
    marks = [Mark(FRAME_PAD, y, title, "LBody", 0)]
    y += 2.0
    for row, text in enumerate(texts, start=1):
        box = stack(lines(text, room, SMALL, REGULAR, words.language), room, SMALL)
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
    """A table to note points in: a column a question, and one for their total; wrapped if wide."""
    columns = [(str(q.number), q.points) for q in sheet.questions]
    if len(columns) != 1:
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
