"""Space between neighbouring parts of a formula (The TeXbook, chapters 17 and 18)."""

from __future__ import annotations

from collections.abc import Sequence

from examgen.typeset.plain import class_of_tree
from examgen.typeset.symbols import Class
from examgen.typeset.tree import Fraction, Tree

THIN, MEDIUM, THICK = 3 / 18, 4 / 18, 5 / 18  # em

_BREAKS_BIN = frozenset({"bin", "op", "rel", "open", "punct"})


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
    if "op" in (left, right) and not {left, right} & {"bin", "rel"}:
        tight = right in ("open", "close", "punct") or left == "open"
        return 0.0 if tight else THIN
    if script:
        return 0.0
    if "bin" in (left, right):
        return MEDIUM
    if "rel" in (left, right):
        return 0.0 if left == right or right in ("close", "punct") or left == "open" else THICK
    return THIN if left == "punct" else 0.0


def around_fraction(item: Tree) -> float:
    """TeX's null delimiter space at either side of a fraction, in em."""
    return 0.1 if isinstance(item, Fraction) else 0.0
