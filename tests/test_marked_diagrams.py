"""Ways pointed out in figures: in every kind of picture, on screen and on paper."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice, pairwise

import pytest
from conftest import of_the_bank

from examgen.diagrams import diagram
from examgen.diagrams.trail import marked
from examgen.figure import Scene, scene
from examgen.figure.primitives import HALO, LINE, MARKED_LINE, Head
from examgen.figure.svg import ACCENT, svg
from examgen.misconceptions import misconceptions
from examgen.quantities import Quantities
from examgen.render.scene_ink import scene_operators
from examgen.sheet import Diagram, Edge, Vertex
from examgen.typeset import plain
from grader.practice.trails import trail

Steps = list[tuple[str, str]]

KINDS = (
    "mlp-2-2-2", "max-pooling", "elman-relu", "vanishing-gradient", "gru-step", "lstm-two-steps",
    "modified-recurrent-cell", "residual-two-skips", "softmax-cross-entropy", "layer-norm",
)  # fmt: skip
"""A network, one that picks, two over time, cells, spines, operations, quantities."""


def picture(question: str) -> tuple[Diagram, Quantities]:
    """The figure of a question of the bank, and its graph."""
    template = of_the_bank(question)[0]
    drawn = diagram(template.quantities, "en", template.file.figure)
    assert drawn is not None
    return drawn, template.quantities


def arrows(question: str, steps: Steps) -> set[tuple[str, str]]:
    """The ends of the arrows that are marked for some steps."""
    found = marked(*picture(question), steps)
    return {(edge.source, edge.target) for edge in found.edges if edge.marked}


def vertices(question: str, steps: Steps) -> set[str]:
    """The vertices that are marked for some steps."""
    return {vertex.id for vertex in marked(*picture(question), steps).vertices if vertex.marked}


# --- what is marked -------------------------------------------------------------------------------


def test_a_step_of_a_network_is_its_arrow() -> None:
    """From unit to unit, with both ends."""
    assert arrows("mlp-2-2-2", [("h3", "o1")]) == {("h3", "o1")}
    assert vertices("mlp-2-2-2", [("h3", "o1")]) == {"h3", "o1"}


def test_a_weight_is_the_arrow_that_it_stands_beside() -> None:
    """The vertex at the end of the arrow is marked, the one it starts from is not."""
    assert arrows("mlp-2-2-2", [("w31", "o1")]) == {("h3", "o1")}
    assert vertices("mlp-2-2-2", [("w31", "o1")]) == {"o1"}


def test_a_bias_is_its_stub() -> None:
    """A stub beside its reader has an arrow of its own."""
    assert arrows("mlp-2-2-2", [("b1", "h1")]) == {("b1 at h1", "h1")}


def test_an_update_is_its_weight() -> None:
    """The new weight is in no figure: the old one is pointed at."""
    assert arrows("mlp-2-2-2", [("w31", "w31'")]) == {("h3", "o1")}


def test_the_function_between_two_quantities_is_on_the_way() -> None:
    """From the pre-activation over the box of the activation."""
    steps = {("h1", "h3 function"), ("h3 function", "h3")}
    assert arrows("mlp-2-2-2", [("h1", "h3")]) == steps


def test_a_loss_that_is_not_drawn_leaves_the_output_marked() -> None:
    """There is no arrow to a loss in a network of layers."""
    assert arrows("mlp-2-2-2", [("o1", "L[1]")]) == set()
    assert vertices("mlp-2-2-2", [("o1", "L[1]")]) == {"o1"}


def test_operations_without_names_are_passed() -> None:
    """x w + b is a product and a sum between x and z."""
    found = vertices("residual-two-skips", [("x", "z")])
    assert {"x", "z"} < found
    assert all(name in ("x", "z") or ":" in name for name in found)


def test_a_skip_connection_is_its_arc() -> None:
    """Nothing of the main path is marked with it."""
    assert arrows("residual-two-skips", [("x", "s")]) == {("x", "s")}


def test_over_time_every_step_has_its_own_arrow() -> None:
    """The state enters the next step by the weight between the two boxes."""
    steps = [("h[1]", "h_in[2]"), ("h_in[2]", "a[2]")]
    assert arrows("elman-relu", steps) == {("h[1]", "h[2]")}
    assert arrows("elman-relu", [("w_hh", "w_hh[2]"), ("w_hh[2]", "a[2]")]) == {("h[1]", "h[2]")}


def test_a_quantity_within_a_box_marks_the_box() -> None:
    """The pre-activation of a state that is drawn as a whole."""
    assert vertices("elman-relu", [("a[2]", "h[2]")]) == {"h[2]"}


def test_a_cell_is_marked_for_any_step() -> None:
    """It is drawn once, for step t."""
    first = arrows("modified-recurrent-cell", [("s[1]", "o[1]")])
    assert first == arrows("modified-recurrent-cell", [("s[2]", "o[2]")]) == {("s[1]", "o[1]")}


def test_a_state_leaves_a_cell_and_enters_it() -> None:
    """Both ends of the lane, and no arrow across the cell."""
    found = vertices("modified-recurrent-cell", [("h[1]", "h_in[2]")])
    assert found == {"h[1] out", "h_in[1]"}


def test_both_ways_from_a_gate_are_marked() -> None:
    """The update gate of a GRU acts by z and by 1 - z."""
    found = arrows("gru-step", [("z[1]", "h[1]")])
    assert {("fork", "rest"), ("rest", "keep"), ("fork", "take")} <= found
    assert ("to reset", "keep") not in found


def test_lanes_lead_to_the_gates_of_an_lstm() -> None:
    """Only up to the gate that is meant."""
    found = arrows("lstm-two-steps", [("h_in[1]", "z_i[1]")])
    assert ("to take", "i[1]") in found
    assert not {("to forget", "f[1]"), ("to candidate", "ctilde[1]")} & found


def test_every_kind_of_figure_marks_nearly_every_mistake() -> None:
    """At least 98 of 100, of a sample of the mistakes of a question of each kind."""
    tried = hit = 0
    for question in KINDS:
        template = of_the_bank(question)[0]
        drawn = diagram(template.quantities, "en", template.file.figure)
        for mistake in islice(misconceptions(template.quantities), 0, None, 9):
            for slot in template.slots:
                steps = trail(template, mistake, slot)
                tried += bool(steps and drawn)
                if steps and drawn:
                    hit += marked(drawn, template.quantities, steps) is not drawn
    assert tried > 100
    assert hit >= 0.98 * tried


def test_what_is_not_in_the_figure_leaves_it_as_it_is() -> None:
    """The very same diagram, for an empty trail too."""
    drawn, quantities = picture("mlp-2-2-2")
    assert marked(drawn, quantities, []) is drawn
    assert marked(drawn, quantities, [("eta", "w31'")]) is drawn
    assert marked(drawn, quantities, [("nothing", "o9")]) is drawn


# --- what is said ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Marked in the figure: h sub 3 leads to o sub 1."),
        ("de", "In der Abbildung hervorgehoben: h Index 3 führt zu o Index 1."),
    ],
)
def test_the_alternative_names_the_way(language: str, sentence: str) -> None:
    """Who cannot see the figure hears where the mistake is."""
    drawn, quantities = picture("mlp-2-2-2")
    found = marked(drawn, quantities, [("h3", "o1")], language)
    assert found.alternative == f"{drawn.alternative} {sentence}"
    assert sentence in svg(scene(found, 400.0))


def test_a_copy_is_not_said_to_lead_to_itself() -> None:
    """A weight and a step's copy of it have the same symbol."""
    drawn, quantities = picture("elman-relu")
    found = marked(drawn, quantities, [("w_hh", "w_hh[2]"), ("w_hh[2]", "a[2]")])
    told = found.alternative.removeprefix(drawn.alternative)
    assert told.count("leads to") == 1


