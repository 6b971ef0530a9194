"""Building an exam: every student's paper, the print file, solutions, key, manifest, answer sheet.

All that is written depends on the exam file, its templates, the roster and the version alone. An id
of these inputs is written first; files that are already there from the same inputs are kept, so a
build that was cut off goes on when it is run again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np

from examgen import __version__
from examgen.columns import print_column
from examgen.errors import ExamgenError
from examgen.exam import DrawnQuestion, Exam, ExamSlot, Marking, draw_exam
from examgen.exam_folder import SECRET, prepare
from examgen.files import file_name, replacing, write_atomically
from examgen.manifest import (
    ExamRecord,
    FormulaKey,
    Manifest,
    NumberKey,
    Question,
    Rubric,
    Slot,
    Students,
    TemplateRecord,
    write_manifest,
)
from examgen.nodes import Array
from examgen.paper import exam_sheet, solution_sheet, variant_codes
from examgen.proofread import proofread
from examgen.render import write_exam, write_print, write_solutions
from examgen.roster import Student
from examgen.solution import expected_formula, slot_label
from examgen.text import in_language
from examgen.tolerance import tolerances
from examgen.work import run


@dataclass(frozen=True)
class Built:
    """Where a build put things, and how many papers it wrote anew."""

    folder: Path
    students: int
    written: int

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
    force: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Built:
    """Write everything into `folder`; students/, print/, instructor/ and answers.csv.

    progress: told how many papers of how many are done. Raises ExamgenError where a template has
    no room for so many students, where a text cannot be set, and where the folder holds an exam
    built from other inputs (unless `force`, which replaces it).
    """
    if not roster:
        raise ExamgenError("the roster names no student")
    proofread(exam)
    drawn = draw_exam(exam, len(roster))
    manifest = make_manifest(exam, drawn, roster)
    prepare(folder, manifest.exam.id, force)
    if not (folder / "answers.csv").exists():  # it may be filled in by now
        write_atomically(folder / "answers.csv", sheet_csv(manifest, None))
    write_atomically(folder / "instructor" / "key.csv", sheet_csv(manifest, drawn), SECRET)
    tasks = list(_tasks(exam, drawn, roster, folder))
    for done, _ in enumerate(run(tasks, jobs), start=1):
        if progress is not None:
            progress(done, len(tasks))
    write_manifest(manifest, folder / "instructor" / "manifest.json")
    return Built(folder, len(roster), len(tasks))


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


# --- key and manifest ----------------------------------------------------------------------------


def make_manifest(
    exam: Exam, drawn: tuple[DrawnQuestion, ...], roster: Sequence[Student]
) -> Manifest:
    """All that the grader needs of an exam drawn for a class."""
    templates = {t.id: t for question in exam.questions for t in question.templates}
    seed = exam.file.seed
    return Manifest(
        exam=ExamRecord(
            id=_exam_id(exam, roster),
            title=exam.file.title,
            course=exam.file.course,
            date=exam.file.date,
            language=exam.file.language,
            seed=seed,
        ),
        templates={
            name: TemplateRecord(sha256(t.text.encode()).hexdigest(), t.text)
            for name, t in templates.items()
        },
        questions=tuple(_question_record(question, exam.file.language) for question in drawn),
        students=Students(
            student=tuple(s.student for s in roster),
            name=tuple(s.name for s in roster),
            group=tuple(s.group for s in roster),
            email=tuple(s.email for s in roster),
            code=tuple(variant_codes(seed, range(len(roster)))),
            variant=print_column(np.arange(len(roster))),
        ),
        asked={q.question.id: print_column(q.asked) for q in drawn},
        given={q.question.id: _givens(q) for q in drawn},
        key={name: key for question in drawn for name, key in _keys(question)},
        rubric=_rubric(exam.file.marking),
    )


def _exam_id(exam: Exam, roster: Sequence[Student]) -> str:
    """Changes with anything that the files depend on."""
    parts = [__version__, *(f"{name}\n{text}" for name, text in exam.sources.items())]
    parts += [repr(student) for student in roster]
    return sha256("\0".join(parts).encode()).hexdigest()[:16]


def _rubric(marking: Marking) -> Rubric:
    rounding = marking.round_to
    return Rubric(float(marking.penalty), None if rounding is None else float(rounding))


def _question_record(drawn: DrawnQuestion, language: str) -> Question:
    question = drawn.question
    return Question(
        id=question.id,
        title=in_language(question.templates[0].file.title, language),
        points=float(question.points),
        templates=tuple(template.id for template in question.templates),
        slots=tuple(
            Slot(
                id=slot.id,
                part=slot.part,
                kind=slot.slot.kind,
                points=float(slot.points),
                decimals=slot.slot.decimals if slot.slot.kind == "number" else None,
                label=slot_label(question.templates[slot.template], slot.slot),
                quantity=slot.slot.quantity,
                follow_through=float(slot.follow_through),
                partial={name: float(share) for name, share in slot.slot.partial_marks.items()},
            )
            for slot in question.slots
        ),
    )


def _givens(drawn: DrawnQuestion) -> dict[str, str]:
    """Each given's numbers, NaN for students whose template has none of that name."""
    size = len(drawn.asked)
    found: dict[str, Array] = {}
    for index, variants in enumerate(drawn.variants):
        mine = drawn.asked == index
        for name, values in variants.draw.floats().items():
            found.setdefault(name, np.full(size, np.nan))[mine] = values
    return {name: print_column(values) for name, values in found.items()}


