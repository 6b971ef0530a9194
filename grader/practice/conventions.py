"""Which conventions of a question matter for some of its answers.

A convention says first what it is about: symbols, a derivative, a function, or the loss. It matters
where one of these stands on the way to an answer; one that begins otherwise always matters.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from examgen.nodes import Node
from examgen.slots import Slot
from examgen.solution.expected import without_symbol
from examgen.solution.plan import Plan
from examgen.solution.products import target
from grader.practice.skills.steps import asked, copies, needs
from grader.practice.told import Told

_MATHS = re.compile(r"\$([^$]*)\$")
_SYMBOL = re.compile(
    r"(?P<by>\\partial\s*)?"
    r"(?P<head>(?:\\(?:operatorname|mathrm|text|hat|tilde|bar)\{[^}]*\}|\\[A-Za-z]+|[A-Za-z])'?)"
    r"(?:_(?:\{[^}]*\}|\w))?"
    r"(?P<copy>\^\{\()?"
)
_LOSS = re.compile(r"\b(loss|Verlust)\b")
_OF_THE_LOSS = re.compile(r"(The loss|Der Verlust)\b")
_GOES_ON = re.compile(r"[;.] (?!\$)")  # of what nobody can tell here


@dataclass(frozen=True)
class _Topic:
    """What a convention is about, or what stands on a way, by symbols without their indices.

    derivatives: what is differentiated by, or computed after that, as updates are; the copies of a
    weight that steps use matter for these only, and are among them. values: other symbols, names of
    functions among them.
    """

    values: frozenset[str] = frozenset()
    derivatives: frozenset[str] = frozenset()

    def meets(self, other: _Topic) -> bool:
        """Whether there is anything in both."""
        return bool(self.values & other.values or self.derivatives & other.derivatives)


def relevant(
    plan: Plan, slots: Sequence[Slot], told: Told, conventions: Sequence[str]
) -> tuple[str, ...]:
    """The conventions that matter for some slots, in their order; for a whole question all.

    told: what is told with the slots. conventions: prose with mathematics between dollars.
    """
    if len(slots) == len(plan.template.slots) or plan.template.planted is not None:
        return tuple(conventions)
    way = _way(plan, slots, told)
    loss = plan.symbols.tex(plan.quantities.loss)
    return tuple(one for one in conventions if _matters(one, way, loss))


# --- what a convention is about ------------------------------------------------------------------


def _matters(text: str, way: _Topic, loss: str) -> bool:
    """Whether what a convention is about stands on a way."""
    found = _symbols(text, loss)
    if begins := _MATHS.match(text):
        first = _symbols(begins[0], loss)
        about = _Topic(derivatives=found.derivatives) if first.derivatives else found
        return about == _Topic() or about.meets(way)
    goes_on = _GOES_ON.search(text) is not None
    if _OF_THE_LOSS.match(text) and goes_on:  # of what comes after the forward pass
        return loss in way.values or bool(way.derivatives)
    if _OF_THE_LOSS.match(text) or (found == _Topic(frozenset({loss})) and not goes_on):
        return loss in way.values
    return True


def _symbols(text: str, loss: str) -> _Topic:
    """All that is spoken of in mathematics, of a derivative dL/dw that is w; and L, by its name."""
    found = [one for maths in _MATHS.findall(text) for one in _SYMBOL.finditer(maths)]
    by = frozenset(one["head"] for one in found if one["by"] or one["copy"])
    values = {one["head"] for one in found if not (one["by"] or one["copy"])}
    return _Topic(frozenset(values | ({loss} if _LOSS.search(text) else set())), by)


# --- what stands on the way to answers -----------------------------------------------------------


def _way(plan: Plan, slots: Sequence[Slot], told: Told) -> _Topic:
    """All that somebody meets who works out the answers from what is given and told."""
    known = {plan.quantities.nodes[name] for name in told.values}
    for slot in told.slots:
        known |= {asked(plan, slot), *copies(asked(plan, slot))}
    nodes = {node for slot in slots for node in _met(plan, slot, known)}
    names = {node.name for node in nodes if node.name is not None}
    adjoints = names & plan.quantities.adjoints.keys()
    later = names & {*plan.quantities.updates, *plan.quantities.derived}
    by = {_head(plan, name) for name in {*map(target, adjoints), *later}}
    loss = {plan.quantities.loss for name in adjoints if _is_direct(plan, name)}
    heads = {_head(plan, name) for name in (names - adjoints) | loss}
    functions = {node.op.notation.tex for node in nodes if node.args}
    return _Topic(frozenset({*heads, *by, *functions}), frozenset(by))


def _head(plan: Plan, name: str) -> str:
    found = _SYMBOL.match(plan.symbols.tex(name))
    return found["head"] if found else ""


def _is_direct(plan: Plan, adjoint: str) -> bool:
    """Whether the loss itself is differentiated there, be it to arrive at a simple form."""
    ways = plan.ways(adjoint)
    return adjoint in plan.simple or any(way.via is None for way in ways)


def _met(plan: Plan, slot: Slot, known: Collection[Node]) -> Iterator[Node]:
    """What is worked out for a slot, and what that is made of: given, told, or spoken of."""
    waiting = [asked(plan, slot)]
    seen = set(waiting)
    while waiting:
        node = waiting.pop()
        yield node
        new = [one for one in _below(plan, slot, node) if one not in seen]
        seen.update(new)
        yield from (one for one in new if one in known)
        waiting += [one for one in new if one not in known]


def _below(plan: Plan, slot: Slot, node: Node) -> Sequence[Node]:
    """What a node is made of; formulas end with the names that they may speak of."""
    if slot.kind == "number":
        return needs(plan, node)
    hidden = without_symbol(plan.template)
    if slot.using is not None:
        hidden = set[str | None](plan.quantities.adjoints) - set(slot.using)
    first = node is asked(plan, slot)
    return node.args if first or node.name is None or node.name in hidden else ()