# --- how it is drawn ------------------------------------------------------------------------------


def shapes() -> Diagram:
    """One of each shape, all marked, with a level arrow between each two."""
    kinds = ("circle", "box", "pill", "plain", "dot")
    found = tuple(
        Vertex(kind, "" if kind == "dot" else "x", kind, place, 0, marked=True)  # type: ignore[arg-type]
        for place, kind in enumerate(kinds)
    )
    edges = tuple(Edge(a, b, "w", marked=True) for a, b in pairwise(kinds))
    return Diagram(found, edges, "All.")


def bare(drawn: Diagram) -> Diagram:
    """The diagram without marks."""
    return replace(
        drawn,
        vertices=tuple(replace(vertex, marked=False) for vertex in drawn.vertices),
        edges=tuple(replace(edge, marked=False) for edge in drawn.edges),
    )


def operators(drawn: Scene) -> str:
    """The figure on paper."""
    return scene_operators(drawn, lambda box, x, y: "")


def test_marks_move_nothing() -> None:
    """A figure looks the same before and after a mistake, but for the marks."""
    with_marks, without = scene(shapes(), 400.0), scene(bare(shapes()), 400.0)
    assert [(o.x, o.y, o.half_width) for o in with_marks.outlines] == [
        (o.x, o.y, o.half_width) for o in without.outlines
    ]
    assert [a.path for a in with_marks.arrows] == [a.path for a in without.arrows]
    assert with_marks.labels == without.labels


