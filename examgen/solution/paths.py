"""A derivative as the chain rule has it: over which quantities, each with its local derivative.

The adjoint of x is linear in the adjoints of what x is used in, so the factor of each is found by
differentiating once more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from operator import add

from examgen.differentiate import differentiate
from examgen.graph import topological
from examgen.nodes import ADD, COPY, DIV, MUL, NEG, SUB, Node, Op, constant, given
from examgen.ops import OPS, PORTS
from examgen.printing import SLOPES


@dataclass(frozen=True)
class Path:
    """One way to the loss. via: the adjoint that it begins with, None for the loss itself.

    factor: the local derivative, over names.
    """

    via: str | None
    factor: Node

    @property
    def passes_on(self) -> bool:
        """Whether the derivative goes on as it is: a factor of one."""
        return self.factor.value == 1

    @property
    def formula(self) -> Node:
        """The contribution of this path."""
        return self.factor if self.via is None else given(self.via) * self.factor

    @property
    def product(self) -> Node:
        """The same, not simplified."""
        if self.via is None:
            return self.factor
        return given(self.via) if self.passes_on else MUL(given(self.via), self.factor)


def paths(adjoint: Node, adjoints: Collection[str]) -> tuple[Path, ...]:
    """All ways to the loss that the definition of an adjoint speaks of, in its order.

    adjoints: the names of all adjoints.
    """
    formula = over_given_names(adjoint)
    order = topological([formula])
    names = [node.name for node in order if node.name is not None and node.name in adjoints]
    leaves = {node.name: node for node in order if node.name is not None}
    found = [Path(name, _factor(formula, leaves[name])) for name in names]
    direct = _without(formula, set(names))
    if not found or direct.value != 0:
        found.append(Path(None, direct if names else formula))
    return tuple(found)


def joined(ways: Sequence[Path]) -> Node:
    """The contributions of all paths added up."""
    return reduce(add, (way.formula for way in ways))


def as_listed(ways: Sequence[Path]) -> Node:
    """The same with every factor in its place, as it stands under a brace."""
    if any(way.factor.value == -1 for way in ways):
        return joined(ways)
    return reduce(ADD, (way.product for way in ways))


def over_given_names(root: Node) -> Node:
    """The definition of a node in which every named part is a given, and itself has no name."""
    new: dict[Node, Node] = {}
    leaves: dict[str, Node] = {}
    for node in topological([root]):
        if node.name is not None and node is not root:
            new[node] = leaves.setdefault(node.name, given(node.name))
        elif node.args:
            new[node] = replace(node, args=tuple(new[arg] for arg in node.args), name=None)
        else:
            new[node] = node
    return _plain(new[root])


def _plain(node: Node) -> Node:
    """What a copy without a name is a copy of."""
    while node.name is None and (node.op is COPY or node.op in PORTS):
        node = node.args[0]
    return node


def _factor(formula: Node, leaf: Node) -> Node:
    if formula is leaf:
        return constant(1)
    bar = differentiate(formula, [leaf])[leaf]
    return _tidy(_plain(replace(bar, name=None)))


def _tidy(node: Node) -> Node:
    """As a person writes it: b - a for -a + b, c/m for 1/m c, b/u for 2 b/(2 u)."""
    left = node.args[0] if node.args else node
    if node.op is ADD and left.op is NEG and left.name is None:
        return SUB(node.args[1], left.args[0])
    if node.op is MUL and left.op is DIV and left.name is None and left.args[0].value == 1:
        return node.args[1] / left.args[1]
    if node.op is DIV:
        (size, above), (divisor, below) = map(_coefficient, node.args)
        ratio = size / divisor
        if divisor != 1 and ratio.denominator < divisor.denominator * divisor.numerator:
            return constant(ratio.numerator) * above / (constant(ratio.denominator) * below)
    return node


def _coefficient(node: Node) -> tuple[Fraction, Node]:
    """The positive constant before a product, and the rest."""
    if node.op is MUL and node.name is None:
        value = node.args[0].value
        if value is not None and value > 0:
            return value, node.args[1]
    return Fraction(1), node


_SIMPLE: Mapping[Op, Callable[..., Node]] = {
    ADD: lambda a, b: a + b,
    SUB: lambda a, b: a - b,
    MUL: lambda a, b: a * b,
    DIV: lambda a, b: a / b,
    NEG: lambda a: -a,
}


def _without(formula: Node, names: set[str]) -> Node:
    """The formula with nothing for some names."""
    if not names:
        return formula
    new: dict[Node, Node] = {}
    for node in topological([formula]):
        args = [new[arg] for arg in node.args]
        if node.name in names:
            new[node] = constant(0)
        elif not node.args:
            new[node] = node
        elif node.op is COPY or node.op in PORTS:
            new[node] = args[0]
        else:
            rule = _SIMPLE.get(node.op)
            new[node] = rule(*args) if rule else replace(node, args=tuple(args))
    return new[formula]


def spelled_slopes(root: Node) -> Node:
    """A formula over names with the slopes of sigmoid and tanh over their value: h (1 - h)."""
    new: dict[Node, Node] = {}
    for node in topological([root]):
        args = tuple(new[arg] for arg in node.args)
        if node.op.name in SLOPES:
            new[node] = slope_spelled(node.op.name, args)
        else:
            new[node] = node if args == node.args else replace(node, args=args)
    return new[root]


def slope_spelled(name: str, args: Sequence[Node]) -> Node:
    """The slope of sigmoid or tanh over z and the function's value at z."""
    value = args[1] if args[1].name is not None else OPS[name.removesuffix("'")](args[0])
    if name == "tanh'":
        return SUB(constant(1), OPS["square"](value))
    return MUL(value, SUB(constant(1), value))


def slopes_in(formula: Node, names: Collection[str]) -> list[Node]:
    """The slopes of some ops in a formula over names, each once."""
    return [node for node in topological([formula]) if node.op.name in names]
