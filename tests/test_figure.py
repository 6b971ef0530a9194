"""Schematic figures: every shape, arrow and label has its own place."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import pytest
from conftest import of_the_bank
from hypothesis import given, settings
from hypothesis import strategies as st

from examgen.bank import bank_ids
from examgen.diagrams import diagram
from examgen.errors import ExamgenError
from examgen.figure import Scene, Stroke, scene
from examgen.figure.geometry import Rectangle
from examgen.figure.labels import Line, label_spots
from examgen.figure.layers import layered
from examgen.figure.paths import polyline, rounded, shortened, without
from examgen.figure.rows import straight_rows
from examgen.sheet import Diagram, Edge, Frame, Vertex
from tests.figure_collisions import collisions, text

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


def test_nothing_collides(drawn: Scene) -> None:
    """Labels, vertices and arrows keep clear of each other and of the edge."""
    assert drawn.labels
    assert collisions(drawn) == []


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
    line = Line(((0.0, 0.0), (200.0, 0.0)), "", (16.0, 8.0))
    other = Line(((0.0, 30.0), (200.0, 30.0)), "", (16.0, 40.0))
    taken = Rectangle(70.0, -30.0, 130.0, 50.0)
    (one, two), trouble, _ = label_spots([line, other], [taken])
    assert one
    assert two
    assert trouble == 0
    assert one.area.overlap(taken) == two.area.overlap(taken) == 0.0
    assert one.area.overlap(two.area) == 0.0


def test_labels_of_one_bundle_keep_in_step() -> None:
    """Parallel arrows have their labels at the same share of their length."""
    lines = [Line(((0.0, y), (100.0, y + 60.0)), "", (14.0, 8.0)) for y in (0.0, 40.0, 80.0)]
    spots, trouble, _ = label_spots(lines, [Rectangle(40.0, 0.0, 60.0, 150.0)])
    assert trouble == 0
    lefts = [spot.area.left for spot in spots if spot]
    assert lefts == pytest.approx([lefts[0]] * 3)


def test_label_that_has_no_room_is_trouble() -> None:
    """Where everything is taken a label is placed all the same, and it is said."""
    line = Line(((0.0, 0.0), (50.0, 0.0)), "", (16.0, 8.0))
    (spot,), trouble, _ = label_spots([line], [Rectangle(-90.0, -90.0, 90.0, 90.0)])
    assert spot
    assert trouble > 0


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
    """A positive bend lifts an arrow that runs to the right."""
    drawn = scene(residual(), WIDTH)
    skip = next(a for a in drawn.arrows if len(a.points) > 2)
    straight = drawn.outlines[0].y
    assert max(y for _, y in skip.points) > straight + 20


def test_layered_drawing_runs_to_the_right() -> None:
    """In a drawing without places no arrow runs back."""
    for name in ("lstm", "circuit"):
        arrows = scene(DIAGRAMS[name], WIDTH).arrows
        assert all(a.points[-1][0] >= a.points[0][0] - 0.1 for a in arrows)


def test_layered_ranks_and_crossings() -> None:
    """Ranks follow the longest path, and two links that need not cross do not."""
    found = layered(["a", "b", "c", "d"], [("a", "d"), ("b", "c")])
    assert found.ranks == {"a": 0, "b": 0, "c": 1, "d": 1}
    rows = found.rows({})
    assert (rows["a"] < rows["b"]) == (rows["d"] < rows["c"])


def test_layered_drawing_survives_a_cycle() -> None:
    """A link that closes a cycle is left out of the ranks."""
    assert layered(["a", "b"], [("a", "b"), ("b", "a")]).ranks == {"a": 0, "b": 1}


def test_rows_are_symmetric_and_apart() -> None:
    """One vertex between two stands in the middle; neighbours in a layer keep their distance."""
    room = {"a": (0.5, 1.0), "b": (2.0, 0.5)}
    rows = straight_rows([["a", "b"], ["c"]], {"a": ["c"], "b": ["c"]}, room)
    assert rows["b"] - rows["a"] == pytest.approx(3.0, abs=1e-2)
    assert rows["c"] == pytest.approx((rows["a"] + rows["b"]) / 2, abs=1e-2)


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


def test_paths() -> None:
    """A shortened line, a rounded corner, and a gap."""
    corner = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0))
    assert shortened(polyline(corner), 2.0).end == pytest.approx((10.0, 8.0), abs=1e-3)
    assert corner[1] not in rounded(corner).points
    before, after = without(polyline(corner), Rectangle(4.0, -1.0, 6.0, 1.0).contains)
    assert before.end == pytest.approx((4.0, 0.0), abs=1e-3)
    assert after.start == pytest.approx((6.0, 0.0), abs=1e-3)
    assert polyline(corner).reversed().points == corner[::-1]


# --- more of them --------------------------------------------------------------------------------


def network(*layers: int) -> Diagram:
    """A wide multilayer perceptron with a weight on every arrow."""
    vertices = [
        Vertex(f"{k}:{i}", f"h^{{({k})}}_{i}", column=k, row=i - (width - 1) / 2)
        for k, width in enumerate(layers)
        for i in range(width)
    ]
    edges = [
        Edge(f"{k}:{j}", f"{k + 1}:{i}", f"w_{{{i + 1}{j + 1}}}")
        for k in range(len(layers) - 1)
        for i in range(layers[k + 1])
        for j in range(layers[k])
    ]
    return Diagram(tuple(vertices), tuple(edges))


@pytest.mark.parametrize("layers", [(2, 4, 4, 2), (5, 6, 5), (3, 4, 2), (4, 1, 4)])
def test_wide_networks(layers: tuple[int, ...]) -> None:
    """Every weight of a wide network has its place, and they fit a page."""
    drawn = scene(network(*layers), WIDTH)
    assert collisions(drawn) == []
    assert drawn.width <= WIDTH
    assert drawn.height <= 300


def every_structure() -> Iterator[Diagram]:
    """The default figure of every structure of every template of the bank."""
    for name in bank_ids():
        yield from (diagram(template.quantities) for template in of_the_bank(name))


def test_figures_of_the_bank() -> None:
    """Nothing collides in any figure of the bank, with any structure."""
    figures = set(every_structure())
    assert len(figures) > 30
    assert {d.alternative: found for d in figures if (found := collisions(scene(d, WIDTH)))} == {}


def test_figures_of_the_bank_are_compact_and_readable() -> None:
    """At most a third of a page of A4, in type of 8 points and more."""
    for figure in set(every_structure()):
        drawn = scene(figure, WIDTH)
        assert drawn.height <= 841.9 / 3, figure.alternative
        sizes = [max(run.size for run in label.box.runs) for label in drawn.labels]
        assert min(sizes) >= 8.0 * 0.92, figure.alternative


@pytest.mark.parametrize("width", [300.0, 495.0])
def test_figures_of_the_bank_on_other_pages(width: float) -> None:
    """Nothing collides on a wider page, nor in large print."""
    figures = {diagram(of_the_bank(name)[0].quantities) for name in bank_ids()}
    assert {d.alternative: f for d in figures if d and (f := collisions(scene(d, width)))} == {}


def test_circles_are_alike_and_signs_smaller() -> None:
    """A long name makes all circles larger, but for those of signs; one too long only its own."""
    names = (Vertex("a", "x"), Vertex("b", r"\mathrm{net}_1"), Vertex("c", "+"))
    a, b, sign = scene(Diagram(names, ()), WIDTH).outlines
    assert a.half_width == b.half_width > sign.half_width
    long = (*names, Vertex("d", "abcdefgh"))
    a, b, sign, d = scene(Diagram(long, ()), WIDTH).outlines
    assert a.half_width == b.half_width < d.half_width


def test_labels_keep_off_frames() -> None:
    """A label that would stand on the side of a frame moves along its arrow."""
    vertices = (Vertex("a", "a", column=0, row=0), Vertex("b", "b", column=1, row=0))
    edge = (Edge("a", "b", "w"),)
    middle = scene(Diagram(vertices, edge), WIDTH).labels[0].bounds
    frame = Frame(-0.5, -0.5, 0.5, 0.5)
    drawn = scene(Diagram(vertices, edge, "", (frame,)), WIDTH)
    assert middle.left > 0.0
    assert collisions(drawn) == []


@st.composite
def random_diagrams(draw: st.DrawFn) -> Diagram:
    """A graph with parameters and labels; each vertex reads a few of those before it."""
    count = draw(st.integers(2, 14))
    vertices = [Vertex("v0", "x", shaded=True)]
    edges = []
    for i in range(1, count):
        shape = draw(st.sampled_from(["circle", "box", "pill"]))
        vertices.append(Vertex(f"v{i}", draw(st.sampled_from(["+", r"\times", r"\tanh"])), shape))
        reads = draw(st.sets(st.integers(max(0, i - 4), i - 1), min_size=1, max_size=2))
        label = draw(st.sampled_from(["", "", "z_{11}", "h"]))
        edges += [Edge(f"v{j}", f"v{i}", label) for j in sorted(reads)]
        if draw(st.booleans()):
            vertices.append(Vertex(f"w{i}", f"w_{i}", "plain"))
            edges.append(Edge(f"w{i}", f"v{i}"))
    return Diagram(tuple(vertices), tuple(edges))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(random_diagrams())
def test_random_graphs(graph: Diagram) -> None:
    """Nothing collides in the figure of a random graph."""
    assert collisions(scene(graph, WIDTH)) == []


def test_variants_share_their_plan() -> None:
    """With other numbers everything stays where it is; only labels are set anew."""

    def numbered(digit: int) -> Scene:
        edges = tuple(replace(edge, label=f"0.{digit}") for edge in mlp().edges)
        return scene(replace(mlp(), edges=edges), WIDTH)

    assert numbered(3).arrows is numbered(5).arrows
    assert numbered(3).labels != numbered(5).labels


def test_frame_holds_what_is_in_it() -> None:
    """A frame lies behind, as large as its places say, with its label inside."""
    frame = Frame(-0.5, -0.6, 2.5, 1.6, r"\text{cell}")
    drawn = scene(replace(mlp(), frames=(frame,)), WIDTH)
    (panel,) = drawn.frames
    assert next(drawn.ink) is panel
    inside = [label for label in drawn.labels if text(label) == "cell"]
    assert panel.area.overlap(inside[0].bounds) > 0
    assert inside[0].bounds.left < panel.area.left + 10
    assert inside[0].bounds.top > panel.area.top - 10


def test_arrow_as_its_author_leads_it() -> None:
    """`via` with rounded corners, dashes, and no head."""
    vertices = (Vertex("a", "a", "pill", 0, 0), Vertex("b", "b", "box", 2, 0))
    edge = Edge("a", "b", via=((0, 1), (2, 1)), dashed=True, head=False)
    arrow = scene(Diagram(vertices, (edge,)), WIDTH).arrows[0]
    (stroke,) = arrow.ink
    assert isinstance(stroke, Stroke)
    assert stroke.dashed
    assert [len(piece) for piece in stroke.path.pieces] == [1, 3, 1, 3, 1]


def test_arrow_goes_around_a_vertex_in_its_way() -> None:
    """A straight arrow that would run through a vertex is bent."""
    vertices = tuple(Vertex(n, n, column=i, row=0) for i, n in enumerate("abc"))
    drawn = scene(Diagram(vertices, (Edge("a", "c", "s"), Edge("a", "b"), Edge("b", "c"))), WIDTH)
    assert collisions(drawn) == []
    assert len(drawn.arrows[0].points) > 2


def test_collisions_are_found() -> None:
    """The check of these tests sees what it is for."""
    drawn = scene(network(2, 2), WIDTH)
    first, second = drawn.outlines[:2]
    assert collisions(replace(drawn, outlines=(replace(first, x=second.x, y=second.y), second)))
    assert collisions(replace(drawn, width=drawn.width - 20))
    label = replace(drawn.labels[0], x=drawn.labels[1].x, baseline=drawn.labels[1].baseline)
    assert collisions(replace(drawn, labels=(label, *drawn.labels[1:])))
    turned = replace(drawn.labels[0], knocked_out=not drawn.labels[0].knocked_out)
    assert collisions(replace(drawn, labels=(turned,)))
