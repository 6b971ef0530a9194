"""Tests of filling marks into exports: one column changes, and the importers take what is written.

The importers here are small ones of our own, after the rules read in those of Canvas and Moodle.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from examgen.errors import ExamgenError
from grader.lms.choose import choose_column, out_of, two_decimals
from grader.lms.export import Export, MarkColumn, read_mark
from grader.lms.fill import as_markup, fill_in
from grader.lms.filled import Filled
from grader.lms.grades import Grades, Score
from grader.lms.gradescope import results_of, write_results
from grader.lms.reading import read_sheet
from grader.lms.sheets import DelimitedSheet, _rows
from grader.lms.systems import SYSTEMS, Lms, read_export
from grader.lms.workbook import _timeless

DATA = Path(__file__).parent / "data" / "lms"
TITLE = "Backpropagation"
NAN = float("nan")
GRADES = Grades(
    title=TITLE,
    student=("00123456", "20412", "zoë7", "s4", "s5"),
    name=("Ada Lovelace", "Blaise Pascal", "Zoë Ångström", "Dara O'Brien", "Eve Moneypenny"),
    email=("ada@example.edu", "blaise@example.edu", "zoe@example.edu", "dara@example.edu", ""),
    total=np.array([8.5, 7.125, 10, NAN, 3]),
    maximum=np.array([10, 10, 10, NAN, 10]),
)
"""Dara (s4) has submitted nothing; Eve (s5) is on no export."""

EXPORTS: tuple[tuple[Lms, str], ...] = (
    ("canvas", "canvas.csv"),
    ("canvas", "canvas_de.csv"),
    ("moodle", "moodle.csv"),
    ("moodle", "moodle_de.csv"),
    ("moodle-worksheet", "worksheet.csv"),
    ("moodle-worksheet", "worksheet_de.csv"),
    ("moodle-worksheet", "worksheet_fi.csv"),
    ("gradescope", "gradescope.csv"),
    ("blackboard", "blackboard.xls"),
    ("blackboard", "blackboard.csv"),
)


def export_text(path: Path) -> str:
    """The text of an export, its line ends as they are."""
    raw = path.read_bytes()
    return raw.decode("utf-16" if raw[:2] == b"\xff\xfe" else "utf-8-sig")


def copied(folder: Path, name: str, *changes: tuple[str, str], codec: str = "utf-8") -> Path:
    """An export with some of its text replaced, which must be there."""
    text = export_text(DATA / name)
    for old, new in changes:
        assert old in text, f"{old} is not in {name}"
        text = text.replace(old, new)
    path = folder / f"copy-{name}"
    path.write_bytes(text.encode(codec))
    return path


def filled(lms: Lms, into: Path, grades: Grades = GRADES, **wishes: Any) -> tuple[str, Filled]:
    """The text of the filled export, and the account of it."""
    out = into.parent / "filled.csv" if into.parent != DATA else Path(wishes.pop("out"))
    account = fill_in(lms, into, out, grades, **wishes)
    return export_text(out), account


def refusal(lms: Lms, into: Path, grades: Grades = GRADES, **wishes: Any) -> str:
    """What is said of an export that is not filled in; nothing is written then."""
    out = into.parent / "refused.csv"
    with pytest.raises(ExamgenError) as caught:
        fill_in(lms, into, out, grades, **wishes)
    assert not out.exists()
    return str(caught.value)


# --- what changes, and what does not ------------------------------------------------------------


@pytest.mark.parametrize(("lms", "name"), EXPORTS)
def test_only_cells_of_one_column_change(lms: Lms, name: str, tmp_path: Path) -> None:
    """All else is the same to the byte: mark, quotes, line ends, ids, headers, other rows."""
    out = tmp_path / name
    account = fill_in(lms, DATA / name, out, GRADES)
    before, after = read_sheet(DATA / name), read_sheet(out)
    place = before.rows[0].index(account.column)
    changed = 0
    for old, new in zip(before.rows, after.rows, strict=True):
        assert old[:place] + old[place + 1 :] == new[:place] + new[place + 1 :]
        changed += old[place] != new[place]
    assert changed == account.filled > 0
    undone = out.read_bytes()
    codec = "utf-16-le" if name.endswith(".xls") else "utf-8"
    for mark, blank in (("8.50", ""), ("7.13", ""), ("10.00", "")):
        comma = mark.replace(".", ",")
        undone_text = undone.decode(codec)
        for text in (f'"{comma}"', comma, mark):
            undone_text = undone_text.replace(text, blank)
        undone = undone_text.encode(codec)
    stripped = (DATA / name).read_bytes().decode(codec)
    for text in ("10.00", '"10,00"', "10,00"):
        stripped = stripped.replace(text, "")
    assert undone.decode(codec).replace("-", "") == stripped.replace("-", "")


@pytest.mark.parametrize(("lms", "name"), EXPORTS)
def test_every_row_is_accounted_for(lms: Lms, name: str, tmp_path: Path) -> None:
    """The account names who was not filled in, and who is graded but not on the export."""
    account = fill_in(lms, DATA / name, tmp_path / name, GRADES)
    assert account.not_there == ("s5",)
    assert account.absent in ((), ("s4",))
    assert account.suspects == ()
    text = "\n".join(": ".join(line) for line in account.lines())
    assert f"{account.rows} rows = {account.filled} filled in" in text
    assert "graded, not on the export: 1: s5" in text


@pytest.mark.parametrize(("lms", "name"), EXPORTS)
def test_the_same_marks_give_the_same_bytes(lms: Lms, name: str, tmp_path: Path) -> None:
    """Twice filled in is filled in once: all marks are there already."""
    once, twice = tmp_path / f"1{name}", tmp_path / f"2{name}"
    first = fill_in(lms, DATA / name, once, GRADES)
    second = fill_in(lms, once, twice, GRADES)
    assert once.read_bytes() == twice.read_bytes()
    assert (second.filled, second.already) == (0, first.filled + first.already)


@pytest.mark.parametrize(("lms", "name"), EXPORTS)
def test_an_export_of_another_system_is_refused(lms: Lms, name: str, tmp_path: Path) -> None:
    """Each file is recognised as its own system's alone."""
    path = tmp_path / name
    path.write_bytes((DATA / name).read_bytes())
    for other in SYSTEMS:
        if other != lms:
            assert "expected an export of the" in refusal(other, path)


