"""Building an exam: every student's paper, the print file, solutions, key, manifest, answer sheet.

All that is written depends on the exam file, its templates, the roster, the options and the version
alone. An id of these inputs is written first; files that are already there from the same inputs are
kept, so a build that was cut off goes on when it is run again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

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
    write_exam,
    write_formula_sheet,
    write_print,
    write_solution,
    write_solutions,
)
from examgen.roster import Student
from examgen.sheet import ExamSheet, Solution
from examgen.work import run

_CHUNK = 16  # students a task


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
    progress: Callable[[int, int], None] | None = None,
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
    written = _written(list(_tasks(papers, folder)), jobs, progress)
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
class _File:
    """A file of pages to be written."""

    path: Path
    write: Callable[[Path], None]
    mode: int = 0o644

    def __call__(self) -> None:
        with replacing(self.path, self.mode) as path:
            self.write(path)


@dataclass(frozen=True)
class _Task:
    """Files that one process writes, one after the other."""

    files: tuple[_File, ...]

    def __call__(self) -> int:
        for file in self.files:
            file()
        return len(self.files)


def _written(tasks: Sequence[_Task], jobs: int, progress: Callable[[int, int], None] | None) -> int:
    """Do the tasks, and count their files."""
    done, total = 0, sum(len(task.files) for task in tasks)
    for count in run(tasks, jobs):
        done += count
        if progress is not None:
            progress(done, total)
    return done


def _tasks(papers: _Papers, folder: Path) -> Iterator[_Task]:
    """The files that are not there yet: the long ones first, so that none is late."""
    sheets = papers.sheets()
    answers = [
        solution_sheet(sheet, papers.drawn, n, notes=papers.notes)
        for n, sheet in enumerate(sheets)
    ]
    instructor = folder / "instructor"
    long = [
        _File(
            instructor / "solutions.pdf",
            partial(write_solutions, answers, notes=papers.notes),
            SECRET,
        ),
        _File(folder / "print" / "all.pdf", partial(write_print, sheets)),
        _File(
            folder / "print" / "formula_sheet.pdf",
            partial(write_formula_sheet, formula_sheet(papers.exam)),
        ),
    ]
    yield from (_Task((file,)) for file in long if not file.path.exists())
    pairs = zip(papers.roster, answers, strict=True)
    files = [
        file
        for student, answer in pairs
        for file in _files(folder, file_name(student.student), answer, papers.notes)
        if not file.path.exists()
    ]
    for first in range(0, len(files), 2 * _CHUNK):
        yield _Task(tuple(files[first : first + 2 * _CHUNK]))


def _files(folder: Path, name: str, answer: Solution, notes: bool) -> Iterator[_File]:
    """A student's exam, and its solution among the instructor's files."""
    yield _File(folder / "students" / f"{name}.pdf", partial(write_exam, answer.exam))
    worked = folder / "instructor" / "solutions" / f"{name}.pdf"
    yield _File(worked, partial(write_solution, answer, notes=notes), SECRET)
