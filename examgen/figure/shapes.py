"""The outlines of vertices: how large a label makes them, and where an arrow meets them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from examgen.figure.geometry import Point, Rectangle
from examgen.sheet import Vertex
from examgen.typeset import Box, layout

MIN_RADIUS, CIRCLE_PAD = 1.15, 0.3  # em
BOX_PAD_X, BOX_PAD_Y, MIN_BOX_WIDTH, MIN_BOX_HEIGHT = 0.65, 0.45, 3.2, 2.1  # em
PLAIN_PAD, DOT_RADIUS = 0.25, 0.2  # em


@dataclass(frozen=True, slots=True)
class Outline:
    """The shape of a vertex about its centre, in points."""

    kind: Literal["circle", "box", "plain", "dot"]
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
        return dx < self.half_width and dy < self.half_height


def outline(vertex: Vertex, size: float) -> Outline:
    """The shape of a vertex about the origin, with its label set in `size` points."""
    half_width, half_height = _halves(vertex, layout(vertex.label or r"\,", size), size)
    return Outline(vertex.shape, 0.0, 0.0, half_width, half_height, vertex.shaded)


def _halves(vertex: Vertex, label: Box, em: float) -> tuple[float, float]:
    width, height = label.width / 2, max(0.0, label.height + label.depth) / 2
    if vertex.shape == "dot":
        return DOT_RADIUS * em, DOT_RADIUS * em
    if vertex.shape == "plain":
        return width + PLAIN_PAD * em, height + PLAIN_PAD * em
    if vertex.shape == "circle":
        radius = max(MIN_RADIUS * em, 0.92 * math.hypot(width, height) + CIRCLE_PAD * em)
        return radius, radius
    return (
        max(MIN_BOX_WIDTH * em / 2, width + BOX_PAD_X * em),
        max(MIN_BOX_HEIGHT * em / 2, height + BOX_PAD_Y * em),
    )


def clipped(points: Sequence[Point], start: Outline, end: Outline) -> tuple[Point, ...]:
    """A polyline between two centres, cut where it leaves the one shape and meets the other."""
    forward = _left(points, start)
    return tuple(reversed(_left(tuple(reversed(forward)), end)))


def _left(points: Sequence[Point], shape: Outline) -> tuple[Point, ...]:
    """The part of a polyline from where it first leaves the shape it starts in."""
    for i, (inner, outer) in enumerate(pairwise(points)):
        if shape.contains(inner) and not shape.contains(outer):
            return (_border(inner, outer, shape), *points[i + 1 :])
    return tuple(points)


def _border(inner: Point, outer: Point, shape: Outline) -> Point:
    """Where the segment from a point inside leaves the shape, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        point = _between(inner, outer, middle)
        low, high = (middle, high) if shape.contains(point) else (low, middle)
    return _between(inner, outer, high)


def _between(a: Point, b: Point, t: float) -> Point:
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t
