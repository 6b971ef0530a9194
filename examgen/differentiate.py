"""The backward pass, as more nodes of the same graph (reverse mode).

Griewank and Walther, Evaluating Derivatives (2nd ed., SIAM 2008), chapter 3.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import add

from examgen.graph import topological
from examgen.nodes import Node, constant, named


def differentiate(loss: Node, wrt: Iterable[Node]) -> dict[Node, Node]:
    """The adjoint dL/dnode of every node in `wrt`, as nodes.

    The adjoint of a named node is named too (`dL/dh[1]`), so that it prints as itself in what is
    built upon it. Nodes that the loss does not depend on have the adjoint 0.
    """
    wanted = list(wrt)
    forward = topological([loss])
    active = _active(forward, set(wanted))
    contributions: dict[Node, list[Node]] = {node: [] for node in forward if node in active}
    contributions.setdefault(loss, []).append(constant(1))
    adjoints: dict[Node, Node] = {}
    for node in reversed(forward):
        if node in active:
            bar = _total(contributions[node])
            adjoints[node] = _named_adjoint(bar, loss, node)
            # A constant goes on as a number: a factor dL/dL = 1 helps no reader.
            bar = bar if bar.value is not None else adjoints[node]
            for arg, part in zip(node.args, node.op.vjp(bar, node, *node.args), strict=True):
                if arg in active:
                    contributions[arg].append(part)
    return {node: adjoints.get(node) or _named_adjoint(constant(0), loss, node) for node in wanted}


def _active(forward: Iterable[Node], wanted: set[Node]) -> set[Node]:
    """The nodes that depend on a wanted one."""
    active: set[Node] = set()
    for node in forward:
        if node in wanted or any(arg in active for arg in node.args):
            active.add(node)
    return active


def _total(contributions: list[Node]) -> Node:
    """The sum over all uses, the first use first."""
    return reduce(add, reversed(contributions), constant(0))


def _named_adjoint(bar: Node, loss: Node, node: Node) -> Node:
    return bar if node.name is None else named(bar, adjoint_name(loss.name, node.name))


def adjoint_name(loss: str | None, name: str) -> str:
    """How a derivative is called.

    >>> adjoint_name("L", "h[1]")
    'dL/dh[1]'
    """
    return f"d{loss or 'L'}/d{name}"
