"""Figures: the right picture for each graph, every dependency in it, and words for each vertex."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from itertools import combinations, pairwise

import pytest

from examgen.bank import bank_ids, find_template, find_templates
from examgen.diagrams import diagram
from examgen.diagrams.gates import gru_of, lstm_of
from examgen.diagrams.general import operations_graph, quantities_graph
from examgen.diagrams.hints import quantity
from examgen.diagrams.layers import layers_of
from examgen.diagrams.subject import Subject, leaves, original, subject_of
from examgen.diagrams.unrolled import shown_steps
from examgen.equations import equations
from examgen.errors import ExamgenError
from examgen.figure import scene
from examgen.figure_field import FigureField, Kind
from examgen.nodes import COPY
from examgen.ops import PORTS
from examgen.quantities import Quantities
from examgen.sheet import Diagram, Edge, Vertex
from examgen.template import Template, parse_template
from examgen.typeset import plain
from examgen.typeset.speech import speech
from tests.figure_collisions import collisions, touches

GRAPHS = {
    "mlp": "{topology: mlp, layers: [3, 4, 2]}",
    "wide": "{topology: mlp, layers: [2, 6, 6, 1], activation: sigmoid}",
    "deep": "{topology: mlp, layers: [1, 1, 1, 1], activation: tanh, loss: squared_error}",
    "softmax": "{topology: mlp, layers: [2, 3], activation: [softmax], loss: cross_entropy}",
    "one hidden name": "{topology: formulas, formulas: {h: relu(w*x + b), L: (h - y)^2}}",
    "elman": "{topology: elman, steps: 3}",
    "long elman": "{topology: elman, steps: 9, bias: true}",
    "elman at the end": "{topology: elman, steps: 3, loss_at: last, activation: relu}",
    "wide elman": "{topology: elman, steps: 3, inputs: 2, hidden: 2, bias: true}",
    "lstm": "{topology: lstm, steps: 2}",
    "separate lstm": "{topology: lstm, steps: 2, weights: separate, bias: true, output: linear}",
    "gru": "{topology: gru, steps: 2, bias: true}",
    "old gru": "{topology: gru, steps: 2, update: old, output: sigmoid}",
    "indexed": (
        "{topology: formulas, formulas: {'h[i]': 'relu(w[i]*x)', L: 'sum(h[i])'}, index: {i: 3}}"
    ),
    "operators": "{topology: formulas, formulas: {a: 'exp(x)', b: 'a/(1 + a)', L: 'max(b, y)^3'}}",
    "no inputs": "{topology: formulas, formulas: {q: w*v, L: q^2}}",
    "twice": "{topology: formulas, formulas: {q: w*x, r: q*q, s: r + r, L: s*x}}",
    "names": "{topology: formulas, formulas: {alpha_1: x*w_out, long: tanh(alpha_1), L: long^2}}",
    "by step": (
        "{topology: formulas, formulas: {'h[t]': 'tanh(w*x[t])', L: 'sum(h[t])'}, index: {t: 3}}"
    ),
    "softmaxes": (
        "{topology: formulas, formulas: {'p[i]': 'softmax(z[i], z[1], z[2])', "
        "'z[i]': 'u[i]*x', L: '-log(p[1])'}, index: {i: 2}}"
    ),
    "two states": (
        "{topology: recurrent_cell, steps: 4, state: {h: h_0, c: c_0}, "
        "step: {'h[t]': 'tanh(h[t-1]*w + x[t])', 'c[t]': 'c[t-1] + h[t]'}, loss: 'c[4]^2'}"
    ),
    "own lstm": (
        "{topology: recurrent_cell, steps: 2, state: {m: m_0, s: s_0}, step: {"
        "'a[t]': 'sigmoid(w_a*x[t] + u_a*s[t-1])', 'k[t]': 'sigmoid(w_k*x[t] + u_k*s[t-1])', "
        "'g[t]': 'tanh(w_g*x[t] + u_g*s[t-1])', 'r[t]': 'sigmoid(w_r*x[t] + u_r*s[t-1])', "
        "'m[t]': 'k[t]*g[t] + m[t-1]*a[t]', 's[t]': 'r[t]*tanh(m[t])'}, loss: '(s[2] - y)^2'}"
    ),
}


def template_with(graph: str, figure: str = "true") -> Template:
    """A template with this graph and this `figure:`."""
    text = (
        f"id: x\ntitle: T\ngraph: {graph}\nfigure: {figure}\n"
        "sample: {'*': {from: -1, to: 1, step: 0.5}}\n"
        "parts: [{ask: Compute., answers: L, points: 1}]\n"
    )
    return parse_template(text, "x.yaml")


@cache
def quantities_of(name: str) -> Quantities:
    """The graph of a question of the bank, or one of those above."""
    return (template_with(GRAPHS[name]) if name in GRAPHS else find_template(name)).quantities


def subject(name: str) -> Subject:
    """What the figure of a graph is about."""
    return subject_of(quantities_of(name))


def drawn(name: str, language: str = "en", **fields: object) -> Diagram:
    """The figure of a graph, as its rules or these fields have it."""
    found = diagram(quantities_of(name), language, FigureField.model_validate(fields))
    assert found is not None
    return found


every_graph = pytest.mark.parametrize("name", [*bank_ids(), *GRAPHS])


def sound(figure: Diagram) -> None:
    """No dangling arrow, no vertex or arrow twice, every label can be set, all placed or none."""
    ids = [vertex.id for vertex in figure.vertices]
    arrows = [(edge.source, edge.target) for edge in figure.edges]
    assert len(set(ids)) == len(ids) > 0
    assert {place for arrow in arrows for place in arrow} <= set(ids)
    assert len(set(arrows)) == len(arrows)
    for label in [*(v.label for v in figure.vertices), *(e.label for e in figure.edges)]:
        assert plain(label) or not label
    placed = [vertex.column is not None for vertex in figure.vertices if vertex.shape != "plain"]
    assert all(placed) or not any(placed)


@every_graph
def test_figures_by_rule_are_sound(name: str) -> None:
    """What is not an explanation beside the picture is connected to something."""
    figure = drawn(name)
    sound(figure)
    assert 0.0 < scene(figure, 460.0).width <= 480.0
    linked = {end for edge in figure.edges for end in (edge.source, edge.target)}
    loose = {vertex.id for vertex in figure.vertices} - linked
    assert all(name == "=" or name.endswith(" function") for name in loose)


def with_other_graphs() -> list[str]:
    """The questions of the bank whose structures differ in their graphs."""
    folder = files("question_bank")
    texts = {name: (folder / f"{name}.yaml").read_text("utf-8") for name in bank_ids()}
    graphs = {name: text.partition("\ngraph:")[2] for name, text in texts.items()}
    return [name for name, graph in graphs.items() if "<" in graph.partition("\nsample:")[0]]


@pytest.mark.parametrize("name", bank_ids())
def test_figures_have_words_in_both_languages(name: str) -> None:
    """The words differ, the picture does not."""
    english, german = drawn(name), drawn(name, "de")
    assert (english.vertices, english.edges) == (german.vertices, german.edges)
    assert english.alternative != german.alternative


@pytest.mark.parametrize("name", [one for one in with_other_graphs() if "spotting" not in one])
def test_all_structures_have_figures(name: str) -> None:
    """Whatever is chosen."""
    templates = find_templates(name)
    assert len(templates) > 1
    for template in templates:
        figure = diagram(template.quantities)
        assert figure is not None
        sound(figure)


# --- the general picture shows the graph -------------------------------------------------------


def used(graph: Subject, name: str) -> set[str]:
    """The quantities that one is computed from, behind copies and ports."""
    found = set()
    for leaf in leaves(graph.values[name]):
        source = original(leaf)
        found.add(source.name or "")
    return found


def named(edge: Edge, graph: Subject) -> set[str]:
    """The quantities that an arrow from a softmax speaks of, all of which one box computes."""
    return {name for name in graph.names if graph.tex(name) in edge.label.split(r",\,")}


def led(figure: Diagram, target: str, graph: Subject) -> set[str]:
    """The quantities that arrows lead from to a vertex, through operations without a name."""
    found: set[str] = set()
    for edge in figure.edges:
        nameless = ":" in edge.source or edge.source.endswith(" function")
        if edge.target == target and nameless and " at " not in edge.source:
            found |= led(figure, edge.source, graph)
        elif edge.target == target:
            found.add(quantity(edge.source))
            found |= named(edge, graph) if r"\," in edge.label else set()
    return found | weights(figure, target, graph)


def weights(figure: Diagram, target: str, graph: Subject) -> set[str]:
    """The weights on the arrows to a unit, which is a circle with its own symbol."""
    symbols = {vertex.id: vertex.label for vertex in figure.vertices}
    if target not in graph.values or symbols.get(target) != graph.tex(target):
        return set()
    labels = {edge.label for edge in figure.edges if edge.target == target}
    return {name for name in used(graph, target) if graph.tex(name) in labels}


@every_graph
def test_a_graph_of_operations_shows_every_dependency_and_no_other(name: str) -> None:
    """Each quantity is led to from just what its definition speaks of."""
    graph = subject(name)
    figure = operations_graph(graph, "en")
    sound(figure)
    ids = {vertex.id for vertex in figure.vertices}
    for one in graph.names:
        if graph.values[one].op is not COPY and one in ids:
            constants = {found for found in led(figure, one, graph) if found not in graph.values}
            assert led(figure, one, graph) - constants == used(graph, one)


@every_graph
def test_a_graph_of_quantities_shows_every_dependency_and_no_other(name: str) -> None:
    """An arrow for each name that a definition speaks of."""
    graph = subject(name)
    figure = quantities_graph(graph, "en")
    sound(figure)
    shown = {(quantity(edge.source), edge.target) for edge in figure.edges}
    there = {(leaf.name, one) for one in graph.names for leaf in leaves(graph.values[one])}
    assert shown == there


@every_graph
def test_every_quantity_is_in_the_graph_of_operations(name: str) -> None:
    """On an arrow or in a vertex, by its symbol."""
    graph = subject(name)
    figure = operations_graph(graph, "en")
    labels = {v.label for v in figure.vertices}
    labels |= {label for edge in figure.edges for label in edge.label.split(r",\,")}
    for one in graph.names:
        assert graph.tex(one) in labels or graph.values[one].op is COPY


IN_WORDS = {
    "adam-two-steps", "attention-two-tokens", "batch-norm-backward", "layer-norm",
    "momentum-two-steps", "rmsprop-step",
}  # fmt: skip
"""Questions whose stems say what is computed."""


def test_only_some_questions_say_all_in_words() -> None:
    """The others have their equations on the paper, and a figure."""
    files = {name: find_template(name).file for name in bank_ids()}
    assert {name for name, file in files.items() if not file.equations} == IN_WORDS


@pytest.mark.parametrize("name", sorted(set(bank_ids()) - IN_WORDS))
def test_what_is_given_and_asked_is_seen(name: str) -> None:
    """In the figure or the equations."""
    template = find_template(name)
    figure = diagram(template.quantities, "en", template.file.figure)
    assert figure is not None
    labels = [v.label for v in figure.vertices] + [edge.label for edge in figure.edges]
    text = " ".join([*labels, *equations(template.quantities)])
    symbols = template.quantities.symbols
    forward = set(template.quantities.values) - {template.quantities.learning_rate}
    seen = {n for n in forward if symbols.tex(n) in text or symbols.at_step(1).tex(n) in text}
    over_time = {n for n in forward if n.endswith("]") and template.quantities.blueprint.initial}
    assert forward - over_time <= seen | set(template.quantities.derived)


def of_quantities(figure: Diagram, graph: Subject) -> list[Vertex]:
    """The vertices that stand for quantities by their symbols."""
    plain_symbols = {
        symbols.tex(name)
        for name in graph.values
        for symbols in (graph.symbols, graph.quantities.symbols)
    }
    return [vertex for vertex in figure.vertices if vertex.label in plain_symbols]


@every_graph
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_alternative_names_every_vertex(name: str, language: str) -> None:
    """Whoever cannot see the picture hears of all that is in it."""
    graph = subject(name)
    for figure in (drawn(name, language), operations_graph(graph, language)):
        for vertex in of_quantities(figure, graph):
            assert speech(vertex.label, language) in figure.alternative


@every_graph
def test_the_alternative_of_a_cell_has_all_weights(name: str) -> None:
    """Labels of arrows are named as well as those of vertices."""
    figure = drawn(name)
    parameters = {
        graph_name
        for edge in figure.edges
        if (graph_name := edge.label) and graph_name.startswith(("w", "u"))
    }
    for label in parameters:
        assert speech(label) in figure.alternative


def test_alternatives_say_what_stands_over_a_letter() -> None:
    """A normalised value is not heard as the value."""
    assert "x hat sub 1 from c sub 1, r;" in drawn("batch-norm-backward").alternative
    assert "x Dach Index 1 aus c Index 1, r;" in drawn("batch-norm-backward", "de").alternative


# --- which picture -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "mlp-2-2-2", "mazur-network", "mlp-leaky-relu", "tied-autoencoder", "convolution-1d",
        "mlp", "deep", "softmax", "one hidden name", "wide elman",
    ],
)  # fmt: skip
def test_layers_are_drawn_as_layers(name: str) -> None:
    """In columns, data at the left, each arrow to the right with its weight beside it."""
    graph = subject(name)
    layers = layers_of(graph)
    assert layers is not None
    places = {vertex.id: vertex.column for vertex in drawn(name).vertices}
    labels = {(edge.source, edge.label) for edge in drawn(name).edges}
    for units in layers.units:
        for unit in units:
            for source, weight in unit.taken.terms:
                assert (source, graph.tex(weight)) in labels
                assert (places[source] or 0.0) < (places[unit.name] or 0.0)
    assert {places[name] for name in layers.inputs} == {0.0}


@pytest.mark.parametrize(
    "name",
    ["siamese-shared-weights", "residual-two-skips", "scalar-circuit-fan-out", "operators",
     "modified-recurrent-cell", "lstm", "no inputs"],
)  # fmt: skip
def test_other_graphs_have_no_layers(name: str) -> None:
    """Arrows that skip, products of units, sums used twice: no network."""
    assert layers_of(subject(name)) is None


@pytest.mark.parametrize(
    "name", ["mlp", "softmax", "softmaxes", "one hidden name", "max-pooling", "mazur-network"]
)
def test_layers_show_every_dependency_and_no_other(name: str) -> None:
    """A softmax has arrows from all logits, a nameless function stands for its arguments."""
    graph, figure = subject(name), drawn(name)
    for one in (name for name in graph.names if name in {v.id for v in figure.vertices}):
        node = graph.values[one]
        weighted = {
            quantity(name)
            for edge in figure.edges
            if edge.target in (one, f"{one} function")
            for name in graph.values
            if graph.tex(name) == edge.label
        }
        assert led(figure, one, graph) | weighted >= used(graph, one)
        assert led(figure, one, graph) <= used(graph, one), node


def test_biases_hang_and_activations_are_named() -> None:
    """Between pre-activation and unit where there is room, below the layer where there is none."""
    figure = drawn("mlp")
    assert [v.label for v in figure.vertices if v.shape == "box"] == [r"\operatorname{ReLU}"] * 4
    assert {"b1[1] at z1[1]", "b1[4] at z1[4]"} <= {vertex.id for vertex in figure.vertices}
    crowded = drawn("wide")
    assert not any(e.label for e in crowded.edges if e.source.startswith("h1"))
    assert "b1[1] at h1[1]" not in {vertex.id for vertex in crowded.vertices}
    assert not any("sigma" in edge.label for edge in crowded.edges)
    assert [v.label for v in crowded.vertices if v.id.endswith(" function")] == [r"\sigma"] * 2


@pytest.mark.parametrize("name", ["elman", "elman-relu", "elman at the end", "vanishing-gradient"])
def test_recurrent_networks_are_a_loop_and_its_steps(name: str) -> None:
    """The cell, `=`, and each step with the same weights on its arrows."""
    figure = drawn(name)
    (loop,) = (edge for edge in figure.edges if edge.source == edge.target)
    steps = quantities_of(name).blueprint.ranges["t"]
    assert sum(edge.label == loop.label for edge in figure.edges) == 1 + steps
    assert [v.label for v in figure.vertices if v.id == "="] == ["="]
    assert {f"h[{t}]" for t in range(1, steps + 1)} <= {v.id for v in figure.vertices}


def test_losses_stand_at_the_steps_that_have_them() -> None:
    """At every step, or at the last one only; with their targets."""
    each, last = drawn("elman"), drawn("elman at the end")
    assert {"L[1]", "L[2]", "L[3]", "y[2]"} <= {vertex.id for vertex in each.vertices}
    assert [e.source for e in last.edges if e.target == "L"] == ["yhat[3]", "y[3]"]


def test_long_unrolled_networks_leave_steps_out() -> None:
    """The first two, dots, and the last; or as many as the author wants."""
    ids = {vertex.id for vertex in drawn("long elman").vertices}
    assert {"h[1]", "h[2]", "left out", "h[9]"} <= ids
    assert "h[3]" not in ids
    short = {vertex.id for vertex in drawn("long elman", steps=2).vertices}
    assert {"h[1]", "left out", "h[9]"} <= short
    assert "h[2]" not in short
    assert "left out" in drawn("long elman").alternative


@pytest.mark.parametrize(
    ("steps", "most", "shown"),
    [(1, None, (1,)), (4, None, (1, 2, 3, 4)), (5, None, (1, 2, 0, 5)), (6, 5, (1, 2, 3, 4, 0, 6)),
     (3, 1, (1, 0, 3)), (3, 8, (1, 2, 3))],
)  # fmt: skip
def test_steps_that_are_shown(steps: int, most: int | None, shown: tuple[int, ...]) -> None:
    """0 stands for those left out."""
    assert shown_steps(steps, most) == shown


@pytest.mark.parametrize(
    "name", ["lstm", "separate lstm", "own lstm", "lstm-two-steps", "lstm-intermediate-nodes"]
)
def test_lstms_are_recognised_whatever_they_are_called(name: str) -> None:
    """Three gates and a candidate between two lanes, in a frame, each gate's name on its arrow."""
    graph = subject(name)
    cell = lstm_of(graph)
    assert cell is not None
    figure = drawn(name)
    assert len(figure.frames) == 1
    labels = {edge.label for edge in figure.edges}
    for gate in (cell.forget, cell.take, cell.candidate, cell.out):
        assert graph.tex(gate.name or "") in labels
    signs = [vertex.label for vertex in figure.vertices if vertex.shape in ("circle", "pill")]
    assert signs.count(r"\times") == 3
    ids = {vertex.id for vertex in figure.vertices}
    assert {*cell.cells[:1], *cell.hiddens[:1], f"{cell.cells[1]} out"} <= ids
    assert {*cell.data} <= ids


