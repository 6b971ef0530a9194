"""Tests of reading workbooks: numbers as stored, what the spreadsheet changed, hostile files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from answer_files import by_student, numbers, read, reasons, unreadable, write_workbook
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from synthetic_exam import SHEET, SLOTS

from examgen.errors import ExamgenError
from grader.reading import workbook
from grader.reading.responses import mixed_decimals, read_answers
from grader.reading.tabular import MAX_CELL

HEADER = ["student", *SLOTS]


def one(folder: Path, *cells: object) -> Path:
    """A workbook with the answers of s2."""
    return write_workbook(folder / "a.xlsx", [HEADER, ["s2", *cells]])


def test_a_workbook_reads_as_the_sheet_it_is(tmp_path: Path) -> None:
    """Texts, numbers and blanks; rows in any order; places as the spreadsheet counts them."""
    rows = [HEADER, [], *(list(row) for row in reversed(SHEET)), []]
    answers = read(write_workbook(tmp_path / "a.xlsx", rows))
    assert list(by_student(answers).values()) == [list(row[1:]) for row in SHEET]
    assert answers.rows.tolist() == [6, 5, 4, 3]
    assert answers.rejected == ()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.65, "0.65"),
        (-1.5, "-1.5"),
        (2, "2"),
        (2.0, "2"),
        (0, "0"),
        (0.0, "0"),
        (1e-5, "1e-05"),
        (1e21, "1e+21"),
    ],
)
def test_numbers_are_the_shortest_text_of_what_is_stored(
    tmp_path: Path, value: float, text: str
) -> None:
    """The text reads back as the same float64."""
    answers = read(one(tmp_path, value))
    assert by_student(answers)["s2"][0] == text
    assert numbers(answers)["s2"][0] == value


def test_a_stored_number_keeps_its_digits(tmp_path: Path) -> None:
    """Spreadsheets store what they computed, with 17 digits."""
    path = replaced(
        one(tmp_path, 0.65),
        SHEET_XML,
        lambda xml: xml.replace(b"<v>0.65</v>", b"<v>0.30000000000000004</v>"),
    )
    assert by_student(read(path))["s2"][0] == "0.30000000000000004"


def test_stored_numbers_are_read_whatever_the_decimal_sign(tmp_path: Path) -> None:
    """Where people wrote commas, the cells that the spreadsheet knows as numbers still are."""
    rows = [HEADER, ["s2", "-1,5", 0.25], ["s4", "13,0", "2,5"], ["zoë", 2.5, "1.5"]]
    answers = read(write_workbook(tmp_path / "a.xlsx", rows))
    assert answers.decimal.sign == "comma"
    assert numbers(answers)["s2"][:2] == [-1.5, 0.25]
    assert numbers(answers)["zoë"][0] == 2.5
    assert "a point" in unreadable(answers, "zoë", 1)
    assert len(list(mixed_decimals(answers, make_slots()))) == 1


def make_slots() -> tuple[workbook.Value, ...]:
    """The slots of the synthetic exam."""
    from synthetic_exam import make_manifest

    return make_manifest().slots


@pytest.mark.parametrize(
    ("value", "reason", "shown"),
    [
        (date(2026, 2, 1), "made a date of it (perhaps 1/2 or 2/1 was typed)", "2026-02-01"),
        (date(2026, 2, 2), "made a date of it (perhaps 2/2 was typed)", "2026-02-02"),
        (datetime(2026, 2, 1, 3, 4), "made a date of it", "2026-02-01 03:04:00"),
        (time(1, 2), "made a time of it", "01:02:00"),
        (True, "true or false", "TRUE"),
        (False, "true or false", "FALSE"),
        ("#DIV/0!", "an error of the spreadsheet", "#DIV/0!"),
        ("=1/2", "a formula whose value is not stored", "=…"),
    ],
)
def test_what_the_spreadsheet_made_of_an_answer_is_unreadable(
    tmp_path: Path, value: object, reason: str, shown: str
) -> None:
    """Never a number and never blank; also in a slot for a formula."""
    answers = read(one(tmp_path, value, "", value))
    assert reason in unreadable(answers, "s2", 0)
    assert by_student(answers)["s2"][0] == shown
    assert int(answers.cells.codes[0, 2]) in answers.readings.faulty


def replaced(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """A workbook with one part changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


