"""Equations and figures: all can be set, arrows lead somewhere, nothing is simplified."""

from __future__ import annotations

import pytest

from examgen.bank import bank_ids, find_template
from examgen.figure import scene
from examgen.notation import Symbols
from examgen.quantities import Quantities
from examgen.schematic import diagram, equations
from examgen.template import parse_template
from examgen.typeset import layout, plain

GRAPHS = {
    "mlp": "{topology: mlp, layers: [3, 4, 2]}",
    "deep": "{topology: mlp, layers: [1, 1, 1, 1], activation: tanh, loss: squared_error}",
    "elman": "{topology: elman, steps: 3}",
    "wide elman": "{topology: elman, steps: 3, inputs: 2, hidden: 2, bias: true}",
    "lstm": "{topology: lstm, steps: 2}",
    "gru": "{topology: gru, steps: 2, bias: true}",
    "indexed": (
        "{topology: formulas, formulas: {'h[i]': 'relu(w[i]*x)', L: 'sum(h[i])'}, index: {i: 3}}"
    ),
    "operators": "{topology: formulas, formulas: {a: 'exp(x)', b: 'a/(1 + a)', L: 'max(b, y)^3'}}",
    "no inputs": "{topology: formulas, formulas: {q: w*v, L: q^2}}",
    "names": "{topology: formulas, formulas: {alpha_1: x*w_out, long: tanh(alpha_1), L: long^2}}",
    "two states": (
        "{topology: recurrent_cell, steps: 4, state: {h: h_0, c: c_0}, "
        "step: {'h[t]': 'tanh(h[t-1]*w + x[t])', 'c[t]': 'c[t-1] + h[t]'}, loss: 'c[4]^2'}"
    ),
}


def graph(text: str) -> Quantities:
    """The quantities of a template with this graph."""
    head = f"id: x\ntitle: T\ngraph: {text}\nsample: {{'*': {{from: -1, to: 1, step: 0.5}}}}\n"
    part = "parts: [{ask: Compute., answers: L, points: 1}]\n"
    return parse_template(head + part, "x.yaml").quantities


def all_graphs() -> list[object]:
    """The bank's graphs and those above, by name."""
    return [*bank_ids(), *GRAPHS]


def quantities_of(name: str) -> Quantities:
    """The graph of a question of the bank, or one of those above."""
    return graph(GRAPHS[name]) if name in GRAPHS else find_template(name).quantities


every_graph = pytest.mark.parametrize("name", all_graphs())


@every_graph
def test_equations_can_be_set(name: str) -> None:
    """On paper and in plain text; each defines something, and none is there twice."""
    written = equations(quantities_of(name))
    assert written
    assert len(set(written)) == len(written)
    for equation in written:
        assert " = " in equation
        assert layout(equation, 10).width > 0
        assert plain(equation)


@every_graph
def test_arrows_lead_from_vertex_to_vertex(name: str) -> None:
    """No dangling arrow, no vertex twice, every label can be set, and it can be drawn."""
    figure = diagram(quantities_of(name))
    ids = [vertex.id for vertex in figure.vertices]
    assert len(set(ids)) == len(ids)
    arrows = [(edge.source, edge.target) for edge in figure.edges]
    assert {place for arrow in arrows for place in arrow} <= set(ids)
    assert len(set(arrows)) == len(arrows)
    for label in [v.label for v in figure.vertices] + [e.label for e in figure.edges if e.label]:
        assert plain(label)
    drawn = scene(figure, 400.0)
    assert len(drawn.outlines) + len(drawn.labels) >= len(ids)
    assert figure.alternative


@every_graph
def test_every_vertex_is_connected(name: str) -> None:
    """Nothing floats about in a figure of a graph."""
    figure = diagram(quantities_of(name))
    connected = {place for edge in figure.edges for place in (edge.source, edge.target)}
    assert connected == {vertex.id for vertex in figure.vertices}


def test_a_graph_over_time_is_shown_at_step_t() -> None:
    """Once, with t and t-1, and its loss as a sum over the steps."""
    written = equations(find_template("modified-recurrent-cell").quantities)
    assert written[0] == "s_t = h_{t-1} + x_t"
    assert written[-1] == r"L = \sum_{t=1}^{2} L_t"
    assert not [e for e in written[:-1] if "_1" in e or "_2" in e]


