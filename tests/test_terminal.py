"""Questions and values as plain text and as data."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from small_exam import TINY

from examgen.bank import bank_ids, find_template
from examgen.drawing import draw_variants
from examgen.paper import variant_sheet
from examgen.template import parse_template
from examgen.terminal import question_data, question_text, table, value_rows
from examgen.variant import Variants, fixed_variant

every_question = pytest.mark.parametrize("name", bank_ids())


def tiny(**given: str) -> Variants:
    """The tiny question with these numbers."""
    numbers = {name: Fraction(value) for name, value in given.items()}
    return fixed_variant(parse_template(TINY, "tiny.yaml"), numbers)


def test_a_question_is_told_from_top_to_bottom() -> None:
    """Title, stem, equations, givens, conventions, parts: in this order."""
    variants = tiny(x="0.5", w="-1/3", b="2", y="0")
    text = question_text(variant_sheet(variants, 0, "en"))
    assert text.splitlines() == [
        "A tiny graph (3 points)",
        "",
        "Look at z.",
        "",
        "  z = w ⋅ x + b",
        "  L = (z − y)²",
        "",
        "  x  0.5",
        "  w  −1/3",
        "  b  2",
        "  y  0",
        "  η  0.1",
        "",
        "- Give numbers to 4 decimals, or exactly.",
        "",
        "(a) Compute z. (1 point)",
        "(b) Give the derivative. (0.5 points)",
        "(c) Compute the derivative, and w after a step with η = 0.1. (1.5 points)",
    ]


def test_values_are_exact_or_marked_as_rounded() -> None:
    """A tilde before what is rounded, none before what is exact, the formula behind."""
    rows = {row[0]: row[1:] for row in value_rows(tiny(x="1/3", w="1", b="0.5", y="0"), 0)}
    assert rows["z"] == ["~0.8333333333", "w*x + b"]
    assert rows["w"] == ["1", ""]
    assert rows["dL/dz"] == ["~1.6666666667", "2*(z - y)"]
    assert rows["b"] == ["0.5", ""]


def test_values_that_are_none_are_undefined() -> None:
    """Numbers of one's own may lead out of a domain: no traceback, and JSON stays JSON."""
    text = TINY.replace("z: w*x + b", "z: w*x + log(b)").replace("{from: -4,", "{from: 1,")
    template = parse_template(text, "tiny.yaml")
    for b in ("0", "-1"):
        variants = fixed_variant(template, {"b": Fraction(b)})
        rows = {row[0]: row[1] for row in value_rows(variants, 0)}
        assert rows["z"] == "undefined"
        assert rows["b"] == b
        data = question_data(variant_sheet(variants, 0, "en"), variants, 0, True)
        assert data["values"]["z"] is None
        assert json.loads(json.dumps(data, allow_nan=False)) == data


@every_question
def test_every_quantity_has_a_row_of_its_own(name: str) -> None:
    """No name stands there twice, and every node is among them."""
    variants = draw_variants(find_template(name), 0, [0])
    rows = value_rows(variants, 0)
    names = [row[0] for row in rows]
    assert len(set(names)) == len(names)
    plain = variants.template.quantities.symbols.plain
    assert {plain(node) for node in variants.template.quantities.nodes} == set(names)


@every_question
def test_values_are_those_of_the_quantities(name: str) -> None:
    """Each row's number is the value of the quantities by that name, to ten decimals."""
    variants = draw_variants(find_template(name), 0, [0])
    plain = variants.template.quantities.symbols.plain
    shown = {row[0]: float(row[1].lstrip("~")) for row in value_rows(variants, 0)}
    for node, value in variants.quantities(0).items():
        assert shown[plain(node)] == pytest.approx(float(value), abs=0.51e-10)


def test_names_in_both_senses_stand_for_one_value() -> None:
    """Should a name mean two quantities, they have to be equal."""
    for name in bank_ids():
        variants = draw_variants(find_template(name), 1, [2])
        plain = variants.template.quantities.symbols.plain
        seen: dict[str, float] = {}
        for node, value in variants.quantities(0).items():
            assert seen.setdefault(plain(node), float(value)) == pytest.approx(float(value))


def test_tables_line_up() -> None:
    """Each column as wide as its widest cell, no blanks at the end."""
    assert list(table([["a", "bb", "c"], ["aaa", "b", ""]])) == ["  a    bb  c", "  aaa  b"]
    assert list(table([])) == []


@every_question
@pytest.mark.parametrize("language", ["en", "de"])
def test_data_has_the_parts_and_their_slots(name: str, language: str) -> None:
    """Every slot once, in paper order; the key only on request."""
    template = find_template(name)
    variants = draw_variants(template, 0, [0])
    data = question_data(variant_sheet(variants, 0, language), variants, 0, False)
    assert [slot for part in data["parts"] for slot in part["answers"]] == [
        slot.id for slot in template.slots
    ]
    assert set(data) == {
        "id",
        "title",
        "points",
        "stem",
        "equations",
        "given",
        "conventions",
        "working",
        "parts",
    }
