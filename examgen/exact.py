"""Exact arithmetic in bulk: a rational graph rewritten to act on integers.

Every given of a decimal grid is an integer over a fixed denominator. Rewriting each op for
numerators (`Op.rescale`) gives a graph of integers whose denominators are known before any number
is drawn. It runs on the same tape, in float64 while all integers stay below 2**53, in int64 below
2**63, in Python's integers beyond.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from examgen.graph import topological
from examgen.nodes import ADD, CONSTANT, GIVEN, MUL, SUB, Node, Scaled, constant
from examgen.ops import OPS


def rescaled(outputs: Sequence[Node], denominators: Mapping[str, int]) -> dict[Node, Scaled | None]:
    """Each node as an exact quotient, None where a transcendental (or a quotient) is involved.

    denominators: of the givens, by name.
    """
    scaled: dict[Node, Scaled | None] = {}
    for node in topological(outputs):
        if node.op is GIVEN:
            scaled[node] = Scaled(node, denominators[node.name or ""])
        elif node.op is CONSTANT and node.value is not None:
            scaled[node] = Scaled(constant(node.value.numerator), node.value.denominator)
        else:
            args = [scaled[arg] for arg in node.args]
            known = node.op.rescale is not None and None not in args
            scaled[node] = node.op.rescale(*args) if known and node.op.rescale else None
    return scaled


@dataclass(frozen=True)
class Bound:
    """How large the integers of a rescaled graph can get."""

    magnitude: int

    @property
    def carrier(self) -> np.dtype[Any]:
        """The fastest dtype that holds all of them without rounding."""
        if self.magnitude < 2**53:
            return np.dtype(np.float64)
        return np.dtype(np.int64 if self.magnitude < 2**63 else object)


def bound(outputs: Sequence[Node], largest: Mapping[str, int]) -> Bound:
    """A bound on every integer that computing the outputs meets.

    largest: the largest absolute numerator of each given. Interval arithmetic on magnitudes:
    sums add, products multiply, truths and signs are at most one.
    """
    size: dict[Node, int] = {}
    for node in topological(outputs):
        size[node] = _magnitude(node, [size[arg] for arg in node.args], largest)
    return Bound(max(size.values(), default=0))


_UNIT = {OPS[name] for name in ("relu'", "sign", "max'", "gt", "ge", "lt", "le", "eq", "ne")} | {
    OPS[name] for name in ("and", "or", "not", "decimals_over")
}


def _magnitude(node: Node, args: Sequence[int], largest: Mapping[str, int]) -> int:
    if node.op is GIVEN:
        return largest[node.name or ""]
    if node.value is not None:
        return abs(int(node.value))
    if node.op in (ADD, SUB):
        return sum(args)
    if node.op is MUL:
        return args[0] * args[1]
    if node.op is OPS["square"]:
        return args[0] ** 2
    return 16 if node.op in _UNIT else max(args)
