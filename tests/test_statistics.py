"""Tests of the statistics: published and hand cases, other formulas for the same numbers."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.reporting.statistics import (
    FEW,
    SHUFFLES,
    chi_square_tail,
    group_effect,
    item_statistics,
    point_biserial,
    reliability,
    spread,
)

# K. L. Wuensch, "The Kuder-Richardson 20", East Carolina University, StatHelp/KR20.txt: ten
# students, ten items; sum of p q = 2.18, variance of the totals 5.84 (both with n).
QUIZ = np.array(
    [
        [int(mark) for mark in row]
        for row in (
            "1111110110", "1011011101", "1111011001", "0010001000", "0000010010",
            "1110111111", "1101110111", "1111111101", "0101111101", "1101101110",
        )
    ],
    dtype=float,
)  # fmt: skip
POSSIBLE = np.ones_like(QUIZ)


def classes(seed: int, students: int = 60, items: int = 5) -> np.ndarray:
    """Points that hang together: ability plus chance."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(students, 1)) + rng.normal(size=(students, items)) + 3


def test_the_spread_of_a_published_quiz() -> None:
    """Totals 8, 7, 7, 2, 2, 9, 8, 9, 7, 7."""
    found = spread(QUIZ.sum(axis=1))
    assert (found.count, found.low, found.median, found.high) == (10, 2, 7, 9)
    assert (found.lower_quartile, found.upper_quartile) == (7, 8)
    assert found.mean == pytest.approx(6.6)
    assert found.sd**2 * 9 / 10 == pytest.approx(5.84)


def test_nobody_has_no_spread() -> None:
    """Of no values all is missing, of one the SD."""
    assert spread(np.empty(0)).count == 0
    assert math.isnan(spread(np.empty(0)).median)
    assert math.isnan(spread(np.array([3.0])).sd)
    assert spread(np.array([3.0])).upper_quartile == 3


def test_alpha_of_a_published_quiz() -> None:
    """KR-20 of the quiz, from the sum of p q and the variance that the source prints."""
    found = reliability(QUIZ)
    assert found.alpha == pytest.approx(10 / 9 * (1 - 2.18 / 5.84))
    assert found.sem == pytest.approx(math.sqrt(5.84 * 10 / 9 * (1 - found.alpha)))
    assert (found.students, found.items) == (10, 10)


@given(st.integers(0, 2**32))
def test_alpha_by_mean_covariances(seed: int) -> None:
    """k c / (v + (k - 1) c), with the mean variance v and the mean covariance c of the items."""
    points = classes(seed)
    covariance = np.cov(points.T)
    k = len(covariance)
    v = np.trace(covariance) / k
    c = (covariance.sum() - np.trace(covariance)) / (k * (k - 1))
    assert reliability(points).alpha == pytest.approx(k * c / (v + (k - 1) * c))


def test_alpha_if_deleted_is_alpha_of_the_others() -> None:
    """For every item, as if it had never been asked."""
    points = classes(3)
    found = reliability(points)
    alone = [reliability(np.delete(points, i, axis=1)).alpha for i in range(points.shape[1])]
    np.testing.assert_allclose(found.if_deleted, alone)


@pytest.mark.parametrize(
    "points", [np.empty((0, 3)), np.ones((1, 3)), np.ones((9, 3)), np.ones((9, 1)), np.ones((9, 0))]
)
def test_no_alpha_without_differences(points: np.ndarray) -> None:
    """Nobody, one student, equal students, one item, none: NaN and no warning."""
    found = reliability(points)
    assert math.isnan(found.alpha)
    assert math.isnan(found.sem)
    assert np.isnan(found.if_deleted).all()


@given(st.integers(0, 2**32))
def test_point_biserial_is_the_correlation(seed: int) -> None:
    """As numpy has it, of a 0/1 item with the rest."""
    rng = np.random.default_rng(seed)
    rest = rng.normal(size=40)
    item = (rest + rng.normal(size=40) > 0).astype(float)
    item[:2] = 0, 1
    assert point_biserial(item, rest) == pytest.approx(np.corrcoef(item, rest)[0, 1])


def test_point_biserial_by_its_own_formula() -> None:
    """(M1 - M0) / s sqrt(p q): Crocker and Algina, 5.12; item 1 of the quiz."""
    item, rest = QUIZ[:, 0], QUIZ[:, 1:].sum(axis=1)
    p = item.mean()
    gap = rest[item == 1].mean() - rest[item == 0].mean()
    expected = gap / rest.std() * math.sqrt(p * (1 - p))
    assert item_statistics(QUIZ, POSSIBLE)[0].discrimination == pytest.approx(expected)


@pytest.mark.parametrize(
    ("item", "rest"),
    [
        ([0.1 + 0.2, 0.3, 0.3, 0.3], [1, 2, 3, 4]),
        ([1, 2, 3, 4], [5, 5, 5, 5]),
        ([1, 2], [1, 2]),
        ([1, math.nan, 2, math.nan], [1, 2, 3, math.nan]),
        ([], []),
    ],
)
def test_no_correlation_without_differences(item: list[float], rest: list[float]) -> None:
    """Flat up to rounding, or fewer than three pairs: NaN and no warning."""
    assert math.isnan(point_biserial(np.array(item), np.array(rest, dtype=float)))


def test_items_of_a_published_quiz() -> None:
    """Difficulties as printed in the source."""
    items = item_statistics(QUIZ, POSSIBLE)
    difficulties = [item.difficulty for item in items]
    assert difficulties == pytest.approx([0.7, 0.7, 0.6, 0.7, 0.6, 0.8, 0.7, 0.7, 0.5, 0.6])
    assert items[8].sd ** 2 * 9 / 10 == pytest.approx(0.25)


