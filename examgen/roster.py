"""The roster: who sits the exam, read exactly as written, or refused with reasons."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from examgen.errors import ExamgenError, Problem, suggestion
from examgen.files import file_name, fold, read_text

TEXTS = ("student", "name", "email", "group", "seat")
COLUMNS = (*TEXTS, "large")
MOST_BYTES = 10 << 20
MOST_STUDENTS = 100_000
LONGEST_CELL = 10_000
LONGEST_ID = 100
MOST_PROBLEMS = 100
MOST_TOLD = 10  # columns in a note

_YES, _NO = ("yes", "ja"), ("", "no", "nein")
_DELIMITERS = ",;\t"
_SHORTENED_NUMBER = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE | re.ASCII)
_MADE_DECIMAL = re.compile(r"\d{4,}\.0", re.ASCII)


@dataclass(frozen=True)
class Student:
    """A line of the roster: the id verbatim (leading zeros kept), and what else is known.

    large: whether the paper is in large print.
    """

    student: str
    name: str = ""
    email: str = ""
    group: str = ""
    seat: str = ""
    large: bool = False


@dataclass(frozen=True)
class Roster:
    """The students in the order of the file, and the columns that were and were not used."""

    students: tuple[Student, ...]
    ignored_columns: tuple[str, ...]
    used_columns: tuple[str, ...] = ()

    @property
    def unused(self) -> str:
        """The columns that were not used, each with the one that may be meant; or nothing.

        >>> Roster((), ("Large Print", "year"), ("student",)).unused
        "columns not used: 'Large Print' (did you mean 'large'?), 'year'"
        """
        free = [name for name in COLUMNS if name not in self.used_columns]
        told = [f"'{_short(name)}'{_meant(name, free)}" for name in self.ignored_columns]
        more = [f"and {len(told) - MOST_TOLD} more"] if len(told) > MOST_TOLD else []
        return f"columns not used: {', '.join(told[:MOST_TOLD] + more)}" if told else ""


@dataclass(frozen=True)
class _Row:
    line: int
    cells: tuple[str, ...]


def read_roster(path: Path) -> tuple[Student, ...]:
    """The students of a CSV file with a column `student`; raises ExamgenError: all problems."""
    return read_full_roster(path).students


def read_full_roster(path: Path) -> Roster:
    """Like `read_roster`, with the names of the columns that were ignored.

    Commas, semicolons or tabs; UTF-8 or UTF-16. Blanks around a cell are dropped and text is put in
    Unicode form NFC; nothing else is changed.
    """
    try:
        return _parse(read_text(path, MOST_BYTES))
    except ExamgenError as error:
        problems = [problem.at(file=str(path)) for problem in error.problems]
        more = len(problems) - MOST_PROBLEMS
        rest = [Problem(f"and {more} more problems", file=str(path))] if more > 0 else []
        raise ExamgenError(problems[:MOST_PROBLEMS] + rest) from None


def _parse(text: str) -> Roster:
    header, *rows = _rows(text) or [_Row(1, ())]
    columns = _columns(header)
    problems = [problem for row in rows for problem in _problems_of_row(row, header)]
    if not rows:
        problems.append(Problem("there are no students under the column names", line=header.line))
    problems += [problem for row in rows for problem in _problems_of_large(row, columns)]
    students = [_student(row, columns) for row in rows]
    numbered = [(row.line, student) for row, student in zip(rows, students, strict=True)]
    for line, student in numbered:
        problems.extend(problem.at(line=line) for problem in _problems_of_student(student))
    problems.extend(_collisions(numbered))
    if problems:
        raise ExamgenError(sorted(problems, key=lambda problem: problem.line))
    ignored = tuple(name for name in header.cells if _is_ignored(name))
    return Roster(tuple(students), ignored, tuple(columns))


# --- rows and columns ---------------------------------------------------------------------------


def _rows(text: str) -> list[_Row]:
    """The rows that are not blank, with their lines and with cells stripped, in form NFC."""
    rows = []
    for line, cells in _records(text):
        row = _Row(line, tuple(unicodedata.normalize("NFC", cell).strip() for cell in cells))
        if any(row.cells):
            rows.append(row)
        if len(rows) > MOST_STUDENTS + 1:
            raise ExamgenError(Problem(f"more than {MOST_STUDENTS} students", line=line))
    return rows


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """The records of the CSV text, each with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        message = f'a quote (") that is not closed or not doubled: {error}'
        raise ExamgenError(Problem(message, line=line)) from None


def _delimiter(text: str) -> str:
    """The separator under which the first line has a column `student`, else most columns."""
    header = next((line for line in text.splitlines() if line.strip()), "")

    def fitness(delimiter: str) -> tuple[bool, int]:
        names = [name.strip(' "').casefold() for name in header.split(delimiter)]
        return "student" in names, len(names)

    return max(_DELIMITERS, key=fitness)


def _columns(header: _Row) -> dict[str, int]:
    """Where the known columns are; raises if `student` is missing or one is there twice."""
    names = [name.casefold() for name in header.cells]
    if "student" not in names:
        raise ExamgenError(Problem(_no_student_column(header.cells), line=header.line))
    twice = [name for name in COLUMNS if names.count(name) > 1]
    if twice:
        raise ExamgenError(
            Problem(f"the column '{name}' is there twice", line=header.line) for name in twice
        )
    return {name: names.index(name) for name in COLUMNS if name in names}


