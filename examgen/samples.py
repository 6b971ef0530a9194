"""Drawn variants as a table: a row a variant, the givens and the key as columns.

Variants of several structures share the table: what is chosen stands in columns of its own, and
what a structure does not have is empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

from examgen.drawing import draw_variants
from examgen.errors import ExamgenError
from examgen.files import replacing
from examgen.nodes import Array
from examgen.structures import shared_slots, structures_of
from examgen.template import Template

Indices = NDArray[np.int64]

_ROWS = 65536
"""Rows drawn and written at a time, so that memory does not grow with their number."""


def write_samples(templates: Sequence[Template], seed: int, count: int, path: Path) -> None:
    """Write `count` variants to a .csv or .parquet file. Raises ExamgenError for another ending.

    templates: all structures of one file; each variant has the one that a student of its number
    would get.
    """
    if path.suffix not in (".csv", ".parquet"):
        raise ExamgenError(f"{path}: expected a file ending in .csv or .parquet")
    batches = _batches(templates, seed, count)
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


def _batches(templates: Sequence[Template], seed: int, count: int) -> Iterator[pa.RecordBatch]:
    """The rows in blocks; at least one, be it empty."""
    empty = _columns(templates)
    for start in range(0, max(count, 1), _ROWS):
        numbers = np.arange(start, min(start + _ROWS, count))
        columns = _filled(templates, seed, numbers, empty)
        yield pa.RecordBatch.from_pydict({"variant": pa.array(numbers), **columns})


def _columns(templates: Sequence[Template]) -> dict[str, pa.DataType]:
    """The columns of all structures with their types, in order."""
    choices = {f"choose.{name}": pa.string() for name in templates[0].choice}
    drawn = [template.sampler(0).draw([]) for template in templates]
    givens = {name: pa.float64() for draw in drawn for name in draw.floats()}
    slots = shared_slots([template.parts for template in templates])
    kinds = {name: next(filter(None, asked)).kind for name, asked in slots.items()}
    keys = {f"key.{name}": pa.float64() for name, kind in kinds.items() if kind == "number"}
    return choices | givens | keys


def _filled(
    templates: Sequence[Template], seed: int, numbers: Indices, types: Mapping[str, pa.DataType]
) -> dict[str, pa.Array]:
    """The columns of some variants, each drawn from its own structure."""
    structure = structures_of([template.fingerprint for template in templates], seed, numbers)
    texts = [name for name, kind in types.items() if kind == pa.string()]
    columns = {name: np.full(len(numbers), np.nan) for name in types}
    for place, template in enumerate(templates):
        rows = np.flatnonzero(structure == place)
        if len(rows) or len(templates) == 1:
            for name, values in _drawn(template, seed, numbers[rows]).items():
                columns[name][rows] = values
    return {
        name: _choices(templates, structure, name.removeprefix("choose."))
        if name in texts
        else pa.array(column, from_pandas=True)  # NaN is nothing
        for name, column in columns.items()
    }


def _drawn(template: Template, seed: int, numbers: Indices) -> dict[str, Array]:
    """Givens and keys of some variants of one structure."""
    variants = draw_variants(template, seed, numbers)
    slots = [slot for slot in template.slots if slot.kind == "number"]
    keys = {f"key.{slot.id}": variants.expected(slot) for slot in slots}
    return {**variants.draw.floats(), **keys}


def _choices(templates: Sequence[Template], structure: Indices, name: str) -> pa.Array:
    """What each variant chooses for a name."""
    chosen = [template.choice[name] for template in templates]
    return pa.array([chosen[place] for place in structure.tolist()], pa.string())
