"""Formulas as operations: a sign in a circle, or a function in a box, and its arguments.

What only has numbers beside its one argument is a function of it: the half square of a difference
is one box with (.) in the place of the difference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from examgen.diagrams.subject import parts
from examgen.nodes import ADD, DIV, MUL, SUB, Node, given
from examgen.notation import Symbols
from examgen.ops import OPS
from examgen.printing import show

Shape = Literal["circle", "box"]

_SIGNS = {ADD: "+", SUB: "-", MUL: r"\times", DIV: r"\div"}
_CHAINS = (ADD, MUL, OPS["max"], OPS["min"])
_HOLE = "_"
_DOT = r"(\cdot)"
_TIDY = {
    rf"\left({_DOT}\right)": _DOT,
    rf"\sqrt{{{_DOT}}}": r"\sqrt{\cdot}",
    rf"\left|{_DOT}\right|": r"|\cdot|",
}

_HALF = re.compile(r"(?<![\d.])0\.5(?:\\,)?(?=\\left|\(|\\|[a-z])()")


@dataclass(frozen=True)
class Operation:
    """One operation of a graph: its label in TeX, how it is drawn, and what it takes."""

    label: str
    shape: Shape
    args: tuple[Node, ...]


def operation(node: Node, symbols: Symbols) -> Operation:
    """What a node does, one operation deep, with numbers drawn into it."""
    inner = _inner(node)
    if inner is not None:
        return Operation(_function(node, inner, symbols), "box", (inner,))
    args = tuple(parts(node)) if node.op in _CHAINS else node.args
    if node.op in _SIGNS:
        return Operation(_SIGNS[node.op], "circle", args)
    return Operation(_call(node), "box", args)


def is_number(node: Node) -> bool:
    """Whether a node is made of numbers alone, as sqrt(2) is."""
    if node.name is not None or not node.args:
        return node.value is not None
    return all(map(is_number, node.args))


def softmax_logits(node: Node) -> tuple[Node, ...]:
    """What a softmax output is made of: its sum of exponentials taken apart; else nothing."""
    if node.op.name != "softmax" or node.args[1].name is not None:
        return ()
    return tuple(parts(node.args[1]))


def _inner(node: Node) -> Node | None:
    """The one thing that a chain of operations with numbers acts on; None if there is no chain."""
    found: Node | None = None
    while True:
        variable = [arg for arg in node.args if not is_number(arg)]
        if len(variable) != 1:
            return found
        found = node = variable[0]
        if node.name is not None:
            return found


def _function(node: Node, inner: Node, symbols: Symbols) -> str:
    """The label of a function: tanh, (.)^2, 1 - (.)."""
    if inner in node.args and node.op.notation.form == "call" and len(node.args) == 1:
        return node.op.notation.tex
    holed = replace(symbols, overrides={**symbols.overrides, _HOLE: _DOT})
    return tidy(show(_with_hole(replace(node, name=None), inner), holed))


def _with_hole(node: Node, inner: Node) -> Node:
    if node is inner:
        return given(_HOLE)
    if node.op is DIV and node.args[1].value:  # a half of it, not it over two
        return _with_hole(
            MUL(replace(node.args[1], value=1 / node.args[1].value), node.args[0]), inner
        )
    return replace(node, args=tuple(_with_hole(arg, inner) for arg in node.args))


def tidy(tex: str) -> str:
    """A label with a half as a fraction, and a hole without brackets of its own."""
    for long, short in _TIDY.items():
        tex = tex.replace(long, short)
    return _HALF.sub(r"\\frac{1}{2}\1", tex)


def _call(node: Node) -> str:
    if node.op.notation.form == "power":
        return rf"{_DOT}^{{{_DOT}}}"
    return node.op.notation.tex or rf"\mathrm{{{node.op.name}}}"
