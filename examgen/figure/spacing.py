"""What a column and a row of a figure measure on the page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

import numpy as np

from examgen.figure.geometry import Point, Rectangle, around
from examgen.figure.hanging import STUB
from examgen.figure.placing import Place, Placed
from examgen.figure.primitives import Outline
from examgen.figure.shapes import Extent
from examgen.sheet import Diagram, Edge

AIR = 0.8  # em between shapes that are not joined
JOINED_AIR, LABEL_AIR = 2.0, 1.6  # em of arrow between shapes that are, and beside a label on it
BELOW_AIR = 1.6  # em between shapes above one another
MARGIN = 4.0  # points left at both sides of the page
DENSE = 20  # arrows between two layers, with more of which a figure is low and wide
FLAT = 22.0  # em: its columns, so that steep arrows keep off the neighbours of their ends
LOOSER = 0.2  # of the width of uneven columns is added where there is room
STRETCHES = ((1.0, 1.0), (1.5, 1.0), (1.35, 1.35), (2.2, 1.35), (2.2, 2.2))
"""How much wider and higher a figure gets that needs more room for its labels."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A column and a row, in points; `uneven` are the widths of columns from `first` on."""

    column: float
    row: float
    first: int = 0
    uneven: tuple[float, ...] = ()

    def point(self, place: Place) -> Point:
        """A place on the page; rows run down."""
        return self._across(place[0]), -place[1] * self.row

    def _across(self, column: float) -> float:
        if not self.uneven:
            return column * self.column
        shares = _shares(self.first, len(self.uneven), self.first, column)
        beyond = column - self.first - sum(shares)
        inside = sum(share * width for share, width in zip(shares, self.uneven, strict=True))
        return inside + beyond * self.column


