"""Schematic figures: every shape, arrow and label has its own place."""

from __future__ import annotations

import math

import pytest

from examgen.errors import ExamgenError
from examgen.figure import Label, Scene, scene
from examgen.figure.geometry import Rectangle, along, rounded, shortened
from examgen.figure.labels import placed_labels
from examgen.figure.layers import layered
from examgen.figure.rows import straight_rows
from examgen.sheet import Diagram, Edge, Vertex
from examgen.typeset import layout

WIDTH = 475.0


def mlp() -> Diagram:
    """Two inputs, two hidden units, two outputs, a weight on every edge."""
    layers = "xhy"
    vertices = [
        Vertex(f"{kind}{i}", f"{kind}_{i}", column=c, row=i, shaded=c == 0)
        for c, kind in enumerate(layers)
        for i in (1, 2)
    ]
    edges = [
        Edge(f"{a}{j}", f"{b}{i}", f"{w}_{{{i}{j}}}")
        for a, b, w in (("x", "h", "w"), ("h", "y", "v"))
        for i in (1, 2)
        for j in (1, 2)
    ]
    return Diagram(tuple(vertices), tuple(edges))


def rnn(steps: int) -> Diagram:
    """A recurrent network, unrolled."""
    vertices, edges = [Vertex("h0", "h_0", "plain", 0, 1)], []
    for t in range(1, steps + 1):
        vertices.append(Vertex(f"x{t}", f"x_{t}", column=t, row=2, shaded=True))
        vertices.append(Vertex(f"h{t}", f"h_{t}", "box", t, 1))
        vertices.append(Vertex(f"y{t}", rf"\hat y_{t}", column=t, row=0))
        edges.append(Edge(f"h{t - 1}", f"h{t}", "w_h"))
        edges += [Edge(f"x{t}", f"h{t}", "w_x"), Edge(f"h{t}", f"y{t}", "w_y")]
    return Diagram(tuple(vertices), tuple(edges))


def lstm() -> Diagram:
    """An LSTM cell as a computational graph without places."""
    vertices = [Vertex("x", "x_t"), Vertex("h", "h_{t-1}"), Vertex("c", "c_{t-1}")]
    vertices.append(Vertex("s", "+"))
    edges = [Edge("x", "s"), Edge("h", "s")]
    for gate in "figo":
        vertices += [Vertex(f"w{gate}", f"w_{gate}", "plain"), Vertex(f"b{gate}", "b", "plain")]
        vertices += [Vertex(f"m{gate}", r"\times"), Vertex(f"p{gate}", "+")]
        vertices.append(Vertex(gate, r"\sigma", "box"))
        edges += [Edge("s", f"m{gate}"), Edge(f"w{gate}", f"m{gate}")]
        edges += [Edge(f"m{gate}", f"p{gate}"), Edge(f"b{gate}", f"p{gate}")]
        edges.append(Edge(f"p{gate}", gate))
    vertices += [Vertex(v, r"\times") for v in "abe"]
    vertices += [Vertex("n", "+"), Vertex("d", r"\tanh", "box")]
    vertices += [Vertex("cp", "c_t", "plain"), Vertex("hp", "h_t", "plain")]
    edges += [Edge("f", "a", "f_t"), Edge("c", "a"), Edge("i", "b", "i_t")]
    edges += [Edge("g", "b", r"\tilde c_t"), Edge("a", "n", "a"), Edge("b", "n", "b")]
    edges += [Edge("n", "d"), Edge("n", "cp"), Edge("d", "e", "d"), Edge("o", "e", "o_t")]
    return Diagram(tuple(vertices), (*edges, Edge("e", "hp")))


def residual() -> Diagram:
    """A skip edge over two layers, two heads, parameters without a place."""
    vertices = (
        Vertex("x", "x", column=0, row=0),
        Vertex("f", r"\mathrm{ReLU}", "box", 1, 0),
        Vertex("m", r"\times", column=2, row=0),
        Vertex("a", "+", column=3, row=0),
        Vertex("y1", "y_1", column=4, row=-0.5),
        Vertex("y2", "y_2", column=4, row=0.5),
        Vertex("w", "w", "plain"),
    )
    edges = (
        Edge("x", "f"),
        Edge("f", "m", "z"),
        Edge("m", "a", "r"),
        Edge("x", "a", r"\text{skip}", bend=0.9),
        Edge("a", "y1", "v_1"),
        Edge("a", "y2", "v_2"),
        Edge("w", "m"),
    )
    return Diagram(vertices, edges)


