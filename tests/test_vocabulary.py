"""Which names a formula may use, and how the paper says so."""

from __future__ import annotations

import pytest
from test_symbolic import formula_slots, slot_of, template_of

from examgen.bank import bank_ids
from examgen.drawing import draw_variants
from examgen.graph import topological
from examgen.paper import variant_sheet
from examgen.render.question import part_blocks
from examgen.render.words import WORDS
from examgen.solution import answer_node
from examgen.template import parse_template
from examgen.typeset import plain_text
from examgen.vocabulary import stated, typed, vocabulary

every_slot = pytest.mark.parametrize(("name", "slot"), formula_slots())


@every_slot
def test_the_expected_formula_uses_the_vocabulary(name: str, slot: str) -> None:
    """Every named quantity in it, copies apart, is allowed."""
    template = template_of(name)
    one = slot_of(template, slot)
    words = vocabulary(template, one)
    answer = answer_node(template, one)
    copies = {"use", "carry"}
    used = {
        part.name
        for node in topological([answer])
        if node.name is None or node is answer
        for part in node.args
        if part.name is not None and part.op.name not in copies
    }
    assert used <= set(words.names)


@every_slot
def test_nothing_that_goes_round_in_a_circle_is_allowed(name: str, slot: str) -> None:
    """No allowed derivative rests on the asked one; each other one is refused with a reason."""
    template = template_of(name)
    words = vocabulary(template, slot_of(template, slot))
    nodes = template.quantities.nodes
    for other in words.derivatives:
        assert words.asked not in {node.name for node in topological([nodes[other]])}
    adjoints = set(template.quantities.adjoints)
    assert adjoints == {*words.derivatives, *words.refused, words.asked}
    assert all(words.refused.values())


def test_what_comes_before_is_allowed_and_what_comes_after_is_not() -> None:
    """dL/db is asked before dL/dw of the residual net; dL/df after dL/de of the branches."""
    heads = template_of("residual-two-heads")
    assert "dL/db" in vocabulary(heads, slot_of(heads, "dL_dw")).derivatives
    branches = template_of("multi-branch-two-heads")
    words = vocabulary(branches, slot_of(branches, "dL_de"))
    assert "neither nearer" in words.refused["dL/df"]
    assert "dL/de" in vocabulary(branches, slot_of(branches, "dL_df")).derivatives


def test_using_is_taken_at_its_word() -> None:
    """Of the derivatives only those that the template lists."""
    branches = template_of("multi-branch-two-heads")
    words = vocabulary(branches, slot_of(branches, "dL_dw1"))
    assert words.derivatives == ("dL/de", "dL/df", "dL/dg")
    assert words.refused["dL/dz1"] == "of the derivatives only dL/de, dL/df, dL/dg may be used here"


def test_using_opens_no_circle() -> None:
    """Where a part's formulas share one list, a derivative is not for those that it rests on."""
    text = PLAIN.replace("L: z - 1", "L: z^2").replace(
        "derive: dL/dw, using: dL/dz", "derive: [dL/dz, dL/dw], using: [dL/dz, dL/dw]"
    )
    template = parse_template(text, "plain.yaml")
    first, second = (vocabulary(template, slot) for slot in template.slots)
    assert (first.derivatives, second.derivatives) == ((), ("dL/dz",))
    assert first.refused["dL/dw"] == "dL/dw rests on dL/dz, which is asked for"


def test_states_and_messages() -> None:
    """Where dL/dh is the total derivative the message has no name, and the other way round."""
    elman = template_of("elman-relu")
    words = vocabulary(elman, slot_of(elman, "dL_da_t"))
    assert "dL/dh[1]" in words.derivatives
    assert "dL/dh_in[2]" in words.refused


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", bank_ids())
def test_the_paper_says_what_is_allowed(name: str, language: str) -> None:
    """Under every task with formulas, in one or two lines, and nowhere else."""
    template = template_of(name)
    sheet = variant_sheet(draw_variants(template, 3, [0]), 0, language)
    for part in sheet.parts:
        formulas = any(slot.kind == "formula" for slot in part.slots)
        assert bool(part.note) == formulas
        assert len(plain_text(part.note)) < 260 if formulas else not part.note
        blocks = part_blocks(part, WORDS["en"], 480.0)
        assert len(blocks) >= 2 + formulas


def test_the_note_is_the_same_for_all_formulas_of_a_part() -> None:
    """It tells what is allowed, and nothing about any answer."""
    template = template_of("residual-two-heads")
    part = template.parts[2]
    assert plain_text(stated(template, part, "en")) == (
        "Allowed in formulas: all quantities of the forward pass; σ, σ′; derivatives of L nearer "
        "to the loss or asked for before. As text: yhat2, dL/db, sigma'(...)."
    )
    assert stated(template, template.parts[0], "en") == ""


PLAIN = """\
id: plain
title: Plain
graph:
  topology: formulas
  formulas: {z: w*x, L: z - 1}
sample: {w: 2, x: 3, eta: 0.1}
parts: [{ask: Give it., derive: dL/dw, using: dL/dz, points: 1}]
"""


def test_a_graph_without_functions() -> None:
    """Then none are named; what `using` lists stands on one line of type."""
    template = parse_template(PLAIN, "plain.yaml")
    assert stated(template, template.parts[0], "de") == (
        "In Formeln erlaubt: alle Größen des Vorwärtsdurchlaufs; von den Ableitungen nur "
        r"$\partial L/\partial z$. Als Text: w, dL/dw."
    )


def test_typed_names() -> None:
    """Indices of steps in parentheses, simple ones behind an underscore."""
    assert [typed(name) for name in ("h[t-1]", "w[1,2]", "dL/dh[t]")] == [
        "h_(t-1)",
        "w_(1,2)",
        "dL/dh_t",
    ]