def test_the_export_itself_is_never_written(tmp_path: Path) -> None:
    """The one copy of what the system said stays."""
    path = copied(tmp_path, "canvas.csv")
    with pytest.raises(ExamgenError, match="the export itself is kept"):
        fill_in("canvas", path, tmp_path / "." / path.name, GRADES)


# --- what an importer reads ---------------------------------------------------------------------


def canvas_import(text: str, title: str) -> dict[str, str]:
    """The marks by SIS id that Canvas reads: all that looks like a number gets its separators."""
    lines = text.splitlines()
    semicolons = len({line.count(";") for line in lines[:3]}) == 1 and ";" in lines[0]
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if semicolons else ",", strict=True))
    rows = [[_canvas_number(cell) for cell in row] for row in rows]
    header, marks = rows[0], {}
    assert "Student" in header[0]
    assert "ID" in header[1]
    assert "SIS User ID" in header[2]
    assert "SIS Login ID" in header[3]
    assert "Section" in header[4]
    for row in rows[1:]:
        posting = all(re.fullmatch(r"\s*(Manual Posting.*)?\s*", cell) for cell in row)
        if "Points Possible" not in row[0] and not posting:
            marks[row[2]] = row[header.index(title)].strip()
    return marks


def _canvas_number(cell: str) -> str:
    if not re.fullmatch(r"-?[0-9.,]+%?", cell):
        return cell
    *parts, last = re.split("[,.]", cell)
    return f"{''.join(parts)}.{last}" if parts else last


@pytest.mark.parametrize("name", ["canvas.csv", "canvas_de.csv"])
def test_canvas_reads_the_marks(name: str, tmp_path: Path) -> None:
    """Also where the export has semicolons and decimal commas."""
    text, account = filled("canvas", DATA / name, out=tmp_path / name)
    marks = canvas_import(text, account.column)
    assert marks["00123456"] == "8.50"
    assert marks["zoë7"] == "10.00"


