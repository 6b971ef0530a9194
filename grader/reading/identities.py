"""Whose row is whose: ids are compared as they stand, and what only resembles one is never joined.

Blanks around an id and its Unicode form do not tell two students apart; leading zeros and case do.
E-mail addresses are compared without case, names without case and in either order.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from examgen.manifest import Students
from grader.arrays import Bools, Indices

Holds = Literal["id", "email", "name"]
"""As what a column names a student."""

STRANGER = {"id": "unknown student", "email": "unknown e-mail address", "name": "unknown name"}
MISSING = {"id": "no student id", "email": "no e-mail address", "name": "no name"}
_MANY = {"email": "this e-mail address", "name": "this name"}
_SHORTENED = re.compile(r"(\d)(?:[.,](\d+))?[Ee]\+?(\d{1,2})", re.ASCII)


@dataclass(frozen=True)
class Found:
    """The student of each row, an index into the roster, -1 where there is none: `(rows,)`.

    `reasons` by row says why; `strangers` `(rows,)` marks the rows whose name neither is on the
    roster nor resembles one that is.
    """

    students: Indices
    reasons: dict[int, str]
    strangers: Bools

    def split(self, lengths: Sequence[int]) -> list[Found]:
        """The same for consecutive parts of the rows."""
        starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        reasons: list[dict[int, str]] = [{} for _ in lengths]
        parts = np.searchsorted(starts, np.array(list(self.reasons), dtype=np.int64), "right") - 1
        for part, (row, reason) in zip(parts.tolist(), self.reasons.items(), strict=True):
            reasons[part][row - int(starts[part])] = reason
        return [
            Found(self.students[start:end], reason, self.strangers[start:end])
            for start, end, reason in zip(starts[:-1], starts[1:], reasons, strict=True)
        ]


def find_students(written: pa.ChunkedArray, roster: Students, holds: Holds) -> Found:
    """Look up what a column says in the roster: ids, e-mail addresses or names."""
    register = _Register(roster, holds)
    names = register.same_form(written)
    places = pc.index_in(names, value_set=register.names, skip_nulls=True)
    students = pc.fill_null(places, -1).to_numpy().astype(np.int64)
    several = np.isin(students, register.shared)
    students[several] = -1
    rows = np.flatnonzero(students < 0)
    reasons = dict(zip(rows.tolist(), register.reasons(written, rows, several[rows]), strict=True))
    strangers = np.zeros(len(students), dtype=bool)
    strangers[[row for row, reason in reasons.items() if reason == STRANGER[holds]]] = True
    return Found(students, reasons, strangers)


def same_form(names: pa.Array | pa.ChunkedArray, holds: Holds) -> pa.Array | pa.ChunkedArray:
    """What is equal for two texts that name the same student."""
    trimmed = pc.utf8_trim_whitespace(names)
    if pc.all(pc.string_is_ascii(trimmed)).as_py() is False:
        trimmed = pc.utf8_normalize(trimmed, "NFC")
    if holds == "id":
        return trimmed
    folded = [_FOLD[holds](name) for name in trimmed.to_pylist()]
    return pa.array(folded, pa.string())


def likeness(student: str) -> str:
    """What is left of an id that spreadsheets and hands have been at.

    >>> likeness("00-123 456") == likeness("123456.0") == likeness("12.34.56")
    True
    """
    text = unicodedata.normalize("NFKC", student).casefold()
    text = re.sub(r"[.,]0$", "", text.strip())
    return re.sub(r"[\W_]+", "", text).lstrip("0")


def _name_form(name: str) -> str:
    """A name without case, its first name first.

    >>> _name_form("Lovelace,  Ada") == _name_form("Ada Lovelace")
    True
    """
    last, comma, first = name.partition(",")
    return " ".join(f"{first} {last}".split() if comma else name.split()).casefold()


_FOLD: dict[str, Callable[[str], str]] = {"email": str.casefold, "name": _name_form}


@dataclass
class _Register:
    """The roster as one kind of column names it, and what is nearly one of its names."""

    roster: Students
    holds: Holds
    alike: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    roundings: dict[int, dict[str, list[str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.written = {
            "id": self.roster.student,
            "email": self.roster.email,
            "name": self.roster.name,
        }[self.holds]
        self.names = self.same_form(pa.array(self.written, pa.string()))

    def same_form(self, names: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
        """See `same_form`; an empty text is nobody's name."""
        formed = same_form(names, self.holds)
        return pc.if_else(pc.equal(formed, ""), None, formed)

    @property
    def shared(self) -> Indices:
        """The first of several students with one name, for each such name."""
        if self.holds == "id":
            return np.empty(0, dtype=np.int64)
        first = pc.index_in(self.names, value_set=self.names, skip_nulls=True)
        found = first.drop_null().to_numpy().astype(np.int64)
        indices, counts = np.unique(found, return_counts=True)
        return indices[counts > 1]

    def reasons(self, written: pa.ChunkedArray, rows: Indices, several: Bools) -> Iterable[str]:
        """Why each of some rows names no student, or none for sure."""
        if not len(rows):
            return []
        for student in self.written:
            self.alike[likeness(student)].append(student)
        texts = written.take(pa.array(rows)).to_pylist()
        return [
            self.shared_by(text) if many else self.why_not(text)
            for text, many in zip(texts, several.tolist(), strict=True)
        ]

    def shared_by(self, text: str) -> str:
        """Several students of the roster go by the name."""
        form = self.same_form(pa.array([text], pa.string()))
        same = pc.index_in(self.names, value_set=form, skip_nulls=True).is_valid()
        ids = [self.roster.student[i] for i in np.flatnonzero(same.to_numpy(zero_copy_only=False))]
        return f"ambiguous: {_MANY[self.holds]} is that of {examples(ids, len(ids))}"

    def why_not(self, text: str) -> str:
        """Nobody on the roster goes by the name."""
        if not text.strip():
            return MISSING[self.holds]
        if near := self.alike.get(likeness(text)) or self.rounded(text):
            names = ", ".join(f"'{student}'" for student in near[:3])
            return (
                f"suspect: '{text[:80]}' resembles {names} of the roster, and was not joined to it"
            )
        return "the header again" if text.strip().casefold() == "student" else STRANGER[self.holds]

    def rounded(self, text: str) -> list[str]:
        """The ids that a spreadsheet shortens to this: `1.23E+05`."""
        match = _SHORTENED.fullmatch(text.strip())
        if not match or self.holds != "id":
            return []
        digits = len(match[2] or "")
        if digits not in self.roundings:
            self.roundings[digits] = self.rounded_ids(digits)
        value = f"{match[1]}.{match[2]}" if match[2] else match[1]
        return self.roundings[digits].get(f"{value}E+{int(match[3])}", [])

    def rounded_ids(self, digits: int) -> dict[str, list[str]]:
        """The ids that are numbers, by what is left of each with so many decimals."""
        found = defaultdict(list)
        for student in self.written:
            if student.isascii() and student.isdigit():
                found[f"{Decimal(student):.{digits}E}"].append(student)
        return found


def examples(texts: Iterable[str], count: int, limit: int = 5) -> str:
    """The first few of many, and how many more there are.

    >>> examples(["a", "b"], 3, limit=2)
    'a, b and 1 more'
    """
    shown = [text for _, text in zip(range(limit), texts, strict=False)]
    more = f" and {count - len(shown):,} more" if count > len(shown) else ""
    return ", ".join(shown) + more