def test_a_mark_is_form_and_colour_on_screen() -> None:
    """Each line is broader and has a pale one under it; each is of a class with a colour."""
    text = svg(scene(shapes(), 400.0))
    broad, pale = (text.count(f'stroke-width="{width}"') for width in (MARKED_LINE, HALO))
    assert broad == pale == 5 + 4
    assert text.count(f'class="mark" color="{ACCENT}"') == broad + pale + 4
    assert text.count(f'stroke-width="{LINE}"') == 1


def test_a_marked_arrow_has_a_larger_head() -> None:
    """So that it can be seen on its broad line."""
    heads = [
        next(one for one in scene(drawn, 400.0).arrows[0].ink if isinstance(one, Head)).corners
        for drawn in (shapes(), bare(shapes()))
    ]
    wide, usual = (abs(corners[1][1] - corners[3][1]) for corners in heads)
    assert wide > 1.4 * usual


def test_the_colour_is_seen_on_white_and_on_black() -> None:
    """3 to 1 at least on a white page and on a nearly black one (WCAG 2.2, 1.4.11)."""
    assert contrast(ACCENT, "#ffffff") >= 3.0
    assert contrast(ACCENT, "#111111") >= 3.0


def contrast(one: str, other: str) -> float:
    """The ratio of two colours' luminances, as WCAG defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of #rrggbb."""
    parts = [int(part, 16) / 255 for part in re.findall("[0-9a-f]{2}", colour)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_a_mark_is_broad_and_black_on_paper() -> None:
    """Black lines over grey ones; every change of the line is taken back."""
    text = operators(scene(shapes(), 400.0))
    assert text.count(f"{MARKED_LINE} w") == text.count(f"{HALO} w") == 9
    assert text.count(f"{LINE} w") == 1 + 18
    assert not re.search(r"\bRG\b|\brg\b", text)


def test_what_is_not_marked_is_drawn_as_ever() -> None:
    """Neither a class nor a second width where there is no mark."""
    drawn = scene(bare(shapes()), 400.0)
    assert "mark" not in svg(drawn)
    assert operators(drawn).count(" w ") == 1


def test_labels_are_the_same_under_marks() -> None:
    """Marks are lines only."""
    drawn, quantities = picture("mlp-2-2-2")
    found = marked(drawn, quantities, [("h3", "o1")])
    assert [plain(v.label) for v in found.vertices if v.label] == [
        plain(v.label) for v in drawn.vertices if v.label
    ]
