"""Reads answer files: whose row is whose, which column is which slot, and what each cell says.

Every row is graded or rejected with a reason; a file that holds no answers to this exam is listed
with its reason, and costs the others nothing. What is odd about a file as a whole is a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from examgen.errors import ExamgenError, Problem
from examgen.manifest import Manifest, Slot
from grader.arrays import Counts, Floats, Indices
from grader.reading.cells import CodedCells, DecimalChoice, Readings, read_cells
from grader.reading.collection import collect
from grader.reading.gathering import Gathered, Submissions, code, gather
from grader.reading.guessing import Guesser
from grader.reading.identities import examples
from grader.reading.mapping import AnswerMapping, read_mapping
from grader.reading.numbers import DecimalSign
from grader.reading.sheets import Reader, not_plain
from grader.reading.sources import Refused, Source
from grader.reading.submissions import Duplicates as Duplicates
from grader.reading.submissions import Origin
from grader.reading.tabular import Rejected

LISTED = 5  # how many cells a note gives
_NOTHING = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Answers:
    """The answers of those who can be graded, in roster order, and an account of all else.

    `students` `(graded,)` are indices into the roster, `rows` `(graded,)` places in the file (of
    the first row of a submission that has several); the cells are `(graded, slots)`, slots in paper
    order. Of several files `files` are the names, `file_of` `(graded,)` tells whose row it is,
    `decimals` has each file's choice, and `decimal` sums them up. `used` `(graded,)` counts the
    rows behind each submission: `rows_in` is their sum and the rejected. With duplicates `best` a
    student may stand there more than once: see `best_of`.
    """

    students: Indices
    rows: Indices
    cells: CodedCells
    readings: Readings
    decimal: DecimalChoice
    rejected: tuple[Rejected, ...]
    notes: tuple[str, ...]
    rows_in: int
    files: tuple[str, ...] = ()
    file_of: Indices = field(default_factory=lambda: _NOTHING)
    decimals: tuple[DecimalChoice, ...] = ()
    refused: tuple[Refused, ...] = ()
    used: Counts = field(default_factory=lambda: _NOTHING)
    submissions: Submissions | None = field(default=None, repr=False)

    @property
    def rows_used(self) -> int:
        """How many rows are graded; in files with a row a submission, as many as submissions."""
        return self.rows_in - len(self.rejected)


def read_answers(
    paths: Path | Sequence[Path],
    manifest: Manifest,
    *,
    decimal: DecimalSign | None = None,
    encoding: str | None = None,
    duplicates: Duplicates = "error",
    mapping: AnswerMapping | Path | None = None,
) -> Answers:
    """Read answer files, or all in a folder: wide, long, or exports as `mapping` or they say.

    `decimal` None: decided from all cells of each file. `duplicates`: which of a student's
    submissions counts. Raises `ExamgenError` where no file holds answers to this exam.
    """
    told = read_mapping(mapping) if isinstance(mapping, Path) else mapping
    reader = Reader(manifest, Guesser(manifest), told, encoding)
    collection = collect([paths] if isinstance(paths, Path) else paths, reader)
    origin = Origin(collection.sheets)
    gathered = gather(origin, collection.found, manifest, duplicates)
    answers = _answers(gathered, manifest, decimal)
    answers = replace(
        answers,
        refused=collection.refused,
        notes=(*collection.notes(), *gathered.notes(manifest)),
    )
    assert answers.rows_in == int(answers.used.sum()) + len(answers.rejected), "bug: a row was lost"
    return answers


def _answers(gathered: Gathered, manifest: Manifest, forced: DecimalSign | None) -> Answers:
    """The answers, without what is to be said of the files."""
    submissions, origin = gathered.submissions, gathered.submissions.origin
    numeric = np.array([slot.kind == "number" for slot in manifest.slots], dtype=bool)
    file_of = origin.file_of[submissions.first_rows]
    voters = _voters(origin)
    delimiters = [sheet.table.delimiter for sheet in origin.sheets]
    read = read_cells(code(gathered, len(numeric)), numeric, voters[file_of], delimiters, forced)
    files = tuple(sheet.name for sheet in origin.sheets)
    decimals = tuple(read.choices[voter] for voter in voters)
    rejected = _in_order(gathered.rejected(), files)
    return Answers(
        students=submissions.students,
        rows=origin.numbers[submissions.first_rows],
        cells=read.cells,
        readings=read.readings,
        decimal=_summed_up(decimals, files),
        rejected=rejected,
        notes=(),
        rows_in=int(submissions.sizes.sum()) + len(rejected),
        files=files,
        file_of=file_of,
        decimals=decimals,
        used=submissions.sizes,
        submissions=submissions,
    )


def _voters(origin: Origin) -> Indices:
    """Which file's cells decide for each file: its own; files with a row an answer vote together.

    For a student's answers may be spread over them.
    """
    long = [i for i, sheet in enumerate(origin.sheets) if sheet.slots is not None]
    voters = np.arange(len(origin.sheets))
    voters[long] = long[0] if long else 0
    return voters


def _summed_up(decimals: Sequence[DecimalChoice], files: Sequence[str]) -> DecimalChoice:
    """The decimal sign of most files, and which have the other one."""
    if len(decimals) == 1:
        return decimals[0]
    signs = [choice.sign for choice in decimals]
    most: DecimalSign = "comma" if 2 * signs.count("comma") > len(signs) else "point"
    others = [name for name, sign in zip(files, signs, strict=True) if sign != most]
    ground = f"in {len(files) - len(others):,} of {len(files):,} files"
    if others:
        ground += f"; the other sign in {examples(others, len(others))}"
    against = np.unique(np.concatenate([choice.against for choice in decimals]))
    return DecimalChoice(most, ground, against)


def _in_order(rejected: Sequence[Rejected], files: Sequence[str]) -> tuple[Rejected, ...]:
    """By file as they were read, then by row."""
    order = {name: index for index, name in enumerate(files)}
    return tuple(sorted(rejected, key=lambda row: (order.get(row.file, 0), row.row)))


def mixed_decimals(answers: Answers, slots: Sequence[Slot]) -> Iterator[str]:
    """A note on each file that mixes decimal commas and points, with the first such cells."""
    numeric = [i for i, slot in enumerate(slots) if slot.kind == "number"]
    codes = answers.cells.codes[:, numeric]
    against = np.argwhere(np.isin(codes, answers.decimal.against))
    for file in np.unique(answers.file_of[against[:, 0]]).tolist():
        here = against[answers.file_of[against[:, 0]] == file]
        cells = (
            f"row {answers.rows[i]} {slots[numeric[j]].id} "
            f"({answers.cells.texts[codes[i, j]].as_py()[:40]})"
            for i, j in here[:LISTED]
        )
        name = "the file" if len(answers.files) == 1 else f"the file {answers.files[file]}"
        yield (
            f"{name} mixes decimal commas and points: it is read with a decimal "
            f"{answers.decimals[file].sign}, so these are unreadable: {examples(cells, len(here))}"
        )


def best_submissions(answers: Answers, totals: Floats) -> Indices:
    """Which submissions count where the best does: for each student the first with the most points.

    `totals` `(graded,)` are the points of each submission; the indices are in roster order.
    """
    order = np.lexsort((np.arange(len(totals)), -totals, answers.students))
    best: Indices = order[np.flatnonzero(np.diff(answers.students[order], prepend=-1))]
    return best


def best_of(answers: Answers, totals: Floats) -> Answers:
    """The answers without those submissions of a student that have fewer points than another.

    The rows of the others are rejected; `totals` as in `best_submissions`, which tells the indices
    of those that stay, to choose their marks by.
    """
    kept = best_submissions(answers, totals)
    if len(kept) == len(answers.students) or answers.submissions is None:
        return answers
    submissions, origin = answers.submissions, answers.submissions.origin
    winner = dict(zip(answers.students[kept].tolist(), kept.tolist(), strict=True))
    dropped = []
    for index in np.setdiff1d(np.arange(len(totals)), kept).tolist():
        best = submissions.rows_of(winner[int(answers.students[index])])[0]
        reason = f"another submission of this student counts (best: row {origin.place(best)})"
        dropped += [origin.rejected(row, reason) for row in submissions.rows_of(index)]
    return replace(
        answers,
        students=answers.students[kept],
        rows=answers.rows[kept],
        cells=CodedCells(answers.cells.texts, np.asfortranarray(answers.cells.codes[kept])),
        rejected=_in_order([*answers.rejected, *dropped], answers.files),
        file_of=answers.file_of[kept],
        used=answers.used[kept],
        submissions=submissions.chosen(kept),
    )


def guess_mapping(path: Path, manifest: Manifest, *, encoding: str | None = None) -> AnswerMapping:
    """How the columns of an export are understood, to be edited.

    Raises ExamgenError, with the outline of a mapping, where that is not plain.
    """
    guesser = Guesser(manifest)
    table = Reader(manifest, guesser, None, encoding).table(Source(path, path.name))
    guessed = guesser.mapping(table)
    if guessed is None:
        raise ExamgenError(Problem(not_plain(table.header, manifest, guesser), str(path)))
    return guessed
