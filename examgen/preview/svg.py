"""A figure as SVG: the same scene as on paper, with the colours left to the page's style sheet.

Type stands where it was measured, in the bundled faces, so the page needs their fonts. In SVG y
runs down.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from examgen.figure import HEAD_LENGTH, HEAD_WIDTH, Arrow, Label, Outline, Scene
from examgen.figure.geometry import Point
from examgen.typeset import Box, Rule, Run
from examgen.typeset.mathml import escaped

CORNER = 2.5  # points, of boxes
_AROUND_LABEL = 1.0


def svg(scene: Scene) -> str:
    """The figure as one element, 4/3 of a pixel to the point."""
    width, height = f"{scene.width:.2f}", f"{scene.height:.2f}"
    name = escaped(scene.alternative)
    head = (
        f'<svg viewBox="0 0 {width} {height}" width="{scene.width * 4 / 3:.1f}" '
        f'height="{scene.height * 4 / 3:.1f}" role="img" aria-label="{name}">'
    )
    return "".join([head, *_parts(scene), "</svg>"])


def _parts(scene: Scene) -> Iterator[str]:
    def down(point: Point) -> Point:
        return point[0], scene.height - point[1]

    for arrow in scene.arrows:
        yield from _arrow(arrow, down)
    for outline in scene.outlines:
        yield _outline(outline, down)
    for label in scene.labels:
        yield from _label(label, down)


_Down = Callable[[Point], Point]


def _arrow(arrow: Arrow, down: _Down) -> Iterator[str]:
    yield f'<polyline class="edge" points="{_points(map(down, arrow.shaft))}"/>'
    yield f'<polygon class="head" points="{_points(map(down, _head(arrow)))}"/>'


def _head(arrow: Arrow) -> tuple[Point, ...]:
    """The corners of a head with a notch, its tip first."""
    tip, base = arrow.points[-1], arrow.shaft[-1]
    length = math.dist(tip, base) or 1.0
    ux, uy = (tip[0] - base[0]) / length, (tip[1] - base[1]) / length

    def at(back: float, aside: float) -> Point:
        return tip[0] - ux * back - uy * aside, tip[1] - uy * back + ux * aside

    wing = HEAD_WIDTH / 2
    return tip, at(HEAD_LENGTH, wing), at(0.7 * HEAD_LENGTH, 0.0), at(HEAD_LENGTH, -wing)


def _points(points: Iterator[Point]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)


def _outline(shape: Outline, down: _Down) -> str:
    if shape.kind == "plain":
        return ""
    kind = "dot" if shape.kind == "dot" else "shaded" if shape.shaded else "open"
    if shape.kind == "box":
        x, y = down((shape.bounds.left, shape.bounds.top))
        return _rectangle(kind, x, y, 2 * shape.half_width, 2 * shape.half_height, CORNER)
    x, y = down((shape.x, shape.y))
    return f'<circle class="{kind}" cx="{x:.2f}" cy="{y:.2f}" r="{shape.half_width:.2f}"/>'


def _rectangle(kind: str, x: float, y: float, width: float, height: float, radius: float) -> str:
    size = f'width="{width:.2f}" height="{height:.2f}" rx="{radius:g}"'
    return f'<rect class="{kind}" x="{x:.2f}" y="{y:.2f}" {size}/>'


def _label(label: Label, down: _Down) -> Iterator[str]:
    if label.knocked_out:
        area = label.bounds.grown(_AROUND_LABEL)
        x, y = down((area.left, area.top))
        yield _rectangle("paper", x, y, area.right - area.left, area.top - area.bottom, 0.0)
    x, y = down((label.x, label.baseline))
    yield from _type(label.box, x, y)


def _type(box: Box, x: float, y: float) -> Iterator[str]:
    """Set type with its reference point at (x, y) of the page."""
    yield from (_run(run, x + run.x, y - run.y) for run in box.runs)
    yield from (_rule(rule, x + rule.x, y - rule.y - rule.height) for rule in box.rules)


def _run(run: Run, x: float, y: float) -> str:
    face = f'font-family="{run.face}" font-size="{run.size:.2f}"'
    return f'<text x="{x:.2f}" y="{y:.2f}" {face}>{escaped(run.text)}</text>'


def _rule(rule: Rule, x: float, y: float) -> str:
    return _rectangle("ink", x, y, rule.width, rule.height, 0.0)