def test_canvas_leaves_what_is_excused_or_not_assigned(tmp_path: Path) -> None:
    """EX is a decision of somebody; N/A takes no mark, whatever is wished."""
    text, account = filled("canvas", DATA / "canvas.csv", out=tmp_path / "a.csv")
    assert [str(entry) for entry in account.kept] == ["20412 (EX, here 7.13)"]
    assert canvas_import(text, account.column)["20412"] == "EX"
    emmy = replace(GRADES, student=("00123456", "20412", "zoë7", "s4", "s6"))
    text, account = filled(
        "canvas", DATA / "canvas.csv", emmy, out=tmp_path / "b.csv", overwrite=True
    )
    assert account.barred == ("s6 (N/A)",)
    assert [str(entry) for entry in account.replaced] == ["20412 (EX, here 7.13)"]
    assert canvas_import(text, account.column)["20412"] == "7.13"


class MoodleAbortsError(Exception):
    """The importer takes nothing of the file."""


def php_rows(text: str, delimiter: str = ",") -> list[list[str]]:
    """Cells as PHP's fgetcsv cuts them: a backslash before a quote keeps the cell open."""
    reader = csv.reader(
        io.StringIO(text), delimiter=delimiter, escapechar="\\", doublequote=True, strict=True
    )
    return [row for row in reader if row]


def moodle_import(text: str, key: str, title: str, users: set[str], sign: str) -> dict[str, float]:
    """The marks that Moodle's gradebook import reads; one bad row and it takes none of them."""
    header, *rows = php_rows(text)
    marks = {}
    for row in rows:
        assert len(row) == len(header)
        user, mark = row[header.index(key)].strip(), row[header.index(title)].strip()
        if user not in users:
            raise MoodleAbortsError(f"unknown user {user}")
        if mark not in ("", "-"):
            marks[user] = moodle_float(mark, sign)
    return marks


def moodle_float(mark: str, sign: str) -> float:
    """`unformat_float` with strict=true, and the largest grade."""
    text = mark.replace(" ", "").replace(sign, ".")
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        raise MoodleAbortsError(f"bad grade {mark}")
    if float(text) > 100:
        raise MoodleAbortsError(f"grade too large {mark}")
    return float(text)


USERS = {"00123456", "20412", "zoë7", "s4"}


def test_moodle_reads_the_marks(tmp_path: Path) -> None:
    """On an English site: points, unknown students nowhere, no row without its user."""
    text, account = filled("moodle", DATA / "moodle.csv", out=tmp_path / "a.csv")
    marks = moodle_import(text, "ID number", account.column, USERS, ".")
    assert marks == {"00123456": 8.5, "20412": 4.0, "zoë7": 10.0}
    with pytest.raises(MoodleAbortsError, match="unknown user 123456"):
        moodle_import(text.replace("00123456", "123456"), "ID number", account.column, USERS, ".")
    with pytest.raises(MoodleAbortsError, match="bad grade 8,50"):
        moodle_import(text.replace("8.50", '"8,50"'), "ID number", account.column, USERS, ".")


def test_a_german_moodle_reads_the_marks(tmp_path: Path) -> None:
    """Its export has commas, in quotes; so have the marks."""
    text, account = filled("moodle", DATA / "moodle_de.csv", out=tmp_path / "a.csv")
    assert '"8,50"' in text
    marks = moodle_import(text, "ID-Nummer", account.column, USERS, ",")
    assert marks == {"00123456": 8.5, "20412": 7.13, "zoë7": 10.0}
    assert account.column == "Aufgabe:\u00a0Backpropagation (Punkte)"


def test_a_mark_that_moodle_would_refuse_is_refused_before(tmp_path: Path) -> None:
    """One mark above 100 and all of the import is gone."""
    large = replace(GRADES, total=GRADES.total * 12, maximum=GRADES.maximum * 12)
    message = refusal("moodle", copied(tmp_path, "moodle.csv"), large)
    assert "above 100" in message


