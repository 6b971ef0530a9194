"""Tests of whole runs on real papers: reasons in the details, regrading, exports, duplicates."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from small_exam import TINY, write_exam

from examgen.build import build, versions
from examgen.errors import ExamgenError
from examgen.exam import load_exam
from examgen.manifest import Manifest
from examgen.manifest_file import read_manifest
from grader import cli
from grader.grade import Reading, Writing, grade, regrade

SLOTS = ("q1.z", "q1.derive_dL_dw", "q1.dL_dw", "q1.w_new")
HALF = TINY.replace("parts:", "follow_through: 0.5\npartial_marks: {ascent: 0.25}\nparts:", 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A built exam of the tiny graph for versions A to D, in `out`."""
    exam = load_exam(write_exam(tmp_path, templates={"tiny.yaml": HALF}))
    build(exam, versions(4), tmp_path / "out")
    return tmp_path


def manifest_of(folder: Path) -> Path:
    """Where the manifest is."""
    return folder / "out" / "instructor" / "manifest.json"


def numbers_of(manifest: Manifest, student: int) -> dict[str, float]:
    """The printed numbers of a student, and what follows from them, computed by hand."""
    given = {name: float(manifest.givens("q1", name)[student]) for name in "xwby"}
    given["z"] = given["w"] * given["x"] + given["b"]
    given["slope"] = 2 * (given["z"] - given["y"]) * given["x"]
    return given


def write_answers(path: Path, rows: list[dict[str, object]], header: tuple[str, ...] = ()) -> Path:
    """An answer file; what is not said is blank."""
    names = ("student", *header, *SLOTS)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def table(path: Path) -> list[dict[str, str]]:
    """A CSV file by column."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def right_row(manifest: Manifest, student: int) -> dict[str, object]:
    """All right, worked out by hand."""
    given = numbers_of(manifest, student)
    return {
        "student": manifest.students.student[student],
        "q1.z": given["z"],
        "q1.derive_dL_dw": "2*(z - y)*x",
        "q1.dL_dw": given["slope"],
        "q1.w_new": given["w"] - 0.1 * given["slope"],
    }


def marked_class(folder: Path) -> list[dict[str, object]]:
    """A: right. B: z wrong and carried on, no formula. C: uphill. D: the formula lacks the 2."""
    manifest = read_manifest(manifest_of(folder))
    rows = [right_row(manifest, student) for student in range(4)]
    given = numbers_of(manifest, 1)
    wrong = given["z"] + 1.3
    slope = 2 * (wrong - given["y"]) * given["x"]
    rows[1] |= {"q1.z": wrong, "q1.derive_dL_dw": "", "q1.dL_dw": slope}
    rows[1]["q1.w_new"] = given["w"] - 0.1 * slope
    given = numbers_of(manifest, 2)
    rows[2]["q1.w_new"] = given["w"] + 0.1 * given["slope"]
    rows[3]["q1.derive_dL_dw"] = "(z - y)*x"
    return rows


def graded(folder: Path, **writing: object) -> Path:
    """The class graded; the folder of the run."""
    answers = write_answers(folder / "answers.csv", marked_class(folder))
    grade(answers, manifest_of(folder), folder / "graded", writing=Writing(**writing))  # type: ignore[arg-type]
    return folder / "graded"


def test_details_say_why(folder: Path) -> None:
    """Verdict, points and reason of every kind; the points worked out by hand."""
    rows = {(row["student"], row["slot"]): row for row in table(graded(folder) / "details.csv")}
    assert {rows["A", slot]["verdict"] for slot in SLOTS} == {"right"}
    seen = {slot: rows["B", slot]["verdict"] for slot in SLOTS}
    assert seen == dict(zip(SLOTS, ("wrong", "blank", "follows", "follows"), strict=True))
    assert rows["B", "q1.dL_dw"]["note"] == "follows from the answer to z (q1.z)"
    assert rows["B", "q1.w_new"]["note"] == "follows from the answer to dL/dw (q1.dL_dw)"
    assert (rows["B", "q1.dL_dw"]["points"], rows["B", "q1.w_new"]["points"]) == ("0.5", "0.25")
    assert rows["C", "q1.w_new"]["verdict"] == "known mistake"
    assert rows["C", "q1.w_new"]["note"].startswith("ascent: ")
    assert rows["C", "q1.w_new"]["points"] == "0.125"
    assert rows["D", "q1.derive_dL_dw"]["verdict"] == "known mistake"
    assert "loss_factor_dropped" in rows["D", "q1.derive_dL_dw"]["note"]
    totals = [float(row["total"]) for row in table(folder / "graded" / "grades.csv")]
    assert totals == [3.0, 0.75, 2.625, 2.5]


def test_a_right_formula_proves_the_method(folder: Path) -> None:
    """With the derivative's formula right, what follows in its number earns all of its point."""
    rows = marked_class(folder)
    rows[1]["q1.derive_dL_dw"] = r"2 \cdot (z - y) \cdot x"
    answers = write_answers(folder / "answers.csv", rows)
    grade(answers, manifest_of(folder), folder / "graded")
    found = {row["slot"]: row["points"] for row in table(folder / "graded/details.csv")[4:8]}
    assert found == dict(zip(SLOTS, ("0", "0.5", "1", "0.25"), strict=True))