@pytest.mark.parametrize(("name", "keeps"), [("gru", False), ("old gru", True)])
def test_grus_are_recognised_either_way_round(name: str, keeps: bool) -> None:
    """1 - z weighs the old state or the candidate, as the equations have it."""
    cell = gru_of(subject(name))
    assert cell is not None
    assert cell.keeps == keeps
    figure = drawn(name)
    (rest,) = (edge.target for edge in figure.edges if edge.source == "rest")
    assert rest == ("take" if cell.keeps else "keep")
    assert {"z_t", "r_t", r"\tilde{h}_t"} <= {edge.label for edge in figure.edges}


def test_a_cell_with_peepholes_is_drawn_with_them() -> None:
    """Not as an LSTM, whose picture would leave them out."""
    steps = GRAPHS["own lstm"].replace("w_r*x[t]", "w_r*x[t] + v_r*m[t]")
    graph = subject_of(template_with(steps).quantities)
    assert lstm_of(subject("own lstm")) is not None
    assert lstm_of(graph) is None
    figure = diagram(graph.quantities)
    assert figure is not None
    assert collisions(scene(figure, 460.0)) == []
    assert any(edge.source == "m[1]" and edge.target == "r[1]" for edge in figure.edges)


def test_a_softmax_of_more_than_its_layer_is_no_layer() -> None:
    """A box for it would have an arrow too few."""
    formulas = "{'z[i]': 'u[i]*x', p: 'softmax(z[1], z[1], z[2])', L: '-log(p)'}"
    text = f"{{topology: formulas, index: {{i: 2}}, formulas: {formulas}}}"
    assert layers_of(subject_of(template_with(text).quantities)) is None


