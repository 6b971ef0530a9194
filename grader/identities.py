"""Whose row is whose: ids are compared as they stand, and what only resembles one is never joined.

Blanks around an id and its Unicode form do not tell two students apart; leading zeros and case do.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Identities:
    """Which rows belong to a student, in roster order, and why each of the others does not.

    `rows` and `students` `(graded,)`; `reasons` by row; `strangers` counts the rows whose id
    neither is on the roster nor resembles one that is.
    """

    rows: Indices
    students: Indices
    reasons: dict[int, str]
    strangers: int
    absent: Indices


def match_students(
    ids: pa.ChunkedArray, roster: Sequence[str], places: Indices, key: str
) -> Identities:
    """Match the ids of rows against the roster; `places` are the rows' places in the file.

    Of several rows for one student none is graded: which one counts is the instructor's to say.
    """
    ids = _same_form(ids)
    known = pc.index_in(ids, value_set=_same_form(pa.array(roster, pa.string())))
    students = pc.fill_null(known, -1).to_numpy().astype(np.int64)
    times = np.bincount(students[students >= 0], minlength=len(roster))
    once = (students >= 0) & (times[students] == 1 if len(roster) else False)
    rows = np.flatnonzero(once)
    rows = rows[np.argsort(students[rows], kind="stable")]
    unknown = _unknown(ids, np.flatnonzero(students < 0), roster, key)
    twice = _submitted_twice(students, np.flatnonzero((students >= 0) & ~once), places)
    strangers = sum(reason == _STRANGER for reason in unknown.values())
    return Identities(rows, students[rows], unknown | twice, strangers, np.flatnonzero(times == 0))


_STRANGER = "unknown student"


def _same_form(ids: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    trimmed = pc.utf8_trim_whitespace(ids)
    if pc.all(pc.string_is_ascii(trimmed)).as_py() is False:
        return pc.utf8_normalize(trimmed, "NFC")
    return trimmed


def _unknown(
    ids: pa.ChunkedArray, rows: Indices, roster: Sequence[str], key: str
) -> dict[int, str]:
    if not len(rows):
        return {}
    alike: dict[str, list[str]] = defaultdict(list)
    for student in roster:
        alike[_likeness(student)].append(student)
    written = ids.take(pa.array(rows)).to_pylist()
    return {row: _why(id_, alike, key) for row, id_ in zip(rows.tolist(), written, strict=True)}


def _why(written: str, alike: dict[str, list[str]], key: str) -> str:
    if not written:
        return "no student id"
    if near := alike.get(_likeness(written)):
        names = ", ".join(f"'{student}'" for student in near[:3])
        return (
            f"suspect: '{written[:80]}' resembles {names} of the roster, and was not joined to it"
        )
    return "the header again" if written.casefold() == key else _STRANGER


def _likeness(student: str) -> str:
    """What is left of an id that spreadsheets and hands have been at.

    >>> _likeness("00-123 456") == _likeness("123456.0")
    True
    """
    text = unicodedata.normalize("NFKC", student).casefold()
    text = re.sub(r"[.,]0+$", "", text.strip())
    return re.sub(r"[\W_]+", "", text).lstrip("0")


def _submitted_twice(students: Indices, rows: Indices, places: Indices) -> dict[int, str]:
    where: dict[int, list[int]] = defaultdict(list)
    for row in rows.tolist():
        where[int(students[row])].append(int(places[row]))
    return {row: _all_places(where[int(students[row])]) for row in rows.tolist()}


def _all_places(places: list[int]) -> str:
    shown = ", ".join(map(str, places[:10])) + (" …" if len(places) > 10 else "")
    return f"{len(places)} submissions of this student, rows {shown}: none was graded"


def examples(texts: Iterable[str], count: int, limit: int = 5) -> str:
    """The first few of many, and how many more there are.

    >>> examples(["a", "b"], 3, limit=2)
    'a, b and 1 more'
    """
    shown = [text for _, text in zip(range(limit), texts, strict=False)]
    more = f" and {count - len(shown):,} more" if count > len(shown) else ""
    return ", ".join(shown) + more
