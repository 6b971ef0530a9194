"""The space a template draws from: its grids, its conditions, and what of it is acceptable.

Conditions without a transcendental are decided in exact integers, all others in float64; cheap
ones first. None of this depends on a seed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, lcm, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from examgen.exact import bound, rescaled
from examgen.graph import Tape, record, topological
from examgen.nodes import GIVEN, Array, Node, Truths, constant
from examgen.ops import OPS
from examgen.permutation import Words, hash_words, split

BLOCK = 32768
"""Candidates drawn and judged at a time."""
MOST_ATTEMPTS = 4096

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Grid:
    """The values that one given may take, exact, in the order of the template."""

    values: tuple[Fraction, ...]

    @cached_property
    def denominator(self) -> int:
        """The least common denominator of all values."""
        return lcm(*(value.denominator for value in self.values))

    @cached_property
    def numerators(self) -> tuple[int, ...]:
        """The values over that denominator."""
        return tuple(int(value * self.denominator) for value in self.values)


@dataclass(frozen=True)
class Condition:
    """Something every variant must meet: its text as the author would say it, and its truth."""

    text: str
    node: Node


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

    def worst(self) -> str:
        """The condition that turned down the largest share of what it judged."""
        if not self.failures:
            return "no condition was tried"
        text, (failed, judged) = max(self.failures.items(), key=lambda item: _share(*item[1]))
        return f"'{text}' fails for {100 * _share(failed, judged):.4g} % of the candidates"

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
        self._stages = _stages(self.grids, conditions)

    def judge(self, digits: Sequence[Words]) -> tuple[Truths, Acceptance]:
        """Which candidates, given by their digits, are acceptable, and the tally."""
        named = dict(zip(self.free, digits, strict=False))
        count = len(digits[0])
        left = np.arange(count)
        failures: dict[str, tuple[int, int]] = {}
        for stage in self._stages:
            passed = np.ones(len(left), np.bool_)
            for text, truth in stage(named, left, count):
                failures[text] = (len(left) - int(np.count_nonzero(truth)), len(left))
                passed &= truth
            left = left[passed]
        accepted = np.zeros(count, np.bool_)
        accepted[left] = True
        return accepted, Acceptance(count, len(left), failures)

    @cached_property
    def attempts(self) -> int:
        """How many points of a large space each variant gets.

        So many that not one variant in e**40 is left without an acceptable one, going by the share
        of 16,384 scattered points; 4096 in a space that has room for it, or hardly a good point.
        """
        if self.size >= 2**36:
            return MOST_ATTEMPTS
        scattered = hash_words(np.arange(2**14, dtype=np.uint64), 0) % np.uint64(self.size)
        _, acceptance = self.judge(split(scattered, self.radices))
        if not acceptance.accepted:
            return MOST_ATTEMPTS
        return min(MOST_ATTEMPTS, ceil(40 / acceptance.rate))

    @cached_property
    def acceptable(self) -> tuple[Words, Acceptance]:
        """The numbers of all acceptable points: for small spaces only."""
        kept, acceptance = [], NOTHING_TRIED
        for start in range(0, self.size, BLOCK):
            numbers = np.arange(start, min(start + BLOCK, self.size), dtype=np.uint64)
            accepted, part = self.judge(split(numbers, self.radices))
            kept.append(numbers[accepted])
            acceptance += part
        return np.concatenate(kept), acceptance


def _stages(grids: Mapping[str, Grid], conditions: Sequence[Condition]) -> list[_Stage]:
    denominators = {name: grid.denominator for name, grid in grids.items()}
    largest = {name: max(map(abs, grid.numerators)) for name, grid in grids.items()}
    scaled = rescaled([condition.node for condition in conditions], denominators, largest)
    exact, rough = [], []
    for condition in conditions:
        quotient = scaled[condition.node]
        if quotient is None:
            rough.append(condition)
        else:
            exact.append(Condition(condition.text, quotient.numerator))
    carrier = bound([c.node for c in exact], largest).carrier
    whole = {name: array_of(grid.numerators, carrier) for name, grid in grids.items()}
    real = {name: array_of(grid.values, np.dtype(np.float64)) for name, grid in grids.items()}
    return [
        *(_Stage(some, whole) for some in _by_cost(exact)),
        *(_Stage(some, real) for some in _by_cost(rough)),
    ]


def _by_cost(conditions: Sequence[Condition]) -> list[list[Condition]]:
    """The conditions in up to two stages: those in the first half of the graph come first."""
    depth: dict[Node, int] = {}
    for node in topological(condition.node for condition in conditions):
        depth[node] = 1 + max((depth[arg] for arg in node.args), default=0)
    half = max(depth.values(), default=0) / 2
    cheap = [condition for condition in conditions if depth[condition.node] < half]
    dear = [condition for condition in conditions if depth[condition.node] >= half]
    return [stage for stage in (cheap, dear) if stage]


class _Stage:
    """Conditions that are evaluated together, on one tape and one carrier."""

    def __init__(self, conditions: Sequence[Condition], values: Mapping[str, Array]) -> None:
        self.texts = [condition.text for condition in conditions]
        self.tape: Tape = record([condition.node for condition in conditions])
        self.values = values

    def __call__(
        self, digits: Mapping[str, NDArray[np.uint64]], left: Indices, count: int
    ) -> Iterable[tuple[str, Truths]]:
        """The truth of each condition for the candidates at `left`."""
        if not len(left):
            return []
        givens = {name: self._given(name, digits, left, count) for name in self.tape.givens}
        truths = [np.asarray(truth == 1, dtype=np.bool_) for truth in self.tape(givens)]
        # A condition on constants alone has one truth for all.
        return zip(self.texts, [np.broadcast_to(t, len(left)) for t in truths], strict=True)

    def _given(
        self, name: str, digits: Mapping[str, NDArray[np.uint64]], left: Indices, count: int
    ) -> Array:
        if name not in digits:
            return np.broadcast_to(self.values[name], len(left))
        places = digits[name] if len(left) == count else digits[name][left]
        return self.values[name].take(places.view(np.int64))


def array_of(numbers: Sequence[int] | Sequence[Fraction], carrier: np.dtype[Any]) -> Array:
    """Exact numbers as an array of a carrier, shape (numbers,)."""
    array = np.empty(len(numbers), carrier)
    array[:] = numbers
    return array


def safety_conditions(
    outputs: Iterable[Node], margin: Fraction, write: Callable[[Node], str]
) -> list[Condition]:
    """What every variant must meet whatever the author says: inside all domains, off all kinks.

    margin: the least distance from a kink. write: how a node is shown in the conditions' texts;
    nodes that it shows alike count as one.
    """
    conditions: dict[tuple[object, ...], Condition] = {}
    varying: set[Node] = set()
    for node in topological(outputs):
        if node.op is GIVEN or any(arg in varying for arg in node.args):
            varying.add(node)
        for inner in node.op.domain(*node.args):
            truth = OPS["gt"](inner, constant(0))
            text = f"{write(inner)} > 0"
            conditions.setdefault(("domain", text), Condition(text, truth))
        for inner in node.op.kinks(*node.args):
            if any(part in varying for part in (inner, *inner.args)):
                truth = OPS["gt"](OPS["abs"](inner), constant(margin))
                text = f"abs({write(inner)}) > {margin}"
                conditions.setdefault(("kink", text), Condition(text, truth))
    return list(conditions.values())