def test_regrading_tells_whose_mark_changes(folder: Path) -> None:
    """A slot given to all, another tolerance, a mark by hand; the old run stays as it was."""
    old = graded(folder)
    before = {file.name: file.read_bytes() for file in old.iterdir()}
    (folder / "changes.yaml").write_text(
        "slots:\n  q1.derive_dL_dw: {give: all}\n  q1.z: {tolerance: 2}\n", encoding="utf-8"
    )
    (folder / "hand.csv").write_text("student,slot,points,note\nC,q1.w_new,0.4,neat\n")
    summary = regrade(
        folder / "answers.csv",
        manifest_of(folder),
        folder / "new",
        old,
        folder / "changes.yaml",
        folder / "hand.csv",
    )
    changes = {(row["student"], row["slot"]): row for row in table(folder / "new/changes.csv")}
    assert {file.name: file.read_bytes() for file in old.iterdir()} == before
    assert changes["B", "q1.z"]["verdict_after"] == "right"
    assert changes["B", "q1.derive_dL_dw"]["after"] == "0.5"
    assert changes["D", "q1.derive_dL_dw"]["verdict_after"] == "given to all"
    assert changes["C", "q1.w_new"]["after"] == "0.4"
    assert ("A", "total") not in changes
    assert ("totals", "3 change: 3 up, 0 down") in summary.changes


def test_further_formulas_are_compared_as_formulas(folder: Path) -> None:
    """What is accepted after the exam is found in another spelling, too."""
    old = graded(folder)
    change = "slots:\n  q1.derive_dL_dw: {accept: ['x*(z - y)']}\n"
    (folder / "changes.yaml").write_text(change, encoding="utf-8")
    answers = folder / "answers.csv"
    regrade(answers, manifest_of(folder), folder / "new", old, folder / "changes.yaml")
    (changed, total) = table(folder / "new" / "changes.csv")
    assert (changed["student"], changed["verdict_after"]) == ("D", "right")
    assert (total["student"], total["slot"]) == ("D", "total")


def test_the_earlier_run_is_never_written_over(folder: Path) -> None:
    """The same folder for both is refused before anything is read."""
    old = graded(folder)
    with pytest.raises(ExamgenError, match="the earlier run is kept"):
        regrade(folder / "answers.csv", manifest_of(folder), old, old)


@pytest.mark.parametrize(
    ("policy", "total"), [("first", "0.5"), ("last", "3"), ("best", "3"), ("error", "")]
)
def test_duplicates_follow_the_policy(folder: Path, policy: str, total: str) -> None:
    """Of two submissions the first, the last, the better, or none; both rows are accounted for."""
    right = right_row(read_manifest(manifest_of(folder)), 0)
    worse = {"student": "A", "q1.derive_dL_dw": "2*(z - y)*x"}
    answers = write_answers(folder / "answers.csv", [worse, right])
    reading = Reading(duplicates=policy)  # type: ignore[arg-type]
    summary = grade(answers, manifest_of(folder), folder / "graded", reading)
    assert table(folder / "graded" / "grades.csv")[0]["total"] == total
    assert summary.rows_in == 2 == summary.rows_used + summary.rejected


def test_marks_go_into_an_export(folder: Path) -> None:
    """`--for canvas --into FILE`: a filled-in copy stands beside the grades."""
    answers = write_answers(folder / "answers.csv", marked_class(folder))
    export = folder / "canvas.csv"
    export.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Test (77)\n"
        "    Points Possible,,,,,3.00\n"
        '"One, A",1,A,a@x,S,\n"Two, B",2,B,b@x,S,\n',
        encoding="utf-8",
    )
    arguments = ["grade", str(answers), "-m", str(manifest_of(folder)), "-o", str(folder / "run")]
    arguments += ["--for", "canvas", "--into", str(export), "--no-report"]
    cli.app(arguments, standalone_mode=False)
    lines = (folder / "run" / "canvas" / "canvas.csv").read_text(encoding="utf-8").splitlines()
    assert lines[2:] == ['"One, A",1,A,a@x,S,3.00', '"Two, B",2,B,b@x,S,0.75']
    assert export.read_text(encoding="utf-8").count("0.75") == 0