def _keys(drawn: DrawnQuestion) -> Iterator[tuple[str, NumberKey | FormulaKey]]:
    """The key of every slot of a question, by slot id."""
    widths = [tolerances(variants) for variants in drawn.variants]
    for slot in drawn.question.slots:
        if slot.slot.kind == "formula":
            yield slot.id, _formula_key(drawn, slot)
        else:
            yield slot.id, _number_key(drawn, slot, widths[slot.template][slot.slot.id])


def _formula_key(drawn: DrawnQuestion, slot: ExamSlot) -> FormulaKey:
    formulas = ["" for _ in drawn.variants]
    formulas[slot.template] = expected_formula(drawn.variants[slot.template].template, slot.slot)
    return FormulaKey(tuple(formulas))


def _number_key(drawn: DrawnQuestion, slot: ExamSlot, widths: Array) -> NumberKey:
    """Key and tolerance in a column of all students, NaN for those who are not asked."""
    mine = drawn.asked == slot.template
    expected, tolerance = np.full((2, len(drawn.asked)), np.nan)
    expected[mine] = drawn.variants[slot.template].expected(slot.slot)
    tolerance[mine] = widths
    return NumberKey(print_column(expected), print_column(tolerance))


def sheet_csv(manifest: Manifest, drawn: tuple[DrawnQuestion, ...] | None) -> str:
    """The answer sheet: a row a student, a column a slot; blank, or filled with right answers."""
    students = manifest.students.student
    slots = manifest.slots
    columns = [[""] * len(students) for _ in slots] if drawn is None else list(_columns(drawn))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["student", *(slot.id for slot in slots)])
    writer.writerows(zip(students, *columns, strict=True))
    return buffer.getvalue()


def _columns(drawn: tuple[DrawnQuestion, ...]) -> Iterator[list[str]]:
    """For each slot the right answers of all students, empty where it is not asked."""
    for question in drawn:
        for slot in question.question.slots:
            variants = question.variants[slot.template]
            formula = slot.slot.kind == "formula"
            text = expected_formula(variants.template, slot.slot) if formula else ""
            yield [
                "" if template != slot.template else text or variants.printed(slot.slot, int(row))
                for template, row in zip(question.asked, question.rows, strict=True)
            ]
