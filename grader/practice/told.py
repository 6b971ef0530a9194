"""What somebody has to be told who is asked one part of a question without those before it.

That is what the earlier parts would have left on the paper: the numbers that they ask, and values
of the forward pass that they work out on the way, each only if the part asked goes on from it. The
derivatives on the way are not told: to go back to them is what such a part trains.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from examgen.nodes import Node
from examgen.slots import Slot
from examgen.solution.expected import without_symbol
from examgen.solution.plan import Plan, printed_before
from grader.practice.skills.steps import asked, copies, is_step, needs


@dataclass(frozen=True)
class Told:
    """slots: those whose numbers are told, in paper order. values: names of other quantities."""

    slots: tuple[Slot, ...]
    values: tuple[str, ...]


def told(plan: Plan, slots: Sequence[Slot]) -> Told:
    """What is told with some slots of a question. Formulas take no numbers; nothing for them.

    Of a working with a wrong line all that was found out of it is told.
    """
    before = _Before(plan, slots)
    found = list(_met(plan, slots, before))
    names = {node.name for node in found}
    whole = plan.template.planted is not None
    return Told(
        tuple(one for node, one in before.numbers if whole or node in found),
        tuple(
            name
            for name in plan.quantities.values
            if name in names and plan.quantities.nodes[name] not in before.slots
        ),
    )


class _Before:
    """What the slots before some have worked out."""

    def __init__(self, plan: Plan, slots: Sequence[Slot]) -> None:
        self.plan = plan
        ids = {slot.id for slot in slots}
        self.numbers = [
            (asked(plan, slot), slot)
            for slot in _until(plan.template.slots, ids)
            if slot.kind == "number"
        ]

    @cached_property
    def slots(self) -> Mapping[Node, Slot]:
        """The slots by what they ask, and by what this is a copy of."""
        found: dict[Node, Slot] = {}
        for node, slot in self.numbers:
            found.setdefault(node, slot)
        for node, slot in self.numbers:
            for one in copies(node):
                found.setdefault(one, slot)
        return found

    @cached_property
    def values(self) -> frozenset[Node]:
        """The values of the forward pass on the way to them."""
        hidden = without_symbol(self.plan.template)
        nodes = _walk(self.plan, [node for node, _ in self.numbers])
        values = self.plan.quantities.values
        return frozenset(node for node in nodes if node.name in values and is_step(node, hidden))


def _until(slots: Sequence[Slot], ids: set[str]) -> Iterator[Slot]:
    """The slots before the first of some."""
    for slot in slots:
        if slot.id in ids:
            return
        yield slot


def _walk(plan: Plan, roots: Sequence[Node]) -> set[Node]:
    """Some nodes and all that they are computed from."""
    found, waiting = set(roots), list(roots)
    while waiting:
        new = [node for node in needs(plan, waiting.pop()) if node not in found]
        found.update(new)
        waiting += new
    return found


def _met(plan: Plan, slots: Sequence[Slot], before: _Before) -> Iterator[Node]:
    """Where the ways back from some slots meet what is known: there they end."""
    roots = [asked(plan, slot) for slot in slots if slot.kind == "number"]
    seen = {*roots, *printed_before(plan)}
    waiting = list(roots)
    while waiting:
        for node in needs(plan, waiting.pop()):
            if node in seen:
                continue
            seen.add(node)
            if node in before.slots:
                yield from (one for one, slot in before.numbers if slot is before.slots[node])
            elif node in before.values:
                yield node
            else:
                waiting.append(node)
