"""Drawing with a choice: order-independent, distinct, and better than without."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from bank_draws import template_of
from small_exam import TINY

from examgen.drawing import capacity, draw_variants, sampler
from examgen.draws import Draw
from examgen.effort import fair_space
from examgen.errors import ExamgenError
from examgen.sampling import ROOM
from examgen.scoring import score
from examgen.template import Template, parse_template
from examgen.variant import Variants, fixed_variant

SMALL = TINY.replace("from: -5, to: 5, step: 0.5, except: [0]", "from: -3, to: 3, step: 0.25")
"""A space of a hundred thousand points, judged as a whole."""
LARGE = TINY.replace("step: 0.5", "step: 0.1")
"""A space of millions."""


def template(text: str, candidates: int = 8) -> Template:
    """A template with so many candidates for each variant."""
    return parse_template(text.replace("require:", f"candidates: {candidates}\nrequire:"), "t.yaml")


def places(draw: Draw) -> np.ndarray:
    """All places of a draw, (variants, givens)."""
    return np.stack([draw.places[name] for name in draw.grids], axis=1)


def numbers(template: Template, wanted: Sequence[int], seed: int = 4) -> np.ndarray:
    """The numbers of some variants."""
    return places(draw_variants(template, seed, wanted).draw)


both = pytest.mark.parametrize("text", [SMALL, LARGE], ids=["small", "large"])


def test_the_spaces_are_what_they_are_meant_to_be() -> None:
    """One judged as a whole, one by attempts; both with several candidates for each variant."""
    assert template(SMALL).space.small
    assert sampler(template(SMALL), 0).candidates == 8
    assert not template(LARGE).space.small


@both
@pytest.mark.parametrize("candidates", [1, 5, 8])
def test_a_variant_is_the_same_in_any_company(text: str, candidates: int) -> None:
    """Any subset, order and repetition, one by one or all at once, from a template read anew."""
    together = numbers(template(text, candidates), range(400))
    some = [399, 0, 7, 150, 7]
    np.testing.assert_array_equal(numbers(template(text, candidates), some), together[some])
    alone = [numbers(template(text, candidates), [one])[0] for one in some[:2]]
    np.testing.assert_array_equal(alone, together[some[:2]])


@both
def test_no_size_of_a_block_can_be_seen(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither that of the search nor that of the scoring."""
    expected = draw_variants(template(text), 4, range(300))
    monkeypatch.setattr("examgen.sampling.BLOCK", 97)
    monkeypatch.setattr("examgen.scoring.CHUNK", 61)
    monkeypatch.setattr("examgen.signatures.CHUNK", 50)
    again = draw_variants(template(text), 4, range(300))
    np.testing.assert_array_equal(places(again.draw), places(expected.draw))
    np.testing.assert_array_equal(again.scores, expected.scores)


@both
def test_ten_thousand_variants_are_distinct(text: str) -> None:
    """Each variant chooses among points of its own."""
    drawn = numbers(template(text, 3), range(10_000))
    assert len(np.unique(drawn, axis=0)) == 10_000


@both
def test_no_two_variants_share_a_candidate(text: str) -> None:
    """So that whatever they choose differs; nor do a variant's own candidates repeat."""
    candidates, _ = sampler(template(text), 4)._candidates(np.arange(500))
    rows = places(candidates.draw)
    assert candidates.most == 8
    assert len(np.unique(rows, axis=0)) == len(rows) > 3500


def test_attempts_of_different_variants_are_different_points() -> None:
    """All of them, from the first to the last."""
    one = sampler(template(LARGE), 4)
    words, _, _ = one.judge(np.array([0, 1, 2, 9]), 0, one.attempts)
    assert len(np.unique(words)) == 4 * one.attempts


@both
def test_one_candidate_is_the_first_acceptable_one(text: str) -> None:
    """As if nobody chose; and of more candidates the first is among those to choose from."""
    plain = template(text, 1)
    drawn = draw_variants(plain, 4, range(200))
    np.testing.assert_array_equal(places(drawn.draw), places(sampler(plain, 4).draw(range(200))))
    assert drawn.scores is not None


@both
def test_candidates_are_the_first_acceptable_ones_of_a_variants_own(text: str) -> None:
    """Counted out from the attempts of one variant."""
    one = sampler(template(text, 5), 4)
    candidates, _ = one._candidates(np.array([3]))
    if one.space.small:
        points = one._shuffled[3 * one.candidates : 4 * one.candidates]
        expected = one._draw(_split(points, one.space.radices))
    else:
        words, accepted, _ = one.judge(np.array([3]), 0, one.attempts)
        points = words[0][accepted[0]][: one.candidates]
        expected = one._draw(one._permutation.digits(points))
    np.testing.assert_array_equal(places(candidates.draw), places(expected))


