"""A diagram as shapes, lines and labels at their places, for any writer to draw.

Lengths are points, the origin is the lower left corner, y runs up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from examgen.figure.geometry import Point, Rectangle, arc, around, loop, rounded, shortened
from examgen.figure.labels import Label, centred, placed_labels
from examgen.figure.placing import Place, Placed, placed
from examgen.figure.shapes import Outline, clipped, outline
from examgen.sheet import Diagram, Edge
from examgen.typeset import Box, layout

SIZES = (9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0)  # points; the first that fits is taken
EDGE_LABEL = 0.92  # of the vertices' size
MAX_HEIGHT = 290.0
HEAD_LENGTH, HEAD_WIDTH = 5.2, 3.9
MARGIN = 2.0


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line that ends in a head; the head's tip is the last point."""

    points: tuple[Point, ...]

    @property
    def shaft(self) -> tuple[Point, ...]:
        """The line without the part that the head covers."""
        return shortened(self.points, HEAD_LENGTH * 0.7)


@dataclass(frozen=True, slots=True)
class Scene:
    """All that is to be drawn: arrows first, then labels on white, then the vertices."""

    width: float
    height: float
    outlines: tuple[Outline, ...]
    arrows: tuple[Arrow, ...]
    labels: tuple[Label, ...]
    alternative: str


@dataclass(frozen=True, slots=True)
class _Grid:
    """What a column and a row measure, in points."""

    column: float
    row: float

    def point(self, place: Place) -> Point:
        return place[0] * self.column, -place[1] * self.row


@lru_cache(maxsize=500)
def scene(diagram: Diagram, max_width: float, max_height: float = MAX_HEIGHT) -> Scene:
    """Lay a diagram out in at most the given width and, where its labels allow, height.

    Raises:
        ExamgenError: for a label that cannot be read.
    """
    where = placed(diagram)
    for size in SIZES:
        shapes = {v.id: outline(v, size) for v in diagram.vertices}
        grid = _grid(diagram, where, shapes, size, (max_width, max_height))
        outlines, lines = _skeleton(diagram, where, shapes, grid)
        extent = _bounds([*outlines.values()], lines, ()).grown(MARGIN)
        if extent.right - extent.left <= max_width and extent.top - extent.bottom <= max_height:
            break
    return _labelled(diagram, outlines, lines, size)


def _grid(
    diagram: Diagram,
    where: Placed,
    shapes: Mapping[str, Outline],
    size: float,
    limits: tuple[float, float],
) -> _Grid:
    """Columns and rows: pleasant where they fit, never so narrow that shapes meet."""
    labelled = any(edge.label for edge in diagram.edges)
    slanted = any(e.label and _slanted(e, where) for e in diagram.edges)
    pleasant = (
        (12.5 if slanted else 8.5 if labelled else 7.0) * size,
        (7.2 if slanted else 5.4) * size,
    )
    least = _least(diagram, where, shapes, size)
    widest = max((s.half_width for s in shapes.values()), default=0.0)
    tallest = max((s.half_height for s in shapes.values()), default=0.0)
    columns, rows = _spans(where)
    room_x = (limits[0] - 2 * (widest + MARGIN)) / max(columns, 1e-6)
    room_y = (limits[1] - 2 * (tallest + MARGIN)) / max(rows, 1e-6)
    return _Grid(max(least[0], min(pleasant[0], room_x)), max(least[1], min(pleasant[1], room_y)))


def _slanted(edge: Edge, where: Placed) -> bool:
    a, b = where.places[edge.source], where.places[edge.target]
    return abs(a[0] - b[0]) > 0.3 and abs(a[1] - b[1]) > 0.3


def _spans(where: Placed) -> tuple[float, float]:
    every = [*where.places.values(), *(p for bend in where.bends.values() for p in bend)]
    if not every:
        return 0.0, 0.0
    bounds = around(every)
    return bounds.right - bounds.left, bounds.top - bounds.bottom


def _least(
    diagram: Diagram, where: Placed, shapes: Mapping[str, Outline], size: float
) -> tuple[float, float]:
    """The least column and row at which no two shapes of a row or of a column meet."""
    wide, tall = 2.5 * size, 1.5 * size
    links = {(e.source, e.target): e for e in diagram.edges}
    items = list(where.places.items())
    for i, (a, (ax, ay)) in enumerate(items):
        for b, (bx, by) in items[i + 1 :]:
            dx, dy = abs(ax - bx), abs(ay - by)
            edge = links.get((a, b)) or links.get((b, a))
            if dx > 0.2 and dy < 0.5:
                need = shapes[a].half_width + shapes[b].half_width + _air(edge, size)
                wide = max(wide, need / dx)
            if dy > 0.2 and dx < 0.35:
                need = shapes[a].half_height + shapes[b].half_height + 1.6 * size
                tall = max(tall, need / dy)
    return wide, tall


