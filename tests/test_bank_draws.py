"""Every question of the bank draws well: distinct, fair, readable numbers, again and again."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from bank_draws import VARIANTS, drawn, numeric, template_of, values_of

from examgen.bank import bank_ids
from examgen.graph import exactly, record, topological

RATIONAL = ["mlp-2-2-2", "elman-relu", "modified-recurrent-cell"]

every_template = pytest.mark.parametrize("template_id", bank_ids())


@every_template
def test_variants_are_distinct_and_finite(template_id: str) -> None:
    """No two variants share their numbers, and every answer is a number."""
    template = template_of(template_id)
    givens = drawn(template_id)
    rows = np.array([givens[name] for name in sorted(givens)]).T
    assert len(np.unique(rows, axis=0)) == VARIANTS
    for name, values in values_of(template, numeric(template), givens).items():
        assert np.isfinite(values).all(), name


@every_template
def test_variants_keep_off_kinks(template_id: str) -> None:
    """No ReLU is closer to zero than the margin."""
    template = template_of(template_id)
    nodes = topological(template.quantities.values.values())
    kinks = [kink for node in nodes for kink in node.op.kinks(*node.args)]
    for values in record(kinks)(drawn(template_id)) if kinks else []:
        assert np.abs(values).min() > float(template.file.margin)


@every_template
def test_same_seed_gives_the_same_numbers_for_any_subset(template_id: str) -> None:
    """In any order, alone or among others; and another seed gives others."""
    template = template_of(template_id)
    some = [250, 3, 77]
    again = template.sampler(7).draw(some).floats()
    other = template.sampler(8).draw(some).floats()
    assert all(np.array_equal(again[n], values[some]) for n, values in drawn(template_id).items())
    assert any(not np.array_equal(other[name], again[name]) for name in again)


@every_template
def test_grid_has_room_and_few_draws_are_turned_down(template_id: str) -> None:
    """Twenty thousand variants, and one candidate in twenty accepted."""
    sampler = template_of(template_id).sampler(7)
    assert sampler.capacity >= 20_000
    acceptance = sampler.draw(range(VARIANTS)).acceptance
    assert acceptance is not None
    assert acceptance.rate >= 0.05


@every_template
def test_asked_gradients_do_not_vanish_and_updates_show(template_id: str) -> None:
    """Each asked gradient is felt, and each update moves what it updates."""
    template = template_of(template_id)
    givens = drawn(template_id)
    for name, values in values_of(template, numeric(template), givens).items():
        if name.startswith("dL/"):
            assert np.abs(values).min() >= 0.01, name
        if name.endswith("'"):
            assert np.abs(values - givens[name.removesuffix("'")]).min() >= 0.0199, name


@every_template
def test_answers_are_of_a_size_for_hand_calculation(template_id: str) -> None:
    """Nothing beyond a hundred."""
    template = template_of(template_id)
    for name, values in values_of(template, numeric(template), drawn(template_id)).items():
        assert np.abs(values).max() <= 100, name


@pytest.mark.parametrize("template_id", RATIONAL)
def test_rational_answers_are_exact_in_the_decimals_asked(template_id: str) -> None:
    """Where no transcendental occurs, nothing has to be rounded."""
    template = template_of(template_id)
    slots = [slot for slot in template.slots if slot.kind == "number"]
    draw = template.sampler(7).draw(range(40))
    for variant in range(40):
        exact = exactly([template.node(slot) for slot in slots], draw.exact(variant))
        for slot, value in zip(slots, exact, strict=True):
            assert isinstance(value, Fraction)
            assert (value * 10**slot.decimals).denominator == 1, slot.id


@every_template
def test_few_variants_share_all_their_answers(template_id: str) -> None:
    """Different numbers lead to different answers."""
    template = template_of(template_id)
    found = values_of(template, numeric(template), drawn(template_id))
    answers = np.array([np.round(values, 4) for values in found.values()]).T
    assert len(np.unique(answers, axis=0)) >= 0.97 * VARIANTS
