"""Formulas from nodes: one traversal of the expression tree, two styles of writing.

A named node prints as its name inside other formulas and as its definition on its own line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from examgen.nodes import ADD, DIV, MUL, NEG, POWER, PRODUCT, SIGN, SUM, Node
from examgen.notation import Symbols, decimal
from examgen.ops import PORTS

_ATOM = 9
SLOPES = ("sigmoid'", "tanh'")
"""They carry the function's value along; it is not printed."""


@dataclass(frozen=True)
class Style:
    """How the forms of `Notation` come out, and which of its two spellings is used."""

    name: Callable[[Symbols, str], str]
    number: Callable[[Fraction], str]
    product: Callable[[Node, str, str], str]
    sign: Callable[[Node], str]
    fraction: Callable[[str, str], str]
    power: Callable[[str, str], str]
    call: Callable[[Node, list[str]], str]
    group: Callable[[str], str]
    bar_groups: bool  # a fraction's bar and a raised exponent group by themselves


def _tex_number(value: Fraction) -> str:
    shown = decimal(value)
    if Fraction(shown) == value:
        return shown
    sign = "-" if value < 0 else ""
    return rf"{sign}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def _tex_product(node: Node, left: str, right: str) -> str:
    coefficient = node.args[0].value is not None and node.args[1].value is None
    if not coefficient or right[:1].isdigit():
        return rf"{left} \cdot {right}"
    return left + right if right.startswith(r"\left(") else rf"{left}\,{right}"


def _tex_call(node: Node, args: list[str]) -> str:
    if node.op.notation.form == "bars":
        return rf"\left|{args[0]}\right|"
    if node.op.notation.form == "truth":
        return rf"{node.op.notation.tex}\left[{' > '.join(args)}\right]"
    if node.op.notation.form == "root":
        return rf"\sqrt{{{args[0]}}}"
    return rf"{node.op.notation.tex}\left({', '.join(args)}\right)"


TEX = Style(
    name=Symbols.tex,
    number=_tex_number,
    product=_tex_product,
    sign=lambda node: f" {node.op.notation.tex} ",
    fraction=lambda above, below: rf"\frac{{{above}}}{{{below}}}",
    power=lambda base, exponent: f"{base}^{{{exponent}}}",
    call=_tex_call,
    group=lambda text: rf"\left({text}\right)",
    bar_groups=True,
)
PLAIN = Style(
    name=Symbols.plain,
    number=lambda value: decimal(value) if Fraction(decimal(value)) == value else f"({value})",
    product=lambda node, left, right: f"{left}*{right}",
    sign=lambda node: f" {node.op.notation.plain} ",
    fraction=lambda above, below: f"{above}/{below}",
    power=lambda base, exponent: f"{base}^{exponent}",
    call=lambda node, args: f"{node.op.notation.plain}({', '.join(args)})",
    group=lambda text: f"({text})",
    bar_groups=False,
)


def show(node: Node, symbols: Symbols, style: Style = TEX) -> str:
    """The node inside a formula: a named one by its name, any other by its definition."""
    return _written(node, symbols, style)[0]


def define(node: Node, symbols: Symbols, style: Style = TEX) -> str:
    """The right-hand side that defines a node: its op and arguments, one level of names deep."""
    return show(replace(node, name=None) if node.args else node, symbols, style)


def _written(node: Node, symbols: Symbols, style: Style) -> tuple[str, int]:
    """The text and how tightly it binds."""
    form = node.op.notation.form
    if node.op in PORTS or (form == "same" and node.name is None):
        return _written(node.args[0], symbols, style)
    if node.name is not None:
        return style.name(symbols, node.name), _ATOM
    if node.op.spelling is not None:
        return _written(node.op.spelling(*node.args), symbols, style)
    if node.value is not None:
        return style.number(node.value), SIGN if node.value < 0 else _ATOM
    return _FORMS[form](node, symbols, style)


def _grouped(node: Node, least: int, symbols: Symbols, style: Style) -> str:
    text, binds = _written(node, symbols, style)
    return text if binds >= least else style.group(text)


