"""Tests of a class that shares versions: each gets the key of the paper that was on the desk."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from small_exam import run, write_exam

from examgen.build import build, versions
from examgen.errors import ExamgenError
from examgen.exam import load_exam
from examgen.manifest import Manifest, Students
from examgen.manifest_file import read_manifest
from grader.versions import Taker, handed_out, lent, read_takers

LIST = "student,version,name\n11,B,Ada\n12,A,Bob\n13,B,Cy\n"


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    """Versions A and B of a tiny exam."""
    return read_manifest(
        build(load_exam(write_exam(tmp_path)), versions(2), tmp_path / "o").manifest
    )


def written(folder: Path, text: str) -> Path:
    """A list of who took what."""
    path = folder / "class.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_everyone_gets_the_key_of_the_version_taken(tmp_path: Path, manifest: Manifest) -> None:
    """Key, tolerance, printed numbers and code of the version; id and name of one's own."""
    exam = handed_out(manifest, read_takers(written(tmp_path, LIST), manifest))
    assert exam.students.student == ("11", "12", "13")
    assert exam.students.name == ("Ada", "Bob", "Cy")
    assert exam.students.group == ("B", "A", "B")
    a, b = manifest.students.code
    assert exam.students.code == (b, a, b)
    for column in (manifest.expected, manifest.tolerance):
        name = column.__name__
        for slot in ("q1.z", "q1.dL_dw"):
            theirs = getattr(exam, name)(slot)
            np.testing.assert_array_equal(theirs, column(slot)[[1, 0, 1]])
    np.testing.assert_array_equal(exam.givens("q1", "x"), manifest.givens("q1", "x")[[1, 0, 1]])
    assert exam.formulas("q1.derive_dL_dw") == manifest.formulas("q1.derive_dL_dw")


def test_texts_among_the_printed_numbers_follow(manifest: Manifest) -> None:
    """A given that is no number stands in a tuple: its rows are chosen, too."""
    from dataclasses import replace

    given = {"q1": {**manifest.given["q1"], "phi": ("relu", "tanh")}}
    students = Students(*(("x", "y", "z"),) * 5, variant="0 1 2")
    exam = lent(replace(manifest, given=given), students, np.array([1, 1, 0]))
    assert exam.given["q1"]["phi"] == ("tanh", "tanh", "relu")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("student,version\n11,C\n", r"class.csv:2: the exam has no version 'C'"),
        ("student,version\n11,A\n11,B\n", r"class.csv:3: student '11' stands there twice"),
        ("student,version\n,A\n", r"class.csv:2: no student id"),
        ("student,version\n11\n", r"class.csv:2: cells: 1"),
        ("student,version\n", "names no student"),
        ("student\n11\n", "no column 'version'; found student"),
    ],
)
def test_a_faulty_list_is_refused(
    tmp_path: Path, manifest: Manifest, text: str, message: str
) -> None:
    """Every fault with its line."""
    with pytest.raises(ExamgenError, match=message):
        read_takers(written(tmp_path, text), manifest)


def test_a_header_in_capitals_and_blanks_around_cells_are_read(
    tmp_path: Path, manifest: Manifest
) -> None:
    """As spreadsheets and hands write them."""
    found = read_takers(written(tmp_path, "Student;Version\n 11 ; B\n"), manifest)
    assert found == (Taker("11", "B"),)


def test_a_class_of_versions_is_graded_from_the_command_line(
    tmp_path: Path, manifest: Manifest
) -> None:
    """Two students with version B are no duplicates; both get its key."""
    with (tmp_path / "o" / "instructor" / "key.csv").open(encoding="utf-8") as file:
        keys = {row["student"]: row for row in csv.DictReader(file)}
    rows = [{**keys["B"], "student": "11"}, {**keys["A"], "student": "12"}]
    rows.append({**keys["A"], "student": "13"})  # took B, and answers A
    with (tmp_path / "in.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    done = run(
        *("grader", "grade", tmp_path / "in.csv", "-m", tmp_path / "o/instructor/manifest.json"),
        *("--class", written(tmp_path, LIST), "-o", tmp_path / "run", "--no-report"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    with (tmp_path / "run" / "grades.csv").open(encoding="utf-8") as file:
        total = {row["student"]: float(row["percent"]) for row in csv.DictReader(file)}
    assert total["11"] == total["12"] == 100
    assert total["13"] < 50
