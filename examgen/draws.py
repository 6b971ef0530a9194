"""What was drawn: the places of the givens' values in their grids, for some variants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from examgen.grids import Grid, Indices
from examgen.nodes import Array
from examgen.permutation import Words
from examgen.space import Acceptance, Space


@dataclass(frozen=True)
class Draw:
    """Accepted variants: for each given the place of its value in the grid, shape (variants,)."""

    grids: Mapping[str, Grid]
    places: Mapping[str, NDArray[np.int32]]
    acceptance: Acceptance | None

    def __len__(self) -> int:
        return len(next(iter(self.places.values()), ()))

    def floats(self, names: Iterable[str] | None = None) -> dict[str, Array]:
        """The givens, or those of some names, as float64, each the nearest to the exact value."""
        return {
            name: self.grids[name].floats[self.places[name]]
            for name in (self.grids if names is None else names)
        }

    def part(self, rows: slice | Indices) -> Draw:
        """Some of the variants."""
        places = {name: column[rows] for name, column in self.places.items()}
        return Draw(self.grids, places, self.acceptance)

    def exact(self, variant: int) -> dict[str, Fraction]:
        """The givens of one variant (its row in this draw), exact."""
        return {name: grid.values[self.places[name][variant]] for name, grid in self.grids.items()}


def placed(space: Space, digits: Mapping[str, Words], count: int) -> Draw:
    """Some points of a space, given by the places of the free givens, as a draw."""
    fixed = np.zeros(count, np.int32)
    places = {
        name: digits[name].astype(np.int32) if name in digits else fixed for name in space.grids
    }
    return Draw(space.grids, places, None)


@dataclass(frozen=True)
class Candidates:
    """The acceptable draws that some variants choose from.

    draw: all of them, those of the first variant first, each variant's in the order of its
    attempts. first: the row of each variant's first one, (variants,).
    """

    draw: Draw
    first: Indices

    @cached_property
    def _counts(self) -> Indices:
        """How many candidates each variant has, (variants,)."""
        return np.diff(self.first, append=len(self.draw))

    @property
    def most(self) -> int:
        """How many candidates the variant with the most of them has."""
        return int(self._counts.max(initial=0))

    def blocks(self, length: int) -> Iterator[tuple[int, Candidates]]:
        """So many variants at a time, with the row of their first candidate."""
        ends = [*self.first[::length].tolist(), len(self.draw)]
        for number, (start, stop) in enumerate(pairwise(ends)):
            first = self.first[number * length : (number + 1) * length] - start
            yield start, Candidates(self.draw.part(slice(start, stop)), first)

    def leading(self, scores: Array, count: int) -> Indices:
        """The rows of each variant's best candidates, `count` of each that has so many.

        scores: (candidates,). Of equal ones the earliest lead.
        """
        owner = np.repeat(np.arange(len(self.first)), self._counts)
        order = np.lexsort((np.arange(len(scores)), -scores, owner))
        rank = np.arange(len(scores)) - np.repeat(self.first, self._counts)
        leading: Indices = order[rank < count]
        return leading
