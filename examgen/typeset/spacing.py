"""Space between neighbouring parts of a formula (The TeXbook, chapters 17 and 18)."""

from __future__ import annotations

from collections.abc import Sequence

from examgen.typeset.symbols import Class
from examgen.typeset.tree import (
    Atom,
    Braced,
    Bracket,
    Fenced,
    Fraction,
    Scripts,
    Space,
    Styled,
    Tree,
    single,
)

THIN, MEDIUM, THICK = 3 / 18, 4 / 18, 5 / 18  # em

_CLASSES: tuple[Class, ...] = (
    "ord",
    "op",
    "bin",
    "rel",
    "open",
    "close",
    "punct",
    "inner",
    "fence",
)
_AT = {cls: i for i, cls in enumerate(_CLASSES)}
# Chapter 18's table: a row is the left class, a column the right one. 1 is thin, 2 medium, 3 thick;
# what is negative is left out in scripts. No binary sign meets what the table marks impossible:
# `classes` made it an ordinary one. A fence stands for its brackets: one that opens to what comes
# before it, one that closes to what follows, as LaTeX's mleftright has it; f(x) has no gap.
_TABLE = (
    (0, 1, -2, -3, 0, 0, 0, -1, 0),
    (1, 1, 0, -3, 0, 0, 0, -1, 0),
    (-2, -2, 0, 0, -2, 0, 0, -2, -2),
    (-3, -3, 0, 0, -3, 0, 0, -3, -3),
    (0, 0, 0, 0, 0, 0, 0, 0, 0),
    (0, 1, -2, -3, 0, 0, 0, -1, 0),
    (-1, -1, 0, -1, -1, -1, -1, -1, -1),
    (-1, 1, -2, -3, -1, 0, -1, -1, -1),
    (0, 1, -2, -3, 0, 0, 0, -1, 0),
)
_WIDTHS = (0.0, THIN, MEDIUM, THICK)
_BREAKS_BIN = frozenset({"bin", "op", "rel", "open", "punct"})


def class_of_tree(tree: Tree) -> Class:
    """TeX's class of a whole part: that of its nucleus.

    A body over or under a brace is `inner` here; TeX makes it a large operator, after which a plus
    would lose its space. A fraction is ordinary, being a group in LaTeX.
    """
    if isinstance(tree, Atom | Bracket):
        return tree.cls
    if isinstance(tree, Scripts):
        return class_of_tree(single(tree.base) if tree.limits == "always" else tree.base)
    if isinstance(tree, Styled):
        return class_of_tree(tree.body)
    if isinstance(tree, Fenced):
        return "fence"
    if isinstance(tree, Braced):
        return "inner"
    return "space" if isinstance(tree, Space) else "ord"


def classes(items: Sequence[Tree]) -> list[Class]:
    """TeX's classes, where a binary sign without a left or right operand is an ordinary one."""
    found: list[Class] = []
    before: Class = "open"
    for item in items:
        cls = class_of_tree(item)
        if cls == "bin" and before in _BREAKS_BIN:
            cls = "ord"
        if cls in ("rel", "close", "punct") and before == "bin":
            _demote_last_binary(found)
        found.append(cls)
        before = before if cls == "space" else cls
    if before == "bin":
        _demote_last_binary(found)
    return found


def _demote_last_binary(found: list[Class]) -> None:
    at = max(i for i, cls in enumerate(found) if cls == "bin")
    found[at] = "ord"


def between(left: Class, right: Class, *, script: bool) -> float:
    """The space between two classes, in em; scripts are set tight."""
    if "space" in (left, right):
        return 0.0
    step = _TABLE[_AT[left]][_AT[right]]
    return 0.0 if script and step < 0 else _WIDTHS[abs(step)]


def around_fraction(item: Tree) -> float:
    """TeX's null delimiter space at either side of a fraction, in em."""
    if isinstance(item, Styled):
        return around_fraction(item.body)
    return 0.1 if isinstance(item, Fraction) else 0.0
