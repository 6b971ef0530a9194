"""Drawing the givens of a question: counter-based, vectorised, distinct by construction.

Attempt a of variant i is the image of i * attempts + a under a keyed permutation of the grid; the
variant's numbers are those of its first attempt that meets every condition. So a variant is the
same whatever else is drawn, and no two share their numbers. A small grid is filtered as a whole,
and variant i is the i-th acceptable point in keyed order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from examgen.errors import ExamgenError
from examgen.exact import bound, rescaled
from examgen.graph import Tape, record, topological
from examgen.nodes import GIVEN, Array, Node, constant
from examgen.ops import OPS
from examgen.permutation import TABLE_MAX, Permutation

BLOCK = 32768
"""Candidates drawn and filtered at a time."""

Indices = NDArray[np.int64]
Truths = NDArray[np.bool_]


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
            name: _array(grid.values, np.dtype(np.float64))[self.places[name]]
            for name, grid in self.grids.items()
        }

    def exact(self, variant: int) -> dict[str, Fraction]:
        """The givens of one variant (its row in this draw), exact."""
        return {name: grid.values[self.places[name][variant]] for name, grid in self.grids.items()}


class Sampler:
    """Draws the givens of one template for one exam.

    grids: the values of every given. conditions: what must hold; those without a transcendental
    are decided in exact integers, all others in float64. key: of the exam and the template.
    """

    def __init__(
        self, grids: Mapping[str, Grid], conditions: Sequence[Condition], key: bytes
    ) -> None:
        self.grids = dict(sorted(grids.items()))
        self.conditions = tuple(conditions)
        free = [name for name, grid in self.grids.items() if len(grid.values) > 1]
        radices = tuple(len(self.grids[name].values) for name in free)
        self._free = free
        self._permutation = Permutation(radices or (1,), key)
        self._judge = _Judge(self.grids, self.conditions)

    @property
    def points(self) -> int:
        """Number of points of the grid, acceptable or not."""
        return self._permutation.size

    @property
    def attempts(self) -> int:
        """How many points belong to each variant; 1 where the grid is filtered as a whole."""
        if self.points <= TABLE_MAX:
            return 1
        return 4096 if self.points >= 2**36 else 1024 if self.points >= 2**28 else 256

    @property
    def capacity(self) -> int:
        """The most variants that can be drawn."""
        if self.points <= TABLE_MAX:
            return len(self._whole[0])
        return self.points // self.attempts

    def draw(self, variants: Sequence[int] | Indices) -> Draw:
        """The numbers of some variants. Raises ExamgenError where one has no acceptable draw."""
        wanted = np.asarray(variants, dtype=np.int64)
        if not len(wanted):
            return self._draw(np.empty(0, np.uint64), NOTHING_TRIED)
        largest = int(wanted.max())
        if self.points <= TABLE_MAX:
            points, acceptance = self._whole
            if largest >= len(points):
                raise ExamgenError(self._too_few(largest + 1, len(points), acceptance))
            return self._draw(points[wanted], acceptance)
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
            text += f": of {self.points} points {there} are acceptable; {acceptance.worst()}"
        return f"{text}. Allow more values or loosen a condition"

    def _draw(self, points: NDArray[np.uint64], acceptance: Acceptance) -> Draw:
        places = {
            name: digit.astype(np.int32)
            for name, digit in zip(self._free, self._permutation.digits(points), strict=False)
        }
        none = np.zeros(len(points), np.int32)
        return Draw(self.grids, {name: places.get(name, none) for name in self.grids}, acceptance)

    def _accepts(self, points: NDArray[np.uint64]) -> tuple[Truths, Acceptance]:
        digits = dict(zip(self._free, self._permutation.digits(points), strict=False))
        return self._judge(digits, len(points))

    @cached_property
    def _whole(self) -> tuple[NDArray[np.uint64], Acceptance]:
        """All acceptable points of a small grid, as their numbers in keyed order."""
        kept, acceptance = [], NOTHING_TRIED
        for start in range(0, self.points, BLOCK):
            numbers = np.arange(start, min(start + BLOCK, self.points), dtype=np.uint64)
            accepted, part = self._accepts(numbers)
            kept.append(numbers[accepted])
            acceptance += part
        return np.concatenate(kept), acceptance

    def _search(self, variants: Indices) -> tuple[NDArray[np.uint64], Acceptance]:
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
    ) -> tuple[NDArray[np.uint64], Acceptance]:
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


class _Judge:
    """Decides which candidates meet all conditions, in stages: cheap and exact ones first."""

    def __init__(self, grids: Mapping[str, Grid], conditions: Sequence[Condition]) -> None:
        nodes = [condition.node for condition in conditions]
        denominators = {name: grid.denominator for name, grid in grids.items()}
        largest = {name: max(map(abs, grid.numerators)) for name, grid in grids.items()}
        scaled = rescaled(nodes, denominators, largest)
        exact, rough = [], []
        for condition in conditions:
            quotient = scaled[condition.node]
            if quotient is None:
                rough.append(condition)
            else:
                exact.append(Condition(condition.text, quotient.numerator))
        carrier = bound([c.node for c in exact], largest).carrier
        whole = {name: _array(grid.numerators, carrier) for name, grid in grids.items()}
        real = {name: _array(grid.values, np.dtype(np.float64)) for name, grid in grids.items()}
        self.stages = [_Stage(some, whole) for some in _by_cost(exact)]
        self.stages += [_Stage(some, real) for some in _by_cost(rough)]

    def __call__(
        self, digits: Mapping[str, NDArray[np.uint64]], count: int
    ) -> tuple[Truths, Acceptance]:
        """Which of `count` candidates are acceptable, and the tally."""
        left = np.arange(count)
        failures: dict[str, tuple[int, int]] = {}
        for stage in self.stages:
            passed = np.ones(len(left), np.bool_)
            for text, truth in stage(digits, left, count):
                failures[text] = (len(left) - int(np.count_nonzero(truth)), len(left))
                passed &= truth
            left = left[passed]
        accepted = np.zeros(count, np.bool_)
        accepted[left] = True
        return accepted, Acceptance(count, len(left), failures)


def _by_cost(conditions: Sequence[Condition]) -> list[list[Condition]]:
    """The conditions in up to two stages: those that need less than half the work come first."""
    work = [len(topological([condition.node])) for condition in conditions]
    half = max(work, default=0) / 2
    cheap = [c for c, cost in zip(conditions, work, strict=True) if cost < half]
    dear = [c for c, cost in zip(conditions, work, strict=True) if cost >= half]
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


def _array(numbers: Sequence[int] | Sequence[Fraction], carrier: np.dtype[Any]) -> Array:
    array = np.empty(len(numbers), carrier)
    array[:] = numbers
    return array


def safety_conditions(
    outputs: Iterable[Node], margin: Fraction, write: Any = None
) -> list[Condition]:
    """What every variant must meet whatever the author says: inside all domains, off all kinks.

    margin: the least distance from a kink. write: how a node is shown in the conditions' texts.
    """
    shown = write or repr
    conditions: dict[tuple[object, ...], Condition] = {}
    for node in topological(outputs):
        for inner in node.op.domain(*node.args):
            truth = OPS["gt"](inner, constant(0))
            text = f"{shown(inner)} > 0"
            conditions.setdefault(("domain", text), Condition(text, truth))
        for inner in node.op.kinks(*node.args):
            if any(leaf.op is GIVEN for leaf in topological([inner])):
                truth = OPS["gt"](OPS["abs"](inner), constant(margin))
                text = f"abs({shown(inner)}) > {margin}"
                conditions.setdefault(("kink", text), Condition(text, truth))
    return list(conditions.values())
