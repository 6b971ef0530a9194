"""The keyed permutation: a bijection for any radices, uniform, and at random access."""

from __future__ import annotations

from math import prod

import numpy as np
import pytest

from examgen.permutation import Permutation, hash_words, split

KEY = b"a key of some length"

SHAPES = [
    (2, 2), (3, 5), (2,) * 12, (7, 11, 13), (1000, 2), (2, 1000), (9,) * 5, (31, 37, 41),
    (5, 6, 7, 8), (17,) * 4, (4, 100, 4), (257, 251),
]  # fmt: skip
HUGE = [(20,) * 30, (10,) * 300, (3,) * 2000, (2,) * 62, (2,) * 64, (10_000,) * 16]


@pytest.mark.parametrize("radices", SHAPES, ids=str)
def test_every_point_is_the_image_of_one_number(radices: tuple[int, ...]) -> None:
    """A bijection: all digits in range, all points different."""
    permutation = Permutation(radices, KEY)
    digits = permutation.digits(np.arange(permutation.size, dtype=np.uint64))
    assert all((digit < radix).all() for digit, radix in zip(digits, radices, strict=True))
    points = np.ravel_multi_index(tuple(digit.astype(np.int64) for digit in digits), radices)
    assert len(np.unique(points)) == permutation.size == prod(radices)


@pytest.mark.parametrize("radices", HUGE, ids=lambda radices: f"{radices[0]}^{len(radices)}")
def test_huge_grids_do_not_overflow(radices: tuple[int, ...]) -> None:
    """Also beyond 2**64 and 1e308 points: digits in range, no two points equal, ends included."""
    permutation = Permutation(radices, KEY)
    last = min(permutation.size, 2**64) - 1
    numbers = np.concatenate(
        [np.arange(5000, dtype=np.uint64), np.uint64(last) - np.arange(5000, dtype=np.uint64)]
    )
    digits = np.array(permutation.digits(numbers))
    assert len(digits) == len(radices)
    assert all((digit < radix).all() for digit, radix in zip(digits, radices, strict=True))
    assert len({point.tobytes() for point in digits.T}) == len(numbers)


def test_a_number_has_the_same_image_in_any_company() -> None:
    """Random access: alone, in another order, in another block."""
    permutation = Permutation((9,) * 12, KEY)
    numbers = np.array([5, 10**9, 7, 123_456_789], np.uint64)
    together = np.array(permutation.digits(numbers))
    for place in (3, 0, 2, 1):
        alone = np.array(permutation.digits(numbers[[place]]))
        np.testing.assert_array_equal(alone[:, 0], together[:, place])


def test_the_key_changes_everything() -> None:
    """Two keys agree as often as chance has it."""
    numbers = np.arange(20_000, dtype=np.uint64)
    one = np.array(Permutation((10,) * 12, b"one").digits(numbers))
    other = np.array(Permutation((10,) * 12, b"onf").digits(numbers))
    assert abs((one == other).mean() - 0.1) < 0.01
    assert Permutation((10, 10), b"one").seed != Permutation((10, 10), b"onf").seed


def excess(counts: np.ndarray) -> float:
    """Chi-square against equal counts, in standard deviations of its distribution."""
    expected = counts.sum() / counts.size
    freedom = counts.size - 1
    return float((((counts - expected) ** 2 / expected).sum() - freedom) / np.sqrt(2 * freedom))


UNIFORM = [
    (9,) * 12, (2,) * 24, (3,) * 14, (20,) * 30, (5, 6, 7, 8, 9, 10, 11, 12), (10_000, 105),
    (105, 10_000), (3, 10_000, 40), (1500, 1500), (8,) * 10, (4,) * 31,
]  # fmt: skip


@pytest.mark.parametrize("radices", UNIFORM, ids=str)
def test_digits_are_uniform(radices: tuple[int, ...]) -> None:
    """Of the first 40,000 numbers each value of each digit comes equally often, under any key."""
    worst = []
    for key in range(6):
        digits = Permutation(radices, bytes([key])).digits(np.arange(40_000, dtype=np.uint64))
        worst += [
            excess(np.bincount(digit.astype(np.int64), minlength=radix))
            for digit, radix in zip(digits, radices, strict=True)
            if radix <= 1500
        ]
    assert max(worst) < 6
    assert np.mean(worst) < 1.5 / np.sqrt(len(worst)) * 3


@pytest.mark.parametrize("radices", UNIFORM, ids=str)
def test_neighbouring_numbers_are_independent(radices: tuple[int, ...]) -> None:
    """Pairs of digits of n and n + 1 come equally often: variant i tells nothing about i + 1."""
    place = int(np.argmax(radices))
    cells = next(cells for cells in (10, 9, 8, 6, 5, 4, 3, 2) if radices[place] % cells == 0)
    scores = []
    for key in range(12):
        digit = Permutation(radices, bytes([key])).digits(np.arange(40_000, dtype=np.uint64))[place]
        step = (digit[1:].astype(np.int64) - digit[:-1].astype(np.int64)) % radices[place]
        coarse = digit.astype(np.int64) * cells // radices[place]
        scores.append(excess(np.bincount(coarse[1:] * cells + coarse[:-1], minlength=cells**2)))
        scores.append(excess(np.bincount(step * cells // radices[place], minlength=cells)))
    assert max(scores) < 6
    assert abs(np.mean(scores)) < 1


def test_the_hash_avalanches() -> None:
    """Every bit of the word flips each bit of the hash half of the time."""
    words = np.arange(4000, dtype=np.uint64)
    for bit in (0, 1, 13, 31, 32, 63):
        flipped = hash_words(words, 99) ^ hash_words(words ^ np.uint64(1 << bit), 99)
        ones = np.unpackbits(flipped.view(np.uint8)).mean()
        assert abs(ones - 0.5) < 0.01


def test_split_writes_mixed_radix_digits() -> None:
    """The first radix varies fastest."""
    digits = split(np.array([0, 1, 3, 59], np.uint64), (3, 4, 5))
    np.testing.assert_array_equal(digits, [[0, 1, 0, 2], [0, 0, 1, 3], [0, 0, 0, 4]])


def test_one_axis_alone_is_not_for_this_network() -> None:
    """It would come out shifted, not shuffled; the sampler shuffles small spaces as a table."""
    with pytest.raises(AssertionError, match="bug: "):
        Permutation((1009,), KEY).digits(np.arange(5, dtype=np.uint64))