@pytest.mark.parametrize("name", ["two states", "elman", "mlp", "modified-recurrent-cell"])
def test_other_cells_are_no_gated_ones(name: str) -> None:
    """Whatever states they have."""
    assert lstm_of(subject(name)) is None
    assert gru_of(subject(name)) is None


@pytest.mark.parametrize(
    ("name", "skips"),
    [("residual-two-heads", 1), ("residual-two-sigmoids", 1), ("residual-two-skips", 2),
     ("modified-recurrent-cell", 1)],
)  # fmt: skip
def test_skips_are_arcs_over_a_straight_line(name: str, skips: int) -> None:
    """Each runs above the line, and no two at one height over each other."""
    figure = drawn(name)
    heights = [edge.via[0][1] for edge in figure.edges if edge.via and edge.via[0][1] < 0]
    assert len(heights) == len(set(heights)) == skips


def test_cells_of_ones_own_take_the_state_at_the_left() -> None:
    """And hand it on at the right of what it comes from."""
    figure = drawn("recurrent-cell-bce")
    columns = {vertex.id: vertex.column or 0.0 for vertex in figure.vertices}
    assert columns["h_in[1]"] == min(columns.values())
    assert columns["h[1] out"] > columns["h[1]"]


def test_inputs_are_circles_and_parameters_stubs() -> None:
    """x and states are circles; a circuit of plain numbers has circles only."""
    shapes = {v.id: v.shape for v in quantities_graph(subject("names"), "en").vertices}
    assert shapes["x"] == "circle"
    assert [shape for name, shape in shapes.items() if name.startswith("w_out")] == ["plain"]
    plain_numbers = quantities_graph(subject("no inputs"), "en").vertices
    assert {vertex.shape for vertex in plain_numbers} == {"circle"}


