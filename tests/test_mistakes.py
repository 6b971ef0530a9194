"""The mistakes of a template: what each of them answers, and that the numbers drawn show it."""

from __future__ import annotations

import numpy as np
import pytest
from bank_draws import template_of
from wrong_answers import wrong_answers

from examgen.bank import bank_ids
from examgen.drawing import draw_variants
from examgen.graph import evaluate
from examgen.nodes import Truths
from examgen.tolerance import tolerances

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


@every_template
def test_the_bank_tells_most_mistakes_from_the_key(template_id: str) -> None:
    """Each kind that changes a number at all, in most of the draws: nobody's paper is spared."""
    variants = draw_variants(template_of(template_id), 1, range(100))
    found = wrong_answers(variants)
    told = found.separable(tolerances(variants)).any(axis=1)  # (mistakes, variants)
    by_name: dict[str, Truths] = {}
    for mistake, row in zip(found.mistakes, told, strict=True):
        by_name[mistake.name] = by_name.get(mistake.name, False) | row
    part = {name: row.mean() for name, row in by_name.items()}
    shows = np.asarray(found.visible.any(axis=(1, 2)))
    shown = {one.name for one, seen in zip(found.mistakes, shows, strict=True) if seen}
    assert np.mean([part[name] for name in shown]) >= 0.9
    assert all(not part[name] for name in set(part) - shown)
