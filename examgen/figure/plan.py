"""Where everything of a figure goes, given only how large its labels are.

Columns and rows as pleasant as the page allows and as wide as shapes and labels need; then smaller
type, until no label clashes with anything. A plan knows no label's text: variants share it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from examgen.figure.geometry import Point, Rectangle, about, around
from examgen.figure.labels import AROUND, Line, Spot, label_spots
from examgen.figure.meetings import overlapping, rectangles
from examgen.figure.paths import Path, shortened, without
from examgen.figure.placing import Placed, placements
from examgen.figure.primitives import (
    FRAME_RADIUS,
    FRAME_SHADE,
    HEAD_LENGTH,
    NOTCH,
    Arrow,
    Outline,
    Panel,
)
from examgen.figure.routes import routed
from examgen.figure.shapes import Extent, outlines
from examgen.figure.spacing import Grid, Spacing
from examgen.sheet import Diagram, Edge
from examgen.sheet import Frame as Framed

# Points of type, the first that fits is taken: in a low figure, in any, and in one that is taller
# than asked for; only then is type smaller than can well be read.
EASY, READABLE, TINY = (9.5, 9.0, 8.5), (9.5, 9.0, 8.5, 8.0, 7.5, 7.0), (6.5, 6.0)
COMPACT, TALLER = 225.0, 1.45  # points that a low figure has; of the height that was asked for
EDGE_LABEL = 0.92  # of the vertices' size
MARGIN = 2.0
BORDER = 1.5  # points between a label and the side of a frame
FRAME_INSET = 5.0  # points from a frame's corner to its label
OVERFULL = 0.4  # a figure too large for the page is better than one in which things clash
PATIENCE = (8, 12, 6, 6)  # attempts: low figures, readable ones, taller ones, in tiny type
MANY = 16  # labelled arrows, with more of which a low figure is not worth a try
PLEASING = 2.5  # how much labels may be disliked on average for a figure that is kept low
CROWDED = 0.05  # what more than that counts


@dataclass(frozen=True)
class Extents:
    """The widths and heights of the labels of vertices, edges and frames, in em; 0 for none."""

    vertices: tuple[Extent, ...]
    edges: tuple[Extent, ...]
    frames: tuple[Extent, ...]


@dataclass(frozen=True)
class Plan:
    """A figure without its text: shapes, arrows, frames, and the areas kept for labels.

    trouble: how much in it meets or is too large. crowded: how near its labels are to other lines.
    """

    size: float
    outlines: tuple[Outline, ...]
    arrows: tuple[Arrow, ...]
    frames: tuple[Panel, ...]
    vertex_areas: tuple[Rectangle, ...]
    edge_spots: tuple[Spot | None, ...]
    frame_areas: tuple[Rectangle, ...]
    width: float = 0.0
    height: float = 0.0
    trouble: float = 0.0
    crowded: float = 0.0


@lru_cache(maxsize=500)
def plan(bare: Diagram, extents: Extents, max_width: float, max_height: float) -> Plan:
    """The places in a diagram whose labels have these extents; the least bad if none is good."""
    best: Plan | None = None
    for attempt in _attempts(bare, extents, (max_width, max_height)):
        if best is None or attempt.trouble < best.trouble:
            best = attempt
        if attempt.trouble == 0.0:
            break
    assert best, "bug: there is always an attempt"
    return best


def _attempts(bare: Diagram, extents: Extents, limits: tuple[float, float]) -> Iterator[Plan]:
    """Low figures, then ever smaller type; those too large without their labels are left out."""
    shapes = outlines(bare.vertices, extents.vertices, 1.0)
    ways = _Remembered(placements(bare, shapes, extents.edges))
    width, height = limits
    low = _sized(bare, extents, ways, shapes, EASY, (width, min(height, COMPACT)))
    labelled = sum(width > 0.0 for width, _ in extents.edges)
    for made in islice(low, PATIENCE[0] if labelled <= MANY else 0):
        yield replace(made, trouble=made.trouble + made.crowded)
    for sizes, most, patience in (
        (READABLE, limits, PATIENCE[1]),
        (READABLE, (width, height * TALLER), PATIENCE[2]),
        (TINY, (width, height * TALLER), PATIENCE[3]),
    ):
        yield from islice(_sized(bare, extents, ways, shapes, sizes, most), patience)


def _sized(
    bare: Diagram,
    extents: Extents,
    ways: _Remembered,
    shapes: dict[str, Outline],
    sizes: Sequence[float],
    most: tuple[float, float],
) -> Iterator[Plan]:
    """Figures in type of these sizes, in every way that their vertices can stand."""
    for size in sizes:
        for where in ways:
            yield from _of_size(Spacing(bare, where, shapes, extents.edges, most), extents, size)


class _Remembered:
    """Placements, each worked out once and not before it is asked for."""

    def __init__(self, coming: Iterator[Placed]) -> None:
        self.coming, self.known = coming, list[Placed]()

    def __iter__(self) -> Iterator[Placed]:
        yield from self.known
        for where in self.coming:
            self.known.append(where)
            yield where


def _of_size(spacing: Spacing, extents: Extents, size: float) -> Iterator[Plan]:
    bare = spacing.diagram
    for grid in spacing.grids(size):
        shapes = outlines(bare.vertices, extents.vertices, size)
        placed = _placed(spacing.where, shapes, grid, size)
        if size == TINY[-1] or _fits(placed, spacing.limits):
            made = _composed(bare, extents, spacing.where, placed, grid, size)
            yield _judged(made, spacing.limits)


def _placed(
    where: Placed, shapes: dict[str, Outline], grid: Grid, size: float
) -> dict[str, Outline]:
    """The shapes at their places."""
    found: dict[str, Outline] = {}
    for name, place in where.places.items():
        x, y = grid.point(place)
        found[name] = replace(shapes[name], x=x, y=y)
    for name, hung in where.hung.items():
        x, y = hung.place(shapes[name], found[hung.reader], size)
        found[name] = replace(shapes[name], x=x, y=y)
    return found


def _fits(placed: dict[str, Outline], limits: tuple[float, float]) -> bool:
    areas = [shape.bounds for shape in placed.values()]
    corners = [corner for a in areas for corner in ((a.left, a.bottom), (a.right, a.top))]
    bounds = around(corners or [(0.0, 0.0)])
    return bounds.width <= limits[0] and bounds.height <= limits[1]


def _composed(
    bare: Diagram,
    extents: Extents,
    where: Placed,
    placed: dict[str, Outline],
    grid: Grid,
    size: float,
) -> Plan:
    """A figure on a grid, and what collides in it."""
    shapes = tuple(placed[vertex.id] for vertex in bare.vertices)
    paths, blocked = routed(bare.edges, where, placed, grid)
    frames = tuple(_panel(frame, grid) for frame in bare.frames)
    named = tuple(_vertex_area(*pair, size) for pair in zip(shapes, extents.vertices, strict=True))
    titled = tuple(_frame_area(*pair, size) for pair in zip(frames, extents.frames, strict=True))
    lines = [
        Line(path.points, _layers(edge, placed), _in_points(extent, size * EDGE_LABEL))
        for path, edge, extent in zip(paths, bare.edges, extents.edges, strict=True)
    ]
    borders = [border for frame in frames for border in _borders(frame.area)]
    solid = [*(shape.bounds for shape in shapes), *named, *titled, *borders]
    spots, clashes, dislike = label_spots(lines, solid)
    arrows = tuple(_arrow(*one) for one in zip(paths, bare.edges, spots, strict=True))
    trouble = clashes + blocked + _meeting(shapes)
    crowded = max(0.0, dislike - PLEASING) * CROWDED
    return Plan(
        size, shapes, arrows, frames, named, tuple(spots), titled, trouble=trouble, crowded=crowded
    )


def _meeting(shapes: tuple[Outline, ...]) -> float:
    """How many pairs of shapes overlap."""
    areas = rectangles(shape.bounds for shape in shapes)
    return float(overlapping(areas, areas).sum() - len(shapes)) / 2


def _layers(edge: Edge, placed: dict[str, Outline]) -> tuple[float, float]:
    """What arrows between the same two columns have in common."""
    return round(placed[edge.source].x, 1), round(placed[edge.target].x, 1)


def _in_points(extent: Extent, size: float) -> tuple[float, float] | None:
    return (extent[0] * size, extent[1] * size) if extent[0] else None


def _panel(frame: Framed, grid: Grid) -> Panel:
    left, top = grid.point((frame.left, frame.top))
    right, bottom = grid.point((frame.right, frame.bottom))
    return Panel(Rectangle(left, bottom, right, top), FRAME_RADIUS, FRAME_SHADE)


def _borders(area: Rectangle) -> Iterator[Rectangle]:
    """The four sides of a frame, which no label may stand on."""
    left, bottom, right, top = area.left, area.bottom, area.right, area.top
    for side in (
        Rectangle(left, bottom, right, bottom),
        Rectangle(left, top, right, top),
        Rectangle(left, bottom, left, top),
        Rectangle(right, bottom, right, top),
    ):
        yield side.grown(BORDER)


def _vertex_area(shape: Outline, extent: Extent, size: float) -> Rectangle:
    """In the middle of a shape; above a dot."""
    width, height = extent[0] * size, extent[1] * size
    up = shape.half_height + 0.3 * size + height / 2 if shape.kind == "dot" else 0.0
    return about(shape.x, shape.y + up, width, height)


def _frame_area(panel: Panel, extent: Extent, size: float) -> Rectangle:
    left, top = panel.area.left + FRAME_INSET, panel.area.top - FRAME_INSET
    return Rectangle(left, top - extent[1] * size, left + extent[0] * size, top)


def _arrow(path: Path, edge: Edge, spot: Spot | None) -> Arrow:
    shaft = shortened(path, HEAD_LENGTH * NOTCH) if edge.head else path
    shown: tuple[Path, ...] = (shaft,)
    if spot and spot.on_line:
        shown = without(shaft, spot.area.grown(AROUND).contains)
    return Arrow(path, shown, edge.head, edge.dashed)


def _judged(made: Plan, limits: tuple[float, float]) -> Plan:
    """The figure with its lower left corner at the origin; what sticks out counts as trouble."""
    bounds = around(list(_corners(made)) or [(0.0, 0.0)]).grown(MARGIN)
    over = max(bounds.width / limits[0], bounds.height / limits[1]) - 1.0
    trouble = made.trouble + (OVERFULL + 0.1 * min(5.0, over) if over > 1e-4 else 0.0)
    moved = _moved(made, -bounds.left, -bounds.bottom)
    return replace(moved, width=bounds.width, height=bounds.height, trouble=trouble)


def _corners(made: Plan) -> Iterator[Point]:
    areas = [shape.bounds for shape in made.outlines] + [panel.area for panel in made.frames]
    areas += [*made.vertex_areas, *made.frame_areas, *(s.area for s in made.edge_spots if s)]
    for area in areas:
        yield from ((area.left, area.bottom), (area.right, area.top))
    for arrow in made.arrows:
        yield from arrow.points


def _moved(made: Plan, dx: float, dy: float) -> Plan:
    return replace(
        made,
        outlines=tuple(replace(o, x=o.x + dx, y=o.y + dy) for o in made.outlines),
        arrows=tuple(a.moved(dx, dy) for a in made.arrows),
        frames=tuple(replace(p, area=p.area.moved(dx, dy)) for p in made.frames),
        vertex_areas=tuple(area.moved(dx, dy) for area in made.vertex_areas),
        edge_spots=tuple(s and replace(s, area=s.area.moved(dx, dy)) for s in made.edge_spots),
        frame_areas=tuple(area.moved(dx, dy) for area in made.frame_areas),
    )
