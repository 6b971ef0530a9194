"""What the columns of a file hold, where that is plain: from its header and its first rows.

A header tells an answer slot by its id, alone or inside (`Q3 [q1.h1]`, `101: q1.h1`), or numbers
the responses in paper order (`Response 1`, in any language). Who a row belongs to is told by what
stands there, since headers are in the language of the site: the column whose cells are the
roster's ids, e-mail addresses or names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from operator import itemgetter

import pyarrow as pa

from examgen.manifest import Manifest
from grader.reading.identities import Holds, likeness, same_form
from grader.reading.mapping import AnswerMapping, Column, SlotColumn, StudentColumn
from grader.reading.packed import parts_in
from grader.reading.tabular import Table

LONG = ("student", "slot", "response")
SAMPLE = 200  # rows that are looked at
_ENOUGH = 0.5  # the share of rows that must name a student of the roster
_NUMBERED = re.compile(r"(?P<prefix>[^\W\d_][^\d]*?)\s*(?P<number>\d{1,4})")
_RESPONSE = (
    *("response", "antwort", "réponse", "respuesta", "risposta", "resposta", "antwoord", "svar"),
    *("odpowiedź", "odpověď", "vastaus", "válasz", "răspuns", "ответ", "yanıt", "回答", "答案"),
)
_STUDENT_HEADERS: dict[Holds, tuple[str, ...]] = {
    "id": (
        *("student", "student id", "id number", "sis_id", "sis user id", "matrikelnummer"),
        *("id-nummer", "username"),
    ),
    "email": ("email", "email address", "e-mail", "e-mail-adresse", "e-mail address"),
    "name": ("name", "full name"),
}
_TIMES = (
    *("submitted", "completion time", "timestamp", "completed", "completed on", "finished"),
    *("zeitstempel", "beendet", "fertigstellungszeit", "abgeschlossen", "time"),
)
_ATTEMPTS = ("attempt", "versuch")
_CODES = ("code", "variant", "variante")
_PROGRAMS = (
    ("Canvas Student Analysis", {"name", "id", "submitted"}),
    ("Microsoft Forms", {"id", "start time", "completion time"}),
    ("Microsoft Forms", {"id", "startzeit", "fertigstellungszeit"}),
    ("Google Forms", {"timestamp"}),
    ("Google Forms", {"zeitstempel"}),
)


@dataclass(frozen=True)
class Guesser:
    """What is known of an exam: how its slots and its students may be named in a file."""

    manifest: Manifest

    @cached_property
    def slot_ids(self) -> frozenset[str]:
        """The ids of all slots."""
        return frozenset(slot.id for slot in self.manifest.slots)

    @cached_property
    def _slot_id(self) -> re.Pattern[str]:
        longest_first = sorted(map(re.escape, self.slot_ids), key=len, reverse=True)
        return re.compile(rf"(?<![\w.'/-])(?:{'|'.join(longest_first)})(?![\w'/-]|\.\w)")

    @cached_property
    def students(self) -> dict[Holds, frozenset[str]]:
        """What the roster's columns hold, as `_loose` writes it."""
        roster = self.manifest.students
        columns: dict[Holds, Sequence[str]] = {
            "id": roster.student,
            "email": roster.email,
            "name": roster.name,
        }
        return {
            holds: frozenset(_loose(written, holds)) - {""} for holds, written in columns.items()
        }

    def slots_in(self, header: Sequence[str]) -> dict[str, list[int]]:
        """The columns whose name holds exactly one slot id, by slot."""
        found: dict[str, list[int]] = {}
        for place, name in enumerate(header):
            slots = {name} if name in self.slot_ids else set(self._slot_id.findall(name))
            if len(slots) == 1:
                found.setdefault(slots.pop(), []).append(place)
        return found

    def knows(self, header: Sequence[str]) -> bool:
        """Whether a line looks like the header of answers: two cells or more, slots among them."""
        if len(header) < 2:
            return False
        if not self.slot_ids.isdisjoint(header) or long_columns(header):
            return True
        return bool(self.slots_in(header) or _numbered(header))

    def mapping(self, table: Table) -> AnswerMapping | None:
        """What the columns are, or None where that is not plain."""
        header, rows = table.header, table.sample(SAMPLE)
        by_name = self._slots_by_name(header)
        slots = by_name or _slots_by_number(header, rows, self.manifest)
        student = slots and self._student(header, rows, slots)
        if not slots or not student:
            return None
        code = _first_of(_CODES, header)
        return AnswerMapping(
            name=_program(header, numbered=not by_name),
            student=student,
            time=_first_of(_TIMES, header),
            attempt=_first_of(_ATTEMPTS, header),
            code=None if code in student.columns else code,
            blank=None if by_name else "-",
            slots={slot: at if at.part else at.column for slot, at in slots.items()},
        )

    def _slots_by_name(self, header: Sequence[str]) -> dict[str, SlotColumn] | None:
        """Of several columns with one slot the one whose name is part of all the others' names.

        Quizzes add `Points - q1.h1` or `q1.h1 [Score]` to each question.
        """
        found = {}
        for slot, places in self.slots_in(header).items():
            shortest = min(places, key=lambda place: len(header[place]))
            if not all(header[shortest] in header[place] for place in places):
                return None
            if sum(header[place] == header[shortest] for place in places) > 1:
                return None
            found[slot] = SlotColumn(column=_column(shortest, header))
        return found or None

    def _student(
        self, header: Sequence[str], rows: Sequence[Sequence[str]], slots: Mapping[str, SlotColumn]
    ) -> StudentColumn | None:
        """The column that names the students: by its cells, by its name where there are no rows."""
        if not rows:
            return _student_by_name(header)
        taken = {place.column for place in slots.values()}
        free = [i for i in range(len(header)) if _column(i, header) not in taken]
        kinds: tuple[Holds, ...]
        for kinds in (("id", "email"), ("name",)):
            found = [(self._named(holds, header, rows, free), holds) for holds in kinds]
            hits, places, holds = max(((n, p, h) for (n, p), h in found), key=itemgetter(0))
            if hits:
                named = [_column(place, header) for place in places]
                return StudentColumn(column=named if len(named) > 1 else named[0], holds=holds)
        return None

    def _named(
        self, holds: Holds, header: Sequence[str], rows: Sequence[Sequence[str]], free: list[int]
    ) -> tuple[int, tuple[int, ...]]:
        """How many students the best column for this names, and which column it is."""
        columns = [(i,) for i in free] + ([*_pairs(free)] if holds == "name" else [])
        cells = {places: _loose(_joined(rows, places), holds) for places in columns}
        return _best(cells, self.students[holds], _called(header, holds))


