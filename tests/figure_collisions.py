"""What collides in a figure, found from the drawn scene alone, one pair after the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from examgen.figure import Arrow, Label, Outline, Scene
from examgen.figure.geometry import Point, Rectangle, about

GAP = 1.0  # points between a label and an arrow that is not its own
TOUCH = 0.4  # points: a shape this near to the end of an arrow is what it leads to


def collisions(scene: Scene) -> list[str]:
    """Every pair that meets and should not, in words; empty for a good figure."""
    return [
        *_labels(scene),
        *_frames(scene),
        *_shapes(scene),
        *_arrows(scene),
        *_outside(scene),
    ]


def _labels(scene: Scene) -> Iterator[str]:
    for one, other in combinations(scene.labels, 2):
        if one.bounds.overlap(other.bounds):
            yield f"labels {text(one)} and {text(other)}"
    for label in scene.labels:
        if any(_holds(shape, label) for shape in scene.outlines):
            continue
        for shape in scene.outlines:
            if shape.bounds.overlap(label.bounds):
                yield f"label {text(label)} and a {shape.kind}"
        near = [arrow for arrow in scene.arrows if _enters(arrow, label.bounds.grown(GAP))]
        if len(near) != int(label.knocked_out):
            yield f"label {text(label)} and {len(near)} arrows"


def _frames(scene: Scene) -> Iterator[str]:
    for label in scene.labels:
        for frame in scene.frames:
            inside = _within(label.bounds, frame.area)
            if label.bounds.overlap(frame.area) and not inside:
                yield f"label {text(label)} and a frame"


def _shapes(scene: Scene) -> Iterator[str]:
    for one, other in combinations(scene.outlines, 2):
        if one.bounds.overlap(other.bounds):
            yield f"a {one.kind} and a {other.kind} at {one.x:.0f}, {one.y:.0f}"


def _arrows(scene: Scene) -> Iterator[str]:
    for arrow in scene.arrows:
        for shape in scene.outlines:
            if not _leads(arrow, shape) and _enters(arrow, shape.bounds):
                yield f"an arrow and a {shape.kind} at {shape.x:.0f}, {shape.y:.0f}"


def _outside(scene: Scene) -> Iterator[str]:
    page = about(scene.width / 2, scene.height / 2, scene.width, scene.height)
    for label in scene.labels:
        if not _within(label.bounds, page):
            yield f"label {text(label)} and the edge"
    for shape in scene.outlines:
        if not _within(shape.bounds, page):
            yield f"a {shape.kind} and the edge"
    for arrow in scene.arrows:
        if not all(page.grown(0.01).contains(point) for point in arrow.points):
            yield "an arrow and the edge"


def text(label: Label) -> str:
    """What is read in a label."""
    return "".join(run.text for run in label.box.runs)


def _holds(shape: Outline, label: Label) -> bool:
    """Whether a label is that of a shape, inside it."""
    return shape.kind != "dot" and _within(label.bounds, shape.bounds)


def _within(inner: Rectangle, outer: Rectangle) -> bool:
    area = inner.width * inner.height
    return abs(inner.overlap(outer) - area) < 1e-6 * max(area, 1.0)


def _enters(arrow: Arrow, area: Rectangle) -> bool:
    return any(touches(area, a, b) for a, b in pairwise(arrow.points))


def touches(area: Rectangle, a: Point, b: Point) -> bool:
    """Whether the segment from a to b enters the rectangle (Liang and Barsky, 1984)."""
    low, high = 0.0, 1.0
    dx, dy = b[0] - a[0], b[1] - a[1]
    for p, q in (
        (-dx, a[0] - area.left),
        (dx, area.right - a[0]),
        (-dy, a[1] - area.bottom),
        (dy, area.top - a[1]),
    ):
        if p == 0.0:
            if q < 0.0:
                return False
        elif p < 0.0:
            low = max(low, q / p)
        else:
            high = min(high, q / p)
    return low <= high


def _leads(arrow: Arrow, shape: Outline) -> bool:
    """Whether an arrow starts or ends at a shape."""
    return any(_near(point, shape) for point in (arrow.points[0], arrow.points[-1]))


def _near(point: Point, shape: Outline) -> bool:
    return shape.bounds.grown(TOUCH).contains(point)