def test_a_backslash_that_breaks_moodles_reader_is_refused(tmp_path: Path) -> None:
    """PHP reads on past the end of the cell, so a mark would go to another column."""
    path = copied(tmp_path, "moodle.csv", ('"Computer Science"', '"Computer\\"'))
    with pytest.raises(csv.Error):
        php_rows(export_text(path))
    assert "row 2: a backslash" in refusal("moodle", path)


def test_rows_without_the_key_are_told(tmp_path: Path) -> None:
    """Moodle's importer keeps the user of the row above for a row that names none."""
    path = copied(tmp_path, "moodle.csv", (",20412,", ",,"), ("blaise@example.edu", ""))
    account = filled("moodle", path)[1]
    assert any("no 'ID number' in row 3: map another column" in note for note in account.notes)


def worksheet_import(text: str, sign: str) -> dict[str, tuple[str, str]]:
    """Grade and feedback by participant as the offline worksheet's importer reads them."""
    header, *rows = php_rows(text)
    words = ("Grade", "Feedback comments") if "Grade" in header else ("Bewertung", header[-1])
    grade, feedback = map(header.index, words)
    return {
        re.sub(r"\D", "", row[0]): (row[grade].replace(" ", "").replace(sign, "."), row[feedback])
        for row in rows
    }


def test_the_worksheet_takes_marks_and_feedback(tmp_path: Path) -> None:
    """Participants stay as they are; a locked row and one with feedback are left alone."""
    texts = ("a < b\nC:\\", "other", "never", "", "")
    text, account = filled(
        "moodle-worksheet",
        DATA / "worksheet.csv",
        replace(GRADES, feedback=texts),
        out=tmp_path / "a.csv",
    )
    read = worksheet_import(text, ".")
    assert read["1271"] == ("8.50", "a &lt; b<br>C:&#92;")
    assert read["1272"] == ("6.00", "well done")
    assert read["1273"] == ("", "")
    assert account.barred == ("zoë7 (locked)",)
    assert account.feedback == 1


def test_a_german_worksheet_is_matched_by_email(tmp_path: Path) -> None:
    """It has no id numbers; addresses are the same in any case."""
    grades = replace(GRADES, email=tuple(email.upper() for email in GRADES.email))
    text, account = filled(
        "moodle-worksheet", DATA / "worksheet_de.csv", grades, out=tmp_path / "a.csv"
    )
    assert account.key == "E-Mail-Adresse"
    assert worksheet_import(text, ",")["1272"][0] == "7.13"


def test_names_are_the_last_resort_and_said_to_be(tmp_path: Path) -> None:
    """A worksheet in a language unknown to us, without ids: by full name, where it is unique."""
    into = DATA / "worksheet_fi.csv"
    account = filled("moodle-worksheet", into, out=tmp_path / "a.csv")[1]
    assert (account.filled, account.key) == (3, "Koko nimi")
    assert any("matched by 'Koko nimi'" in note for note in account.notes)
    same = replace(GRADES, name=("Ada Lovelace", "Ada Lovelace", *GRADES.name[2:]))
    assert filled("moodle-worksheet", into, same, out=tmp_path / "b.csv")[1].filled == 1


def test_gradescope_gets_its_scores_and_results(tmp_path: Path) -> None:
    """The scores' file, and a results.json a student; one who submitted nothing has none."""
    points, possible = np.array([3.5, 3, 4, NAN, 1]), np.array([4, 4, 4, NAN, 4])
    questions = {"q1": Score(points, possible), "q2": Score(GRADES.total - points, 10 - possible)}
    grades = replace(GRADES, questions=questions, feedback=("look at q1", "", "", "", ""))
    text = filled("gradescope", DATA / "gradescope.csv", grades, out=tmp_path / "a.csv")[0]
    rows = {row["SID"]: row for row in csv.DictReader(io.StringIO(text))}
    assert (rows["00123456"]["Total Score"], rows["s4"]["Total Score"]) == ("8.50", "")
    written = write_results(grades, tmp_path / "results")
    assert len(written) == 4
    assert json.loads(written[0].read_text(encoding="utf-8")) == results_of(grades, 0)
    first = results_of(grades, 0)
    assert (first["score"], first["output"]) == (8.5, "look at q1")
    assert sum(test["score"] for test in first["tests"]) == first["score"]
    assert first["tests"][0] == {
        "name": "q1",
        "score": 3.5,
        "max_score": 4.0,
        "output": "",
        "visibility": "after_published",
    }