def long_columns(header: Sequence[str]) -> tuple[int, int, int] | None:
    """The columns student, slot and response of a file with a row an answer."""
    lower = [name.casefold() for name in header]
    if any(lower.count(name) != 1 for name in LONG):
        return None
    student, slot, response = (lower.index(name) for name in LONG)
    return student, slot, response


def time_column(header: Sequence[str]) -> int | None:
    """The column that tells when a row was submitted, by its name."""
    name = _first_of(_TIMES, header)
    return None if name is None else header.index(name)


def code_column(header: Sequence[str]) -> int | None:
    """The column that tells which paper a row answers, by its name."""
    name = _first_of(_CODES, header)
    return None if name is None else header.index(name)


def _first_of(known: Sequence[str], header: Sequence[str]) -> str | None:
    """The first of some known names that one column has."""
    lower = [name.casefold() for name in header]
    return next((header[lower.index(name)] for name in known if lower.count(name) == 1), None)


def _program(header: Sequence[str], *, numbered: bool) -> str:
    lower = {name.casefold() for name in header}
    if numbered:
        return "Moodle quiz responses"
    return next((name for name, columns in _PROGRAMS if columns <= lower), "a table of answers")


def _column(place: int, header: Sequence[str]) -> Column:
    """A column by its name, or by its number where the name stands there twice."""
    return header[place] if header[place] and header.count(header[place]) == 1 else place + 1


