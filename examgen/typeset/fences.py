"""Brackets around a body, and those of a size chosen by the author (rule 19 of appendix G)."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from examgen.typeset.box import Box, lift, row, space
from examgen.typeset.context import Context, set_tree
from examgen.typeset.stretch import stretched
from examgen.typeset.tree import Bracket, Fenced, Tree, parts

SHORT = 0.1  # em, by how much a bracket may fall short of its body
NULL = 0.1  # em, the width of a bracket left out
STEPS = (0.0, 1.2, 1.8, 2.4, 3.0)  # em, the sizes of \big to \Bigg


@set_tree.register
def _fenced(tree: Fenced, at: Context) -> Box:
    return _grown(tree, replace(at, fence=0.0) if at.fence else at)


# Remembered, for a body with \middle is set twice: what is nested in it would be set many times.
@lru_cache(maxsize=2_000)
def _grown(tree: Fenced, at: Context) -> Box:
    body = set_tree(tree.body, at)
    need = _need(body, at)
    if _has_middle(tree.body):
        body = set_tree(tree.body, replace(at, fence=need))
    return row([_fence(tree.left, need, at), body, _fence(tree.right, need, at)])


def _has_middle(body: Tree) -> bool:
    return any(isinstance(part, Bracket) and not part.step for part in parts(body))


def _need(body: Box, at: Context) -> float:
    """The height of a bracket that covers the body evenly about the axis."""
    axis = at.const("AxisHeight")
    return 2 * max(body.height - axis, body.depth + axis)


def _fence(char: str, need: float, at: Context) -> Box:
    return centred(char, need - SHORT * at.em, at) if char else space(NULL * at.em)


def centred(char: str, least: float, at: Context) -> Box:
    """A bracket at least so tall, its middle on the axis."""
    box = stretched(char, least, at)
    return lift(box, at.const("AxisHeight") - (box.height - box.depth) / 2)


@set_tree.register
def _bracket(tree: Bracket, at: Context) -> Box:
    least = STEPS[tree.step] * at.em if tree.step else at.fence
    return _fence(tree.char, least, at)
