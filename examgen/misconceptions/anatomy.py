"""What mistakes speak of in a graph: weights and biases, activations, skips, states, sums."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from examgen.graph import topological
from examgen.misconceptions.rules import RightPass
from examgen.nodes import ADD, COPY, DIV, GIVEN, MUL, NEG, SUB, Node
from examgen.quantities import Quantities

ACTIVATIONS = ("relu", "leaky_relu", "sigmoid", "tanh", "softplus")
MOST_SITES = 24
"""A rule is tried at so many single places of a graph; in a large graph at fewer."""
_MOST_WORK = 6000


@dataclass(frozen=True)
class Place:
    """A use of a node: argument number `position` of `consumer`."""

    consumer: Node
    position: int


@dataclass(frozen=True)
class Anatomy:
    """The forward graph of a question, with the roles that its nodes play."""

    quantities: Quantities

    @cached_property
    def order(self) -> list[Node]:
        """All that the loss depends on, arguments first."""
        return topological([self.loss])

    @property
    def loss(self) -> Node:
        """The loss."""
        return self.quantities.values[self.quantities.loss]

    @cached_property
    def right_pass(self) -> RightPass:
        """The backward pass as it should be."""
        return RightPass(self.quantities)

    @cached_property
    def most_sites(self) -> int:
        """How many single places of a kind are looked at."""
        return min(MOST_SITES, max(2, _MOST_WORK // len(self.order)))

    @cached_property
    def places(self) -> dict[Node, list[Place]]:
        """Where each node is used, in the order of use."""
        found: dict[Node, list[Place]] = {node: [] for node in self.order}
        for node in self.order:
            for position, arg in enumerate(node.args):
                found[arg].append(Place(node, position))
        return found

    @cached_property
    def owners(self) -> dict[Node, str]:
        """The name of the quantity in whose formula a node stands; its own where it has one."""
        owners: dict[Node, str] = {}
        for node in reversed(self.order):
            places = self.places[node]
            owners[node] = node.name or (owners[places[0].consumer] if places else "")
        return owners

    def names(self, nodes: Iterable[Node]) -> tuple[str, ...]:
        """The quantities that some nodes belong to, each once."""
        return tuple(dict.fromkeys(self.owners[node] for node in nodes))

    @cached_property
    def _reach(self) -> dict[Node, int]:
        """For every node the set, as bits, of the nodes that it leads to, with itself."""
        reach: dict[Node, int] = {}
        for bit, node in enumerate(reversed(self.order)):
            reach[node] = 1 << bit
            for place in self.places[node]:
                reach[node] |= reach[place.consumer]
        return reach

    def leads(self, node: Node, to: Node) -> bool:
        """Whether there is a path from one node to another."""
        own = self._reach[to]
        return self._reach[node] & own == own

    # --- roles ---------------------------------------------------------------------------------

    def is_weight(self, node: Node) -> bool:
        """A given that is called as weights are, or a step's copy of a parameter in a product."""
        if node.op.name == "use":
            return any(place.consumer.op is MUL for place in self.places[node])
        return node.op is GIVEN and re.match("[wuv]|theta", name_of(node), re.I) is not None

    def is_bias(self, node: Node) -> bool:
        """A given called b..., or a step's copy of a parameter, that is only ever added."""
        called = node.op is GIVEN and name_of(node)[0] in "bB"
        added = all(place.consumer.op is ADD for place in self.places[node])
        return added and (called or node.op.name == "use")

    def is_target(self, node: Node) -> bool:
        """Whether only the loss uses a node: a label, an output."""
        return all(place.consumer in self.loss_parts for place in self.places[node])

    @cached_property
    def loss_parts(self) -> frozenset[Node]:
        """The loss, its terms, and what is nameless in them, down to the outputs."""
        parts: set[Node] = set()
        waiting = [self.loss]
        while waiting:
            node = waiting.pop()
            parts.add(node)
            waiting += filter(self._is_term, node.args) if _is_linear(node) else []
            parts |= set() if _is_linear(node) else set(_errors(node))
        return frozenset(parts)

    def _is_term(self, node: Node) -> bool:
        """Whether an argument of a sum in the loss is one of its terms: it has no other name."""
        base = re.escape(self.quantities.loss.partition("[")[0])
        term = node.name is not None and re.fullmatch(rf"{base}(\[.*\]|_?\d+)", node.name)
        return bool(node.args) and (node.name is None or bool(term))

    @cached_property
    def activations(self) -> list[Node]:
        """All activations, in order."""
        return [n for n in self._inner if n.op.name in ACTIVATIONS]

    @cached_property
    def products(self) -> list[Node]:
        """All products of two quantities."""
        return [n for n in self._inner if n.op is MUL and all(a.value is None for a in n.args)]

    @property
    def _inner(self) -> Iterator[Node]:
        return (node for node in self.order if node not in self.loss_parts)

    @cached_property
    def weighted(self) -> list[tuple[Node, int]]:
        """All products with a weight, and which factor the weight is."""
        return [
            (node, next(n for n, arg in enumerate(node.args) if self.is_weight(arg)))
            for node in self.products
            if any(map(self.is_weight, node.args))
        ]

    # --- sums ----------------------------------------------------------------------------------

    def top(self, node: Node) -> Node:
        """The whole sum of which a nameless sum is a part."""
        while node.op is ADD and node.name is None and len(self.places[node]) == 1:
            consumer = self.places[node][0].consumer
            if consumer.op is not ADD:
                break
            node = consumer
        return node

    def terms(self, node: Node) -> list[tuple[Node, Place]]:
        """The terms of a sum and where each is added, first to last; none for what is no sum."""
        if node.op is not ADD:
            return []
        found: list[tuple[Node, Place]] = []
        for position, arg in enumerate(node.args):
            nested = self.terms(arg) if arg.name is None else []
            found += nested or [(arg, Place(node, position))]
        return found

    @cached_property
    def sums(self) -> list[Node]:
        """Every whole sum outside of the loss."""
        return [n for n in self._inner if n.op is ADD and self.top(n) is n]

    # --- paths ---------------------------------------------------------------------------------

    @cached_property
    def forks(self) -> list[Node]:
        """Nodes that more than one quantity uses."""
        return [
            node
            for node in self.order
            if node not in self.loss_parts
            and not self.is_target(node)
            and len({self.owners[place.consumer] for place in self.places[node]}) > 1
        ]

    @cached_property
    def skipping(self) -> list[Node]:
        """Where skip connections begin."""
        return [node for node in self.forks if self.skips(node)]

    def skips(self, node: Node) -> list[Place]:
        """Where a node is added as it is to what it also reaches by a longer path."""
        return [
            place
            for place in self.places[node]
            if place.consumer.op is ADD and self._is_skip(node, place)
        ]

    def _is_skip(self, node: Node, place: Place) -> bool:
        whole = self.top(place.consumer)
        return any(
            self.leads(other.consumer, whole)
            for other in self.places[node]
            if self.top(other.consumer) is not whole
        )

    @cached_property
    def carries(self) -> list[Node]:
        """States as they enter a step, in order of steps."""
        return [node for node in self.order if node.op.name == "carry"]

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return self.quantities.blueprint.ranges.get("t", 1)

    @cached_property
    def shared(self) -> list[Node]:
        """Parameters of which every step uses a copy."""
        uses = [node for node in self.order if node.op.name == "use"]
        counted = dict.fromkeys(node.args[0] for node in uses)
        return [node for node in counted if len(self.places[node]) > 1]

    # --- groups of places ----------------------------------------------------------------------

    def groups(self, sites: Sequence[Node]) -> list[tuple[str, tuple[Node, ...]]]:
        """All sites together, those of one op, those of one family (all steps), each alone.

        With each group the quantity that it is about, empty for more than one.
        """
        keys: list[Callable[[Node], Hashable]] = [
            lambda node: None,
            lambda node: node.op,
            lambda node: family(self.owners[node]),
        ]
        found = [tuple(part) for key in keys for part in grouped(sites, key)]
        found += [(site,) for site in sites[: self.most_sites]]
        unique = dict.fromkeys(found)
        return [(self.owners[g[0]] if len(g) == 1 else "", g) for g in unique]