# --- numbered responses -------------------------------------------------------------------------


def _numbered(header: Sequence[str]) -> list[int] | None:
    """The columns `Response 1` … `Response N`, whatever the language, in their order."""
    families: dict[str, dict[int, int]] = {}
    for place, name in enumerate(header):
        if match := _NUMBERED.fullmatch(name):
            family = families.setdefault(match["prefix"].casefold(), {})
            family.setdefault(int(match["number"]), place)
    whole = {prefix: f for prefix, f in families.items() if sorted(f) == [*range(1, len(f) + 1)]}
    known = [prefix for prefix in whole if prefix in _RESPONSE] or list(whole)
    if len(known) != 1:
        return None
    return [place for _, place in sorted(whole[known[0]].items())]


def _slots_by_number(
    header: Sequence[str], rows: Sequence[Sequence[str]], manifest: Manifest
) -> dict[str, SlotColumn] | None:
    """Numbered responses in paper order: each a slot, or packed from the slots of a question."""
    if not (places := _numbered(header)):
        return None
    parts = [max((parts_in(row[place]) for row in rows), default=0) for place in places]
    if [max(1, count) for count in parts] == [len(q.slots) for q in manifest.questions]:
        groups = [[slot.id for slot in question.slots] for question in manifest.questions]
    elif len(places) == len(manifest.slots) and max(parts) <= 1:
        groups = [[slot.id] for slot in manifest.slots]
    else:
        return None
    return {
        slot: SlotColumn(column=_column(place, header), part=number if count else None)
        for slots, place, count in zip(groups, places, parts, strict=True)
        for number, slot in enumerate(slots, start=1)
    }


# --- students -----------------------------------------------------------------------------------


def _pairs(places: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Neighbours in both orders, since first and last name may stand in two columns."""
    for left, right in pairwise(places):
        yield from ((left, right), (right, left))


def _joined(rows: Sequence[Sequence[str]], places: Sequence[int]) -> list[str]:
    return [" ".join(row[place] for place in places) for row in rows]


def _called(header: Sequence[str], holds: Holds) -> frozenset[tuple[int, ...]]:
    """The columns whose name says that they hold this."""
    known = _STUDENT_HEADERS[holds]
    return frozenset((i,) for i, name in enumerate(header) if name.casefold() in known)


def _loose(texts: Sequence[str], holds: Holds) -> list[str]:
    """What two spellings of one name have in common; ids may have lost their zeros."""
    if holds == "id":
        return [likeness(text) for text in texts]
    formed: list[str] = same_form(pa.array(texts, pa.string()), holds).to_pylist()
    return formed


def _best(
    cells: Mapping[tuple[int, ...], Sequence[str]],
    known: frozenset[str],
    named: frozenset[tuple[int, ...]],
) -> tuple[int, tuple[int, ...]]:
    """The column with the most students of the roster, and how many; 0 where that is not plain."""
    hits = {places: len(known.intersection(texts)) for places, texts in cells.items()}
    most = max(hits.values(), default=0)
    best = [places for places, count in hits.items() if count == most]
    best = [places for places in best if places in named] or best
    if not most or any(cells[places] != cells[best[0]] for places in best):
        return 0, ()
    enough = most >= _ENOUGH * len(set(cells[best[0]]) - {""})
    return (most, best[0]) if enough else (0, ())


def _student_by_name(header: Sequence[str]) -> StudentColumn | None:
    for holds, known in _STUDENT_HEADERS.items():
        if (column := _first_of(known, header)) is not None:
            return StudentColumn(column=column, holds=holds)
    return None
