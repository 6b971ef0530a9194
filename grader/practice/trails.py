"""Where in a graph a known mistake is: the steps from quantity to quantity that it is made at.

Found by comparing the graph under the mistake with the right one. What a mistake leaves alone is
the very node of the right graph; of the others, those are the place whose own line differs and not
only what stands upstream of it. A derivative is compared path by path.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from examgen.differentiate import adjoint_name
from examgen.graph import topological
from examgen.misconceptions import Misconception
from examgen.nodes import ADD, COPY, DIV, GIVEN, MUL, SUB, Node
from examgen.ops import OPS, PORTS
from examgen.quantities import Quantities
from examgen.slots import Slot
from examgen.solution.paths import paths
from examgen.template import Template
from grader.practice.values import Trail

Step = tuple[str, str]

_USE = OPS["use"]
_ARITHMETIC = (ADD, SUB, MUL, DIV)


def trail(template: Template, mistake: Misconception, slot: Slot) -> Trail:
    """The steps, from a quantity to one computed from it, at which a mistake changes a slot.

    Empty where it does not change the slot. A branch that was forgotten is followed until it joins
    the others or parts; of an update the step is from the weight to the new weight.
    """
    asked = template.quantities.name(slot.quantity)
    changes = _Changes(template.quantities, mistake.nodes)
    return tuple(dict.fromkeys(changes.on_the_way_to(asked)))


@dataclass(frozen=True)
class _Changes:
    """A graph and the same under a mistake, by name."""

    quantities: Quantities
    wrong: Mapping[str, Node]

    @property
    def right(self) -> Mapping[str, Node]:
        """Every quantity as it is."""
        return self.quantities.nodes

    def on_the_way_to(self, asked: str) -> Iterator[Step]:
        """The steps of all quantities that lead to one and differ in their own lines.

        Where values do, derivatives follow from that.
        """
        if self.right[asked] is self.wrong[asked]:
            return
        upstream = _names([self.right[asked], self.wrong[asked]])
        changed = [name for name in self.right if name in upstream and self._differs(name)]
        values = [name for name in changed if name in self.quantities.values]
        for name in values or changed:
            yield from self._steps(name, upstream)

    def _differs(self, name: str) -> bool:
        right, wrong = self.right[name], self.wrong[name]
        return right is not wrong and _line(right) != _line(self._in_known_names(wrong))

    def _in_known_names(self, node: Node) -> Node:
        """The line of a node in which only quantities of the two graphs go by their names.

        A derivative without its upstream factor is built of others that are called the same.
        """
        found = [arg if self._is_known(arg) else self._in_known_names(arg) for arg in node.args]
        args = tuple(replace(arg, name=None) if self._is_foreign(arg) else arg for arg in found)
        return node if args == node.args else replace(node, args=args)

    def _is_known(self, node: Node) -> bool:
        graphs = (self.right, self.wrong)
        return node.name is not None and any(graph.get(node.name) is node for graph in graphs)

    def _is_foreign(self, node: Node) -> bool:
        return node.name is not None and node.op is not GIVEN and not self._is_known(node)

    def _steps(self, name: str, upstream: Collection[str]) -> Iterator[Step]:
        if name in self.quantities.adjoints:
            yield from self._backward(name)
        elif name in self.quantities.updates:
            yield name.removesuffix("'"), name
        else:
            wrong = self._in_known_names(self.wrong[name])
            yield from ((source, name) for source in _missed(self.right[name], wrong))
            yield from (step for step in self._handed_on(name) if step[1] in upstream)

    def _handed_on(self, name: str) -> Iterator[Step]:
        """From a step's copy of a quantity to what the step does with it."""
        if self.right[name].op in PORTS:
            yield from ((name, use) for use in self._uses.get(name, ()))

    # --- backward ------------------------------------------------------------------------------

    def _backward(self, adjoint: str) -> Iterator[Step]:
        """The uses of a quantity whose contributions to its derivative differ."""
        name = self._target[adjoint]
        right, wrong = self._factors(self.right[adjoint]), self._factors(self.wrong[adjoint])
        odd = {via for via in {*right, *wrong} if right.get(via) != wrong.get(via)}
        odd = {via for via in odd if via is None or via in wrong or not self._has_vanished(via)}
        uses = self._uses.get(name, []) if odd else []
        chosen = [use for use in uses if self._contribution(use, right) in odd] or uses
        others = [use for use in uses if use not in chosen]
        for use in chosen:
            forgotten = self._contribution(use, right) not in wrong
            yield name, use
            yield from self._branch(use, others if forgotten else ())

    def _has_vanished(self, adjoint: str) -> bool:
        """Whether nothing arrives any more, further up: then what is built on it is cut short."""
        node = self.wrong[adjoint]
        while node.op is COPY:
            node = node.args[0]
        return node.value == 0

    def _factors(self, adjoint: Node) -> dict[str | None, Hashable]:
        """The local derivative of every path by the adjoint that it begins with."""
        ways = paths(self._in_known_names(adjoint), self.quantities.adjoints)
        return {way.via: _shape(way.factor) for way in ways if way.factor.value != 0}

    def _contribution(self, use: str, factors: Collection[str | None]) -> str | None:
        """The adjoint that a use contributes by; None for the loss and what is but a number."""
        via = adjoint_name(self.quantities.loss, use)
        return via if via in factors else None

    def _branch(self, name: str, others: Collection[str]) -> Iterator[Step]:
        """From a use onwards while there is one way: to where other uses of the same lead, too.

        Of a step's copy, what the step does with it.
        """
        joined = set(others).union(*map(self._reached, others))
        while others and name not in joined and self.right[name].op is not _USE:
            after = self._uses.get(name, [])
            if len(after) != 1:
                break
            yield name, after[0]
            name = after[0]
        yield from self._handed_on(name)

    # --- the graph by name ---------------------------------------------------------------------

    @cached_property
    def _target(self) -> dict[str, str]:
        loss = self.quantities.loss
        return {adjoint_name(loss, name): name for name in self.quantities.values}

    @cached_property
    def _uses(self) -> dict[str, list[str]]:
        """The quantities that are computed from each on the way to the loss."""
        found: dict[str, list[str]] = {}
        for name in _names([self.right[self.quantities.loss]]):
            for leaf in dict.fromkeys(_mentions(self.right[name])):
                found.setdefault(leaf, []).append(name)
        return found

    def _reached(self, name: str) -> set[str]:
        """All that a quantity leads to."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            for use in self._uses.get(waiting.pop(), ()):
                if use not in found:
                    found.add(use)
                    waiting.append(use)
        return found


# --- lines ----------------------------------------------------------------------------------------


def _names(roots: Iterable[Node]) -> dict[str, None]:
    """The quantities that some nodes are or depend on, arguments first."""
    return dict.fromkeys(node.name for node in topological(roots) if node.name is not None)


def _mentions(node: Node) -> Iterator[str]:
    """The names in the line of a node, as often as they stand there."""
    for arg in node.args:
        if arg.name is not None:
            yield arg.name
        else:
            yield from _mentions(arg)


def _line(node: Node) -> Hashable:
    """What a node does with the quantities in its line: equal for equal lines."""
    return node.op, node.value, tuple(map(_shape, node.args))


def _shape(node: Node) -> Hashable:
    return node.name if node.name is not None else _line(node)


def _missed(right: Node, wrong: Node) -> list[str]:
    """The quantities in a line that another takes otherwise; all, if only its numbers differ."""
    return list(dict.fromkeys(_differing(right, wrong))) or list(dict.fromkeys(_mentions(right)))


def _differing(right: Node, wrong: Node) -> Iterator[str]:
    """The names that a line has too often or not at all, else those in its parts that differ."""
    ours, theirs = Counter(_mentions(right)), Counter(_mentions(wrong))
    if right.op in _ARITHMETIC and ours != theirs:
        yield from (name for name in ours if ours[name] != theirs[name])
    elif right.op is wrong.op:
        for part, other in zip(right.args, wrong.args, strict=True):
            if _shape(part) != _shape(other):
                yield from _parts_differing(part, other)
    else:
        yield from _mentions(right)


def _parts_differing(part: Node, other: Node) -> Iterator[str]:
    if part.name is not None:
        yield part.name
    else:
        yield from _mentions(part) if other.name is not None else _differing(part, other)
