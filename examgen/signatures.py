"""What every mistake would answer, compiled: which are told from the key, and from each other.

A mistake's signature is how far its answers lie from the key, one number a slot, in tolerances of
the slot. Mistakes that no number shows do not count, and those that answer alike in every draw
count as one signature: scattered draws decide that, so it depends on the template alone.

Comparing all pairs would take most of the time of a draw. Instead a projection of the signatures is
sorted: where two agree in every slot their projections are close, so only neighbours are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from examgen.draws import Draw
from examgen.graph import Tape
from examgen.grids import Indices
from examgen.nodes import Array, Truths

DETECTED = 3.0
"""A mistake is told from the key where it lies further off than so many tolerances."""
APART = 2.0
"""Two mistakes are told apart where their answers lie further apart: each has a tolerance."""
CHUNK = 6144
_BITS = 9
"""Bits for the number of a signature, or how many mistakes have it."""
MOST = 2**_BITS
_UNIT = 1024
_FARTHEST = 2**50


@dataclass(frozen=True)
class Told:
    """Shares of the applicable mistakes, (variants,) each.

    detected: told from the key by some number. identified: besides, told from all others that are.
    """

    detected: Array
    identified: Array


@dataclass(frozen=True)
class Rows:
    """Wrong answers as rows, those to one slot together.

    tape: the keys of all slots, then the rows. slot: the slot of each row, (rows,). slots: how many
    there are.
    """

    tape: Tape
    slot: Indices
    slots: int

    @cached_property
    def factors(self) -> Array:
        """One for each slot, such that different signatures hardly ever have the same sum."""
        factors: Array = 1 + (np.arange(1, self.slots + 1) * 0.6180339887498949) % 1
        return factors

    def offsets(self, givens: Mapping[str, Array], tolerances: Array) -> Array:
        """How far rows lie from their keys, (rows + 1, variants); the last row is the keys' own.

        In tolerances of the slot, times its factor; 0 for what is no number: nobody can answer it.
        givens: (variants,) each. tolerances: (slots, variants).
        """
        size = tolerances.shape[1]
        keys, rows = np.empty((self.slots, size)), np.zeros((len(self.slot) + 1, size))
        self.tape(givens, out=[*keys, *rows[:-1]])
        scales = self.factors[:, None] / tolerances
        with np.errstate(invalid="ignore", over="ignore"):
            for slot, part in self.parts:
                rows[part] -= keys[slot]
                rows[part] *= scales[slot]
            if not np.isfinite(rows.sum()):
                rows[~np.isfinite(rows)] = 0
        return rows

    def far(self, offsets: Array) -> Truths:
        """Which rows are told from the key, (rows + 1, variants)."""
        far = np.zeros(offsets.shape, bool)
        for slot, part in self.parts:
            np.greater(np.abs(offsets[part]), DETECTED * self.factors[slot], out=far[part])
        return far

    @cached_property
    def parts(self) -> list[tuple[int, slice]]:
        """Every slot that has rows, with these."""
        cuts = np.searchsorted(self.slot, np.arange(self.slots + 1))
        pairs = enumerate(pairwise(cuts))
        return [(slot, slice(start, stop)) for slot, (start, stop) in pairs if start < stop]


@dataclass(frozen=True)
class Group:
    """Signatures of the mistakes that some slots show together.

    rows: the wrong answers. slots: the numbers of the slots. members: for each signature the rows
    that it consists of; where it has none for a slot it answers the key. weights: how many mistakes
    have it, (signatures,). sorting: the slots whose offsets are summed up to sort by.
    """

    rows: Rows
    slots: Indices
    members: tuple[Indices, ...]
    weights: Array
    sorting: Indices

    def seen(self, far: Truths) -> Truths:
        """Which signatures some row tells from the key, (signatures, variants)."""
        if len(self.slots) == 1:
            return far[np.concatenate(self.members)]
        found = np.empty((len(self.members), far.shape[1]), bool)
        for rows, out in zip(self.members, found, strict=True):
            np.any(far[rows], axis=0, out=out)
        return found

    def identified(self, offsets: Array, seen: Truths) -> Array:
        """How many mistakes are told from the key and from all others that are, (variants,)."""
        if len(self.slots) == 1:
            return self._without_neighbours(offsets, seen)
        alone: Array = self.weights @ (seen & ~self.shared(offsets, seen))
        return alone

    def _without_neighbours(self, offsets: Array, seen: Truths) -> Array:
        """The same for answers to one slot: in order, the nearest are neighbours."""
        order = self._ordered(offsets, seen, seen * self._counts[:, None])
        near = _near(order >> _BITS)
        order &= MOST - 1
        order[:, 1:] *= ~near
        order[:, :-1] *= ~near
        return np.asarray(order.sum(axis=1))

    @cached_property
    def _counts(self) -> Indices:
        return self.weights.astype(np.int64)

    def shared(self, offsets: Array, seen: Truths) -> Truths:
        """Which signatures agree with another one that is told, (signatures, variants)."""
        shared = np.zeros(seen.shape, bool)
        for one, other, variant in self.close(offsets, seen):
            same = np.flatnonzero(self.agree(offsets, variant, one, other))
            variant, one, other = variant[same], one[same], other[same]
            shared[one, variant] = shared[other, variant] = True
        return shared

    def close(self, offsets: Array, seen: Truths) -> Iterator[tuple[Indices, Indices, Indices]]:
        """Pairs of signatures told from the key that may agree, and in which variants.

        Neighbours first, then those with one in between, and so on: sums of several answers may lie
        close by chance.
        """
        order = self._ordered(offsets, seen, np.arange(len(seen))[:, None])
        places, numbers = (order >> _BITS).ravel(), (order & (MOST - 1)).ravel()
        variant, column = np.nonzero(_near(places.reshape(order.shape)))
        for distance in range(1, len(seen)):
            if not len(variant):
                return
            first = variant * len(seen) + column
            yield numbers[first], numbers[first + distance], variant
            inside = np.flatnonzero(column + distance + 1 < len(seen))
            first, variant, column = first[inside], variant[inside], column[inside]
            near = np.flatnonzero(places[first + distance + 1] - places[first] <= _UNIT)
            variant, column = variant[near], column[near]

    def _ordered(self, offsets: Array, seen: Truths, labels: Indices) -> Indices:
        """For each variant the signatures by the sum of their offsets, (variants, signatures).

        The sum in units of a _UNIT-th of what agreeing ones differ by at most, and in the lowest
        bits a label. Those that are not told from the key come last, far apart.
        """
        sums = self._sums(offsets)
        sums *= (_UNIT - 1) / (APART * self.rows.factors[self.sorting].sum())
        np.clip(sums, -_FARTHEST, _FARTHEST, out=sums)
        last = _FARTHEST + 2 * _UNIT * np.arange(1.0, len(seen) + 1)
        np.copyto(sums, last[:, None], where=~seen)
        places = sums.astype(np.int64)
        places <<= _BITS
        places |= labels
        order = np.ascontiguousarray(places.T)
        order.sort(axis=1)  # in place, along contiguous rows: ten times as fast
        return order

    def _sums(self, offsets: Array) -> Array:
        """The offsets of each signature in the slots to sort by, summed, (signatures, variants)."""
        if len(self.slots) == 1:
            return offsets[np.concatenate(self.members)]
        sums = np.zeros((len(self.members), offsets.shape[1]))
        for rows, out in zip(self._summed, sums, strict=True):
            if len(rows):
                np.sum(offsets[rows], axis=0, out=out)
        return sums

    @cached_property
    def _summed(self) -> list[Indices]:
        """For each signature its rows in the slots to sort by."""
        return [rows[np.isin(self.rows.slot[rows], self.sorting)] for rows in self.members]

    def agree(self, offsets: Array, variant: Indices, one: Indices, other: Indices) -> Truths:
        """Which pairs of signatures agree in every slot, (pairs,)."""
        found = np.ones(len(variant), bool)
        size, flat = offsets.shape[1], offsets.ravel()
        for column, slot in zip(self._row_of.T, self.slots, strict=True):
            left, right = column[one] * size + variant, column[other] * size + variant
            found &= np.abs(flat[left] - flat[right]) <= APART * self.rows.factors[slot]
        return found

    @cached_property
    def _row_of(self) -> Indices:
        """The row of each signature in each slot, (signatures, slots); the last is the key's."""
        table = np.full((len(self.members), self.rows.slots), len(self.rows.slot))
        for number, rows in enumerate(self.members):
            table[number, self.rows.slot[rows]] = rows
        return table[:, self.slots]


