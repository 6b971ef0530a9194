"""Building an exam: every student's paper, the print file, solutions, key, manifest, answer sheet.

All that is written depends on the exam file, its templates, the roster, the options and the version
alone. An id of these inputs is written first; files that are already there from the same inputs are
kept, so a build that was cut off goes on when it is run again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from examgen.answer_key import make_manifest, sheet_csv
from examgen.check import effort_line, permitted, quick_check
from examgen.errors import ExamgenError, Problem, suggestion
from examgen.exam import Exam, draw_exam
from examgen.exam_folder import SECRET, prepare
from examgen.files import replacing, write_atomically
from examgen.formulary import formula_sheet
from examgen.manifest_file import write_manifest
from examgen.press import Papers, Progress, print_all, series_in
from examgen.proofread import proofread
from examgen.render import write_formula_sheet
from examgen.roster import Student


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
    html: bool = False,
    progress: Progress | None = None,
) -> Built:
    """Write everything into `folder`; students/, print/, instructor/ and answers.csv.

    force: why it is to be printed even if a check of these very papers fails; told in the manifest.
    large: ids of students whose papers are in large print. notes: whether solutions tell
    instructors which mistakes to look for. html: whether all of it is there for a screen too, in
    html/ and beside the solutions. progress: told how many files of how many are done.
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
    prepare(folder, _inputs(manifest.exam.id, large, notes), replace, html=html)
    if not (folder / "answers.csv").exists():  # it may be filled in by now
        write_atomically(folder / "answers.csv", sheet_csv(manifest, None))
    write_atomically(folder / "instructor" / "key.csv", sheet_csv(manifest, drawn), SECRET)
    lettered = tuple(roster) == versions(len(roster))
    papers = Papers(exam, drawn, tuple(roster), lettered, frozenset(large), notes)
    written = print_all(papers, series_in(folder, html=html), jobs, progress)
    written += _formula_sheets(exam, folder, html=html)
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


# --- what is the same for all --------------------------------------------------------------------


def _formula_sheets(exam: Exam, folder: Path, *, html: bool) -> int:
    """Write the formula sheet where there is none, and count the files."""
    sheet, written = formula_sheet(exam), 0
    paper, screen = folder / "print" / "formula_sheet.pdf", folder / "html" / "formula_sheet.html"
    if not paper.exists():
        with replacing(paper) as temporary:
            write_formula_sheet(sheet, temporary)
        written += 1
    if html and not screen.exists():
        from examgen.html.pages import formula_page  # it loads jinja2

        write_atomically(screen, formula_page(sheet))
        written += 1
    return written
