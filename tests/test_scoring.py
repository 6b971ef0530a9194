"""What a variant is worth, against comparing every pair of mistakes one by one."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from bank_draws import template_of
from small_exam import TINY
from wrong_answers import wrong_answers

from examgen import scoring
from examgen.applicable import merged
from examgen.drawing import draw_variants, sampler
from examgen.draws import Candidates
from examgen.effort import fair_space
from examgen.graph import record
from examgen.nodes import Array, Truths
from examgen.sampling import scattered
from examgen.scoring import DETECTED, FRIENDLY, IDENTIFIED, best, judge_of, score
from examgen.signatures import Group, Rows
from examgen.template import Template, parse_template
from examgen.tolerance import tolerances
from examgen.variant import Variants, fixed_variant

Offsets = Array
"""How far answers lie from the key, in tolerances, (mistakes, slots, variants)."""


def offsets(variants: Variants) -> tuple[Offsets, np.ndarray]:
    """Of all mistakes; and which of them change a number at all, (mistakes, slots)."""
    found = wrong_answers(variants)
    widths = np.array([tolerances(variants)[slot.id] for slot in found.slots])
    with np.errstate(invalid="ignore", over="ignore"):
        off = (found.answers - found.keys) / widths
    finite = np.where(np.isfinite(off), off, 0)
    return finite, (found.visible & np.isfinite(off)).any(axis=2)


def one_by_one(template: Template, variants: Variants) -> tuple[Array, Array, int]:
    """Detected and identified, mistake by mistake and pair by pair, and how many mistakes."""
    usual, shows = offsets(Variants(template, scattered(fair_space(template), scoring.SCATTERED)))
    here, _ = offsets(variants)
    slots = [slot.id for slot in template.slots if slot.kind == "number"]
    detected = identified = np.zeros(len(variants.draw))
    whole = 0
    for part in template.parts:
        columns = [slots.index(slot.id) for slot in part.slots if slot.kind == "number"]
        rows = np.flatnonzero(shows[:, columns].any(axis=1))
        seen: Truths = np.any(np.abs(here[rows][:, columns]) > 3, axis=1)
        shared = np.zeros(seen.shape, bool)
        for (m, one), (n, other) in combinations(enumerate(rows), 2):
            always = np.all(np.abs(usual[one, columns] - usual[other, columns]) <= 2)
            agree = np.all(np.abs(here[one, columns] - here[other, columns]) <= 2, axis=0)
            if not always:
                shared[m] |= agree & seen[n]
                shared[n] |= agree & seen[m]
        detected = detected + seen.sum(axis=0)
        identified = identified + (seen & ~shared).sum(axis=0)
        whole += len(rows)
    return detected / whole, identified / whole, whole


@pytest.mark.parametrize("name", ["mlp-2-2-2", "residual-two-sigmoids", "modified-recurrent-cell"])
def test_scores_are_those_of_every_mistake_and_pair(name: str) -> None:
    """What the sorting of projections finds is what comparing all pairs finds."""
    template = template_of(name)
    variants = Variants(template, sampler(template, 5).draw(range(40)))
    detected, identified, whole = one_by_one(template, variants)
    found = score(variants)
    assert judge_of(template).signatures.weight == whole
    np.testing.assert_allclose(found.detected, detected, atol=0.01)
    np.testing.assert_allclose(found.identified, identified, atol=0.02)
    assert np.mean(np.abs(found.identified - identified)) < 0.003
    assert np.ptp(identified) > 0.02  # there is something to find


def test_sorting_finds_every_pair_that_agrees() -> None:
    """On random signatures of three slots, many of which meet in one slot or in the sum of all."""
    rng = np.random.default_rng(1)
    count, slots, variants = 40, 3, 50
    rows = Rows(record([]), np.repeat(np.arange(slots), count), slots)
    members = tuple(np.arange(slots) * count + n for n in range(count))
    places = np.arange(slots)
    group = Group(rows, places, members, np.ones(count), places)
    values = rng.integers(-5, 6, (slots, count, variants)) * 1.5
    offsets = (values * rows.factors[:, None, None]).reshape(slots * count, variants)
    offsets = np.vstack([offsets, np.zeros((1, variants))])
    seen = np.any(np.abs(values) > 3, axis=0)
    expected = np.zeros(seen.shape, bool)
    for one, other in combinations(range(count), 2):
        agree = np.all(np.abs(values[:, one] - values[:, other]) <= 2, axis=0)
        expected[one] |= agree & seen[one] & seen[other]
        expected[other] |= agree & seen[one] & seen[other]
    assert 0.005 < expected.mean() < 0.5
    np.testing.assert_array_equal(group.shared(offsets, seen), expected)


def test_signatures_that_agree_in_every_draw_are_merged() -> None:
    """The first stands for both, with both their weights; one draw that tells them is enough."""
    rows = Rows(record([]), np.zeros(3, np.int64), 1)
    members = tuple(np.array([n]) for n in range(3))
    group = Group(rows, np.array([0]), members, np.array([1.0, 2.0, 4.0]), np.array([0]))
    offsets = np.array([[5.0, 5.0, 5.0], [6.0, 4.0, 5.0], [5.0, 5.0, 50.0], [0.0, 0.0, 0.0]])
    found = merged(group, offsets)
    np.testing.assert_array_equal(found.weights, [3, 4])
    assert [rows.tolist() for rows in found.members] == [[0], [2]]


def test_the_total_is_the_weighted_sum() -> None:
    """All weights together are one, and so is the best of scores."""
    found = score(draw_variants(template_of("elman-relu"), 2, range(30)))
    expected = DETECTED * found.detected + IDENTIFIED * found.identified
    np.testing.assert_allclose(found.total, expected + FRIENDLY * found.friendly)
    assert sum((DETECTED, IDENTIFIED, FRIENDLY)) == pytest.approx(1)
    for share in (found.total, found.detected, found.identified, found.friendly):
        assert ((share >= 0) & (share <= 1)).all()
    assert (found.identified <= found.detected).all()


def tiny(**numbers: str) -> Variants:
    """One variant of the tiny graph."""
    return fixed_variant(
        parse_template(TINY, "t.yaml"), {name: Fraction(value) for name, value in numbers.items()}
    )


def test_a_variant_that_hides_mistakes_scores_less() -> None:
    """Where x = 1 no factor is missed, and where w = x nothing tells them apart."""
    plain = score(tiny(x="2", w="-3", b="4", y="3.5"))
    hiding = score(tiny(x="1", w="1", b="1", y="2.5"))
    assert hiding.detected[0] < plain.detected[0]
    assert hiding.identified[0] < plain.identified[0]


@pytest.mark.parametrize(
    "worse",
    [
        {"x": "2.5", "w": "-3.5"},  # more digits
        {"w": "-1"},  # z = -2
        {"y": "3"},  # the same number twice
    ],
)
def test_pleasant_numbers_are_few_plain_and_different(worse: dict[str, str]) -> None:
    """Each that is not makes a variant less friendly."""
    good = {"x": "3", "w": "-2", "b": "1", "y": "4"}
    assert score(tiny(**(good | worse))).friendly[0] < score(tiny(**good)).friendly[0]


def test_pre_activations_near_a_kink_and_endless_results_are_unfriendly() -> None:
    """A ReLU's argument of 0.1, and a third."""
    text = TINY.replace("z: w*x + b", "z: relu(w*x + b)/3")
    template = parse_template(text, "t.yaml")

    def friendly(b: str, w: str = "1") -> float:
        givens = {"x": Fraction(2), "w": Fraction(w), "b": Fraction(b), "y": Fraction(4)}
        return float(score(fixed_variant(template, givens)).friendly[0])

    assert friendly("-19/10") < friendly("-16/10")
    assert friendly("3") < friendly("4")


