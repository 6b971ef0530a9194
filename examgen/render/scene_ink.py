"""A figure as operators of a PDF content stream, its lower left corner at the origin."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from examgen.figure.geometry import Point
from examgen.figure.paths import KAPPA, Path
from examgen.figure.primitives import (
    HALO,
    LINE,
    MARKED_LINE,
    Disc,
    Emphasis,
    Head,
    Label,
    Panel,
    Primitive,
    Scene,
    Stroke,
)
from examgen.typeset import Box

SetType = Callable[[Box, float, float], str]

DASHES = "[2.4 1.8] 0 d"
SOLID = "[] 0 d"
HALO_GREY = 0.78


def scene_operators(scene: Scene, set_type: SetType) -> str:
    """All of a figure in one string, which leaves the graphics state changed: keep it in q and Q.

    set_type: the operators of a box of type with its reference point at a place.
    """
    parts = [f"{LINE} w 0 G 0 g 1 j"]
    for primitive in scene.ink:
        if isinstance(primitive, Label):
            parts.append(set_type(primitive.box, primitive.x, primitive.baseline))
        else:
            parts.append(_drawn(primitive))
    return " ".join(parts)


def _drawn(primitive: Primitive) -> str:
    if isinstance(primitive, Stroke):
        line = f"{_path(primitive.path)} S"
        line = f"{DASHES} {line} {SOLID}" if primitive.dashed else line
    elif isinstance(primitive, Disc):
        line = _filled(_circle(primitive.x, primitive.y, primitive.radius), primitive.grey)
    elif isinstance(primitive, Panel):
        line = _filled(_panel(primitive), primitive.grey)
    else:
        assert isinstance(primitive, Head), f"bug: no operators for {primitive}"
        return f"{_corners(primitive.corners)} f"
    return _emphasised(line, primitive.emphasis)


def _emphasised(line: str, emphasis: Emphasis) -> str:
    """A broad line for what is marked, a broader one in grey for its halo; then as before."""
    if emphasis == "halo":
        return f"{HALO} w {HALO_GREY} G {line} {LINE} w 0 G"
    return f"{MARKED_LINE} w {line} {LINE} w" if emphasis == "marked" else line


def _filled(outline: str, grey: float) -> str:
    """A closed outline, filled and stroked; grey returns to black for the type that follows."""
    return f"{outline} B" if grey == 0.0 else f"{grey:g} g {outline} B 0 g"


def _corners(corners: tuple[Point, ...]) -> str:
    first, *rest = (_point(corner) for corner in corners)
    return " ".join([f"{first} m", *(f"{corner} l" for corner in rest), "h"])


def _path(path: Path) -> str:
    return " ".join([f"{_point(path.start)} m", *_pieces(path)])


def _pieces(path: Path) -> Iterator[str]:
    for piece in path.pieces:
        yield f"{' '.join(map(_point, piece))} {'l' if len(piece) == 1 else 'c'}"


def _point(point: Point) -> str:
    return f"{point[0]:.2f} {point[1]:.2f}"


def _circle(x: float, y: float, radius: float) -> str:
    k = KAPPA * radius
    start = (x + radius, y)
    quarters = (
        ((x + radius, y + k), (x + k, y + radius), (x, y + radius)),
        ((x - k, y + radius), (x - radius, y + k), (x - radius, y)),
        ((x - radius, y - k), (x - k, y - radius), (x, y - radius)),
        ((x + k, y - radius), (x + radius, y - k), (x + radius, y)),
    )
    return f"{_path(Path(start, quarters))} h"


def _panel(panel: Panel) -> str:
    """Four sides and four quarters of a circle, from the left end of the lower side."""
    area, r = panel.area, panel.radius
    k = r - KAPPA * r
    left, bottom, right, top = area.left, area.bottom, area.right, area.top
    pieces = (
        ((right - r, bottom),),
        ((right - k, bottom), (right, bottom + k), (right, bottom + r)),
        ((right, top - r),),
        ((right, top - k), (right - k, top), (right - r, top)),
        ((left + r, top),),
        ((left + k, top), (left, top - k), (left, top - r)),
        ((left, bottom + r),),
        ((left, bottom + k), (left + k, bottom), (left + r, bottom)),
    )
    return f"{_path(Path((left + r, bottom), pieces))} h"
