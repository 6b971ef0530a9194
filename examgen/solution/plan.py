"""What the worked answer to each part has to compute, and what it may leave to one line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from examgen.graph import topological
from examgen.nodes import COPY, GIVEN, Node
from examgen.notation import Symbols
from examgen.ops import OPS, PORTS
from examgen.slots import Part, Slot
from examgen.solution.expected import with_wholes, without_symbol, written_out
from examgen.solution.paths import Path, over_given_names, paths
from examgen.solution.simple import simple_forms
from examgen.template import Template

_MOST_FACTORS = 3
"""A longer product is not taken over into another one."""
_ALGEBRAIC = {OPS["sqrt"], OPS["pow"]}


@dataclass(frozen=True)
class Work:
    """What is new in one part.

    asked: what its slots ask as numbers. forward, backward, after: what is computed, in order.
    """

    asked: tuple[Node, ...]
    forward: tuple[Node, ...]
    backward: tuple[Node, ...]
    after: tuple[Node, ...]

    @property
    def new(self) -> tuple[Node, ...]:
        """All that is computed."""
        return (*self.forward, *self.backward, *self.after)


class Plan:
    """What the numbers of a template depend on, as far as it has symbols."""

    def __init__(self, template: Template) -> None:
        self.template = template
        self.quantities = template.quantities
        self.symbols: Symbols = template.quantities.symbols
        first = self.symbols.message_first
        self._ports = frozenset[str | None]() if first else frozenset(without_symbol(template))
        self.simple = simple_forms(template)
        self._ways: dict[str, tuple[Path, ...]] = {}

    # --- nodes -----------------------------------------------------------------------------------

    def source(self, node: Node) -> Node:
        """What a node is a copy of, where both have the same symbol: `h = h` helps nobody."""
        while node.op is COPY and (original := node.args[0]).name is not None:
            if self.symbols.tex(original.name) != self.symbols.tex(node.name or ""):
                break
            node = original
        return node

    def target(self, slot: Slot) -> Node:
        """What a slot asks."""
        return self.source(self.template.node(slot))

    def shortest(self, node: Node) -> Node:
        """A definition in terms of what has a symbol; the simple form, where there is one."""
        if (simple := self.simple.get(node.name or "")) is not None:
            return simple.node
        written = written_out(node, self._ports - {node.name})
        return with_wholes(written, self.template.wholes)

    def formula(self, node: Node) -> Node:
        """The definition over names."""
        return node if node.op is GIVEN else over_given_names(self.shortest(node))

    def ways(self, name: str) -> tuple[Path, ...]:
        """The paths along which an adjoint comes from the loss; those over uses in their order."""
        if name not in self._ways:
            node = self.quantities.nodes[name]
            found = [self.canonical(way) for way in self._paths(node)]
            if all(way.via is not None and self.is_use(way.via) for way in found):
                found.sort(key=lambda way: list(self.quantities.adjoints).index(way.via or ""))
            self._ways[name] = tuple(found)
        return self._ways[name]

    def _paths(self, node: Node) -> tuple[Path, ...]:
        return paths(self.shortest(node), self.quantities.adjoints)

    def canonical(self, way: Path) -> Path:
        """A path over the one of several copies that has a line."""
        if way.via is None:
            return way
        return Path(self.source(self.quantities.nodes[way.via]).name, way.factor)

    def is_use(self, adjoint: str) -> bool:
        """Whether an adjoint belongs to the copy of a parameter that one step uses."""
        node = self.quantities.values.get(adjoint.partition("/d")[2])
        return node is not None and node.op.name == "use"

    def last_state(self, adjoint: str) -> str | None:
        """The state of the last step, for the adjoint that a later step would add to.

        That is the state's own, or, where dL/dh is the message, that of what the state is made of.
        """
        states = self._last_states
        name = adjoint.partition("/d")[2]
        if not self.symbols.message_first:
            return name if name in states else None
        values = self.quantities.values
        return next((s for s in states if any(a.name == name for a in values[s].args)), None)

    @cached_property
    def _last_states(self) -> Sequence[str]:
        """What the last of several steps hands on to none."""
        steps = self.quantities.blueprint.ranges.get("t", 1)
        if steps < 2:
            return ()
        carries = self.symbols.carries.items()
        return tuple(state for carry, state in carries if carry.endswith(f"[{steps + 1}]"))

    def is_message(self, adjoint: str) -> bool:
        """Whether an adjoint is the message that a step sends back."""
        node = self.quantities.values.get(adjoint.partition("/d")[2])
        return node is not None and node.op.name == "carry"

    # --- what is needed --------------------------------------------------------------------------

    def needed(self, slot: Slot) -> Iterator[Node]:
        """All that a number rests upon, arguments first."""
        target = self.target(slot)
        for node in dict.fromkeys(map(self.source, self._rests_upon(target))):
            if node is target or self.is_line(node):
                yield node

    def _rests_upon(self, target: Node) -> Sequence[Node]:
        """All below a node, arguments first; below a simple form only what that speaks of."""
        if not self.simple:
            return topological([target])
        kept: dict[Node, None] = {}
        waiting = [target]
        while waiting:
            node = waiting.pop()
            if node not in kept:
                kept[node] = None
                waiting += self._arguments(node)
        return [node for node in topological([*reversed(kept)]) if node in kept]

    def _arguments(self, node: Node) -> Sequence[Node]:
        simple = self.simple.get(node.name or "")
        if simple is None:
            return node.args
        names = [part.name for part in topological([simple.node]) if part.name is not None]
        return [self.quantities.nodes[name] for name in names]

    def is_line(self, node: Node) -> bool:
        """Whether a node has a line of its own: it has a symbol and is computed."""
        fixed = node.op is COPY and node.args[0].value is not None
        hidden = node.name is None or node.name in self._ports
        return not (hidden or fixed or node.op is GIVEN or node.op in PORTS)

    @cached_property
    def users(self) -> Mapping[str, set[str]]:
        """For each quantity that some number rests upon those that speak of it."""
        found: dict[str, set[str]] = defaultdict(set)
        slots = [slot for slot in self.template.slots if slot.kind == "number"]
        for node in dict.fromkeys(node for slot in slots for node in self.needed(slot)):
            for part in topological([self.formula(node)]):
                if part.name is not None:
                    source = self.source(self.quantities.nodes[part.name])
                    found[source.name or ""].add(node.name or "")
        return found

    def work(self, part: Part, shown: Container[Node], taken_over: Container[Node]) -> Work:
        """What is new in a part; what was taken over by another line only if it is asked."""
        slots = [slot for slot in part.slots if slot.kind == "number"]
        asked = tuple(dict.fromkeys(map(self.target, slots)))
        needed = dict.fromkeys(node for slot in slots for node in self.needed(slot))
        new = [
            node
            for node in needed
            if node not in shown and (node in asked or node not in taken_over)
        ]
        values, adjoints = self.quantities.values, self.quantities.adjoints
        return Work(
            asked,
            tuple(sorted((n for n in new if n.name in values), key=self._place)),
            tuple(node for node in new if node.name in adjoints),
            tuple(n for n in new if n.name not in values and n.name not in adjoints),
        )

    def in_order(self, names: Collection[str]) -> list[str]:
        """Values in the order in which they are computed."""
        return sorted(names, key=self._order.__getitem__)

    def _place(self, node: Node) -> int:
        return self._order[node.name or ""]

    @cached_property
    def _order(self) -> Mapping[str, int]:
        """The values in the author's order, over time one step after the other."""
        definitions = self.quantities.blueprint.definitions
        bases = [one.name.partition("[")[0] for one in definitions]
        names = list(self.quantities.values)

        def key(name: str) -> tuple[int, int]:
            base, _, index = name.partition("[")
            step = int(index[:-1]) if index[:-1].isdigit() else len(names)
            return step, bases.index(base) if base in bases else -1

        in_time = "t" in self.quantities.blueprint.ranges
        ordered = sorted(names, key=key if in_time else lambda name: key(name)[1])
        place = {name: n for n, name in enumerate(ordered)}
        return place if self._is_possible(place) else {name: n for n, name in enumerate(names)}

    def _is_possible(self, place: Mapping[str, int]) -> bool:
        """Whether nothing is computed before what it rests upon."""
        values = self.quantities.values
        steps = {name: node for name, node in values.items() if self.is_line(node)}
        return all(
            place[part.name] < place[name]
            for name, node in steps.items()
            for part in topological([self.formula(node)])
            if part.name is not None and part.name in steps
        )

    def taken_over(self, node: Node, work: Work, factors: int) -> bool:
        """Whether an adjoint is best shown in the line of the only one that speaks of it.

        factors: of its product.
        """
        name = node.name or ""
        users = self.users[name]
        if node in work.asked or len(self.ways(name)) != 1 or len(users) != 1:
            return False
        user = self.quantities.nodes[next(iter(users))]
        if user not in work.new:
            return False
        if user.name not in self.quantities.adjoints:
            return user.op is COPY
        ways = self.ways(user.name or "")
        if len(ways) != 1:
            return False
        return ways[0].passes_on or (factors < _MOST_FACTORS and not self._equals_other(name))

    def _equals_other(self, name: str) -> bool:
        return self.ways(name)[0].passes_on

    # --- exactness -------------------------------------------------------------------------------

    def algebraic(self, names: Collection[str]) -> frozenset[str]:
        """Quantities that rest upon nothing but arithmetic and roots: they may be exact."""
        good: set[Node] = set()
        for node in topological(self.quantities.nodes[name] for name in names):
            plain = node.op.rescale is not None or node.op in _ALGEBRAIC or not node.args
            if plain and all(arg in good for arg in node.args):
                good.add(node)
        return frozenset(name for name in names if self.quantities.nodes[name] in good)


def printed_before(plan: Plan) -> Sequence[Node]:
    """What a printed working shows rightly."""
    planted = plan.template.planted
    above = () if planted is None else planted.before
    return [plan.source(plan.quantities.nodes[name]) for name in above]
