"""Tests of reading answer files: every row is graded or rejected, and nothing is guessed."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from synthetic_exam import SHEET, SLOTS, STUDENTS, make_manifest, write_sheet

from examgen.errors import ExamgenError
from grader.reading.responses import Answers, mixed_decimals, read_answers
from grader.reading.tabular import MAX_CELL, Rejected

HEADER = "student," + ",".join(SLOTS)


def read(path: Path, **options: str) -> Answers:
    """The answers of a file to the synthetic exam."""
    return read_answers(path, make_manifest(), **options)  # type: ignore[arg-type]


def read_text(tmp_path: Path, text: str | bytes, **options: str) -> Answers:
    """The answers in a file with this content."""
    path = tmp_path / "answers.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(path, **options)


def texts(answers: Answers) -> list[list[str]]:
    """The cells as they were written, a list for each graded student."""
    distinct = answers.cells.texts.to_pylist()
    return [[distinct[code] for code in row] for row in answers.cells.codes]


def reasons(answers: Answers) -> dict[int, str]:
    """Why which row of the file was rejected."""
    return {rejected.row: rejected.reason for rejected in answers.rejected}


def test_a_sheet_is_read_into_roster_order(tmp_path: Path) -> None:
    """Rows in any order come out as on the roster, with cells verbatim and numbers read."""
    answers = read(write_sheet(tmp_path / "a.csv", reversed(SHEET)))
    assert answers.students.tolist() == [0, 1, 2, 3]
    assert answers.rows.tolist() == [5, 4, 3, 2]
    assert texts(answers) == [list(row[1:]) for row in SHEET]
    values = answers.readings.values[answers.cells.codes]
    np.testing.assert_array_equal(values[:, 0], [0.65, -1.5, 2, 13])
    assert (answers.rows_in, answers.rejected, answers.notes) == (4, (), ())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_common_dialect_reads_the_same(
    tmp_path: Path, delimiter: str, encoding: str, newline: str
) -> None:
    """Delimiter, byte order mark, encoding and line ends change nothing."""
    path = write_sheet(tmp_path / "a.csv", delimiter=delimiter)
    lines = path.read_text(encoding="utf-8").splitlines()
    answers = read_text(tmp_path, (newline.join(lines) + newline).encode(encoding))
    assert texts(answers) == [list(row[1:]) for row in SHEET]
    assert answers.rejected == ()


def test_another_encoding_is_asked_for_and_taken(tmp_path: Path) -> None:
    """What is not UTF-8 is refused with a hint, and read when its encoding is named."""
    content = f"{HEADER}\nzoë,2,,,\n".encode("cp1252")
    with pytest.raises(ExamgenError, match="--encoding cp1252"):
        read_text(tmp_path, content)
    assert read_text(tmp_path, content, encoding="cp1252").students.tolist() == [2]
    with pytest.raises(ExamgenError, match="unknown encoding 'klingon'"):
        read_text(tmp_path, content, encoding="klingon")


def test_ids_are_compared_in_one_unicode_form(tmp_path: Path) -> None:
    """The same name typed on another keyboard, with blanks around, is the same student."""
    decomposed = unicodedata.normalize("NFD", "zoë")
    assert decomposed != "zoë"
    answers = read_text(tmp_path, f"{HEADER}\n {decomposed}\u00a0,2,,,\n")
    assert answers.students.tolist() == [2]


def test_columns_are_found_by_name(tmp_path: Path) -> None:
    """Reordered, extra and missing columns are notes; a missing column is blank."""
    header = ("name", "q1.dL_dw", "student", "q1.w", "q2.hh")
    answers = read(write_sheet(tmp_path / "a.csv", [("A", "0.1", "s2", "0.2", "9")], header))
    assert texts(answers) == [["0.2", "0.1", "", ""]]
    notes = "\n".join(answers.notes)
    assert "no column for q1.form, q2.h: counted as blank" in notes
    assert "'name', 'q2.hh' (did you mean 'q2.h'?)" in notes
    assert "another order" in notes


def test_who_did_not_submit_is_named(tmp_path: Path) -> None:
    """Students without a row are a note, not an error."""
    answers = read(write_sheet(tmp_path / "a.csv", SHEET[:2]))
    assert any("empty, for 2: zoë, s4" in note for note in answers.notes)


def test_near_misses_are_suspects_and_never_joined(tmp_path: Path) -> None:
    """An id that lost its zeros or changed its case is rejected beside the id it resembles."""
    rows = [("123456", "1", "1", "", ""), ("S2", "1", "", "", ""), ("123456.0", "1", "", "", "")]
    answers = read(write_sheet(tmp_path / "a.csv", [*rows, SHEET[3]]))
    assert answers.students.tolist() == [3]
    assert "suspect: '123456' resembles '00123456'" in reasons(answers)[2]
    assert "'S2' resembles 's2'" in reasons(answers)[3]
    assert "resembles '00123456'" in reasons(answers)[4]


def test_of_several_submissions_none_is_graded(tmp_path: Path) -> None:
    """Duplicates, equal or not, are all listed with each other's rows."""
    rows = [SHEET[0], SHEET[1], SHEET[0], ("s2", "9", "9", "", "")]
    answers = read(write_sheet(tmp_path / "a.csv", [*rows, SHEET[3]]))
    assert answers.students.tolist() == [3]
    assert reasons(answers)[2] == reasons(answers)[4]
    assert "2 submissions of this student, rows 2, 4" in reasons(answers)[2]
    assert "rows 3, 5" in reasons(answers)[5]


