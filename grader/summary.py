"""What a run did, in a few numbers, and what whoever ran it ought to know of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from examgen.manifest import Manifest
from grader.gradebook import Graded
from grader.marking.rubric import totals
from grader.marking.verdicts import Marks, Verdict
from grader.reading.cells import BLANK
from grader.reading.identities import examples
from grader.reading.responses import mixed_decimals
from grader.reading.tabular import Rejected
from grader.tables import guard


@dataclass(frozen=True)
class Summary:
    """What a run did; `rows_in` is `rows_used + rejected`, `cells` the sum of verdicts.

    graded: submissions. mean, possible: the mean total and mean maximum of the graded; None if
    there are none. changes: pairs of name and value on what differs from an earlier run.
    """

    rows_in: int
    rows_used: int
    graded: int
    rejected: int
    verdicts: dict[str, int]
    decimal: str
    notes: tuple[str, ...]
    mean: float | None
    possible: float | None
    changes: tuple[tuple[str, str], ...]
    files: tuple[Path, ...]

    @property
    def cells(self) -> int:
        """How many answers were asked of those who were graded."""
        return sum(self.verdicts.values())


def summarise(
    graded: Graded,
    changes: tuple[tuple[str, str], ...],
    notes: tuple[str, ...],
    files: tuple[Path, ...],
) -> Summary:
    """The summary of a run. changes: what differs, or was delivered, as pairs of name and value."""
    answers, marks = graded.answers, graded.marks
    total, possible = totals(marks, graded.manifest)
    asked = [verdict for verdict in Verdict if verdict is not Verdict.NOT_ASKED]
    counts = {verdict.words: marks.count(verdict) for verdict in asked}
    summary = Summary(
        rows_in=answers.rows_in,
        rows_used=answers.rows_used,
        graded=len(answers.students),
        rejected=len(answers.rejected),
        verdicts={words: count for words, count in counts.items() if count},
        decimal=f"{answers.decimal.sign} ({answers.decimal.ground})",
        notes=notes,
        mean=float(total.mean()) if len(total) else None,
        possible=float(possible.mean()) if len(possible) else None,
        changes=changes,
        files=files,
    )
    not_asked = marks.count(Verdict.NOT_ASKED)
    assert summary.cells + not_asked == marks.verdicts.size, "bug: an answer has no verdict"
    return summary


# --- notes ---------------------------------------------------------------------------------------


def notes_of(graded: Graded) -> Iterator[str]:
    """What is to be told of a run, a line each: what was left out, what waits, what was changed."""
    if not len(graded.answers.students):
        yield "nothing was graded"
    yield from graded.notes
    yield from graded.answers.notes
    yield from _rejections(graded.answers.rejected)
    yield from _waiting(graded.marks)
    yield from mixed_decimals(graded.answers, graded.manifest.slots)
    yield from _answers_not_asked_for(graded)
    yield from _guarded_ids(graded)
    yield from _rounding(graded.manifest)


def _rejections(rejected: Sequence[Rejected]) -> Iterator[str]:
    if rejected:
        rows = (f"{_place(each)} ({each.reason})" for each in rejected)
        yield f"rejected: {examples(rows, len(rejected))}"


def _place(rejected: Rejected) -> str:
    return f"{rejected.file} row {rejected.row}".strip()


def _waiting(marks: Marks) -> Iterator[str]:
    if count := marks.count(Verdict.NEEDS_A_HUMAN):
        points = marks.possible[marks.verdicts == Verdict.NEEDS_A_HUMAN].sum()
        yield f"formulas to be marked by hand, not in the totals yet: {count:,}, worth {points:g}"


def _answers_not_asked_for(graded: Graded) -> Iterator[str]:
    written = graded.answers.readings.kinds[graded.answers.cells.codes] != BLANK
    if count := int(np.count_nonzero(written & ~graded.key.asked)):
        yield f"answers in slots that were not asked of that student, not marked: {count:,}"


def _guarded_ids(graded: Graded) -> Iterator[str]:
    ids = pa.array(graded.manifest.students.student, pa.string())
    changed = pc.not_equal(ids, guard(ids))
    if count := pc.sum(changed).as_py():
        shown = examples(ids.filter(changed).slice(0, 5).to_pylist(), count)
        yield f"ids that a spreadsheet would run, written with an apostrophe before them: {shown}"


def _rounding(manifest: Manifest) -> Iterator[str]:
    if step := manifest.rubric.round_to:
        yield f"totals are rounded, half up, to a multiple of {step:g}"
