"""A formula set in boxes: The TeXbook's appendix G with the MATH table of STIX Two Math."""

from __future__ import annotations

from functools import lru_cache

from examgen.typeset import accents, fences, fractions, grids, scripts
from examgen.typeset.box import Box, row, space
from examgen.typeset.context import DISPLAY, SCRIPT, TEXT, Context, set_tree
from examgen.typeset.parse import parse
from examgen.typeset.spacing import around_fraction, between, classes
from examgen.typeset.symbols import Class
from examgen.typeset.tree import Row, Space, Styled, Tree

RULES = (accents, fences, fractions, grids, scripts)  # each adds its nodes to `set_tree`


@lru_cache(maxsize=4_000)
def layout(tex: str, size: float, display: bool = False) -> Box:
    """A formula in one box; `size` in points, `display` with full-size fractions and limits.

    Raises:
        ExamgenError: as `parse` does.
    """
    return set_tree(parse(tex), _context(size, display))


def classed_parts(tex: str, size: float, *, display: bool) -> list[tuple[Box, Class]]:
    """The parts of a formula, the space after each included, with their classes."""
    tree = parse(tex)
    boxes = _spaced(tree, _context(size, display))
    return list(zip(boxes, classes(tree.items), strict=True))


def _context(size: float, display: bool) -> Context:
    return Context(size, DISPLAY if display else TEXT)


@set_tree.register
def _row(tree: Row, at: Context) -> Box:
    if len(tree.items) == 1 and not around_fraction(tree.items[0]):
        return set_tree(tree.items[0], at)
    return row(_spaced(tree, at))


def _spaced(tree: Row, at: Context) -> list[Box]:
    """One box a part, the space after it included."""
    boxes: list[Box] = []
    before: Class | None = None
    for item, cls in zip(tree.items, classes(tree.items), strict=True):
        if boxes and (gap := _gap(cls, before, at)):
            boxes.append(row([boxes.pop(), space(gap)]))
        boxes.append(_padded(_kept(item, at), around_fraction(item) * at.em))
        before = before if cls == "space" else cls
    return boxes


@lru_cache(maxsize=16_000)
def _kept(item: Tree, at: Context) -> Box:
    """A part of a row: signs, fractions and the numbers of one student are those of the next."""
    return set_tree(item, at)


def _padded(box: Box, pad: float) -> Box:
    return row([space(pad), box, space(pad)]) if pad else box


def _gap(cls: Class, before: Class | None, at: Context) -> float:
    if before is None or cls == "space":
        return 0.0
    return at.em * between(before, cls, script=at.style >= SCRIPT)


@set_tree.register
def _space(tree: Space, at: Context) -> Box:
    return space(tree.em * at.em)


@set_tree.register
def _styled(tree: Styled, at: Context) -> Box:
    return set_tree(tree.body, at.styled(tree.display))