def test_each_bad_row_is_listed_and_the_others_are_graded(tmp_path: Path) -> None:
    """Strangers, repeated headers, ragged, blank, NUL and huge rows cost nobody else's marks."""
    lines = [
        HEADER,
        "s2,1,2,3,4",
        "nobody,1,2,3,4",
        HEADER,
        "s2x,1,2",
        "s4,1,2,3,4,5",
        "",
        ",1,2,3,4",
        "s4,1,\0,3,4",
        f"s4,1,2,{'x' * (MAX_CELL + 1)},4",
        f"s4,1,2,{'x,' * 600_000},4",
        's4,1,"2,3,4',
        's4,1,2"2,3,4',
        's4,"1"x,2,3,4',
        "zoë,1,2,3,4",
    ]
    answers = read_text(tmp_path, "\n".join(lines))
    assert answers.students.tolist() == [1, 2]
    expected = {
        3: "unknown student",
        4: "the header again",
        5: "cells: 3, where the header has 5",
        6: "cells: 6, where the header has 5",
        8: "no student id",
        9: "it holds NUL bytes",
        10: "a cell of 100,001 characters",
        11: "a row of 1,200,009 bytes",
        12: "a quote is opened and never closed",
        13: "a quote is opened and never closed",
        14: "quotes inside a cell are not doubled",
    }
    assert reasons(answers) == expected
    assert [rejected.row for rejected in answers.rejected] == sorted(expected)
    assert answers.rows_in == 13
    raws = {rejected.row: rejected.raw for rejected in answers.rejected}
    assert raws[5] == "s2x,1,2"
    assert max(map(len, raws.values())) < 1_100


def test_quoted_cells_may_hold_anything(tmp_path: Path) -> None:
    """Delimiters, doubled quotes and line ends inside quotes belong to the cell."""
    text = f'{HEADER}\n"s2","1","2","a ""b"", c\nd","4"\ns4,1,2,3,4\nnobody,1,2,3,4\n'
    answers = read_text(tmp_path, text)
    assert texts(answers) == [["1", "2", 'a "b", c\nd', "4"], ["1", "2", "3", "4"]]
    assert answers.rows.tolist() == [2, 3]
    assert reasons(answers) == {4: "unknown student"}


def test_a_quote_that_is_never_closed_costs_its_own_row_only(tmp_path: Path) -> None:
    """Two stray quotes do not swallow the rows between them."""
    text = f'{HEADER}\n00123456,"1,2,3,4\ns2,1,2,3,4\ns4,"1,2,3,4\nzoë,1,2,3,4\n'
    answers = read_text(tmp_path, text)
    assert answers.students.tolist() == [1, 2]
    assert set(reasons(answers)) == {2, 4}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "is empty"),
        (b"\n\n\r\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"name,q1.w\nA,1\n", "needs one column 'student' and has 0"),
        (b"student,student,q1.w\n", "needs one column 'student' and has 2"),
        (b"student,q1.w,q1.w\ns2,1,2\n", "more than one column for q1.w"),
        (b"student,name\ns2,A\n", "another exam: 0 of the 4"),
        (b"student,x1,x2\ns2,1,1\n", "another exam: 0 of the 4"),
        (b"student,q1.w\nt1,1\nt2,1\n", "another exam: of its 2 rows 2 name"),
        (b'student,"q1.w\ns2,1\n', "in the header a quote"),
        (b"\x7fELF\x02\x01\x01\x00\x00\x00", "--encoding"),
        (b"PK\x03\x04\x14\x00\xb5\xff", "not a workbook that can be read"),
        ("student,q1.w\n".encode("utf-16-le"), "--encoding"),
        (b"\xff\xfes\x00t", "not utf-16 text .*truncated"),
        (b"student,q1.w\ns2,\xb5\n", r"csv:2: not UTF-8 text \(byte 0xb5\): name its encoding"),
    ],
)
def test_what_is_no_answer_file_is_refused(tmp_path: Path, text: bytes, message: str) -> None:
    """Each kind of wrong file gets its own clear sentence."""
    with pytest.raises(ExamgenError, match=message):
        read_text(tmp_path, text)


