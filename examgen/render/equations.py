"""Displayed formulas, aligned at their first relation and broken at the others.

The spaces are those of amsmath: lines of a derivation stand `JOT` further apart than lines of text,
and tall ones keep at least `AIR` between them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise, zip_longest

from examgen.render.blocks import Block, Mark
from examgen.render.style import SIZE
from examgen.typeset import (
    REGULAR,
    Box,
    fitted,
    place,
    relation_parts,
    row,
    text_box,
)

ABOVE, BELOW = 9.0, 3.0  # points between text and formulas; what follows adds its own
BASELINES, AIR = 1.32 * SIZE + 3.0, 6.0  # between baselines; the least between the ink of two lines
STRUT_HEIGHT, STRUT_DEPTH = 0.72 * SIZE, 0.24 * SIZE
HANG = 2.0 * SIZE  # by how much a line that begins with a sign is indented
NUMBER_GAP = 8.0  # between the number of a formula and the formula
FEW, GUTTER, TALLEST = 8, 30.0, 300.0  # more than so many short formulas go into two columns
SIGN_BREAK, RAGGED = 3.0, 0.5  # in lines: what a break at a sign costs, and what an empty line


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a formula, with the distance of its start from where it is aligned.

    end: how many pieces of the formula stand on it and the lines before.
    """

    box: Box
    x: float
    end: int


@dataclass(frozen=True, slots=True)
class _Equation:
    """A formula in lines; `left` is the width of what stands left of the alignment."""

    tex: str
    lines: tuple[_Line, ...]
    left: float

    @property
    def right(self) -> float:
        """How far it reaches to the right of the alignment."""
        return max(line.x + line.box.width for line in self.lines)


_Parts = tuple[tuple[Box, ...], ...]


def display(equations: Sequence[str], width: float, *, centred: bool = True) -> list[Block]:
    """Formulas under each other, aligned at their first relation; in the middle, or flush left.

    A block is a line, and none of them is left alone by a page's end; many short formulas are one
    block of two columns, read down.
    """
    if not equations:
        return []
    columns = _two_columns(equations, width)
    if columns:
        return [columns]
    found = _aligned(equations, width)
    left, right = _extent(found)
    axis = left + (max(0.0, (width - left - right) / 2) if centred else 0.0)
    return _in_company(_spaced([line for each in found for line in _blocks(each, axis)]))


def numbered(equations: Sequence[str], width: float) -> list[Block]:
    """Formulas under each other, numbered from 1, aligned at their first relation.

    The numbers have no brackets: who copied them as an answer would write a negative number of
    bookkeeping.
    """
    tags = [text_box(f"{n}", REGULAR, SIZE) for n, _ in enumerate(equations, start=1)]
    indent = max((tag.width for tag in tags), default=0.0) + NUMBER_GAP
    found = _aligned(equations, width - indent)
    axis = indent + _extent(found)[0]
    blocks: list[Block] = []
    for tag, equation in zip(tags, found, strict=True):
        first, *others = _blocks(equation, axis)
        mark = Mark(indent - NUMBER_GAP - tag.width, first.marks[0].y, tag)
        said = f"{tag.runs[0].text}: {first.alternative}"
        blocks += [replace(first, marks=(mark, *first.marks), alternative=said), *others]
    return _in_company(_spaced(blocks))


def _aligned(equations: Sequence[str], width: float) -> list[_Equation]:
    """Formulas whose left sides end at the same place; one whose left side takes more than half the
    line begins at the margin."""
    cut = [relation_parts(tex, SIZE) for tex in equations]
    lead = max((row(p[0]).width for p in cut if _has_side(p, width)), default=0.0)
    return [_equation(tex, parts, lead, width) for tex, parts in zip(equations, cut, strict=True)]


def _has_side(parts: _Parts, width: float) -> bool:
    return len(parts) > 1 and row(parts[0]).width <= width / 2


def _equation(tex: str, parts: _Parts, lead: float, width: float) -> _Equation:
    if not _has_side(parts, width):
        lines = [_Line(line.box, line.x - lead) for line in _lines(parts, width, HANG)]
        return _Equation(tex, tuple(lines), lead)
    side = row(parts[0])
    first, *others = _lines(parts[1:], width - lead, 0.0)
    whole = place([(0.0, 0.0, side), (side.width, 0.0, first.box)], side.width + first.box.width)
    return _Equation(tex, (_Line(whole, -side.width), *others), side.width)


