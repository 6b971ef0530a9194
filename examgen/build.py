"""Building an exam: every student's paper, the print file, solutions, key, manifest, answer sheet.

All that is written depends on the exam file, its templates, the roster and the version alone. An id
of these inputs is written first; files that are already there from the same inputs are kept, so a
build that was cut off goes on when it is run again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from examgen.answer_key import make_manifest, sheet_csv
from examgen.check import effort_line, permitted, quick_check
from examgen.errors import ExamgenError
from examgen.exam import DrawnQuestion, Exam, draw_exam
from examgen.exam_folder import SECRET, prepare
from examgen.files import file_name, replacing, write_atomically
from examgen.manifest_file import write_manifest
from examgen.paper import exam_sheet, solution_sheet
from examgen.proofread import proofread
from examgen.render import write_exam, write_print, write_solutions
from examgen.roster import Student
from examgen.work import run


@dataclass(frozen=True)
class Built:
    """Where a build put things, and how many papers it wrote anew.

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
    progress: Callable[[int, int], None] | None = None,
) -> Built:
    """Write everything into `folder`; students/, print/, instructor/ and answers.csv.

    force: why it is to be printed even if a check of these very papers fails; told in the manifest.
    progress: told how many papers of how many are done. Raises ExamgenError where a template has
    no room for so many students, where a text cannot be set, where the check fails, and where the
    folder holds an exam built from other inputs (unless `replace`, which removes it).
    """
    if not roster:
        raise ExamgenError("the roster names no student")
    proofread(exam)
    drawn = draw_exam(exam, len(roster))
    reports = quick_check(exam, drawn)
    forced = permitted(reports, force)
    manifest = dataclasses.replace(make_manifest(exam, drawn, roster), forced=forced)
    prepare(folder, manifest.exam.id, replace)
    if not (folder / "answers.csv").exists():  # it may be filled in by now
        write_atomically(folder / "answers.csv", sheet_csv(manifest, None))
    write_atomically(folder / "instructor" / "key.csv", sheet_csv(manifest, drawn), SECRET)
    tasks = list(_tasks(exam, drawn, roster, folder))
    for done, _ in enumerate(run(tasks, jobs), start=1):
        if progress is not None:
            progress(done, len(tasks))
    write_manifest(manifest, folder / "instructor" / "manifest.json")
    return Built(folder, len(roster), len(tasks), effort_line(reports))


# --- pages ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Task:
    """A file of pages to be written."""

    path: Path
    write: Callable[[Path], None]
    mode: int = 0o644

    def __call__(self) -> None:
        with replacing(self.path, self.mode) as path:
            self.write(path)


def _tasks(
    exam: Exam, drawn: tuple[DrawnQuestion, ...], roster: Sequence[Student], folder: Path
) -> Iterator[_Task]:
    """The files that are not there yet, the long ones first."""
    sheets = [exam_sheet(exam, drawn, student, n) for n, student in enumerate(roster)]
    everyone = folder / "print" / "all.pdf"
    worked = folder / "instructor" / "solutions.pdf"
    if not worked.exists():
        solutions = [solution_sheet(sheet, drawn, n) for n, sheet in enumerate(sheets)]
        yield _Task(worked, partial(write_solutions, solutions), SECRET)
    if not everyone.exists():
        yield _Task(everyone, partial(write_print, sheets))
    for sheet in sheets:
        path = folder / "students" / f"{file_name(sheet.student)}.pdf"
        if not path.exists():
            yield _Task(path, partial(write_exam, sheet))
