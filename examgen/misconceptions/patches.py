"""Rules that differ from the right ones at some nodes only: what the tables are written with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from examgen.differentiate import Flow, sum_of
from examgen.misconceptions.anatomy import Place
from examgen.misconceptions.rules import Local, Rules, Total, as_written
from examgen.nodes import Node, constant

Remade = Callable[[tuple[Node, ...]], Node]


def locally(patches: Mapping[Node, Local]) -> Rules:
    """Another local derivative at some nodes."""
    return Rules(local=patches)


def totally(patches: Mapping[Node, Total]) -> Rules:
    """What arrives at some nodes is put together otherwise."""
    return Rules(total=patches)


def keeping(choice: Callable[[Flow], bool]) -> Total:
    """The sum over some of the flows."""
    return lambda flows: sum_of(flow for flow in flows if choice(flow))


def through(places: Iterable[Place]) -> Callable[[Flow], bool]:
    """Whether a flow comes from one of these uses."""
    chosen = {(place.consumer, place.position) for place in places}
    return lambda flow: (flow.consumer, flow.position) in chosen


def besides(places: Iterable[Place]) -> Callable[[Flow], bool]:
    """Whether a flow comes from none of these uses."""
    inside = through(places)
    return lambda flow: not inside(flow)


def as_if(swap: Mapping[Node, Node]) -> Local:
    """The local derivative with other nodes in place of some arguments."""
    return lambda bar, node: node.op.vjp(bar, node, *(swap.get(arg, arg) for arg in node.args))


def only_first(part: Node, node: Node) -> tuple[Node, ...]:
    """A contribution to the first argument; the others, slopes and the like, get none."""
    return (part, *[constant(0)] * (len(node.args) - 1))


def remade(patches: Mapping[Node, Remade]) -> Rules:
    """Another forward rule at some nodes."""

    def forward(node: Node, args: tuple[Node, ...], new: Mapping[Node, Node]) -> Node:
        return patches[node](args) if node in patches else as_written(node, args, new)

    return Rules(forward=forward)


def without_operand(position: int) -> Remade:
    """A sum of two without one of them: the other one."""
    return lambda args: args[1 - position]


def replaced(edges: Mapping[Place, Node]) -> Rules:
    """Other quantities in place of some arguments, in the forward pass."""

    def forward(node: Node, args: tuple[Node, ...], new: Mapping[Node, Node]) -> Node:
        changed = list(args)
        for position in range(len(args)):
            other = edges.get(Place(node, position))
            if other is not None:
                # Parameters are what they are; of other quantities there are only earlier ones.
                changed[position] = new.get(other, other if not other.args else args[position])
        result = tuple(changed)
        return node if result == node.args else replace(node, args=result)

    return Rules(forward=forward)
