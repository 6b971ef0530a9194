"""Tests of which files are answers, and of what several files and folders come to."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from answer_files import by_student, make_class, numbers, read, reasons, unreadable, write_workbook
from synthetic_exam import SHEET, SLOTS, write_sheet

from examgen.errors import ExamgenError
from grader.reading import sources
from grader.reading.responses import mixed_decimals, read_answers
from grader.reading.sources import find_sources

HEADER = ("student", *SLOTS)


def make_folder(folder: Path) -> Path:
    """Answers of three students in three formats, and what else is found in folders."""
    write_sheet(folder / "b.csv", SHEET[:1])
    write_sheet(folder / "a.TSV", SHEET[1:2], delimiter="\t")
    write_workbook(folder / "c.xlsx", [HEADER, SHEET[2]])
    for name in ("~$c.xlsx", ".~lock.b.csv#", ".hidden.csv", "notes.pdf", "readme"):
        (folder / name).write_text("no answers", encoding="utf-8")
    (folder / "sub.csv").mkdir()
    (folder / "link.csv").symlink_to(folder / "b.csv")
    os.mkfifo(folder / "pipe.csv")
    return folder


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    """All answer files in it; locks, links, folders and other files are named and left alone."""
    answers = read(make_folder(tmp_path))
    assert answers.files == ("a.TSV", "b.csv", "c.xlsx")
    assert list(by_student(answers)) == ["00123456", "s2", "zoë"]
    assert answers.file_of.tolist() == [1, 0, 2]
    passed = {file.file: file.reason for file in find_sources([tmp_path]).passed_over}
    assert passed == {
        ".hidden.csv": "hidden",
        ".~lock.b.csv#": "the lock of a program that has it open",
        "~$c.xlsx": "the lock of a program that has it open",
        "link.csv": "a link: give the file itself",
        "notes.pdf": "not .csv, .tsv, .txt, .xlsx",
        "pipe.csv": "no regular file",
        "readme": "not .csv, .tsv, .txt, .xlsx",
        "sub.csv": "a folder",
    }
    assert any(note.startswith("not read: .hidden.csv (hidden)") for note in answers.notes)


def test_files_and_folders_are_read_once_in_the_order_given(tmp_path: Path) -> None:
    """A file that is named and in the folder, too, is one file; equal names show their paths."""
    (tmp_path / "x").mkdir()
    first = write_sheet(tmp_path / "b.csv", SHEET[:1])
    other = write_sheet(tmp_path / "x" / "b.csv", SHEET[1:2])
    answers = read(other, tmp_path)
    assert [name[-30:] for name in answers.files] == [str(path)[-30:] for path in (other, first)]
    assert sorted(by_student(answers)) == ["00123456", "s2"]


def test_a_named_link_is_followed(tmp_path: Path) -> None:
    """Whoever names a file on the command line means it."""
    (tmp_path / "l.csv").symlink_to(write_sheet(tmp_path / "a.csv"))
    assert len(read(tmp_path / "l.csv").students) == 4


def test_names_are_shown_on_one_line(tmp_path: Path) -> None:
    """A file name is no markup and no line break."""
    write_sheet(tmp_path / "a\nb\x1b[1m.csv", SHEET[:1])
    (tmp_path / "e\nmpty.csv").touch()
    answers = read(tmp_path)
    assert answers.files == ("a�b�[1m.csv",)
    assert [file.file for file in answers.refused] == ["e�mpty.csv"]


@pytest.mark.parametrize("kind", ["empty folder", "no such file", "pipe", "NUL", "nothing"])
def test_what_cannot_be_read_is_told(tmp_path: Path, kind: str) -> None:
    """In words, and without waiting for a pipe that nobody writes to."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").mkdir()
    paths = {
        "empty folder": [tmp_path / "empty"],
        "no such file": [tmp_path / "none.csv"],
        "pipe": [tmp_path / "pipe"],
        "NUL": [Path("a\0b")],
        "nothing": [],
    }
    with pytest.raises(ExamgenError, match=r"cannot be read|no answer file"):
        read_answers(paths[kind], make_class())


