"""The right formula of a slot: as a student may write it, and the node that says it."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from operator import is_

from examgen.differentiate import adjoint_name
from examgen.graph import topological
from examgen.nodes import ADD, GIVEN, MUL, Node, constant, given, named
from examgen.notation import Symbols
from examgen.ops import OPS
from examgen.printing import PLAIN, SLOPES, define
from examgen.slots import Slot
from examgen.template import Template


def expected_formula(
    template: Template, slot: Slot, nodes: Mapping[str, Node] | None = None
) -> str:
    """The right formula as a student may write it, in the formula language.

    nodes: the quantities under a mistake; then it is the formula of who makes it.
    """
    return define(answer_node(template, slot, nodes), symbols_of(template, slot), PLAIN)


def answer_node(template: Template, slot: Slot, nodes: Mapping[str, Node] | None = None) -> Node:
    """The node whose definition answers a slot; see `expected_formula`.

    Derivatives that the slot may not speak of are written out.
    """
    quantities = template.quantities
    node = (nodes or quantities.nodes)[quantities.name(slot.quantity)]
    hidden = without_symbol(template)
    if slot.using is not None:
        hidden = set[str | None](quantities.adjoints) - set(slot.using)
    return with_wholes(written_out(node, hidden - {node.name}), template.wholes)


def without_symbol(template: Template) -> set[str | None]:
    """Derivatives that have no name in formulas.

    Where dL/dh_t is the total derivative, the message from the next step goes without one; where
    dL/dh_t is the message, the total derivative does.
    """
    quantities = template.quantities
    symbols = quantities.symbols
    states = symbols.shared if symbols.message_first else symbols.carries
    return {adjoint_name(quantities.loss, state) for state in states}


def written_out(node: Node, hidden: Collection[str | None]) -> Node:
    """The node with hidden names replaced by their definitions."""
    return _written_out(node, frozenset(hidden)) if hidden else node


@lru_cache(maxsize=512)  # a class asks for the same few nodes of its templates again and again
def _written_out(node: Node, hidden: frozenset[str | None]) -> Node:
    new: dict[Node, Node] = {}
    for part in topological([node]):
        args = tuple(new[arg] for arg in part.args)
        name = None if part.args and part.name in hidden else part.name
        new[part] = replace(part, args=args, name=name)
    return new[node]


def with_wholes(node: Node, wholes: Iterable[Iterable[str]]) -> Node:
    """The node with 1 for a sum of givens that add up to 1: p - y for (y_1 + y_2) p - y.

    wholes: the families of these givens; see `Template.wholes`.
    """
    families = frozenset(frozenset(family) for family in wholes)
    return _with_wholes(node, families) if families else node


@lru_cache(maxsize=512)
def _with_wholes(node: Node, families: frozenset[frozenset[str]]) -> Node:
    new: dict[Node, Node] = {}
    for part in topological([node]):
        own = part.name is None or part is node
        new[part] = _with_ones(part, [new[arg] for arg in part.args], families) if own else part
    return new[node]


def _with_ones(part: Node, args: Sequence[Node], families: Container[frozenset[str]]) -> Node:
    """A part over its new arguments: 1 for a whole, and no factor 1 that was one."""
    if part.name is None and _is_sum_of(part, families):
        return constant(1)
    if all(map(is_, args, part.args)):
        return part
    factors = [arg for arg in args if arg.value != 1]
    if part.op is MUL and len(factors) == 1:
        return named(factors[0], part.name) if part.name else factors[0]
    return replace(part, args=tuple(args))


def _is_sum_of(part: Node, families: Container[frozenset[str]]) -> bool:
    """Whether a node adds up the givens of a family, each once."""
    terms, waiting = [], [part]
    while waiting:
        node = waiting.pop()
        if node.op is ADD and node.name is None:
            waiting += node.args
        elif node.op is not GIVEN:
            return False
        terms += [node.name or ""] if node.op is GIVEN else []
    return len(terms) == len(set(terms)) and frozenset(terms) in families


def over_names(root: Node) -> Node:
    """What the definition of a node says as printed: every named part of it is a given.

    A slope such as sigma'(z) is printed without the value of sigma that it is computed from, so
    that value is made of the z that is printed.
    """
    new: dict[Node, Node] = {}
    for part in topological([root]):
        if part.name is not None and part is not root:
            new[part] = given(part.name)
            continue
        args = tuple(new[arg] for arg in part.args)
        if part.op.name in SLOPES:
            args = (args[0], OPS[part.op.name.removesuffix("'")](args[0]))
        new[part] = Node(part.op, args, part.value)
    return new[root]


def symbols_of(template: Template, slot: Slot) -> Symbols:
    """The symbols to print a slot with: those at step t for a formula that holds at every step."""
    symbols = template.quantities.symbols
    return symbols if slot.step is None else symbols.at_step(slot.step)


def slot_label(template: Template, slot: Slot) -> str:
    """The slot's quantity in TeX."""
    return symbols_of(template, slot).tex(template.quantities.name(slot.quantity))
