"""Rosters: read verbatim, or refused with every reason and its line."""

from __future__ import annotations

import csv
import io
import unicodedata
from pathlib import Path

import pytest
from calls import within
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from examgen.errors import ExamgenError
from examgen.roster import MOST_BYTES, MOST_STUDENTS, Student, read_full_roster, read_roster


@pytest.fixture
def roster(tmp_path: Path):
    """Write a roster and read it."""

    def write_and_read(content: str | bytes) -> tuple[Student, ...]:
        path = tmp_path / "roster.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_roster(path)

    return write_and_read


def problems(roster, content: str | bytes) -> list[str]:
    """What a roster is refused with, file name left out."""
    with pytest.raises(ExamgenError) as refused:
        roster(content)
    assert all(problem.file.endswith("roster.csv") for problem in refused.value.problems)
    return [str(problem).split("roster.csv:")[1].strip() for problem in refused.value.problems]


# --- what is read ---


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_each_dialect_gives_the_same_students(roster, separator, codec, end) -> None:
    """Separator, encoding and line ends do not matter; leading zeros and accents stay."""
    rows = [["Name", "Student", "group"], ["Jörg", " 00123 ", "A"], [], ["Ada", "s-7", "B"]]
    text = end.join(separator.join(row) for row in rows)
    assert roster(text.encode(codec)) == (
        Student("00123", name="Jörg", group="A"),
        Student("s-7", name="Ada", group="B"),
    )


def test_ids_alone_are_enough(roster) -> None:
    """A file of one column is a roster."""
    assert roster("student\n001\n002") == (Student("001"), Student("002"))


def test_seats_and_large_print_may_be_told(roster) -> None:
    """A seat as it stands there; yes or no, in English or German, nothing for no."""
    found = roster("student,seat,large\n1,B 12,yes\n2,007,No\n3,,\n4,x,JA\n5\n")
    assert [student.seat for student in found] == ["B 12", "007", "", "x", ""]
    assert [student.large for student in found] == [True, False, False, True, False]


@pytest.mark.parametrize("cell", ["maybe", "1", "large"])
def test_large_print_is_yes_or_no(roster, cell: str) -> None:
    """Nobody gets small print for a word that was not understood."""
    (problem,) = problems(roster, f"student,large\n1,yes\n2,{cell}\n")
    assert problem == f"3: large: '{cell}' is neither yes nor no"


def test_text_in_quotes_may_hold_the_separator(roster) -> None:
    """Quoted names hold commas, doubled quotes, and the other separators of their header line."""
    text = 'student,name\n1,"Lovelace, ""Ada"""\n2,x;y;z\n'
    assert [student.name for student in roster(text)] == ['Lovelace, "Ada"', "x;y;z"]


def test_rows_may_end_early(roster) -> None:
    """Cells missing at the end of a row are empty, and empty ones beyond the header do no harm."""
    assert roster("student,name,group\n1\n2,Bob\n3,C,D,,\n")[1] == Student("2", name="Bob")


def test_ids_are_put_in_composed_form(roster) -> None:
    """A decomposed accent becomes one letter; nothing else of an id changes."""
    assert roster("student\ne\u0301-０1\n") == (Student("é-０1"),)


def test_ignored_columns_are_named(tmp_path: Path) -> None:
    """Columns that are not used are listed as written."""
    (tmp_path / "r.csv").write_text("Student,Programme,,name,Year\n1,MSc,,Ada,2\n")
    assert read_full_roster(tmp_path / "r.csv").ignored_columns == ("Programme", "Year")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("student,name,email,group,seat,large", ""),
        ("student,NAME,Seat", ""),
        ("student,Large Print,sead", "columns not used: 'Large Print' (did you mean 'large'?), "
         "'sead' (did you mean 'seat'?)"),
        ("student,large,Large Print", "columns not used: 'Large Print'"),
        ("student," + ",".join("abcdfghijklm"), "columns not used: 'a', 'b', 'c', 'd', 'f', 'g', "
         "'h', 'i', 'j', 'k', and 2 more"),
    ],
)  # fmt: skip
def test_a_column_that_was_meant_is_named(tmp_path: Path, header: str, expected: str) -> None:
    """Among those that the roster does not have already."""
    (tmp_path / "r.csv").write_text(f"{header}\n1\n", encoding="utf-8")
    assert read_full_roster(tmp_path / "r.csv").unused == expected


IDS = st.text(st.sampled_from("abcXYZ0189éß学._/\\ "), min_size=1, max_size=12).map(str.strip)
NAMES = st.text(st.sampled_from("abc\",;\t'Ö -.") | st.characters(categories=["L"]), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_what_is_written_is_read(roster, data) -> None:
    """Any roster of acceptable cells that a CSV writer writes is read back as it was."""
    ids = data.draw(
        st.lists(
            IDS.filter(lambda text: any(map(str.isalnum, text)) and not text.endswith(".0")),
            min_size=1,
            unique_by=lambda text: unicodedata.normalize("NFKC", text).casefold(),
        )
    )
    students = []
    for student in ids:
        name = unicodedata.normalize("NFC", data.draw(NAMES).replace("\t", "")).strip()
        students.append(Student(student, name=name.lstrip("-") and name.lstrip("- ")))
    handle = io.StringIO()
    writer = csv.writer(handle, delimiter=data.draw(st.sampled_from(",;\t")))
    writer.writerow(["student", "name"])
    writer.writerows([student.student, student.name] for student in students)
    assert roster(handle.getvalue()) == tuple(students)


# --- what is refused ---


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("=1+1", "begins with '='"),
        ("＝1", "begins with '＝'"),
        ("+49", "begins with '+'"),
        ("-12", "begins with '-'"),
        ("@sum", "begins with '@'"),
        ("1.23457E+11", "shortened"),
        ('"1,23457E+11"', "shortened"),
        ("1234567.0", "taken for a decimal"),
        ("#N/A", "no id"),
        ("#####", "no id"),
        ("..", "no id"),
        ("a\u200bb", "invisible character (U+200B)"),
        ("a\0b", "control character (U+0000)"),
        ("a\x07b", "control character (U+0007)"),
        ('"a\nb"', "control character (U+000A)"),
        ("a" * 101, "more than 100"),
        ('""', "no id in this row"),
    ],
)
def test_impossible_ids_are_refused(roster, cell: str, reason: str) -> None:
    """An id that is damaged, dangerous or none is refused with its line, never changed."""
    (first, *_) = problems(roster, f"student,name\n1,A\n{cell},B\n")
    assert first.startswith("3: student: ")
    assert reason in first


