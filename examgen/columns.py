"""Columns of numbers as text: the numbers in one string, separated by single spaces.

A JSON array of a million numbers takes many times as long to read as one string that Arrow cuts.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import ArrayLike, NDArray

from examgen.errors import ExamgenError


def print_column(values: ArrayLike) -> str:
    """Numbers as a column: the shortest text that reads back as the same float64.

    >>> print_column([0.1, -2, float("nan")])
    '0.1 -2 nan'
    """
    texts = pc.cast(pa.array(np.asarray(values, dtype=np.float64)), pa.string())
    joined = pc.binary_join(pa.ListArray.from_arrays([0, len(texts)], texts), " ")
    return str(joined[0].as_py())


def read_column(text: str) -> NDArray[np.float64]:
    """A column of numbers, `(students,)`; raises `ExamgenError` for what is not a number."""
    if not text:
        return np.empty(0)
    try:
        numbers = pc.cast(pc.split_pattern(pa.array([text]), " ").values, pa.float64())
    except pa.ArrowInvalid as error:
        raise ExamgenError(f"a column of the manifest holds what is no number: {error}") from error
    values: NDArray[np.float64] = numbers.to_numpy()
    return values
