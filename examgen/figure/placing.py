"""Grid places of a diagram's vertices: its own where it has them, else a layered drawing's.

Columns run to the right and rows down, as in a table. A parameter (a `plain` vertex that nothing
feeds) without a place hangs as a short stub above or below its one reader, and so does any other
source that is first read where the drawing is well under way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from examgen.figure.layers import Link, layer_ranks, layered
from examgen.sheet import Diagram, Edge, Vertex

STUB = 0.8  # rows from a reader to the parameter that hangs on it
SPREAD = 0.42  # columns between parameters that hang on the same side

Place = tuple[float, float]


@dataclass(frozen=True)
class Placed:
    """(column, row) of every vertex, and what the long edges run through."""

    places: Mapping[str, Place]
    bends: Mapping[Link, tuple[Place, ...]]


def placed(diagram: Diagram) -> Placed:
    """Places for all vertices of a diagram."""
    hung = _parameters(diagram)
    fixed = {v.id: _fixed(v) for v in diagram.vertices if v.id not in hung}
    known = {name: place for name, place in fixed.items() if place is not None}
    if len(known) == len(fixed):
        sides = _sides(hung, known, diagram.edges)
        return Placed({**known, **_stubs(hung, known, sides)}, {})
    return _layered(diagram, hung)


def _fixed(vertex: Vertex) -> Place | None:
    if vertex.column is None or vertex.row is None:
        return None
    return vertex.column, vertex.row


def _parameters(diagram: Diagram) -> dict[str, str]:
    """Parameters without a place, each with the vertex that reads it."""
    readers = _readers(diagram)
    fed = {edge.target for edge in diagram.edges}
    return {
        v.id: readers[v.id][0]
        for v in diagram.vertices
        if v.shape == "plain" and _fixed(v) is None and v.id not in fed and len(readers[v.id]) == 1
    }


def _readers(diagram: Diagram) -> dict[str, list[str]]:
    readers: dict[str, list[str]] = defaultdict(list)
    for edge in diagram.edges:
        readers[edge.source].append(edge.target)
    return readers


def _late_sources(diagram: Diagram, hung: Mapping[str, str]) -> dict[str, str]:
    """Other sources with one reader that is not among the first to read anything."""
    readers = _readers(diagram)
    fed = {edge.target for edge in diagram.edges}
    names, links = _without(diagram, hung)
    ranks = layer_ranks(names, links)
    return {
        name: readers[name][0]
        for name in names
        if name not in fed and len(readers[name]) == 1 and ranks[readers[name][0]] > 1
    }


def _without(diagram: Diagram, hung: Mapping[str, str]) -> tuple[list[str], list[Link]]:
    names = [v.id for v in diagram.vertices if v.id not in hung]
    links = [(e.source, e.target) for e in diagram.edges if e.source not in hung]
    return names, links


def _layered(diagram: Diagram, parameters: Mapping[str, str]) -> Placed:
    hung = {**parameters, **_late_sources(diagram, parameters)}
    names, links = _without(diagram, hung)
    bare = layered(names, links)
    sides = _sides(hung, {name: (float(bare.ranks[name]), bare.rows[name]) for name in names})
    drawn = layered(names, links, _room(hung, sides))
    places = {name: (float(drawn.ranks[name]), drawn.rows[name]) for name in names}
    return Placed({**places, **_stubs(hung, places, sides)}, drawn.bends)


def _sides(
    hung: Mapping[str, str], places: Mapping[str, Place], edges: Sequence[Edge] = ()
) -> dict[str, int]:
    """Above (-1) or below (+1) the reader: outwards, and by turns where several share it."""
    sides: dict[str, int] = {}
    taken: dict[str, int] = defaultdict(int)
    for name, reader in hung.items():
        rows = [row for column, row in places.values() if column == places[reader][0]]
        outwards = 1 if places[reader][1] > (min(rows) + max(rows)) / 2 + 1e-6 else -1
        outwards = _clear_of_bends(reader, places, edges) or outwards
        sides[name] = outwards * (-1) ** taken[reader]
        taken[reader] += 1
    return sides


def _clear_of_bends(reader: str, places: Mapping[str, Place], edges: Sequence[Edge]) -> int:
    """The side away from a bent edge that passes over or under a vertex; 0 if none does."""
    column = places[reader][0]
    for edge in edges:
        if edge.bend and edge.source in places and edge.target in places:
            start, end = places[edge.source][0], places[edge.target][0]
            if min(start, end) < column <= max(start, end):
                return 1 if edge.bend * (end - start) > 0 else -1
    return 0


def _room(hung: Mapping[str, str], sides: Mapping[str, int]) -> dict[str, tuple[float, float]]:
    room: dict[str, tuple[float, float]] = {}
    for name, reader in hung.items():
        above, below = room.get(reader, (0.5, 0.5))
        room[reader] = (0.5 + STUB, below) if sides[name] < 0 else (above, 0.5 + STUB)
    return room


def _stubs(
    hung: Mapping[str, str], places: Mapping[str, Place], sides: Mapping[str, int]
) -> dict[str, Place]:
    groups: dict[tuple[str, int], list[str]] = defaultdict(list)
    for name, reader in hung.items():
        groups[reader, sides[name]].append(name)
    stubs = {}
    for (reader, side), names in groups.items():
        column, row = places[reader]
        for i, name in enumerate(names):
            offset = (i - (len(names) - 1) / 2) * SPREAD
            stubs[name] = (column + offset, row + side * STUB)
    return stubs
