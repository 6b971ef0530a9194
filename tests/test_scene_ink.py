"""Figures as PDF operators: what is painted, in which order, and in balance."""

from __future__ import annotations

import re
from itertools import pairwise

from examgen.figure import Scene, scene
from examgen.render.scene_ink import scene_operators
from examgen.sheet import Diagram, Edge, Frame, Vertex
from examgen.typeset import Box

NUMBER = r"-?\d+(?:\.\d+)?"


def drawn() -> Scene:
    """A frame, a circle, a shaded box, a dot; a dashed arrow and one with a label."""
    vertices = (
        Vertex("a", "a", "circle", 0, 0),
        Vertex("b", "b", "box", 1, 0, shaded=True),
        Vertex("d", "", "dot", 2, 0),
    )
    edges = (Edge("a", "b", "w"), Edge("b", "d", dashed=True, head=False))
    return scene(Diagram(vertices, edges, "", (Frame(-0.5, -0.5, 2.5, 0.5),)), 400.0)


def set_type(box: Box, x: float, y: float) -> str:
    """Stands for type."""
    return f"({''.join(run.text for run in box.runs)} {x:.1f} {y:.1f})"


def operators(text: str) -> list[str]:
    """The operators of a content stream, without what they apply to."""
    bare = re.sub(r"\([^)]*\)", "T", text)
    return re.findall(r"[A-Za-z]+", bare)


def test_every_primitive_is_painted() -> None:
    """Filled and stroked: frame, circle, box, dot; stroked: two lines; filled: one head."""
    painted = operators(scene_operators(drawn(), set_type))
    assert painted.count("B") == 4
    assert painted.count("S") == 2
    assert painted.count("f") == 1
    assert painted.count("T") == len(drawn().labels) == 3


def test_painting_order() -> None:
    """The frame first, then arrows, then shapes, then type."""
    painted = [op for op in operators(scene_operators(drawn(), set_type)) if op in "BSfT"]
    assert "".join(painted) == "BSfSBBBTTT"


def test_dashes_and_greys_do_not_leak() -> None:
    """A dashed line is solid after it, and every grey fill is followed by black."""
    text = scene_operators(drawn(), set_type)
    assert text.count("] 0 d") == 2
    assert text.rindex("[2.4 1.8] 0 d") < text.rindex("[] 0 d")
    greys = re.findall(rf"({NUMBER}) g\b", text)
    assert greys[-1] == "0"
    assert not any(a != "0" and b != "0" for a, b in pairwise(greys))


def test_everything_lies_inside() -> None:
    """All coordinates are within the figure, from its lower left corner."""
    text = scene_operators(drawn(), set_type)
    points = re.findall(rf"({NUMBER}) ({NUMBER}) (?:m|l)\b", text)
    assert points
    assert all(0 <= float(x) <= drawn().width for x, _ in points)
    assert all(0 <= float(y) <= drawn().height for _, y in points)


def test_type_stands_where_the_scene_has_it() -> None:
    """Each label is set once with its reference point at its place."""
    text = scene_operators(drawn(), set_type)
    for label in drawn().labels:
        assert set_type(label.box, label.x, label.baseline) in text