def test_large_graphs_are_drawn_without_operations() -> None:
    """Where the operations would be too many to be read."""
    assert not any(v.label == r"\div" for v in drawn("batch-norm-backward").vertices)
    assert any(v.label == r"\div" for v in drawn("softmax-cross-entropy").vertices)


def test_functions_with_numbers_are_one_box() -> None:
    """The half square of a difference, one minus something, a function by its name alone."""
    formulas = "{a: tanh(x), b: '1 - a', c: '(b - y)^2/2', d: 'sqrt(c + 1)', L: '-log(d)'}"
    figure = operations_graph(
        subject_of(template_with(f"{{topology: formulas, formulas: {formulas}}}").quantities),
        "en",
    )
    labels = [vertex.label for vertex in figure.vertices if vertex.shape == "box"]
    assert labels == [
        r"\tanh",
        r"1 - (\cdot)",
        r"\frac{1}{2}(\cdot)^{2}",
        r"\sqrt{(\cdot) + 1}",
        r"-\ln(\cdot)",
    ]


# --- what an author says -----------------------------------------------------------------------


def test_no_figure_at_all() -> None:
    """`figure: false` and `kind: none` are the same."""
    for written in ("false", "{kind: none}"):
        template = template_with(GRAPHS["mlp"], written)
        assert template.file.figure.is_none
        assert diagram(template.quantities, "en", template.file.figure) is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [("mlp", "network"), ("mlp", "graph"), ("mlp", "quantities"), ("lstm", "cell"),
     ("elman", "cell"), ("elman", "unrolled"), ("modified-recurrent-cell", "unrolled"),
     ("gru", "unrolled"), ("elman", "network"), ("lstm", "quantities")],
)  # fmt: skip
def test_authors_pick_the_kind(name: str, kind: Kind) -> None:
    """Each is sound, and its words belong to it."""
    figure = drawn(name, kind=kind)
    sound(figure)
    assert figure.alternative
    loops = any(edge.source == edge.target for edge in figure.edges)
    assert loops == (kind == "unrolled")


