"""Figures as SVG: well-formed, complete in themselves, and the same scene as on paper."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from examgen.figure import Scene, scene
from examgen.figure.svg import svg
from examgen.sheet import Diagram, Edge, Frame, Vertex

NAMESPACE = "{http://www.w3.org/2000/svg}"


def cell() -> Diagram:
    """One of each: shapes, a frame, a dashed arrow, one without head, labels and a bar."""
    vertices = (
        Vertex("x", "x_1", "circle", 0, 0, shaded=True),
        Vertex("s", r"\frac{1}{2}", "box", 1, 0),
        Vertex("t", r"\tanh", "pill", 2, 0),
        Vertex("d", "", "dot", 3, 0),
        Vertex("h", "h_t", "plain", 4, 0),
    )
    edges = (
        Edge("x", "s", "w"),
        Edge("s", "t", dashed=True),
        Edge("t", "d", head=False),
        Edge("d", "h"),
        Edge("s", "d", via=((1, 1), (3, 1))),
    )
    return Diagram(
        vertices, edges, "A cell. It has a <loop> & more.", (Frame(0.5, -0.5, 3.5, 1.5),)
    )


def elements(text: str, tag: str) -> list[ElementTree.Element]:
    """All elements of a kind."""
    return list(ElementTree.fromstring(text).iter(NAMESPACE + tag))


@pytest.fixture
def drawn() -> Scene:
    """The cell as a scene."""
    return scene(cell(), 400.0)


def test_every_shape_is_drawn_once(drawn: Scene) -> None:
    """A circle each, boxes, pills, frames and bars as rectangles, a polygon for every head."""
    text = svg(drawn)
    assert len(elements(text, "circle")) == 2
    bars = sum(len(label.box.rules) for label in drawn.labels)
    assert len(elements(text, "rect")) == 3 + bars
    assert bars == 1
    assert len(elements(text, "polygon")) == 4
    lines = [path for path in elements(text, "path") if path.get("id") is None]
    assert len(lines) == sum(len(arrow.shown) for arrow in drawn.arrows)
    assert sum(path.get("stroke-dasharray") is not None for path in lines) == 1


def test_glyphs_are_defined_once_and_used(drawn: Scene) -> None:
    """Type is outlines: every glyph of every run is used, and each defined once."""
    text = svg(drawn)
    assert not elements(text, "text")
    defined = [path.get("id") for path in elements(text, "path") if path.get("id")]
    used = [(use.get("href") or "")[1:] for use in elements(text, "use")]
    assert set(used) == set(defined)
    assert len(set(defined)) == len(defined)
    runs = [run for label in drawn.labels for run in label.box.runs]
    assert len(used) == sum(len(run.glyphs) for run in runs)
    assert len(defined) == len({(run.face, glyph) for run in runs for glyph in run.glyphs})


def test_ids_differ_between_figures(drawn: Scene) -> None:
    """Two figures of a page have no id in common; the same figure twice takes a prefix."""
    other = scene(replace(cell(), edges=()), 400.0)

    def ids(text: str) -> set[str]:
        return set(re.findall(r' id="([^"]*)"', text))

    assert ids(svg(drawn)) & ids(svg(other)) == set()
    assert ids(svg(drawn)) & ids(svg(drawn, prefix="second-")) == set()
    assert svg(drawn) == svg(drawn)


def test_it_says_what_it_shows(drawn: Scene) -> None:
    """Title and description are the text alternative, escaped, and name the picture."""
    root = ElementTree.fromstring(svg(drawn))
    assert root.get("role") == "img"
    said = {element.get("id"): element.text for element in root if element.get("id")}
    names = (root.get("aria-labelledby") or "").split()
    assert [said[name] for name in names] == ["A cell", "It has a <loop> & more."]


def test_a_figure_without_words_is_still_a_picture() -> None:
    """No alternative, no dangling reference; what XML cannot hold is left out of one."""
    silent = svg(scene(replace(cell(), alternative=""), 400.0))
    assert "aria-labelledby" not in silent
    odd = svg(scene(replace(cell(), alternative="a\0b\x1b"), 400.0))
    assert ElementTree.fromstring(odd)[0].text == "ab"


def test_colour_is_left_to_the_page(drawn: Scene) -> None:
    """All paint is the surrounding colour of text, or a share of it, or nothing."""
    paint = re.findall(r'(?:fill|stroke)="([^"]*)"', svg(drawn))
    assert set(paint) == {"none", "currentColor"}
    assert len(set(re.findall(r'fill-opacity="([^"]*)"', svg(drawn)))) == 2


def test_everything_lies_inside(drawn: Scene) -> None:
    """Coordinates of lines and type are within the view box, y down."""
    text = svg(drawn)
    width, height = map(float, (ElementTree.fromstring(text).get("viewBox") or "").split()[2:])
    assert (width, height) == pytest.approx((drawn.width, drawn.height), abs=0.01)
    places = [g.get("transform", "") for g in elements(text, "g") if g.get("transform")]
    assert places
    for place in places:
        x, y = map(float, re.findall(r"translate\((\S+) (\S+)\)", place)[0])
        assert 0 <= x <= width
        assert 0 <= y <= height
    circle = elements(text, "circle")[0]
    assert float(circle.get("cy", "0")) == pytest.approx(height - drawn.outlines[0].y, abs=0.01)
