"""Tests of cutting text files into rows: any dialect, any damage, no row lost."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from answer_files import by_student, make_class, read, reasons
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from synthetic_exam import SHEET, SLOTS, write_sheet

from examgen.errors import ExamgenError
from grader.reading import delimited
from grader.reading.delimited import Rows, read_rows
from grader.reading.responses import read_answers
from grader.reading.tabular import MAX_CELL, header_cell

HEADER = "student," + ",".join(SLOTS)
ROW = "s2,1,2,3,4"


def rows_of(text: str | bytes, encoding: str | None = None) -> Rows:
    """A text cut into rows; any line of two cells is a header."""
    raw = text if isinstance(text, bytes) else text.encode()
    return read_rows(raw, Path("a.csv"), lambda header: len(header) > 1, encoding)


def cells_of(rows: Rows) -> list[list[str]]:
    """All cells of all sound rows, as read in columns."""
    table = rows.read(range(len(rows.header)))
    columns = [column.to_pylist() for column in table.columns]
    return [list(row) for row in zip(*columns, strict=True)]


CELL = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
TABLES = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=8)
)


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300
)
@given(
    table=TABLES,
    delimiter=st.sampled_from([",", ";", "\t"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
    by_arrow=st.booleans(),
)
@example([['"', "\n"], ["\r\n,", ';"\n"']], ",", csv.QUOTE_MINIMAL, "\r\n", "utf-16", True)
def test_what_a_csv_writer_writes_is_read_back(
    monkeypatch: pytest.MonkeyPatch,
    table: list[list[str]],
    delimiter: str,
    quoting: int,
    end: str,
    encoding: str,
    by_arrow: bool,
) -> None:
    """Any texts in any dialect; line ends inside a cell become newlines, and nothing else changes.

    Both readers, that of small files and Arrow's, say the same.
    """
    monkeypatch.setattr(delimited, "FEW_ROWS", -1 if by_arrow else 1000)
    header = [f"c{i}" for i in range(len(table[0]) if table else 2)]
    if end != "\r\n" and any(mark in cell for row in table for cell in row for mark in "\r\n"):
        quoting = csv.QUOTE_ALL  # the writer itself quotes the line ends of its own dialect only
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, quoting=quoting, lineterminator=end)
    writer.writerows([header, *table])
    rows = rows_of(file.getvalue().encode(encoding))
    expected = [[c.replace("\r\n", "\n").replace("\r", "\n") for c in row] for row in table]
    assert rows.rejected == ()
    assert cells_of(rows) == expected
    assert (rows.header, rows.delimiter) == (tuple(header), delimiter)


VALID = (
    "\ufeff"
    + HEADER
    + '\n00123456,0.65,"0.125","dL_dh*w, or so",3\n'
    + ROW
    + '\nzoë,2,-0.5,"a\nb",\n'
).encode()


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400
)
@given(
    st.lists(
        st.tuples(st.integers(0, len(VALID) - 1), st.binary(max_size=3), st.integers(0, 3)),
        max_size=4,
    )
)
def test_damaged_bytes_lose_no_row_and_raise_nothing_else(
    tmp_path: Path, damage: list[tuple[int, bytes, int]]
) -> None:
    """Bytes replaced, removed and inserted anywhere: rows in = graded + rejected, or one error."""
    content = bytearray(VALID)
    for place, added, removed in damage:
        content[place : place + removed] = added
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    try:
        answers = read_answers(path, make_class())
    except ExamgenError:
        return
    assert answers.rows_in == len(answers.students) + len(answers.rejected)
    assert len(answers.cells.codes) == len(answers.students)


@pytest.mark.parametrize(
    "before",
    [
        "\n\n",
        "Exam of 2 January\n\n",
        "Exam,,,,\nGroup,A,,,\n",
        '"a title\nof two lines"\n',
        "sep=,\n",
    ],
)
def test_a_header_may_stand_lower(tmp_path: Path, before: str) -> None:
    """Blank lines, titles and Excel's line that names the separator stand above it."""
    path = tmp_path / "a.csv"
    path.write_text(f"{before}{HEADER}\n{ROW}\nnobody,,,,\n", encoding="utf-8")
    answers = read(path)
    assert by_student(answers) == {"s2": ["1", "2", "3", "4"]}
    rows = before.count("\n") - (1 if "two lines" in before else 0)
    assert answers.rows.tolist() == [rows + 2]
    assert list(reasons(answers)) == [("", rows + 3)]


