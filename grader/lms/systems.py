"""The learning-management systems, a row each: how their exports are known and read.

What is said here was read in the importers' sources (Canvas `gradebook_importer.rb`, Moodle
`grade/import/csv` and `mod/assign/feedback/offline`) and in the systems' manuals.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from examgen.errors import ExamgenError
from grader.lms import moodle
from grader.lms.export import Export, MarkColumn, Rows, outline, read_mark

Lms = Literal["canvas", "moodle", "moodle-worksheet", "gradescope", "blackboard"]

MOODLE_LARGEST = 100.0
"""A larger mark aborts a whole import, unless the site allows unlimited grades."""


@dataclass(frozen=True)
class System:
    """How one system's exports are read.

    expected: what its header looks like, for people. recognise: whether a file is of this system.
    keys: the columns that tell students apart, the best first. open_keys: the header is in the
    language of the site, so any other column may be the key as well. by_name: names may be the key
    where nothing better is. blank: what stands for no mark. barred: what
    no mark replaces. largest: no mark may be larger. php: read by PHP, to which a backslash before
    a quote is no end of the cell.
    """

    label: str
    expected: str
    recognise: Callable[[Export], bool]
    read: Callable[[Export], Export]
    keys: tuple[str, ...]
    open_keys: bool = False
    by_name: bool = False
    blank: frozenset[str] = frozenset({""})
    barred: frozenset[str] = frozenset()
    largest: float | None = None
    php: bool = False


# --- Canvas -------------------------------------------------------------------------------------

_CANVAS_ASSIGNMENT = re.compile(r"(.*) \(\d+\)")
_CANVAS_POSTING = re.compile(r"\s*(muted|manual posting.*)?\s*", re.IGNORECASE)


def _is_canvas(export: Export) -> bool:
    names = export.names
    return "Section" in names and (names[:2] == ("Student", "ID") or names[:1] == ("LastName",))


def _read_canvas(export: Export) -> Export:
    """Assignments end in their id; the row `Points Possible` has their maximum, or `(read only)`.

    Above it may stand a row that says which marks are posted by hand.
    """
    worth = next((r for r in export.students if "Points Possible" in export.cell(r, 0)), None)
    students = tuple(row for row in export.students if row != worth and _is_student(export, row))
    columns = []
    for place, name in enumerate(export.names):
        assignment = _CANVAS_ASSIGNMENT.fullmatch(name)
        points = export.cell(worth, place) if worth is not None else ""
        if assignment and "read only" not in points:
            columns.append(MarkColumn(place, assignment[1], _always(read_mark(points))))
    return replace(export, students=students, columns=tuple(columns))


def _is_student(export: Export, row: int) -> bool:
    return not all(map(_CANVAS_POSTING.fullmatch, export.rows[row]))


def _always(maximum: float | None) -> Callable[[int], float | None]:
    return lambda _: maximum


# --- Gradescope ---------------------------------------------------------------------------------


def _is_gradescope(export: Export) -> bool:
    return {"Total Score", "Max Points"} <= set(export.names)


def _read_gradescope(export: Export) -> Export:
    score, points = (export.names.index(name) for name in ("Total Score", "Max Points"))
    column = MarkColumn(score, "Total Score", lambda row: read_mark(export.cell(row, points)))
    return replace(export, columns=(column,))


# --- Blackboard ---------------------------------------------------------------------------------

# `Midterm [Total Pts: 100 Score] |_123_1`; a calculated column says `up to 100`.
_BLACKBOARD = re.compile(
    r"(?P<title>.*) \[[^\]:]*: (?P<up_to>\D*?)(?P<points>\d[\d.,]*) (?P<shown>[^\]]*)\] ?\|\w+"
)
_BLACKBOARD_NO_MARKS = re.compile("percentage|letter|text|complete", re.IGNORECASE)


def _is_blackboard(export: Export) -> bool:
    return any(map(_BLACKBOARD.fullmatch, export.names))


def _read_blackboard(export: Export) -> Export:
    columns = []
    for place, name in enumerate(export.names):
        item = _BLACKBOARD.fullmatch(name)
        if item and not item["up_to"] and not _BLACKBOARD_NO_MARKS.match(item["shown"]):
            columns.append(MarkColumn(place, item["title"], _always(read_mark(item["points"]))))
    return replace(export, columns=tuple(columns))


# --- the table ----------------------------------------------------------------------------------

SYSTEMS: Mapping[Lms, System] = {
    "canvas": System(
        label="Canvas gradebook",
        expected="Student,ID,SIS Login ID,Section,Title (12345)",
        recognise=_is_canvas,
        read=_read_canvas,
        keys=("SIS User ID", "SIS Login ID", "Integration ID", "ID"),
        barred=frozenset({"N/A"}),
    ),
    "moodle-worksheet": System(
        label="Moodle grading worksheet",
        expected="Identifier (Participant 123),Full name,...,Grade,Maximum grade",
        recognise=moodle.is_worksheet,
        read=moodle.read_worksheet,
        keys=moodle.KEYS,
        open_keys=True,
        by_name=True,
        blank=moodle.BLANK,
        php=True,
    ),
    "gradescope": System(
        label="Gradescope scores",
        expected="First Name,Last Name,SID,Email,...,Total Score,Max Points,Status",
        recognise=_is_gradescope,
        read=_read_gradescope,
        keys=("SID", "Email"),
    ),
    "blackboard": System(
        label="Blackboard grade centre",
        expected="Last Name,First Name,Username,Title [Total Pts: 100 Score] |123",
        recognise=_is_blackboard,
        read=_read_blackboard,
        keys=("Username", "Student ID"),
        open_keys=True,
    ),
    "moodle": System(
        label="Moodle gradebook",
        expected="First name,Surname,ID number,Email address,Assignment: Title (Real)",
        recognise=lambda _: True,  # in any language, so: what none of the others is
        read=moodle.read_gradebook,
        keys=moodle.KEYS,
        open_keys=True,
        blank=moodle.BLANK,
        largest=MOODLE_LARGEST,
        php=True,
    ),
}
"""The systems by name; a file is of the first one that recognises it."""


def read_export(lms: Lms, rows: Rows) -> Export:
    """What a file holds as an export of this system; raises ExamgenError where it is of another."""
    export = outline(rows)
    found = next(name for name, system in SYSTEMS.items() if system.recognise(export))
    if found != lms:
        what = f"this looks like: {SYSTEMS[found].label}" if found != "moodle" else "it is not"
        raise ExamgenError(
            f"expected an export of the {SYSTEMS[lms].label} ({SYSTEMS[lms].expected}); {what}; "
            f"its header: {', '.join(export.names)[:200]}"
        )
    return SYSTEMS[lms].read(export)
