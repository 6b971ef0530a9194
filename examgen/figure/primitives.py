"""What figures are made of, for any writer to draw: few primitives, in points, y up.

Greys are from 0 (black) to 1 (white); a filled primitive without a line is drawn without one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from examgen.figure.geometry import Point, Rectangle
from examgen.figure.paths import Path
from examgen.typeset import Box

LINE = 0.7  # points: every line
MARKED_LINE, HALO = 1.7, 6.0  # points: a marked line, and the broad pale one under it
MARKED_HEAD = 1.5  # of the size of other heads
HEAD_LENGTH, HEAD_WIDTH = 5.2, 3.9  # points
NOTCH = 0.7  # of a head's length: from its tip to where its shaft ends
BOX_RADIUS, FRAME_RADIUS = 2.5, 8.0  # points
WHITE, SHADE, FRAME_SHADE, BLACK = 1.0, 0.91, 0.97, 0.0


Emphasis = Literal["none", "marked", "halo"]
"""How a line is drawn: as all are; broader, for what is pointed out; broad and pale, under that."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line along a path."""

    path: Path
    dashed: bool = False
    emphasis: Emphasis = "none"


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle, filled."""

    x: float
    y: float
    radius: float
    grey: float
    emphasis: Emphasis = "none"


@dataclass(frozen=True, slots=True)
class Panel:
    """A rectangle with rounded corners, filled; a pill where the radius is half its height."""

    area: Rectangle
    radius: float
    grey: float
    emphasis: Emphasis = "none"


@dataclass(frozen=True, slots=True)
class Head:
    """A filled polygon: the tip of an arrow first."""

    corners: tuple[Point, ...]
    emphasis: Emphasis = "none"


@dataclass(frozen=True, slots=True)
class Label:
    """Set type from (x, baseline); `knocked_out` stands on its own arrow, which leaves a gap."""

    x: float
    baseline: float
    box: Box
    knocked_out: bool = False

    @property
    def bounds(self) -> Rectangle:
        """The rectangle about the ink."""
        return Rectangle(
            self.x,
            self.baseline - self.box.depth,
            self.x + self.box.width,
            self.baseline + self.box.height,
        )


Primitive = Stroke | Disc | Panel | Head | Label


@dataclass(frozen=True, slots=True)
class Outline:
    """The shape of a vertex about its centre."""

    kind: Literal["circle", "box", "pill", "plain", "dot"]
    x: float
    y: float
    half_width: float
    half_height: float
    shaded: bool = False
    marked: bool = False

    @property
    def bounds(self) -> Rectangle:
        """The rectangle about the shape."""
        return Rectangle(
            self.x - self.half_width,
            self.y - self.half_height,
            self.x + self.half_width,
            self.y + self.half_height,
        )

    def contains(self, point: Point) -> bool:
        """Whether a point is inside."""
        dx, dy = abs(point[0] - self.x), abs(point[1] - self.y)
        if self.kind in ("circle", "dot"):
            return math.hypot(dx, dy) < self.half_width
        if self.kind == "pill":
            straight = self.half_width - self.half_height
            return math.hypot(max(0.0, dx - straight), dy) < self.half_height
        return dx < self.half_width and dy < self.half_height

    @property
    def ink(self) -> Iterator[Disc | Panel]:
        """The shape itself, if it has one."""
        if self.marked:
            yield self._drawn("marked")
        elif self.kind != "plain":
            yield self._drawn("none")

    @property
    def halo(self) -> Iterator[Disc | Panel]:
        """What lies under the shape where it is marked."""
        if self.marked:
            yield self._drawn("halo")

    def _drawn(self, emphasis: Emphasis) -> Disc | Panel:
        """The shape; that of a symbol alone is a box about it."""
        grey = SHADE if self.shaded else WHITE
        if self.kind in ("circle", "dot"):
            own = BLACK if self.kind == "dot" else grey
            return Disc(self.x, self.y, self.half_width, own, emphasis)
        radius = self.half_height if self.kind == "pill" else BOX_RADIUS
        return Panel(self.bounds, radius, grey, emphasis)


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line from shape to shape; with a head, its tip is the end of the path.

    shown: what is drawn of the line, which ends at the head's notch and leaves a gap for a label.
    """

    path: Path
    shown: tuple[Path, ...]
    head: bool = True
    dashed: bool = False
    marked: bool = False

    @property
    def points(self) -> tuple[Point, ...]:
        """The whole line as a polyline."""
        return self.path.points

    def moved(self, dx: float, dy: float) -> Arrow:
        """The arrow elsewhere."""
        shown = tuple(path.moved(dx, dy) for path in self.shown)
        return replace(self, path=self.path.moved(dx, dy), shown=shown)

    @property
    def ink(self) -> Iterator[Stroke | Head]:
        """The line and its head."""
        emphasis: Emphasis = "marked" if self.marked else "none"
        yield from (Stroke(path, self.dashed, emphasis) for path in self.shown)
        if self.head:
            size = MARKED_HEAD if self.marked else 1.0
            yield head_at(self.path.end, self.shown[-1].end, size, emphasis)

    @property
    def halo(self) -> Iterator[Stroke]:
        """What lies under the line where it is marked."""
        if self.marked:
            yield from (Stroke(path, emphasis="halo") for path in self.shown)


def head_at(tip: Point, base: Point, size: float = 1.0, emphasis: Emphasis = "none") -> Head:
    """A head with a notch, its tip at a point and the notch towards its base."""
    length = math.dist(tip, base) or 1.0
    ux, uy = (tip[0] - base[0]) / length, (tip[1] - base[1]) / length

    def at(back: float, aside: float) -> Point:
        return tip[0] - ux * back - uy * aside, tip[1] - uy * back + ux * aside

    long, wing = HEAD_LENGTH * size, HEAD_WIDTH * size / 2
    return Head((tip, at(long, wing), at(NOTCH * long, 0), at(long, -wing)), emphasis)


@dataclass(frozen=True, slots=True)
class Scene:
    """A figure: its parts in painting order, and what is said to who cannot see it."""

    width: float
    height: float
    outlines: tuple[Outline, ...]
    arrows: tuple[Arrow, ...]
    labels: tuple[Label, ...]
    alternative: str
    frames: tuple[Panel, ...] = ()

    @property
    def ink(self) -> Iterator[Primitive]:
        """All that is drawn, in the order in which it is painted."""
        yield from self.frames
        for arrow in self.arrows:
            yield from arrow.halo
        for outline in self.outlines:
            yield from outline.halo
        for arrow in self.arrows:
            yield from arrow.ink
        for outline in self.outlines:
            yield from outline.ink
        yield from self.labels
