"""Whose row is whose on an export: one column is the key; what only resembles one is never joined.

The key is the column that names most students of the exam, by id (as it stands) or by e-mail (in
any case).
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from examgen.errors import ExamgenError
from grader.lms.export import Export
from grader.lms.grades import Grades
from grader.lms.systems import System
from grader.reading.identities import likeness

_TRUSTED = 0.5  # of the key's matches: a column with so many names students, too, not by accident


@dataclass(frozen=True)
class Match:
    """Which row is which student's: `students` by row, and why a row that seems one's is not.

    key: the header of the column that told. by_name: it holds names, which two may share.
    """

    key: str
    by_name: bool
    students: Mapping[int, int]
    suspects: Mapping[int, str]


@dataclass(frozen=True)
class _Lookup:
    """One way to tell students: a column of the export against a column of the roster."""

    place: int
    header: str
    students: Mapping[int, int]  # by row

    @property
    def hits(self) -> int:
        return len(set(self.students.values()))


def match(export: Export, grades: Grades, system: System) -> Match:
    """Find each student's row; raises ExamgenError where none is found in any column."""
    lookups = list(_lookups(export, grades, system))
    key = max(lookups, key=lambda lookup: lookup.hits, default=None)
    by_name = key is None or not key.hits
    if key is None or by_name:
        key = _by_name(export, grades, system)
        lookups = [key]
    trusted = [lookup for lookup in lookups if lookup.hits >= _TRUSTED * key.hits]
    students, suspects = dict(key.students), dict(_resembling(export, grades, key))
    for row in export.students:
        others = {one.students[row]: one.header for one in trusted if row in one.students}
        others.pop(students.get(row, -1), None)
        for student, header in others.items():
            named = f"its '{header}' is that of {grades.student[student]}"
            suspects[row] = f"'{export.cell(row, key.place)[:40]}': {named}"
            students.pop(row, None)
    twice = _twice(students, grades)
    alone = {row: student for row, student in students.items() if row not in twice}
    return Match(key.header, by_name, alone, suspects | twice)


def _lookups(export: Export, grades: Grades, system: System) -> Iterator[_Lookup]:
    """All ways to tell students, those of the system's own key columns first."""
    ids = _unique(grades.student, _same)
    emails = _unique(grades.email, _same_email)
    for place in _key_places(export, system):
        yield _lookup(export, place, ids, _same)
        yield _lookup(export, place, emails, _same_email)


def _key_places(export: Export, system: System) -> list[int]:
    named = [place for key in system.keys if (place := export.place(key)) is not None]
    if not system.open_keys:
        return named
    others = set(range(len(export.names))) - {column.place for column in export.columns}
    return named + sorted(others - set(named))


def _by_name(export: Export, grades: Grades, system: System) -> _Lookup:
    """The full name as the key: the last resort, and only where a name is one student's."""
    names = _unique(grades.name, _same_name) if system.by_name else {}
    places = _key_places(export, system)
    lookups = [_lookup(export, place, names, _same_name) for place in places]
    best = max(lookups, key=lambda lookup: lookup.hits, default=None)
    if best is not None and best.hits:
        return best
    columns = ", ".join(f"'{export.names[place]}'" for place in places[:8])
    near = (why for lookup in lookups for _, why in _resembling(export, grades, lookup))
    hint = next((f"; but {why}" for why in near), "")
    raise ExamgenError(
        "no row is that of a student of this exam: neither ids nor e-mails of the roster stand "
        f"under {columns or 'any column that tells students apart'}{hint}"
    )


def _lookup(
    export: Export, place: int, students: Mapping[str, int], same: Callable[[str], str]
) -> _Lookup:
    cells = zip(export.students, export.column(place), strict=True)
    found = {row: students[text] for row, cell in cells if (text := same(cell)) in students}
    return _Lookup(place, export.names[place], found)


def _unique(texts: Sequence[str], same: Callable[[str], str]) -> dict[str, int]:
    """What tells one student from all others."""
    keys = [same(text) for text in texts]
    counts = Counter(keys)
    return {key: i for i, key in enumerate(keys) if key and counts[key] == 1}


def _same(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _same_email(text: str) -> str:
    return _same(text).casefold() if "@" in text else ""


def _same_name(text: str) -> str:
    return " ".join(_same(text).casefold().split())


def _resembling(export: Export, grades: Grades, key: _Lookup) -> Iterator[tuple[int, str]]:
    """Rows whose key is like that of a student: leading zeros lost, another case, blanks."""
    alike: dict[str, list[str]] = defaultdict(list)
    for student in grades.student:
        alike[likeness(student)].append(student)
    for row in export.students:
        cell = export.cell(row, key.place)
        if row not in key.students and cell and (near := alike.get(likeness(cell))):
            yield row, f"'{cell[:40]}' resembles {', '.join(near[:3])} of the roster"


def _twice(students: Mapping[int, int], grades: Grades) -> dict[int, str]:
    """Rows of which several are one student's: none can be said to be the right one."""
    counts = Counter(students.values())
    return {
        row: f"{counts[student]} rows are {grades.student[student]}'s"
        for row, student in students.items()
        if counts[student] > 1
    }
