"""Two gradings of one exam, compared: whose mark changes, in which answer, and by how much."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from numpy.typing import NDArray

from examgen.errors import ExamgenError, Problem
from examgen.manifest import Manifest
from grader.arrays import Bools, Floats, Indices
from grader.marking.rubric import totals
from grader.marking.verdicts import Verdict
from grader.reading.identities import examples
from grader.tables import guard, write_csv

if TYPE_CHECKING:
    from grader.gradebook import Graded

CHANGES = ("student", "slot", "before", "after", "verdict_before", "verdict_after")
TOTAL = "total"
"""Stands for the slot where it is the total that changes."""

_WORDS = [verdict.words for verdict in Verdict]
_SAME = 1e-6  # points are rounded to six decimals


@dataclass(frozen=True)
class Run:
    """One grading: totals `(students,)`, points and verdicts `(students, slots)`.

    NaN, and NOT_ASKED, where nothing was graded or not asked. details: whether the answers of this
    run are known, and not its totals alone.
    """

    totals: Floats
    points: Floats
    verdicts: NDArray[np.uint8]
    details: bool = True


@dataclass(frozen=True)
class Differences:
    """What changes from one run to another: places `(changes, 2)`, as student and slot.

    students `(changed,)`: whose total changes.
    """

    manifest: Manifest
    before: Run
    after: Run
    answers: Indices
    students: Indices

    @property
    def gains(self) -> Floats:
        """By how much each changed total changes, `(changed,)`; a new or lost one counts whole."""
        after, before = self.after.totals[self.students], self.before.totals[self.students]
        gains: Floats = np.nan_to_num(after) - np.nan_to_num(before)
        return gains

    def lines(self) -> Iterator[tuple[str, str]]:
        """The summary as pairs of name and value, to be printed."""
        gains, who = self.gains, self.manifest.students.student
        yield "answers", f"{len(self.answers):,} with another mark or verdict"
        yield (
            "totals",
            f"{len(gains):,} change: {np.count_nonzero(gains > 0):,} up, "
            f"{np.count_nonzero(gains < 0):,} down",
        )
        if len(gains):
            yield "by", f"{gains.min():+.2f} to {gains.max():+.2f}, {gains.mean():+.2f} on average"
            order = np.argsort(-np.abs(gains), kind="stable")
            shown = (f"{who[self.students[i]]} {gains[i]:+.2f}" for i in order[:5].tolist())
            yield "most", examples(shown, len(gains))
        if not self.before.details:
            yield "note", "the earlier run has no details: only the totals are compared"


def compare(before: Run, after: Run, manifest: Manifest) -> Differences:
    """What changes between two runs of the same exam; where details are missing, totals only."""
    moved = _differ(before.totals, after.totals)
    if before.details and after.details:
        other = _differ(before.points, after.points) | (before.verdicts != after.verdicts)
    else:
        other = np.zeros(after.points.shape, dtype=bool)
    return Differences(manifest, before, after, np.argwhere(other), np.flatnonzero(moved))


def run_of(graded: Graded) -> Run:
    """A grading just done."""
    marks, students = graded.marks, len(graded.manifest.students)
    shape = (students, len(graded.manifest.slots))
    total, _ = totals(graded.marks, graded.manifest)
    run = Run(np.full(students, np.nan), np.full(shape, np.nan), np.zeros(shape, np.uint8))
    run.totals[graded.answers.students] = total
    asked = graded.key.asked & (marks.verdicts != Verdict.NOT_ASKED)
    run.points[graded.answers.students] = np.where(asked, marks.points, np.nan)
    run.verdicts[graded.answers.students] = np.where(asked, marks.verdicts, 0)
    return run


def read_run(folder: Path, manifest: Manifest) -> Run:
    """Read what an earlier run of the grader wrote into a folder.

    Raises ExamgenError where it is no such folder, or of another exam.
    """
    students, slots = len(manifest.students), len(manifest.slots)
    run = Run(
        np.full(students, np.nan),
        np.full((students, slots), np.nan),
        np.zeros((students, slots), np.uint8),
        any((folder / name).is_file() for name in ("details.csv", "details.parquet")),
    )
    _read_totals(folder / "grades.csv", manifest, run)
    if run.details:
        _read_details(folder, manifest, run)
    return run


def write_changes(differences: Differences, path: Path) -> None:
    """Write `changes.csv`: a line for each changed answer, then one for each changed total."""
    write_csv(path, CHANGES, [_answer_columns(differences), _total_columns(differences)])


def _differ(before: Floats, after: Floats) -> Bools:
    close = np.isclose(before, after, rtol=0, atol=_SAME, equal_nan=True)
    return np.asarray(~close)


def _answer_columns(differences: Differences) -> list[pa.Array]:
    students, slots = differences.answers.T
    place = (students, slots)
    before, after = differences.before, differences.after
    return [
        _ids(differences, students),
        pa.array([slot.id for slot in differences.manifest.slots], pa.string()).take(
            pa.array(slots)
        ),
        pa.array(before.points[place], from_pandas=True),
        pa.array(after.points[place], from_pandas=True),
        _words(before, differences.answers),
        _words(after, differences.answers),
    ]


def _total_columns(differences: Differences) -> list[pa.Array]:
    students = differences.students
    empty = pa.array([None] * len(students), pa.string())
    return [
        _ids(differences, students),
        pa.array([TOTAL] * len(students), pa.string()),
        pa.array(differences.before.totals[students], from_pandas=True),
        pa.array(differences.after.totals[students], from_pandas=True),
        empty,
        empty,
    ]


def _ids(differences: Differences, students: Indices) -> pa.Array:
    ids = pa.array(differences.manifest.students.student, pa.string())
    return ids.take(pa.array(students))


def _words(run: Run, answers: Indices) -> pa.Array:
    """The verdicts of a run; missing where nothing of the student was graded."""
    students, slots = answers.T
    codes = pa.array(run.verdicts[students, slots], mask=np.isnan(run.totals[students]))
    return pa.array(_WORDS, pa.string()).take(codes)


# --- reading an earlier run ---------------------------------------------------------------------


def _read_totals(path: Path, manifest: Manifest, run: Run) -> None:
    table = _read_csv(path, {"student": pa.string(), "total": pa.float64()})
    students = _places(table["student"], manifest.students.student, path)
    run.totals[students] = table["total"].to_numpy()


def _read_details(folder: Path, manifest: Manifest, run: Run) -> None:
    types = dict.fromkeys(("student", "slot", "verdict"), pa.string()) | {"points": pa.float64()}
    path = folder / "details.parquet"
    if path.is_file():
        import pyarrow.parquet as pq

        try:
            table = pq.read_table(path, columns=list(types))
        except (pa.ArrowInvalid, KeyError, OSError) as error:
            raise ExamgenError(Problem(f"cannot be read: {error}", file=str(path))) from error
    else:
        path = folder / "details.csv"
        table = _read_csv(path, types)
    students = _places(table["student"], manifest.students.student, path)
    slots = _places(table["slot"], [slot.id for slot in manifest.slots], path)
    run.points[students, slots] = table["points"].to_numpy()
    run.verdicts[students, slots] = _places(table["verdict"], _WORDS, path)


def _read_csv(path: Path, types: dict[str, pa.DataType]) -> pa.Table:
    if not path.is_file():
        message = f"no earlier run of the grader: there is no {path.name} in this folder"
        raise ExamgenError(Problem(message, file=str(path.parent)))
    try:
        return pa_csv.read_csv(
            path,
            parse_options=pa_csv.ParseOptions(newlines_in_values=True),
            convert_options=pa_csv.ConvertOptions(
                column_types=types, include_columns=list(types), strings_can_be_null=False
            ),
        )
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "it is no table"
        raise ExamgenError(Problem(f"cannot be read: {reason}", file=str(path))) from error
    except (pa.ArrowInvalid, pa.ArrowKeyError) as error:
        message = f"not of an earlier run of the grader ({str(error)[:200]})"
        raise ExamgenError(Problem(message, file=str(path))) from error


def _places(column: pa.ChunkedArray, known: list[str] | tuple[str, ...], path: Path) -> Indices:
    """Where texts stand among those known, whether or not they were guarded when written."""
    values = pa.array(known, pa.string())
    texts = pc.cast(column, pa.string())
    places = pc.index_in(texts, value_set=guard(values))
    places = pc.coalesce(places, pc.index_in(texts, value_set=values))
    if places.null_count:
        stranger = texts.filter(pc.is_null(places))[0].as_py()
        message = f"a run of another exam: this one has no '{stranger[:60]}'"
        raise ExamgenError(Problem(message, file=str(path)))
    found: Indices = places.to_numpy().astype(np.int64)
    return found