def test_an_export_needs_its_system(folder: Path) -> None:
    """`--into` without `--for`, and the other way round, are told in a sentence."""
    arguments = ["grade", "a.csv", "-m", "m.json", "-o", "o"]
    with pytest.raises(ExamgenError, match="--into FILE needs --for"):
        cli.app([*arguments, "--into", "x.csv"], standalone_mode=False)
    with pytest.raises(ExamgenError, match="give it by --into FILE"):
        cli.app([*arguments, "--for", "moodle"], standalone_mode=False)


def test_gradescope_gets_results(folder: Path) -> None:
    """Without an export Gradescope's results are written, a file a student."""
    answers = write_answers(folder / "answers.csv", marked_class(folder))
    arguments = ["grade", str(answers), "-m", str(manifest_of(folder)), "-o", str(folder / "run")]
    cli.app([*arguments, "--for", "gradescope", "--no-report"], standalone_mode=False)
    results = json.loads((folder / "run" / "gradescope" / "B.json").read_text(encoding="utf-8"))
    assert results["score"] == 0.75


def test_feedback_and_report_are_replaced_as_a_whole(folder: Path) -> None:
    """A page of an earlier run does not stay when its student is no longer there."""
    run = graded(folder, feedback=True)
    assert len(list((run / "feedback").iterdir())) == 8
    write_answers(folder / "answers.csv", marked_class(folder)[:1])
    grade(folder / "answers.csv", manifest_of(folder), run, writing=Writing(feedback=True))
    assert sorted(path.name for path in (run / "feedback").iterdir()) == ["A.html", "A.pdf"]
    assert sorted(path.name for path in run.iterdir()) == [
        *("details.csv", "feedback", "grades.csv", "rejected.csv", "report.html")
    ]


def test_rounding_of_totals_is_stated(tmp_path: Path) -> None:
    """`marking: {round_to: 0.5}` rounds, and the summary says so."""
    templates = {"tiny.yaml": HALF}
    exam = load_exam(write_exam(tmp_path, templates=templates, marking="{round_to: 0.5}"))
    build(exam, versions(4), tmp_path / "out")
    answers = write_answers(tmp_path / "answers.csv", marked_class(tmp_path))
    summary = grade(answers, manifest_of(tmp_path), tmp_path / "graded")
    totals = [float(row["total"]) for row in table(tmp_path / "graded" / "grades.csv")]
    assert totals == [3.0, 1.0, 2.5, 2.5]
    assert any("rounded, half up, to a multiple of 0.5" in note for note in summary.notes)


def test_the_simulation_is_a_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`grader simulate` takes a manifest or an exam, and prints the counts."""
    for source in (manifest_of(folder), folder / "exam.yaml"):
        cli.app(["simulate", str(source), "--students", "40"], standalone_mode=False)
        printed = capsys.readouterr().out
        assert "template: tiny, 40 students" in printed
        assert "marked wrong 0" in printed


def test_columns_of_an_export_can_be_printed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`grader mapping` prints YAML that `--map` takes, with the same marks."""
    rows = marked_class(folder)
    renamed = [
        {"Email": f"{row['student']}@x", "name": row["student"]}
        | {f"Q1 [{slot}]": row[slot] for slot in SLOTS}
        for row in rows
    ]
    path = folder / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(renamed[0]))
        writer.writeheader()
        writer.writerows(renamed)
    manifest = str(manifest_of(folder))
    cli.app(["mapping", str(path), "-m", manifest], standalone_mode=False)
    (folder / "map.yaml").write_text(capsys.readouterr().out, encoding="utf-8")
    out = ["-o", str(folder / "run"), "--no-report", "--map", str(folder / "map.yaml")]
    cli.app(["grade", str(path), "-m", manifest, *out], standalone_mode=False)
    totals = [float(row["total"]) for row in table(folder / "run" / "grades.csv")]
    np.testing.assert_allclose(totals, [3.0, 0.75, 2.625, 2.5])


def test_a_dropped_slot_is_judged_no_more(folder: Path) -> None:
    """It leaves details and maximum, number or formula; what follows it still follows."""
    old = graded(folder)
    changes = "slots:\n  q1.z: {drop: true}\n  q1.derive_dL_dw: {drop: true}\n"
    (folder / "changes.yaml").write_text(changes, encoding="utf-8")
    answers, new = folder / "answers.csv", folder / "new"
    regrade(answers, manifest_of(folder), new, old, folder / "changes.yaml")
    found = {row["slot"]: row for row in table(new / "details.csv") if row["student"] == "B"}
    assert {slot: row["verdict"] for slot, row in found.items()} == {
        "q1.dL_dw": "follows",
        "q1.w_new": "follows",
    }
    assert [row["max"] for row in table(new / "grades.csv")] == ["1.5"] * 4
