"""One file of answers, read: whose row, which slot, what cell; or why it holds none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from examgen.errors import ExamgenError, Problem, suggestion
from examgen.manifest import Manifest
from grader.reading.delimited import read_rows
from grader.reading.encodings import read_bytes
from grader.reading.guessing import Guesser, code_column, long_columns, time_column
from grader.reading.identities import examples
from grader.reading.layout import Layout, Place
from grader.reading.mapping import HOLDS, AnswerMapping, applied, fits, skeleton
from grader.reading.packed import unpack
from grader.reading.sources import Source, printable
from grader.reading.tabular import Table, as_text
from grader.reading.workbook import is_workbook, read_workbook

KEY = "student"
FEW = 0.1  # the share of rows or columns below which a file answers another exam
_OF_THE_GRADER = {"verdict", "expected"}


@dataclass(frozen=True)
class Sheet:
    """The answers of one file, row by row as in `table`.

    `students` names whose row it is. Wide: `columns` has one for each slot, None where there is
    none. Long: `slots` and `responses`. `times`, `attempts` and `codes` (of the papers) where
    the file has them.
    """

    name: str
    path: str
    table: Table
    layout: Layout
    students: pa.ChunkedArray
    columns: tuple[pa.ChunkedArray | None, ...]
    slots: pa.ChunkedArray | None
    responses: pa.ChunkedArray | None
    times: pa.ChunkedArray | None
    attempts: pa.ChunkedArray | None
    codes: pa.ChunkedArray | None

    def __len__(self) -> int:
        return len(self.table.numbers)

    @property
    def answers(self) -> tuple[pa.ChunkedArray | None, ...]:
        """The columns that hold answers: one a slot, or one for all."""
        return self.columns if self.slots is None else (self.responses,)


@dataclass(frozen=True)
class Reader:
    """Reads files of answers to one exam: with a mapping, or as their headers say."""

    manifest: Manifest
    guesser: Guesser
    mapping: AnswerMapping | None = None
    encoding: str | None = None

    def read(self, source: Source) -> Sheet:
        """A file as a sheet; raises `ExamgenError` for what holds no answers to this exam."""
        place = printable(str(source.path))
        try:
            table = self.table(source)
            return _sheet(source.name, place, table, self.layout(table))
        except ExamgenError as error:
            raise ExamgenError(_in_file(problem, place) for problem in error.problems) from error

    def table(self, source: Source) -> Table:
        """The rows of a file, whatever its format."""
        raw = read_bytes(source.path)
        if is_workbook(raw):
            return read_workbook(raw, source.path, self.is_header)
        return read_rows(raw, source.path, self.is_header, self.encoding)

    def is_header(self, header: tuple[str, ...]) -> bool:
        """Whether a line names the columns."""
        return fits(self.mapping, header) if self.mapping else self.guesser.knows(header)

    def layout(self, table: Table) -> Layout:
        """Where everything stands. Raises `ExamgenError` where that is not plain."""
        header = table.header
        if self.mapping:
            return applied(self.mapping, header, self.manifest)
        if {name.casefold() for name in header} >= _OF_THE_GRADER:
            raise ExamgenError("details that the grader wrote, no answers")
        if (long := long_columns(header)) and self.guesser.slot_ids.isdisjoint(header):
            student, slot, response = long
            time, code = time_column(header), code_column(header)
            return Layout("", (student,), "id", (), (slot, response), time, code=code)
        if _key_places(header) and not self.guesser.slot_ids.isdisjoint(header):
            return _wide(header, self.manifest)
        return self.guessed(table)

    def guessed(self, table: Table) -> Layout:
        """Where everything stands in an export, with a note that says how it was read."""
        mapping = self.guesser.mapping(table)
        if mapping is None:
            raise ExamgenError(not_plain(table.header, self.manifest, self.guesser))
        layout = applied(mapping, table.header, self.manifest)
        return replace(layout, notes=(_reading(mapping),))


def _in_file(problem: Problem, file: str) -> Problem:
    return Problem(problem.message, file, problem.line, problem.path)


# --- layouts ------------------------------------------------------------------------------------


def _key_places(header: Sequence[str]) -> list[int]:
    return [i for i, name in enumerate(header) if name.casefold() == KEY]


def _wide(header: tuple[str, ...], manifest: Manifest) -> Layout:
    """A column `student`, then a column a slot, in any order; refuses what is plainly not ours."""
    known = {slot.id for slot in manifest.slots}
    keys, found = _key_places(header), [name for name in header if name in known]
    if len(keys) > 1:
        raise ExamgenError(_no_key(header))
    if twice := sorted({name for name in found if found.count(name) > 1}):
        raise ExamgenError(f"more than one column for {', '.join(twice)}: keep one of each")
    time, code = time_column(header), code_column(header)
    used = {keys[0], time, code}
    extra = [n for i, n in enumerate(header) if n and n not in known and i not in used]
    if len(found) < FEW * len(known) and len(extra) > len(found):
        raise ExamgenError(_other_exam(header, manifest))
    places = tuple(Place(header.index(s.id)) if s.id in found else None for s in manifest.slots)
    notes = tuple(_column_notes(places, extra, manifest))
    return Layout("", (keys[0],), "id", places, time=time, code=code, notes=notes)


def _column_notes(
    places: Sequence[Place | None], extra: Sequence[str], manifest: Manifest
) -> Iterator[str]:
    missing = [s.id for s, place in zip(manifest.slots, places, strict=True) if place is None]
    if missing:
        yield f"no column for {examples(missing, len(missing))}: counted as blank"
    if extra:
        named = (f"'{name[:40]}'{suggestion(name, missing)}" for name in extra)
        yield f"columns that are no answer slot, ignored: {examples(named, len(extra))}"
    present = [place.column for place in places if place is not None]
    if present != sorted(present):
        yield "the columns stand in another order than on paper: each was found by its name"


def _reading(mapping: AnswerMapping) -> str:
    """How an export was understood, for the user to check."""
    student = " ".join(f"'{str(column)[:40]}'" for column in mapping.student.columns)
    slots = [
        f"{slot} from {_place_words(place.column, place.part)}"
        for slot, place in mapping.places.items()
    ]
    return (
        f"read as {mapping.name}: students by {student} ({HOLDS[mapping.student.holds]}), "
        f"{examples(slots, len(slots))}"
    )


def _place_words(column: str | int, part: int | None) -> str:
    name = f"column {column}" if isinstance(column, int) else f"'{column[:40]}'"
    return name if part is None else f"{name} part {part}"


def not_plain(header: Sequence[str], manifest: Manifest, guesser: Guesser) -> str:
    """What was found instead of a header that can be understood."""
    keys = _key_places(header)
    if len(keys) > 1:
        return _no_key(header)
    if keys and not guesser.slots_in(header):
        return _other_exam(header, manifest)
    shown = examples((f"'{name[:40]}'" for name in header if name), len(header))
    found = _no_key(header) if guesser.slots_in(header) else f"its columns are {shown}"
    return (
        f"{found}. Which of them hold the answers is not plain: save the following as a file, "
        f"complete it, and give it as --map FILE\n\n{skeleton(header, manifest)}"
    )


def _no_key(header: Sequence[str]) -> str:
    shown = list(map(str, header[:8]))
    return f"its header needs one column '{KEY}' and has {len(_key_places(header))}; found: {shown}"


def _other_exam(header: Sequence[str], manifest: Manifest) -> str:
    known = {slot.id for slot in manifest.slots}
    found = [name for name in header if name in known]
    extra = [name for name in header if name not in known and name.casefold() != KEY]
    return (
        f"answers to another exam: {len(found)} of the {len(known)} answer slots are among its "
        f"columns (found: {examples(extra, len(extra))})"
    )


# --- columns ------------------------------------------------------------------------------------


def _sheet(name: str, path: str, table: Table, layout: Layout) -> Sheet:
    optional = [p for p in (layout.time, layout.attempt, layout.code) if p is not None]
    slots = [place.column for place in layout.places if place is not None]
    wanted = dict.fromkeys([*layout.student, *slots, *(layout.long or ()), *optional])
    read = table.read(list(wanted))
    columns = {place: read[str(place)] for place in wanted}

    def text(place: int | None) -> pa.ChunkedArray | None:
        return None if place is None else as_text(columns[place])

    responses = columns[layout.long[1]] if layout.long else None
    return Sheet(
        name=name,
        path=path,
        table=table,
        layout=layout,
        students=_joined([as_text(columns[place]) for place in layout.student]),
        columns=_slot_columns(layout, columns),
        slots=text(layout.long[0]) if layout.long else None,
        responses=None if responses is None else _without(responses, layout.blank),
        times=text(layout.time),
        attempts=text(layout.attempt),
        codes=text(layout.code),
    )


def _joined(columns: Sequence[pa.ChunkedArray]) -> pa.ChunkedArray:
    """The columns that name a student together, their cells joined by blanks."""
    if len(columns) == 1:
        return columns[0]
    whole = [column.combine_chunks() for column in columns]
    return pa.chunked_array([pc.binary_join_element_wise(*whole, " ")], type=pa.string())


def _slot_columns(
    layout: Layout, columns: Mapping[int, pa.ChunkedArray]
) -> tuple[pa.ChunkedArray | None, ...]:
    """The column of each slot; packed ones are cut once for all of their parts."""
    packed = sorted({(p.column, p.packing) for p in layout.places if p and p.part})
    cut: dict[tuple[int, int | None], pa.ChunkedArray] = {}
    for column, packing in packed:
        parts = [p.part for p in layout.places if p and p.column == column and p.part]
        for part, made in zip(parts, unpack(columns[column], parts, packing), strict=True):
            cut[column, part] = made

    def answers(place: Place) -> pa.ChunkedArray:
        if place.part:
            return cut[place.column, place.part]
        return _without(columns[place.column], layout.blank)

    return tuple(None if place is None else answers(place) for place in layout.places)


def _without(column: pa.ChunkedArray, blank: str | None) -> pa.ChunkedArray:
    """A dictionary column in which what stands for a blank is one."""
    if blank is None:
        return column
    chunks = [
        pa.DictionaryArray.from_arrays(
            chunk.indices, pc.if_else(pc.equal(chunk.dictionary, blank), "", chunk.dictionary)
        )
        for chunk in column.chunks
    ]
    return pa.chunked_array(chunks, type=column.type)