@pytest.mark.parametrize(
    ("loss", "shown"),
    [
        ("L[1] + L[2]", r"\sum_{t=1}^{2} L_t"),
        ("sum(L[t])/2", r"\frac{L_1 + L_2}{2}"),
        ("L[1]*L[2]", r"L_1 \cdot L_2"),
        ("L[1] - L[2]", "L_1 - L_2"),
        ("L[1] + L[2] + L[1]", "L_1 + L_2 + L_1"),
        ("L[2]", "L_2"),
    ],
)
def test_only_a_plain_sum_is_printed_as_one(loss: str, shown: str) -> None:
    """Half the sum, a product, a difference of all steps' losses are printed as they are."""
    cell = (
        "{topology: recurrent_cell, steps: 2, state: {h: h_0}, "
        f"step: {{'h[t]': 'h[t-1]*w + x[t]', 'L[t]': 'h[t]^2'}}, loss: '{loss}'}}"
    )
    assert f"L = {shown}" in equations(graph(cell))


def test_equations_are_those_of_the_graph_not_simplified() -> None:
    """What the author wrote stands on paper, in the order of the file."""
    written = equations(graph("{topology: formulas, formulas: {L: q + 0*x, q: 1*w^2 - (0 - x)}}"))
    assert [equation.partition(" = ")[0] for equation in written] == ["L", "q"]
    assert written[0] in ("L = q + 0 \\cdot x", "L = q + 0\\,x")


def test_labels_are_the_templates_symbols() -> None:
    """Symbols of the author's own stand in figure and equations alike."""
    text = (
        "id: x\ntitle: T\ngraph: {topology: formulas, formulas: {q: w*x, L: q^2}}\n"
        "symbols: {q: '\\\\Theta'}\nsample: {'*': 1}\nparts: [{ask: A, answers: L, points: 1}]\n"
    )
    quantities = parse_template(text.replace("\\\\", "\\"), "x.yaml").quantities
    assert isinstance(quantities.symbols, Symbols)
    assert equations(quantities)[0] == r"\Theta = w \cdot x"
    assert r"\Theta" in [vertex.label for vertex in diagram(quantities).vertices]


def test_inputs_are_circles_and_parameters_stubs() -> None:
    """x and states are circles; a circuit of plain numbers has circles only."""
    shapes = {v.id: v.shape for v in diagram(graph(GRAPHS["names"])).vertices}
    assert shapes["x"] == "circle"
    assert [shape for name, shape in shapes.items() if name.startswith("w_out")] == ["plain"]
    assert {v.shape for v in diagram(graph(GRAPHS["no inputs"])).vertices} == {"circle"}


@pytest.mark.parametrize(
    ("formula", "count"),
    [
        ("w*x[t]", 1), ("w*x[t+1]", 1), ("w^t*x[t]", 3), ("x[2*t-1]", 3), ("w[1]*x[t]", 3),
        ("sum(w[i]*x[t+i])", 3),
    ],
)  # fmt: skip
def test_a_line_for_step_t_says_the_same_of_every_step(formula: str, count: int) -> None:
    """Where the step counts otherwise than as the index t, t+1, ..., each step has its own line."""
    found = equations(
        graph(
            f"{{topology: formulas, formulas: {{'h[t]': '{formula}', L: 'sum(h[t])'}}, "
            "index: {t: 3, i: 2}}"
        )
    )
    assert len(found) == count + 1
    assert found[0].startswith("h_t = " if count == 1 else "h_1 = ")


def test_convolutions_print_element_by_element() -> None:
    """With the numbers that the indices come to."""
    found = equations(
        graph(
            "{topology: formulas, index: {i: 2, a: 2, j: 1}, formulas: "
            "{'z[i]': 'sum(k[a]*x[2*i+a-2])', 'p[j]': 'max(z[2*j-1], z[2*j])', L: 'p[1]'}}"
        )
    )
    assert found[:3] == (
        r"z_1 = k_1 \cdot x_1 + k_2 \cdot x_2",
        r"z_2 = k_1 \cdot x_3 + k_2 \cdot x_4",
        r"p_1 = \max\left(z_1, z_2\right)",
    )
