"""Tests of the manifest: what is written is read, and what was tampered with is refused."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_exam import make_manifest, write_exam

from examgen.columns import print_column, read_column
from examgen.errors import ExamgenError
from examgen.manifest_file import read_manifest, write_manifest


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """A manifest comes back equal from its file."""
    assert read_manifest(write_exam(tmp_path)) == make_manifest()


def test_the_same_manifest_gives_the_same_bytes(tmp_path: Path) -> None:
    """Writing twice gives identical files, readable by the owner only, and nothing beside them."""
    path = write_exam(tmp_path)
    first = path.read_bytes()
    assert write_exam(tmp_path).read_bytes() == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["manifest.json"]


def test_columns_decode_to_one_value_a_student() -> None:
    """Key, tolerance, template and givens are arrays over the roster; nan is not asked."""
    manifest = make_manifest()
    np.testing.assert_array_equal(manifest.expected("q2.h"), [3, 4, np.nan, 5])
    np.testing.assert_array_equal(manifest.tolerance("q1.w"), [0.005] * 4)
    np.testing.assert_array_equal(manifest.template_of("q1"), [0, 0, 0, 0])
    np.testing.assert_array_equal(manifest.givens("q1", "x"), [0.5] * 4)
    assert manifest.formulas("q1.form") == ("dL_dh*w",)
    assert [slot.id for slot in manifest.slots] == ["q1.w", "q1.dL_dw", "q1.form", "q2.h"]


@given(st.lists(st.floats(allow_infinity=False)))
def test_a_column_reads_back_as_it_was(values: list[float]) -> None:
    """Every float64 survives print and read, bit for bit up to the sign of zero."""
    np.testing.assert_array_equal(read_column(print_column(values)), np.array(values, dtype=float))


def test_a_column_of_something_else_is_refused() -> None:
    """Text where numbers belong is an error, not a NaN."""
    with pytest.raises(ExamgenError, match="no number"):
        read_column("1 two 3")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no JSON"),
        ("student,q1\n1,2\n", "no JSON"),
        ("\x00\xff\x17", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "format is not"),
        ('{"format": "roster"}', "format is not"),
        ('{"format": "examgen-manifest"}', "no version"),
        ('{"format": "examgen-manifest", "version": 99}', "newer program: version 99"),
        ('{"format": "examgen-manifest", "version": 1}', "checksum"),
    ],
)
def test_what_is_no_manifest_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """Each kind of wrong file gets its own clear sentence, with the file's name."""
    path = tmp_path / "m.json"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(ExamgenError, match=f"m.json.*{message}"):
        read_manifest(path)


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    """What cannot be opened is told in words."""
    for path in (tmp_path, tmp_path / "none.json"):
        with pytest.raises(ExamgenError, match="cannot be read"):
            read_manifest(path)


def test_a_cut_off_manifest_is_recognised(tmp_path: Path) -> None:
    """A half-copied file is told from one that never was a manifest."""
    path = write_exam(tmp_path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ExamgenError, match="cut off"):
        read_manifest(path)


def test_a_changed_manifest_is_refused(tmp_path: Path) -> None:
    """A key mended by hand does not pass as the one that was built."""
    path = write_exam(tmp_path)
    path.write_text(path.read_text().replace("0.65", "0.66"))
    with pytest.raises(ExamgenError, match="changed after it was built"):
        read_manifest(path)


def test_layout_is_no_change(tmp_path: Path) -> None:
    """A manifest that an editor has indented still holds the same content."""
    path = write_exam(tmp_path)
    path.write_text(json.dumps(json.loads(path.read_text()), indent=2))
    assert read_manifest(path) == make_manifest()


def test_a_larger_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The size is looked at before the file is."""
    monkeypatch.setattr("examgen.manifest_file.MAX_BYTES", 100)
    with pytest.raises(ExamgenError, match="larger than 100 bytes"):
        read_manifest(write_exam(tmp_path))


def test_all_faults_of_the_content_are_reported_at_once(tmp_path: Path) -> None:
    """Columns of another length, unknown templates and missing keys come in one report."""
    good = make_manifest()
    bad = replace(
        good,
        students=replace(good.students, name=("A",), student=("s1", "s2", "s2", "s3")),
        asked={"q1": "0 0"},
        templates={},
        key={"q1.w": good.key["q1.w"]},
    )
    write_manifest(bad, tmp_path / "m.json")
    with pytest.raises(ExamgenError) as caught:
        read_manifest(tmp_path / "m.json")
    report = str(caught.value)
    for fault in (
        "student 's2' stands there twice",
        "students.name: 1 values for 4 students",
        "asked.q1: 2 values",
        "asked.q2: no column",
        "unknown template 'mlp'",
        "key.q2.h: no number key",
        "key.q1.form: no formula key",
    ):
        assert re.search(re.escape(fault), report), report
