"""Which mistakes can show in a variant at all, and which of them can be told from each other.

Behind a ReLU that is off, or a number that is not the maximum, a mistake changes nothing: it does
not show in this variant, nor in one whose numbers are a little apart. A mistake that is hidden by
chance, by a factor of one or an error of zero, shows as soon as the numbers are moved. So they are
moved, by less than the distance that all variants keep from every kink.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from examgen.draws import Draw
from examgen.nodes import Array, Truths
from examgen.signatures import Group, Rows, Told

MOVED = 1e-4
"""How far each given is moved at most, relative to the larger of 1 and its size."""
_SAME = 1e-9
"""Two answers are the same within this, relative to the larger of 1 and the key's size."""


@dataclass(frozen=True)
class Showing:
    """What can show, going by variants whose numbers are a little apart.

    near: how far the wrong answers lie from the key there, in units that no rounding reaches.
    """

    rows: Rows
    near: Array

    def rows_that_can(self, far: Truths) -> Truths:
        """Which rows can differ from the key, (rows + 1, variants); far: those that are told."""
        found: Truths = self.rows.far(self.near) | far
        return found

    def told(self, group: Group, offsets: Array, far: Truths) -> Told:
        """The share of the mistakes of a group that are told, of those that can be, (variants,).

        Identified are those, too, that coincide with another however the numbers are moved. Where
        no mistake can show, all are told.
        """
        seen, possible = group.seen(far), group.weights @ group.seen(self.rows_that_can(far))
        alone = seen & ~self._shared(group, offsets, seen)
        return Told(_share(group.weights @ seen, possible), _share(group.weights @ alone, possible))

    def _shared(self, group: Group, offsets: Array, seen: Truths) -> Truths:
        """Which signatures agree with another one by chance, (signatures, variants)."""
        shared = np.zeros(seen.shape, bool)
        for one, other, variant in group.close(offsets, seen):
            by_chance = group.agree(offsets, variant, one, other)
            by_chance &= ~group.agree(self.near, variant, one, other)
            shared[one[by_chance], variant[by_chance]] = True
            shared[other[by_chance], variant[by_chance]] = True
        return shared


def showing(rows: Rows, draw: Draw, keys: Array) -> Showing:
    """What wrong answers can show in some draws; keys: the right answers, (slots, variants)."""
    units = _SAME * np.maximum(1, np.abs(keys))
    with np.errstate(all="ignore"):  # who is moved out of a domain shows nothing
        return Showing(rows, rows.offsets(_moved(draw), units))


def _moved(draw: Draw) -> Mapping[str, Array]:
    """The givens, each that varies moved by a share of its own."""
    givens = draw.floats()
    for number, (name, values) in enumerate(givens.items(), start=1):
        if len(draw.grids[name].values) > 1:
            share = 0.5 + (number * 0.6180339887498949) % 1 / 2
            givens[name] = values + MOVED * share * np.maximum(1, np.abs(values))
    return givens


def _share(counts: Array, of: Array) -> Array:
    return np.divide(counts, of, out=np.ones(len(counts)), where=of > 0)