def _air(edge: Edge | None, size: float) -> float:
    """The free length between neighbours: an arrow, and its label where it has one."""
    if edge is None:
        return 0.6 * size
    if not edge.label:
        return 2.0 * size
    return max(2.0 * size, layout(edge.label, size * EDGE_LABEL).width + 1.6 * size)


def _skeleton(
    diagram: Diagram, where: Placed, shapes: Mapping[str, Outline], grid: _Grid
) -> tuple[dict[str, Outline], list[tuple[Point, ...]]]:
    """The shapes at their places and the lines between them."""
    outlines = {}
    for name, place in where.places.items():
        x, y = grid.point(place)
        outlines[name] = replace(shapes[name], x=x, y=y)
    return outlines, [_line(edge, where, outlines, grid) for edge in diagram.edges]


def _labelled(
    diagram: Diagram,
    outlines: Mapping[str, Outline],
    lines: Sequence[tuple[Point, ...]],
    size: float,
) -> Scene:
    boxes = [layout(e.label, size * EDGE_LABEL) if e.label else None for e in diagram.edges]
    taken = [shape.bounds for shape in outlines.values()]
    labels = [label for label in placed_labels(lines, boxes, taken) if label]
    labels += _vertex_labels(diagram, outlines, size)
    return _moved(tuple(outlines.values()), lines, labels, diagram.alternative)


def _line(
    edge: Edge, where: Placed, outlines: Mapping[str, Outline], grid: _Grid
) -> tuple[Point, ...]:
    start, end = outlines[edge.source], outlines[edge.target]
    a, b = (start.x, start.y), (end.x, end.y)
    if edge.source == edge.target:
        return clipped(loop(a, start.half_width), start, end)
    through = [grid.point(p) for p in where.bends.get((edge.source, edge.target), ())]
    if edge.bend:
        points = arc(a, _lifted(edge, where, grid), b)
    else:
        points = rounded((a, *through, b)) if through else (a, b)
    return clipped(points, start, end)


def _lifted(edge: Edge, where: Placed, grid: _Grid) -> Point:
    """The middle of a bent edge: off the straight line to the left of its direction."""
    (ax, ay), (bx, by) = where.places[edge.source], where.places[edge.target]
    length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5 or 1.0
    # Rows run down the page: left of the direction (dx, dy) is (dy, -dx).
    return grid.point(
        (
            (ax + bx) / 2 + edge.bend * (by - ay) / length,
            (ay + by) / 2 - edge.bend * (bx - ax) / length,
        )
    )


def _vertex_labels(diagram: Diagram, outlines: Mapping[str, Outline], size: float) -> list[Label]:
    labels = []
    for vertex in diagram.vertices:
        if vertex.label:
            shape, box = outlines[vertex.id], layout(vertex.label, size)
            labels.append(_inside(shape, box, size))
    return labels


def _inside(shape: Outline, box: Box, size: float) -> Label:
    if shape.kind == "dot":
        return centred(box, shape.x, shape.y + 0.5 * size + (box.height + box.depth) / 2)
    return centred(box, shape.x, shape.y)


def _moved(
    outlines: Sequence[Outline],
    lines: Sequence[tuple[Point, ...]],
    labels: Sequence[Label],
    alternative: str,
) -> Scene:
    """The scene with its lower left corner at the origin."""
    bounds = _bounds(outlines, lines, labels).grown(MARGIN)
    dx, dy = -bounds.left, -bounds.bottom
    return Scene(
        bounds.right - bounds.left,
        bounds.top - bounds.bottom,
        tuple(replace(o, x=o.x + dx, y=o.y + dy) for o in outlines),
        tuple(Arrow(tuple((x + dx, y + dy) for x, y in line)) for line in lines),
        tuple(replace(t, x=t.x + dx, baseline=t.baseline + dy) for t in labels),
        alternative,
    )


def _bounds(
    outlines: Sequence[Outline], lines: Sequence[tuple[Point, ...]], labels: Sequence[Label]
) -> Rectangle:
    corners: list[Point] = [(0.0, 0.0)] if not outlines else []
    for area in [*(o.bounds for o in outlines), *(t.bounds for t in labels)]:
        corners += [(area.left, area.bottom), (area.right, area.top)]
    return around([*corners, *(point for line in lines for point in line)])