def test_authors_move_vertices() -> None:
    """By the name of the quantity, or of that at step t."""
    moved = {v.id: (v.column, v.row) for v in drawn("lstm", place={"f[t]": [2, 1]}).vertices}
    assert moved["f[1]"] == (2.0, 1.0)
    unit = {v.id: (v.column, v.row) for v in drawn("mlp", place={"h1[2]": [9, 0]}).vertices}
    assert unit["h1[2]"] == (9.0, 0.0)
    assert list(unit.values()).count((9.0, 0.0)) == 1


@pytest.mark.parametrize("sizes", [(8, 6, 4), (10, 10, 3)])
def test_arrows_between_large_layers_are_straight(sizes: tuple[int, ...]) -> None:
    """They bow around no neighbour, go through none, and have no labels."""
    layers = f"{{topology: mlp, layers: [{', '.join(map(str, sizes))}]}}"
    figure = diagram(template_with(layers).quantities)
    assert figure
    assert not any(edge.label for edge in figure.edges)
    made = scene(figure, 479.0)
    assert len(made.arrows) == sum(a * b for a, b in pairwise(sizes))
    assert all(len(arrow.points) == 2 for arrow in made.arrows)
    assert collisions(made) == []
    assert made.height < 350.0


def test_labels_of_arrows_that_meet_are_told_apart() -> None:
    """In a softmax layer with its sum, none is near another or another's arrow."""
    figure = drawn("softmax-cross-entropy")
    made = scene(figure, 479.0)
    areas = [label.bounds.grown(2.0) for label in made.labels[: 2 * 3]]
    assert sum(a.overlap(b) for a, b in combinations(areas, 2)) == 0.0
    weighted = [made.arrows[i] for i, edge in enumerate(figure.edges) if edge.label]
    for area, own in zip(areas, weighted, strict=False):
        others = [pair for arrow in made.arrows if arrow != own for pair in pairwise(arrow.points)]
        assert not any(touches(area.grown(4.0), *pair) for pair in others)


