"""An exam taken by others than its manifest names: a class that shares versions A, B, C, …"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from examgen.columns import print_column
from examgen.errors import ExamgenError, Problem, suggestion
from examgen.manifest import FormulaKey, Manifest, NumberKey, Students
from grader.reading.delimited import read_rows
from grader.reading.encodings import read_bytes

COLUMNS = ("student", "version")
_OPTIONAL = ("name", "email", "group")
MOST_PROBLEMS = 20


@dataclass(frozen=True)
class Taker:
    """Who took which version."""

    student: str
    version: str
    name: str = ""
    email: str = ""
    group: str = ""


def handed_out(manifest: Manifest, takers: Sequence[Taker]) -> Manifest:
    """The exam for a class in which each got the paper of one student (version) of the manifest."""
    place = {version: row for row, version in enumerate(manifest.students.student)}
    rows = np.array([place[taker.version] for taker in takers], dtype=np.int64)
    codes = manifest.students.code
    students = Students(
        student=tuple(taker.student for taker in takers),
        name=tuple(taker.name for taker in takers),
        group=tuple(taker.group or taker.version for taker in takers),
        email=tuple(taker.email for taker in takers),
        code=tuple(codes[row] for row in rows.tolist()),
        variant=print_column(np.arange(len(takers))),
    )
    return lent(manifest, students, rows)


def lent(manifest: Manifest, students: Students, rows: np.ndarray) -> Manifest:
    """The exam for other students, each with the numbers and the key of a row of the manifest.

    rows: (students,), which row. Other ids make it no other exam: its record stays.

    >>> _chosen("1 2 3", np.array([2, 0, 2]))
    '3 1 3'
    """
    return replace(
        manifest,
        students=students,
        asked={name: _chosen_text(column, rows) for name, column in manifest.asked.items()},
        given={
            question: {name: _chosen(column, rows) for name, column in columns.items()}
            for question, columns in manifest.given.items()
        },
        key={name: _chosen_key(key, rows) for name, key in manifest.key.items()},
    )


def _chosen_key(key: NumberKey | FormulaKey, rows: np.ndarray) -> NumberKey | FormulaKey:
    if isinstance(key, FormulaKey):
        return key
    return NumberKey(_chosen_text(key.expected, rows), _chosen_text(key.tolerance, rows))


def _chosen(column: str | tuple[str, ...], rows: np.ndarray) -> str | tuple[str, ...]:
    """The rows of a column of numbers, or of one of texts."""
    if isinstance(column, str):
        return _chosen_text(column, rows)
    return tuple(column[row] for row in rows.tolist())


def _chosen_text(column: str, rows: np.ndarray) -> str:
    return " ".join(np.array(column.split(" "), dtype=object)[rows])


# --- the list of who took what -------------------------------------------------------------------


def read_takers(path: Path, manifest: Manifest) -> tuple[Taker, ...]:
    """Read a CSV with the columns student and version, and perhaps name, email and group.

    Raises ExamgenError with all that is wrong: a version there is not, a student named twice.
    """
    wanted = set(COLUMNS)
    rows = read_rows(
        read_bytes(path), path, lambda header: wanted <= {name.casefold() for name in header}
    )
    header = [name.casefold() for name in rows.header]
    places = {name: header.index(name) for name in (*COLUMNS, *_OPTIONAL) if name in header}
    if missing := [name for name in COLUMNS if name not in places]:
        found = f"no column '{missing[0]}'; found {', '.join(rows.header)}"
        raise ExamgenError(Problem(found, str(path), 1))
    takers = [
        Taker(**{name: cells[place].strip() for name, place in places.items()})
        for cells in rows.sample(len(rows.numbers))
    ]
    problems = [Problem(row.reason, str(path), row.row) for row in rows.rejected]
    problems += _faults(takers, rows.numbers.tolist(), path, manifest)
    if problems:
        raise ExamgenError(problems[:MOST_PROBLEMS])
    return tuple(takers)


def _faults(
    takers: Sequence[Taker], lines: Sequence[int], path: Path, manifest: Manifest
) -> Iterator[Problem]:
    versions = set(manifest.students.student)
    times = Counter(taker.student for taker in takers)
    if not takers:
        yield Problem("names no student", str(path))
    for taker, line in zip(takers, lines, strict=True):
        if not taker.student:
            yield Problem("no student id", str(path), line)
        elif times[taker.student] > 1:
            yield Problem(f"student '{taker.student}' stands there twice", str(path), line)
        if taker.version not in versions:
            near = suggestion(taker.version, versions)
            yield Problem(f"the exam has no version '{taker.version}'{near}", str(path), line)
