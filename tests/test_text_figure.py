"""Figures in characters for a terminal."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from conftest import of_the_bank

from examgen.bank import bank_ids
from examgen.diagrams import diagram
from examgen.diagrams.trail import marked
from examgen.figure.canvas import Canvas, width_of
from examgen.figure.text import MOST_LINES, arrows, drawing
from examgen.sheet import Diagram, Edge, Vertex
from examgen.typeset import plain

REFRESH = "print(text_figure(diagram(...))) and paste it here, once it reads well"


def text_figure(diagram: Diagram, width: int = 80) -> str | None:
    """The figure as a terminal shows it: drawn, or arrow by arrow."""
    return drawing(diagram, width) or arrows(diagram, width)


def picture(question: str) -> Diagram | None:
    """The figure of a question of the bank."""
    template = of_the_bank(question)[0]
    return diagram(template.quantities, "en", template.file.figure)


def text(question: str, width: int = 80) -> str | None:
    """The same in characters."""
    found = picture(question)
    assert found is not None
    return text_figure(found, width)


def chain(*labels: str, shape: str = "circle") -> Diagram:
    """Vertices in a row, each with an arrow to the next."""
    found = tuple(Vertex(f"v{n}", label, shape, n, 0) for n, label in enumerate(labels))  # type: ignore[arg-type]
    edges = tuple(Edge(a.id, b.id) for a, b in pairwise(found))
    return Diagram(found, edges)


CELL = """\
          (xₜ)      wₒₕ        (yₜ)
           ▼         ▼          ▼
 hₜ₋₁ ───▶(+)──oₜ──▶(×)──ŷₜ──▶[BCE]────▶(Lₜ)
                     │
                     └─────────────────▶ hₜ"""

LSTM = """\
 Cₜ₋₁ ────────▶(×)─────────▶(+)────────────●────▶ Cₜ
                ▲            ▲             ▼
                │            │           [tanh]
                │            │             │eₜ
                │     ┌─iₜ─▶(×)            │
                │     │      ▲             ▼
                │     │      │      ┌─oₜ─▶(×)
                │fₜ   │      │c̃ₜ    │      │
               [σ]   [σ]   [tanh]  [σ]     │
                ▲     ▲      ▲      ▲      │
 hₜ₋₁ ────●─────●─────●──────●──────┘      └────▶ hₜ
          │
         (xₜ)"""

TIED = """\
x₁ ──w₁──▶ h
x₂ ──w₂──▶ h
 b ──────▶ h
 h ──w₁──▶ x̂₁
c₁ ──────▶ x̂₁
 h ──w₂──▶ x̂₂
