"""An export of a learning-management system: its rows of students and the columns for marks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

Rows = tuple[tuple[str, ...], ...]
Maximum = Callable[[int], float | None]
"""What a row's mark is out of; None where the export does not say."""

_NUMBER = re.compile(r"-?\d{1,15}(?:[.,]\d{1,15})?", re.ASCII)


def read_mark(text: str) -> float | None:
    """A number of an export, with a decimal point or comma; None for what is none.

    >>> read_mark(" 85,00"), read_mark("EX")
    (85.0, None)
    """
    stripped = text.strip()
    return float(stripped.replace(",", ".")) if _NUMBER.fullmatch(stripped) else None


@dataclass(frozen=True)
class MarkColumn:
    """A column that can take marks: its place, its title without ids, and what it is out of."""

    place: int
    title: str
    maximum: Maximum = lambda _: None


@dataclass(frozen=True)
class Export:
    """The rows of a file, and what is known of them.

    students: the rows of students. columns: those that can take marks. feedback: the column for
    texts to the students. locked: rows whose mark the system would not change.
    """

    rows: Rows
    header: int
    students: tuple[int, ...]
    columns: tuple[MarkColumn, ...] = ()
    feedback: int | None = None
    locked: frozenset[int] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """The header, without blanks around the names."""
        return tuple(name.strip() for name in self.rows[self.header])

    def cell(self, row: int, column: int) -> str:
        """A cell without blanks around it; empty beyond the end of its row."""
        cells = self.rows[row]
        return cells[column].strip() if column < len(cells) else ""

    def column(self, place: int) -> tuple[str, ...]:
        """A column of the students' rows."""
        rows = (self.rows[row] for row in self.students)
        return tuple([row[place].strip() if place < len(row) else "" for row in rows])

    def place(self, name: str) -> int | None:
        """Where a column stands, by its name in any case; None where there is none."""
        names = [other.casefold() for other in self.names]
        return names.index(name.casefold()) if name.casefold() in names else None


def outline(rows: Rows) -> Export:
    """A file of which nothing is known yet: the first row that is not blank is its header."""
    filled = [number for number, row in enumerate(rows) if any(cell.strip() for cell in row)]
    return Export(rows, filled[0], tuple(filled[1:]))
