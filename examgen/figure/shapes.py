"""How large a label makes the outline of its vertex; lengths are in em."""

from __future__ import annotations

import math

from examgen.figure.primitives import DOT_RADIUS, Outline
from examgen.sheet import Vertex

MIN_RADIUS, CIRCLE_PAD = 1.15, 0.3
BOX_PAD_X, BOX_PAD_Y, MIN_BOX_WIDTH, MIN_BOX_HEIGHT = 0.65, 0.45, 3.0, 2.0
MIN_PILL_WIDTH, MIN_PILL_HEIGHT = 2.8, 1.7
PLAIN_PAD = 0.25

Extent = tuple[float, float]  # width and height of a label


def outline(vertex: Vertex, label: Extent, size: float) -> Outline:
    """The shape of a vertex about the origin in points, for type of `size` points."""
    if vertex.shape == "dot":
        half = DOT_RADIUS, DOT_RADIUS
    else:
        width, height = _halves(vertex, label)
        half = width * size, height * size
    return Outline(vertex.shape, 0.0, 0.0, *half, vertex.shaded)


def _halves(vertex: Vertex, label: Extent) -> Extent:
    width, height = label[0] / 2, label[1] / 2
    if vertex.shape == "plain":
        return width + PLAIN_PAD, height + PLAIN_PAD
    if vertex.shape == "circle":
        radius = max(MIN_RADIUS, 0.92 * math.hypot(width, height) + CIRCLE_PAD)
        return radius, radius
    least = (MIN_PILL_WIDTH, MIN_PILL_HEIGHT) if vertex.shape == "pill" else _LEAST_BOX
    return max(least[0] / 2, width + BOX_PAD_X), max(least[1] / 2, height + BOX_PAD_Y)


_LEAST_BOX = (MIN_BOX_WIDTH, MIN_BOX_HEIGHT)