def test_pictures_without_places_of_their_own_keep_those_given_for_all() -> None:
    """What is laid out as a whole otherwise."""
    all_placed = "{x: [0, 0], a: [1, 0], b: [2, 0], y: [2, 1], L: [3, 0]}"
    template = template_with(GRAPHS["operators"], f"{{kind: quantities, place: {all_placed}}}")
    figure = diagram(template.quantities, field=template.file.figure)
    assert figure is not None
    assert {v.id: v.column for v in figure.vertices}["b"] == 2.0


def middles(figure: Diagram) -> dict[str, tuple[float, float]]:
    """Where the vertices are drawn; y runs up."""
    shapes = scene(figure, 460.0).outlines
    return {v.id: (o.x, o.y) for v, o in zip(figure.vertices, shapes, strict=True)}


def test_a_few_places_are_layers_and_an_order() -> None:
    """Two inputs change places and one quantity moves on; the rest is laid out around them."""
    usual = middles(drawn("attention-two-tokens"))
    places = {"s[2,1]": [1, 0], "s[1,1]": [1, 3], "o[1]": [6, 0]}
    figure = drawn("attention-two-tokens", place=places)
    moved = middles(figure)
    assert usual["s[1,1]"][1] > usual["s[2,1]"][1]
    assert moved["s[1,1]"][1] < moved["s[2,1]"][1]
    assert usual["o[1]"][0] == pytest.approx(usual["o[2]"][0])
    assert moved["o[1]"][0] > moved["o[2]"][0] + 5.0
    assert collisions(scene(figure, 460.0)) == []


