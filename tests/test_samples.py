"""Sampled tables: CSV and Parquet agree with the draws, and memory does not grow with the rows."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pyarrow.csv
import pyarrow.parquet
import pytest
from small_exam import TINY

from examgen import samples
from examgen.bank import bank_ids, find_template, find_templates
from examgen.drawing import draw_variants
from examgen.errors import ExamgenError
from examgen.samples import write_samples
from examgen.structures import structures_of
from examgen.template import parse_template

COUNT = 50


@pytest.mark.parametrize("name", bank_ids())
def test_both_formats_agree_with_the_draws(tmp_path: Path, name: str) -> None:
    """A row a variant: its number, its givens, its key by slot, as its structure has them."""
    templates = find_templates(name)
    for suffix in (".csv", ".parquet"):
        write_samples(templates, 9, COUNT, tmp_path / f"x{suffix}")
    again = pyarrow.parquet.read_table(tmp_path / "x.parquet")
    assert pyarrow.csv.read_csv(tmp_path / "x.csv").column_names == again.column_names
    assert again["variant"].to_pylist() == list(range(COUNT))
    structure = structures_of([one.fingerprint for one in templates], 9, range(COUNT))
    for number, template in enumerate(templates):
        rows = np.flatnonzero(structure == number)
        drawn = draw_variants(template, 9, rows)
        slots = [slot for slot in template.slots if slot.kind == "number"]
        keys = {f"key.{slot.id}": drawn.expected(slot) for slot in slots}
        for column, values in {**drawn.draw.floats(), **keys}.items():
            assert again[column].take(rows).to_pylist() == values.tolist()


def test_blocks_join_without_a_seam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is written at a time, the file is the same."""
    template = parse_template(TINY, "tiny.yaml")
    write_samples((template,), 1, COUNT, tmp_path / "one.csv")
    monkeypatch.setattr(samples, "_ROWS", 7)
    write_samples((template,), 1, COUNT, tmp_path / "many.csv")
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "many.csv").read_bytes()
    write_samples((template,), 1, COUNT, tmp_path / "many.parquet")
    assert pyarrow.parquet.read_table(tmp_path / "many.parquet").num_rows == COUNT


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    """And another seed, other numbers; more rows begin with the fewer."""
    template = parse_template(TINY, "tiny.yaml")
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        write_samples((template,), seed, COUNT, tmp_path / f"{name}{suffix}")
    first, same, other = ((tmp_path / f"{n}{suffix}").read_bytes() for n in "abc")
    assert first == same != other
    write_samples((template,), 3, 2 * COUNT, tmp_path / "long.csv")
    write_samples((template,), 3, COUNT, tmp_path / "short.csv")
    short = (tmp_path / "short.csv").read_text().splitlines()
    assert (tmp_path / "long.csv").read_text().splitlines()[: COUNT + 1] == short


@pytest.mark.parametrize("name", ["x.txt", "x", "x.xlsx", "x.csv.gz", ".csv"])
def test_other_endings_are_refused(tmp_path: Path, name: str) -> None:
    """Before anything is written."""
    with pytest.raises(ExamgenError, match=r"\.csv or \.parquet"):
        write_samples((parse_template(TINY, "tiny.yaml"),), 0, 1, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_more_rows_than_there_are_variants_leave_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the first blocks could be written."""
    text = TINY.replace("step: 0.5", "step: 2.5").replace("step: 1", "step: 8")
    template = parse_template(text, "tiny.yaml")
    monkeypatch.setattr(samples, "_ROWS", 4)
    (tmp_path / "x.csv").write_text("precious")
    with pytest.raises(ExamgenError, match="room for"):
        write_samples((template,), 0, 10_000, tmp_path / "x.csv")
    assert [p.name for p in tmp_path.iterdir()] == ["x.csv"]
    assert (tmp_path / "x.csv").read_text() == "precious"


def test_memory_does_not_grow_with_the_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty times as many rows take the same memory for arrays."""
    monkeypatch.setattr(samples, "_ROWS", 512)
    template, peaks = find_template("mlp-2-2-2"), []
    write_samples((template,), 0, 1, tmp_path / "x.parquet")  # what is worked out once, is
    for count in (1_000, 20_000):
        tracemalloc.start()
        write_samples((template,), 0, count, tmp_path / "x.parquet")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert pyarrow.parquet.read_table(tmp_path / "x.parquet").num_rows == 20_000
    assert peaks[1] < 1.2 * peaks[0]
