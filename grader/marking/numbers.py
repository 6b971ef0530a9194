"""The number answers to one template beside what is right, as the modules of marking share them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from grader.arrays import Bools, Floats, Indices
from grader.marking.verdicts import is_right


@dataclass(frozen=True)
class Numbers:
    """Responses, key and tolerance, `(rows, slots)` each, slots as in the template.

    NaN where there is none: not answered, not readable, or a formula. givens: the printed numbers
    by name, `(rows,)` each.
    """

    givens: Mapping[str, Floats]
    responses: Floats
    expected: Floats
    tolerance: Floats

    @cached_property
    def answered(self) -> Bools:
        """Where a number was written."""
        return np.isfinite(self.responses)

    @cached_property
    def right(self) -> Bools:
        """By the key, whatever counts: students go on from answers to dropped slots, too."""
        return is_right(self.responses, self.expected, self.tolerance)

    @cached_property
    def wrong(self) -> Bools:
        """Where a number was written that is not right."""
        return self.answered & ~self.right

    def givens_of(self, rows: Indices) -> dict[str, Floats]:
        """The printed numbers of some rows."""
        return {name: values[rows] for name, values in self.givens.items()}
