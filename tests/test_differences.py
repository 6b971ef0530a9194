"""Tests of two gradings compared: every change is found, none is invented."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from synthetic_exam import make_manifest, write_exam, write_sheet

from examgen.errors import ExamgenError
from examgen.manifest import Manifest
from examgen.manifest_file import read_manifest
from grader.differences import Run, compare, read_run, run_of, write_changes
from grader.gradebook import Graded, write_details_csv, write_details_parquet, write_grades
from grader.marking.rubric import award
from grader.marking.verdicts import Key, Reason, Verdict
from grader.reading.responses import read_answers

NAN = float("nan")
DETAILS = """\
student,question,slot,response,expected,tolerance,verdict,points,max_points,note
00123456,q1,q1.w,1,0.65,0.005,wrong,0,1,
00123456,q1,q1.form,"a,
b",dL_dh*w,,needs a human,0,1,a formula
s4,q1,q1.w,13,13,0.005,right,1,1,
"""
GRADES = """\
student,q1,q2,total,max,percent
00123456,0,0,0,5.5,0
s2,,,,,
zoë,,,,,
s4,1,0,1,5.5,18.18
"""


def write_run(folder: Path, details: str | None = DETAILS, grades: str = GRADES) -> Path:
    """What an earlier run has written."""
    (folder / "grades.csv").write_text(grades, encoding="utf-8")
    if details is not None:
        (folder / "details.csv").write_text(details, encoding="utf-8")
    return folder


def run(*answers: tuple[int, int, float, Verdict], totals: tuple[float, ...]) -> Run:
    """A run with these answers: student, slot, points and verdict."""
    points, verdicts = np.full((4, 4), NAN), np.zeros((4, 4), np.uint8)
    for student, slot, mark, verdict in answers:
        points[student, slot], verdicts[student, slot] = mark, verdict
    return Run(np.array(totals), points, verdicts)


OLD = run(
    (0, 0, 0, Verdict.WRONG),
    (0, 2, 0, Verdict.NEEDS_A_HUMAN),
    (3, 0, 1, Verdict.RIGHT),
    totals=(0, NAN, NAN, 1),
)
NEW = run(
    (0, 0, 1, Verdict.GIVEN_TO_ALL),
    (0, 2, 0, Verdict.WRONG),
    (1, 0, 0.5, Verdict.FOLLOWS),
    totals=(1, 0.5, NAN, 0),
)


def test_an_earlier_run_is_read_again(tmp_path: Path) -> None:
    """From its two tables; a response of several lines does not disturb."""
    found = read_run(write_run(tmp_path), make_manifest())
    for name in ("totals", "points", "verdicts"):
        np.testing.assert_array_equal(getattr(found, name), getattr(OLD, name))
    assert found.details


def test_every_change_is_written(tmp_path: Path) -> None:
    """More points, other words for the same points, a slot dropped, a student new; then totals."""
    write_changes(compare(OLD, NEW, make_manifest()), tmp_path / "changes.csv")
    assert (tmp_path / "changes.csv").read_text(encoding="utf-8").splitlines() == [
        "student,slot,before,after,verdict_before,verdict_after",
        "00123456,q1.w,0,1,wrong,given to all",
        "00123456,q1.form,0,0,needs a human,wrong",
        "s2,q1.w,,0.5,,follows",
        "s4,q1.w,1,,right,not asked",
        "00123456,total,0,1,,",
        "s2,total,,0.5,,",
        "s4,total,1,0,,",
    ]


def test_the_summary_says_who_and_by_how_much() -> None:
    """How many, up and down, and those whose mark changes most."""
    lines = dict(compare(OLD, NEW, make_manifest()).lines())
    assert lines["answers"] == "4 with another mark or verdict"
    assert lines["totals"] == "3 change: 2 up, 1 down"
    assert lines["by"] == "-1.00 to +1.00, +0.17 on average"
    assert lines["most"] == "00123456 +1.00, s4 -1.00, s2 +0.50"


def test_a_run_does_not_differ_from_itself(tmp_path: Path) -> None:
    """Not by the rounding of its points either."""
    near = replace(OLD, points=OLD.points + 1e-9, totals=OLD.totals - 1e-9)
    differences = compare(OLD, near, make_manifest())
    write_changes(differences, tmp_path / "changes.csv")
    assert (tmp_path / "changes.csv").read_text(encoding="utf-8").count("\n") == 1
    assert dict(differences.lines())["totals"] == "0 change: 0 up, 0 down"


def test_without_details_totals_are_compared(tmp_path: Path) -> None:
    """And it is said so."""
    found = read_run(write_run(tmp_path, details=None), make_manifest())
    differences = compare(found, NEW, make_manifest())
    assert (len(differences.answers), len(differences.students)) == (0, 3)
    assert "no details" in dict(differences.lines())["note"]


def test_guarded_ids_are_known_again(tmp_path: Path) -> None:
    """An id that a spreadsheet would run was written with an apostrophe."""
    manifest = make_manifest(("@a", "s2", "zoë", "s4"))
    text = GRADES.replace("00123456", "'@a")
    found = read_run(write_run(tmp_path, DETAILS.replace("00123456", "'@a"), text), manifest)
    np.testing.assert_array_equal(found.totals, OLD.totals)
    np.testing.assert_array_equal(found.points, OLD.points)


@pytest.mark.parametrize(
    ("details", "grades", "message"),
    [
        (DETAILS, GRADES.replace("s4", "s9"), "a run of another exam: this one has no 's9'"),
        (DETAILS.replace("q1.form", "q1.other"), GRADES, "this one has no 'q1.other'"),
        (DETAILS.replace("right", "brilliant"), GRADES, "this one has no 'brilliant'"),
        (DETAILS, GRADES.replace("total", "sum"), "not of an earlier run"),
        (DETAILS, GRADES.replace("18.18", "18.18,7"), "not of an earlier run"),
        ("", GRADES, "not of an earlier run"),
    ],
)
def test_what_is_no_run_of_this_exam(
    details: str, grades: str, message: str, tmp_path: Path
) -> None:
    """A sentence with the file."""
    with pytest.raises(ExamgenError, match=message):
        read_run(write_run(tmp_path, details, grades), make_manifest())


def test_an_empty_folder_is_no_run(tmp_path: Path) -> None:
    """The totals at least must be there."""
    with pytest.raises(
        ExamgenError, match=r"no earlier run of the grader: there is no grades\.csv"
    ):
        read_run(tmp_path, make_manifest())


def test_a_run_just_done_is_the_one_that_it_writes(tmp_path: Path) -> None:
    """Graded, written, read and compared: nothing differs, as CSV and as Parquet."""
    graded = graded_sheet(read_manifest(write_exam(tmp_path)), write_sheet(tmp_path / "a.csv"))
    for kind, write in (("csv", write_details_csv), ("parquet", write_details_parquet)):
        folder = tmp_path / kind
        folder.mkdir()
        write_grades(graded, folder / "grades.csv")
        write(graded, folder / f"details.{kind}")
        differences = compare(read_run(folder, graded.manifest), run_of(graded), graded.manifest)
        assert len(differences.answers) == len(differences.students) == 0
        assert np.isfinite(differences.after.totals).all()


def graded_sheet(manifest: Manifest, sheet: Path) -> Graded:
    """A sheet all of whose numbers are right."""
    answers = read_answers(sheet, manifest)
    expected = np.array([manifest.expected(slot) for slot in ("q1.w", "q1.dL_dw", "q2.h")]).T
    expected = np.insert(expected[answers.students], 2, NAN, axis=1)
    asked = np.isfinite(expected) | (np.arange(4) == 2)
    verdicts = np.where(np.arange(4) == 2, Verdict.NEEDS_A_HUMAN, Verdict.RIGHT) * asked
    marks = award(
        manifest, verdicts.astype(np.uint8), asked, (Reason(),), np.zeros((4, 4), np.int32)
    )
    return Graded(manifest, answers, Key(expected, expected * 0 + 0.005, asked), marks)
