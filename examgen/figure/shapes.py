"""How large labels make the outlines of their vertices; lengths are in em.

Circles of one figure are alike, unless a label is too long for that; those of signs are smaller.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from examgen.figure.primitives import Outline
from examgen.sheet import Vertex

MIN_RADIUS, CIRCLE_PAD = 1.15, 0.3
SIGN_RADIUS, DOT_RADIUS = 0.95, 0.17  # of the circle of an operation, and of a dot
MOST_ALIKE = 1.6  # the largest radius that all other circles take, too
BOX_PAD_X, BOX_PAD_Y, MIN_BOX_WIDTH, MIN_BOX_HEIGHT = 0.65, 0.45, 3.0, 2.0
MIN_PILL_WIDTH, MIN_PILL_HEIGHT = 2.8, 1.7
PLAIN_PAD = 0.25
SIGNS = frozenset({"+", "-", r"\times", r"\div", r"\odot"})

Extent = tuple[float, float]  # width and height of a label


def outlines(
    vertices: Sequence[Vertex], labels: Iterable[Extent], size: float
) -> dict[str, Outline]:
    """The shapes of vertices about the origin in points, for type of `size` points."""
    halves = _alike(vertices, [_halves(*pair) for pair in zip(vertices, labels, strict=True)])
    return {
        vertex.id: _outline(vertex, half, size)
        for vertex, half in zip(vertices, halves, strict=True)
    }


def _outline(vertex: Vertex, half: Extent, size: float) -> Outline:
    return Outline(vertex.shape, 0.0, 0.0, half[0] * size, half[1] * size, vertex.shaded)


def _halves(vertex: Vertex, label: Extent) -> Extent:
    width, height = label[0] / 2, label[1] / 2
    if vertex.shape == "dot":
        return DOT_RADIUS, DOT_RADIUS
    if vertex.shape == "plain":
        return width + PLAIN_PAD, height + PLAIN_PAD
    if vertex.shape == "circle":
        if vertex.label in SIGNS:
            return SIGN_RADIUS, SIGN_RADIUS
        radius = max(MIN_RADIUS, 0.92 * math.hypot(width, height) + CIRCLE_PAD)
        return radius, radius
    least = (MIN_PILL_WIDTH, MIN_PILL_HEIGHT) if vertex.shape == "pill" else _LEAST_BOX
    return max(least[0] / 2, width + BOX_PAD_X), max(least[1] / 2, height + BOX_PAD_Y)


def _alike(vertices: Sequence[Vertex], halves: Sequence[Extent]) -> list[Extent]:
    """The same with all circles but those of signs as large as the largest of them."""
    named = [v.shape == "circle" and v.label not in SIGNS for v in vertices]
    pairs = list(zip(named, halves, strict=True))
    common = max((half[0] for has, half in pairs if has and half[0] <= MOST_ALIKE), default=0.0)
    return [(common, common) if has and half[0] < common else half for has, half in pairs]


_LEAST_BOX = (MIN_BOX_WIDTH, MIN_BOX_HEIGHT)