SHEET_XML = "xl/worksheets/sheet1.xml"


def test_a_formula_counts_for_its_stored_value(tmp_path: Path) -> None:
    """As the spreadsheet last showed it."""
    path = replaced(
        one(tmp_path, "=13/20", "=A1"),
        SHEET_XML,
        lambda xml: xml.replace(b"<f>13/20</f><v></v>", b"<f>13/20</f><v>0.65</v>").replace(
            b"<f>13/20</f><v />", b"<f>13/20</f><v>0.65</v>"
        ),
    )
    answers = read(path)
    assert numbers(answers)["s2"][0] == 0.65
    assert "not stored" in unreadable(answers, "s2", 1)


def test_ids_stored_as_numbers_are_suspect(tmp_path: Path) -> None:
    """123456 resembles 00123456, and is not joined to it."""
    rows = [HEADER, [123456.0, 1], ["s2", 1]]
    answers = read(write_workbook(tmp_path / "a.xlsx", rows))
    assert list(by_student(answers)) == ["s2"]
    assert "'123456' resembles '00123456'" in reasons(answers)["", 2]


def test_the_first_sheet_with_the_header_is_read(tmp_path: Path) -> None:
    """A title above it and empty columns beside it do not matter."""
    cover = [["Exam"], ["by", "the", "chair"]]
    sheet = [["Answers"], [], ["", "student", *SLOTS], ["", "s2", 1, 2, 3, 4]]
    answers = read(write_workbook(tmp_path / "a.xlsx", cover, sheet, [HEADER, ["s4"]]))
    assert by_student(answers) == {"s2": ["1", "2", "3", "4"]}
    assert answers.rows.tolist() == [4]


def test_the_long_form_may_be_a_workbook(tmp_path: Path) -> None:
    """Rows of student, slot and response."""
    rows = [["Student", "Slot", "Response"], ["s2", "q1.w", -1.5], ["s2", "q2.h", 4]]
    answers = read(write_workbook(tmp_path / "a.xlsx", rows))
    assert numbers(answers)["s2"] == [-1.5, None, None, 4]


def test_a_cell_too_long_costs_its_row(tmp_path: Path) -> None:
    """A spreadsheet allows 32,767 characters; a file may hold more."""
    path = replaced(
        write_workbook(tmp_path / "a.xlsx", [HEADER, ["s2", "long"], ["s4", 1]]),
        SHEET_XML,
        lambda xml: xml.replace(b"long", b"x" * (MAX_CELL + 1)),
    )
    answers = read(path)
    assert list(by_student(answers)) == ["s4"]
    assert reasons(answers) == {("", 2): "a cell of 100,001 characters"}


