"""A displayed formula in as many rows as it needs, broken before relations, else before + and −,
and inside a product only where one does not fit into a row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from examgen.render.style import SIZE
from examgen.typeset import Box, fitted, row
from examgen.typeset.breaking import measured_parts

HANG = 2.0 * SIZE  # by how much a row that begins with a sign is indented
SIGN_BREAK, RAGGED = 3.0, 0.5  # in rows: what a break at a sign costs, and what an empty row
PRODUCT_BREAK = 100.0  # and one inside a product: more than any breaks at signs instead
_BREAKS = (0.0, 0.0, SIGN_BREAK, PRODUCT_BREAK)
TIMES = ("⋅", "·", "×", "∗", "∘")
LAST = 0.8  # of that for the last row, which may rather be short


@dataclass(frozen=True, slots=True)
class Piece:
    """What is not broken.

    level: 1 where it begins with a relation, 2 with a sign, 3 with a sign of multiplication, 0
    where it begins the formula; end: how many parts of the formula's tree there are up to its end.
    """

    box: Box
    level: int
    end: int


def pieces_of(tex: str) -> list[Piece]:
    """A formula in the pieces between which it may be broken.

    Raises:
        ExamgenError: as `parse` does.
    """
    found = measured_parts(tex, SIZE)
    ends = accumulate(length for part in found for _, length in part)
    return [
        Piece(box, _sign_level(box) if j else min(i, 1), next(ends))
        for i, part in enumerate(found)
        for j, (box, _) in enumerate(part)
    ]


def _sign_level(box: Box) -> int:
    return 3 if box.runs and box.runs[0].text.startswith(TIMES) else 2


@dataclass(frozen=True, slots=True)
class Row:
    """Pieces side by side, and the end of the last one."""

    box: Box
    x: float
    end: int


def rows_of(pieces: Sequence[Piece], room: float, hang: float) -> list[Row]:
    """As few rows as hold the pieces, about equally long, broken at signs where they must be.

    hang: the indentation of a row that begins with a relation.
    """
    levels = (0.0, hang, hang + HANG, hang + 2 * HANG)
    indents = [min(levels[piece.level], room / 4) for piece in pieces]
    found = []
    for a, b in _least_ragged(pieces, indents, room):
        box = fitted(row(piece.box for piece in pieces[a:b]), room - indents[a])
        found.append(Row(box, indents[a], pieces[b - 1].end))
    return found


def _least_ragged(
    pieces: Sequence[Piece], indents: Sequence[float], room: float
) -> list[tuple[int, int]]:
    """Where rows begin and end, so that they are few and even."""
    count = len(pieces)
    ends = [0.0, *accumulate(piece.box.width for piece in pieces)]
    least, start_of = [0.0] + [math.inf] * count, [0] * (count + 1)
    for start, piece in enumerate(pieces):
        base = least[start] + 1.0 + _BREAKS[piece.level]
        for end in range(start + 1, count + 1):
            spare = room - indents[start] - (ends[end] - ends[start])
            if spare < 0.0 and end > start + 1:
                break
            empty = (max(0.0, spare) / room) ** 2 * (LAST if end == count else 1.0)
            cost = base + RAGGED * empty
            if cost < least[end]:
                least[end], start_of[end] = cost, start
    bounds = [count]
    while bounds[-1]:
        bounds.append(start_of[bounds[-1]])
    return list(pairwise(reversed(bounds)))
