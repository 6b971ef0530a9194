"""Contributions to a derivative in TeX: the chain rule, each local derivative under a brace."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from operator import mul

from examgen.nodes import MUL, NEG, Node, given
from examgen.notation import Symbols, decimal
from examgen.printing import TEX, show
from examgen.solution.paths import Path


@dataclass(frozen=True)
class Factor:
    """A local derivative: how it is called, in TeX, and what it is, over names."""

    symbol: str
    node: Node


@dataclass(frozen=True)
class Product:
    """A derivative along its only path.

    start: the adjoint that it starts from, None for the loss itself. equal: derivatives that it is
    equal to, in TeX, since a factor of one lies between.
    """

    start: str | None
    factors: tuple[Factor, ...]
    equal: tuple[str, ...] = ()

    @property
    def formula(self) -> Node:
        """All factors, over names."""
        nodes = [factor.node for factor in self.factors]
        return reduce(MUL, nodes if self.start is None else [given(self.start), *nodes])

    @property
    def has_braces(self) -> bool:
        """Whether there is anything to explain under a brace."""
        return len(self.factors) > (self.start is None)

    def tex(self, symbols: Symbols, *, braces: bool) -> str:
        """The product, with what each factor is under a brace or in its place."""
        if not braces or not self.has_braces:
            return show(self.formula, symbols)
        first = [] if self.start is None else [symbols.tex(self.start)]
        return r" \cdot ".join([*first, *(braced(factor, symbols) for factor in self.factors)])


_SMALL = replace(TEX, fraction=lambda above, below: f"{above}/{below}", bar_groups=False)
"""Under a brace type is small, and a fraction in it would be smaller still."""


def braced(factor: Factor, symbols: Symbols) -> str:
    """A local derivative with its formula under a brace."""
    return rf"\underbrace{{{factor.symbol}}}_{{{small(factor.node, symbols)}}}"


def small(node: Node, symbols: Symbols) -> str:
    """A formula without fractions that are built up."""
    value = node.value
    if value is not None and Fraction(decimal(value)) != value:
        return f"{value}"
    return show(node, symbols, _SMALL)


def variable(symbols: Symbols, loss: str, name: str) -> str:
    """What an adjoint is taken with respect to, in TeX: w^{(2)} of dL/dw[2]."""
    written, of = symbols.tex(name), symbols.tex(loss)
    for sign in (r"\partial ", r"\mathrm{d}"):
        head = rf"\frac{{{sign}{of}}}{{{sign}"
        if written.startswith(head) and written.endswith("}"):
            return written[len(head) : -1]
    return symbols.tex(target(name))


def target(adjoint: str) -> str:
    """The quantity that an adjoint belongs to."""
    return adjoint.partition("/d")[2]


def local_symbol(above: str, below: str) -> str:
    """A local derivative in TeX."""
    return rf"\frac{{\partial {above}}}{{\partial {below}}}"


@dataclass(frozen=True)
class Route:
    """A path step by step. via: the adjoint that it begins with, None for the loss itself."""

    via: str | None
    factors: tuple[Factor, ...]

    @property
    def formula(self) -> Node:
        """The contribution."""
        nodes = [factor.node for factor in self.factors]
        return reduce(mul, nodes if self.via is None else [given(self.via), *nodes])


def route(way: Path, symbols: Symbols, below: str) -> Route:
    """A path in one step; below: the variable in TeX."""
    above = "" if way.via is None else symbols.tex(target(way.via))
    return Route(way.via, (Factor(local_symbol(above, below), way.factor),))


def terms(routes: Sequence[Route], symbols: Symbols) -> str:
    """A sum over paths, with what each factor is under a brace."""
    text = ""
    for one in routes:
        minus, term = _term(one, symbols)
        joint = (" - " if minus else " + ") if text else ("-" if minus else "")
        text += joint + term
    return text


def _term(one: Route, symbols: Symbols) -> tuple[bool, str]:
    """Whether a contribution is taken away, and the contribution."""
    node = one.factors[0].node
    if one.via is None:
        negative = node.op is NEG and node.name is None
        return negative, show(node.args[0] if negative else node, symbols)
    first = symbols.tex(one.via)
    if len(one.factors) == 1 and node.value is not None and abs(node.value) == 1:
        return node.value < 0, first
    several = [factor for factor in one.factors if factor.node.value != 1]
    return False, r" \cdot ".join([first, *(braced(factor, symbols) for factor in several)])


_FRACTION = re.compile(
    r"\\frac\{((?:[^{}]|\{[^{}]*\})*)\}\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
)


def slashed(derivative: str) -> str:
    """A derivative as it stands in a sentence.

    >>> slashed(r"\\frac{\\partial L}{\\partial w_{21}}")
    '\\\\partial L/\\\\partial w_{21}'
    """
    return _FRACTION.sub(r"\1/\2", derivative)