def test_blackboard_keeps_tabs_quotes_and_column_ids(tmp_path: Path) -> None:
    """The download is UTF-16 text with tabs, whatever its name says."""
    out = tmp_path / "gc.xls"
    fill_in("blackboard", DATA / "blackboard.xls", out, GRADES)
    assert out.read_bytes()[:2] == b"\xff\xfe"
    header, first, *_ = csv.reader(io.StringIO(export_text(out), newline=""), delimiter="\t")
    assert header[-1] == "Backpropagation [Total Pts: 10 Score] |_123_1"
    assert first[-1] == "8.50"
    assert '\t"8.50"\r\n' in export_text(out)


# --- which column -------------------------------------------------------------------------------


def test_the_column_is_the_one_with_the_title() -> None:
    """And else the only one without marks, and else it must be said."""
    read = read_sheet(DATA / "canvas.csv").rows
    export, system = read_export("canvas", read), SYSTEMS["canvas"]
    assert choose_column(export, system, "BACKPROPAGATION", None).title == "Backpropagation"
    assert choose_column(export, system, "Homework 1", None).title == "Homework 1"
    assert choose_column(export, system, "x", "backpropagation").title == "Backpropagation"
    assert choose_column(export, system, "x", "Homework 1 (4711)").title == "Homework 1"
    with pytest.raises(ExamgenError, match=r"'Homework 1 \(4711\)', 'Backpropagation \(4712\)'"):
        choose_column(export, system, "propagation", None)
    with pytest.raises(ExamgenError, match="'Final Score' is not one column for marks"):
        choose_column(export, system, TITLE, "Final Score")


@pytest.mark.parametrize(
    ("lms", "name", "titles"),
    [
        ("canvas", "canvas.csv", ["Homework 1", TITLE]),
        ("moodle", "moodle.csv", ["Warm-up", TITLE]),
        ("moodle", "moodle_de.csv", ["Aufwärmen", TITLE]),
        ("moodle-worksheet", "worksheet.csv", ["Grade"]),
        ("moodle-worksheet", "worksheet_de.csv", ["Bewertung"]),
        ("moodle-worksheet", "worksheet_fi.csv", ["Arviointi"]),
        ("gradescope", "gradescope.csv", ["Total Score"]),
        ("blackboard", "blackboard.csv", ["Homework", TITLE]),
    ],
)
def test_totals_feedback_and_computed_columns_take_no_marks(
    lms: Lms, name: str, titles: list[str]
) -> None:
    """Only what an import may set is a column for marks."""
    export = read_export(lms, read_sheet(DATA / name).rows)
    assert [column.title for column in export.columns] == titles


def test_a_read_only_column_takes_no_marks(tmp_path: Path) -> None:
    """Canvas says so in the row of the points."""
    path = copied(tmp_path, "canvas.csv", (",,,10.00,10.00", ",,,(read only),10.00"))
    export = read_export("canvas", read_sheet(path).rows)
    assert [column.title for column in export.columns] == [TITLE]


def test_another_view_of_a_mark_takes_no_mark(tmp_path: Path) -> None:
    """Moodle exports a mark as a percentage or a letter besides."""
    path = copied(
        tmp_path, "moodle.csv", ("(Feedback)", "(Percentage)"), ('"good, but ""short"""', "40.00")
    )
    export = read_export("moodle", read_sheet(path).rows)
    assert [column.title for column in export.columns] == ["Warm-up", TITLE]


def test_feedback_that_has_no_column_is_told(tmp_path: Path) -> None:
    """Of a worksheet, which could have one; other exports have none."""
    grades = replace(GRADES, feedback=("look again", "", "", "", ""))
    for lms, name, told in (
        ("moodle-worksheet", "worksheet_fi.csv", True),
        ("canvas", "canvas.csv", False),
    ):
        notes = fill_in(lms, DATA / name, tmp_path / name, grades).notes
        assert any("no column for feedback" in note for note in notes) is told


