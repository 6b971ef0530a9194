"""Drawing the givens of a question: counter-based, vectorised, distinct by construction.

Attempt a of variant i is the image of i * attempts + a under a keyed permutation of the grid; the
variant's candidates are the first few of its attempts that meet every condition, and one of them
gives its numbers. So a variant is the same whatever else is drawn, and no two share their numbers.
A small space is judged as a whole: variant i has the i-th block of its acceptable points in keyed
order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from math import ceil

import numpy as np

from examgen.draws import Candidates, Draw, placed
from examgen.errors import ExamgenError
from examgen.grids import Indices
from examgen.nodes import Truths
from examgen.permutation import Permutation, Words, hash_words, split
from examgen.space import BLOCK, NOTHING_TRIED, Acceptance, Space


class UnsatisfiableError(ExamgenError):
    """Too few points are acceptable; `condition` turned down most, empty where none did."""

    def __init__(self, message: str, condition: str = "") -> None:
        super().__init__(message)
        self.condition = condition


def scattered(space: Space, count: int) -> Draw:
    """Some acceptable draws from all over a space, the same for every seed.

    Fewer than `count` where 2**18 points hold no more; at least one attempt is made.
    """
    if space.small:
        points = space.acceptable[0]
        order = np.argsort(hash_words(points, 0), kind="stable")[:count]
        return placed(space, space.named(split(points[order], space.radices)), len(order))
    permutation, kept, found = Permutation(space.radices, b"scattered"), [], 0
    for start in range(0, _MOST_SCATTERED, BLOCK // 4):
        digits = permutation.digits(np.arange(start, start + BLOCK // 4, dtype=np.uint64))
        accepted, _ = space.judge(digits)
        kept.append(np.stack(digits)[:, accepted])
        found += kept[-1].shape[1]
        if found >= count:
            break
    digits = list(np.concatenate(kept, axis=1)[:, :count])
    return placed(space, space.named(digits), len(digits[0]))


Choice = Callable[[Candidates], Indices]
"""Which row of the candidates each variant takes, (variants,)."""


def first_of_each(candidates: Candidates) -> Indices:
    """The earliest acceptable draw of each variant."""
    return candidates.first


ROOM = 10_000
"""Where a space has room for so many variants, candidates do not take it away."""
MOST_ATTEMPTS = 2**15
MOST_VARIANTS = 2**50
"""So that the number of a point fits 64 bits, however large the space."""


class Sampler:
    """Draws the givens of one template for one exam; the key tells exam and template apart.

    candidates: how many acceptable draws a variant chooses from; fewer in a space that would not
    have room for ROOM variants otherwise.
    """

    def __init__(self, space: Space, key: bytes, candidates: int = 1) -> None:
        self.space, self.key = space, key
        self.wanted = candidates
        self._permutation = Permutation(space.radices, key)

    @cached_property
    def candidates(self) -> int:
        """How many acceptable draws a variant chooses from, at most."""
        if not self.space.small:
            return self.wanted
        return max(1, min(self.wanted, len(self.space.acceptable[0]) // ROOM))

    @cached_property
    def attempts(self) -> int:
        """How many points belong to each variant.

        In a large space so many that not one variant in e**40 is left without an acceptable one,
        and hardly one in e**20 without all of its candidates, going by the share of scattered
        points; no more than leaves room for ROOM variants, if fewer candidates do.
        """
        if self.space.small:
            return self.candidates
        least = _attempts(_SURE, self.space.rate)
        ample = _attempts(_SURE + 2 * (self.candidates - 1), self.space.rate)
        return max(least, min(ample, self.space.size // ROOM))

    @property
    def capacity(self) -> int:
        """The most variants that can be drawn."""
        if self.space.small:
            return len(self.space.acceptable[0]) // self.candidates
        return min(self.space.size // self.attempts, MOST_VARIANTS)

    def draw(self, variants: Sequence[int] | Indices, choice: Choice = first_of_each) -> Draw:
        """The numbers of some variants. Raises ExamgenError where one has no acceptable draw."""
        wanted = np.asarray(variants, dtype=np.int64)
        places = {name: np.zeros(len(wanted), np.int32) for name in self.space.grids}
        if not len(wanted):
            return Draw(self.space.grids, places, NOTHING_TRIED)
        self._check_room(int(wanted.max()) + 1)
        acceptance = self.space.acceptable[1] if self.space.small else NOTHING_TRIED
        length = max(1, BLOCK // self.candidates)
        for start in range(0, len(wanted), length):  # all candidates at once would be larger
            block = slice(start, start + length)
            candidates, part = self._candidates(wanted[block])
            acceptance += part
            rows = choice(candidates)
            for name, column in candidates.draw.places.items():
                places[name][block] = column[rows]
        return Draw(self.space.grids, places, acceptance)

    def _check_room(self, wanted: int) -> None:
        there = self.capacity
        if wanted <= there:
            return
        many = "variants are" if wanted > 1 else "variant is"
        text, condition = f"{wanted} {many} wanted, but the grid has room for {there}", ""
        if self.space.small:
            acceptance = self.space.acceptable[1]
            text += f": of {self.space.size} points {acceptance.accepted} are acceptable"
            text += f"; {acceptance.worst()}"
            condition = acceptance.hardest
        raise UnsatisfiableError(f"{text}. Allow more values or loosen a condition", condition)

    def _candidates(self, variants: Indices) -> tuple[Candidates, Acceptance]:
        """The candidates of some variants, and what was tried to find them."""
        if self.space.small:
            first = np.arange(len(variants)) * self.candidates
            numbers = variants[:, None] * self.candidates + np.arange(self.candidates)
            points = split(self._points(numbers.ravel()), self.space.radices)
            return Candidates(self._draw(points), first), NOTHING_TRIED
        found, acceptance = self._search(variants)
        there = found != _NONE
        first = np.cumsum(there.sum(axis=1)) - there.sum(axis=1)
        return Candidates(self._draw(self._permutation.digits(found[there])), first), acceptance

    def _draw(self, digits: Sequence[Words]) -> Draw:
        return placed(self.space, self.space.named(digits), len(digits[0]))

    def _points(self, places: Indices) -> Words:
        """The acceptable points of a small space at some places of their keyed order.

        Where few are wanted the order need not be made: no two hashes are equal, so what is
        selected is what would be sorted there.
        """
        if len(places) > _FEW:
            return self._shuffled[places]
        points = self.space.acceptable[0]
        return points[np.argpartition(self._hashes(points), places)[places]]

    @cached_property
    def _shuffled(self) -> Words:
        """The acceptable points of a small space in keyed order."""
        points = self.space.acceptable[0]
        return points[np.argsort(self._hashes(points), kind="stable")]

    def _hashes(self, points: Words) -> Words:
        return hash_words(points, self._permutation.seed)

    def _search(self, variants: Indices) -> tuple[Words, Acceptance]:
        """The numbers of each variant's candidates, (variants, candidates).

        _NONE where a variant has not so many. Raises ExamgenError where it has none.
        """
        search = _Search(self, variants)
        # One variant alone first: a template that cannot be satisfied is found out at once.
        search.run(np.zeros(1, np.int64))
        search.run(np.arange(1, len(variants)))
        return search.found, search.acceptance

    def judge(
        self, variants: Indices, attempt: int, depth: int
    ) -> tuple[Words, Truths, Acceptance]:
        """The numbers of `depth` attempts of each variant, and which are acceptable.

        Both of shape (variants, depth).
        """
        first = variants.astype(np.uint64) * np.uint64(self.attempts) + np.uint64(attempt)
        numbers = np.add(first[:, None], np.arange(depth, dtype=np.uint64), dtype=np.uint64)
        accepted, part = self.space.judge(self._permutation.digits(numbers.ravel()))
        return numbers, accepted.reshape(numbers.shape), part


class _Search:
    """The acceptable attempts of some variants, as far as they have been looked for."""

    def __init__(self, sampler: Sampler, variants: Indices) -> None:
        self.sampler = sampler
        self.variants = variants
        self.found = np.full((len(variants), sampler.candidates), _NONE)
        self.count = np.zeros(len(variants), np.int64)
        self.acceptance = NOTHING_TRIED

    def run(self, rows: Indices) -> None:
        """Try the attempts of some variants until each has its candidates, or none is left."""
        most, attempt = self.sampler.attempts, 0
        open_rows = rows
        while len(open_rows) and attempt < most:
            depth = min(self._depth(open_rows, attempt), most - attempt)
            self._try(open_rows, attempt, depth)
            open_rows = open_rows[self.count[open_rows] < self.found.shape[1]]
            attempt += depth
        if len(rows) and not self.count[rows].all():
            raise UnsatisfiableError(self._unsatisfied(), self.acceptance.hardest)

    def _depth(self, rows: Indices, attempt: int) -> int:
        """How many attempts of each variant to judge next: hardly more than it needs."""
        lacking = self.found.shape[1] - int(self.count[rows].min())
        needed = max(1, round(lacking / max(self.sampler.space.rate, 1e-9)), attempt)
        return max(1, min(needed, BLOCK // len(rows)))

    def _try(self, rows: Indices, attempt: int, depth: int) -> None:
        numbers, accepted, part = self.sampler.judge(self.variants[rows], attempt, depth)
        self.acceptance += part
        place = self.count[rows, None] + np.cumsum(accepted, axis=1) - 1
        row, column = np.nonzero(accepted & (place < self.found.shape[1]))
        self.found[rows[row], place[row, column]] = numbers[row, column]
        self.count[rows] = np.minimum(place[:, -1] + 1, self.found.shape[1])

    def _unsatisfied(self) -> str:
        acceptance = self.acceptance
        return (
            f"no acceptable numbers in {self.sampler.attempts} attempts for a variant "
            f"(acceptance rate {100 * acceptance.rate:.3g} %); {acceptance.worst()}. "
            "Allow more values or loosen a condition"
        )


_NONE = np.uint64(2**64 - 1)
_MOST_SCATTERED = 2**18
_FEW = 64
_SURE = 40


def _attempts(accepted: int, rate: float) -> int:
    """How many attempts give so many acceptable ones on average."""
    return MOST_ATTEMPTS if not rate else min(MOST_ATTEMPTS, ceil(accepted / rate))