def test_a_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the sizes that its parts declare, which bind; and by their number."""
    path = one(tmp_path, 1)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.xml", b" " * 2**22)
    assert path.stat().st_size < 20_000
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 2**22)
    with pytest.raises(ExamgenError, match="unpacks to more than 4 MiB"):
        read(path)
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 2**29)
    monkeypatch.setattr(workbook, "MAX_PARTS", 3)
    with pytest.raises(ExamgenError, match="unpacks to more"):
        read(path)


def test_cells_beyond_number_are_refused_before_they_are_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Empty cells pack to nothing and take a parser a hundred times their size."""
    path = replaced(
        one(tmp_path, 1), SHEET_XML, lambda xml: xml.replace(b"</row>", b"<c/>" * 9_000 + b"</row>")
    )
    assert path.stat().st_size < 20_000
    assert by_student(read(path))["s2"][0] == "1"
    monkeypatch.setattr(workbook, "MAX_TAGS", 9_000)
    with pytest.raises(ExamgenError, match="too many cells"):
        read(path)


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_entities_are_refused(tmp_path: Path, codec: str) -> None:
    """No spreadsheet declares any; a billion laughs are not laughed."""

    def laugh(xml: bytes) -> bytes:
        text = xml.decode().partition("?>")[2] or xml.decode()
        bomb = f'<?xml version="1.0" encoding="{codec}"?><!DOCTYPE x [<!ENTITY a "{"ha" * 9}">]>'
        return (bomb + text).encode(codec)

    with pytest.raises(ExamgenError, match="declares XML entities"):
        read(replaced(one(tmp_path, 1), SHEET_XML, laugh))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'r="B2"', b'r="XFD2"'),
        (b'r="B2"', b'r="B999999999999"'),
        (b'<row r="2"', b'<row r="99999999"'),
        (b'<row r="2"', b'<row r="x"'),
        (b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>'),
        (b"</sheetData>", b""),
        (b'<c r="B2" t="n">', b'<c r="B2" t="s">'),
        (b"<v>0.65</v>", b"<v>zero</v>"),
    ],
)
def test_a_sheet_that_lies_is_bounded(tmp_path: Path, old: bytes, new: bytes) -> None:
    """Places, sizes and types that are wrong end in an answer or in one sentence, soon."""
    path = one(tmp_path, 0.65)
    with zipfile.ZipFile(path) as archive:
        assert old in archive.read(SHEET_XML)
    replaced(path, SHEET_XML, lambda xml: xml.replace(old, new, 1))
    found = outcome(path)
    assert found in ("0 rows", "1 rows") or "not a workbook that can be read" in found


def outcome(path: Path) -> str:
    """What became of a file: how many rows were graded, or the error."""
    try:
        return f"{len(read(path).students)} rows"
    except ExamgenError as error:
        return str(error)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04 and nothing more", "not a workbook that can be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"old Excel file \(\.xls\)"),
        (b"", "is empty"),
    ],
)
def test_what_is_no_workbook_is_told(tmp_path: Path, content: bytes, message: str) -> None:
    """Whatever the file is called."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(ExamgenError, match=message):
        read(path)


def test_another_programs_workbook_is_told(tmp_path: Path) -> None:
    """An .ods is a zip file, too."""
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(ExamgenError, match=r"another program \(\.ods\)"):
        read(path)


def test_an_empty_workbook_is_empty(tmp_path: Path) -> None:
    """Sheets without a cell."""
    with pytest.raises(ExamgenError, match="the workbook is empty"):
        read(write_workbook(tmp_path / "a.xlsx", []))


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100
)
@given(st.data())
def test_damaged_workbooks_raise_nothing_else(tmp_path: Path, data: st.DataObject) -> None:
    """Bytes changed anywhere in the file: answers that add up, or one error."""
    content = bytearray(undamaged())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "b.xlsx"
    path.write_bytes(content)
    try:
        answers = read_answers(path, workbook_class())
    except ExamgenError:
        return
    assert answers.rows_in == len(answers.students) + len(answers.rejected)


@cache
def undamaged() -> bytes:
    """A workbook; the same bytes each time, though such files hold the time they were written."""
    with TemporaryDirectory() as folder:
        return one(Path(folder), 0.65, "x").read_bytes()


def workbook_class() -> workbook.Value:
    """The synthetic exam."""
    from synthetic_exam import make_manifest

    return make_manifest()


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50
)
@given(st.lists(st.text("ab=+,;\"' é𝛼\n1", max_size=6), min_size=3, max_size=3))
def test_texts_come_back_as_they_were(tmp_path: Path, cells: list[str]) -> None:
    """Any text that is no formula to the program that wrote the file."""
    book = load_workbook(io.BytesIO(one(tmp_path, "x", "x", "x").read_bytes()))
    for column, text in enumerate(cells, start=2):
        cell = book.active.cell(2, column)
        cell.value = text
        cell.data_type = "s"
    book.save(tmp_path / "b.xlsx")
    assert by_student(read(tmp_path / "b.xlsx"))["s2"][:3] == cells
