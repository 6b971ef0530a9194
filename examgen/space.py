"""The space a template draws from: all points of its grids, and which of them are acceptable.

None of this depends on a seed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import Any, TypeVar

import numpy as np

from examgen.conditions import Condition, Stage, stages
from examgen.grids import Grid, Indices
from examgen.nodes import Truths
from examgen.permutation import Permutation, Words, split

BLOCK = 32768
"""Candidates drawn and judged at a time."""
SMALL = 2**20
"""Spaces up to so many points are judged and shuffled as a whole."""

Source = TypeVar("Source")
Made = TypeVar("Made")


@dataclass(frozen=True)
class Acceptance:
    """How many candidates were tried and accepted, and what each condition turned down.

    failures: for each condition how many candidates failed it, of how many it judged (the costly
    conditions judge only what the cheap ones let pass).
    """

    tried: int
    accepted: int
    failures: Mapping[str, tuple[int, int]]

    @property
    def rate(self) -> float:
        """Share of candidates that meet all conditions."""
        return self.accepted / self.tried if self.tried else 0.0

    @property
    def hardest(self) -> str:
        """The condition that turned down the largest share of what it judged; empty for none."""
        failing = {text: _share(*counts) for text, counts in self.failures.items() if counts[0]}
        return max(failing, key=failing.__getitem__, default="")

    def worst(self) -> str:
        """That condition, and how often it fails, in words."""
        if not self.hardest:
            return "no condition turns down any" if self.failures else "no condition was tried"
        share = _share(*self.failures[self.hardest])
        return f"'{self.hardest}' fails for {100 * share:.4g} % of the candidates"

    def __add__(self, other: Acceptance) -> Acceptance:
        failures = dict(self.failures)
        for text, (failed, judged) in other.failures.items():
            before = failures.get(text, (0, 0))
            failures[text] = (before[0] + failed, before[1] + judged)
        return Acceptance(self.tried + other.tried, self.accepted + other.accepted, failures)


def _share(failed: int, judged: int) -> float:
    return failed / judged if judged else 0.0


NOTHING_TRIED = Acceptance(0, 0, {})


class Space:
    """All candidates of a template: the grid of its givens, and the conditions on them.

    Points of the grid are numbered; `free` names the givens with more than one value, whose places
    are the digits of a point's number in the mixed radix `radices`.
    """

    def __init__(self, grids: Mapping[str, Grid], conditions: Sequence[Condition]) -> None:
        self.grids = dict(sorted(grids.items()))
        self.free = [name for name, grid in self.grids.items() if len(grid.values) > 1]
        self.radices = tuple(len(self.grids[name].values) for name in self.free) or (1,)
        self.size = prod(self.radices)
        self.small = self.size <= SMALL
        self._stages: Sequence[Stage] = stages(self.grids, conditions)
        self._wider: Space | None = None
        self._made: dict[object, Any] = {}

    def narrowed(self, stage: Stage) -> Space:
        """The same space under further conditions, which judge what all others let pass."""
        space = Space(self.grids, [])
        space._stages, space._wider = [stage], self
        return space

    def once(self, make: Callable[[Source], Made], source: Source) -> Made:
        """What is made of a source that draws from this space; made once for each maker."""
        if make not in self._made:
            self._made[make] = make(source)
        made: Made = self._made[make]
        return made

    def named(self, digits: Sequence[Words]) -> dict[str, Words]:
        """The digits of some points by the names of the free givens."""
        return dict(zip(self.free, digits, strict=False))

    def judge(self, digits: Sequence[Words]) -> tuple[Truths, Acceptance]:
        """Which candidates, given by their digits, are acceptable, and the tally."""
        count = len(digits[0])
        named = self.named(digits)
        left, acceptance = np.arange(count), NOTHING_TRIED
        for space in self._wider_first():
            left, part = space._judge(named, left, count)
            acceptance = replace(part, failures={**acceptance.failures, **part.failures})
        accepted = np.zeros(count, np.bool_)
        accepted[left] = True
        return accepted, replace(acceptance, tried=count)

    def _wider_first(self) -> list[Space]:
        return [*(self._wider._wider_first() if self._wider else ()), self]

    def _judge(
        self, named: Mapping[str, Words], left: Indices, count: int
    ) -> tuple[Indices, Acceptance]:
        """Which of the candidates at `left` meet the conditions of this space's own."""
        tried, failures = len(left), {}
        for stage in self._stages:
            passed = np.ones(len(left), np.bool_)
            for text, truth in stage(named, left, count):
                failures[text] = (len(left) - int(np.count_nonzero(truth)), len(left))
                passed &= truth
            left = left[passed]
        return left, Acceptance(tried, len(left), failures)

    @cached_property
    def rate(self) -> float:
        """Share of the space that is acceptable; of a large one, of 16,384 scattered points."""
        if self.small:
            return self.acceptable[1].rate
        points = np.arange(2**14, dtype=np.uint64)
        return self.judge(Permutation(self.radices, b"scattered").digits(points))[1].rate

    @cached_property
    def acceptable(self) -> tuple[Words, Acceptance]:
        """The numbers of all acceptable points: for small spaces only."""
        points, before = (None, None) if self._wider is None else self._wider.acceptable
        kept, acceptance = [np.empty(0, np.uint64)], NOTHING_TRIED
        for numbers in _blocks(self.size) if points is None else _parts(points):
            named = self.named(split(numbers, self.radices))
            left, part = self._judge(named, np.arange(len(numbers)), len(numbers))
            kept.append(numbers[left])
            acceptance += part
        if before is not None:
            failures = {**before.failures, **acceptance.failures}
            acceptance = Acceptance(before.tried, acceptance.accepted, failures)
        return np.concatenate(kept), acceptance


def _blocks(size: int) -> Iterator[Words]:
    """The numbers of all points, some at a time."""
    for start in range(0, size, BLOCK):
        yield np.arange(start, min(start + BLOCK, size), dtype=np.uint64)


def _parts(points: Words) -> Iterator[Words]:
    """Some points at a time."""
    for start in range(0, len(points), BLOCK):
        yield points[start : start + BLOCK]