@dataclass(frozen=True)
class Spacing:
    """A diagram with its places, the shapes and labels in em, and how large it may be in points."""

    diagram: Diagram
    where: Placed
    shapes: Mapping[str, Outline]
    labels: Sequence[Extent]
    limits: tuple[float, float]

    def grids(self, size: float) -> Iterator[Grid]:
        """Grids to try with type of a size, the most pleasant first."""
        stretches = STRETCHES if any(width for width, _ in self.labels) else STRETCHES[:1]
        room = self._room(size)
        if self.where.in_em:
            widest = max(size, room[0])
            widths = _distinct(min(s * size, widest) for s, _ in stretches[:3])
            yield from (Grid(width, size) for width in widths)
            return
        least, pleasant = self._least(size), self._pleasant(size)
        if max(map(len, self.where.bundles(self.diagram.edges)), default=0) > DENSE:
            yield Grid(max(least[0], min(FLAT * size, room[0])), least[1])
        yield from _distinct(
            Grid(
                max(least[0], min(wider * pleasant[0], room[0])),
                max(least[1], min(higher * pleasant[1], room[1])),
            )
            for wider, higher in stretches
        )
        if least[0] > room[0]:
            yield from self._uneven(size, least[1], room)

    def _uneven(self, size: float, least_row: float, room: tuple[float, float]) -> Iterator[Grid]:
        """Columns each as wide as what is in them, where even ones are too wide for the page."""
        bounds, pleasant = self._bounds(), self._pleasant(size)
        first, count = math.floor(bounds.left), math.ceil(bounds.right) - math.floor(bounds.left)
        widths = np.full(count, 1.5 * size)
        for (a, ax), (b, bx) in combinations(sorted(self._columns(), key=lambda c: c[1]), 2):
            shares = np.array(_shares(first, count, ax, bx))
            if bx - ax > 0.2 and self._abreast(a, b):
                lacking = self._across(a, b) * size - float(shares @ widths)
                widths = widths + shares * max(0.0, lacking) / max(float((shares**2).sum()), 1e-6)
        spare = room[0] * bounds.width - float(widths.sum())
        if spare >= 0.0:
            widths = widths + min(spare, LOOSER * float(widths.sum())) / count
            row = max(least_row, min(pleasant[1], room[1]))
            yield Grid(float(widths.mean()), row, first, tuple(widths.tolist()))

    def _columns(self) -> list[tuple[str, float]]:
        return [(name, column) for name, (column, _) in self.where.places.items()]

    def _abreast(self, a: str, b: str) -> bool:
        """Whether two shapes stand so nearly in a row that they need room between them."""
        return abs(self.where.places[a][1] - self.where.places[b][1]) < 0.3

    def _pleasant(self, size: float) -> tuple[float, float]:
        edges = zip(self.diagram.edges, self.labels, strict=True)
        labelled = [edge for edge, (width, _) in edges if width]
        slanted = any(self._slanted(edge) for edge in labelled)
        columns = 12.5 if slanted else 8.5 if labelled else 7.0
        return columns * size, (7.0 if slanted else 4.8) * size

    def _slanted(self, edge: Edge) -> bool:
        if edge.via or {edge.source, edge.target} & set(self.where.hung):
            return False
        a, b = self.where.places[edge.source], self.where.places[edge.target]
        return abs(a[0] - b[0]) > 0.3 and abs(a[1] - b[1]) > 0.3

    def _room(self, size: float) -> tuple[float, float]:
        """The largest column and row with which the shapes stay on the page."""
        bounds, names = self._bounds(), self.where.places
        sides = max((self.shapes[n].half_width for n in names), default=0.0)
        ends = max((max(self._reach(n)) for n in names), default=0.0)
        return (
            (self.limits[0] - 2 * (sides * size + MARGIN)) / max(bounds.width, 1e-6),
            (self.limits[1] - 2 * (ends * size + MARGIN)) / max(bounds.height, 1e-6),
        )

    def _bounds(self) -> Rectangle:
        """The extent of the figure, in columns and rows."""
        every = [*self.where.places.values()]
        every += [place for bend in self.where.bends.values() for place in bend]
        every += [place for edge in self.diagram.edges for place in edge.via]
        for frame in self.diagram.frames:
            every += [(frame.left, frame.top), (frame.right, frame.bottom)]
        return around(every or [(0.0, 0.0)])

    def _reach(self, name: str) -> tuple[float, float]:
        """How far a vertex with all that hangs on it extends up and down from its middle."""
        half = self.shapes[name].half_height
        up = down = half
        for hung, how in self.where.hung.items():
            if how.reader == name:
                reach = half + STUB + 2 * self.shapes[hung].half_height
                up, down = max(up, reach * (how.side > 0)), max(down, reach * (how.side < 0))
        return up, down

    def _least(self, size: float) -> tuple[float, float]:
        """The least column and row at which nothing meets, and arrows and labels fit between."""
        wide, tall, oblique = 2.5, 1.5, list[tuple[float, float, float, float]]()
        for a, b in combinations(self.where.places, 2):
            (ax, ay), (bx, by) = self.where.places[a], self.where.places[b]
            dx, dy = abs(ax - bx), abs(ay - by)
            across, down = self._across(a, b), self._down(*((a, b) if ay < by else (b, a)))
            if dx > 0.2 and dy < 0.3:
                wide = max(wide, across / dx)
            elif dy > 0.2 and dx < 0.3:
                tall = max(tall, down / dy)
            elif dx and dy:
                oblique.append((across, dx, down, dy))
        widest = self._room(size)[0] / size
        # They need room in one direction only; where columns are uneven, they have it in theirs.
        for across, dx, down, dy in oblique if wide <= widest else ():
            if tall * dy < down and wide * dx < across:
                wide, tall = (across / dx, tall) if across / dx <= widest else (wide, down / dy)
        return wide * size, tall * size

    def _across(self, a: str, b: str) -> float:
        """How far apart the middles of two shapes in a row must be."""
        air = AIR
        for edge, (width, _) in zip(self.diagram.edges, self.labels, strict=True):
            if {edge.source, edge.target} == {a, b}:
                air = max(JOINED_AIR, width + LABEL_AIR if width else 0.0)
        return self.shapes[a].half_width + self.shapes[b].half_width + air

    def _down(self, upper: str, lower: str) -> float:
        """How far apart the middles of two shapes above one another must be."""
        joined = any({e.source, e.target} == {upper, lower} for e in self.diagram.edges)
        air = BELOW_AIR if joined else AIR
        return self._reach(upper)[1] + self._reach(lower)[0] + air


def _shares(first: int, count: int, start: float, end: float) -> list[float]:
    """How much of each of so many columns from `first` on lies between two places."""
    columns = range(first, first + count)
    return [max(0.0, min(end, c + 1) - max(start, c)) for c in columns]


_Value = TypeVar("_Value")


def _distinct(values: Iterable[_Value]) -> Iterator[_Value]:
    return iter(dict.fromkeys(values))
