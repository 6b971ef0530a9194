"""Formulas as sums of products, in which what stands above and below a bar cancels.

Just enough algebra for a derivative whose denominators all go away, as those of a cross-entropy do
over its softmax. A sum without a quotient stays together as one factor, so that `1 - p` above
cancels `1 - p` below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from operator import add, mul

from examgen.nodes import ADD, COPY, DIV, MUL, NEG, SUB, Node, Op, constant
from examgen.ops import OPS

Key = tuple[object, ...]
"""What a formula says, whatever nodes it is made of."""


def key_of(node: Node) -> Key:
    """The same for two formulas over the same names that are written alike."""
    if node.name is not None:
        return ("name", node.name)
    return (node.op.name, node.value, *map(key_of, node.args))


@dataclass(frozen=True)
class _Term:
    """A coefficient and powers of factors, in the order in which they came."""

    coefficient: Fraction
    powers: tuple[tuple[Key, int], ...] = ()

    def times(self, other: _Term) -> _Term:
        powers = dict(self.powers)
        for key, power in other.powers:
            powers[key] = powers.get(key, 0) + power
        left = tuple((key, power) for key, power in powers.items() if power)
        return _Term(self.coefficient * other.coefficient, left)

    def inverse(self) -> _Term:
        return _Term(1 / self.coefficient, tuple((key, -power) for key, power in self.powers))

    @property
    def has_denominator(self) -> bool:
        return any(power < 0 for _, power in self.powers)


class Cancelled:
    """A formula multiplied out as far as its quotients ask for, with common factors gone.

    known: what to write for a factor, by its key.
    """

    def __init__(self, formula: Node, known: Mapping[Key, Node]) -> None:
        self._known = known
        self._factors: dict[Key, Node] = {}
        self._terms = self._collected(self.sum(formula))

    @property
    def node(self) -> Node:
        """The formula again."""
        nodes = [self._written(term) for term in self._terms]
        return reduce(add, nodes) if nodes else constant(0)

    @property
    def content(self) -> frozenset[object]:
        """The same for two formulas that differ in the order of terms and factors at most."""
        return frozenset((term.coefficient, frozenset(term.powers)) for term in self._terms)

    @property
    def has_denominator(self) -> bool:
        """Whether a quotient is left."""
        return any(term.has_denominator for term in self._terms)

    def sum(self, node: Node) -> list[_Term]:
        """The terms that a formula adds up."""
        rule = _RULES.get(node.op) if node.name is None else None
        known = self._known.get(key_of(node))
        if known is not None:
            return self.sum(known)
        if node.value is not None:
            return [_Term(node.value)]
        return rule(self, node) if rule else [self._factor(node)]

    def _factor(self, node: Node) -> _Term:
        key = key_of(node)
        self._factors[key] = node
        return _Term(Fraction(1), ((key, 1),))

    def _as_factor(self, node: Node) -> list[_Term]:
        """One term, or the terms of a sum that has quotients in it."""
        terms = self._collected(self.sum(node))
        if len(terms) == 1 or any(term.has_denominator for term in terms):
            return terms
        return [self._factor(node)]

    def product(self, node: Node) -> list[_Term]:
        """The terms of a product."""
        left, right = map(self._as_factor, node.args)
        return [one.times(other) for one in left for other in right]

    def quotient(self, node: Node) -> list[_Term]:
        """The terms of a quotient; its denominator is one factor, or a product of some."""
        below = self._as_factor(node.args[1])
        divisor = below[0] if len(below) == 1 else self._factor(node.args[1])
        if divisor.coefficient == 0:
            return [self._factor(node)]
        return [term.times(divisor.inverse()) for term in self._as_factor(node.args[0])]

    @staticmethod
    def _collected(terms: list[_Term]) -> list[_Term]:
        found: dict[frozenset[tuple[Key, int]], _Term] = {}
        for term in terms:
            alike = frozenset(term.powers)
            before = found.get(alike)
            total = term.coefficient + (before.coefficient if before else 0)
            found[alike] = _Term(total, before.powers if before else term.powers)
        return [term for term in found.values() if term.coefficient]

    def _written(self, term: _Term) -> Node:
        above, below = self._powers(term, 1), self._powers(term, -1)
        node = reduce(mul, above, constant(abs(term.coefficient)))
        if below:
            node = node / reduce(mul, below)
        return -node if term.coefficient < 0 else node

    def _powers(self, term: _Term, sign: int) -> list[Node]:
        """The factors above the bar, or those below it."""
        counted = ((self._factors[key], max(0, sign * power)) for key, power in term.powers)
        return [factor for factor, times in counted for _ in range(times)]


def _negated(formula: Cancelled, node: Node) -> list[_Term]:
    return [replace(one, coefficient=-one.coefficient) for one in formula.sum(node)]


def _squared(formula: Cancelled, node: Node) -> list[_Term]:
    return formula.product(MUL(node.args[0], node.args[0]))


_RULES: Mapping[Op, Callable[[Cancelled, Node], list[_Term]]] = {
    ADD: lambda all_of, node: [*all_of.sum(node.args[0]), *all_of.sum(node.args[1])],
    SUB: lambda all_of, node: [*all_of.sum(node.args[0]), *_negated(all_of, node.args[1])],
    NEG: lambda all_of, node: _negated(all_of, node.args[0]),
    MUL: Cancelled.product,
    DIV: Cancelled.quotient,
    OPS["square"]: _squared,
    COPY: lambda all_of, node: all_of.sum(node.args[0]),
}