def test_the_very_title_is_better_than_one_that_contains_it() -> None:
    """Even where both columns are empty."""
    columns = (MarkColumn(0, "Exam 2 (resit)"), MarkColumn(1, "exam  2"))
    export = Export((("a", "b"), ("", "")), 0, (1,), columns)
    assert choose_column(export, SYSTEMS["canvas"], "Exam 2", None) is columns[1]


def test_the_only_empty_column_is_taken(tmp_path: Path) -> None:
    """The exam is called otherwise there."""
    path = copied(tmp_path, "canvas.csv", ("Backpropagation", "Exam"), (",EX,", ",,"))
    assert filled("canvas", path)[1].column == "Exam (4712)"


def test_two_columns_with_the_title_must_be_told_apart(tmp_path: Path) -> None:
    """Nothing is guessed: the message lists both."""
    path = copied(
        tmp_path,
        "canvas_de.csv",
        ("Current Score", "Backpropagation 2 (4713)"),
        ("(read only)", ""),
    )
    assert filled("canvas", path)[1].column == "Backpropagation (4712)"
    renamed = copied(tmp_path, "canvas_de.csv", ("Backpropagation", "Midterm"))
    other = copied(tmp_path, "canvas.csv", ("Homework 1", "Backpropagation"))
    assert filled("canvas", renamed)[1].column == "Midterm (4712)"
    assert "which column is for the marks?" in refusal("canvas", other)


# --- which number -------------------------------------------------------------------------------


def test_another_maximum_is_an_error_unless_marks_are_to_be_scaled(tmp_path: Path) -> None:
    """8.5 of 10 is 17 of 20, if so wished; never 8.5 of 20 by accident."""
    path = copied(tmp_path, "canvas.csv", ("10.00,10.00,(read", "10.00,20.00,(read"))
    assert "out of 20, those of the exam out of 10" in refusal("canvas", path)
    text, account = filled("canvas", path, scale=True)
    marks = canvas_import(text, account.column)
    assert (marks["00123456"], marks["zoë7"]) == ("17.00", "20.00")


@given(st.floats(0, 1), st.floats(0.5, 500))
def test_no_mark_is_above_the_maximum(share: float, maximum: float) -> None:
    """Whatever the rounding does."""
    assert 0 <= out_of(share * maximum, maximum, None, scale=False) <= maximum
    theirs = two_decimals(maximum)
    assert 0 <= out_of(share * maximum, maximum, theirs, scale=True) <= theirs


@given(st.integers(0, 100_000))
def test_marks_are_rounded_half_up(thousandths: int) -> None:
    """As decimals, not as binary fractions: 2.675 is 2.68."""
    mark = two_decimals(thousandths / 1000)
    assert round(mark * 100) == (thousandths + 5) // 10


def test_the_decimal_sign_can_be_said(tmp_path: Path) -> None:
    """Where the export has no number to show it, or shows both."""
    path = copied(tmp_path, "blackboard.csv", *((f"{m}.{d}", m) for m, d in MARKS))
    assert '"8.50"' in filled("blackboard", path)[0]
    assert '"8,50"' in filled("blackboard", path, decimal="comma")[0]
    mixed = copied(tmp_path, "moodle.csv", ("9.50", '"9,50"'), ("7.25", '"7,25"'))
    assert "decimal commas and points" in refusal("moodle", mixed)
    assert filled("moodle", mixed, decimal="point")[1].filled == 2


MARKS = (("9", "50"), ("8", "00"), ("7", "25"), ("4", "00"))


@pytest.mark.parametrize(
    ("text", "mark"), [("", None), ("-", None), ("EX", None), ("1e3", None), ("٣", None), ("7", 7)]
)
def test_what_stands_there_is_read_as_a_mark_or_not(text: str, mark: float | None) -> None:
    """Plain numbers only."""
    assert read_mark(text) == mark


# --- whose row ----------------------------------------------------------------------------------


def test_a_lost_zero_is_suspect_and_never_joined(tmp_path: Path) -> None:
    """`123456` may be `00123456` or somebody else."""
    path = copied(tmp_path, "canvas.csv", ("00123456", "123456"))
    text, account = filled("canvas", path)
    assert account.suspects == ("row 4: '123456' resembles 00123456 of the roster",)
    assert account.not_there == ("00123456", "s5")
    assert "8.50" not in text


