"""Grades answer files against a manifest, from files to files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from examgen.errors import ExamgenError
from examgen.manifest import Manifest
from examgen.manifest_file import read_manifest
from grader.differences import Differences, compare, read_run, run_of, write_changes
from grader.gradebook import (
    DetailsFormat,
    Graded,
    write_details_csv,
    write_details_parquet,
    write_grades,
    write_rejected,
)
from grader.marking.changes import (
    Changes,
    changed_key,
    changed_manifest,
    changed_marks,
    unused_hand_marks,
)
from grader.marking.changes_file import read_changes
from grader.marking.formulas import agreement
from grader.marking.papers import Paper, papers
from grader.marking.rubric import totals
from grader.marking.score import key_of, score
from grader.reading.identities import examples
from grader.reading.numbers import DecimalSign
from grader.reading.responses import Answers, Duplicates, best_of, read_answers
from grader.summary import Summary, notes_of, summarise
from grader.tables import keep_inputs, staged
from grader.versions import handed_out, read_takers

if TYPE_CHECKING:
    from grader.lms.delivery import Delivery

_DETAILS: dict[DetailsFormat, Callable[[Graded, Path], None]] = {
    "csv": write_details_csv,
    "parquet": write_details_parquet,
}
FILES = (  # what a run may write: files, and folders of pages and of exports
    "grades.csv",
    "rejected.csv",
    "details.csv",
    "details.parquet",
    "changes.csv",
    "report.html",
    "feedback",
    "canvas",
    "moodle",
    "moodle-worksheet",
    "gradescope",
    "blackboard",
)


@dataclass(frozen=True)
class Reading:
    """How answer files are to be read; None: as they say themselves.

    takers: who took which version, where the manifest names versions and not students.
    """

    takers: Path | None = None
    decimal: DecimalSign | None = None
    encoding: str | None = None
    duplicates: Duplicates = "error"
    mapping: Path | None = None


@dataclass(frozen=True)
class Writing:
    """What is written besides the grades and the rejected rows.

    feedback: a page a student, made by `jobs` processes. delivery: the marks in the export of a
    learning-management system.
    """

    details: DetailsFormat = "csv"
    report: bool = True
    feedback: bool = False
    jobs: int = 1
    delivery: Delivery | None = None


READING = Reading()
WRITING = Writing()


def grade(
    answers: Path | Sequence[Path],
    manifest: Path,
    out: Path,
    reading: Reading = READING,
    writing: Writing = WRITING,
) -> Summary:
    """Grade answers and write grades.csv, rejected.csv and what `writing` says into `out`.

    The files appear all together or not at all. Raises `ExamgenError` for what cannot be graded.
    """
    keep_inputs(out, FILES, [*_inputs(answers, reading, writing), manifest])
    return _write(mark(answers, _exam(manifest, reading), reading), out, writing)


def _exam(manifest: Path, reading: Reading) -> Manifest:
    exam = read_manifest(manifest)
    return exam if reading.takers is None else handed_out(exam, read_takers(reading.takers, exam))


def _inputs(
    answers: Path | Sequence[Path], reading: Reading, writing: Writing
) -> Iterator[Path | None]:
    yield from [answers] if isinstance(answers, Path) else answers
    yield from (reading.mapping, reading.takers)
    yield writing.delivery.into if writing.delivery else None


def regrade(
    answers: Path | Sequence[Path],
    manifest: Path,
    out: Path,
    since: Path,
    changes: Path | None = None,
    hand: Path | None = None,
    reading: Reading = READING,
    writing: Writing = WRITING,
) -> Summary:
    """Grade again with changes and marks by hand; changes.csv says what differs from `since`.

    The folder of the earlier run is only read. Raises `ExamgenError` also where `out` is that one.
    """
    if since.resolve() in (out.resolve(), *out.resolve().parents):
        raise ExamgenError(f"{out}: the earlier run is kept; choose another folder for the new one")
    inputs = [*_inputs(answers, reading, writing), manifest, changes, hand]
    keep_inputs(out, FILES, inputs)
    exam = _exam(manifest, reading)
    decided = read_changes(changes, exam, hand)
    graded = mark(answers, exam, reading, decided)
    differences = compare(read_run(since, exam), run_of(graded), exam)
    return _write(graded, out, writing, differences)


def mark(
    answers: Path | Sequence[Path],
    manifest: Manifest,
    reading: Reading = READING,
    changes: Changes | None = None,
) -> Graded:
    """Read answers and mark them; nothing is written. Raises `ExamgenError`."""
    changes = changes or Changes()
    manifest = changed_manifest(manifest, changes)
    read = read_answers(
        answers,
        manifest,
        decimal=reading.decimal,
        encoding=reading.encoding,
        duplicates=reading.duplicates,
        mapping=reading.mapping,
    )
    graded = _marked(manifest, read, changes)
    if reading.duplicates != "best":
        return graded
    total, _ = totals(graded.marks, manifest)
    return _marked(manifest, best_of(read, total), changes)


def _marked(manifest: Manifest, answers: Answers, changes: Changes) -> Graded:
    key = changed_key(key_of(manifest, answers.students), changes, manifest)
    found, notes = _papers(manifest, answers)
    marks = score(answers, key, manifest, found)
    accepting = any(change.accept for change in changes.slots.values())
    agrees = agreement(found, manifest) if accepting else None
    marks = changed_marks(marks, changes, manifest, answers, key, agrees)
    unused = unused_hand_marks(changes, manifest, answers)
    return Graded(manifest, answers, key, marks, (*notes, *_unused(unused)))


def _unused(marks: Sequence[str]) -> Iterator[str]:
    if marks:
        yield f"marks by hand without effect: {examples(marks, len(marks))}"


def _papers(manifest: Manifest, answers: Answers) -> tuple[tuple[Paper, ...], tuple[str, ...]]:
    """The graphs behind the papers; without them there is still the key."""
    try:
        return papers(manifest, answers.students), ()
    except ExamgenError as error:
        note = f"marked by the key alone, nothing is followed or named: {error.problems[0]}"
        return (), (note,)


def _write(
    graded: Graded, out: Path, writing: Writing, differences: Differences | None = None
) -> Summary:
    notes = tuple(notes_of(graded))
    with staged(out, FILES) as stage:
        write_grades(graded, stage / "grades.csv")
        write_rejected(graded.answers.rejected, stage / "rejected.csv")
        if writing.details != "none":
            _DETAILS[writing.details](graded, stage / f"details.{writing.details}")
        if differences is not None:
            write_changes(differences, stage / "changes.csv")
        delivered = _write_for_readers(graded, stage, writing, notes)
        names = sorted(file.name for file in stage.iterdir())
    changes = () if differences is None else tuple(differences.lines())
    return summarise(graded, (*changes, *delivered), notes, tuple(out / name for name in names))


def _write_for_readers(
    graded: Graded, stage: Path, writing: Writing, notes: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Report, feedback and gradebook; what draws pictures and pages is imported where needed."""
    if writing.report:
        from grader.reporting.report import write_report

        write_report(graded, stage / "report.html", notes)
    if writing.feedback:
        from grader.feedback.write import write_feedback

        write_feedback(graded, stage / "feedback", jobs=writing.jobs)
    return writing.delivery.write(graded, stage) if writing.delivery else ()
