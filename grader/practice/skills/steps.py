"""What the answer to each slot has to work out anew: the steps since what was asked before."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from examgen.nodes import CONSTANT, COPY, GIVEN, Node
from examgen.ops import PORTS
from examgen.printing import SLOPES
from examgen.slots import Part, Slot
from examgen.solution.expected import without_symbol
from examgen.solution.plan import Plan, printed_before


def own_steps(plan: Plan) -> dict[str, tuple[Node, ...]]:
    """The quantities that each slot works out itself, the slot's own first.

    Known are the numbers that were asked before, and what the part itself has worked out for them;
    of earlier parts the forward pass, too. Formulas take all values as known, and every derivative
    that they may speak of.
    """
    known = set(printed_before(plan))
    found: dict[str, tuple[Node, ...]] = {}
    for part in plan.template.parts:
        here = set(known)
        for slot in part.slots:
            steps = found[slot.id] = tuple(_steps(plan, slot, here))
            if slot.kind == "number":
                here.update((*steps, *copies(steps[0])))
                forward = (step for step in steps if step.name in plan.quantities.values)
                known.update((steps[0], *copies(steps[0]), *forward))
    return found


def work(steps: Mapping[str, tuple[Node, ...]], part: Part) -> int:
    """How many quantities a part has to work out, formulas among them. steps: those of each slot.

    That is for who is told what `grader.practice.told` has.
    """
    return len({node for slot in part.slots for node in steps[slot.id]})


def _steps(plan: Plan, slot: Slot, known: Collection[Node]) -> Iterator[Node]:
    target = asked(plan, slot)
    if slot.kind == "formula":
        return _formula_steps(plan, slot, target)
    return _number_steps(plan, target, known)


def asked(plan: Plan, slot: Slot) -> Node:
    """What a slot asks; what an author calls by another name is what it is a copy of."""
    node = plan.template.node(slot)
    while node.name in plan.quantities.derived and node.op is COPY and node.args[0].name:
        node = node.args[0]
    return node


def copies(node: Node) -> Iterator[Node]:
    """What is known with a node: all that it is a copy of."""
    while node.op is COPY and node.args[0].name is not None:
        node = node.args[0]
        yield node


def _number_steps(plan: Plan, target: Node, known: Collection[Node]) -> Iterator[Node]:
    hidden = without_symbol(plan.template) if not plan.symbols.message_first else set()
    waiting, seen = [target], {target}
    while waiting:
        node = waiting.pop()
        if node is target or is_step(node, hidden):
            yield node
        new = [arg for arg in needs(plan, node) if arg not in seen and arg not in known]
        seen.update(new)
        waiting += new


def _formula_steps(plan: Plan, slot: Slot, target: Node) -> Iterator[Node]:
    nameless = without_symbol(plan.template)
    hidden = nameless
    if slot.using is not None:
        hidden = set[str | None](plan.quantities.adjoints) - set(slot.using)
    waiting, seen = [target], {target}
    while waiting:
        node = waiting.pop()
        if node is target or is_step(node, nameless):
            yield node
        open_ = (arg for arg in node.args if arg.name is None or arg.name in hidden)
        new = [arg for arg in open_ if arg not in seen]
        seen.update(new)
        waiting += new


def needs(plan: Plan, node: Node) -> Sequence[Node]:
    """The nodes that one is computed from; where it has a simple form, those of that.

    A slope is made of the value of its function, as far as that tells it.
    """
    simple = plan.simple.get(node.name or "")
    if simple is not None:
        return [plan.quantities.nodes[name] for name in _leaves(simple.node)]
    if node.op.name in SLOPES:
        return node.args[1:]
    return node.args


def _leaves(node: Node) -> Iterator[str]:
    if node.name is not None:
        yield node.name
    for arg in node.args if node.name is None else ():
        yield from _leaves(arg)


def is_step(node: Node, hidden: Collection[str | None]) -> bool:
    """Whether a node is worked out: a quantity that is neither given nor handed on."""
    fixed = node.op is COPY and node.args[0].op in (CONSTANT, GIVEN)
    given = node.op in (GIVEN, CONSTANT, *PORTS)
    return not (node.name is None or node.name in hidden or fixed or given)
