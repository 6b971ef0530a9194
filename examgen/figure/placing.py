"""Places of a diagram's vertices: its own where all have one, else a layered drawing's, in which
those that some have are wishes.

Columns run to the right and rows down, as in a table. A parameter (a `plain` vertex that nothing
feeds) without a place hangs as a short stub above or below its one reader, and so does any other
source that is first read where the drawing is well under way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from examgen.figure.columns import Columns
from examgen.figure.geometry import Point
from examgen.figure.hanging import STUB, Hanger, Hung, Split, by_reader
from examgen.figure.layers import Layered, Link, layer_ranks, layered
from examgen.figure.primitives import Outline
from examgen.figure.shapes import Extent
from examgen.sheet import Diagram, Edge, Vertex

Place = Point  # (column, row)

FAN = 0.9  # em more above and below the ends of several labelled arrows that cross others
TYPICAL = (10.0, 6.0)  # em: about what a column and a row of given places will measure
PLEASANT, TIGHT = 1.5, 0.8  # em between the rows of a layered drawing
WAYS = ((PLEASANT, False), (TIGHT, False), (TIGHT, True))  # and whether arrows that pass need room


@dataclass(frozen=True)
class Placed:
    """(column, row) of every vertex that does not hang, and what the long edges run through.

    in_em: whether places are counted in em, as those of a layered drawing are.
    """

    places: Mapping[str, Place]
    hung: Mapping[str, Hung]
    bends: Mapping[Link, tuple[Place, ...]]
    in_em: bool = False

    def bundles(self, edges: Sequence[Edge]) -> list[set[Link]]:
        """The arrows between columns next to each other, where each of one feeds each of the next:
        the layers of a network."""
        columns = sorted({column for column, _ in self.places.values()})
        following = set(pairwise(columns))
        found: dict[tuple[float, float], set[Link]] = {}
        for edge in edges if not self.in_em else ():
            if {edge.source, edge.target} <= self.places.keys():
                ends = self.places[edge.source][0], self.places[edge.target][0]
                found.setdefault(ends, set()).add((edge.source, edge.target))
        return [links for ends, links in found.items() if ends in following and _complete(links)]


def _complete(links: set[Link]) -> bool:
    """Whether there are several at either end, and each of them is linked with each."""
    sources, targets = ({link[end] for link in links} for end in (0, 1))
    return min(len(sources), len(targets)) > 1 and len(links) == len(sources) * len(targets)


def placements(
    bare: Diagram, shapes: Mapping[str, Outline], labels: Sequence[Extent]
) -> Iterator[Placed]:
    """Places for all vertices, the most pleasant ones first; shapes and labels in em."""
    readers = _parameters(bare)
    fixed = {v.id: _fixed(v) for v in bare.vertices if v.id not in readers}
    known = {name: place for name, place in fixed.items() if place is not None}
    if len(known) < len(fixed):
        yield from _layered(bare, readers, known, shapes, labels)
        return
    lines = [_line(edge, known) for edge in bare.edges if edge.source not in readers]
    hanger = Hanger(readers, shapes, known, lines, TYPICAL)
    yield Placed(known, hanger.hung(hanger.splits()), {})


def _fixed(vertex: Vertex) -> Place | None:
    if vertex.column is None or vertex.row is None:
        return None
    return vertex.column, vertex.row


def _line(edge: Edge, places: Mapping[str, Place]) -> tuple[Place, ...]:
    """About where an edge of a placed diagram will run."""
    (ax, ay), (bx, by) = places[edge.source], places[edge.target]
    if not edge.bend:
        return (ax, ay), *edge.via, (bx, by)
    length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5 or 1.0
    across, down = edge.bend * (by - ay) / length, -edge.bend * (bx - ax) / length
    handles = [(ax + (bx - ax) * t + across, ay + (by - ay) * t + down) for t in (0.25, 0.75)]
    return (ax, ay), *handles, (bx, by)


def _parameters(diagram: Diagram) -> dict[str, str]:
    """Parameters without a place, each with the vertex that reads it."""
    readers = _readers(diagram)
    fed = {edge.target for edge in diagram.edges}
    return {
        v.id: readers[v.id][0]
        for v in diagram.vertices
        if v.shape == "plain"
        and _fixed(v) is None
        and v.id not in fed
        and len(readers.get(v.id, ())) == 1
    }


def _readers(diagram: Diagram) -> dict[str, list[str]]:
    readers: dict[str, list[str]] = {}
    for edge in diagram.edges:
        readers.setdefault(edge.source, []).append(edge.target)
    return readers


def _late_sources(
    diagram: Diagram, hung: Mapping[str, str], pinned: Collection[str]
) -> dict[str, str]:
    """Other sources with one reader that is not among the first to read anything."""
    readers = _readers(diagram)
    fed = {edge.target for edge in diagram.edges}
    names, links = _without(diagram, hung)
    ranks = layer_ranks(names, links)
    return {
        name: readers[name][0]
        for name in names
        if name not in fed
        and name not in pinned
        and len(readers.get(name, ())) == 1
        and ranks[readers[name][0]] > 1
    }


def _without(diagram: Diagram, hung: Mapping[str, str]) -> tuple[list[str], list[Link]]:
    names = [v.id for v in diagram.vertices if v.id not in hung]
    links = [(e.source, e.target) for e in diagram.edges if e.source not in hung]
    return names, links


def _layered(
    diagram: Diagram,
    parameters: Mapping[str, str],
    pins: Mapping[str, Place],
    shapes: Mapping[str, Outline],
    labels: Sequence[Extent],
) -> Iterator[Placed]:
    readers = {**parameters, **_late_sources(diagram, parameters, pins)}
    names, links = _without(diagram, readers)
    widths = {(e.source, e.target): w for e, (w, _) in zip(diagram.edges, labels, strict=True)}
    order = layered(names, links, pins)
    splits: Mapping[str, Split] = {}
    fans: set[str] = set()
    for gap, passing in WAYS:
        spread = Columns(order, shapes, widths, tight=gap < PLEASANT)
        if not splits:
            fans = {end for link in spread.fans() for end in link}
            rows = order.rows(_room(shapes, {}, gap, fans))
            splits = Hanger(readers, shapes, *_drawn(order, rows, spread.columns(rows))).splits()
        rows = order.rows(_room(shapes, _above_below(readers, shapes, splits), gap, fans))
        places, lines = _drawn(order, rows, spread.columns(rows))
        hung = Hanger(readers, shapes, places, lines).hung(splits)
        places, lines = _drawn(order, rows, spread.widened(rows, hung, passing=passing))
        bends = {link: line[1:-1] for link, line in zip(order.chains, lines, strict=True)}
        yield Placed({n: places[n] for n in names}, hung, bends, in_em=True)


def _drawn(
    order: Layered, rows: Mapping[str, float], across: Sequence[float]
) -> tuple[dict[str, Place], list[tuple[Place, ...]]]:
    """Places of real and invisible vertices, and the lines along them, in em."""
    places = {
        name: (across[rank], rows[name])
        for rank, layer in enumerate(order.layers)
        for name in layer
    }
    return places, [tuple(places[n] for n in chain) for chain in order.chains.values()]


def _above_below(
    readers: Mapping[str, str], shapes: Mapping[str, Outline], splits: Mapping[str, Split]
) -> dict[str, tuple[float, float]]:
    """The height of the stubs above and below each reader."""
    found = {}
    for reader, names in by_reader(readers).items():
        tall = STUB + 2 * max(shapes[name].half_height for name in names)
        above, below = splits[reader]
        found[reader] = (tall * bool(above), tall * bool(below))
    return found


def _room(
    shapes: Mapping[str, Outline],
    stubs: Mapping[str, tuple[float, float]],
    gap: float,
    fans: Collection[str],
) -> dict[str, tuple[float, float]]:
    """What each vertex needs above and below its middle."""
    room = {}
    for name, shape in shapes.items():
        above, below = stubs.get(name, (0.0, 0.0))
        half = shape.half_height + gap / 2 + FAN * (name in fans)
        room[name] = (half + above, half + below)
    return room
