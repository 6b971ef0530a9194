"""Tests of the command line of the grader: files to files, counts that add up, exit codes."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from synthetic_exam import FORMULA, SHEET, SLOTS, write_exam, write_sheet

from grader import cli, tables
from grader.grade import Writing, grade
from grader.summary import Summary

MIXED = (
    ("s4", "13", "=1+1", FORMULA, "-5"),
    ("00123456", " 0,65", "-0.125", "@SUM(1)", "3"),
    ("s2", "", "1 1/2", '=HYPERLINK("x")', "4.005"),
    ("nobody", "1", "2", "3", "4"),
)


def run(folder: Path, *options: str, rows: tuple[tuple[str, ...], ...] = MIXED) -> Path:
    """Grade a sheet by the command line; the folder of its files."""
    answers = write_sheet(folder / "answers.csv", rows)
    arguments = [str(answers), "--manifest", str(write_exam(folder)), "-o", str(folder / "out")]
    cli.app(["grade", *arguments, *options], standalone_mode=False)
    return folder / "out"


def table(path: Path) -> list[dict[str, str]]:
    """A CSV file as a spreadsheet would read it."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, strict=True))


def exit_code(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """How the program ends with these arguments."""
    monkeypatch.setattr(sys, "argv", ["grader", *arguments])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    return int(caught.value.code or 0)


def test_grades_stand_in_roster_order(tmp_path: Path) -> None:
    """The whole roster, with sums; who submitted nothing has empty marks, not zero."""
    grades = table(run(tmp_path) / "grades.csv")
    assert [list(row.values()) for row in grades] == [
        ["00123456", "0", "1.5", "1.5", "5.5", "27.27"],
        ["s2", "0", "1.5", "1.5", "5.5", "27.27"],
        ["zoë", "", "", "", "", ""],
        ["s4", "1", "0", "1", "5.5", "18.18"],
    ]
    assert list(grades[0]) == ["student", "q1", "q2", "total", "max", "percent"]


def test_details_name_every_answer(tmp_path: Path) -> None:
    """One line an answer, with response, key, tolerance, verdict, points and the reason."""
    details = table(run(tmp_path) / "details.csv")
    assert list(details[0]) == [
        *("student", "question", "slot", "response", "expected", "tolerance"),
        *("verdict", "points", "max_points", "note"),
    ]
    assert [row["slot"] for row in details] == list(SLOTS) * 3
    assert list(details[3].values()) == [
        *("00123456", "q2", "q2.h", "3", "3", "0.005", "right", "1.5", "1.5", "")
    ]
    assert details[0]["verdict"] == "unreadable"
    assert details[0]["response"] == " 0,65"
    assert details[0]["note"].startswith("a comma, where this file has decimal points")
    assert (details[2]["expected"], details[2]["tolerance"]) == (FORMULA, "")
    assert details[2]["note"] == "a formula: to be marked by hand"


def test_no_cell_is_a_formula_to_a_spreadsheet(tmp_path: Path) -> None:
    """What starts like a formula gets an apostrophe; negative numbers stay numbers."""
    responses = [row["response"] for row in table(run(tmp_path) / "details.csv")]
    assert responses == [
        *(" 0,65", "-0.125", "'@SUM(1)", "3"),
        *("", "1 1/2", '\'=HYPERLINK("x")', "4.005"),
        *("13", "'=1+1", FORMULA, "-5"),
    ]


def test_rejected_rows_are_listed_with_their_text(tmp_path: Path) -> None:
    """Row number, raw row and reason."""
    assert table(run(tmp_path) / "rejected.csv") == [
        {"file": "", "row": "5", "raw": "nobody,1,2,3,4", "reason": "unknown student"}
    ]


def test_the_summary_adds_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Rows in = graded + rejected, and answers = the sum of the verdicts, in plain text."""
    run(tmp_path)
    text = capsys.readouterr().out
    assert "rows: 4 = 3 graded + 1 rejected" in text
    assert "answers: 12 = 3 right + 2 wrong + 1 blank + 3 unreadable + 3 needs a human" in text
    assert "rejected: row 5 (unknown student)" in text
    assert "formulas to be marked by hand, not in the totals yet: 3, worth 3" in text
    assert "decimal sign: point" in text
    assert "mean: 1.33 of 5.50" in text
    assert "no submission, marks left empty, for 1: zoë" in text
    assert "\x1b" not in text


def test_a_terminal_gets_the_same_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal the summary is a table of the same lines."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    run(tmp_path)
    assert "3 graded + 1 rejected" in capsys.readouterr().out


def test_the_key_sheet_gets_all_numeric_points(tmp_path: Path) -> None:
    """Right answers get full marks but for the formulas, which wait for a human."""
    grades = table(run(tmp_path, rows=SHEET) / "grades.csv")
    assert [row["total"] for row in grades] == ["4.5", "4.5", "3", "4.5"]
    assert [row["max"] for row in grades] == ["5.5", "5.5", "4", "5.5"]


def test_the_blank_sheet_gets_zero(tmp_path: Path) -> None:
    """A row of blanks is a submission worth zero."""
    blank = tuple((row[0], "", "", "", "") for row in SHEET)
    folder = run(tmp_path, rows=blank)
    assert [row["total"] for row in table(folder / "grades.csv")] == ["0"] * 4
    assert {row["verdict"] for row in table(folder / "details.csv")} == {"blank"}
    assert table(folder / "rejected.csv") == []


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    """Grading twice writes identical files, and leaves nothing else behind."""
    folder = run(tmp_path)
    first = {file.name: file.read_bytes() for file in folder.iterdir()}
    run(tmp_path)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == first
    assert sorted(first) == ["details.csv", "grades.csv", "rejected.csv", "report.html"]


def test_details_as_parquet_say_the_same(tmp_path: Path) -> None:
    """The Parquet details hold the same rows, numbers as numbers and responses verbatim."""
    csv_rows = table(run(tmp_path) / "details.csv")
    rows = pq.read_table(run(tmp_path, "--details", "parquet") / "details.parquet").to_pylist()
    for name in ("student", "slot", "verdict", "note"):
        assert [row[name] for row in rows] == [row[name] for row in csv_rows]
    assert rows[0]["expected"] == 0.65
    assert (rows[2]["expected"], rows[2]["formula"]) == (None, FORMULA)
    assert rows[2]["response"] == "@SUM(1)"


def test_details_of_an_earlier_run_do_not_stay(tmp_path: Path) -> None:
    """The folder holds one run: details that were not written anew are gone."""
    run(tmp_path)
    names = {file.name for file in run(tmp_path, "--details", "none").iterdir()}
    assert names == {"grades.csv", "rejected.csv", "report.html"}
    names = {file.name for file in run(tmp_path, "--details", "none", "--no-report").iterdir()}
    assert names == {"grades.csv", "rejected.csv"}


def test_details_come_in_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class larger than a block is written whole and in order."""
    whole = (run(tmp_path) / "details.csv").read_bytes()
    monkeypatch.setattr("grader.gradebook._BLOCK", 2)
    monkeypatch.setattr("grader.gradebook._MANY_TEXTS", 0)
    assert (run(tmp_path) / "details.csv").read_bytes() == whole
    rows = pq.read_table(run(tmp_path, "--details", "parquet") / "details.parquet").num_rows
    assert rows == 12


def test_nothing_half_written_remains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When writing fails, the files of the earlier run are untouched."""
    folder = run(tmp_path)
    before = {file.name: file.read_bytes() for file in folder.iterdir()}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(grade.__globals__["_DETAILS"], "csv", full)
    with pytest.raises(tables.ExamgenError, match="No space left"):
        run(tmp_path, rows=SHEET)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_an_empty_class_is_graded(tmp_path: Path) -> None:
    """A header alone gives empty marks for all, in every format."""
    for details in ("csv", "parquet", "none"):
        folder = run(tmp_path, "--details", details, rows=())
        assert {row["total"] for row in table(folder / "grades.csv")} == {""}


def test_grading_is_callable_from_python(tmp_path: Path) -> None:
    """What the command prints is a value."""
    answers = write_sheet(tmp_path / "a.csv", MIXED)
    writing = Writing(details="none", report=False)
    summary = grade(answers, write_exam(tmp_path), tmp_path / "out", writing=writing)
    assert [file.name for file in summary.files] == ["grades.csv", "rejected.csv"]
    assert isinstance(summary, Summary)
    assert summary.rows_in == summary.graded + summary.rejected == 4
    assert summary.cells == 12


def test_answers_to_what_was_not_asked_are_noted(tmp_path: Path) -> None:
    """A number in a slot the student never had is named, not marked."""
    answers = write_sheet(tmp_path / "a.csv", [("zoë", "2", "-0.5", "", "7")])
    summary = grade(answers, write_exam(tmp_path), tmp_path / "out")
    assert any("not asked of that student, not marked: 1" in note for note in summary.notes)
    assert summary.cells == 3


def test_dangerous_ids_are_guarded_and_named(tmp_path: Path) -> None:
    """An id that a spreadsheet would run is written with an apostrophe, and the summary says so."""
    answers = write_sheet(tmp_path / "a.csv", [("=cmd", "0.65", "", "", "")])
    summary = grade(answers, write_exam(tmp_path, ["=cmd", "s2"]), tmp_path / "out")
    assert table(tmp_path / "out" / "grades.csv")[0]["student"] == "'=cmd"
    assert any("=cmd" in note for note in summary.notes)


def test_bad_data_ends_with_one_and_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Answers to another exam: exit code 1, the reason on stderr, no files."""
    answers = write_sheet(tmp_path / "a.csv", [("x", "1")], ("student", "p1.a"))
    arguments = ["grade", str(answers), "-m", str(write_exam(tmp_path)), "-o", str(tmp_path / "o")]
    assert exit_code(monkeypatch, *arguments) == 1
    assert "another exam" in capsys.readouterr().err
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    "arguments", [["grade"], ["grade", "a.csv"], ["nonsense"], ["grade", "a", "--decimal", "dot"]]
)
def test_bad_usage_ends_with_two(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing or unknown argument is bad usage."""
    assert exit_code(monkeypatch, *arguments) == 2
    assert "Usage" in capsys.readouterr().err


def test_an_output_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """A path that cannot be a folder is told in words."""
    (tmp_path / "out").write_text("mine")
    with pytest.raises(tables.ExamgenError, match="cannot be written"):
        run(tmp_path)
    assert (tmp_path / "out").read_text() == "mine"


def test_help_needs_no_arrays() -> None:
    """`--help` imports no array library, and names the command."""
    code = "import sys; from grader.cli import main; sys.argv=['grader','--help']\n"
    code += "try: main()\nfinally: assert not {'numpy', 'pyarrow'} & set(sys.modules)"
    text = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    assert b"grade" in text
