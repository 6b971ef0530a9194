"""A graph along a spine: its longest way in one row, what skips in arcs above, branches below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from examgen.diagrams.wiring import Wiring
from examgen.sheet import Edge

Place = tuple[float, float]

_STUB, _ARC, _LEVEL, _BRANCH = 0.85, 1.15, 0.5, 1.5  # rows
_LONGEST = 12  # vertices of a spine that fits the line
_MOST_BRANCHES = 2


@dataclass(frozen=True)
class Spine:
    """The vertices of the longest way, the arrows that skip some of them, and chains beside it."""

    way: tuple[str, ...]
    skips: tuple[Edge, ...]
    chains: tuple[tuple[str, ...], ...]


def along_spine(wired: Wiring) -> Wiring | None:
    """The wiring with places for all; None where it is no spine with skips, or too long for one."""
    spine = _spine(wired)
    if spine is None:
        return None
    columns = {name: float(column) for column, name in enumerate(spine.way)}
    places: dict[str, Place] = {name: (column, 0.0) for name, column in columns.items()}
    edges = {(edge.source, edge.target): edge for edge in wired.edges}
    for level, skip in enumerate(_by_length(spine.skips, columns)):
        edges[skip.source, skip.target] = _arc(skip, columns, _ARC + level * _LEVEL)
    for number, chain in enumerate(spine.chains, start=1):
        _place_chain(chain, number * _BRANCH, places, edges)
    _hang(wired, spine, places, edges)
    vertices = tuple(
        replace(v, column=places[v.id][0], row=places[v.id][1]) for v in wired.vertices
    )
    return Wiring(vertices, tuple(edges.values()))


def _spine(wired: Wiring) -> Spine | None:
    solid = [v.id for v in wired.vertices if " at " not in v.id]
    links = [e for e in wired.edges if " at " not in e.source]
    states = {v.id for v in wired.vertices if v.id in solid and v.shape == "plain"}
    way = _longest(solid, links, states)
    on = {name: place for place, name in enumerate(way)}
    skips = tuple(e for e in links if e.source in on and on.get(e.target, 0) > on[e.source] + 1)
    beside = [name for name in solid if name not in on and not _hangs(name, links)]
    chains = _chains(beside, links)
    if chains is None or not (skips or way[0] in states):
        return None
    if len(way) > _LONGEST or len(chains) > _MOST_BRANCHES:
        return None
    return Spine(way, skips, chains)


def _longest(
    names: Sequence[str], links: Sequence[Edge], states: Collection[str]
) -> tuple[str, ...]:
    """The longest way through a graph; of several one from a state, or the first."""
    before: dict[str, list[str]] = defaultdict(list)
    for edge in links:
        before[edge.target].append(edge.source)
    best: dict[str, tuple[str, ...]] = {}

    def rank(found: tuple[str, ...]) -> tuple[int, bool]:
        return len(found), found[0] in states

    def way(name: str) -> tuple[str, ...]:
        if name not in best:
            ways = [way(source) for source in before[name]]
            best[name] = (*max(ways, key=rank, default=()), name)
        return best[name]

    return max(map(way, names), key=rank, default=())


def _chains(names: Sequence[str], links: Sequence[Edge]) -> tuple[tuple[str, ...], ...] | None:
    """The vertices beside the spine as chains; None where they branch among themselves."""
    inside = [(e.source, e.target) for e in links if e.source in names and e.target in names]
    after, before = dict(inside), {target: source for source, target in inside}
    if len(after) < len(inside) or len(before) < len(inside):
        return None
    chains = []
    for name in names:
        if name not in before:
            chain = [name]
            while chain[-1] in after:
                chain.append(after[chain[-1]])
            chains.append(tuple(chain))
    return tuple(chains)


def _hangs(name: str, links: Sequence[Edge]) -> bool:
    """Whether a vertex is a source with one reader: it hangs on that as parameters do."""
    fed = any(edge.target == name for edge in links)
    return not fed and sum(edge.source == name for edge in links) == 1


def _by_length(skips: Sequence[Edge], columns: Mapping[str, float]) -> list[Edge]:
    """Short arcs lie below long ones."""
    return sorted(skips, key=lambda e: columns[e.target] - columns[e.source])


def _arc(skip: Edge, columns: Mapping[str, float], height: float) -> Edge:
    start, end = columns[skip.source], columns[skip.target]
    return replace(skip, via=((start, -height), (end, -height)))


def _place_chain(
    chain: tuple[str, ...],
    row: float,
    places: dict[str, Place],
    edges: dict[tuple[str, str], Edge],
) -> None:
    """A chain in a row below, led down from where it leaves and up to where it comes back."""
    start = max((places[s][0] for s, t in edges if t == chain[0] and s in places), default=-1.0)
    end = min((places[t][0] for s, t in edges if s == chain[-1] and t in places), default=None)
    room = len(chain) + 1.0 if end is None else end - start
    step = max(0.6, min(1.0, room / (len(chain) + 1)))
    for number, name in enumerate(chain, start=1):
        places[name] = (start + number * step, row)
    for source, target in list(edges):
        if target == chain[0] and source in places and source not in chain:
            edges[source, target] = replace(edges[source, target], via=((places[source][0], row),))
        if source == chain[-1] and target in places:
            edges[source, target] = replace(edges[source, target], via=((places[target][0], row),))


def _hang(
    wired: Wiring,
    spine: Spine,
    places: dict[str, Place],
    edges: Mapping[tuple[str, str], Edge],
) -> None:
    """Parameters and late data above or below their readers, where no arrow runs."""
    hung: dict[str, list[str]] = defaultdict(list)
    for edge in wired.edges:
        if edge.source not in places:
            hung[edge.target].append(edge.source)
    arcs = {end for skip in spine.skips for end in (skip.source, skip.target)}
    lines = {
        end for e in edges.values() if e.via and e.via[0][1] > 0 for end in (e.source, e.target)
    }
    for reader, names in hung.items():
        column, row = places[reader]
        sides = _sides(reader in arcs or row > 0.0, reader in lines and row == 0.0)
        for number, name in enumerate(names):
            across, down = sides[number % len(sides)]
            places[name] = (column + across, row + down * _STUB)


def _sides(above: bool, below: bool) -> list[Place]:
    """Where something may hang on a vertex with arrows above or below it; straight ones first."""
    straight = [(0.0, -1.0)] * (not above) + [(0.0, 1.0)] * (not below)
    return [*straight, (0.45, 1.0 if not below else -1.0), (-0.45, 1.0 if not below else -1.0)]