def test_mistakes_that_no_number_shows_do_not_count() -> None:
    """Where a unit is on in every draw, leaving its slope out changes nothing."""
    text = TINY.replace("z: w*x + b", "z: relu(w*x + b)")
    text = text.replace("require:", "effort: {equal: []}\nrequire:")
    sometimes, always = (text.replace("abs(dL/dw) > 0", f"{r} > 0") for r in ("eta", "w*x + b"))
    free, on = (judge_of(parse_template(t, "t.yaml")).signatures for t in (sometimes, always))
    assert 0 < on.weight < free.weight


def test_those_that_always_coincide_count_as_one_signature() -> None:
    """They are not held against a variant, and each of them is detected."""
    signatures = judge_of(template_of("mlp-2-2-2")).signatures
    assert any(group.weights.max() > 1 for group in signatures.groups)
    assert signatures.weight > sum(len(group.members) for group in signatures.groups)


# --- the best of some candidates ------------------------------------------------------------------


def candidates_of(template: Template, count: int = 200) -> Candidates:
    """Eight candidates for each of some variants."""
    draw = sampler(template, 3).draw(range(8 * count))
    return Candidates(draw, np.arange(0, 8 * count, 8))


def test_the_best_candidate_is_kept() -> None:
    """Or one that scores about as much: identification is asked of the better half only."""
    template = template_of("mlp-2-2-2")
    candidates = candidates_of(template)
    totals = score(Variants(template, candidates.draw)).total.reshape(-1, 8)
    rows = best(template, candidates)
    np.testing.assert_array_equal(rows // 8, np.arange(200))
    kept = totals[np.arange(200), rows % 8]
    assert np.mean(totals.max(axis=1) - kept) < 0.01
    assert np.mean(kept == totals.max(axis=1)) > 0.6
    assert np.mean(kept - totals.mean(axis=1)) > 0.03


def test_of_equal_candidates_the_earliest_is_kept() -> None:
    """Four times the same draw."""
    template = parse_template(TINY, "t.yaml")
    draw = sampler(template, 3).draw(np.repeat(np.arange(5), 4))
    rows = best(template, Candidates(draw, np.arange(0, 20, 4)))
    np.testing.assert_array_equal(rows, np.arange(0, 20, 4))


def test_leading_counts_what_there_is() -> None:
    """Variants with one, three and two candidates."""
    draw = sampler(parse_template(TINY, "t.yaml"), 3).draw(range(6))
    candidates = Candidates(draw, np.array([0, 1, 4]))
    scores = np.array([0.1, 0.2, 0.5, 0.2, 0.3, 0.3])
    np.testing.assert_array_equal(candidates.leading(scores, 1), [0, 2, 4])
    np.testing.assert_array_equal(candidates.leading(scores, 2), [0, 2, 1, 4, 5])
    parts = list(candidates.blocks(2))
    assert [(start, len(part.draw)) for start, part in parts] == [(0, 4), (4, 2)]
    np.testing.assert_array_equal(parts[1][1].first, [0])


# --- edges ----------------------------------------------------------------------------------------


def test_where_there_are_no_numbers_everything_is_told() -> None:
    """Formulas are not judged by tolerances."""
    head = TINY[: TINY.index("parts:")]
    text = head + "parts:\n  - ask: Give it.\n    derive: dL/dw\n    points: 1\n"
    found = score(draw_variants(parse_template(text, "t.yaml"), 0, range(5)))
    assert (found.detected == 1).all()
    assert (found.identified == 1).all()


def test_in_a_large_graph_only_the_numbers_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """No mistakes are looked for, and the draw takes no time."""
    monkeypatch.setattr(scoring, "MOST_QUANTITIES", 3)
    monkeypatch.setattr(scoring, "mistakes_of", None)  # to call it would be an error
    found = score(draw_variants(parse_template(TINY, "t.yaml"), 0, range(50)))
    assert (found.detected == 1).all()
    assert np.ptp(found.friendly) > 0


def test_an_answer_that_is_no_number_tells_nothing() -> None:
    """A mistake that leads out of a logarithm's domain is not detected there."""
    text = TINY.replace("z: w*x + b", "z: log(w*x + b)").replace(
        "require: [", "require: [w*x + b > 0, "
    )
    template = parse_template(text, "t.yaml")
    variants = Variants(template, sampler(template, 1).draw(range(40)))
    detected, _, _ = one_by_one(template, variants)
    np.testing.assert_allclose(score(variants).detected, detected, atol=0.01)
