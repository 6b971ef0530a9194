"""A mistake as rules that differ from the right ones, and the graph that follows from them.

Six hooks carry every mistake: the forward rule of a node, its local derivative, which of the flows
into an adjoint count, how they are put together, the update, and which quantity is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from examgen.differentiate import RIGHT, Backward, adjoint_name, differentiate
from examgen.graph import topological
from examgen.nodes import COPY, Node, Op, named
from examgen.quantities import Quantities, descent

Forward = Callable[[Node, tuple[Node, ...], Mapping[Node, Node]], Node]
"""A node of the right graph, its arguments under the mistake, what has become of earlier nodes ->
the node under the mistake."""


def as_written(node: Node, args: tuple[Node, ...], new: Mapping[Node, Node]) -> Node:
    """The right forward rule: the same op on what its arguments have become."""
    return node if args == node.args else replace(node, args=args)


@dataclass(frozen=True)
class Rules:
    """How the quantities of a question come about; right unless said otherwise.

    update(weight, rate, gradient): the weight after one step. report: quantities in whose place
    another one is answered.
    """

    forward: Forward = as_written
    backward: Backward = RIGHT
    update: Callable[[Node, Node, Node], Node] = descent
    report: Mapping[str, str] = field(default_factory=dict)


def under(quantities: Quantities, rules: Rules) -> dict[str, Node]:
    """Every quantity by its name, as it comes about under the rules.

    What they leave alone may be another node than the right one, but equal to it.
    """
    found, loss = dict(quantities.nodes), quantities.loss
    if rules.forward is not as_written:
        new = rewritten(quantities.values.values(), rules.forward)
        found |= {name: new[node] for name, node in quantities.values.items()}
    if rules.forward is not as_written or rules.backward is not RIGHT:
        # Names of quantities that are no part of the graph (a learning rate) have no adjoint.
        wrt = {adjoint_name(loss, name): found[name] for name in quantities.values}
        adjoints = differentiate(found[loss], wrt.values(), rules.backward)
        found |= {name: adjoints[wrt[name]] for name in quantities.adjoints}
    if replace(rules, report={}) != Rules():
        found |= _updated(quantities, rules, found)
        found |= _derived(quantities, found)
    report = {**rules.report, **_also_reported(quantities, rules.report)}
    return found | {name: replace(found[other], name=name) for name, other in report.items()}


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
    rate = quantities.rate
    if rate is None:
        return {}
    return {
        name: named(rules.update(found[name[:-1]], rate, found[_gradient(quantities, name)]), name)
        for name in quantities.updates
    }


def _gradient(quantities: Quantities, update: str) -> str:
    return adjoint_name(quantities.loss, update.removesuffix("'"))


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
        roots = list(roots)
        for node in topological(roots, done=self._canonical):
            key = self._key(node)
            if key not in self._known:
                self._known[key] = node if key[1] == node.args else replace(node, args=key[1])
            self._canonical[node] = self._known[key]
        return [self._canonical[root] for root in roots]

    def _key(self, node: Node) -> _Key:
        return node.op, tuple(self._canonical[arg] for arg in node.args), node.value, node.name