def test_two_rows_of_one_student_are_both_left(tmp_path: Path) -> None:
    """Moodle would take the last of them, silently."""
    path = copied(tmp_path, "canvas.csv", ("20412", "00123456"))
    account = filled("canvas", path)[1]
    assert len(account.suspects) == 2
    assert account.filled == 1


def test_a_row_that_names_two_students_is_suspect(tmp_path: Path) -> None:
    """Its id is one's, its e-mail another's."""
    path = copied(
        tmp_path, "worksheet.csv", ("20412,blaise@", "20412,zoe@"), ("zoë7,zoe@", "zoë7,z@")
    )
    account = filled("moodle-worksheet", path)[1]
    assert account.suspects == ("row 3: '20412': its 'Email address' is that of zoë7",)
    assert account.kept == ()


def test_an_export_of_another_class_is_refused(tmp_path: Path) -> None:
    """With a hint where ids were spoilt by a spreadsheet."""
    strangers = tuple(f"x{i}" for i in range(5))
    other = replace(GRADES, student=strangers, email=("",) * 5, name=("",) * 5)
    path = copied(tmp_path, "canvas.csv")
    assert "no row is that of a student of this exam" in refusal("canvas", path, other)
    spoilt = replace(other, student=("0009001", *strangers[1:]))
    assert "'9001' resembles 0009001" in refusal("canvas", path, spoilt)


def test_the_internal_number_of_canvas_is_no_ones_id_by_accident(tmp_path: Path) -> None:
    """A student whose id is another's internal number does not get the other's mark."""
    unlucky = replace(GRADES, student=("00123456", "20412", "zoë7", "s4", "9001"))
    text, account = filled("canvas", DATA / "canvas.csv", unlucky, out=tmp_path / "a.csv")
    assert account.key == "SIS User ID"
    assert canvas_import(text, account.column)["00123456"] == "8.50"
    assert account.not_there == ("9001",)


# --- hostile and broken files -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"\n\n \n", "the file is empty"),
        (b'Student,ID,Section,X (1)\n"a,b\n', "row 2: a quote is not closed"),
        (b'Student,ID,Section,X (1)\n"a"b,1,2,3\n', "not doubled inside a cell"),
        (b"Student,ID,Section\n\xff\xfe\n", "not UTF-8"),
        (b"S\0t\0u\0", "NUL"),
        (b"PK\x03\x04 no workbook", "not a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel file"),
        (b"Student,ID,Section,X (1)\n" + b"x" * 100_001 + b",1,2,3\n", "too large a cell"),
    ],
)
def test_what_is_no_export_gets_a_sentence(content: bytes, message: str, tmp_path: Path) -> None:
    """With the file, and the row where there is one."""
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    said = refusal("canvas", path)
    assert message in said
    assert said.startswith(str(path))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A sentence, not a traceback."""
    assert "cannot be read" in refusal("canvas", tmp_path / "nowhere.csv")


def test_another_encoding_can_be_named(tmp_path: Path) -> None:
    """A file of an old spreadsheet stays in its encoding."""
    path = copied(tmp_path, "moodle.csv", ("zoë7", "ë7"), codec="cp1252")
    assert "name its encoding" in refusal("moodle", path)
    out = tmp_path / "out.csv"
    fill_in("moodle", path, out, GRADES, encoding="cp1252")
    assert "Zoë,Ångström" in out.read_bytes().decode("cp1252")
    assert "unknown encoding" in refusal("moodle", path, encoding="klingon")


def test_feedback_is_no_formula_and_no_markup() -> None:
    """A student's text cannot run in a spreadsheet, nor in the browser of the teacher."""
    run, tag, escape = as_markup(("=cmd|' /C calc'!A0", "<script>alert(1)</script>", 'a\\"'))
    assert run.startswith("'=")
    assert "<" not in tag
    assert "\\" not in escape


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8)
rows = st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=5)


