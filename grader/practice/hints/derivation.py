"""How one quantity of a question comes about: over which paths, and what has to be known first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

from examgen.graph import topological
from examgen.nodes import ADD, GIVEN, MUL, Node, given
from examgen.notation import Symbols
from examgen.ops import PORTS
from examgen.printing import show
from examgen.slots import Slot
from examgen.solution.expected import answer_node, symbols_of
from examgen.solution.paths import Path, paths, spelled_slopes
from examgen.solution.plan import Plan
from examgen.solution.products import Factor, local_symbol, target, variable

_MOST_FACTORS = 4
"""A longer product is cut: its first half gets steps of its own."""


@dataclass(frozen=True)
class Leg:
    """A way from a quantity to the loss, up to a derivative that is taken as it is.

    via: that derivative, None where the way leads to the loss itself. stations: the quantities on
    the way, from the one in question on. factors: the local derivatives, the one nearest to the
    loss first, without a symbol between two names of the same thing; of a way to the loss itself
    the first is the derivative of what stands next to it.
    """

    via: str | None
    stations: tuple[str, ...]
    factors: tuple[Factor, ...]

    @property
    def is_direct(self) -> bool:
        """Whether nothing lies between the quantity and the loss."""
        return self.via is None and len(self.stations) == 1

    @property
    def passes_on(self) -> bool:
        """Whether the derivative goes on as it is."""
        return self.via is not None and all(one.node.value == 1 for one in self.factors)

    @property
    def formula(self) -> Node:
        """What this way contributes, every factor in its place."""
        nodes = [one.node for one in self.factors if one.node.value != 1]
        first = [] if self.via is None else [given(self.via)]
        if not nodes and not first:
            return self.factors[0].node
        if any(node.value == -1 for node in nodes):
            return reduce(lambda a, b: a * b, [*first, *nodes])
        return reduce(MUL, [*first, *nodes])

    def symbolic(self, symbols: Symbols) -> str:
        """The chain rule along the way, in TeX: names only."""
        if self.is_direct:
            return show(self.formula, symbols)
        return self._product(symbols, [one.symbol for one in self.factors if one.symbol])

    def _product(self, symbols: Symbols, factors: Sequence[str]) -> str:
        first = [] if self.via is None else [symbols.tex(self.via)]
        return r" \cdot ".join([*first, *factors])


def joined(legs: Sequence[Leg]) -> Node:
    """The contributions of all ways added up."""
    terms = [leg.formula for leg in legs]
    smart = any(one.node.value == -1 for leg in legs for one in leg.factors)
    return reduce(add if smart else ADD, terms)


class Derivations:
    """The ways and needs of the quantities of a template."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._quantities = plan.quantities

    # --- ways ------------------------------------------------------------------------------------

    def legs(self, name: str, known: Collection[str]) -> tuple[Leg, ...]:
        """The ways of an adjoint; where there is one only, up to something known or a fork."""
        first = [self._leg(name, way, self.plan.symbols) for way in self._ways(name)]
        if len(first) == 1:
            return (self._prolonged(first[0], known),)
        return tuple(self._over_copies(leg, known) for leg in first)

    def _ways(self, name: str) -> tuple[Path, ...]:
        if name not in self.plan.simple:
            return self.plan.ways(name)
        found = paths(self._quantities.nodes[name], self._quantities.adjoints)
        return tuple(self.plan.canonical(way) for way in found)

    def _leg(self, name: str, way: Path, symbols: Symbols) -> Leg:
        below = variable(symbols, self._quantities.loss, name)
        if way.via is None:
            return Leg(None, (target(name),), (Factor(symbols.tex(name), way.factor),))
        above = target(way.via)
        same = symbols.tex(above) == symbols.tex(target(name))
        symbol = "" if same else local_symbol(symbols.tex(above), below)
        factor = Factor(symbol, way.factor)
        return Leg(way.via, (target(name), above), (factor,))

    def _prolonged(self, leg: Leg, known: Collection[str]) -> Leg:
        """As far as there is one way, and nothing known on it."""
        while leg.via is not None and leg.via not in known and len(leg.factors) < _MOST_FACTORS:
            ways = self._ways(leg.via)
            if len(ways) != 1 or leg.via in self.plan.simple:
                break
            leg = _after(self._leg(leg.via, ways[0], self.plan.symbols), leg)
        return leg

    def _over_copies(self, leg: Leg, known: Collection[str]) -> Leg:
        """A derivative that merely equals another one is skipped."""
        while leg.via is not None and leg.via not in known and leg.via not in self.plan.simple:
            ways = self._ways(leg.via)
            if len(ways) != 1 or ways[0].via is None or not ways[0].passes_on:
                break
            leg = _after(self._leg(leg.via, ways[0], self.plan.symbols), leg)
        return leg

    def asked_legs(self, slot: Slot) -> tuple[Leg, ...]:
        """The ways of a formula that is asked, up to the derivatives that it may speak of."""
        name, symbols = self._quantities.name(slot.quantity), symbols_of(self.plan.template, slot)
        answer = answer_node(self.plan.template, slot)
        found = paths(answer, self._quantities.adjoints)
        ways = [self.plan.canonical(way) for way in found]
        ends = {way.via for way in ways}
        legs = [
            self._up_to(ends, self._leg(name, way, symbols), symbols) for way in self._ways(name)
        ]
        if {leg.via for leg in legs} == ends and len(legs) == len(ways):
            return tuple(legs)
        return tuple(self._leg(name, way, symbols) for way in ways)

    def _up_to(self, ends: Collection[str | None], leg: Leg, symbols: Symbols) -> Leg:
        while leg.via is not None and leg.via not in ends:
            ways = self._ways(leg.via)
            if len(ways) != 1:
                break
            leg = _after(self._leg(leg.via, ways[0], symbols), leg)
        return leg

    # --- formulas --------------------------------------------------------------------------------

    def formula(self, name: str, known: Collection[str]) -> Node:
        """What a number is computed from, over names."""
        if name in self._quantities.adjoints and name not in self.plan.simple:
            return joined(self.legs(name, known))
        return self.plan.formula(self._quantities.nodes[name])

    def speaks_of(self, formula: Node) -> list[str]:
        """The computed quantities in a formula, each by the name that has a line."""
        parts = topological([spelled_slopes(formula)])
        names = [node.name for node in parts if node.name is not None]
        found = [self._source(name) for name in names]
        return list(dict.fromkeys(name for name in found if name is not None))

    def _source(self, name: str) -> str | None:
        """The computed quantity that a name stands for, None for what is printed."""
        node = self._quantities.nodes[name]
        while (source := self.plan.source(node)) is not node or node.op in PORTS:
            node = source if source is not node else node.args[0]
        fixed = node.op is GIVEN or node.value is not None
        return None if fixed else node.name

    def same(self, name: str, known: Collection[str]) -> list[str]:
        """The quantities that a number equals, and that nobody has asked for."""
        found: list[str] = []
        formula = self.formula(name, known)
        while not formula.args and (below := self.speaks_of(formula)) and below[0] not in known:
            found += below
            formula = self.formula(below[0], known)
        return found

    def needed(self, name: str, known: Collection[str]) -> list[str]:
        """What has to be computed before a number that nobody has asked for, in order."""
        found: dict[str, None] = {}

        def visit(one: str) -> None:
            for below in self.speaks_of(self.formula(one, known)):
                if below not in known and below not in found and below != name:
                    visit(below)
                    found.setdefault(below)

        visit(name)
        return [
            *self.plan.in_order([n for n in found if n in self._quantities.values]),
            *(n for n in found if n not in self._quantities.values),
        ]

    # --- what a quantity looks like --------------------------------------------------------------

    def definition(self, name: str) -> Node | None:
        """How a value is computed, over names; None for what is given."""
        computed = self._source(name)
        if computed is None:
            return None
        node = self._quantities.nodes[computed]
        return self.plan.formula(node)

    def up_to_the_loss(self, name: str) -> list[str]:
        """The values that a quantity stands in on its way to the loss, the nearest first."""
        values = self._quantities.values
        above = {name}
        found = []
        for one, node in values.items():
            if one not in above and any(arg in above for arg in self._arguments(node)):
                above.add(one)
                found.append(one)
        return [one for one in found if self.plan.is_line(values[one])]

    def _arguments(self, node: Node) -> Iterator[str]:
        for part in topological([self.plan.formula(node)]):
            if part.name is not None:
                yield part.name


def _after(above: Leg, leg: Leg) -> Leg:
    """A leg prolonged by what lies above it."""
    return Leg(above.via, (*leg.stations, *above.stations[1:]), (*above.factors, *leg.factors))
