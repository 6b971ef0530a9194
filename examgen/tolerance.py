"""How far from the key an honest answer may lie."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from examgen.nodes import Array


def tolerances(expected: Array, decimals: int, author: Fraction | None = None) -> Array:
    """The tolerance for each variant, shape (variants,).

    The author's where there is one, otherwise one unit in the last decimal asked for: a correctly
    rounded answer lies within half a unit, the other half is for one rounded intermediate result.

    >>> tolerances(np.array([0.65, 1.0]), 4)
    array([0.0001, 0.0001])
    """
    width = 10.0**-decimals if author is None else float(author)
    return np.full(len(expected), width)