def _no_student_column(found: Sequence[str]) -> str:
    if not any(found):
        return "the file is empty; its first line must name the columns, one of them 'student'"
    close = get_close_matches("student", [name.casefold() for name in found], n=1)
    near = [name for name in found if name.casefold() in close]
    hint = f" (is it '{near[0]}'?)" if near else ""
    listed = ", ".join(f"'{_short(name)}'" for name in found[:20])
    return f"there is no column 'student'; found {listed}{hint}; rename the column of the ids"


def _is_ignored(name: str) -> bool:
    return bool(name) and name.casefold() not in COLUMNS


def _meant(name: str, columns: Sequence[str]) -> str:
    """A clause with the column that has one of the name's words as its own, or nearly."""
    words = re.findall(r"\w+", name.casefold())
    own = next((column for column in columns if column in words), "")
    return f" (did you mean '{own}'?)" if own else suggestion(name.casefold(), columns)


def _student(row: _Row, columns: Mapping[str, int]) -> Student:
    """A row's student; cells missing at the end of a row are empty."""
    found = {name: _cell(row, columns, name) for name in TEXTS}
    return Student(**found, large=_cell(row, columns, "large").casefold() in _YES)


def _cell(row: _Row, columns: Mapping[str, int], name: str) -> str:
    index = columns.get(name, len(row.cells))
    return row.cells[index] if index < len(row.cells) else ""


# --- problems -----------------------------------------------------------------------------------


def _problems_of_row(row: _Row, header: _Row) -> Iterator[Problem]:
    if any(row.cells[len(header.cells) :]):
        message = f"{len(row.cells)} cells under {len(header.cells)} column names"
        yield Problem(f'{message}; text that holds the separator needs quotes (")', line=row.line)


def _problems_of_large(row: _Row, columns: Mapping[str, int]) -> Iterator[Problem]:
    cell = _cell(row, columns, "large")
    if cell.casefold() not in (*_YES, *_NO):
        yield Problem(f"'{_short(cell)}' is neither yes nor no", line=row.line, path="large")


def _problems_of_student(student: Student) -> Iterator[Problem]:
    for column in TEXTS:
        for message in _problems_of_cell(getattr(student, column)):
            yield Problem(message, path=column)
    message = _problem_of_id(student.student)
    if message:
        yield Problem(message, path="student")


def _problems_of_cell(cell: str) -> Iterator[str]:
    """What no cell may be: too long, with control characters, or a formula to a spreadsheet."""
    if len(cell) > LONGEST_CELL:
        yield f"longer than {LONGEST_CELL} characters"
    control = next((char for char in cell if unicodedata.category(char) in _CONTROLS), "")
    if control:
        yield f"a control character (U+{ord(control):04X}) in '{_short(cell)}'"
    if unicodedata.normalize("NFKC", cell[:1]) in ("=", "+", "@", "-") and len(cell) > 1:
        yield f"'{_short(cell)}' begins with '{cell[0]}': a spreadsheet would take it for a formula"


_CONTROLS = ("Cc", "Cs", "Zl", "Zp")


def _problem_of_id(student: str) -> str:
    """Why an id cannot be one, or nothing."""
    if not student:
        return "there is no id in this row"
    if len(student) > LONGEST_ID:
        return f"an id of more than {LONGEST_ID} characters: '{_short(student)}'"
    if _SHORTENED_NUMBER.fullmatch(student):
        return (
            f"'{student}' is an id that a spreadsheet has shortened, its digits are lost; format "
            "the column as text and export it again"
        )
    if _MADE_DECIMAL.fullmatch(student):
        return f"'{student}' is an id that was taken for a decimal; export the column as text"
    if student.startswith("#") or not any(char.isalnum() for char in student):
        return f"'{_short(student)}' is no id (a spreadsheet's error, or no letter and no digit)"
    invisible = next((char for char in student if unicodedata.category(char) == "Cf"), "")
    if invisible:
        return f"an invisible character (U+{ord(invisible):04X}) in '{_short(student)}'"
    return ""


def _collisions(numbered: Iterable[tuple[int, Student]]) -> Iterator[Problem]:
    """Ids that are equal, or that differ so little that one's file could replace the other's."""
    seen: dict[str, tuple[int, str]] = {}
    for line, student in numbered:
        if not student.student:
            continue  # a problem of its own
        for key in (fold(student.student), file_name(student.student).casefold()):
            first_line, first = seen.setdefault(key, (line, student.student))
            if first_line != line:
                message = _collision(student.student, first, first_line)
                yield Problem(message, line=line, path="student")
                break


def _collision(again: str, first: str, line: int) -> str:
    if again == first:
        return f"'{_short(again)}' is on line {line} already"
    return (
        f"'{_short(again)}' and '{_short(first)}' (line {line}) differ only in case or Unicode "
        "form, or share a file name"
    )


def _short(text: str) -> str:
    """A cell as a message can show it."""
    shown = "".join(char if char.isprintable() else "�" for char in text[:40])
    return shown + "..." if len(text) > 40 else shown