def _extent(equations: Sequence[_Equation]) -> tuple[float, float]:
    """How far formulas reach to the left and to the right of their alignment."""
    return max((e.left for e in equations), default=0.0), max(
        (e.right for e in equations), default=0.0
    )


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is not broken, and by how much a line that begins with it is indented."""

    box: Box
    indent: float
    cost: float


def _lines(parts: _Parts, room: float, hang: float) -> list[_Line]:
    """As few lines as hold the parts, about equally long, broken at signs where they must be.

    hang: the indentation of a line that begins with a relation.
    """
    pieces = [
        _Piece(box, hang + HANG * (j > 0), SIGN_BREAK if j else 0.0)
        for part in parts
        for j, box in enumerate(part)
    ]
    pieces[0] = _Piece(pieces[0].box, 0.0, 0.0)
    bounds = _least_ragged(pieces, room)
    return [_line(pieces[a:b], room) for a, b in bounds]


def _line(pieces: Sequence[_Piece], room: float) -> _Line:
    indent = min(pieces[0].indent, room / 4)
    return _Line(fitted(row(piece.box for piece in pieces), room - indent), indent)


def _least_ragged(pieces: Sequence[_Piece], room: float) -> list[tuple[int, int]]:
    """Where lines begin and end, so that they are few and even."""
    count = len(pieces)
    ends = [0.0, *accumulate(piece.box.width for piece in pieces)]
    least, start_of = [0.0] + [math.inf] * count, [0] * (count + 1)
    for start, piece in enumerate(pieces):
        for end in range(start + 1, count + 1):
            spare = room - min(piece.indent, room / 4) - (ends[end] - ends[start])
            if spare < 0.0 and end > start + 1:
                break
            cost = least[start] + 1.0 + piece.cost + RAGGED * (max(0.0, spare) / room) ** 2
            if cost < least[end] + 1e-9:  # of equals the one with the longer first line
                least[end], start_of[end] = cost, start
    bounds = [count]
    while bounds[-1]:
        bounds.append(start_of[bounds[-1]])
    return list(pairwise(reversed(bounds)))


def _blocks(equation: _Equation, axis: float) -> Iterator[Block]:
    """A block a line; those of one formula are one element for who listens."""
    few = len(equation.lines) <= 3
    for index, line in enumerate(equation.lines):
        more = index + 1 < len(equation.lines)
        height, depth = max(line.box.height, STRUT_HEIGHT), max(line.box.depth, STRUT_DEPTH)
        mark = Mark(axis + line.x, height, line.box)
        said = "" if index else plain(equation.tex)
        yield Block(
            height + depth, (mark,), 0.0, few and more, "Formula", index > 0, alternative=said
        )


def _spaced(blocks: Sequence[Block]) -> list[Block]:
    """Lines at even distances, further where they are tall."""
    found: list[Block] = []
    for block in blocks:
        before = ABOVE if not found else _gap(found[-1], block)
        found.append(replace(block, before=before))
    return [*found[:-1], *(replace(last, height=last.height + BELOW) for last in found[-1:])]


def _gap(block: Block, following: Block) -> float:
    depth = block.height - block.marks[-1].y
    return max(AIR, BASELINES - depth - following.marks[-1].y)


def _in_company(blocks: Sequence[Block]) -> list[Block]:
    """The first line stays with the second, and the last with the one before."""
    last = len(blocks) - 1
    return [
        replace(block, keep=(block.keep or i in (0, last - 1)) and i < last)
        for i, block in enumerate(blocks)
    ]


def _two_columns(equations: Sequence[str], width: float) -> Block | None:
    """Short formulas side by side, the first half of them at the left; None where they are few or
    do not fit."""
    if len(equations) <= FEW:
        return None
    half = -(-len(equations) // 2)
    room = (width - GUTTER) / 2
    columns = [_aligned(equations[:half], room), _aligned(equations[half:], room)]
    if any(len(each.lines) > 1 for column in columns for each in column):
        return None
    return _side_by_side(columns, width)


def _side_by_side(columns: Sequence[Sequence[_Equation]], width: float) -> Block | None:
    """Columns of one-line formulas on common baselines, in the middle of the width."""
    widths = [sum(_extent(column)) for column in columns]
    gutter = max(GUTTER, (width - sum(widths)) / 3)
    x = max(0.0, (width - sum(widths) - gutter) / 2)
    baselines, height = _baselines([[e.lines[0].box for e in column] for column in columns])
    marks: list[Mark] = []
    for column, wide in zip(columns, widths, strict=True):
        axis = x + _extent(column)[0]
        marks += [
            Mark(axis + each.lines[0].x, y, each.lines[0].box)
            for each, y in zip(column, baselines, strict=False)
        ]
        x += wide + gutter
    said = "; ".join(plain(each.tex) for column in columns for each in column)
    if height > TALLEST:
        return None
    return Block(height + BELOW, tuple(marks), ABOVE, role="Formula", alternative=said)


def _baselines(columns: Sequence[Sequence[Box]]) -> tuple[list[float], float]:
    """Where the lines stand below the top of the first, and the height of them all."""
    found: list[float] = []
    depth = 0.0
    for boxes in zip_longest(*columns):
        high = max(STRUT_HEIGHT, *(box.height for box in boxes if box))
        found.append(found[-1] + max(BASELINES, depth + AIR + high) if found else high)
        depth = max(STRUT_DEPTH, *(box.depth for box in boxes if box))
    return found, found[-1] + depth