def test_what_was_not_asked_is_missing() -> None:
    """It counts neither in the difficulty nor in the students, and not as a zero."""
    points = np.array([[2.0, np.nan], [1.0, np.nan], [2.0, 1.0], [0.0, 0.0], [1.0, 1.0]])
    possible = np.array([[2.0, 0.0], [2.0, 0.0], [2.0, 1.0], [2.0, 1.0], [2.0, 1.0]])
    first, second = item_statistics(points, possible)
    assert (first.students, second.students) == (5, 3)
    assert (first.difficulty, second.difficulty) == (0.6, pytest.approx(2 / 3))
    assert second.discrimination == pytest.approx(np.corrcoef([1, 0, 1], [2, 0, 1])[0, 1])


def test_an_item_that_nobody_had() -> None:
    """All of it is missing."""
    item = item_statistics(np.full((4, 1), np.nan), np.zeros((4, 1)))[0]
    assert item.students == 0
    assert all(map(math.isnan, (item.difficulty, item.sd, item.discrimination)))


def exact_p(values: np.ndarray, groups: np.ndarray) -> float:
    """The permutation test by all permutations."""

    def between(of: tuple[int, ...]) -> float:
        labels = np.array(of)
        means = [values[labels == g].mean() for g in np.unique(groups)]
        sizes = [(labels == g).sum() for g in np.unique(groups)]
        return float(np.sum(sizes * (np.array(means) - values.mean()) ** 2))

    observed = between(tuple(groups.tolist()))
    found = [between(labels) for labels in permutations(groups.tolist())]
    return float(np.mean(np.array(found) >= observed - 1e-9))


@pytest.mark.parametrize("values", [[1, 2, 3, 4, 5, 6], [3, 1, 4, 1, 5, 9], [0, 0, 1, 0, 1, 1]])
@pytest.mark.parametrize("groups", [[0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2]])
def test_shuffles_come_near_all_permutations(values: list[float], groups: list[int]) -> None:
    """Within five standard errors of the exact p."""
    data, labels = np.array(values, dtype=float), np.array(groups)
    found = group_effect(data, labels, 3, np.random.default_rng(1))
    exact = exact_p(data, labels)
    assert found.p == pytest.approx(exact, abs=5 * math.sqrt(0.25 / SHUFFLES))
    assert found.shuffles == SHUFFLES


def test_group_effect_by_hand() -> None:
    """Means 2 and 5 of 1..6: between 13.5 of 17.5; the same p for the same stream."""
    data, labels = np.arange(1.0, 7.0), np.array([0, 0, 0, 2, 2, 2])
    found = group_effect(data, labels, 3, np.random.default_rng(5))
    assert found.counts == (3, 0, 3)
    assert found.means[::2] == (2, 5)
    assert math.isnan(found.means[1])
    assert found.eta_squared == pytest.approx(13.5 / 17.5)
    assert found.p == group_effect(data, labels, 3, np.random.default_rng(5)).p


def test_without_an_effect_p_is_uniform() -> None:
    """Of 200 tests about a tenth lies below 0.1, and half below 0.5."""
    rng = np.random.default_rng(2)
    labels = np.repeat([0, 1], 20)
    found = np.array([group_effect(rng.normal(size=40), labels, 2, rng).p for _ in range(200)])
    assert 0.04 < (found < 0.1).mean() < 0.17
    assert 0.39 < (found < 0.5).mean() < 0.61


def test_a_large_class_is_judged_by_the_limit() -> None:
    """And the limit agrees with shuffles of nearly as many students."""
    rng = np.random.default_rng(7)
    labels = rng.integers(3, size=FEW + 1)
    values = rng.normal(size=FEW + 1) + 0.05 * labels
    large = group_effect(values, labels, 3, rng)
    small = group_effect(values[:-1], labels[:-1], 3, rng)
    assert (large.shuffles, small.shuffles) == (0, SHUFFLES)
    assert large.p == pytest.approx(small.p, abs=0.05)


@pytest.mark.parametrize(
    ("values", "groups"),
    [([], []), ([1, 2], [0, 1]), ([1, 2, 3], [1, 1, 1]), ([2, 2, 2], [0, 1, 1])],
)
def test_nothing_to_compare(values: list[float], groups: list[int]) -> None:
    """Nobody, one student a group, one group, no difference: NaN and no warning."""
    data, labels = np.array(values, dtype=float), np.array(groups, dtype=int)
    found = group_effect(data, labels, 2, np.random.default_rng(0))
    assert math.isnan(found.p)
    assert math.isnan(found.eta_squared)


@pytest.mark.parametrize(
    ("value", "degrees", "tail"),
    [
        (0, 1, 1), (0, 2, 1), (3.841459, 1, 0.05), (6.634897, 1, 0.01), (5.991465, 2, 0.05),
        (7.814728, 3, 0.05), (9.487729, 4, 0.05), (11.344867, 3, 0.01), (16.918978, 9, 0.05),
        (29.588298, 10, 0.001),
    ],
)  # fmt: skip
def test_chi_square_tails_of_the_tables(value: float, degrees: int, tail: float) -> None:
    """Critical values as every table prints them (Abramowitz and Stegun, table 26.8)."""
    assert chi_square_tail(value, degrees) == pytest.approx(tail, rel=1e-5)