def _near(places: Indices) -> Truths:
    """Whether a place lies near the next one, (variants, places - 1)."""
    found: Truths = places[:, 1:] - places[:, :-1] <= _UNIT
    return found


@dataclass(frozen=True)
class Signatures:
    """All signatures of a template, by the groups of slots that show them."""

    rows: Rows
    groups: tuple[Group, ...]
    members: tuple[Indices, ...] = ()
    """The rows of each mistake, in the order of the mistakes; none where no number shows it."""

    @cached_property
    def weight(self) -> float:
        """How many mistakes there are, each counted in every group that shows it."""
        return float(sum(group.weights.sum() for group in self.groups))

    def told(self, draw: Draw, tolerances: Array) -> Told:
        """How many mistakes some draws tell; tolerances: (slots, variants)."""
        told = Told(np.ones(len(draw)), np.ones(len(draw)))
        for start in range(0, len(draw), CHUNK):
            block = slice(start, start + CHUNK)
            sight = self.sight(draw.part(block), tolerances[:, block])
            told.detected[block] = sight.detected
            told.identified[block] = sight.identified
        return told

    def sight(self, draw: Draw, tolerances: Array) -> Sight:
        """What some draws show, CHUNK of them at most; tolerances: (slots, variants)."""
        offsets = self.rows.offsets(draw.floats(self.rows.tape.givens), tolerances)
        far = self.rows.far(offsets)
        return Sight(self, offsets, tuple(group.seen(far) for group in self.groups))


@dataclass(frozen=True)
class Sight:
    """What some draws show.

    offsets: see `Rows.offsets`. seen: for each group which signatures are told from the key.
    """

    signatures: Signatures
    offsets: Array
    seen: tuple[Truths, ...]

    @property
    def detected(self) -> Array:
        """The share of mistakes told from the key, (variants,)."""
        return self._share([g.weights @ s for g, s in zip(self._groups, self.seen, strict=True)])

    @property
    def identified(self) -> Array:
        """The share of mistakes told from the key and from all others that are, (variants,)."""
        pairs = zip(self._groups, self.seen, strict=True)
        return self._share([group.identified(self.offsets, seen) for group, seen in pairs])

    def part(self, rows: Indices) -> Sight:
        """What some of them show."""
        seen = tuple(seen[:, rows] for seen in self.seen)
        return Sight(self.signatures, np.take(self.offsets, rows, axis=1), seen)

    @property
    def _groups(self) -> tuple[Group, ...]:
        return self.signatures.groups

    def _share(self, counts: Sequence[Array]) -> Array:
        if not self.signatures.weight:
            return np.ones(self.offsets.shape[1])
        return np.asarray(sum(counts) / self.signatures.weight)