def test_a_place_before_what_it_is_computed_from_is_after_it() -> None:
    """Arrows still run to the right."""
    found = middles(drawn("attention-two-tokens", place={"L": [0, 0]}))
    assert found["L"][0] == max(x for x, _ in found.values())


def test_equal_quantities_are_computed_once() -> None:
    """One sum gives the output and the state, and each has an arrow from it."""
    figure = operations_graph(subject("modified-recurrent-cell"), "en")
    assert [v.label for v in figure.vertices].count("+") == 2
    after = {edge.target for edge in figure.edges if edge.source == "yhat[1]"}
    assert "h[1] out" in after
    assert len(after) == 2


def test_nameless_operations_are_computed_once() -> None:
    """The exponential of a logit goes to its share and to the sum of all."""
    figure = drawn("softmax-cross-entropy")
    assert [v.label for v in figure.vertices].count(r"\exp") == 3


def test_weighted_sums_are_units() -> None:
    """Circles with their names and weights beside the arrows; other inputs get a circle, too."""
    figure = drawn("dropout-mask")
    labels = {v.id: (v.label, v.shape) for v in figure.vertices}
    assert labels["z[1]"] == ("z_1", "circle")
    assert labels["d[1] out"] == ("d_1", "circle")
    arrows = {(e.source, e.target): e.label for e in figure.edges}
    assert arrows["d[1] out", "yhat"] == "v_1"
    assert arrows["x[1]", "z[1]"] == "w_{11}"


