"""What figures are made of, for any writer to draw: few primitives, in points, y up.

Greys are from 0 (black) to 1 (white); a filled primitive without a line is drawn without one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from examgen.figure.geometry import Point, Rectangle
from examgen.figure.paths import Path
from examgen.typeset import Box

LINE = 0.7  # points: every line
HEAD_LENGTH, HEAD_WIDTH = 5.2, 3.9  # points
NOTCH = 0.7  # of a head's length: from its tip to where its shaft ends
BOX_RADIUS, FRAME_RADIUS = 2.5, 8.0  # points
WHITE, SHADE, FRAME_SHADE, BLACK = 1.0, 0.91, 0.97, 0.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line along a path."""

    path: Path
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle, filled."""

    x: float
    y: float
    radius: float
    grey: float


@dataclass(frozen=True, slots=True)
class Panel:
    """A rectangle with rounded corners, filled; a pill where the radius is half its height."""

    area: Rectangle
    radius: float
    grey: float


@dataclass(frozen=True, slots=True)
class Head:
    """A filled polygon: the tip of an arrow first."""

    corners: tuple[Point, ...]


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
        grey = SHADE if self.shaded else WHITE
        if self.kind in ("circle", "dot"):
            yield Disc(self.x, self.y, self.half_width, BLACK if self.kind == "dot" else grey)
        elif self.kind != "plain":
            radius = self.half_height if self.kind == "pill" else BOX_RADIUS
            yield Panel(self.bounds, radius, grey)


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line from shape to shape; with a head, its tip is the end of the path.

    shown: what is drawn of the line, which ends at the head's notch and leaves a gap for a label.
    """

    path: Path
    shown: tuple[Path, ...]
    head: bool = True
    dashed: bool = False

    @property
    def points(self) -> tuple[Point, ...]:
        """The whole line as a polyline."""
        return self.path.points

    def moved(self, dx: float, dy: float) -> Arrow:
        """The arrow elsewhere."""
        shown = tuple(path.moved(dx, dy) for path in self.shown)
        return Arrow(self.path.moved(dx, dy), shown, self.head, self.dashed)

    @property
    def ink(self) -> Iterator[Stroke | Head]:
        """The line and its head."""
        yield from (Stroke(path, self.dashed) for path in self.shown)
        if self.head:
            yield head_at(self.path.end, self.shown[-1].end)


def head_at(tip: Point, base: Point) -> Head:
    """A head with a notch, its tip at a point and the notch towards its base."""
    length = math.dist(tip, base) or 1.0
    ux, uy = (tip[0] - base[0]) / length, (tip[1] - base[1]) / length

    def at(back: float, aside: float) -> Point:
        return tip[0] - ux * back - uy * aside, tip[1] - uy * back + ux * aside

    wing = HEAD_WIDTH / 2
    return Head((tip, at(HEAD_LENGTH, wing), at(NOTCH * HEAD_LENGTH, 0), at(HEAD_LENGTH, -wing)))


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
            yield from arrow.ink
        for outline in self.outlines:
            yield from outline.ink
        yield from self.labels
