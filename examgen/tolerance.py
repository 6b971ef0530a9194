"""How far from the key an honest answer may lie."""

from __future__ import annotations

import numpy as np

from examgen.nodes import Array
from examgen.template import Slot


def tolerances(slot: Slot, expected: Array) -> Array:
    """The tolerance for each variant, shape (variants,): the author's, or one unit in the last
    decimal asked for.

    A correctly rounded answer lies within half a unit; the other half is for one rounded
    intermediate result.
    """
    width = float(slot.tolerance) if slot.tolerance is not None else 10.0**-slot.decimals
    return np.full(len(expected), width)
