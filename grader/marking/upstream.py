"""Which of a student's own answers another answer of the same question is computed from.

Students go on with what they wrote. Strictly, only the quantity that was asked takes their value,
and what is printed by the same symbol. Widely, so does every equal quantity: who got yhat_1 wrong
where the cell says h_1 = yhat_1 has no other h_1; and ReLU' is read off the value of the unit where
its argument was not asked. Freely, an equal quantity comes before the one that was asked, and
a + b + c is computed from an answer to a + b.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property
from graphlib import TopologicalSorter

from examgen.graph import topological
from examgen.nodes import ADD, CONSTANT, GIVEN, Node
from examgen.ops import COPIES, OPS
from examgen.perturbation import Perturbed, Slopes, perturbed, slopes, source
from examgen.slots import Slot
from examgen.template import Template
from examgen.tolerance import units
from grader.marking.once import Once

_RELUS = {OPS["relu'"]: OPS["relu"], OPS["leaky_relu'"]: OPS["leaky_relu"]}


class Reading(IntEnum):
    """How students' own answers are read: each way besides the ones before."""

    STRICT = 0
    WIDE = 1
    FREE = 2


@dataclass(frozen=True)
class Route:
    """How the number of `slot` follows from the answers to other slots.

    answers: for each node that can be overridden, the slots (places in `template.slots`) whose
    answer stands for it, the first that is there; wrong_first: the first that is wrong, if any.
    radii: half a unit for each deviation.
    """

    slot: Slot
    answers: Mapping[Node, tuple[int, ...]]
    moving: Perturbed
    slopes: Slopes
    radii: tuple[float, ...]
    wrong_first: bool


class Upstream:
    """The number slots of a template, by place, and what each is computed from."""

    def __init__(self, template: Template, reading: Reading, new: Mapping[Node, Node]) -> None:
        self.template = template
        self.reading = reading
        self._new = new
        self.asked = {place: new.get(node, node) for place, node in _asked(template).items()}
        self.route = Once[int, Route](self._route)
        """The graph of the slot at a place in which other slots' answers can be put in."""

    @cached_property
    def parents(self) -> dict[int, tuple[int, ...]]:
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

    def _route(self, place: int) -> Route:
        answers, target = self.answers[place], self.asked[place]
        while target.op in COPIES and target.args[0] not in answers:
            target = target.args[0]
        moving = perturbed([target], answers)
        found = slopes(moving, target)
        slot = self.template.slots[place]
        asked = {self._new.get(n, n): d for n, d in units(self.template, slot).items()}
        decimals = [asked.get(source(node), slot.decimals) for node in found.nodes]
        radii = tuple(0.5 * 10.0**-places for places in decimals)
        kept = {node: answers[node] for node in found.kept}
        return Route(slot, kept, moving, found, radii, wrong_first=self.reading is Reading.WIDE)

    def _parents(self, place: int) -> tuple[int, ...]:
        """Up from the slot's node, as far as the first nodes that have an answer."""
        answers = self.answers[place]
        reached = _above(self.asked[place], stop=answers)
        return tuple(sorted({slot for node in reached for slot in answers.get(node, ())}))

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
        return tuple(sorted(same, key=lambda slot: self._rank(node, slot)))

    def _rank(self, node: Node, slot: int) -> tuple[bool, bool]:
        """Its own answer first; read freely, that of an equal one, of a copy before all."""
        own = self.asked[slot] is node
        if self.reading is Reading.FREE:
            return own, self.asked[slot].op not in COPIES
        return not own, False

    def _equal(self, node: Node, slot: int) -> bool:
        asked = self.asked[slot]
        if node is asked or self._numbers[node] != self._numbers[asked]:
            return node is asked
        return self.reading > Reading.STRICT or (
            node.name is not None and self._symbol(node) == self._symbol(asked)
        )

    def _symbol(self, node: Node) -> str:
        return self.template.quantities.symbols.tex(node.name or "")

    @cached_property
    def _numbers(self) -> dict[Node, int]:
        return structure(self.asked.values())


def upstreams(template: Template) -> tuple[Upstream, ...]:
    """The slots of a template by every reading, the strictest first."""
    roots = list(_asked(template).values())
    masks = masks_from_values(roots)
    sums = sums_from_answers([masks[root] for root in roots])
    both = {node: sums.get(new, new) for node, new in masks.items()}
    new: tuple[Mapping[Node, Node], ...] = ({}, masks, both)
    return tuple(Upstream(template, *each) for each in zip(Reading, new, strict=True))


def _asked(template: Template) -> dict[int, Node]:
    slots = enumerate(template.slots)
    return {n: template.node(slot) for n, slot in slots if slot.kind == "number"}


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
        if node.op in COPIES:
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


def sums_from_answers(roots: Iterable[Node]) -> dict[Node, Node]:
    """The graph with a + b + c written s + c where s = a + b is a root: s is there already."""
    roots = list(roots)
    numbers = structure(roots)
    known = {root: _addends(root, numbers) for root in roots if source(root).op is ADD}
    short_first = sorted(known, key=lambda root: known[root].total())
    new: dict[Node, Node] = {}
    for node in topological([*short_first, *roots]):
        args = tuple(new[arg] for arg in node.args)
        new[node] = node if args == node.args else replace(node, args=args)
        if node.op is ADD and (part := _largest_part(node, numbers, known, new)):
            new[node] = _regrouped(node, part, numbers, new)
    return new


def _terms(node: Node) -> list[Node]:
    """What a sum adds up: quantities with a name of their own are not taken apart."""
    waiting, found = list(source(node).args), []
    while waiting:
        term = waiting.pop()
        if term.op is ADD and term.name is None:
            waiting += term.args
        else:
            found.append(term)
    return found[::-1]


def _addends(node: Node, numbers: Mapping[Node, int]) -> Counter[int]:
    return Counter(numbers[term] for term in _terms(node))


def _largest_part(
    node: Node,
    numbers: Mapping[Node, int],
    known: Mapping[Node, Counter[int]],
    new: Mapping[Node, Node],
) -> Node | None:
    """The longest of the known sums that is a part of a sum, but not all of it."""
    whole = _addends(node, numbers)
    parts = [root for root, addends in known.items() if addends < whole and root in new]
    return max(parts, key=lambda root: known[root].total(), default=None)


def _regrouped(
    node: Node, part: Node, numbers: Mapping[Node, int], new: Mapping[Node, Node]
) -> Node:
    left, total = _addends(part, numbers), new[part]
    for term in _terms(node):
        if left[numbers[term]]:
            left[numbers[term]] -= 1
        else:
            total = ADD(total, new[term])
    return replace(total, name=node.name)
