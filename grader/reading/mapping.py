"""The mapping file: which column names the student, and which is which answer slot.

    name: Canvas Student Analysis
    student: {column: sis_id, holds: id}
    time: submitted
    code: Variant
    slots:
      'q1.h1': '101: q1.h1'
      'q1.w': {column: 'Response 1', part: 2}

A column goes by its name or, where that stands there twice, by its number from 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from examgen.errors import ExamgenError, Problem, suggestion
from examgen.forms import Form
from examgen.manifest import Manifest
from examgen.strict_yaml import read
from examgen.validation import validated
from grader.reading.identities import Holds
from grader.reading.layout import Layout, Place
from grader.reading.packed import Packing
from grader.reading.tabular import header_cell

Column = Annotated[int, Field(ge=1)] | Annotated[str, Field(min_length=1)]


class StudentColumn(Form):
    """Which column (or columns, joined by blanks) names the student, and as what."""

    column: Column | list[Column]
    holds: Holds = "id"

    @property
    def columns(self) -> list[Column]:
        """The columns, also where it is one."""
        return self.column if isinstance(self.column, list) else [self.column]


class SlotColumn(Form):
    """The column of one slot; `part` (from 1) where the column packs several answers."""

    column: Column
    part: Annotated[int, Field(ge=1, le=999)] | None = None
    packing: Packing = "parts"


class LongColumns(Form):
    """The columns of a file with a row an answer."""

    slot: Column
    response: Column


class AnswerMapping(Form):
    """The fields of a mapping file; either `slots` or `long` says where the answers are."""

    name: str = "mapped columns"
    student: StudentColumn
    time: Column | None = None
    attempt: Column | None = None
    code: Column | None = Field(None, description="The code printed on the paper")
    blank: str | None = Field(None, description="What stands in a cell that was left blank")
    slots: dict[str, Column | SlotColumn] = Field(default_factory=dict)
    long: LongColumns | None = None

    @model_validator(mode="after")
    def _says_where_answers_are(self) -> AnswerMapping:
        if bool(self.slots) == (self.long is not None):
            raise ValueError("expected either slots or long")
        return self

    @property
    def places(self) -> dict[str, SlotColumn]:
        """The slots, each with its column written out."""
        return {
            slot: place if isinstance(place, SlotColumn) else SlotColumn(column=place)
            for slot, place in self.slots.items()
        }

    @property
    def columns(self) -> Iterator[Column]:
        """Every column that is named."""
        yield from self.student.columns
        yield from (place.column for place in self.places.values())
        yield from (self.long.slot, self.long.response) if self.long else ()
        yield from (c for c in (self.time, self.attempt, self.code) if c is not None)


def read_mapping(path: Path) -> AnswerMapping:
    """Read a mapping file; raises `ExamgenError` with all that is wrong with it."""
    return validated(AnswerMapping, read(path))


def print_mapping(mapping: AnswerMapping) -> str:
    """A mapping as the YAML text that `read_mapping` reads as the same."""
    lines = [f"name: {_quoted(mapping.name)}"]
    listed = ", ".join(map(_quoted, mapping.student.columns))
    column = f"[{listed}]" if isinstance(mapping.student.column, list) else listed
    lines.append(f"student: {{column: {column}, holds: {mapping.student.holds}}}")
    optional = {name: getattr(mapping, name) for name in ("time", "attempt", "code", "blank")}
    lines += [f"{n}: {_quoted(value)}" for n, value in optional.items() if value is not None]
    if mapping.long:
        long = mapping.long
        lines.append(f"long: {{slot: {_quoted(long.slot)}, response: {_quoted(long.response)}}}")
    else:
        lines.append("slots:")
        lines += [f"  {_quoted(s)}: {_place(place)}" for s, place in mapping.places.items()]
    return "\n".join(lines) + "\n"


def _place(place: SlotColumn) -> str:
    if place.part is None:
        return _quoted(place.column)
    packing = "" if place.packing == "parts" else f", packing: {place.packing}"
    return f"{{column: {_quoted(place.column)}, part: {place.part}{packing}}}"


def _quoted(value: str | int) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def skeleton(header: Sequence[str], manifest: Manifest) -> str:
    """The beginning of a mapping file for a header that was not understood."""
    slots = "\n".join(f"  {_quoted(slot.id)}: COLUMN" for slot in manifest.slots)
    found = "\n".join(f"#   {i}: {name[:100]}" for i, name in enumerate(header[:100], start=1))
    return (
        "# A column goes by its name or its number. The columns of this file:\n"
        f"{found}\n"
        "student: {column: COLUMN, holds: id}  # id, email or name\n"
        f"slots:  # a column, or {{column: COLUMN, part: 1}}\n{slots}\n"
    )


# --- a mapping and a header ---------------------------------------------------------------------


def fits(mapping: AnswerMapping, header: Sequence[str]) -> bool:
    """Whether the header has every column that the mapping names."""
    return bool(header) and not list(_column_problems(mapping, header))


def applied(mapping: AnswerMapping, header: Sequence[str], manifest: Manifest) -> Layout:
    """Where everything stands in a file with this header; raises `ExamgenError`: all problems."""
    problems = [*_column_problems(mapping, header), *_slot_problems(mapping, manifest)]
    if problems:
        raise ExamgenError(problems)

    def at(column: Column) -> int:
        return _find(column, header)[0]

    def perhaps(column: Column | None) -> int | None:
        return None if column is None else at(column)

    places: Mapping[str, Place] = {
        slot: Place(at(place.column), place.part, place.packing)
        for slot, place in mapping.places.items()
    }
    student = tuple(at(column) for column in mapping.student.columns)
    long = (at(mapping.long.slot), at(mapping.long.response)) if mapping.long else None
    return Layout(
        name=mapping.name,
        student=student,
        holds=mapping.student.holds,
        places=() if long else tuple(places.get(slot.id) for slot in manifest.slots),
        long=long,
        time=perhaps(mapping.time),
        attempt=perhaps(mapping.attempt),
        code=perhaps(mapping.code),
        blank=mapping.blank,
    )


def _find(column: Column, header: Sequence[str]) -> list[int]:
    """The places of a column; none where there is no such column."""
    if isinstance(column, int):
        return [column - 1] if column <= len(header) else []
    name = header_cell(column)
    return [i for i, found in enumerate(header) if found == name]


def _column_problems(mapping: AnswerMapping, header: Sequence[str]) -> Iterator[Problem]:
    for column in dict.fromkeys(mapping.columns):
        places = _find(column, header)
        if not places:
            hint = suggestion(column, header) if isinstance(column, str) else ""
            yield Problem(f"there is no column '{str(column)[:80]}'{hint}")
        elif len(places) > 1:
            numbers = ", ".join(str(place + 1) for place in places[:10])
            yield Problem(
                f"'{str(column)[:80]}' is the name of {len(places)} columns: give the number of "
                f"one of them ({numbers})"
            )


def _slot_problems(mapping: AnswerMapping, manifest: Manifest) -> Iterator[Problem]:
    known = [slot.id for slot in manifest.slots]
    for slot in mapping.slots:
        if slot not in known:
            yield Problem(f"'{slot}' is no answer slot of this exam{suggestion(slot, known)}")


HOLDS: dict[Holds, str] = {
    "id": "student id",
    "email": "e-mail address",
    "name": "name",
}