def circuit() -> Diagram:
    """L = tanh(a b + c + a) with a used twice."""
    vertices = tuple(Vertex(v, v) for v in ("a", "b", "c", "m", "s", "t", "L"))
    pairs = [("a", "m"), ("b", "m"), ("m", "s"), ("c", "s"), ("a", "s"), ("s", "t"), ("t", "L")]
    return Diagram(vertices, tuple(Edge(a, b, a) for a, b in pairs))


DIAGRAMS = {
    "mlp": mlp(),
    "rnn2": rnn(2),
    "rnn3": rnn(3),
    "lstm": lstm(),
    "residual": residual(),
    "circuit": circuit(),
}


@pytest.fixture(params=sorted(DIAGRAMS))
def drawn(request: pytest.FixtureRequest) -> Scene:
    """Every figure of this module in turn."""
    return scene(DIAGRAMS[request.param], WIDTH)


def edge_labels(drawn: Scene) -> tuple[Label, ...]:
    """The labels of arrows: those whose middle is in no shape."""
    return tuple(
        label
        for label in drawn.labels
        if not any(o.contains(middle(label.bounds)) for o in drawn.outlines)
    )


def middle(area: Rectangle) -> tuple[float, float]:
    """The middle of a rectangle."""
    return (area.left + area.right) / 2, (area.bottom + area.top) / 2


def test_labels_do_not_overlap_each_other(drawn: Scene) -> None:
    """No two labels of a figure share any area."""
    boxes = [label.bounds for label in drawn.labels]
    assert boxes
    assert [a.overlap(b) for i, a in enumerate(boxes) for b in boxes[:i] if a.overlap(b)] == []


def test_labels_of_arrows_keep_clear_of_shapes(drawn: Scene) -> None:
    """The label of an arrow covers no vertex."""
    labels = edge_labels(drawn)
    hit = [lab for lab in labels for o in drawn.outlines if lab.bounds.overlap(o.bounds) > 0.5]
    assert hit == []


def test_labels_are_struck_by_no_line_but_their_own(drawn: Scene) -> None:
    """A line runs through a label only where that label is drawn on white, on its own line."""
    for label in edge_labels(drawn):
        struck = [
            arrow
            for arrow in drawn.arrows
            if any(
                label.bounds.touches(a, b)
                for a, b in zip(arrow.points, arrow.points[1:], strict=False)
            )
        ]
        assert len(struck) == int(label.knocked_out)


def test_shapes_do_not_overlap(drawn: Scene) -> None:
    """No two vertices share any area."""
    boxes = [shape.bounds for shape in drawn.outlines]
    assert all(a.overlap(b) == 0.0 for i, a in enumerate(boxes) for b in boxes[:i])


def test_figure_fits_its_frame(drawn: Scene) -> None:
    """The scene is no wider than asked for, and all of it is inside."""
    assert drawn.width <= WIDTH
    frame = Rectangle(0.0, 0.0, drawn.width, drawn.height)
    for area in [*(o.bounds for o in drawn.outlines), *(t.bounds for t in drawn.labels)]:
        size = (area.right - area.left) * (area.top - area.bottom)
        assert area.overlap(frame) == pytest.approx(size)


def test_arrows_end_on_a_border(drawn: Scene) -> None:
    """The tip of every arrow touches a shape and does not enter it."""
    for arrow in drawn.arrows:
        tip, before = arrow.points[-1], arrow.points[-2]
        length = math.dist(tip, before)
        ahead = tuple(t + 0.1 * (t - b) / length for t, b in zip(tip, before, strict=True))
        assert not any(o.contains(tip) for o in drawn.outlines)
        assert any(o.contains((ahead[0], ahead[1])) for o in drawn.outlines)


def test_label_evades_shapes_and_labels() -> None:
    """With its middle taken a label moves along its arrow; two on one line keep apart."""
    line = ((0.0, 0.0), (200.0, 0.0))
    box = layout("w_{11}", 9.0)
    taken = Rectangle(70.0, -30.0, 130.0, 30.0)
    found = [lab for lab in placed_labels([line, line], [box, box], [taken]) if lab]
    assert len(found) == 2
    assert all(lab.bounds.overlap(taken) == 0.0 for lab in found)
    assert found[0].bounds.overlap(found[1].bounds) == 0.0


def test_given_places_are_kept() -> None:
    """Columns run to the right, rows down."""
    found = {(round(o.x), round(o.y)) for o in scene(mlp(), WIDTH).outlines}
    xs, ys = sorted({x for x, _ in found}), sorted({y for _, y in found})
    assert (len(xs), len(ys), len(found)) == (3, 2, 6)
    first, second = scene(mlp(), WIDTH).outlines[:2]
    assert first.y > second.y


