"""Drawing the givens of a question: counter-based, vectorised, distinct by construction.

Attempt a of variant i is the image of i * attempts + a under a keyed permutation of the grid; the
variant's numbers are those of its first attempt that meets every condition. So a variant is the
same whatever else is drawn, and no two share their numbers. A small space is judged as a whole,
and variant i is the i-th acceptable point in keyed order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from examgen.errors import ExamgenError
from examgen.nodes import Array, Truths
from examgen.permutation import Permutation, Words, hash_words, split
from examgen.space import (
    BLOCK,
    NOTHING_TRIED,
    Acceptance,
    Grid,
    Indices,
    Space,
    array_of,
)


@dataclass(frozen=True)
class Draw:
    """Accepted variants: for each given the place of its value in the grid, shape (variants,)."""

    grids: Mapping[str, Grid]
    places: Mapping[str, NDArray[np.int32]]
    acceptance: Acceptance | None

    def __len__(self) -> int:
        return len(next(iter(self.places.values()), ()))

    def floats(self) -> dict[str, Array]:
        """The givens as float64, each the nearest to the exact value."""
        return {
            name: array_of(grid.values, np.dtype(np.float64))[self.places[name]]
            for name, grid in self.grids.items()
        }

    def exact(self, variant: int) -> dict[str, Fraction]:
        """The givens of one variant (its row in this draw), exact."""
        return {name: grid.values[self.places[name][variant]] for name, grid in self.grids.items()}


SMALL = 2**20
"""Spaces up to so many points are judged and shuffled as a whole."""
MOST_VARIANTS = 2**50
"""So that the number of a point fits 64 bits, however large the space."""


class Sampler:
    """Draws the givens of one template for one exam; the key tells exam and template apart."""

    def __init__(self, space: Space, key: bytes) -> None:
        self.space = space
        self.small = space.size <= SMALL
        self._permutation = Permutation(space.radices, key)

    @property
    def attempts(self) -> int:
        """How many points belong to each variant; 1 where the grid is filtered as a whole."""
        return 1 if self.small else self.space.attempts

    @property
    def capacity(self) -> int:
        """The most variants that can be drawn."""
        if self.small:
            return len(self.space.acceptable[0])
        return min(self.space.size // self.attempts, MOST_VARIANTS)

    def draw(self, variants: Sequence[int] | Indices) -> Draw:
        """The numbers of some variants. Raises ExamgenError where one has no acceptable draw."""
        wanted = np.asarray(variants, dtype=np.int64)
        if not len(wanted):
            return self._draw(np.empty(0, np.uint64), NOTHING_TRIED)
        largest = int(wanted.max())
        if self.small:
            acceptance = self.space.acceptable[1]
            if largest >= self.capacity:
                raise ExamgenError(self._too_few(largest + 1, self.capacity, acceptance))
            return self._draw(self._shuffled[wanted], acceptance)
        if largest >= self.capacity:
            raise ExamgenError(self._too_few(largest + 1, self.capacity, NOTHING_TRIED))
        found = np.empty(len(wanted), np.uint64)
        acceptance = NOTHING_TRIED
        for start in range(0, len(wanted), BLOCK):
            place = slice(start, start + BLOCK)
            found[place], part = self._search(wanted[place])
            acceptance += part
        return self._draw(found, acceptance)

    def _too_few(self, wanted: int, there: int, acceptance: Acceptance) -> str:
        text = f"{wanted} variants are wanted, but the grid has room for {there}"
        if acceptance.tried:
            text += f": of {self.space.size} points {there} are acceptable; {acceptance.worst()}"
        return f"{text}. Allow more values or loosen a condition"

    def _digits(self, points: Words) -> list[Words]:
        """The places of each free given, from points of the shuffled or of the permuted space."""
        if self.small:
            return split(points, self.space.radices)
        return self._permutation.digits(points)

    def _draw(self, points: Words, acceptance: Acceptance) -> Draw:
        places = {name: np.zeros(len(points), np.int32) for name in self.space.grids}
        for start in range(0, len(points), BLOCK):  # 64-bit digits of all points would be larger
            block = slice(start, start + BLOCK)
            for name, digit in zip(self.space.free, self._digits(points[block]), strict=False):
                places[name][block] = digit
        return Draw(self.space.grids, places, acceptance)

    def _accepts(self, points: Words) -> tuple[Truths, Acceptance]:
        return self.space.judge(self._digits(points))

    @cached_property
    def _shuffled(self) -> Words:
        """The acceptable points of a small space in keyed order."""
        points = self.space.acceptable[0]
        return points[np.argsort(hash_words(points, self._permutation.seed), kind="stable")]

    def _search(self, variants: Indices) -> tuple[Words, Acceptance]:
        """For each variant the number of its first acceptable attempt."""
        found = np.zeros(len(variants), np.uint64)
        # One variant alone first: a template that cannot be satisfied is found out at once.
        found[:1], acceptance = self._try(variants[:1], 0, self.attempts)
        open_places = np.arange(1, len(variants))
        attempt = 0
        while len(open_places):
            if attempt >= self.attempts:
                raise ExamgenError(self._unsatisfied(acceptance))
            depth = min(max(1, BLOCK // len(open_places)), self.attempts - attempt)
            points, part = self._try(variants[open_places], attempt, depth, strict=False)
            acceptance += part
            hit = points != _NONE
            found[open_places[hit]] = points[hit]
            open_places = open_places[~hit]
            attempt += depth
        return found, acceptance

    def _try(
        self, variants: Indices, attempt: int, depth: int, strict: bool = True
    ) -> tuple[Words, Acceptance]:
        """The first acceptable of `depth` attempts of each variant, _NONE where there is none."""
        first = variants.astype(np.uint64) * np.uint64(self.attempts) + np.uint64(attempt)
        steps = np.arange(depth, dtype=np.uint64)
        numbers = np.add(first[:, None], steps, dtype=np.uint64)
        accepted, acceptance = self._accepts(numbers.ravel())
        table = accepted.reshape(numbers.shape)
        best = table.argmax(axis=1)
        rows = np.arange(len(variants))
        found = np.where(table[rows, best], numbers[rows, best], _NONE)
        if strict and (found == _NONE).any():
            raise ExamgenError(self._unsatisfied(acceptance))
        return found, acceptance

    def _unsatisfied(self, acceptance: Acceptance) -> str:
        return (
            f"no acceptable numbers in {self.attempts} attempts for a variant "
            f"(acceptance rate {100 * acceptance.rate:.3g} %); {acceptance.worst()}. "
            "Allow more values or loosen a condition"
        )


_NONE = np.uint64(2**64 - 1)
