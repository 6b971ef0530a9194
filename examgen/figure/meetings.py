"""What meets what: many segments and many rectangles at once.

Segments are arrays of shape (n, 4), from (x, y) to (x, y); so are rectangles: left, bottom, right,
top.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from examgen.figure.geometry import Point, Rectangle

Many = NDArray[np.float64]
Table = NDArray[np.bool_]


def segments(points: Sequence[Point]) -> Many:
    """The pieces of a polyline, (len(points) - 1, 4)."""
    ends = np.asarray(points, dtype=float)
    return np.hstack([ends[:-1], ends[1:]])


def rectangles(areas: Iterable[Rectangle], grown: float = 0.0) -> Many:
    """Rectangles as rows, each edge moved outwards."""
    rows = [(a.left - grown, a.bottom - grown, a.right + grown, a.top + grown) for a in areas]
    return np.asarray(rows, dtype=float).reshape(-1, 4)


def overlapping(one: Many, other: Many) -> Table:
    """Which rectangles share area with which, (len(one), len(other))."""
    return (
        (one[:, None, 0] < other[None, :, 2])
        & (other[None, :, 0] < one[:, None, 2])
        & (one[:, None, 1] < other[None, :, 3])
        & (other[None, :, 1] < one[:, None, 3])
    )


def hits(lines: Many, areas: Many) -> Table:
    """Which segments enter which rectangles, (len(lines), len(areas)) (Liang and Barsky, 1984)."""
    enters: float | Many = 0.0
    leaves: float | Many = 1.0
    for axis in (0, 1):  # numpy takes several times as long over a last axis of two
        start, step = lines[:, axis, None], (lines[:, axis + 2] - lines[:, axis])[:, None]
        step = np.where(step == 0.0, 1e-12, step)
        near, far = (areas[:, axis] - start) / step, (areas[:, axis + 2] - start) / step
        enters = np.maximum(enters, np.minimum(near, far))
        leaves = np.minimum(leaves, np.maximum(near, far))
    found: Table = np.less(enters, leaves)
    return found


def crossing(one: Many, other: Many) -> Table:
    """Which segments properly cross which, (len(one), len(other))."""
    return (_sides(one, other) < 0.0) & (_sides(other, one).T < 0.0)


def _sides(lines: Many, others: Many) -> Many:
    """The product of the sides of each line on which the ends of each other one lie."""
    x, y = lines[:, 0, None], lines[:, 1, None]
    dx, dy = lines[:, 2, None] - x, lines[:, 3, None] - y
    first = dx * (others[None, :, 1] - y) - dy * (others[None, :, 0] - x)
    last = dx * (others[None, :, 3] - y) - dy * (others[None, :, 2] - x)
    product: Many = first * last
    return product


def distances(points: Many, lines: Many) -> Many:
    """How far points, (n, 2), lie from segments, (m, 4): (n, m)."""
    start, step = lines[None, :, :2], (lines[:, 2:] - lines[:, :2])[None, :, :]
    away = points[:, None, :] - start
    share = (away * step).sum(axis=2) / np.maximum((step * step).sum(axis=2), 1e-12)
    nearest = away - np.clip(share, 0.0, 1.0)[:, :, None] * step
    found: Many = np.sqrt((nearest * nearest).sum(axis=2))
    return found
