"""A layered drawing of a directed graph, left to right (Sugiyama, Tagawa and Toda, 1981).

Longest-path ranks, then barycentre ordering; the rows are those of `rows`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from examgen.figure.rows import Room, straight_rows

Link = tuple[str, str]

SWEEPS = 12


@dataclass(frozen=True)
class Layered:
    """The layers of a graph from left to right, each in its order from the top.

    chains: for every link its ends and the invisible vertices between them, one a layer.
    """

    ranks: Mapping[str, int]
    layers: Sequence[Sequence[str]]
    chains: Mapping[Link, Sequence[str]]
    after: Mapping[str, Sequence[str]]

    def rows(self, room: Room) -> dict[str, float]:
        """The row of every vertex, visible or not; `room` is what each needs above and below."""
        return straight_rows(self.layers, self.after, room)


Pins = Mapping[str, tuple[float, float]]
_FREE: Pins = {}


def layered(vertices: Sequence[str], links: Iterable[Link], pins: Pins = _FREE) -> Layered:
    """Put a graph into layers, with few crossings.

    pins: the columns and rows of some vertices. A column is the layer, or the first after it that
    the arrows allow; rows say which of those in a layer is above which.
    """
    forward = _without_cycles(vertices, list(dict.fromkeys(links)))
    ranks = _ranks(vertices, forward, pins)
    chains = {link: _chain(link, ranks) for link in forward}
    layers, neighbours = _layers(vertices, ranks, chains)
    _order(layers, neighbours, {name: row for name, (_, row) in pins.items()})
    return Layered(ranks, layers, chains, {name: sides[1] for name, sides in neighbours.items()})


def layer_ranks(vertices: Sequence[str], links: Iterable[Link]) -> dict[str, int]:
    """The rank that each vertex gets in a layered drawing, from 0."""
    return _ranks(vertices, _without_cycles(vertices, list(dict.fromkeys(links))))


def _without_cycles(vertices: Sequence[str], links: list[Link]) -> list[Link]:
    """The links less those that would close a cycle when added in the order given."""
    kept: dict[str, list[str]] = {vertex: [] for vertex in vertices}
    acyclic = []
    for source, target in links:
        if source != target and not _reaches(kept, target, source):
            kept[source].append(target)
            acyclic.append((source, target))
    return acyclic


def _reaches(links: Mapping[str, list[str]], start: str, goal: str) -> bool:
    stack, seen = [start], {start}
    while stack:
        vertex = stack.pop()
        if vertex == goal:
            return True
        fresh = [v for v in links[vertex] if v not in seen]
        seen.update(fresh)
        stack += fresh
    return False


def _ranks(vertices: Sequence[str], links: list[Link], pins: Pins = _FREE) -> dict[str, int]:
    """Longest paths from the sources; a source then moves up to just before its first reader."""
    first = min((column for column, _ in pins.values()), default=0.0)
    ranks = {v: round(pins[v][0] - min(0.0, first)) if v in pins else 0 for v in vertices}
    for _ in vertices:
        moved = [(s, t) for s, t in links if ranks[t] < ranks[s] + 1]
        if not moved:
            break
        for source, target in moved:
            ranks[target] = max(ranks[target], ranks[source] + 1)
    fed = {target for _, target in links}
    for vertex in vertices:
        readers = [ranks[t] for s, t in links if s == vertex]
        if vertex not in fed and vertex not in pins and readers:
            ranks[vertex] = min(readers) - 1
    used = {rank: place for place, rank in enumerate(sorted(set(ranks.values())))}
    return {vertex: used[rank] for vertex, rank in ranks.items()}


def _chain(link: Link, ranks: Mapping[str, int]) -> list[str]:
    """The link's ends and the invisible vertices in the ranks between them."""
    source, target = link
    between = range(ranks[source] + 1, ranks[target])
    return [source, *(f"{source}\0{target}\0{rank}" for rank in between), target]


Neighbours = dict[str, list[list[str]]]


def _layers(
    vertices: Sequence[str], ranks: Mapping[str, int], chains: Mapping[Link, list[str]]
) -> tuple[list[list[str]], Neighbours]:
    layers: list[list[str]] = [[] for _ in range(max(ranks.values(), default=0) + 1)]
    neighbours: Neighbours = defaultdict(lambda: [[], []])
    for vertex in vertices:
        layers[ranks[vertex]].append(vertex)
    for (source, _), chain in chains.items():
        for step, name in enumerate(chain[1:-1], start=1):
            layers[ranks[source] + step].append(name)
        for left, right in pairwise(chain):
            neighbours[left][1].append(right)
            neighbours[right][0].append(left)
    return layers, neighbours


def _order(layers: list[list[str]], neighbours: Neighbours, pinned: Mapping[str, float]) -> None:
    """Sort every layer by the mean place of its neighbours, to and fro; the best order stays."""
    for layer in layers:
        _keep(layer, pinned)
    best, fewest = [list(layer) for layer in layers], _crossings(layers, neighbours)
    for sweep in range(SWEEPS):
        side = sweep % 2
        sequence = range(1, len(layers)) if side == 0 else range(len(layers) - 2, -1, -1)
        for index in sequence:
            _sort_layer(
                layers[index], layers[index - 1 if side == 0 else index + 1], neighbours, side
            )
            _keep(layers[index], pinned)
        _transpose(layers, neighbours, pinned)
        crossings = _crossings(layers, neighbours)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in layers], crossings
    for layer, order in zip(layers, best, strict=True):
        layer[:] = order


def _keep(layer: list[str], pinned: Mapping[str, float]) -> None:
    """Put those with a row in the order of their rows, among the places that they have."""
    own = [place for place, name in enumerate(layer) if name in pinned]
    names = sorted((layer[place] for place in own), key=lambda name: pinned[name])
    for place, name in zip(own, names, strict=True):
        layer[place] = name


def _sort_layer(layer: list[str], fixed: list[str], neighbours: Neighbours, side: int) -> None:
    places = {name: i for i, name in enumerate(fixed)}
    own = {name: i * len(fixed) / max(1, len(layer)) for i, name in enumerate(layer)}

    def mean(name: str) -> float:
        found = [places[n] for n in neighbours[name][side]]
        return sum(found) / len(found) if found else own[name]

    layer.sort(key=mean)


def _transpose(
    layers: list[list[str]], neighbours: Neighbours, pinned: Mapping[str, float]
) -> None:
    """Swap neighbours in a layer while that takes crossings away."""
    for index, layer in enumerate(layers):
        places = [
            {name: i for i, name in enumerate(layers[j])} if 0 <= j < len(layers) else {}
            for j in (index - 1, index + 1)
        ]
        for i in range(len(layer) - 1):
            a, b = layer[i], layer[i + 1]
            free = a not in pinned or b not in pinned
            if free and _pair(a, b, places, neighbours) > _pair(b, a, places, neighbours):
                layer[i], layer[i + 1] = b, a


def _pair(upper: str, lower: str, places: list[dict[str, int]], neighbours: Neighbours) -> int:
    """The crossings between the links of two vertices, the one right above the other."""
    return sum(
        places[side][u] > places[side][v]
        for side in (0, 1)
        for u in neighbours[upper][side]
        for v in neighbours[lower][side]
    )


def _crossings(layers: list[list[str]], neighbours: Neighbours) -> int:
    total = 0
    for left, right in pairwise(layers):
        places = {name: i for i, name in enumerate(right)}
        ends = [[places[n] for n in neighbours[name][1]] for name in left]
        total += sum(u > v for i, a in enumerate(ends) for b in ends[i + 1 :] for u in a for v in b)
    return total