def test_what_cannot_be_opened_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder, a missing file and a file beyond the limit are told in words."""
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(ExamgenError, match="cannot be read"):
            read(path)
    monkeypatch.setattr("grader.reading.encodings.MAX_BYTES", 10)
    with pytest.raises(ExamgenError, match="larger than 10 bytes"):
        read(write_sheet(tmp_path / "a.csv"))


def test_only_a_header_is_an_empty_class(tmp_path: Path) -> None:
    """No rows is no error: nobody is graded."""
    answers = read_text(tmp_path, HEADER)
    assert (answers.rows_in, len(answers.students), answers.rejected) == (0, 0, ())


def sheet_of(cells: list[str]) -> list[tuple[str, ...]]:
    """A row for each student with the cell as the answer to the first slot."""
    return [(s, cell, "", "", "") for s, cell in zip(STUDENTS, cells, strict=False)]


@pytest.mark.parametrize(
    ("cells", "delimiter", "sign"),
    [
        (["1.5", "2", "3.25"], ",", "point"),
        (["1,5", "2", "3,25"], ",", "comma"),
        (["0,159", "−1,5", "3"], ",", "comma"),
        (["1,5", "2.5", "3.5"], ",", "point"),
        (["1,5", "2,5", "3.5"], ",", "comma"),
        (["1", "2", ""], ",", "point"),
        (["1", "2", ""], ";", "comma"),
        (["1,234", "5", "6"], ",", "point"),
        (["1,234", "1,5", "6"], ",", "comma"),
        (["1.234", "1,5", "6"], ",", "comma"),
        (["02.01.2026", "1,5", "6"], ",", "comma"),
    ],
)
def test_the_decimal_sign_is_decided_once_a_file(
    tmp_path: Path, cells: list[str], delimiter: str, sign: str
) -> None:
    """All cells vote; a possible thousands mark does not; the separator decides a tie."""
    path = write_sheet(tmp_path / "a.csv", sheet_of(cells), delimiter=delimiter)
    assert read(path).decimal.sign == sign


def test_the_decimal_sign_can_be_forced(tmp_path: Path) -> None:
    """What the instructor says stands, whatever the cells say."""
    answers = read(write_sheet(tmp_path / "a.csv", sheet_of(["1,5", "2,5"])), decimal="point")
    assert answers.decimal.sign == "point"
    assert len(answers.readings.reasons) == 2


def test_a_file_that_mixes_both_is_told_so_with_the_cells(tmp_path: Path) -> None:
    """The cells in the other notation are unreadable, and named by row and slot."""
    answers = read(write_sheet(tmp_path / "a.csv", sheet_of(["1.5", "2,5", "3.5"])))
    assert list(mixed_decimals(answers, make_manifest().slots)) == [
        "the file mixes decimal commas and points: it is read with a decimal point, so these are "
        "unreadable: row 3 q1.w (2,5)"
    ]
    assert list(answers.readings.reasons.values()) == [
        "a comma, where this file has decimal points (at character 2)"
    ]


def test_formulas_have_no_say_in_the_decimal_sign(tmp_path: Path) -> None:
    """A comma in a formula is no decimal comma, and a formula is not read as a number."""
    rows = [("s2", "1.5", "", "1,5", ""), ("s4", "", "", "2,5", "")]
    answers = read(write_sheet(tmp_path / "a.csv", rows))
    assert answers.decimal.sign == "point"
    assert answers.readings.reasons == {}


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300
)
@given(st.lists(st.sampled_from(["s2", "s4", ",", ",1", '"', '""', "\n", "\r\n", "\0", "é", " "])))
def test_no_row_is_ever_lost(tmp_path: Path, parts: list[str]) -> None:
    """Whatever follows the header, rows in = graded + rejected, and each line is accounted for."""
    body = "".join(parts)
    answers = read_text(tmp_path, f"{HEADER}\ns2,1,1,1,1\n00123456,1,1,1,1\nzoë,1,,,\n{body}")
    assert answers.rows_in == len(answers.students) + len(answers.rejected)
    lines = [line for line in body.replace("\r\n", "\n").split("\n") if line]
    assert 3 <= answers.rows_in <= 3 + len(lines)
    assert all(isinstance(rejected, Rejected) and rejected.reason for rejected in answers.rejected)
