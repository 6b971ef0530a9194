"""A graph along a spine: its longest way in one row, what skips in arcs above, branches below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain as chained

from examgen.diagrams.wiring import Wiring
from examgen.sheet import Edge, Vertex

Place = tuple[float, float]
Arrows = dict[tuple[str, str], Edge]

_STUB, _BRANCH = 0.85, 1.2  # rows from the spine to what hangs on it, and to a branch
_ARC, _HIGH_ARC, _LEVEL = 0.75, 1.25, 0.45  # rows to an arc, one over stubs, and between arcs
_LEAN = 0.45  # columns by which something hangs aside
_FORK = 0.42  # columns from a source without a shape to where its lines part
_LONGEST = 13  # vertices of a spine that fits the line
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
    return _Layout(wired, spine).drawn() if spine else None


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
    if _hangs_on_nothing(wired, {*way, *chained.from_iterable(chains)}):
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


def _hangs_on_nothing(wired: Wiring, placed: Collection[str]) -> bool:
    """Whether something is read by a vertex that itself hangs on another."""
    return any(e.source not in placed and e.target not in placed for e in wired.edges)


class _Layout:
    """The places of all vertices, and the ways of the arrows that do not run straight."""

    def __init__(self, wired: Wiring, spine: Spine) -> None:
        self.wired, self.spine = wired, spine
        self.columns = {name: float(column) for column, name in enumerate(spine.way)}
        self.places: dict[str, Place] = {name: (at, 0.0) for name, at in self.columns.items()}
        self.edges: Arrows = {(edge.source, edge.target): edge for edge in wired.edges}
        self.shapes = {vertex.id: vertex.shape for vertex in wired.vertices}
        self.low = bool(spine.chains)

    def drawn(self) -> Wiring:
        """Everything at its place."""
        for number, chain in enumerate(self.spine.chains, start=1):
            self._branch(chain, number * _BRANCH)
        self._hang()
        self._arcs()
        vertices = [
            replace(v, column=self.places[v.id][0], row=self.places[v.id][1])
            for v in self.wired.vertices
        ]
        vertices += self._forks()
        return Wiring(tuple(vertices), tuple(self.edges.values()))

    # --- branches ------------------------------------------------------------------------------

    def _branch(self, chain: tuple[str, ...], row: float) -> None:
        """A chain in a row below: it leaves downwards, and comes back from below."""
        sources = [s for s, t in self.edges if t == chain[0] and s in self.columns]
        targets = [t for s, t in self.edges if s == chain[-1] and t in self.columns]
        start = max((self.columns[s] for s in sources), default=-1.0)
        end = min((self.columns[t] for t in targets), default=self._beyond(chain, start))
        step = max(0.6, min(1.0, (end - start) / (len(chain) + 1)))
        for back, name in enumerate(reversed(chain), start=1):
            self.places[name] = (end - back * step, row)
        if not sources:
            self.places[chain[0]] = (self._before(chain), row)
        for source in sources:
            self._lead(source, chain[0], self.columns[source], row)
        for target in targets:
            self._lead(chain[-1], target, self.columns[target], row)
        if len(targets) == 1 and len(self.spine.chains) == 1:
            self._lower(targets[0], chain[-1], row)

    def _beyond(self, chain: tuple[str, ...], start: float) -> float:
        """Where a chain without a target ends: a state leaves at the right of all."""
        if self.shapes[chain[-1]] == "plain":
            return len(self.spine.way) + 0.0
        return start + len(chain) + 1.0

    def _before(self, chain: tuple[str, ...]) -> float:
        """Where a chain begins that nothing leads to: before all that it leads to."""
        readers = [t for s, t in self.edges if s == chain[0] and t in self.columns]
        ends = [self.columns[t] for t in readers] + [self.places[n][0] for n in chain[1:2]]
        return max(0.0, min(ends) - 1.0)

    def _lead(self, source: str, target: str, column: float, row: float) -> None:
        edge = self.edges[source, target]
        self.edges[source, target] = replace(edge, via=((column, row),))

    def _lower(self, target: str, last: str, row: float) -> None:
        """What follows where two branches meet stands halfway between them."""
        at = int(self.columns[target])
        tail = set(self.spine.way[at:])
        if tail & {end for skip in self.spine.skips for end in (skip.source, skip.target)}:
            return
        for name in tail:
            self.places[name] = (self.columns[name], row / 2)
        self._lead(self.spine.way[at - 1], target, self.columns[target], 0.0)

    # --- what hangs ----------------------------------------------------------------------------

    def _hang(self) -> None:
        """Parameters and late data above or below their readers, where no arrow runs."""
        hung: dict[str, list[str]] = defaultdict(list)
        for edge in self.wired.edges:
            if edge.source not in self.places:
                hung[edge.target].append(edge.source)
        for reader, names in hung.items():
            column, row = self.places[reader]
            sides = self._sides(reader)
            for number, name in enumerate(names):
                across, down = sides[number % len(sides)]
                self.places[name] = (column + across, row + down * _STUB)

    def _sides(self, reader: str) -> list[Place]:
        """Where something may hang on a vertex: straight, and away from arcs where it can."""
        above, below = self._free(reader)
        upright = [(0.0, -1.0)] * above + [(0.0, 1.0)] * below
        if self.spine.skips and not self.low:
            upright.reverse()
        side = 1.0 if below or not above else -1.0
        lean = -_LEAN if any(skip.source == reader for skip in self.spine.skips) else _LEAN
        return [*upright, (lean, side), (-lean, side)] if above or below else self._aslant(lean)

    def _aslant(self, lean: float) -> list[Place]:
        return [(lean, -1.0), (-lean, -1.0)]

    def _free(self, reader: str) -> tuple[bool, bool]:
        """Whether no arrow leaves or enters above, and none below."""
        ends = {end for skip in self.spine.skips for end in (skip.source, skip.target)}
        column, row = self.places[reader]
        above, below = reader not in ends, True
        for (source, target), edge in self.edges.items():
            if edge.via and reader in (source, target) and edge.via[0][0] == column:
                above, below = above and edge.via[0][1] >= row, below and edge.via[0][1] <= row
        return above and row <= 0.0, below and not self._over_branch(reader)

    def _over_branch(self, reader: str) -> bool:
        """Whether something of a branch runs right below a vertex of the spine."""
        column, row = self.places[reader]
        if row > 0.0:
            return False
        for chain in self.spine.chains:
            spots = [self.places[name] for name in chain]
            spots += [p for (s, t), e in self.edges.items() if {s, t} & set(chain) for p in e.via]
            if min(p[0] for p in spots) <= column <= max(p[0] for p in spots):
                return True
        return False

    # --- arcs ----------------------------------------------------------------------------------

    def _arcs(self) -> None:
        """Arrows that skip, the short ones below the long ones."""
        heights: list[tuple[float, float, float]] = []
        for skip in sorted(self.spine.skips, key=self._length):
            start, end = self._start(skip.source), self.columns[skip.target]
            inner = [height for a, b, height in heights if a <= end and start <= b]
            height = max([self._least(start, end), *(h + _LEVEL for h in inner)])
            heights.append((start, end, height))
            edge = self.edges[skip.source, skip.target]
            arc = replace(edge, via=((start, -height), (end, -height)))
            self.edges[skip.source, skip.target] = arc

    def _length(self, skip: Edge) -> float:
        return self.columns[skip.target] - self.columns[skip.source]

    def _least(self, start: float, end: float) -> float:
        """How high an arc is: over what stands below it."""
        high = any(row < 0.0 and start <= column <= end for column, row in self.places.values())
        return _HIGH_ARC if high else _ARC

    # --- forks ---------------------------------------------------------------------------------

    def _forks_at(self, source: str) -> bool:
        """Whether several lines leave a source that is a name without a shape."""
        leaving = [edge for edge in self.wired.edges if edge.source == source]
        return self.shapes[source] == "plain" and source in self.columns and len(leaving) > 1

    def _start(self, source: str) -> float:
        return self.columns[source] + _FORK * self._forks_at(source)

    def _forks(self) -> list[Vertex]:
        """Dots from which the lines of such sources part."""
        found = []
        for name in filter(self._forks_at, self.spine.way):
            fork = f"{name} fork"
            column, row = self.places[name]
            found.append(Vertex(fork, "", "dot", column + _FORK, row))
            for source, target in [pair for pair in self.edges if pair[0] == name]:
                self.edges[fork, target] = replace(self.edges.pop((source, target)), source=fork)
            self.edges[name, fork] = Edge(name, fork, head=False)
        return found
