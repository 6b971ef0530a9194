"""Tests of answers that are right on another paper: planted copies, chance, and large classes."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from grader.reporting.resemblance import LEAST, Resemblances, _at_least, resemblances

TOLERANCE = 0.005
Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def honest_class(students: int, slots: int = 12, seed: int = 1, wrong: float = 0.3) -> Arrays:
    """Responses, which are wrong, keys and tolerances; wrong numbers are of nobody's paper."""
    rng = np.random.default_rng(seed)
    expected = rng.normal(0, 10, (students, slots)).round(2)
    is_wrong = rng.random(expected.shape) < wrong
    slips = expected + rng.choice([-1, 1], expected.shape) * rng.uniform(0.05, 9, expected.shape)
    responses = np.where(is_wrong, slips.round(2), expected)
    return responses, is_wrong, expected, np.full(expected.shape, TOLERANCE)


def copied(class_: Arrays, student: int, other: int, slots: list[int]) -> Arrays:
    """A class in which one student has another's right answers in some slots."""
    responses, wrong, expected, tolerance = (array.copy() for array in class_)
    responses[student, slots] = expected[other, slots]
    wrong[student] = np.abs(responses[student] - expected[student]) > tolerance[student]
    return responses, wrong, expected, tolerance


def found_pairs(found: Resemblances) -> list[tuple[int, int]]:
    """Who is found beside whom."""
    return [(one.student, one.other) for one in found.found]


@pytest.mark.parametrize("students", [12, 30, 300, 3000])
@pytest.mark.parametrize("slots", [[0, 1, 2, 3], list(range(12))])
def test_a_copy_is_found(students: int, slots: list[int]) -> None:
    """Four numbers of a neighbour's paper, or all of them; and nobody else."""
    class_ = copied(honest_class(students), 5, 7, slots)
    found = resemblances(*class_)
    assert found_pairs(found) == [(5, 7)]
    assert set(slots) <= set(found.found[0].slots)
    assert found.found[0].numbers >= len(slots)
    assert found.found[0].chance < 0.01


@pytest.mark.parametrize("seed", range(5))
def test_an_honest_class_is_left_alone(seed: int) -> None:
    """Nobody is found among 500 who made slips of their own, though some pairs may meet."""
    found = resemblances(*honest_class(500, seed=seed))
    assert found.found == ()
    assert found.examined > 300
    assert found.pairs <= 3 + 10 * found.by_chance


def test_right_answers_are_nobodys() -> None:
    """Who is right in all is not looked at, even if all papers were the same."""
    _, _, expected, tolerance = honest_class(50)
    found = resemblances(expected, np.zeros(expected.shape, dtype=bool), expected, tolerance)
    assert (found.found, found.examined, found.pairs) == ((), 0, 0)
    same = np.broadcast_to(expected[0], expected.shape)
    found = resemblances(same, np.abs(same - same) > 1, same, tolerance)
    assert found.found == ()


def test_numbers_that_many_keys_share_prove_nothing() -> None:
    """A class whose keys are small integers: wrong ones meet somebody's key all the time."""
    rng = np.random.default_rng(4)
    expected = rng.integers(0, 3, (300, 12)).astype(float)
    responses = rng.integers(0, 3, (300, 12)).astype(float)
    found = resemblances(responses, responses != expected, expected, np.full((300, 12), TOLERANCE))
    assert found.found == ()
    assert found.pairs == 0


def test_numbers_of_equal_size_count_once() -> None:
    """Two numbers, each with both signs, are two numbers met, not four."""
    _, _, expected, tolerance = honest_class(100, wrong=0)
    expected[7, :4] = [3.33, -3.33, 4.44, -4.44]
    responses = expected.copy()
    responses[5, :4] = expected[7, :4]
    responses[5, 4:7] += 1.11
    found = resemblances(responses, responses != expected, expected, tolerance)
    assert (found.found, found.examined) == ((), 1)


def test_who_has_more_wrong_numbers_meets_more_by_chance() -> None:
    """Three numbers of a neighbour weigh less among twelve wrong ones than alone."""
    few = copied(honest_class(100, wrong=0), 5, 7, [0, 1, 2])
    many = copied(few, 5, 7, [0, 1, 2])
    many[0][5, 3:] += 100.01
    many[1][5] = True
    few_found, many_found = (resemblances(*class_).found[0] for class_ in (few, many))
    assert (few_found.wrong, many_found.wrong) == (3, 12)
    assert few_found.chance < many_found.chance