def test_there_is_a_limit_to_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told, not begun."""
    monkeypatch.setattr(sources, "MOST_FILES", 2)
    with pytest.raises(ExamgenError, match="more than 2 answer files"):
        read(make_folder(tmp_path))


# --- several files ------------------------------------------------------------------------------


def test_a_bad_file_costs_the_others_nothing(tmp_path: Path) -> None:
    """Empty, of another exam, of another class, damaged: refused with the reason, and listed."""
    write_sheet(tmp_path / "a.csv", SHEET[:1])
    (tmp_path / "b.csv").touch()
    write_sheet(tmp_path / "c.csv", [("s2", "1", "2")], ("student", "p1.a", "p1.b"))
    write_sheet(tmp_path / "d.csv", [(f"t{i}", "", "", "", "") for i in range(6)])
    (tmp_path / "e.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "f.csv").write_bytes(b"student,q1.w\nzo\xeb,1\n")
    answers = read(tmp_path)
    assert list(by_student(answers)) == ["00123456"]
    assert answers.rows_in == 1
    refused = {file.file: file.reason for file in answers.refused}
    assert "is empty" in refused["b.csv"]
    assert "another exam: 0 of the 4" in refused["c.csv"]
    assert "another exam: of its 6 rows 6" in refused["d.csv"]
    assert "not a workbook" in refused["e.xlsx"]
    assert "--encoding" in refused["f.csv"]
    assert any(
        "nothing of them is graded: d.csv" in note or "b.csv" in note for note in answers.notes
    )


def test_all_problems_are_told_where_no_file_is_good(tmp_path: Path) -> None:
    """Each with its file, and not more than can be read."""
    for number in range(30):
        (tmp_path / f"{number:02}.csv").touch()
    with pytest.raises(ExamgenError) as caught:
        read(tmp_path)
    assert len(caught.value.problems) == 21
    assert str(caught.value.problems[0]).endswith(
        "00.csv: the file is empty: it needs a header line"
    )
    assert str(caught.value.problems[20]) == "and 10 more problems"


def test_a_file_a_student(tmp_path: Path) -> None:
    """A stranger's file is a rejected row; only strangers are another class."""
    for student, *cells in (*SHEET[:3], ("eve", "1", "1", "", "")):
        write_sheet(tmp_path / f"{student}.csv", [(student, *cells)])
    answers = read(tmp_path)
    assert len(answers.students) == 3
    assert reasons(answers) == {("eve.csv", 2): "unknown student"}
    for path in tmp_path.glob("*.csv"):
        if path.stem != "eve":
            path.unlink()
    write_sheet(tmp_path / "mallory.csv", [("mallory", "1", "1", "", "")])
    with pytest.raises(ExamgenError, match="of its 2 rows 2 name"):
        read(tmp_path)


def test_each_file_has_its_own_decimal_sign(tmp_path: Path) -> None:
    """The same text is another number in another file; what is mixed is told by file."""
    rows = [("00123456", "0.65", "1.234"), ("s2", "-1.5", "0,25")]
    write_sheet(tmp_path / "a.csv", rows, ("student", "q1.w", "q1.dL_dw"))
    write_sheet(
        tmp_path / "b.csv",
        [("zoë", "2,0", "1.5"), ("s4", "13,0", "1,0")],
        ("student", "q1.w", "q1.dL_dw"),
        delimiter=";",
    )
    answers = read(tmp_path)
    assert [choice.sign for choice in answers.decimals] == ["point", "comma"]
    assert answers.decimal.sign == "point"
    assert answers.decimal.ground == "in 1 of 2 files; the other sign in b.csv"
    found = numbers(answers)
    assert found["00123456"][:2] == [0.65, 1.234]
    assert (found["zoë"][0], found["s4"][:2]) == (2, [13, 1])
    assert "a comma" in unreadable(answers, "s2", 1)
    assert "a point" in unreadable(answers, "zoë", 1)
    notes = list(mixed_decimals(answers, make_class().slots))
    assert [note.partition(" mixes")[0] for note in notes] == ["the file a.csv", "the file b.csv"]
    assert "row 3 q1.dL_dw (0,25)" in notes[0]
    assert "row 2 q1.dL_dw (1.5)" in notes[1]


def test_the_decimal_sign_is_forced_for_all(tmp_path: Path) -> None:
    """As told, for every file."""
    write_sheet(tmp_path / "a.csv", [("s2", "1.5", "", "", "")])
    write_sheet(tmp_path / "b.csv", [("s4", "1,5", "", "", "")])
    answers = read(tmp_path, decimal="comma")
    assert {choice.sign for choice in answers.decimals} == {"comma"}
    assert answers.decimal.ground == "in 2 of 2 files"
    assert numbers(answers)["s4"][0] == 1.5


def test_order_and_grouping_of_files_change_nothing(tmp_path: Path) -> None:
    """One file or one for each student: the same cells and numbers."""
    for row in SHEET:
        write_sheet(tmp_path / f"{row[0]}.csv", [row])
    whole = read(write_sheet(tmp_path / "all.csv.bak"))
    apart = read(*sorted(tmp_path.glob("*.csv"), reverse=True))
    assert by_student(whole) == by_student(apart)
    assert numbers(whole) == numbers(apart)
    np.testing.assert_array_equal(whole.students, apart.students)


def test_what_is_said_of_many_files_is_said_once(tmp_path: Path) -> None:
    """A note names some of the files it is about."""
    for row in SHEET:
        write_sheet(tmp_path / f"{row[0]}.csv", [row[:2]], ("student", "q1.w"))
    notes = [note for note in read(tmp_path).notes if "no column for" in note]
    assert len(notes) == 1
    assert notes[0].startswith("00123456.csv, s2.csv, s4.csv, zoë.csv: no column for q1.dL_dw")


def test_the_details_that_the_grader_wrote_are_no_answers(tmp_path: Path) -> None:
    """A folder may hold the marks of an earlier run."""
    write_sheet(tmp_path / "a.csv")
    header = ("student", "question", "slot", "response", "expected", "verdict")
    write_sheet(tmp_path / "details.csv", [("s2", "q1", "q1.w", "9", "1", "wrong")], header)
    answers = read(tmp_path)
    assert len(answers.students) == 4
    assert [file.reason for file in answers.refused] == [
        "details that the grader wrote, no answers"
    ]
