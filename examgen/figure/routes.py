"""The lines of a figure's arrows: as their author leads them, straight, or around what is there.

An arrow that would run through a vertex is bent away from it; a long one of a layered drawing takes
the simplest way that is clear: straight, in one arc, or along the places left free for it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

import numpy as np

from examgen.figure.geometry import Point, around
from examgen.figure.layers import Link
from examgen.figure.meetings import Many, crossing, distances, hits, rectangles, segments
from examgen.figure.paths import Path, arc, entering, leaving, loop, polyline, rounded
from examgen.figure.placing import Place, Placed
from examgen.figure.primitives import Outline
from examgen.figure.spacing import Grid
from examgen.sheet import Edge

CLEAR = 3.0  # points between a line and a vertex that is not its own
CLOSE = 5.0  # points between lines that are hard to tell apart
WIDE_CORNER, NARROW_CORNER = 16.0, 3.0  # points, of the long arrows of a layered drawing
BLOCKED, CROSSED, BESIDE = 1000.0, 12.0, 3.0
DETOUR = 0.2  # what an arrow that is not straight counts, against one through a vertex
DETOURS = (0.45, -0.45, 0.7, -0.7, 1.0, -1.0, 1.4, -1.4)  # rows
EMS_TO_A_ROW = 5.0


@dataclass
class _Drawn:
    """What is drawn so far: the pieces of all lines."""

    pieces: Many = field(default_factory=lambda: np.zeros((0, 4)))

    def add(self, path: Path) -> None:
        self.pieces = np.vstack([self.pieces, segments(path.points)])


def routed(
    edges: Sequence[Edge],
    where: Placed,
    shapes: Mapping[str, Outline],
    grid: Grid,
) -> tuple[list[Path], float]:
    """A path for every edge, from border to border, and what is wrong with them: how many vertices
    they run through, and a little for each that goes around something in a drawing with places."""
    router = _Router(where, shapes, grid, frozenset().union(*where.bundles(edges)))
    plain = {i: router.simple(edge) for i, edge in enumerate(edges)}
    paths = {i: path for i, path in plain.items() if path is not None}
    drawn = _Drawn()
    for path in paths.values():
        drawn.add(path)
    for i, edge in enumerate(edges):
        if i not in paths:
            paths[i] = router.best(edge, drawn)
            drawn.add(paths[i])
    blocked = sum(router.blocked(paths[i], edge) for i, edge in enumerate(edges))
    around = sum(path is None for path in plain.values()) if not where.in_em else 0
    return [paths[i] for i in range(len(edges))], blocked + DETOUR * around


class _Router:
    def __init__(
        self,
        where: Placed,
        shapes: Mapping[str, Outline],
        grid: Grid,
        bundled: Set[Link],
    ) -> None:
        self.where, self.shapes, self.grid, self.bundled = where, shapes, grid, bundled
        self.names = list(shapes)
        self.solid = rectangles((shape.bounds for shape in shapes.values()), CLEAR)

    def simple(self, edge: Edge) -> Path | None:
        """The way that there is no choice about; None where it has to be searched for."""
        start, end = self.shapes[edge.source], self.shapes[edge.target]
        if edge.source == edge.target:
            return _loop(start)
        if edge.via:
            return self._cut(rounded(self._through(edge, edge.via)), edge)
        if edge.bend:
            return self._cut(arc(_centre(start), self._lifted(edge, edge.bend), _centre(end)), edge)
        straight = self._cut(polyline((_centre(start), _centre(end))), edge)
        # Among many that cross, one that bows is harder to follow than one that grazes a neighbour.
        bundled = (edge.source, edge.target) in self.bundled
        return straight if bundled or not self.blocked(straight, edge) else None

    def best(self, edge: Edge, drawn: _Drawn) -> Path:
        """The least bad of the ways for an edge that cannot just go straight."""
        ways = [(self._cut(path, edge), taste) for path, taste in self._ways(edge)]
        return min(ways, key=lambda way: way[1] + self._trouble(way[0], edge, drawn))[0]

    def _ways(self, edge: Edge) -> Iterator[tuple[Path, float]]:
        a, b = _centre(self.shapes[edge.source]), _centre(self.shapes[edge.target])
        bends = self.where.bends.get((edge.source, edge.target), ())
        if bends:
            free = [self.grid.point(place) for place in bends]
            for keep in _simplified(free):
                yield rounded((a, *keep, b), WIDE_CORNER), 1.0 + 2.0 * len(keep)
            yield rounded((a, *free, b), NARROW_CORNER), 3.0 + 2.0 * len(free)
        unit = EMS_TO_A_ROW if self.where.in_em else 1.0
        for bend in DETOURS:
            yield arc(a, self._lifted(edge, bend * unit), b), 2.0 + 6.0 * abs(bend)

    def _trouble(self, path: Path, edge: Edge, drawn: _Drawn) -> float:
        pieces = segments(path.points)
        crossed = float(crossing(pieces, drawn.pieces).sum()) * CROSSED
        middles = (pieces[2:-2, :2] + pieces[2:-2, 2:]) / 2
        close = (distances(middles, drawn.pieces) < CLOSE).any(axis=1).sum() if len(middles) else 0
        return BLOCKED * self.blocked(path, edge) + crossed + BESIDE * float(close)

    def blocked(self, path: Path, edge: Edge) -> int:
        """How many vertices a path runs through that are not its own."""
        foreign = [name not in (edge.source, edge.target) for name in self.names]
        return int(hits(segments(path.points), self.solid[foreign]).any(axis=0).sum())

    def _cut(self, path: Path, edge: Edge) -> Path:
        start, end = self.shapes[edge.source], self.shapes[edge.target]
        return entering(leaving(path, start.contains), end.contains)

    def _through(self, edge: Edge, places: Sequence[Place]) -> tuple[Point, ...]:
        start, end = self.shapes[edge.source], self.shapes[edge.target]
        return (_centre(start), *(self.grid.point(place) for place in places), _centre(end))

    def _lifted(self, edge: Edge, bend: float) -> Point:
        """The middle of a bent edge: off the straight line to the left of its direction."""
        (ax, ay), (bx, by) = (_centre(self.shapes[name]) for name in (edge.source, edge.target))
        length = math.dist((ax, ay), (bx, by)) or 1.0
        across = -(by - ay) / length * bend * self.grid.column
        up = (bx - ax) / length * bend * self.grid.row
        return (ax + bx) / 2 + across, (ay + by) / 2 + up


def _simplified(free: Sequence[Point]) -> Iterator[tuple[Point, ...]]:
    """Fewer of the places on a long way: the outermost one, the first and last, then all."""
    bounds = around(free)
    for row in (bounds.top, bounds.bottom):
        level = [point for point in free if abs(point[1] - row) < 1.0]
        yield (level[0], level[-1]) if len(level) > 1 else (level[0],)
    yield (free[0], free[-1]) if len(free) > 1 else (free[0],)
    yield tuple(free)


def _centre(shape: Outline) -> Point:
    return shape.x, shape.y


def _loop(shape: Outline) -> Path:
    reach = max(2.0 * shape.half_height, 17.0)
    # From just inside: the border of a circle lies further in than its bounds.
    inner = shape.half_width * (0.7 if shape.kind in ("circle", "dot") else 0.98)
    path = loop(shape.x + inner, shape.y, shape.half_height, shape.half_width - inner + reach)
    return entering(leaving(path, shape.contains), shape.contains)
