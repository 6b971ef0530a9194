"""Tests of reading what learning systems and forms export: as they say themselves, or as mapped."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from answer_files import (
    DATA,
    EMAILS,
    NAMES,
    by_student,
    make_class,
    numbers,
    read,
    reasons,
    unreadable,
    write_workbook,
)
from synthetic_exam import SLOTS, write_sheet

from examgen.errors import ExamgenError
from grader.reading.mapping import AnswerMapping, print_mapping, read_mapping
from grader.reading.responses import guess_mapping

RIGHT = ["0.65", "0.125", "dL_dh*w", "3"]


def test_canvas_student_analysis_is_read_as_it_is() -> None:
    """Questions with line breaks and quotes, points beside them, and a second attempt."""
    answers = read(DATA / "canvas.csv", duplicates="last")
    assert by_student(answers) == {
        "00123456": RIGHT,
        "s2": ["-1.5", "0.25", "", "4"],
        "zoë": ["2", "-0.5", "a, b", ""],
    }
    assert reasons(answers) == {
        ("", 4): "another submission of this student counts (last: row 5)",
        ("", 6): "no student id",
    }
    assert answers.notes[0].startswith(
        "read as Canvas Student Analysis: students by 'sis_id' (student id), q1.w from '101: Upd"
    )


def test_moodle_packed_responses_in_another_language() -> None:
    """Parts, a decimal comma, no response, a row of averages: and a forged part is unreadable."""
    answers = read(DATA / "moodle-cloze-de.csv")
    assert numbers(answers)["00123456"] == [0.65, 0.125, None, 3]
    assert by_student(answers)["zoë"] == [""] * 4
    assert numbers(answers)["s2"] == [None, None, None, 4]
    for slot in range(3):
        assert "1, 2, 2, 3: a response that imitates a part" in unreadable(answers, "s2", slot)
    assert reasons(answers) == {("", 5): "no student: the row of averages of an export"}
    assert "students by 'E-Mail-Adresse' (e-mail address)" in answers.notes[0]
    assert answers.decimal.sign == "comma"


def test_moodle_with_a_question_a_slot() -> None:
    """Numbered responses stand for the slots in paper order."""
    answers = read(DATA / "moodle-each.csv")
    assert by_student(answers) == {"00123456": RIGHT, "s2": ["-1.5", "0.25", "", "4"]}
    assert list(reasons(answers)) == [("", 4)]


def test_google_forms_by_address_and_time() -> None:
    """Score and feedback columns are no answers; the later of two submissions stands higher up."""
    last = read(DATA / "google-forms.csv", duplicates="last")
    assert by_student(last)["s2"] == ["9", "9", "", "9"]
    first = read(DATA / "google-forms.csv", duplicates="first")
    assert by_student(first) == {"00123456": RIGHT, "s2": ["-1.5", "0.25", "", "4"]}
    assert reasons(first)["", 5] == "unknown e-mail address"


def test_microsoft_forms_from_a_workbook(tmp_path: Path) -> None:
    """Dates in the time column order submissions; points and feedback columns are no answers."""
    header = ["ID", "Start time", "Completion time", "Email", "Name", *(f"Q [{s}]" for s in SLOTS)]
    header += [f"Points - Q [{slot}]" for slot in SLOTS]

    def row(number: int, hour: int, email: str, *cells: object) -> list[object]:
        start, end = datetime(2026, 1, 2, hour), datetime(2026, 1, 2, hour, 30)
        return [number, start, end, email, "", *cells, 1, 1, 1, 1]

    rows = [
        header,
        row(1, 12, EMAILS[0], 0.65, 0.125, "dL_dh*w", 3),
        row(2, 10, EMAILS[0].upper(), 9, 9, "", 9),
        row(3, 10, "anonymous", 9, 9, "", 9),
    ]
    answers = read(write_workbook(tmp_path / "a.xlsx", rows), duplicates="last")
    assert by_student(answers) == {"00123456": RIGHT}
    assert reasons(answers) == {
        ("", 3): "another submission of this student counts (last: row 2)",
        ("", 4): "unknown e-mail address",
    }
    assert answers.notes[0].startswith("read as Microsoft Forms: students by 'Email'")


def test_students_may_be_known_by_name_in_two_columns(tmp_path: Path) -> None:
    """Where there is neither id nor address; two of one name are ambiguous and not joined."""
    manifest = make_class(("Ada Lovelace", "Bob Ross", "Zoë Mey", "Bob Ross"), ("",) * 4)
    rows = [("Lovelace", "Ada", *RIGHT), ("ross", "bob", *RIGHT), ("Mey", "Zoë", *RIGHT)]
    header = ("Surname", "First name", *SLOTS)
    answers = read(write_sheet(tmp_path / "a.csv", rows, header), manifest=manifest)
    assert list(by_student(answers)) == ["00123456", "zoë"]
    assert reasons(answers) == {("", 3): "ambiguous: this name is that of s2, s4"}


def test_two_students_with_one_address_are_ambiguous(tmp_path: Path) -> None:
    """Neither of them gets the marks of the other."""
    manifest = make_class(emails=("x@example.org", "X@example.org", *EMAILS[2:]))
    rows = [("x@example.org", *RIGHT), (EMAILS[2], *RIGHT), (EMAILS[3], *RIGHT)]
    path = write_sheet(tmp_path / "a.csv", rows, ("Email", *SLOTS))
    answers = read(path, manifest=manifest)
    assert list(by_student(answers)) == ["zoë", "s4"]
    assert reasons(answers)["", 2] == "ambiguous: this e-mail address is that of 00123456, s2"


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.glob("*.csv")))
def test_a_guess_is_a_mapping_to_edit(tmp_path: Path, name: str) -> None:
    """What was guessed, written down and read again, reads the file the same."""
    mapping = guess_mapping(DATA / name, make_class())
    assert mapping is not None
    path = tmp_path / "mapping.yaml"
    path.write_text(print_mapping(mapping), encoding="utf-8")
    assert read_mapping(path) == mapping
    by_hand = read(DATA / name, mapping=path)
    assert by_student(by_hand) == by_student(read(DATA / name))
    assert reasons(by_hand) == reasons(read(DATA / name))


def write_mapped(folder: Path, text: str) -> AnswerMapping:
    """A mapping from its YAML text."""
    path = folder / "map.yaml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(path)


def test_columns_go_by_number_where_names_repeat(tmp_path: Path) -> None:
    """Names that stand there twice need a number, and the message says which there are."""
    header = ("who", "answer", "answer")
    path = write_sheet(tmp_path / "a.csv", [("Ada Lovelace", "0.65", "0.125")], header)
    text = "student: {column: who, holds: name}\nslots:\n  q1.w: answer\n  q1.dL_dw: 3\n"
    with pytest.raises(ExamgenError, match=r"'answer' is the name of 2 columns.*\(2, 3\)"):
        read(path, mapping=write_mapped(tmp_path, text))
    text = text.replace("q1.w: answer", "q1.w: 2")
    answers = read(path, mapping=write_mapped(tmp_path, text))
    assert by_student(answers) == {"00123456": ["0.65", "0.125", "", ""]}


def test_canvas_blanks_are_cut_at_commas(tmp_path: Path) -> None:
    """A comma inside an answer is escaped; another number of answers cannot be read."""
    rows = [("s2", r"-1\,5,0\,25"), ("s4", "1,2,3"), ("zoë", "")]
    path = write_sheet(tmp_path / "a.csv", rows, ("sis", "blanks"))
    text = (
        "student: {column: sis, holds: id}\nslots:\n"
        "  q1.w: {column: blanks, part: 1, packing: commas}\n"
        "  q1.dL_dw: {column: blanks, part: 2, packing: commas}\n"
    )
    answers = read(path, mapping=write_mapped(tmp_path, text))
    assert numbers(answers)["s2"] == [-1.5, 0.25, None, None]
    assert "3 answers between commas, where 2 were asked" in unreadable(answers, "s4", 0)
    assert by_student(answers)["zoë"] == [""] * 4


def test_cells_that_cannot_be_cut_have_no_say_in_the_decimal_sign(tmp_path: Path) -> None:
    """Commas between answers are no decimal commas."""
    rows = [("s2", "1,5", "0.5"), ("s4", "1,5", ""), ("zoë", "1,5", "")]
    path = write_sheet(tmp_path / "a.csv", rows, ("sis", "blanks", "q2.h"))
    text = "student: {column: sis}\nslots:\n  q2.h: q2.h\n" + "".join(
        f"  {slot}: {{column: blanks, part: {part}, packing: commas}}\n"
        for part, slot in enumerate(SLOTS[:3], start=1)
    )
    answers = read(path, mapping=write_mapped(tmp_path, text))
    assert answers.decimal.sign == "point"
    assert numbers(answers)["s2"] == [None, None, None, 0.5]


def test_a_long_file_can_be_mapped(tmp_path: Path) -> None:
    """A row an answer, under any names."""
    rows = [("s2", "q1.w", "-1.5"), ("s2", "q2.h", "none")]
    path = write_sheet(tmp_path / "a.csv", rows, ("Who", "Item", "Text"))
    text = "student: {column: Who}\nlong: {slot: Item, response: Text}\nblank: none\n"
    answers = read(path, mapping=write_mapped(tmp_path, text))
    assert by_student(answers)["s2"] == ["-1.5", "", "", ""]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("student: {column: who}\n", "either slots or long"),
        ("student: {column: who, holds: shoe}\nslots: {a: b}\n", r"map\.yaml:1: student.holds"),
        ("student: {column: who}\nslot: {a: b}\n", "'slot' is no field here"),
        ("student: {column: 0}\nslots: {a: b}\n", "greater than or equal to 1"),
        ("student: {column: true}\nslots: {a: b}\n", "student.column"),
        ("slots: {a: b}\n", "'student' is missing"),
        ("", "empty"),
    ],
)
def test_a_wrong_mapping_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    """Unknown fields, wrong values, missing parts."""
    with pytest.raises(ExamgenError, match=message):
        write_mapped(tmp_path, text)


def test_a_mapping_that_does_not_fit_says_what_is_missing(tmp_path: Path) -> None:
    """All columns and slots that are not there, with what may be meant."""
    path = write_sheet(tmp_path / "a.csv", [("s2", "1")], ("student", "q1.w"))
    text = "student: {column: studnt}\nslots:\n  q1.w: q1.w\n  q1.ww: q1.w\n"
    with pytest.raises(ExamgenError) as caught:
        read(path, mapping=write_mapped(tmp_path, text))
    messages = [problem.message for problem in caught.value.problems]
    assert messages == [
        "there is no column 'studnt' (did you mean 'student'?)",
        "'q1.ww' is no answer slot of this exam (did you mean 'q1.w'?)",
    ]


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (
            ("Name", "Response 1", "Response 2", "Response 3"),
            "its columns are 'Name', 'Response 1'",
        ),
        (("Name", "Question", "Answer"), "its columns are 'Name', 'Question', 'Answer'"),
        (("Nick", *SLOTS), "needs one column 'student' and has 0"),
        (("Name", "Response 1", "Response 2", "Question 1", "Question 2"), "its columns are"),
    ],
)
def test_what_is_not_plain_is_asked_with_a_skeleton(
    tmp_path: Path, header: tuple[str, ...], found: str
) -> None:
    """The message says what was found and shows a mapping to complete."""
    path = write_sheet(tmp_path / "a.csv", [tuple("?" * len(header))], header)
    with pytest.raises(ExamgenError) as caught:
        read(path)
    message = str(caught.value)
    assert found in message
    assert "--map FILE" in message
    assert "  'q1.dL_dw': COLUMN" in message
    assert f"#   2: {header[1]}" in message


def test_columns_that_tie_are_not_guessed(tmp_path: Path) -> None:
    """Two columns that name different students of the roster: no guess."""
    rows = [("s2", "s4", *RIGHT), ("zoë", "s2", *RIGHT)]
    path = write_sheet(tmp_path / "a.csv", rows, ("author", "reviewer", *SLOTS))
    with pytest.raises(ExamgenError, match="is not plain"):
        guess_mapping(path, make_class())


def test_of_columns_that_tie_the_one_that_is_called_so_is_taken(tmp_path: Path) -> None:
    """A column `username` holds the students, whoever else stands in the file."""
    rows = [("s2", "s4", *RIGHT), ("zoë", "s2", *RIGHT)]
    path = write_sheet(tmp_path / "a.csv", rows, ("reviewer", "Username", *SLOTS))
    assert list(by_student(read(path))) == ["s2", "s4"]


def test_two_questions_about_one_slot_are_not_plain(tmp_path: Path) -> None:
    """Neither is part of the other, so which one holds the answer is for the user to say."""
    header = ("Email", "First try of q1.w", "Second try of q1.w")
    path = write_sheet(tmp_path / "a.csv", [(EMAILS[0], "1", "2")], header)
    with pytest.raises(ExamgenError, match="is not plain"):
        guess_mapping(path, make_class())


def test_an_export_without_rows_is_an_empty_class(tmp_path: Path) -> None:
    """Students are then found by the name of their column."""
    path = write_sheet(tmp_path / "a.csv", [], ("Email address", *SLOTS))
    assert len(read(path).students) == 0


def test_names_survive_the_mapping_file(tmp_path: Path) -> None:
    """Quotes, colons, hashes and backslashes in the name of a column."""
    name = 'Q\'s: {[# \\n "x" & *y'
    header = (name, *SLOTS)
    path = write_sheet(tmp_path / "a.csv", [(who, *RIGHT) for who in NAMES], header)
    mapping = guess_mapping(path, make_class())
    assert mapping is not None
    assert mapping.student.column == name
    assert write_mapped(tmp_path, print_mapping(mapping)) == mapping
