"""A diagram as a scene: its plan, with the labels set and put at their places.

Lengths are points, the origin is the lower left corner, y runs up.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from examgen.figure.geometry import Rectangle
from examgen.figure.plan import EDGE_LABEL, Extents, Plan, plan
from examgen.figure.primitives import Arrow, Label, Outline, Scene
from examgen.figure.shapes import SIGNS, Extent
from examgen.sheet import Diagram, Edge, Vertex
from examgen.typeset import Box, layout
from examgen.typeset.box import scaled

MAX_HEIGHT = 290.0
MEASURED = 10.0  # points: the type in which labels are set before they are scaled
STEP = 0.1  # em: extents of labels are rounded up to it, so that variants share their plan


@lru_cache(maxsize=500)
def scene(diagram: Diagram, max_width: float, max_height: float = MAX_HEIGHT) -> Scene:
    """Lay a diagram out in at most the given width and, where its labels allow, height.

    Raises:
        ExamgenError: for a label that cannot be read.
    """
    vertices = [_set(vertex.label) for vertex in diagram.vertices]
    edges = [_set(edge.label) for edge in diagram.edges]
    frames = [_set(frame.label) for frame in diagram.frames]
    extents = Extents(_extents(vertices), _extents(edges), _extents(frames))
    made = plan(_bare(diagram), extents, max_width, max_height)
    labels = tuple(_labels(made, vertices, edges, frames))
    return Scene(
        made.width,
        made.height,
        _as_marked(made.outlines, diagram.vertices),
        _as_marked(made.arrows, diagram.edges),
        labels,
        diagram.alternative,
        made.frames,
    )


def _set(label: str) -> Box | None:
    return layout(label, MEASURED) if label else None


def _extents(boxes: Sequence[Box | None]) -> tuple[Extent, ...]:
    return tuple(_extent(box) if box else (0.0, 0.0) for box in boxes)


def _extent(box: Box) -> Extent:
    return _rounded_up(box.width), _rounded_up(box.height + box.depth)


def _rounded_up(length: float) -> float:
    return max(1, math.ceil(length / MEASURED / STEP - 1e-9)) * STEP


Shape = TypeVar("Shape", Outline, Arrow)


def _as_marked(shapes: tuple[Shape, ...], of: Sequence[Vertex | Edge]) -> tuple[Shape, ...]:
    """The shapes, marked where what they stand for is; the plan's own where nothing is."""
    if not any(one.marked for one in of):
        return shapes
    pairs = zip(shapes, of, strict=True)
    return tuple(replace(shape, marked=True) if one.marked else shape for shape, one in pairs)


def _bare(diagram: Diagram) -> Diagram:
    """The diagram without words and marks; signs stay, for their circles are smaller."""
    return Diagram(
        tuple(
            replace(vertex, label=vertex.label if vertex.label in SIGNS else "", marked=False)
            for vertex in diagram.vertices
        ),
        tuple(replace(edge, label="", marked=False) for edge in diagram.edges),
        "",
        tuple(replace(frame, label="") for frame in diagram.frames),
    )


def _labels(
    made: Plan,
    vertices: Sequence[Box | None],
    edges: Sequence[Box | None],
    frames: Sequence[Box | None],
) -> Iterator[Label]:
    """The labels of arrows, then those of vertices and of frames."""
    for box, spot in zip(edges, made.edge_spots, strict=True):
        if box and spot:
            yield _centred(scaled(box, made.size * EDGE_LABEL / MEASURED), spot.area, spot.on_line)
    for areas, boxes in ((made.vertex_areas, vertices), (made.frame_areas, frames)):
        for area, box in zip(areas, boxes, strict=True):
            if box:
                yield _centred(scaled(box, made.size / MEASURED), area)


def _centred(box: Box, area: Rectangle, knocked_out: bool = False) -> Label:
    x, y = (area.left + area.right) / 2, (area.bottom + area.top) / 2
    return Label(x - box.width / 2, y - (box.height - box.depth) / 2, box, knocked_out)