def test_the_separator_line_is_believed(tmp_path: Path) -> None:
    """Also for a separator that is not looked for otherwise."""
    path = tmp_path / "a.csv"
    path.write_text(f"sep=|\n{HEADER}\n{ROW}\n".replace(",", "|"), encoding="utf-8")
    assert by_student(read(path))["s2"] == ["1", "2", "3", "4"]


def test_names_of_columns_are_on_one_line() -> None:
    """Line breaks, no-break spaces and marks that cannot be seen do not tell columns apart."""
    assert header_cell("\ufeffQ\u00a01 \r\n  of\u200b 2\x07") == "Q 1 of 2"


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16-le", "shift_jis", "mac_roman"])
def test_an_encoding_that_was_named_is_used(encoding: str) -> None:
    """What has no mark and is not UTF-8 is read as told."""
    text = "student,ü\nzo,1\n" if encoding != "shift_jis" else "student,テ\nzo,1\n"
    assert rows_of(text.encode(encoding), encoding).header[1] in ("ü", "テ")


@pytest.mark.parametrize("encoding", ["base64", "rot13", "klingon", "zlib"])
def test_what_is_no_text_encoding_is_refused(encoding: str) -> None:
    """Python knows codecs that are not encodings of text."""
    with pytest.raises(ExamgenError, match=f"unknown encoding '{encoding}'"):
        rows_of(b"student,a\n", encoding)


def test_a_line_too_long_is_one_rejected_row(tmp_path: Path) -> None:
    """A cell of megabytes, of one byte or of delimiters, costs its own row only."""
    lines = [HEADER, "s2,1,2," + "x" * 3_000_000 + ",4", "," * 3_000_000, "s4,1,2,3,4"]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    answers = read(path)
    assert list(by_student(answers)) == ["s4"]
    assert reasons(answers) == {
        ("", 2): "a row of 3,000,009 bytes",
        ("", 3): "a row of 3,000,000 bytes",
    }
    assert max(len(row.raw) for row in answers.rejected) < 1_100


def test_too_many_lines_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of newlines would take many times its size."""
    monkeypatch.setattr(delimited, "MAX_LINES", 3)
    path = tmp_path / "a.csv"
    path.write_text(f"{HEADER}\n\n\n\n", encoding="utf-8")
    with pytest.raises(ExamgenError, match="more than 3 lines"):
        read(path)


def test_a_file_of_rubbish_is_no_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many rows that cannot be read are not listed one by one."""
    monkeypatch.setattr(delimited, "MAX_FAULTS", 3)
    path = tmp_path / "a.csv"
    path.write_text(HEADER + "\nx" * 4, encoding="utf-8")
    with pytest.raises(ExamgenError, match="4 of its rows cannot be read: row 2: cells: 1"):
        read(path)


@pytest.mark.parametrize("window", range(1, 9))
def test_windows_do_not_matter(monkeypatch: pytest.MonkeyPatch, window: int) -> None:
    """Bytes are searched and decoded window by window, and characters cut by one are whole."""
    text = (HEADER + "\n" + 's2,1,"2,5",é𝛼,4\n' * 7).encode()
    texts = [text, text + b"," * 1, text + b",,", text.rstrip(), text.decode().encode("utf-16")]
    whole = [(cells_of(rows), rows.rejected) for rows in map(rows_of, texts)]
    monkeypatch.setattr("grader.reading.scan._WINDOW", window)
    monkeypatch.setattr("grader.reading.encodings._WINDOW", window)
    assert [(cells_of(rows), rows.rejected) for rows in map(rows_of, texts)] == whole
    with pytest.raises(ExamgenError, match="not UTF-8"):
        rows_of(text + b"\xc3")


def test_many_empty_columns_are_no_trouble(tmp_path: Path) -> None:
    """Spreadsheets write delimiters behind the last column."""
    path = write_sheet(
        tmp_path / "a.csv", [(*row, "", "") for row in SHEET], ("student", *SLOTS, "", "")
    )
    answers = read(path)
    assert len(answers.students) == 4
    assert answers.notes == ()


def test_a_quoted_cell_of_many_lines_is_bounded(tmp_path: Path) -> None:
    """A quote that is closed megabytes later does not swallow what stands between."""
    path = tmp_path / "a.csv"
    filler = "s4,1,2,3,4\n" * (MAX_CELL // 5)
    path.write_text(f'{HEADER}\ns2,"1,2,3,4\n{filler}zoë,1",2,3,4\n', encoding="utf-8")
    answers = read(path)
    assert answers.rows_in == 2 + MAX_CELL // 5
    assert {("", 2), ("", answers.rows_in + 1)} <= set(reasons(answers))
