"""The names of the arrays that the grader works on; axis 0 is the student, row or text."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
"""Numbers: values, points, shares; NaN where there is none."""

Bools = NDArray[np.bool_]
"""Which of some things have a property."""

Codes = NDArray[np.int32]
"""What stands at each place, as an index into a list of distinct things; four bytes a cell."""

Indices = NDArray[np.int64]
"""Places along an axis: of students in the roster, of rows in a file, of bytes in a text."""

Counts = NDArray[np.int64]
"""How many of something there are."""