def test_a_state_that_is_read_twice_forks() -> None:
    """At a dot, so that no line begins at the letters themselves."""
    figure = drawn("modified-recurrent-cell")
    assert [e.target for e in figure.edges if e.source == "h_in[1]"] == ["h_in[1] fork"]
    assert sum(e.source == "h_in[1] fork" for e in figure.edges) == 2


def test_branches_that_meet_are_in_parallel() -> None:
    """What follows stands halfway between them."""
    places = {v.id: v for v in drawn("residual-two-heads").vertices}
    upper, lower, both = (places[name].row or 0.0 for name in ("L[1]", "L[2]", "L"))
    assert upper < both < lower
    assert both == pytest.approx((upper + lower) / 2)
    assert places["L[1]"].column == places["L[2]"].column


def test_authors_hide_quantities() -> None:
    """With their arrows, and with what hangs on nothing else; the middle of a graph stays."""
    figure = drawn("one hidden name", kind="graph", hide=["L", "b"])
    ids = {quantity(vertex.id) for vertex in figure.vertices}
    assert "b" not in ids
    assert "L" not in ids
    assert "h" in ids
    nameless = drawn("names", kind="graph", hide=["long"])
    assert plain("x") in [plain(v.label) for v in nameless.vertices]
    assert r"\mathrm{long}" not in [edge.label for edge in nameless.edges]


@pytest.mark.parametrize(
    ("figure", "path", "message"),
    [
        ("{kind: grph}", "figure.kind", "'graph'"),
        ("{place: {'h1[9]': [0, 0]}}", "figure.place.h1[9]", "'h1[9]' is not in the figure"),
        ("{place: {'h1[2]': [0]}}", "figure.place.h1[2]", "at least 2"),
        ("{place: {'h1[2]': [a, 0]}}", "figure.place.h1[2][0]", "columns or rows"),
        ("{place: {'h1[2]': [9, 0], yhat: [9, 0]}}", "figure.place.yhat", "place of 'h1[2]'"),
        ("{place: {'h1[1]': [0, 0]}}", "figure.place.h1[1]", "the place of 'x[1]'"),
        ("{place: {'h1[*]': [7, 0]}}", "figure.place.h1[*]", "the place of 'h1[1]'"),
        ("{hide: [yhatt]}", "figure.hide", "did you mean"),
        ("{kind: unrolled}", "figure.kind", "only recurrent graphs"),
        ("{kind: cell}", "figure.kind", "not recurrent"),
        ("{steps: 0}", "figure.steps", "greater than or equal to 1"),
        ("{kid: cell}", "figure.kid", "did you mean 'kind'"),
        ("graph", "figure", "expected true, false or fields"),
    ],
)
def test_what_is_wrong_with_a_figure_is_said_with_its_place(
    figure: str, path: str, message: str
) -> None:
    """File, line and key; a name that was nearly right is suggested."""
    with pytest.raises(ExamgenError) as caught:
        template_with("{topology: mlp, layers: [2, 2, 1], names: {activations: "
                      "[['h1[1]', 'h1[2]'], [yhat]]}}", figure)  # fmt: skip
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("x.yaml", 4)
    assert problem.path == path
    assert message in problem.message


def test_a_network_of_other_things_cannot_be_drawn() -> None:
    """And the author hears why."""
    with pytest.raises(ExamgenError, match="other things than layers"):
        template_with(GRAPHS["operators"], "{kind: network}")


def test_equations_and_figures_are_made_once_for_all_students() -> None:
    """The same object comes back, so that what is laid out from it can be kept as well."""
    quantities = quantities_of("mlp")
    assert diagram(quantities, "en") is diagram(quantities, "en")
    assert equations(quantities) is equations(quantities)


def test_ports_never_show() -> None:
    """A step's copy of a parameter and a state as it enters print as what they copy."""
    for name in ("gru", "lstm", "modified-recurrent-cell"):
        graph = subject(name)
        assert not any(graph.values[one].op in PORTS for one in graph.names)
