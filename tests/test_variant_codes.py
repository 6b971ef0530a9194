"""Tests of the code that a row tells: what answers another paper is not graded against this one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from answer_files import EMAILS, by_student, make_class, read, reasons
from synthetic_exam import SHEET, SLOTS, write_sheet

from examgen.manifest import Manifest
from grader.reading.mapping import AnswerMapping, print_mapping, read_mapping
from grader.reading.responses import Answers, guess_mapping

CODES = ("SXQ-DXM", "7K3-QXA", "ABC-234", "ZZZ-999")


def with_codes(codes: Iterable[str] = CODES) -> Manifest:
    """The synthetic class, with these codes on its papers."""
    manifest = make_class()
    return replace(manifest, students=replace(manifest.students, code=tuple(codes)))


def read_told(
    folder: Path, told: Iterable[str], codes: Iterable[str] = CODES, name: str = "code"
) -> Answers:
    """The whole class, each row with what it tells of its paper in a column of that name."""
    rows = [(*row, code) for row, code in zip(SHEET, told, strict=False)]
    path = write_sheet(folder / "a.csv", rows, ("student", *SLOTS, name))
    return read(path, manifest=with_codes(codes))


@pytest.mark.parametrize("name", ["code", "Variant", "VARIANTE"])
def test_the_paper_of_another_student_is_not_graded(tmp_path: Path, name: str) -> None:
    """Nor one of nobody; the others are, and the column is no longer called ignored."""
    answers = read_told(tmp_path, ("SXQ-DXM", "SXQ-DXM", "XYZ-234", "ZZZ-999"), name=name)
    assert list(by_student(answers)) == ["00123456", "s4"]
    assert reasons(answers) == {
        ("", 3): "answers to another variant: SXQ-DXM is the paper of 00123456",
        ("", 4): "answers to another exam or variant: no paper has the code XYZ-234",
    }
    assert answers.notes == ()


def test_case_blanks_and_dashes_of_a_code_do_not_matter(tmp_path: Path) -> None:
    """And a cell that is blank tells nothing."""
    answers = read_told(tmp_path, ("sxqdxm", " 7K3\u2013qx a\u00a0", "  ", "-"))
    assert reasons(answers) == {}
    assert len(answers.students) == 4


def test_a_version_that_several_took_is_named_with_them(tmp_path: Path) -> None:
    """Codes are then those of versions; papers without a code cannot be told apart."""
    answers = read_told(tmp_path, ("AAA", "AAA", "BBB", "BBB"), ("AAA", "AAA", "AAA", ""))
    assert reasons(answers) == {
        ("", 4): "answers to another exam or variant: no paper has the code BBB"
    }
    answers = read_told(tmp_path, ("AAA", "AAA", "BBB", "AAA"), ("AAA", "AAA", "BBB", "BBB"))
    assert reasons(answers) == {
        ("", 5): "answers to another variant: AAA is the paper of 00123456, s2"
    }


def test_a_row_of_another_paper_is_no_second_submission(tmp_path: Path) -> None:
    """The row with the right code counts, though both name one student."""
    rows = [(*SHEET[1], "SXQ-DXM"), (*SHEET[1], "7K3-QXA")]
    path = write_sheet(tmp_path / "a.csv", rows, ("student", *SLOTS, "code"))
    answers = read(path, manifest=with_codes())
    assert list(by_student(answers)) == ["s2"]
    assert list(reasons(answers)) == [("", 2)]


def test_a_strange_row_keeps_its_own_reason_and_a_long_code_is_cut(tmp_path: Path) -> None:
    """What is written into the cell stands in the reason on one line."""
    rows = [("nobody", "1", "", "", "", "SXQ-DXM"), (*SHEET[1], "Q\u202e\n" + 100 * "q")]
    path = write_sheet(tmp_path / "a.csv", [*rows, (*SHEET[0], "")], ("student", *SLOTS, "code"))
    found = reasons(read(path, manifest=with_codes()))
    assert found["", 2] == "unknown student"
    assert found["", 3].endswith("has the code Q " + 37 * "q" + "…")


def test_rows_of_one_answer_tell_their_paper_too(tmp_path: Path) -> None:
    """Row by row, in a file with the columns student, slot, response."""
    rows = [("s2", "q1.w", "-1.5", "7k3qxa"), ("s2", "q2.h", "4", "SXQ-DXM")]
    path = write_sheet(tmp_path / "a.csv", rows, ("student", "slot", "response", "Code"))
    answers = read(path, manifest=with_codes())
    assert by_student(answers) == {"s2": ["-1.5", "", "", ""]}
    assert list(reasons(answers)) == [("", 3)]


def test_an_export_with_a_question_for_the_code(tmp_path: Path) -> None:
    """It is found by its name, written into the mapping, and checked when read by that."""
    rows = [(EMAILS[i], *SHEET[i][1:], CODES[0]) for i in range(2)]
    path = write_sheet(tmp_path / "a.csv", rows, ("Email", *SLOTS, "Variant"))
    mapping = guess_mapping(path, with_codes())
    assert mapping is not None
    assert mapping.code == "Variant"
    saved = tmp_path / "mapping.yaml"
    saved.write_text(print_mapping(mapping), encoding="utf-8")
    assert read_mapping(saved) == mapping
    for each in (None, saved):
        answers = read(path, manifest=with_codes(), mapping=each)
        assert list(by_student(answers)) == ["00123456"]
        assert "SXQ-DXM is the paper of 00123456" in reasons(answers)["", 3]


def test_a_mapping_names_the_column_of_the_code_or_none(tmp_path: Path) -> None:
    """A column that the mapping does not name is not looked at."""
    rows = [(*SHEET[1], "SXQ-DXM")]
    path = write_sheet(tmp_path / "a.csv", rows, ("student", *SLOTS, "code"))
    told = AnswerMapping(student={"column": "student"}, slots={"q1.w": "q1.w"}, code=6)
    assert list(by_student(read(path, manifest=with_codes(), mapping=told))) == []
    silent = told.model_copy(update={"code": None})
    assert list(by_student(read(path, manifest=with_codes(), mapping=silent))) == ["s2"]


def test_a_column_of_students_that_is_called_code_is_no_code(tmp_path: Path) -> None:
    """Where the roster's ids stand under that name they name the students."""
    path = write_sheet(tmp_path / "a.csv", SHEET, ("Code", *SLOTS))
    assert len(read(path, manifest=with_codes()).students) == 4


def test_numbers_of_variants_are_no_codes(tmp_path: Path) -> None:
    """A column `variant` with 1, 2, A: much shorter than what the papers print."""
    answers = read_told(tmp_path, ("1", "2", "A", "B4"), name="variant")
    assert reasons(answers) == {}
    assert len(answers.students) == 4
