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

MOST_BITS = 1024
_BEYOND = 2 ** (2 * MOST_BITS)
"""Larger integers are not followed: float64 overflows there, and squares of squares explode."""


def rescaled(
    outputs: Sequence[Node], denominators: Mapping[str, int], largest: Mapping[str, int]
) -> dict[Node, Scaled | None]:
    """Each node as an exact quotient.

    None where a transcendental (or a quotient) is involved, or integers beyond MOST_BITS.
    denominators: of the givens, by name. largest: the largest absolute numerator of each given.
    """
    scaled: dict[Node, Scaled | None] = {}
    sizes: dict[Node, int] = {}
    for node in topological(outputs):
        quotient = _quotient(node, [scaled[arg] for arg in node.args], denominators)
        if quotient is not None:
            _measure(quotient.numerator, largest, sizes)
            size = max(quotient.denominator, sizes[quotient.numerator])
            quotient = quotient if size.bit_length() <= MOST_BITS else None
        scaled[node] = quotient
    return scaled


def _quotient(
    node: Node, args: Sequence[Scaled | None], denominators: Mapping[str, int]
) -> Scaled | None:
    if node.op is GIVEN:
        return Scaled(node, denominators[node.name or ""])
    if node.op is CONSTANT and node.value is not None:
        return Scaled(constant(node.value.numerator), node.value.denominator)
    return None if node.op.rescale is None or None in args else node.op.rescale(*args)


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
    sizes: dict[Node, int] = {}
    for node in outputs:
        _measure(node, largest, sizes)
    return Bound(max(sizes.values(), default=0))


def _measure(root: Node, largest: Mapping[str, int], sizes: dict[Node, int]) -> None:
    """Add the magnitudes of a node and of all it depends on, unless they are known."""
    for node in topological([root], done=sizes):
        size = _magnitude(node, [sizes[arg] for arg in node.args], largest)
        sizes[node] = min(size, _BEYOND)


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
