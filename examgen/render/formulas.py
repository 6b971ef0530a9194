"""The formula sheet as a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from examgen.render.blocks import Block, Mark
from examgen.render.front import full_rule, title_blocks
from examgen.render.style import HEADING, SIZE, paragraphs, prose
from examgen.render.words import Words
from examgen.sheet import FormulaGroup, FormulaSheet
from examgen.typeset import BOLD, Box, fitted, formula, layout

_INDENT, _BETWEEN = 18.0, 9.0  # points, left of formulas and above them
_SECOND = 0.5  # of the line: where the formula beside another begins


def formula_blocks(sheet: FormulaSheet, words: Words, width: float) -> list[Block]:
    """Everything on the sheet, from top to bottom."""
    title = f"{sheet.title} – {words.formula_sheet}"
    blocks = title_blocks(title, [sheet.course] if sheet.course else [], width)
    blocks.append(full_rule(width))
    for group in sheet.groups:
        blocks += _group(group, words, width)
    return blocks


def _group(group: FormulaGroup, words: Words, width: float) -> Iterator[Block]:
    yield prose(group.title, width, size=HEADING, face=BOLD, before=18.0, keep=True, role="H2")
    for text in group.texts:
        yield from paragraphs(text, width, words.language)
    yield from _lines(group.lines, width)


def _lines(lines: Sequence[tuple[str, str]], width: float) -> Iterator[Block]:
    """Formulas beside each other, all on one baseline."""
    for line in lines:
        half = _SECOND * width
        rooms = (half - _INDENT, width - half) if line[1] else (width - _INDENT,)
        boxes = [_set(tex, room) for tex, room in zip(line, rooms, strict=False) if tex]
        height = max(box.height for box in boxes)
        depth = max(box.depth for box in boxes)
        places = (_INDENT, half)
        marks = tuple(Mark(x, height, box) for x, box in zip(places, boxes, strict=False))
        yield Block(height + depth, marks, before=_BETWEEN)


def _set(tex: str, room: float) -> Box:
    return formula(fitted(layout(tex, SIZE, display=True), room), tex)
