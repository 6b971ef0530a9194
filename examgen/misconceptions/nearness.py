"""How far from the loss the nodes of a graph are, and which of many a sentence names."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from examgen.misconceptions.anatomy import Anatomy
from examgen.misconceptions.table import MOST_NAMES
from examgen.nodes import Node


def depths(anatomy: Anatomy, counts: Callable[[Node], bool] = lambda node: True) -> dict[Node, int]:
    """How many ops the loss is away from each node, along the longest path; of those that count."""
    found: dict[Node, int] = {}
    for node in reversed(anatomy.order):
        above = [found[place.consumer] for place in anatomy.places[node]]
        found[node] = counts(node) + max(above, default=0)
    return found


def as_told(anatomy: Anatomy, nodes: Sequence[Node]) -> Sequence[Node]:
    """The places of a mistake on the way back, in the order in which a sentence lists them.

    Of more than it lists, the first are those the fewest quantities away from the loss: whatever
    derivative is wrong, the way to it begins there.
    """
    if len(nodes) <= MOST_NAMES:
        return nodes
    return sorted(nodes, key=depths(anatomy, lambda node: node.name is not None).__getitem__)
