"""A keyed permutation of the points of a grid: distinct by construction, random access.

A Feistel network (Luby and Rackoff 1988, doi:10.1137/0217022) on mixed radices: the grid is cut in
lanes, and each round adds to one lane a keyed hash of the two before it, modulo its size. That is
a bijection for any sizes of two lanes or more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from math import isqrt, prod

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]

LANE_MAX = 2**31
_CYCLES = 3
"""Enough where the largest lane has a hundred points or more beside it, as all grids here do."""
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MULTIPLIERS = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


def hash_words(words: Words, key: int) -> Words:
    """A keyed 64-bit hash of each word (the finaliser of SplitMix64, doi:10.1145/2660193.2660195).

    The key is added before and between the two multiplications.
    """
    mixed = words + np.uint64(key)
    mixed ^= mixed >> np.uint64(30)
    mixed *= _MULTIPLIERS[0]
    mixed += np.uint64(key ^ int(_GOLDEN))
    mixed ^= mixed >> np.uint64(27)
    mixed *= _MULTIPLIERS[1]
    mixed ^= mixed >> np.uint64(31)
    return mixed


@dataclass(frozen=True)
class Permutation:
    """A permutation of the points of a grid with `radices[k]` values along axis k."""

    radices: tuple[int, ...]
    key: bytes

    @cached_property
    def size(self) -> int:
        """Number of points."""
        return prod(self.radices)

    @cached_property
    def lanes(self) -> tuple[tuple[int, ...], ...]:
        """The axes in order, cut where a lane would grow past LANE_MAX, at least in two."""
        limit = min(LANE_MAX, max(isqrt(self.size) + 1, *self.radices))
        lanes: list[list[int]] = [[]]
        for radix in self.radices:
            if lanes[-1] and prod(lanes[-1]) * radix > limit:
                lanes.append([])
            lanes[-1].append(radix)
        assert len(lanes) > 1, "bug: a single axis is shuffled as a table"
        return tuple(tuple(lane) for lane in lanes)

    @cached_property
    def _keys(self) -> list[int]:
        count = _CYCLES * len(self.lanes)
        stream = b"".join(
            blake2b(self.key, digest_size=64, salt=number.to_bytes(8, "little")).digest()
            for number in range(count // 8 + 1)
        )
        return [int.from_bytes(stream[8 * k : 8 * k + 8], "little") for k in range(count)]

    @property
    def seed(self) -> int:
        """A 64-bit number that stands for the key."""
        return int.from_bytes(blake2b(self.key, digest_size=8).digest(), "little")

    def digits(self, numbers: Words) -> list[Words]:
        """The images of point numbers (below `size`), as one digit an axis, shape (numbers,)."""
        sizes = [prod(lane) for lane in self.lanes]
        lanes = split(numbers, sizes)
        keys = iter(self._keys)
        for _ in range(_CYCLES):
            for own, size in enumerate(sizes):
                # All others would do no better, in quadratic time.
                others = [lanes[own - back] for back in range(1, min(3, len(lanes)))]
                lanes[own] = _shifted(lanes[own], size, others, next(keys))
        return [
            digit
            for lane, radices in zip(lanes, self.lanes, strict=True)
            for digit in split(lane, radices)
        ]


def _shifted(lane: Words, size: int, others: Sequence[Words], key: int) -> Words:
    mixed = hash_words(others[0], key)
    for other in others[1:]:
        mixed = hash_words(mixed ^ other, key)
    # The top 32 bits, scaled to 0..size-1: no division.
    shift = ((mixed >> np.uint64(32)) * np.uint64(size)) >> np.uint64(32)
    moved = lane + shift
    return moved - np.uint64(size) * (moved >= np.uint64(size))


def split(numbers: Words, radices: Sequence[int]) -> list[Words]:
    """Mixed-radix digits, the first radix varying fastest; the last digit takes what is left."""
    digits = []
    for radix in radices[:-1]:
        quotient = numbers // np.uint64(radix)
        digits.append(numbers - quotient * np.uint64(radix))
        numbers = quotient
    return [*digits, numbers]
