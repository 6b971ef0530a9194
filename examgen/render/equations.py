"""Displayed formulas, aligned at their first relation and broken at the others.

The spaces are those of amsmath: lines of a derivation stand 3 points further apart than lines of
text, and tall ones keep at least `AIR` between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from examgen.render.blocks import Block, Mark
from examgen.render.chains import HANG, Piece, Row, pieces_of, rows_of
from examgen.render.style import SIZE
from examgen.typeset import REGULAR, Box, formula, row, text_box
from examgen.typeset.breaking import stretch

ABOVE, BELOW = 9.0, 3.0  # points between text and formulas; what follows adds its own
BASELINES, AIR = 1.32 * SIZE + 3.0, 6.0  # between baselines; the least between the ink of two lines
STRUT_HEIGHT, STRUT_DEPTH = 0.72 * SIZE, 0.24 * SIZE
NUMBER_GAP = 8.0  # between the number of a formula and the formula
FEW, GUTTER, TALLEST = 8, 30.0, 300.0  # more than so many short formulas go into two columns


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a formula, with the distance of its start from where it is aligned.

    tex: what stands on it; empty where that is said with the line before.
    """

    box: Box
    x: float
    tex: str


@dataclass(frozen=True, slots=True)
class _Equation:
    """A formula in lines; `left` is the width of what stands left of the alignment."""

    lines: tuple[_Line, ...]
    left: float

    @property
    def right(self) -> float:
        """How far it reaches to the right of the alignment."""
        return max(line.x + line.box.width for line in self.lines)


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
        blocks += [replace(first, marks=(mark, *first.marks)), *others]
    return _in_company(_spaced(blocks))


def _aligned(equations: Sequence[str], width: float) -> list[_Equation]:
    """Formulas whose left sides end at the same place; one whose left side takes more than half the
    line begins at the margin."""
    cut = [pieces_of(tex) for tex in equations]
    lead = max((_width(pieces[: _side(pieces, width)]) for pieces in cut), default=0.0)
    return [_equation(tex, pieces, lead, width) for tex, pieces in zip(equations, cut, strict=True)]


def _width(pieces: Sequence[Piece]) -> float:
    return sum(piece.box.width for piece in pieces)


def _side(pieces: Sequence[Piece], width: float) -> int:
    """How many pieces stand left of the alignment: those before the first relation, if short."""
    side = next((i for i, piece in enumerate(pieces) if piece.level == 1), 0)
    return side if _width(pieces[:side]) <= width / 2 else 0


def _equation(tex: str, pieces: Sequence[Piece], lead: float, width: float) -> _Equation:
    side = _side(pieces, width)
    left = _width(pieces[:side]) if side else lead
    rows = rows_of(pieces[side:], width - (lead if side else 0.0), 0.0 if side else HANG)
    if side:  # what stands left of the alignment goes with the first row
        first = row([*(piece.box for piece in pieces[:side]), rows[0].box])
        rows[0] = replace(rows[0], box=first, x=-left)
    else:
        rows = [replace(each, x=each.x - lead) for each in rows]
    return _Equation(tuple(_said(rows, tex)), left)


def _said(rows: Sequence[Row], tex: str) -> Iterator[_Line]:
    """Every line with its own TeX, or the first with all of it where that cannot be cut."""
    starts = [0, *(each.end for each in rows[:-1])]
    if len(rows) == 1:
        parts = [tex]
    else:
        parts = [stretch(tex, a, each.end) for a, each in zip(starts, rows, strict=True)]
    if not all(parts):
        parts = [tex, *[""] * (len(rows) - 1)]
    for each, part in zip(rows, parts, strict=True):
        yield _Line(formula(each.box, part) if part else each.box, each.x, part)


def _extent(equations: Sequence[_Equation]) -> tuple[float, float]:
    """How far formulas reach to the left and to the right of their alignment."""
    return max((e.left for e in equations), default=0.0), max(
        (e.right for e in equations), default=0.0
    )


def _blocks(equation: _Equation, axis: float) -> Iterator[Block]:
    """A block a line, each of which is read out by itself."""
    few = len(equation.lines) <= 3
    for index, line in enumerate(equation.lines):
        more = index + 1 < len(equation.lines)
        height, depth = max(line.box.height, STRUT_HEIGHT), max(line.box.depth, STRUT_DEPTH)
        mark = Mark(axis + line.x, height, line.box)
        yield Block(height + depth, (mark,), 0.0, few and more, "Formula", not line.tex)


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
    if height > TALLEST:
        return None
    return Block(height + BELOW, tuple(marks), ABOVE, role="Formula")


def _baselines(columns: Sequence[Sequence[Box]]) -> tuple[list[float], float]:
    """Where the lines stand below the top of the first, and the height of them all."""
    found: list[float] = []
    depth = 0.0
    for boxes in zip_longest(*columns):
        high = max(STRUT_HEIGHT, *(box.height for box in boxes if box))
        found.append(found[-1] + max(BASELINES, depth + AIR + high) if found else high)
        depth = max(STRUT_DEPTH, *(box.depth for box in boxes if box))
    return found, found[-1] + depth
