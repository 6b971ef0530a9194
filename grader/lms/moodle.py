"""Moodle's two exports, in the language of the site: the gradebook and an assignment's worksheet.

Known languages are found by Moodle's own words for the columns, others by how the columns are
filled.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from grader.lms.export import Export, MarkColumn, read_mark

BLANK = frozenset({"", "-"})
"""What stands for no mark."""


@dataclass(frozen=True)
class Words:
    """What Moodle calls things in one language."""

    id_number: str
    email: str
    total: str
    no_marks: tuple[str, ...]
    grade: str
    maximum: str
    changeable: str
    no: str
    feedback: str


LANGUAGES = (
    Words(
        id_number="ID number",
        email="Email address",
        total="total",
        no_marks=("Percentage", "Letter", "Feedback"),
        grade="Grade",
        maximum="Maximum grade",
        changeable="Grade can be changed",
        no="No",
        feedback="Feedback comments",
    ),
    Words(
        id_number="ID-Nummer",
        email="E-Mail-Adresse",
        total="gesamt",
        no_marks=("Prozentsatz", "Note", "Rückmeldung"),
        grade="Bewertung",
        maximum="Bestwertung",
        changeable="Bewertung kann geändert werden",
        no="Nein",
        feedback="Feedback als Kommentar",
    ),
    Words(
        id_number="Número de ID",
        email="Dirección de correo",
        total="total",
        no_marks=("Porcentaje", "Letra", "Retroalimentación"),
        grade="Calificación",
        maximum="Calificación máxima",
        changeable="La calificación puede ser cambiada",
        no="No",
        feedback="Comentarios de retroalimentación",
    ),
)

KEYS = (*(word for w in LANGUAGES for word in (w.id_number, w.email)), "Username")

# `Assignment: Midterm (Real)`: the kind of activity, its name, how its marks are shown.
_ITEM = re.compile(r"(?:(?P<kind>[^:]*): *)?(?P<name>.*?)(?: *\((?P<shown>[^()]*)\))?")
_PARTICIPANT = re.compile(r"\D+\d+")
_DECIMAL_MARK = re.compile(r"-|\d+[.,]\d+", re.ASCII)
_LARGEST = 1e6  # beyond: the time of the download, in seconds


def _said(word: Callable[[Words], str]) -> frozenset[str]:
    return frozenset(word(words).casefold() for words in LANGUAGES)


_TOTAL = tuple(f" {word}" for word in _said(lambda words: words.total))
_NO_MARKS = tuple(word.casefold() for words in LANGUAGES for word in words.no_marks)


# --- the gradebook ------------------------------------------------------------------------------


def read_gradebook(export: Export) -> Export:
    """The gradebook: a column an activity; what its marks are out of is not said."""
    columns = (_item(export, place) for place in range(len(export.names)))
    return replace(export, columns=tuple(column for column in columns if column))


def _item(export: Export, place: int) -> MarkColumn | None:
    """The column of an activity; None for all else, totals included, which no import may set."""
    header = unicodedata.normalize("NFKC", export.names[place])  # German has a hard space there
    item = _ITEM.fullmatch(header)
    assert item is not None, "bug: every part is optional"
    if _is_no_mark(item) or not _holds_marks(export, place):
        return None
    return MarkColumn(place, item["name"])


def _is_no_mark(item: re.Match[str]) -> bool:
    """A total, or something else about an activity, such as its feedback."""
    about = ((item["kind"] or "").casefold(), (item["shown"] or "").casefold())
    return f" {item['name'].casefold()}".endswith(_TOTAL) or any(
        word.startswith(_NO_MARKS) for word in about
    )


def _holds_marks(export: Export, place: int) -> bool:
    """Marks or nothing in every cell; without brackets in its name a column needs decimals."""
    cells = [cell for cell in export.column(place) if cell]
    if not re.search(r"[:(]", export.names[place]):
        return bool(cells) and all(map(_DECIMAL_MARK.fullmatch, cells))
    marks = [read_mark(cell) for cell in cells if cell not in BLANK]
    return all(mark is not None and mark < _LARGEST for mark in marks)


# --- the worksheet of an assignment -------------------------------------------------------------


def is_worksheet(export: Export) -> bool:
    """Whether the first column holds `Participant 123`, whatever the language."""
    ids = export.column(0)
    return bool(ids) and all(map(_PARTICIPANT.fullmatch, ids)) and len(set(ids)) == len(ids)


def read_worksheet(export: Export) -> Export:
    """The worksheet: the column of the grade stands before that of the maximum."""
    for words in LANGUAGES:
        grade, maximum = export.place(words.grade), export.place(words.maximum)
        if grade is not None and maximum is not None:
            return _localised(export, words, _graded(export, grade, maximum))
    places = range(1, len(export.names) - 1)
    columns = (_graded(export, p, p + 1) for p in places if _looks_graded(export, p))
    return replace(export, columns=tuple(columns))


def _localised(export: Export, words: Words, column: MarkColumn) -> Export:
    changeable = export.place(words.changeable)
    locked: frozenset[int] = frozenset()
    if changeable is not None:
        cells = zip(export.students, export.column(changeable), strict=True)
        locked = frozenset(row for row, cell in cells if cell == words.no)
    feedback = export.place(words.feedback)
    return replace(export, columns=(column,), feedback=feedback, locked=locked)


def _graded(export: Export, grade: int, maximum: int) -> MarkColumn:
    return MarkColumn(grade, export.names[grade], lambda row: read_mark(export.cell(row, maximum)))


def _looks_graded(export: Export, place: int) -> bool:
    """Whether the next column holds the same number in all rows and this one none above it."""
    maxima = set(export.column(place + 1))
    highest = read_mark(next(iter(maxima))) if len(maxima) == 1 else None
    if highest is None or highest <= 0:
        return False
    marks = [read_mark(cell) for cell in export.column(place) if cell not in BLANK]
    return all(mark is not None and mark <= highest for mark in marks)
