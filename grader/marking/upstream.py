"""Which of a student's own answers another answer of the same question is computed from.

Students go on with what they wrote. Strictly, only the quantity that was asked takes their value,
and what is printed by the same symbol. Widely, so does every equal quantity: who got yhat_1 wrong
where the cell says h_1 = yhat_1 has no other h_1; and ReLU' is read off the value of the unit where
its argument was not asked.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from graphlib import TopologicalSorter

from examgen.graph import topological
from examgen.nodes import CONSTANT, COPY, GIVEN, Node
from examgen.ops import OPS
from examgen.perturbation import Perturbed, Slopes, perturbed, slopes, source
from examgen.template import Template
from examgen.tolerance import units

_ALIASES = (COPY, OPS["use"], OPS["carry"])
_RELUS = {OPS["relu'"]: OPS["relu"], OPS["leaky_relu'"]: OPS["leaky_relu"]}


@dataclass(frozen=True)
class Route:
    """How the number of a slot follows from the answers to other slots.

    answers: for each node that can be overridden, the slots (places in `template.slots`) whose
    answer stands for it, the first that is there. radii: half a unit for each deviation.
    """

    answers: Mapping[Node, tuple[int, ...]]
    moving: Perturbed
    slopes: Slopes
    radii: tuple[float, ...]


class Upstream:
    """The number slots of a template, by place, and what each is computed from."""

    def __init__(self, template: Template, wide: bool) -> None:
        self.template = template
        self.wide = wide
        slots = enumerate(template.slots)
        nodes = {n: template.node(slot) for n, slot in slots if slot.kind == "number"}
        self._new = masks_from_values(nodes.values()) if wide else {}
        self.asked = {place: self._new.get(node, node) for place, node in nodes.items()}

    @cached_property
    def parents(self) -> dict[int, frozenset[int]]:
        """For each slot those that it is computed from without another one in between."""
        return {place: self._parents(place) for place in self.asked}

    @cached_property
    def order(self) -> list[int]:
        """The slots, each after those that it is computed from."""
        return list(TopologicalSorter(self.parents).static_order())

    @cached_property
    def answers(self) -> dict[int, dict[Node, tuple[int, ...]]]:
        """For each slot the nodes on the way to it that other slots answer, with these slots."""
        return {place: self._answers(place) for place in self.asked}

    def differs(self, other: Upstream, place: int) -> bool:
        """Whether a slot is computed otherwise here than there."""
        same = self.asked[place] is other.asked[place]
        return not same or self.answers[place] != other.answers[place]

    def route(self, place: int) -> Route:
        """The graph of a slot in which other slots' answers can be put in."""
        answers, target = self.answers[place], self.asked[place]
        while target.op in _ALIASES and target.args[0] not in answers:
            target = target.args[0]
        moving = perturbed([target], answers)
        found = slopes(moving, target)
        slot = self.template.slots[place]
        asked = {self._new.get(n, n): d for n, d in units(self.template, slot).items()}
        decimals = [asked.get(source(node), slot.decimals) for node in found.nodes]
        radii = tuple(0.5 * 10.0**-places for places in decimals)
        return Route({node: answers[node] for node in found.kept}, moving, found, radii)

    def _parents(self, place: int) -> frozenset[int]:
        """Up from the slot's node, as far as the first nodes that have an answer."""
        answers = self.answers[place]
        reached = _above(self.asked[place], stop=answers)
        return frozenset(slot for node in reached for slot in answers.get(node, ()))

    def _answers(self, place: int) -> dict[Node, tuple[int, ...]]:
        cone = topological([self.asked[place]])[:-1]
        found = {node: self._standing_for(node, place) for node in cone if node.args}
        return {node: slots for node, slots in found.items() if slots}

    def _standing_for(self, node: Node, place: int) -> tuple[int, ...]:
        """The slots whose answer is this node's value, but for the one at `place`.

        Of two slots that ask for the same number only the later one follows the other.
        """
        same = [slot for slot in self.asked if slot != place and self._equal(node, slot)]
        if self._numbers[node] == self._numbers[self.asked[place]]:
            same = [slot for slot in same if slot < place]
        return tuple(sorted(same, key=lambda slot: self.asked[slot] is not node))

    def _equal(self, node: Node, slot: int) -> bool:
        asked = self.asked[slot]
        if node is asked or self._numbers[node] != self._numbers[asked]:
            return node is asked
        return self.wide or (node.name is not None and self._symbol(node) == self._symbol(asked))

    def _symbol(self, node: Node) -> str:
        return self.template.quantities.symbols.tex(node.name or "")

    @cached_property
    def _numbers(self) -> dict[Node, int]:
        return structure(self.asked.values())


def _above(root: Node, stop: Container[Node]) -> set[Node]:
    """The nodes that a node is computed from, nothing beyond those in `stop`."""
    seen: set[Node] = set()
    waiting = list(root.args)
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting += () if node in stop else node.args
    return seen


def structure(roots: Iterable[Node]) -> dict[Node, int]:
    """A number for every node that the roots depend on, the same for equal formulas and copies."""
    known: dict[object, int] = {}
    numbers: dict[Node, int] = {}
    for node in topological(roots):
        if node.op in _ALIASES:
            numbers[node] = numbers[node.args[0]]
            continue
        value = node.name if node.op is GIVEN else node.value
        key = (node.op, tuple(numbers[arg] for arg in node.args), value)
        numbers[node] = known.setdefault(key, len(known))
    return numbers


def masks_from_values(roots: Iterable[Node]) -> dict[Node, Node]:
    """The graph with ReLU'(z) written ReLU'(h) where h = ReLU(z) is a root and z is none."""
    roots = list(roots)
    numbers = structure(roots)
    asked = {numbers[root] for root in roots}
    units = {
        (node.op, tuple(numbers[arg] for arg in node.args)): node
        for node in topological(roots)
        if node.op in _RELUS.values() and numbers[node] in asked
    }
    new: dict[Node, Node] = {}
    for node in topological([*units.values(), *roots]):
        args = tuple(new[arg] for arg in node.args)
        unit = units.get((_RELUS.get(node.op, CONSTANT), tuple(numbers[arg] for arg in node.args)))
        if unit in new and numbers[node.args[0]] not in asked:
            args = (new[unit], *args[1:])
        new[node] = node if args == node.args else replace(node, args=args)
    return new