c₂ ──────▶ x̂₂"""


@pytest.mark.parametrize(
    ("question", "expected"),
    [("recurrent-cell-bce", CELL), ("lstm-two-steps", LSTM), ("tied-autoencoder", TIED)],
)
def test_a_figure_reads_like_this(question: str, expected: str) -> None:
    """A line of operations, a cell with lanes, a network arrow by arrow."""
    assert text(question) == expected, REFRESH


@pytest.mark.parametrize("question", bank_ids())
def test_every_figure_fits_a_terminal_or_is_left_out(question: str) -> None:
    """At most 80 characters and 24 lines, nothing empty at the end of a line."""
    found = picture(question)
    shown = text_figure(found) if found else None
    lines = shown.split("\n") if shown else []
    assert len(lines) <= MOST_LINES
    assert all(width_of(line) <= 80 and line == line.rstrip() for line in lines)


def test_most_of_the_bank_has_a_figure_in_a_terminal() -> None:
    """25 of the 30 with a figure; 11 of them drawn, which stand in brackets."""
    found = [text_figure(drawn) for question in bank_ids() if (drawn := picture(question))]
    assert len(found) == 30
    assert sum(shown is not None for shown in found) >= 25
    assert sum("(" in (shown or "") for shown in found) >= 11


@pytest.mark.parametrize("question", bank_ids())
def test_every_symbol_of_a_figure_is_in_its_text(question: str) -> None:
    """No label is lost in the drawing."""
    found = picture(question)
    shown = text_figure(found) if found else None
    if found is None or shown is None:
        return
    labels = {vertex.label for vertex in found.vertices} | {edge.label for edge in found.edges}
    assert all(plain(label) in shown for label in labels if label)


def test_none_where_a_line_would_be_too_long() -> None:
    """A narrow terminal gets no figure rather than a broken one."""
    assert text("lstm-two-steps", 40) is None
    assert text("residual-two-skips", 80) is None
    assert text("residual-two-skips", 120) is not None


def test_a_row_is_drawn_as_a_row() -> None:
    """Quantities in round brackets, operations in square ones."""
    assert text_figure(chain("a", "b")) == "(a)────▶(b)"
    assert text_figure(chain("a", "b", shape="box")) == "[a]────▶[b]"


def test_what_is_marked_stands_out_without_colour() -> None:
    """Other brackets and bold lines, in a drawing and in a list."""
    drawn = chain("a", "b", "c")
    first, *rest = drawn.edges
    found = replace(
        drawn,
        vertices=tuple(replace(v, marked=v.label != "c") for v in drawn.vertices),
        edges=(replace(first, marked=True), *rest),
    )
    assert text_figure(found) == "«a»━━━━▶«b»────▶(c)"
    template = of_the_bank("tied-autoencoder")[0]
    network = picture("tied-autoencoder")
    assert network is not None
    listed = text_figure(marked(network, template.quantities, [("h", "xhat[1]")]))
    assert listed is not None
    assert "«h» ━━w₁━━▶ «x̂₁»" in listed


def test_arrows_that_would_run_over_each_other_are_not_drawn() -> None:
    """Two arrows on one line cannot be told apart; then they are listed."""
    drawn = chain("a", "b", "c")
    over = replace(drawn, edges=(*drawn.edges, Edge("v0", "v2")))
    assert text_figure(over) == "   a ────▶ b\nb, a ────▶ c"


def test_two_arcs_at_one_height_are_not_drawn() -> None:
    """They would look like one; arcs from the same vertex may share their beginning."""
    drawn = chain("a", "b", "c", "d")
    first = Edge("v0", "v2", via=((0, -1), (2, -1)))
    second = Edge("v1", "v3", via=((1, -1), (3, -1)))
    shared = replace(first, target="v3", via=((0, -1), (3, -1)))
    met = text_figure(replace(drawn, edges=(*drawn.edges, first, second)))
    forked = text_figure(replace(drawn, edges=(*drawn.edges, first, shared)))
    assert "(a)" not in (met or "")
    assert "(a)" in (forked or "")


def test_nameless_operations_are_not_listed() -> None:
    """Two sums with the same sign would be taken for one."""
    found = (Vertex("a", "a"), Vertex("b", "+"), Vertex("c", "+"), Vertex("d", "d"))
    edges = (Edge("a", "b"), Edge("b", "c"), Edge("a", "c"), Edge("c", "d"))
    assert text_figure(Diagram(found, edges)) is None


def test_a_figure_without_arrows_has_no_text() -> None:
    """Nothing to be drawn, nothing to be told."""
    assert text_figure(Diagram((Vertex("a", "a", "circle", 0, 0),), ())) is None


def test_lines_join_and_cross() -> None:
    """Corners, forks and crossings have signs of their own."""
    canvas = Canvas()
    canvas.line([(0, 1), (1, 1), (2, 1)], False)
    canvas.line([(1, 0), (1, 1), (1, 2)], False)
    assert list(canvas.rows()) == [" ╷", "╶┼╴", " ╵"]


def test_an_accent_takes_no_cell_of_its_own() -> None:
    """x with a hat, where there is no such letter."""
    assert width_of("x̂₁") == 2
    assert width_of("ŷ") == 1