def _infix(node: Node, symbols: Symbols, style: Style) -> tuple[str, int]:
    """A chain such as a + b - c, from its left end: sums may be longer than Python's stack."""
    own = node.op.notation.precedence
    chain = [node]
    while _goes_on(chain[-1].args[0], own):
        chain.append(chain[-1].args[0])
    first = chain[-1].args[0]
    minus = style.bar_groups and own == PRODUCT and first.op is NEG and first.name is None
    text = _grouped(first.args[0] if minus else first, own, symbols, style)
    for link in reversed(chain):
        # a + (b - c) is a + b - c and a (b/c) is a b/c, but a - (b - c) is not a - b - c
        loose = link.op is ADD or (link.op is MUL and link.args[1].op in (MUL, DIV))
        weakest = own if loose else own + 1
        least = _ATOM if _negative(link.args[1]) else weakest
        right = _grouped(link.args[1], least, symbols, style)
        if own == SUM and right.startswith("-"):
            right = style.group(right)
        text = (
            style.product(link, text, right) if own == PRODUCT else text + style.sign(link) + right
        )
    return (f"-{text}", SUM) if minus else (text, own)  # -a b, and not (-a) b


def _goes_on(node: Node, precedence: int) -> bool:
    notation = node.op.notation
    return node.name is None and notation.form == "infix" and notation.precedence == precedence


def _negative(node: Node) -> bool:
    return node.value is not None and node.value < 0


def _prefix(node: Node, symbols: Symbols, style: Style) -> tuple[str, int]:
    return f"-{_grouped(node.args[0], PRODUCT, symbols, style)}", SUM


def _fraction(node: Node, symbols: Symbols, style: Style) -> tuple[str, int]:
    if style.bar_groups and _speaks_of_derivatives(node.args[0]):
        return _over_one(node, symbols, style), PRODUCT
    if style.bar_groups:
        return style.fraction(*(show(arg, symbols, style) for arg in node.args)), POWER
    above = _grouped(node.args[0], PRODUCT, symbols, style)
    return style.fraction(above, _grouped(node.args[1], PRODUCT + 1, symbols, style)), PRODUCT


def _speaks_of_derivatives(node: Node) -> bool:
    """Whether a nameless formula, or a name, has a fraction of partials in it."""
    if node.name is not None:
        return _DERIVATIVE.match(node.name) is not None
    return any(map(_speaks_of_derivatives, node.args))


_DERIVATIVE = re.compile(r"d([A-Z]\w*|[a-z])/d")


def _over_one(node: Node, symbols: Symbols, style: Style) -> str:
    """dL/dx 1/s: a fraction in the numerator of another one would be hard to read."""
    above = _grouped(node.args[0], PRODUCT, symbols, style)
    return style.product(node, above, style.fraction("1", show(node.args[1], symbols, style)))


def _power(node: Node, symbols: Symbols, style: Style) -> tuple[str, int]:
    base = _grouped(node.args[0], _ATOM, symbols, style)
    raised = node.args[0].name is not None and "^" in base  # TeX takes no second exponent
    base = style.group(base) if raised or base.startswith(r"\frac") else base
    if node.op.name == "square":
        exponent = "2"
    else:
        exponent = _grouped(node.args[1], 0 if style.bar_groups else _ATOM, symbols, style)
    if style.bar_groups and base.startswith(_HYPERBOLIC) and node.args[0].name is None:
        return style.power(_HYPERBOLIC, exponent) + base.removeprefix(_HYPERBOLIC), _ATOM
    return style.power(base, exponent), node.op.notation.precedence


_HYPERBOLIC = r"\tanh"
"""A function whose powers are written tanh^2(z), as those of trigonometric functions are."""


def _call(node: Node, symbols: Symbols, style: Style) -> tuple[str, int]:
    args = node.args[:1] if node.op.name in SLOPES else node.args
    while node.op.name in ("max", "min") and args[0].op is node.op and args[0].name is None:
        args = (*args[0].args, *args[1:])  # max(a, b, c) is built as max(max(a, b), c)
    return style.call(node, [show(arg, symbols, style) for arg in args]), _ATOM


_FORMS = {
    "infix": _infix,
    "prefix": _prefix,
    "fraction": _fraction,
    "power": _power,
    "call": _call,
    "root": _call,
    "bars": _call,
    "truth": _call,
}