def test_state_arrows_run_from_left_to_right() -> None:
    """In an unrolled network time goes to the right."""
    drawn = scene(rnn(3), WIDTH)
    level = [a.points for a in drawn.arrows if abs(a.points[0][1] - a.points[-1][1]) < 0.1]
    assert len(level) == 3
    assert all(points[0][0] < points[-1][0] for points in level)


def test_skip_edge_passes_above() -> None:
    """A positive bend lifts an arrow to the right; parameters hang on the other side."""
    drawn = scene(residual(), WIDTH)
    skip = next(a for a in drawn.arrows if len(a.points) > 2)
    straight = drawn.outlines[0].y
    parameter = next(o for o in drawn.outlines if o.kind == "plain")
    assert max(y for _, y in skip.points) > straight + 20
    assert parameter.y < straight


def test_layered_drawing_runs_to_the_right() -> None:
    """In a drawing without places no arrow runs back."""
    for name in ("lstm", "circuit"):
        arrows = scene(DIAGRAMS[name], WIDTH).arrows
        assert all(a.points[-1][0] >= a.points[0][0] - 0.1 for a in arrows)


def test_layered_ranks_and_crossings() -> None:
    """Ranks follow the longest path, and two links that need not cross do not."""
    found = layered(["a", "b", "c", "d"], [("a", "d"), ("b", "c")])
    assert found.ranks == {"a": 0, "b": 0, "c": 1, "d": 1}
    assert (found.rows["a"] < found.rows["b"]) == (found.rows["d"] < found.rows["c"])


def test_layered_drawing_survives_a_cycle() -> None:
    """A link that closes a cycle is left out of the ranks."""
    assert layered(["a", "b"], [("a", "b"), ("b", "a")]).ranks == {"a": 0, "b": 1}


def test_rows_are_symmetric_and_apart() -> None:
    """One vertex between two stands in the middle; neighbours in a layer keep their distance."""
    rows = straight_rows([["a", "b"], ["c"]], {"a": ["c"], "b": ["c"]}, {})
    assert rows["b"] - rows["a"] == pytest.approx(1.0, abs=1e-3)
    assert rows["c"] == pytest.approx((rows["a"] + rows["b"]) / 2, abs=1e-3)


def test_chain_is_straight() -> None:
    """Vertices that only feed each other share a row."""
    rows = straight_rows([["a", "x"], ["b", "y"]], {"a": ["b"], "x": ["y"]}, {})
    assert rows["a"] == rows["b"]
    assert rows["x"] == rows["y"] > rows["a"]


@pytest.mark.parametrize(
    "diagram",
    [
        Diagram((), ()),
        Diagram((Vertex("a", ""),), ()),
        Diagram((Vertex("a", "a"),), (Edge("a", "a", "w"),)),
        Diagram((Vertex("a", "a"), Vertex("b", "b")), (Edge("a", "b"), Edge("b", "a"))),
        Diagram((Vertex("a", "a", column=0, row=0), Vertex("b", "b", column=0, row=0)), ()),
        Diagram((Vertex("d", "d", "dot"), Vertex("b", "b", "box")), (Edge("d", "b"),)),
    ],
)
def test_odd_diagrams_are_drawn(diagram: Diagram) -> None:
    """Nothing, one vertex, loops, cycles and coinciding places give a figure of finite size."""
    drawn = scene(diagram, WIDTH)
    assert math.isfinite(drawn.width * drawn.height)
    assert len(drawn.outlines) == len(diagram.vertices)
    assert len(drawn.arrows) == len(diagram.edges)


def test_loop_leaves_its_shape() -> None:
    """An arrow from a vertex to itself is seen outside of it."""
    drawn = scene(Diagram((Vertex("a", "a"),), (Edge("a", "a"),)), WIDTH)
    assert max(x for x, _ in drawn.arrows[0].points) > drawn.outlines[0].bounds.right + 5


def test_bad_label_is_refused() -> None:
    """A label that cannot be read is an error of the author."""
    with pytest.raises(ExamgenError, match="unknown command"):
        scene(Diagram((Vertex("a", r"\foo"),), ()), WIDTH)


def test_polylines() -> None:
    """Points along a line, a shortened line and a rounded corner."""
    corner = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0))
    assert along(corner, 0.75) == ((10.0, 5.0), (0.0, 1.0))
    assert shortened(corner, 12.0)[-1] == pytest.approx((8.0, 0.0))
    assert corner[1] not in rounded(corner)