@given(rows, st.sampled_from([",", ";", "\t"]), st.sampled_from(["\n", "\r\n"]))
def test_cells_are_cut_as_the_csv_module_cuts_them(
    table: list[list[str]], delimiter: str, end: str
) -> None:
    """One cell changed is that one; none changed is the same file again."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=end).writerows(table)
    text = stream.getvalue()
    cut = list(_rows(text, delimiter))
    assert [list(cells) for _, cells in cut] == table
    sheet = DelimitedSheet(
        b"", "utf-8", text, delimiter, tuple(c for _, c in cut), tuple(s for s, _ in cut)
    )
    last = (len(table) - 1, len(table[-1]) - 1)
    changed = list(_rows(sheet.changed({last: "new"}, comma=False).decode(), delimiter))
    assert [list(cells) for _, cells in changed] == [*table[:-1], [*table[-1][:-1], "new"]]
    assert sheet.changed({}, comma=False).decode() == text


# --- workbooks ----------------------------------------------------------------------------------


def write_workbook(path: Path) -> Path:
    """Moodle's gradebook as a workbook, with a style, a formula and another sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in read_sheet(DATA / "moodle.csv").rows:
        sheet.append(row)
    for row in sheet.iter_rows(min_row=2, min_col=7, max_col=11):
        for cell in row:
            mark = read_mark(str(cell.value))
            cell.value = cell.value if mark is None else mark
    sheet["H2"].font = Font(bold=True)
    sheet["G5"] = "=SUM(G2:G4)"
    book.create_sheet("Notes")["A1"] = "keep me"
    book.properties.created = book.properties.modified = datetime(2026, 1, 2)
    book.save(path)
    return path


def test_a_workbook_keeps_its_styles_sheets_and_formulas(tmp_path: Path) -> None:
    """Marks are numbers in it; ids stay texts."""
    into, out = write_workbook(tmp_path / "in.xlsx"), tmp_path / "out.xlsx"
    account = fill_in("moodle", into, out, GRADES)
    assert (account.filled, account.key) == (2, "ID number")
    book = load_workbook(out)
    sheet = book.worksheets[0]
    assert (sheet["H2"].value, sheet["H2"].font.bold) == (8.5, True)
    assert (sheet["C2"].value, sheet["G5"].value) == ("00123456", "=SUM(G2:G4)")
    assert book["Notes"]["A1"].value == "keep me"
    assert sheet["H3"].value == 4


def test_a_workbook_tells_no_time(tmp_path: Path) -> None:
    """The same marks give the same bytes, whenever they are written."""
    into = write_workbook(tmp_path / "in.xlsx")
    saved = b"2020-01-01T00:00:00Z"
    into.write_bytes(_timeless(into.read_bytes(), {b"modified": saved}))
    outs = [tmp_path / "1.xlsx", tmp_path / "2.xlsx"]
    for out in outs:
        fill_in("moodle", into, out, GRADES)
    assert outs[0].read_bytes() == outs[1].read_bytes()
    with zipfile.ZipFile(outs[0]) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = parts.read("docProps/core.xml")
    assert saved in core
    assert b"created" not in core


def test_a_text_in_a_workbook_is_never_a_formula(tmp_path: Path) -> None:
    """Not even one that would begin with an equals sign."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in read_sheet(DATA / "worksheet.csv").rows:
        sheet.append(row)
    book.save(tmp_path / "in.xlsx")
    grades = replace(GRADES, feedback=("=1+1", "", "", "", ""))
    fill_in("moodle-worksheet", tmp_path / "in.xlsx", tmp_path / "out.xlsx", grades)
    cell = load_workbook(tmp_path / "out.xlsx").worksheets[0]["K2"]
    assert (cell.value, cell.data_type) == ("'=1+1", "s")
    raw = read_sheet(tmp_path / "in.xlsx").changed({(1, 10): "=2+2"}, comma=False)
    cell = load_workbook(io.BytesIO(raw)).worksheets[0]["K2"]
    assert (cell.value, cell.data_type) == ("=2+2", "s")


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """A small file that would fill the memory."""
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        for number in range(3):
            parts.writestr(f"xl/worksheets/sheet{number}.xml", b" " * (100 << 20))
    assert "unpacks to more than" in refusal("moodle", path)