def _split(points: np.ndarray, radices: Sequence[int]) -> list[np.ndarray]:
    digits = []
    for radix in radices:
        digits.append(points % np.uint64(radix))
        points = points // np.uint64(radix)
    return digits


@both
def test_the_kept_candidate_scores_more(text: str) -> None:
    """On average by far; and its score is that of the variant, marked with its own tolerances."""
    some = template(text)
    drawn = draw_variants(some, 4, range(300))
    first = Variants(some, sampler(some, 4).draw(range(300)))
    kept = score(drawn).total
    np.testing.assert_array_equal(drawn.scores, kept)
    assert np.mean(kept) > np.mean(score(first).total) + 0.01


def test_scoring_tells_more_mistakes_apart() -> None:
    """In the 2-2-2 network, whose numbers hide many."""
    network = template_of("mlp-2-2-2")
    first = score(Variants(network, sampler(network, 1).draw(range(200))))
    best = score(draw_variants(network, 1, range(200)))
    assert np.mean(best.detected) > np.mean(first.detected) + 0.01
    assert np.mean(best.identified) > np.mean(first.identified) + 0.03


def test_a_score_is_the_same_alone_and_together() -> None:
    """To the last bit."""
    some = template(LARGE)
    together = draw_variants(some, 4, range(100)).scores
    alone = draw_variants(template(LARGE), 4, [77]).scores
    assert together is not None
    assert alone is not None
    assert alone[0] == together[77]


def test_seed_and_use_change_the_numbers() -> None:
    """Another exam, or another use in the same: others."""
    some = template(LARGE)
    draws = [
        draw_variants(some, seed, range(100), use).draw for seed, use in ((1, 0), (2, 0), (1, 1))
    ]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert (places(draws[one]) == places(draws[other])).all(axis=1).mean() < 0.05


# --- room -----------------------------------------------------------------------------------------


def test_candidates_leave_room_for_ten_thousand() -> None:
    """Where there is room for so many: fewer candidates rather than fewer variants."""
    for text in (SMALL, TINY):
        some = template(text, 64)
        acceptable = len(fair_space(some).acceptable[0])
        kept = sampler(some, 0).candidates
        assert 1 <= kept < 64
        assert capacity(some) == acceptable // kept >= ROOM > acceptable // (kept + 1)


def test_a_space_without_that_room_gives_all_it_has() -> None:
    """One candidate each, and an error beyond, which tells what there is."""
    text = TINY.replace("from: -5, to: 5", "from: -1, to: 1")
    some = template(text)
    acceptable = len(fair_space(some).acceptable[0])
    assert capacity(some) == acceptable < ROOM
    assert len(np.unique(numbers(some, range(acceptable)), axis=0)) == acceptable
    with pytest.raises(
        ExamgenError, match=f"room for {acceptable}: .* {acceptable} are acceptable"
    ):
        draw_variants(some, 4, [acceptable])


def test_a_variant_that_finds_few_takes_the_best_of_these(monkeypatch: pytest.MonkeyPatch) -> None:
    """With hardly any attempts some have fewer candidates than others, and all have one."""
    monkeypatch.setattr("examgen.sampling.MOST_ATTEMPTS", 20)
    some = template(LARGE.replace("abs(dL/dw) > 0", "w > 0.5"))
    candidates, _ = sampler(some, 4)._candidates(np.arange(200))
    counts = np.diff(candidates.first, append=len(candidates.draw))
    assert 1 <= counts.min() < counts.max() == 8
    assert len(draw_variants(some, 4, range(200)).draw) == 200


def test_none_at_all_is_an_error() -> None:
    """The same as ever, with the condition that fails."""
    some = template(LARGE.replace("abs(dL/dw) > 0", "w > 6"))
    with pytest.raises(ExamgenError, match="'w > 6' fails for 100 %"):
        draw_variants(some, 4, range(3))


def test_numbers_of_ones_own_have_no_score() -> None:
    """Nobody chose between them; but they can be scored."""
    some = template(TINY)
    variant = fixed_variant(some, {"x": Fraction(2), "w": Fraction(1)})
    assert variant.scores is None
    assert score(variant).total.shape == (1,)


def test_no_variants_are_a_draw_of_none() -> None:
    """An empty list is no error."""
    assert len(draw_variants(template(TINY), 4, []).draw) == 0
