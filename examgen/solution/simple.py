"""Derivatives that come out simpler than the chain rule writes them: p - y at a softmax.

Where a loss undoes the function before it (logistic or softmax, and the cross-entropy), what is
left is a difference of two quantities. It is not looked up but looked for, among the values that
are made of the pre-activation and the targets, and believed if it holds at random points
(Goodfellow, Bengio and Courville, Deep Learning, 2016, section 6.2.2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np

from examgen.differentiate import adjoint_name
from examgen.graph import evaluate, topological
from examgen.nodes import ADD, DIV, GIVEN, MUL, NEG, SUB, Array, Node, constant, given
from examgen.ops import OPS
from examgen.quantities import Quantities
from examgen.solution.algebra import Cancelled, key_of
from examgen.solution.expected import written_out
from examgen.solution.paths import Path, over_given_names, paths, spelled_slopes
from examgen.template import Template

_UNDONE = ("exp", "sigmoid")
"""What a loss with a logarithm undoes."""
_POINTS, _FEWEST, _SPREAD = 64, 16, 2.0
_NEAR = 1e-9


@dataclass(frozen=True)
class Simple:
    """A derivative as a difference of two quantities, over names.

    steps: what lies between the chain rule and it, over names. above: the derivatives that the
    chain rule begins with, over values. facts: what is put in besides, an expression and what it is
    equal to.
    """

    node: Node
    steps: tuple[Node, ...] = ()
    above: tuple[tuple[str, Node], ...] = ()
    facts: tuple[tuple[Node, Node], ...] = ()


def simple_forms(template: Template) -> dict[str, Simple]:
    """The derivatives that have a simple form, by name."""
    quantities = template.quantities
    before = dict(_undone(quantities))
    if not before:
        return {}
    points = _Points(template)
    found = {}
    for name, values in before.items():
        node = points.difference(name, values)
        if node is not None:
            found[name] = _explained(node, name, points, template.wholes)
    return found


def _undone(quantities: Quantities) -> Iterator[tuple[str, list[str]]]:
    """The adjoint of everything that is under an exp or a logistic, and what is made of it."""
    cones: dict[str, set[str]] = {}
    under: dict[str, None] = {}
    for name, node in quantities.values.items():
        formula = over_given_names(node)
        parts = topological([formula])
        names = {part.name for part in parts if part.name and part.name != name}
        cones[name] = names.union(*(cones.get(one, ()) for one in names))
        under |= {p.args[0].name: None for p in parts if p.op.name in _UNDONE and p.args[0].name}
    if not any(node.op.name == "log" for node in topological([quantities.values[quantities.loss]])):
        return
    for name in under:
        adjoint = adjoint_name(quantities.loss, name)
        made = [one for one in cones if name in cones[one] and one != quantities.loss]
        if adjoint in quantities.adjoints and quantities.values[name].op is not GIVEN:
            yield adjoint, made


class _Points:
    """Values of everything at random points; seeded, so that all builds find the same."""

    def __init__(self, template: Template) -> None:
        self.quantities = template.quantities
        draws = np.random.default_rng(6)
        self.givens: dict[str, Array] = {
            name: draws.uniform(-_SPREAD, _SPREAD, _POINTS) for name in self.quantities.givens
        }
        for family in template.wholes:
            shares = draws.dirichlet(np.ones(len(family)), _POINTS)
            self.givens |= dict(zip(family, shares.T, strict=True))
        names = [*self.quantities.values, *self.quantities.adjoints]
        nodes = [self.quantities.nodes[name] for name in names]
        with np.errstate(all="ignore"):
            found = evaluate(nodes, self.givens)
        self.values = dict(zip(names, found, strict=True))

    def difference(self, adjoint: str, values: Sequence[str]) -> Node | None:
        """One of some values, less a given, or less one, or nothing, if that is the adjoint."""
        loss = topological([self.quantities.values[self.quantities.loss]])
        targets = [node.name for node in loss if node.op is GIVEN and node.name is not None]
        for name in values:
            left = self.values[name] - self.values[adjoint]
            if _equal(left, np.zeros(_POINTS)):
                return given(name)
            if _equal(left, np.ones(_POINTS)):
                return SUB(given(name), constant(1))
            for target in targets:
                if _equal(left, self.givens[target]):
                    return SUB(given(name), given(target))
        return None

    def holds(self, node: Node, adjoint: str) -> bool:
        """Whether a formula over names is the adjoint."""
        used = [n.name for n in topological([node]) if n.name is not None]
        with np.errstate(all="ignore"):
            (found,) = evaluate([node], {name: self.values[name] for name in used})
        return _equal(np.broadcast_to(found, _POINTS), self.values[adjoint])


def _equal(one: Array, other: Array) -> bool:
    """Whether two are the same wherever both are defined, which must be at many points."""
    known = np.isfinite(one) & np.isfinite(other)
    near = np.abs(one - other)[known] <= _NEAR * np.maximum(1.0, np.abs(other[known]))
    return bool(known.sum() >= _FEWEST and near.all())


def _explained(
    node: Node, adjoint: str, points: _Points, wholes: Sequence[Sequence[str]]
) -> Simple:
    """With the steps in between that hold, and what is put in."""
    quantities = points.quantities
    value = (node.args[0] if node.args else node).name or ""
    facts = _facts(over_given_names(quantities.values[value]), given(value))
    known = {key_of(left): right for left, right in facts}

    def cancelled(part: Node) -> Cancelled:
        hidden = set(quantities.adjoints) - {part.name}
        return Cancelled(spelled_slopes(over_given_names(written_out(part, hidden))), known)

    whole = cancelled(quantities.nodes[adjoint])
    if whole.has_denominator:
        return Simple(node)
    ways = paths(quantities.nodes[adjoint], quantities.adjoints)
    above = {w.via: cancelled(quantities.nodes[w.via]).node for w in ways if w.via is not None}
    steps = [reduce(add, (_contribution(way, above, cancelled) for way in ways))]
    if whole.content != Cancelled(node, {}).content:
        steps.append(whole.node)
    facts += tuple(_whole(family) for family in wholes if _speak_of(steps, family))
    true = tuple(step for step in steps if points.holds(step, adjoint))
    return Simple(node, true, tuple(above.items()), facts) if true else Simple(node)


def _whole(family: Sequence[str]) -> tuple[Node, Node]:
    return reduce(ADD, map(given, family)), constant(1)


def _speak_of(steps: Sequence[Node], family: Sequence[str]) -> bool:
    """Whether the last step holds all of a family."""
    return set(family) <= {part.name for part in topological(steps[-1:])}


def _contribution(
    way: Path, above: Mapping[str, Node], cancelled: Callable[[Node], Cancelled]
) -> Node:
    factor = cancelled(way.factor).node
    if way.via is None:
        return factor
    first = above[way.via]
    return -MUL(first.args[0], factor) if first.op is NEG else MUL(first, factor)


def _facts(formula: Node, value: Node) -> tuple[tuple[Node, Node], ...]:
    """What the definition of a value says of other expressions: e = p s, where p = e/s."""
    if formula.op is DIV:
        return ((formula.args[0], MUL(value, formula.args[1])),)
    if formula.op.name == "sigmoid":
        slope = OPS["sigmoid'"](formula.args[0], value)
        return ((slope, spelled_slopes(slope)),)
    return ()
