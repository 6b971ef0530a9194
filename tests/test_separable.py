"""Which wrong answers can be told from the key."""

from __future__ import annotations

import numpy as np
import pytest
from bank_draws import template_of
from small_exam import TINY

from examgen.bank import bank_ids
from examgen.drawing import draw_variants
from examgen.graph import evaluate
from examgen.separable import shares, wrong_answers
from examgen.template import parse_template
from examgen.tolerance import tolerances
from examgen.variant import Variants

every_template = pytest.mark.parametrize("template_id", bank_ids())


@every_template
def test_answers_are_those_of_the_evaluator(template_id: str) -> None:
    """Batched over mistakes, slots and variants, as each is on its own."""
    template = template_of(template_id)
    variants = draw_variants(template, 1, range(7))
    found = wrong_answers(variants)
    givens = variants.draw.floats()
    for m in range(0, len(found.mistakes), 13):
        for s, slot in enumerate(found.slots):
            node = found.mistakes[m].nodes[template.quantities.name(slot.quantity)]
            (alone,) = evaluate([node], givens)
            expected = np.broadcast_to(alone, 7)
            np.testing.assert_allclose(found.answers[m, s], expected, rtol=1e-9, atol=1e-12)
            assert found.touched[m, s] == (node is not template.node(slot))


def test_the_tolerance_and_a_unit_decide() -> None:
    """An answer must lie further off than both together, for each variant."""
    template = parse_template(TINY, "tiny.yaml")
    variants = draw_variants(template, 1, range(40))
    found = wrong_answers(variants)
    widths = {slot.id: np.where(np.arange(40) % 2, np.inf, 0.0) for slot in found.slots}
    told = found.separable(widths)
    assert not told[:, :, 1::2].any()
    off = np.abs(found.answers - found.keys)
    units = np.array([10.0**-slot.decimals for slot in found.slots])[:, None]
    assert (told[:, :, ::2] == (off > units)[:, :, ::2]).all()
    assert told.any()


def test_what_is_no_number_tells_nothing() -> None:
    """No student can answer NaN."""
    text = TINY.replace("z: w*x + b", "z: log(w*x + b)")
    template = parse_template(text.replace("require: [", "require: [w*x + b > 0, "), "tiny.yaml")
    # The draws that nobody chose: those that are kept avoid mistakes that have no value.
    found = wrong_answers(Variants(template, template.sampler(1).draw(range(20))))
    assert np.isnan(found.answers).any()
    told = found.separable({slot.id: np.zeros(20) for slot in found.slots})
    assert np.isfinite(found.answers[told]).all()


@every_template
def test_the_bank_tells_most_mistakes_from_the_key(template_id: str) -> None:
    """Each kind that changes a number at all, in most of the draws: nobody's paper is spared."""
    variants = draw_variants(template_of(template_id), 1, range(100))
    found = wrong_answers(variants)
    part = shares(found, tolerances(variants))
    assert set(part) == {mistake.name for mistake in found.mistakes}
    shows = np.asarray(found.visible.any(axis=(1, 2)))
    shown = {one.name for one, seen in zip(found.mistakes, shows, strict=True) if seen}
    assert np.mean([part[name] for name in shown]) >= 0.9
    assert all(not part[name] for name in set(part) - shown)


def test_a_template_without_numbers_has_no_wrong_numbers() -> None:
    """Formula slots alone: nothing to compare."""
    head = TINY[: TINY.index("parts:")]
    text = head + "parts:\n  - ask: Give it.\n    derive: dL/dw\n    points: 1\n"
    found = wrong_answers(draw_variants(parse_template(text, "tiny.yaml"), 1, range(5)))
    assert found.answers.shape[1] == 0
    assert not found.visible.any()
