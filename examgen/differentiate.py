"""The backward pass, as more nodes of the same graph (reverse mode).

Griewank and Walther, Evaluating Derivatives (2nd ed., SIAM 2008), chapter 3. Its two rules, how a
node hands its adjoint to its arguments and how what arrives at a node is put together, may be
replaced: so a mistake in the backward pass is a backward pass too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add

from examgen.exponentials import SOFTMAX
from examgen.graph import topological
from examgen.nodes import MUL, NEG, Node, constant, named


@dataclass(frozen=True)
class Flow:
    """What arrives at a node from one use of it: argument number `position` of `consumer`."""

    consumer: Node
    position: int
    value: Node


def chain_rule(bar: Node, node: Node) -> tuple[Node, ...]:
    """The contribution to each argument: the adjoint times the local derivative."""
    return node.op.vjp(bar, node, *node.args)


def sum_of(flows: Iterable[Flow]) -> Node:
    """What arrives over some flows together, the first one first."""
    return reduce(add, (flow.value for flow in flows), constant(0))


def all_uses(node: Node, flows: Sequence[Flow]) -> Node:
    """The adjoint of a node: the sum over all its uses."""
    return sum_of(flows)


@dataclass(frozen=True)
class Backward:
    """The rules of the backward pass; right unless said otherwise.

    local(bar, node): the contribution to each argument of a node with the adjoint `bar`.
    total(node, flows): the adjoint of a node from what arrives at it, in the order of use.
    """

    local: Callable[[Node, Node], tuple[Node, ...]] = chain_rule
    total: Callable[[Node, Sequence[Flow]], Node] = all_uses


RIGHT = Backward()


def differentiate(loss: Node, wrt: Iterable[Node], backward: Backward = RIGHT) -> dict[Node, Node]:
    """The adjoint dL/dnode of every node in `wrt`, as nodes.

    The adjoint of a named node is named too (`dL/dh[1]`), so that it prints as itself in what is
    built upon it. Nodes that the loss does not depend on have the adjoint 0.
    """
    wanted = list(wrt)
    forward = topological([loss])
    active = _active(forward, set(wanted))
    outputs = {node.args: node for node in (*forward, *wanted) if node.op is SOFTMAX}
    flows: dict[Node, list[Flow]] = {node: [] for node in forward if node in active}
    adjoints: dict[Node, Node] = {}
    for node in reversed(forward):
        if node in active:
            # Consumers come last to first here.
            bar = constant(1) if node is loss else backward.total(node, flows[node][::-1])
            adjoints[node] = _named_adjoint(bar, loss, node)
            # A constant goes on as a number: a factor dL/dL = 1 helps no reader.
            bar = bar if bar.value is not None else adjoints[node]
            parts = zip(node.args, backward.local(bar, node), strict=True)
            for position, (arg, part) in enumerate(parts):
                if arg in active:
                    flows[arg].append(Flow(node, position, _by_name(part, outputs)))
    return {node: adjoints.get(node) or _named_adjoint(constant(0), loss, node) for node in wanted}


def _by_name(part: Node, outputs: Mapping[tuple[Node, ...], Node]) -> Node:
    """A contribution over the softmax outputs that the forward pass has: p_j, not its formula."""
    if not outputs or part.name is not None:
        return part
    if part.op is SOFTMAX:
        return outputs.get(part.args, part)
    if part.op in (MUL, NEG):
        args = tuple(_by_name(arg, outputs) for arg in part.args)
        return part if args == part.args else replace(part, args=args)
    return part


def _active(forward: Iterable[Node], wanted: set[Node]) -> set[Node]:
    """The nodes that depend on a wanted one."""
    active: set[Node] = set()
    for node in forward:
        if node in wanted or any(arg in active for arg in node.args):
            active.add(node)
    return active


def _named_adjoint(bar: Node, loss: Node, node: Node) -> Node:
    return bar if node.name is None else named(bar, adjoint_name(loss.name, node.name))


def adjoint_name(loss: str | None, name: str) -> str:
    """How a derivative is called.

    >>> adjoint_name("L", "h[1]")
    'dL/dh[1]'
    """
    return f"d{loss or 'L'}/d{name}"
