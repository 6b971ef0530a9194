"""Points, polylines and rectangles in the plane, in points of the page; y runs up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rectangle:
    """An upright rectangle by its edges."""

    left: float
    bottom: float
    right: float
    top: float

    def overlap(self, other: Rectangle) -> float:
        """The area that two rectangles share."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.top, other.top) - max(self.bottom, other.bottom)
        return max(0.0, width) * max(0.0, height)

    def meets(self, other: Rectangle) -> bool:
        """Whether two rectangles have a point in common."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.bottom <= other.top
            and other.bottom <= self.top
        )

    def grown(self, by: float) -> Rectangle:
        """The rectangle with every edge moved outwards."""
        return Rectangle(self.left - by, self.bottom - by, self.right + by, self.top + by)

    def touches(self, a: Point, b: Point) -> bool:
        """Whether the segment from a to b enters the rectangle (Liang and Barsky, 1984)."""
        low, high = 0.0, 1.0
        dx, dy = b[0] - a[0], b[1] - a[1]
        for p, q in (
            (-dx, a[0] - self.left),
            (dx, self.right - a[0]),
            (-dy, a[1] - self.bottom),
            (dy, self.top - a[1]),
        ):
            if p == 0.0:
                if q < 0.0:
                    return False
            elif p < 0.0:
                low = max(low, q / p)
            else:
                high = min(high, q / p)
        return low <= high


def around(points: Sequence[Point]) -> Rectangle:
    """The least rectangle about points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Rectangle(min(xs), min(ys), max(xs), max(ys))


def along(points: Sequence[Point], share: float) -> tuple[Point, Point]:
    """The point at a share of a polyline's length, and the unit direction there."""
    lengths = [math.dist(a, b) for a, b in pairwise(points)]
    left = share * sum(lengths)
    for a, b, length in zip(points, points[1:], lengths, strict=False):
        if left <= length and length > 0.0:
            unit = ((b[0] - a[0]) / length, (b[1] - a[1]) / length)
            return (a[0] + unit[0] * left, a[1] + unit[1] * left), unit
        left -= length
    return points[-1], (1.0, 0.0)


def length_of(points: Sequence[Point]) -> float:
    """The length of a polyline."""
    return sum(math.dist(a, b) for a, b in pairwise(points))


def arc(start: Point, middle: Point, end: Point, steps: int = 24) -> tuple[Point, ...]:
    """A curve that leaves steeply, runs through the middle, and comes down again."""
    # The cubic with both handles over 4/3 of the lift passes through `middle` at one half.
    chord = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    lift = ((middle[0] - chord[0]) * 4 / 3, (middle[1] - chord[1]) * 4 / 3)
    ahead = ((end[0] - start[0]) * 0.18, (end[1] - start[1]) * 0.18)
    one = (start[0] + lift[0] + ahead[0], start[1] + lift[1] + ahead[1])
    two = (end[0] + lift[0] - ahead[0], end[1] + lift[1] - ahead[1])
    return tuple(_cubic(start, one, two, end, i / steps) for i in range(steps + 1))


def loop(centre: Point, radius: float, steps: int = 24) -> tuple[Point, ...]:
    """A curve from a centre out to the right and back, for an arrow from a shape to itself."""
    x, y = centre
    one, two = (x + 4 * radius, y + 2.4 * radius), (x + 4 * radius, y - 2.4 * radius)
    return tuple(_cubic(centre, one, two, centre, i / steps) for i in range(steps + 1))


def _cubic(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    s = 1.0 - t
    w = (s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t)
    return (
        w[0] * a[0] + w[1] * b[0] + w[2] * c[0] + w[3] * d[0],
        w[0] * a[1] + w[1] * b[1] + w[2] * c[1] + w[3] * d[1],
    )


def rounded(points: Sequence[Point], radius: float = 12.0) -> tuple[Point, ...]:
    """A polyline with its corners rounded off."""
    smooth: list[Point] = [points[0]]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        a = _towards(corner, before, min(radius, math.dist(corner, before) / 2))
        b = _towards(corner, after, min(radius, math.dist(corner, after) / 2))
        smooth += [_cubic(a, corner, corner, b, i / 6) for i in range(7)]
    return (*smooth, points[-1])


def _towards(start: Point, end: Point, by: float) -> Point:
    length = math.dist(start, end) or 1.0
    share = by / length
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)


def shortened(points: Sequence[Point], by: float) -> tuple[Point, ...]:
    """A polyline with so much cut off its end."""
    kept = list(points)
    while len(kept) > 2 and math.dist(kept[-1], kept[-2]) <= by:
        by -= math.dist(kept[-1], kept[-2])
        kept.pop()
    kept[-1] = _towards(kept[-1], kept[-2], by)
    return tuple(kept)
