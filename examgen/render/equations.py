"""Displayed formulas, aligned at their first relation and broken at the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from examgen.render.blocks import Block, Mark
from examgen.render.style import SIZE, type_block
from examgen.typeset import REGULAR, Box, fitted, place, relation_parts, row, text_box

ABOVE, BETWEEN = 7.0, 4.5
NUMBER_GAP = 8.0  # between the number of a formula and the formula
STRUT_HEIGHT, STRUT_DEPTH = 0.72 * SIZE, 0.24 * SIZE


@dataclass(frozen=True, slots=True)
class _Equation:
    """What stands left of the first relation, and the rows right of it.

    A formula whose left side takes more than half the line is not aligned: all of it is in rows.
    """

    left: Box | None
    rows: tuple[Box, ...]


def display(equations: Sequence[str], width: float, *, centred: bool = True) -> list[Block]:
    """Formulas under each other, aligned at their first relation; in the middle, or flush left."""
    if not equations:
        return []
    aligned, lead = _aligned(equations, width)
    widest = max(_reach(equation, lead) for equation in aligned)
    left = max(0.0, (width - widest) / 2) if centred else 0.0
    blocks: list[Block] = []
    for equation in aligned:
        blocks += _equation_blocks(equation, left, lead, first=not blocks)
    return blocks


def numbered(equations: Sequence[str], width: float) -> list[Block]:
    """Formulas under each other, numbered from 1, aligned at their first relation.

    The numbers have no brackets: who copied them as an answer would write a negative number of
    bookkeeping.
    """
    tags = [text_box(f"{n}", REGULAR, SIZE) for n, _ in enumerate(equations, start=1)]
    indent = max((tag.width for tag in tags), default=0.0) + NUMBER_GAP
    aligned, lead = _aligned(equations, width - indent)
    blocks: list[Block] = []
    for tag, equation in zip(tags, aligned, strict=True):
        first, *others = _equation_blocks(equation, indent, lead, first=not blocks)
        mark = Mark(indent - NUMBER_GAP - tag.width, first.marks[0].y, tag)
        blocks += [replace(first, marks=(mark, *first.marks)), *others]
    return blocks


def _aligned(equations: Sequence[str], width: float) -> tuple[list[_Equation], float]:
    """The equations, and how wide the widest left side is that is aligned."""
    cut = [relation_parts(tex, SIZE) for tex in equations]
    lead = max((row(p[0]).width for p in cut if _is_aligned(p, width)), default=0.0)
    return [_equation(parts, lead, width) for parts in cut], lead


_Parts = tuple[tuple[Box, ...], ...]


def _is_aligned(parts: _Parts, width: float) -> bool:
    return len(parts) > 1 and row(parts[0]).width <= width / 2


def _equation(parts: _Parts, lead: float, width: float) -> _Equation:
    if _is_aligned(parts, width):
        return _Equation(row(parts[0]), _filled(parts[1:], width - lead))
    return _Equation(None, _filled(parts, width))


def _reach(equation: _Equation, lead: float) -> float:
    return max(line.width for line in equation.rows) + (lead if equation.left else 0.0)


def _filled(parts: _Parts, room: float) -> tuple[Box, ...]:
    """As few rows as hold the parts; a part that is wider than a row is broken at its signs."""
    rows: list[list[Box]] = [[]]
    used = 0.0
    for part in parts:
        whole = row(part)
        for piece in (fitted(p, room) for p in part) if whole.width > room else (whole,):
            if rows[-1] and used + piece.width > room:
                rows.append([])
                used = 0.0
            rows[-1].append(piece)
            used += piece.width
    return tuple(row(pieces) for pieces in rows)


def _equation_blocks(
    equation: _Equation, left: float, lead: float, *, first: bool
) -> Iterator[Block]:
    axis = left + lead if equation.left else left
    for index, line in enumerate(equation.rows):
        parts = [(0.0, 0.0, line)]
        if equation.left and index == 0:
            parts.insert(0, (-equation.left.width, 0.0, equation.left))
        before = ABOVE if first and index == 0 else BETWEEN
        more = index + 1 < len(equation.rows)
        yield type_block(_on_strut(place(parts, line.width)), x=axis, before=before, keep=more)


def _on_strut(box: Box) -> Box:
    height, depth = max(box.height, STRUT_HEIGHT), max(box.depth, STRUT_DEPTH)
    return Box(box.width, height, depth, box.ink)
