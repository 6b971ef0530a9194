"""A mistake as rules that differ from the right ones, and the graph that follows from them.

Six hooks carry every mistake: the forward rule of a node, its local derivative, which of the flows
into an adjoint count, how they are put together, the update, and which quantity is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from examgen.differentiate import (
    Backward,
    Flow,
    adjoint_name,
    all_uses,
    chain_rule,
    differentiate,
)
from examgen.graph import topological
from examgen.nodes import COPY, Node, Op, named
from examgen.quantities import Quantities, descent

Forward = Callable[[Node, tuple[Node, ...], Mapping[Node, Node]], Node]
"""A node of the right graph, its arguments under the mistake, what has become of earlier nodes ->
the node under the mistake."""

Local = Callable[[Node, Node], tuple[Node, ...]]
"""The adjoint of a node, the node -> what it hands on to each argument."""

Total = Callable[[Sequence[Flow]], Node]
"""What arrives at a node from its uses -> its adjoint."""


def as_written(node: Node, args: tuple[Node, ...], new: Mapping[Node, Node]) -> Node:
    """The right forward rule: the same op on what its arguments have become."""
    return node if args == node.args else Node(node.op, args, node.value, node.name)


@dataclass(frozen=True)
class Rules:
    """How the quantities of a question come about; right unless said otherwise.

    local, total: the rules of the backward pass at the nodes where they are others; only where the
    forward rule is right. update(weight, rate, gradient): the weight after one step. report:
    quantities in whose place another one is answered.
    """

    forward: Forward = as_written
    local: Mapping[Node, Local] = field(default_factory=dict)
    total: Mapping[Node, Total] = field(default_factory=dict)
    update: Callable[[Node, Node, Node], Node] = descent
    report: Mapping[str, str] = field(default_factory=dict)


class RightPass:
    """The backward pass of a question as it should be, and what becomes of it by other rules.

    What a node hands on changes only where something else arrives, which is upstream of the nodes
    with other rules; all the rest is what it was, the very same nodes.
    """

    def __init__(self, quantities: Quantities) -> None:
        self.quantities = quantities
        named_by = {adjoint_name(quantities.loss, name): name for name in quantities.values}
        self._names = {quantities.values[named_by[name]]: name for name in quantities.adjoints}
        self._handed: dict[Node, tuple[Node, ...]] = {}
        self._arrived: dict[Node, Node] = {}
        self._differentiated(self._names, self._handing, self._arriving)

    def _handing(self, bar: Node, node: Node) -> tuple[Node, ...]:
        self._handed[node] = chain_rule(bar, node)
        return self._handed[node]

    def _arriving(self, node: Node, flows: Sequence[Flow]) -> Node:
        self._arrived[node] = all_uses(node, flows)
        return self._arrived[node]

    def by(self, rules: Rules) -> dict[str, Node]:
        """The adjoints that may be others by the rules, by name."""
        heads = [*rules.total, *(arg for node in rules.local for arg in node.args)]
        changed = set(topological(heads))

        def local(bar: Node, node: Node) -> tuple[Node, ...]:
            if node in rules.local:
                return rules.local[node](bar, node)
            return chain_rule(bar, node) if node in changed else self._handed[node]

        def total(node: Node, flows: Sequence[Flow]) -> Node:
            if node in rules.total:
                return rules.total[node](flows)
            return all_uses(node, flows) if node in changed else self._arrived[node]

        return self._differentiated(changed & self._names.keys(), local, total)

    def _differentiated(
        self,
        nodes: Iterable[Node],
        local: Local,
        total: Callable[[Node, Sequence[Flow]], Node],
    ) -> dict[str, Node]:
        loss = self.quantities.values[self.quantities.loss]
        adjoints = differentiate(loss, nodes, Backward(local, total))
        return {self._names[node]: bar for node, bar in adjoints.items()}


def under(right: RightPass, rules: Rules) -> dict[str, Node]:
    """Every quantity of a question by its name, as it comes about under the rules.

    What they leave alone may be another node than the right one, but equal to it.
    """
    quantities = right.quantities
    found = dict(quantities.nodes)
    if rules.forward is not as_written:
        assert not {*rules.local, *rules.total}, "bug: a mistake in both passes"
        found |= _forward(quantities, rules.forward)
    if rules.local or rules.total:
        found |= right.by(rules)
    if replace(rules, report={}) != Rules():
        found |= _updated(quantities, rules, found)
        found |= _derived(quantities, found)
    report = {**rules.report, **_also_reported(quantities, rules.report)}
    return found | {name: replace(found[other], name=name) for name, other in report.items()}


def _forward(quantities: Quantities, forward: Forward) -> dict[str, Node]:
    """The values by another forward rule, and the right derivatives of what they are now."""
    new = rewritten(quantities.values.values(), forward)
    values = {name: new[node] for name, node in quantities.values.items()}
    # Names of quantities that are no part of the graph (a learning rate) have no adjoint.
    wrt = {adjoint_name(quantities.loss, name): node for name, node in values.items()}
    adjoints = differentiate(values[quantities.loss], wrt.values())
    return values | {name: adjoints[wrt[name]] for name in quantities.adjoints}


def _also_reported(quantities: Quantities, report: Mapping[str, str]) -> dict[str, str]:
    """Derived quantities that are copies of reported ones: of them the same is answered."""
    sources = {
        name: node.args[0].name or ""
        for name, node in quantities.derived.items()
        if report and node.op is COPY
    }
    return {name: report[source] for name, source in sources.items() if source in report}


def rewritten(roots: Iterable[Node], forward: Forward) -> dict[Node, Node]:
    """What becomes of each node; a named one keeps its name."""
    new: dict[Node, Node] = {}
    for node in topological(roots):
        result = forward(node, tuple(new[arg] for arg in node.args), new)
        renamed = node.name is not None and result.name != node.name
        new[node] = named(result, node.name or "") if renamed else result
    return new


def _updated(quantities: Quantities, rules: Rules, found: Mapping[str, Node]) -> Mapping[str, Node]:
    """The updates that are others than the right ones."""
    rate, right = quantities.rate, quantities.nodes
    if rate is None:
        return {}
    updated: dict[str, Node] = {}
    for name in quantities.updates:
        weight, gradient = name[:-1], adjoint_name(quantities.loss, name[:-1])
        same = found[weight] is right[weight] and found[gradient] is right[gradient]
        if not same or rules.update is not descent:
            updated[name] = named(rules.update(found[weight], rate, found[gradient]), name)
    return updated


def _derived(quantities: Quantities, found: Mapping[str, Node]) -> Mapping[str, Node]:
    """The author's own formulas over what the other quantities have become."""
    if not quantities.derived:
        return {}
    become = {node: found[name] for name, node in quantities.nodes.items()}
    for node in quantities.derived.values():
        become.pop(node, None)
    new = rewritten(
        quantities.derived.values(),
        lambda node, args, _: become[node] if node in become else as_written(node, args, {}),
    )
    return {name: new[node] for name, node in quantities.derived.items()}


_Key = tuple[Op, tuple[Node, ...], Fraction | None, str | None]


class Interner:
    """Makes equal nodes the same node, those of the right graph before all others.

    Nodes are equal when their op, arguments, value and name are. So identity tells what a mistake
    changes, and graphs under different mistakes share what they have in common.
    """

    def __init__(self, quantities: Quantities) -> None:
        self._known: dict[_Key, Node] = {}
        self._canonical: dict[Node, Node] = {}
        for node in topological(quantities.nodes.values()):
            self._canonical[node] = self._known.setdefault(self._key(node), node)

    def intern(self, roots: Iterable[Node]) -> list[Node]:
        """The roots with every node in them replaced by its equal."""
        roots, canonical, known = list(roots), self._canonical, self._known
        for node in topological(roots, done=canonical):
            key = self._key(node)
            found = known.get(key)
            if found is None:
                found = known[key] = as_written(node, key[1], {})
                canonical[found] = found
            canonical[node] = found
        return [canonical[root] for root in roots]

    def _key(self, node: Node) -> _Key:
        return node.op, tuple([self._canonical[arg] for arg in node.args]), node.value, node.name