def test_an_answer_close_to_the_own_key_is_ones_own() -> None:
    """A badly rounded number is not compared with others."""
    responses, wrong, expected, tolerance = honest_class(40, wrong=0)
    expected[7, :5] = expected[5, :5] + 2 * TOLERANCE
    responses[5, :5] = expected[7, :5]
    wrong[5, :5] = True
    assert resemblances(responses, wrong, expected, tolerance).examined == 0


def test_the_edge_of_the_tolerance_belongs_to_it() -> None:
    """A copy that was rounded to the edge of the tolerance is found as well."""
    class_ = copied(honest_class(60, wrong=0), 5, 7, [0, 1, 2, 3])
    class_[0][5, :4] += TOLERANCE
    assert found_pairs(resemblances(*class_)) == [(5, 7)]


def test_slots_that_were_not_asked_are_passed_over() -> None:
    """NaN as a key and as a response meets nothing."""
    responses, wrong, expected, tolerance = copied(honest_class(60), 5, 7, list(range(12)))
    expected[::2, 6:] = np.nan
    responses[1::3, :2] = np.nan
    wrong = wrong & ~np.isnan(expected) & ~np.isnan(responses)
    assert found_pairs(resemblances(responses, wrong, expected, tolerance)) == [(5, 7)]


@pytest.mark.parametrize("students", [0, 1, 2])
def test_a_class_of_hardly_anybody(students: int) -> None:
    """Works, and finds nothing."""
    found = resemblances(*honest_class(students, wrong=1))
    assert (found.found, found.pairs) == ((), 0)


def test_a_class_without_numbers() -> None:
    """An exam of formulas only has no slot to compare."""
    none = np.empty((4, 0))
    assert resemblances(none, none.astype(bool), none, none).found == ()


def naive_pairs(responses: np.ndarray, wrong: np.ndarray, expected: np.ndarray) -> int:
    """Pairs that meet in enough slots, by looking at each of them."""
    students = range(len(responses))
    pairs = [(i, j) for a, b in combinations(students, 2) for i, j in ((a, b), (b, a))]
    meets = [(wrong[i] & (np.abs(responses[i] - expected[j]) < 0.0051)).sum() for i, j in pairs]
    return sum(count >= LEAST for count in meets)


def test_all_pairs_are_found_that_a_plain_search_finds() -> None:
    """Wrong numbers drawn from the range of the keys meet many of them."""
    rng = np.random.default_rng(9)
    papers = np.broadcast_to(np.arange(120.0)[:, None], (120, 9))
    expected = rng.permuted(papers, axis=0) + np.arange(9) * 1000
    responses = rng.permuted(expected, axis=0)
    wrong = responses != expected
    found = resemblances(responses, wrong, expected, np.full(expected.shape, TOLERANCE))
    assert found.pairs == naive_pairs(responses, wrong, expected) > 0


def test_chance_alone_gives_as_many_as_expected() -> None:
    """With random wrong numbers no more pairs meet than expected, and at least half as many."""
    rng = np.random.default_rng(11)
    expected = rng.integers(0, 60, (400, 12)) + np.arange(12) * 1000.0
    responses = rng.integers(0, 60, (400, 12)) + np.arange(12) * 1000.0
    wrong = responses != expected
    found = resemblances(responses, wrong, expected, np.full(expected.shape, TOLERANCE))
    assert found.pairs > 100
    assert found.by_chance / 2 < found.pairs < found.by_chance * 1.2
    assert len(found.found) <= 1


def test_the_chance_of_several_successes() -> None:
    """Against all outcomes of five trials of unequal chance."""
    chances = np.array([0.1, 0.5, 0.3, 0.0, 1.0])
    outcomes = np.array(np.meshgrid(*[[0, 1]] * 5)).reshape(5, -1).T
    weights = np.where(outcomes, chances, 1 - chances).prod(axis=1)
    for least in range(6):
        exact = weights[outcomes.sum(axis=1) >= least].sum()
        assert _at_least(chances[None], least)[0] == pytest.approx(exact)


def test_a_large_class_looks_at_the_rarest_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for few pairs, numbers that fewer keys meet are kept; the copy is still found."""
    class_ = copied(honest_class(1500), 5, 7, list(range(12)))
    monkeypatch.setattr("grader.reporting.resemblance.MOST_PAIRS", 1500)
    found = resemblances(*class_)
    assert found.at_most == 1
    assert LEAST < found.found[0].numbers < 12
    assert found_pairs(found) == [(5, 7)]


def test_the_same_answers_give_the_same_findings() -> None:
    """Nothing depends on chance."""
    class_ = copied(honest_class(200), 5, 7, [0, 1, 2, 3, 4])
    assert resemblances(*class_) == resemblances(*class_)
