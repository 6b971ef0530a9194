"""The table of givens and the box of conventions."""

from __future__ import annotations

from collections.abc import Sequence

from examgen.render.blocks import Block, Frame, Mark
from examgen.render.style import FRAME_PAD, SIZE, SMALL, THICK_RULE, THIN_RULE, tied
from examgen.render.words import Words
from examgen.typeset import BOLD, REGULAR, Box, fitted, layout, lines, rule, stack, text_box

CELL_PAD = 6.5  # points at either side of a number

_Cell = tuple[Box, Box]


def givens(pairs: Sequence[tuple[str, str]], width: float) -> list[Block]:
    """A table of symbols over their numbers, ruled as booktabs does; wrapped where it is wide."""
    if not pairs:
        return []
    room = width - 2 * CELL_PAD
    cells = [
        (fitted(layout(tex, SIZE), room), fitted(layout(number, SIZE), room))
        for tex, number in pairs
    ]
    groups, columns = _wrapped(cells, width)
    left = (width - sum(columns)) / 2
    blocks = [_table_row(group, columns, left, first=i == 0) for i, group in enumerate(groups)]
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


def _table_row(
    cells: Sequence[_Cell], columns: Sequence[float], left: float, *, first: bool
) -> Block:
    """Symbols, a thin rule, numbers, a thick rule; the first row has a thick rule above it too."""
    head = 4.0 + max(0.72 * SIZE, *(symbol.height for symbol, _ in cells))
    middle = head + max(0.2 * SIZE, *(symbol.depth for symbol, _ in cells)) + 4.0
    foot = middle + 4.5 + 0.72 * SIZE
    bottom = foot + 0.2 * SIZE + 4.0
    total = sum(columns)
    marks = [Mark(left, 0.0, rule(total, THICK_RULE))] if first else []
    marks.append(Mark(left, middle, rule(total, THIN_RULE)))
    marks.append(Mark(left, bottom, rule(total, THICK_RULE)))
    for (symbol, number), wide in zip(cells, columns, strict=False):
        marks.append(Mark(left + (wide - symbol.width) / 2, head, symbol))
        marks.append(Mark(left + (wide - number.width) / 2, foot, number))
        left += wide
    return Block(bottom, tuple(marks), before=10.0 if first else 0.0)


def conventions(texts: Sequence[str], words: Words, width: float) -> Block:
    """What the question takes for granted, in a light box."""
    inner = width - 2 * FRAME_PAD
    title = text_box(words.conventions, BOLD, SMALL)
    bullet = text_box("•", REGULAR, SMALL)
    y = FRAME_PAD - 2.0 + title.height
    marks = [Mark(FRAME_PAD, y, title)]
    y += 2.0
    for text in texts:
        box = stack(lines(text, inner - 10.0, SMALL), inner - 10.0, SMALL)
        y += 2.5 + box.height
        marks += [Mark(FRAME_PAD, y, bullet), Mark(FRAME_PAD + 10.0, y, box)]
        y += box.depth
    height = y + FRAME_PAD - 3.0
    light = Mark(0.0, height, Frame(width, height, fill=0.955, line=0.0))
    return Block(height, (light, *marks), before=10.0)
