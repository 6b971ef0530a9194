"""The values that givens may take, and places among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from examgen.nodes import Array

Indices = NDArray[np.int64]
"""Places in an array: of values, of variants, of candidates."""


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

    @cached_property
    def floats(self) -> Array:
        """The values as float64, each the nearest, (values,)."""
        return array_of(self.values, np.dtype(np.float64))


def array_of(numbers: Sequence[int] | Sequence[Fraction], carrier: np.dtype[Any]) -> Array:
    """Exact numbers as an array of a carrier, shape (numbers,)."""
    array = np.empty(len(numbers), carrier)
    array[:] = numbers
    return array
