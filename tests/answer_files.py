"""Answer files for the tests of reading: an exam whose students have names, and small helpers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from synthetic_exam import STUDENTS, make_manifest

from examgen.manifest import Manifest
from grader.reading.responses import Answers, read_answers

DATA = Path(__file__).parent / "data" / "answers"
NAMES = ("Ada Lovelace", "Bob Ross", "Zoë Mey", "Sam Poe")
EMAILS = ("ada@example.org", "bob@example.org", "zoe@example.org", "sam@example.org")


def make_class(names: Sequence[str] = NAMES, emails: Sequence[str] = EMAILS) -> Manifest:
    """The synthetic exam for four students with these names and e-mail addresses."""
    manifest = make_manifest()
    students = replace(manifest.students, name=tuple(names), email=tuple(emails))
    return replace(manifest, students=students)


def read(*paths: Path, **options: Any) -> Answers:
    """The answers in files to the synthetic exam; every row is accounted for."""
    answers = read_answers(list(paths), options.pop("manifest", make_class()), **options)
    assert answers.rows_in == int(answers.used.sum()) + len(answers.rejected)
    return answers


def by_student(answers: Answers) -> dict[str, list[str]]:
    """The cells of each graded student as they were written."""
    texts = answers.cells.texts.to_pylist()
    return {
        STUDENTS[student]: [texts[code] for code in codes]
        for student, codes in zip(answers.students, answers.cells.codes, strict=True)
    }


def numbers(answers: Answers) -> dict[str, list[float | None]]:
    """What each graded student's cells were read as, None for no number."""
    values = answers.readings.values[answers.cells.codes]
    return {
        STUDENTS[student]: [None if value != value else float(value) for value in row]
        for student, row in zip(answers.students, values, strict=True)
    }


def unreadable(answers: Answers, student: str, slot: int) -> str:
    """Why a cell cannot be read."""
    row = [STUDENTS[i] for i in answers.students].index(student)
    return answers.readings.reasons[int(answers.cells.codes[row, slot])]


def reasons(answers: Answers) -> dict[tuple[str, int], str]:
    """Why which row of which file was rejected."""
    found = {(rejected.file, rejected.row): rejected.reason for rejected in answers.rejected}
    assert len(found) == len(answers.rejected)
    return found


def write_workbook(path: Path, *sheets: Iterable[Sequence[Any]]) -> Path:
    """A workbook with these sheets."""
    book = Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path
