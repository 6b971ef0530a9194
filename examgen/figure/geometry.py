"""Points, polylines and rectangles in the plane, in points of the page; y runs up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rectangle:
    """An upright rectangle by its edges."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Its extent to the right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Its extent upwards."""
        return self.top - self.bottom

    def overlap(self, other: Rectangle) -> float:
        """The area that two rectangles share."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.top, other.top) - max(self.bottom, other.bottom)
        return max(0.0, width) * max(0.0, height)

    def grown(self, by: float) -> Rectangle:
        """The rectangle with every edge moved outwards."""
        return Rectangle(self.left - by, self.bottom - by, self.right + by, self.top + by)

    def moved(self, dx: float, dy: float) -> Rectangle:
        """The rectangle elsewhere."""
        return Rectangle(self.left + dx, self.bottom + dy, self.right + dx, self.top + dy)

    def contains(self, point: Point) -> bool:
        """Whether a point is inside, not on the border."""
        return self.left < point[0] < self.right and self.bottom < point[1] < self.top


def about(x: float, y: float, width: float, height: float) -> Rectangle:
    """The rectangle about a middle."""
    return Rectangle(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def around(points: Sequence[Point]) -> Rectangle:
    """The least rectangle about points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Rectangle(min(xs), min(ys), max(xs), max(ys))


def towards(start: Point, end: Point, by: float) -> Point:
    """The point so far from the start on the way to the end."""
    length = math.dist(start, end) or 1.0
    share = by / length
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