@pytest.mark.parametrize(
    "fine", ["1E5", "a+b", "a-b", "a=b", "anna.m@x.de", "12.0", "a b", "x" * 100]
)
def test_unusual_ids_are_kept(roster, fine: str) -> None:
    """Signs inside an id do no harm."""
    assert roster(f"student\n{fine}\n") == (Student(fine),)


@pytest.mark.parametrize(
    ("first", "again"),
    [("AB1", "ab1"), ("é", "E\u0301"), ("ﬁx", "fix"), ("１", "1"), ("Strauß", "STRAUSS")],
)
def test_ids_that_look_alike_are_refused(roster, first: str, again: str) -> None:
    """Two ids that a disk could take for each other are refused, with both lines."""
    (problem,) = problems(roster, f"student\n{first}\nx\n{again}\n")
    assert problem.startswith("4: student: ")
    assert "(line 2) differ only in case or Unicode form" in problem


def test_an_id_is_listed_once(roster) -> None:
    """A second row for the same student is refused with the line of the first."""
    assert problems(roster, "student\n1\n2\n 1\n") == ["4: student: '1' is on line 2 already"]


def test_ids_that_share_a_file_name_are_refused(roster, monkeypatch) -> None:
    """Should two hashes ever be equal, the exam is not built with one file for two students."""
    monkeypatch.setattr("examgen.roster.file_name", lambda student: "same")
    (problem,) = problems(roster, "student\na/b\nc/d\n")
    assert problem.startswith("3: student: 'c/d' and 'a/b' (line 2)")


def test_rows_without_id_are_each_refused(roster) -> None:
    """Blank ids are missing, not equal; a lone dash is a usual way to leave another cell empty."""
    found = problems(roster, "student,name\n1,-\n,B\n,C\n")
    assert found == [f"{line}: student: there is no id in this row" for line in (3, 4)]


def test_all_problems_come_at_once(roster) -> None:
    """Every row's problems are reported together, in the order of the lines."""
    found = problems(roster, 'student,name\n=1,A\n,B\n3,"=cmd()"\n4,C,D\n5,E\n5,F\n')
    assert [line.split(":")[0] for line in found] == ["2", "3", "4", "5", "7"]
    assert "3 cells under 2 column names" in found[3]


def test_lines_count_through_quoted_line_ends(roster) -> None:
    """A row's number is that of the line it begins on, also after a name of two lines."""
    found = problems(roster, 'student,name\n1,"A\nB"\n1,C\n')
    assert [line[:2] for line in found] == ["2:", "4:"]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("Student ID,Name", "found 'Student ID', 'Name' (is it 'Student ID'?)"),
        ("matrikel;name", "found 'matrikel', 'name'; rename"),
        ("", "the file is empty"),
        ("student,Student", "the column 'student' is there twice"),
        ("student,name,NAME", "the column 'name' is there twice"),
    ],
)
def test_the_column_student_is_needed_once(roster, header: str, message: str) -> None:
    """Without a column of ids the error lists what was found."""
    (problem,) = problems(roster, f"{header}\n1,2\n" if header else "\n")
    assert message in problem


def test_a_roster_without_students_is_refused(roster) -> None:
    """Column names alone are not a roster."""
    assert problems(roster, "student,name\n,\n") == [
        "1: there are no students under the column names"
    ]


@pytest.mark.parametrize("text", ['student\n"1\n2\n', 'student,name\n1,"A"B\n'])
def test_broken_quotes_are_refused(roster, text: str) -> None:
    """A quote that would swallow the students after it is refused where it opens."""
    (problem,) = problems(roster, text)
    assert problem.startswith("2: a quote")


def test_a_huge_roster_is_refused(roster) -> None:
    """Too many bytes, rows or characters in a cell are refused; a flood of problems is cut."""
    assert "larger than 10 MiB" in problems(roster, b"x" * (MOST_BYTES + 1))[0]
    many = "student\n" + "\n".join(map(str, range(MOST_STUDENTS + 1)))
    assert f"more than {MOST_STUDENTS} students" in problems(roster, many)[0]
    assert "longer than 10000" in problems(roster, f"student,name\n1,{'x' * 10_001}")[0]
    assert problems(roster, "student\n" + "1\n" * 1000)[100:] == ["and 899 more problems"]


def test_the_work_for_a_roster_is_linear_in_its_rows(roster) -> None:
    """A whole university is read in a few seconds."""

    def work(rows: int) -> int:
        text = "student,name\n" + "".join(f"s{i:06},Ada\n" for i in range(rows))
        return within(rows * 400, lambda: roster(text))

    assert work(20_000) < 11 * work(2_000)
