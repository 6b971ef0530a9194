"""Drawn variants as a table: a row a variant, the givens and the key as columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from examgen.errors import ExamgenError
from examgen.files import replacing
from examgen.template import Template
from examgen.variant import draw_variants

_ROWS = 65536
"""Rows drawn and written at a time, so that memory does not grow with their number."""


def write_samples(template: Template, seed: int, count: int, path: Path) -> None:
    """Write `count` variants to a .csv or .parquet file. Raises ExamgenError for another ending."""
    if path.suffix not in (".csv", ".parquet"):
        raise ExamgenError(f"{path}: expected a file ending in .csv or .parquet")
    batches = _batches(template, seed, count)
    first = next(batches)
    with replacing(path) as temporary, _writer(path, temporary, first.schema) as writer:
        writer.write(first)
        for batch in batches:
            writer.write(batch)


def _writer(
    path: Path, temporary: Path, schema: pa.Schema
) -> pa.csv.CSVWriter | pa.parquet.ParquetWriter:
    if path.suffix == ".csv":
        return pa.csv.CSVWriter(temporary, schema)
    return pa.parquet.ParquetWriter(temporary, schema)


def _batches(template: Template, seed: int, count: int) -> Iterator[pa.RecordBatch]:
    """The rows in blocks; at least one, be it empty."""
    sampler_rows = range(0, max(count, 1), _ROWS)
    for start in sampler_rows:
        numbers = np.arange(start, min(start + _ROWS, count))
        variants = draw_variants(template, seed, numbers)
        columns = {"variant": numbers, **variants.draw.floats()}
        for slot in template.slots:
            if slot.kind == "number":
                columns[f"key.{slot.id}"] = variants.expected(slot)
        yield pa.RecordBatch.from_pydict({n: pa.array(v) for n, v in columns.items()})
