"""Contributions to a derivative in TeX: the chain rule, each local derivative under a brace."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from examgen.nodes import MUL, NEG, Node, given
from examgen.notation import Symbols
from examgen.printing import show
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


def braced(factor: Factor, symbols: Symbols) -> str:
    """A local derivative with its formula under a brace."""
    return rf"\underbrace{{{factor.symbol}}}_{{{show(factor.node, symbols)}}}"


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


def terms(ways: Sequence[Path], symbols: Symbols, below: str) -> str:
    """A sum over paths, with what each factor is under a brace; below: the variable in TeX."""
    text = ""
    for way in ways:
        minus, term = _term(way, symbols, below)
        joint = (" - " if minus else " + ") if text else ("-" if minus else "")
        text += joint + term
    return text


def _term(way: Path, symbols: Symbols, below: str) -> tuple[bool, str]:
    """Whether a contribution is taken away, and the contribution."""
    if way.via is None:
        negative = way.factor.op is NEG and way.factor.name is None
        return negative, show(way.factor.args[0] if negative else way.factor, symbols)
    first = symbols.tex(way.via)
    if way.factor.value is not None and abs(way.factor.value) == 1:
        return way.factor.value < 0, first
    symbol = local_symbol(symbols.tex(target(way.via)), below)
    return False, rf"{first} \cdot {braced(Factor(symbol, way.factor), symbols)}"


_FRACTION = re.compile(
    r"\\frac\{((?:[^{}]|\{[^{}]*\})*)\}\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
)


def slashed(derivative: str) -> str:
    """A derivative as it stands in a sentence.

    >>> slashed(r"\\frac{\\partial L}{\\partial w_{21}}")
    '\\\\partial L/\\\\partial w_{21}'
    """
    return _FRACTION.sub(r"\1/\2", derivative)