def _is_linear(node: Node) -> bool:
    """Whether a node only adds and scales."""
    scaled = node.op in (MUL, DIV) and any(arg.value is not None for arg in node.args)
    return node.op in (ADD, SUB, NEG, COPY) or scaled


def _errors(term: Node) -> Iterator[Node]:
    """The nameless differences and logarithms in a term: yhat - y, log(1 - yhat), 1 - y."""
    for arg in term.args:
        if arg.name is None and (arg.op is SUB or arg.op.name == "log"):
            yield arg
            yield from _errors(arg) if arg.op is not SUB else ()


Item = TypeVar("Item")


def grouped(items: Iterable[Item], key: Callable[[Item], Hashable]) -> list[list[Item]]:
    """Items with the same key together, in order."""
    found: dict[Hashable, list[Item]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return list(found.values())


def name_of(node: Node) -> str:
    """The name of a node that has one."""
    assert node.name is not None, "bug: a quantity has a name"
    return node.name


def source_of(node: Node) -> Node:
    """The parameter that a step's copy is of."""
    return node.args[0] if node.op.name == "use" else node


def family(name: str) -> str:
    """The name without its indices: `h` for `h[2]`."""
    return name.partition("[")[0]


def stem(name: str) -> str:
    """The name without its numbers.

    >>> stem("h3"), stem("h[2]"), stem("w1[2,1]")
    ('h', 'h', 'w')
    """
    return family(name).rstrip("0123456789")


def step_of(name: str | None) -> int | None:
    """The index of a name that has just one: 2 for `h[2]`."""
    found = re.fullmatch(r"[^\[\]]*\[(\d+)\]", name or "")
    return int(found[1]) if found else None


def at_step(name: str, step: int) -> str:
    """The same quantity at another step."""
    return f"{family(name)}[{step}]"
