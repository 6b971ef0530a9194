"""Which known mistake lies behind a wrong formula."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import pytest
from formula_spellings import CELL, MLP, SIGMOIDS
from test_symbolic import formula_slots, slot_of, template_of

from examgen.misconceptions import Misconception, misconceptions
from examgen.nodes import Node
from examgen.solution import expected_formula
from grader.symbolic import FormulaMarker, Right, Unreadable, Wrong


@dataclass(frozen=True)
class Slip:
    """A mistake made by hand: some quantities have another definition."""

    name: str
    nodes: Mapping[str, Node]


def slip(template: str, name: str, quantity: str, formula: str) -> Slip:
    """One quantity defined otherwise."""
    quantities = template_of(template).quantities
    node = replace(quantities.build(formula), name=quantity)
    return Slip(name, {**quantities.nodes, quantity: node})


def names(marker: FormulaMarker, text: str) -> list[str]:
    """The mistakes named for a wrong formula."""
    verdict = marker.mark(text)
    assert isinstance(verdict, Wrong)
    return [mistake.name for mistake in verdict.mistakes]


def test_a_missing_factor_and_a_missing_path_are_named() -> None:
    """However the wrong formula is written; a formula wrong in another way has no name."""
    slips = [
        slip(SIGMOIDS, "no skip", "dL/dx", "dL/dz*w1"),
        slip(SIGMOIDS, "no weight", "dL/dx", "dL/dz + dL/do"),
        slip(SIGMOIDS, "elsewhere", "dL/ds", "dL/do"),
        slip(SIGMOIDS, "the same", "dL/dx", "dL/do + dL/dz*w1"),
    ]
    marker = FormulaMarker(template_of(SIGMOIDS), slot_of(template_of(SIGMOIDS), "dL_dx"), slips)
    assert names(marker, "w1*dL/dz") == ["no skip"]
    assert names(marker, "dL/ds*s(1-s)*w1") == ["no skip"]
    assert names(marker, "dL/do + dL/dz") == ["no weight"]
    assert names(marker, "dL/do - dL/dz") == []
    assert marker.mark("dL/do + dL/dz*w1") == Right()


def test_all_mistakes_that_coincide_are_named() -> None:
    """Two slips that lead to one formula."""
    slips = [slip(MLP, name, "dL/dh1", "dL/dh3") for name in ("one", "two")]
    marker = FormulaMarker(template_of(MLP), slot_of(template_of(MLP), "dL_dh_to_unit"), slips)
    assert names(marker, "dL/do1*w31 + dL/do2*w32") == ["one", "two"]


def test_quantities_in_the_formula_keep_their_right_values() -> None:
    """Who makes a mistake in dL/do and goes on rightly has a right line dL/ds = dL/do w."""
    wrong = slip(CELL, "half", "dL/do[1]", "dL/dyhat[1]")
    marker = FormulaMarker(template_of(CELL), slot_of(template_of(CELL), "dL_ds_t"), [wrong])
    assert marker.mark("dL/do*w") == Right()
    assert names(marker, "dL/dyhat*w") == []


@lru_cache
def known(template: str) -> tuple[Misconception, ...]:
    """All known mistakes of a question of the bank."""
    return misconceptions(template_of(template).quantities)


@pytest.mark.parametrize(("name", "slot"), formula_slots())
def test_known_mistakes_are_named_on_the_bank(name: str, slot: str) -> None:
    """Of the formulas that somebody with a mistake writes, nearly all are named as that mistake.

    Some cannot be told from the right one, or speak of what has no name in formulas.
    """
    template = template_of(name)
    one = slot_of(template, slot)
    marker = FormulaMarker(template, one, known(name))
    wrong = named = 0
    for mistake in known(name):
        verdict = marker.mark(expected_formula(template, one, mistake.nodes))
        assert isinstance(verdict, Right | Wrong | Unreadable)
        if isinstance(verdict, Wrong):
            wrong += 1
            named += any(found is mistake for found in verdict.mistakes)
    assert wrong >= 2
    assert named >= 0.85 * wrong


@pytest.mark.parametrize(
    ("template", "slot", "text", "name"),
    [
        (SIGMOIDS, "dL_dx", "dL/dz*w1", "skip_path_forgotten"),
        (SIGMOIDS, "dL_dx", "dL/do", "main_path_forgotten"),
        (SIGMOIDS, "dL_dz", "dL/ds", "act_deriv_ignored"),
        (SIGMOIDS, "dL_dz", "dL/ds*sigma(z)", "act_value_for_deriv"),
        (SIGMOIDS, "dL_dz", "dL/ds*sigma'(s)", "deriv_at_output"),
        (SIGMOIDS, "dL_ds", "dL/do", "weight_factor_dropped"),
        (MLP, "dL_dh_to_unit", "dL/dh3", "relu_deriv_ignored"),
        (MLP, "dL_dh_to_out", "(dL/do1*w31 + dL/do2*w32)/2", "paths_averaged"),
        (MLP, "dL_dh_to_out", "dL/do1*w31*dL/do2*w32", "paths_multiplied"),
        (CELL, "dL_dyhat_t", "ŷ-y", "loss_factor_dropped"),
        (CELL, "dL_dyhat_t", "2(y-ŷ)", "loss_sign"),
    ],
)
def test_textbook_mistakes(template: str, slot: str, text: str, name: str) -> None:
    """The mistakes that everybody who marks by hand knows."""
    question = template_of(template)
    marker = FormulaMarker(question, slot_of(question, slot), known(template))
    assert name in names(marker, text)
