"""Building an exam: every student's paper, the print file, solutions, key, manifest, answer sheet.

All that is written depends on the exam file, its templates, the roster, the options and the version
alone. An id of these inputs is written first; files that are already there from the same inputs are
kept, so a build that was cut off goes on when it is run again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread
from typing import Any, Generic, TypeVar

from examgen.answer_key import make_manifest, sheet_csv
from examgen.check import effort_line, permitted, quick_check
from examgen.errors import ExamgenError, Problem, suggestion
from examgen.exam import DrawnQuestion, Exam, draw_exam
from examgen.exam_folder import SECRET, prepare
from examgen.files import file_name, replacing, write_atomically
from examgen.formulary import formula_sheet
from examgen.manifest_file import write_manifest
from examgen.paper import exam_sheet, solution_sheet
from examgen.proofread import proofread
from examgen.render import (
    exam_document,
    solution_document,
    write,
    write_formula_sheet,
    write_together,
)
from examgen.render.blocks import Document
from examgen.roster import Student
from examgen.sheet import ExamSheet, Solution
from examgen.work import run

Source = TypeVar("Source", ExamSheet, Solution)
Progress = Callable[[int, int], None]
_NOW_AND_THEN = 0.3  # seconds


@dataclass(frozen=True)
class Built:
    """Where a build put things, and how many files of pages it wrote anew.

    effort: what the papers ask, from the least to the most, in words.
    """

    folder: Path
    students: int
    written: int
    effort: str

    @property
    def manifest(self) -> Path:
        """What the grader needs."""
        return self.folder / "instructor" / "manifest.json"


def versions(count: int) -> tuple[Student, ...]:
    """Students without names: versions A, B, ..., Z, AA, ...

    >>> [s.student for s in versions(28)][-2:]
    ['AA', 'AB']
    """
    names = []
    for number in range(count):
        letters, rest = "", number + 1
        while rest:
            rest, letter = divmod(rest - 1, 26)
            letters = chr(ord("A") + letter) + letters
        names.append(Student(letters, "", "", ""))
    return tuple(names)


def build(
    exam: Exam,
    roster: Sequence[Student],
    folder: Path,
    *,
    jobs: int = 1,
    replace: bool = False,
    force: str | None = None,
    large: Collection[str] = (),
    notes: bool = False,
    progress: Progress | None = None,
) -> Built:
    """Write everything into `folder`; students/, print/, instructor/ and answers.csv.

    force: why it is to be printed even if a check of these very papers fails; told in the manifest.
    large: ids of students whose papers are in large print. notes: whether solutions tell
    instructors which mistakes to look for. progress: told how many files of how many are done.
    Raises ExamgenError where a template has no room for so many students, where a text cannot be
    set, where the check fails, and where the folder holds an exam built from other inputs (unless
    `replace`, which removes it).
    """
    if not roster:
        raise ExamgenError("the roster names no student")
    _check_named(large, roster)
    proofread(exam)
    drawn = draw_exam(exam, len(roster))
    reports = quick_check(exam, drawn)
    forced = permitted(reports, force)
    manifest = dataclasses.replace(make_manifest(exam, drawn, roster), forced=forced)
    prepare(folder, _inputs(manifest.exam.id, large, notes), replace)
    if not (folder / "answers.csv").exists():  # it may be filled in by now
        write_atomically(folder / "answers.csv", sheet_csv(manifest, None))
    write_atomically(folder / "instructor" / "key.csv", sheet_csv(manifest, drawn), SECRET)
    papers = _Papers(exam, drawn, tuple(roster), frozenset(large), notes)
    written = _set(papers, folder, jobs, progress)
    write_manifest(manifest, folder / "instructor" / "manifest.json")
    return Built(folder, len(roster), written, effort_line(reports))


def _check_named(large: Collection[str], roster: Sequence[Student]) -> None:
    """Raises ExamgenError for ids that are not in the roster."""
    known = [student.student for student in roster]
    unknown = sorted(set(large) - set(known))
    if unknown:
        raise ExamgenError(
            Problem(f"large print: there is no student '{name}'{suggestion(name, known)}")
            for name in unknown
        )


def _inputs(exam_id: str, large: Collection[str], notes: bool) -> str:
    """An id of all that decides what is written; that of the exam, where no option is used."""
    options = [*(f"large {name}" for name in sorted(large)), *["notes"] * notes]
    if not options:
        return exam_id
    return f"{exam_id}-{sha256(chr(10).join(options).encode()).hexdigest()[:8]}"


# --- pages ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Papers:
    """What all pages are made from; a sheet is made when it is needed."""

    exam: Exam
    drawn: tuple[DrawnQuestion, ...]
    roster: tuple[Student, ...]
    large: frozenset[str]
    notes: bool

    def sheets(self) -> list[ExamSheet]:
        """The exam of every student."""
        lettered = self.roster == versions(len(self.roster))
        return [
            exam_sheet(
                self.exam, self.drawn, student, number,
                lettered=lettered, large=student.student in self.large,
            )
            for number, student in enumerate(self.roster)
        ]  # fmt: skip


@dataclass(frozen=True)
class _Series(Generic[Source]):
    """Documents of which each has a file of its own, and all of them one file together.

    A document is set once for both. What is there already is not written again.
    """

    sources: tuple[Source, ...]
    document: Callable[[Source], Document]
    paths: tuple[Path, ...]
    together: Path
    mode: int = 0o644

    @property
    def missing(self) -> int:
        """How many files are not there yet."""
        return sum(not path.exists() for path in (*self.paths, self.together))

    def __call__(self) -> None:
        """Write what is missing."""
        if self.together.exists():
            for _ in self._documents(all_of_them=False):
                pass
        else:
            with replacing(self.together, self.mode) as path:
                write_together(self._documents(all_of_them=True), path)

    def _documents(self, *, all_of_them: bool) -> Iterator[Document]:
        """The documents one by one, each written to its own file where that is missing."""
        for source, own in zip(self.sources, self.paths, strict=True):
            there = own.exists()
            if there and not all_of_them:
                continue
            document = self.document(source)
            if not there:
                _write(document, own, self.mode)
            yield document


def _write(document: Document, path: Path, mode: int) -> None:
    with replacing(path, mode) as temporary:
        write([document], temporary)


def _set(papers: _Papers, folder: Path, jobs: int, progress: Progress | None) -> int:
    """Write all pages that are not there yet, and count the files."""
    instructor = folder / "instructor"
    names = [f"{file_name(student.student)}.pdf" for student in papers.roster]
    sheets = papers.sheets()
    exams = _Series(
        tuple(sheets),
        exam_document,
        tuple(folder / "students" / name for name in names),
        folder / "print" / "all.pdf",
    )
    solutions = _Series(
        tuple(solution_sheet(sheet, papers.drawn, n) for n, sheet in enumerate(sheets)),
        partial(solution_document, notes=papers.notes),
        tuple(instructor / "solutions" / name for name in names),
        instructor / "solutions.pdf",
        SECRET,
    )
    missing = exams.missing + solutions.missing
    with _told(progress, [exams, solutions], missing):
        for _ in run([series for series in (solutions, exams) if series.missing], jobs):
            pass
    return missing + _formula_sheet(papers.exam, folder / "print" / "formula_sheet.pdf")


def _formula_sheet(exam: Exam, path: Path) -> int:
    """Write the formula sheet where there is none, and count it."""
    if path.exists():
        return 0
    with replacing(path) as temporary:
        write_formula_sheet(formula_sheet(exam), temporary)
    return 1


@contextmanager
def _told(progress: Progress | None, series: Sequence[_Series[Any]], total: int) -> Iterator[None]:
    """Tell now and then how many files are there by now, whichever process writes them."""
    if progress is None:
        yield
        return
    over = Event()

    def watch() -> None:
        while not over.wait(_NOW_AND_THEN):
            progress(total - sum(one.missing for one in series), total)

    watching = Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
        progress(total, total)
    finally:
        over.set()
        watching.join()
