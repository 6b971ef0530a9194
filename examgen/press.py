"""The pages of a class: made student by student in any process, bound together in this one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from examgen.exam import DrawnQuestion, Exam
from examgen.exam_folder import SECRET
from examgen.files import file_name, replacing, write_atomically
from examgen.paper import exam_sheet, solution_sheet
from examgen.render import bound_together, exam_document, paint, solution_document, write
from examgen.render.pdf import Painted
from examgen.roster import Student
from examgen.sheet import ExamSheet, Solution
from examgen.work import in_order

Progress = Callable[[int, int], None]
_CHUNK = 8  # students, of whom a process tells at once


@dataclass(frozen=True)
class Papers:
    """What all pages are made from; a sheet is made when it is needed.

    lettered: the students are versions for no one by name. large: who has large print. notes:
    whether solutions tell the mistakes to look for.
    """

    exam: Exam
    drawn: tuple[DrawnQuestion, ...]
    roster: tuple[Student, ...]
    lettered: bool = False
    large: frozenset[str] = frozenset()
    notes: bool = False

    def sheet(self, number: int) -> ExamSheet:
        """The exam of student `number`."""
        student = self.roster[number]
        return exam_sheet(
            self.exam, self.drawn, student, number,
            lettered=self.lettered, large=student.student in self.large,
        )  # fmt: skip

    def solution(self, sheet: ExamSheet, number: int) -> Solution:
        """The worked answers to it."""
        return solution_sheet(sheet, self.drawn, number, notes=self.notes)


@dataclass(frozen=True)
class Series:
    """A file for every student, of the exam or its worked answers, and perhaps all in one.

    kind: the end of the files' names. together: that one file; none for a screen.
    """

    folder: Path
    worked: bool
    kind: Literal[".pdf", ".html"] = ".pdf"
    together: Path | None = None
    mode: int = 0o644

    def own(self, student: Student) -> Path:
        """The file of a student."""
        return self.folder / f"{file_name(student.student)}{self.kind}"

    @property
    def open(self) -> bool:
        """Whether there is a file of all that is not there yet."""
        return self.together is not None and not self.together.exists()


def series_in(folder: Path, *, html: bool) -> tuple[Series, ...]:
    """What an exam's folder holds of every student; html: also for a screen."""
    inner, screen = folder / "instructor", folder / "html" / "students"
    paper = (
        Series(inner / "solutions", True, ".pdf", inner / "solutions.pdf", SECRET),
        Series(folder / "students", False, ".pdf", folder / "print" / "all.pdf"),
    )
    if not html:
        return paper
    solutions = Series(inner / "solutions", True, ".html", mode=SECRET)
    return *paper, solutions, Series(screen, False, ".html")


class _Made(NamedTuple):
    """What a process tells of some students: how many files it wrote, and for every student the
    pages that go into each file of all."""

    written: int
    pages: list[list[Painted]]


@dataclass(frozen=True)
class _Press:
    """Makes what is missing of some students; bound: series whose file of all is being made."""

    papers: Papers
    series: tuple[Series, ...]
    bound: tuple[Series, ...]

    def __call__(self, numbers: Sequence[int]) -> _Made:
        """Write the files of students, and give what is to be bound."""
        missing = sum(len(self.missing(number)) for number in numbers)
        return _Made(missing, [list(self._student(number)) for number in numbers])

    def missing(self, number: int) -> list[Series]:
        """Of which series the student has no file yet."""
        student = self.papers.roster[number]
        return [one for one in self.series if not one.own(student).exists()]

    def _student(self, number: int) -> Iterator[Painted]:
        missing, student = self.missing(number), self.papers.roster[number]
        sheet = self.papers.sheet(number)
        needed = [one for one in self.series if one in missing or one in self.bound]
        worked = any(one.worked for one in needed)
        solution = self.papers.solution(sheet, number) if worked else None
        for one in needed:
            source = solution if one.worked and solution else sheet
            if one.kind == ".html":
                write_atomically(one.own(student), self._page(source), one.mode)
                continue
            painted = self._painted(source)
            if one in missing:
                _write(painted, one.own(student), one.mode)
            if one in self.bound:
                yield painted

    def _painted(self, source: ExamSheet | Solution) -> Painted:
        if isinstance(source, Solution):
            return paint(solution_document(source, notes=self.papers.notes))
        return paint(exam_document(source))

    def _page(self, source: ExamSheet | Solution) -> str:
        from examgen.html.pages import exam_page, solution_page  # they load jinja2

        if isinstance(source, Solution):
            return solution_page(source, notes=self.papers.notes)
        return exam_page(source)


def _write(painted: Painted, path: Path, mode: int) -> None:
    with replacing(path, mode) as temporary:
        write([painted], temporary)


def print_all(
    papers: Papers, series: tuple[Series, ...], jobs: int = 1, progress: Progress | None = None
) -> int:
    """Write all that is not there yet, and count the files.

    Memory does not grow with the class: pages are made where they are written, a few students at a
    time, and bound in the order of the roster. progress: told how many files of how many are done.
    """
    press = _Press(papers, series, tuple(one for one in series if one.open))
    missing = [len(press.missing(number)) for number in range(len(papers.roster))]
    numbers = [n for n, count in enumerate(missing) if count or press.bound]
    total, done = sum(missing) + len(press.bound), 0
    with ExitStack() as stack:
        binders = [stack.enter_context(_binder(one)) for one in press.bound]
        for made in in_order(press, _chunks(numbers, jobs), jobs):
            for pages in made.pages:
                for add, painted in zip(binders, pages, strict=True):
                    add(painted)
            done += made.written
            if progress:
                progress(done, total)
    if progress:
        progress(total, total)
    return total


def _chunks(numbers: Sequence[int], jobs: int) -> list[Sequence[int]]:
    """Students in groups, small ones where there are few of them to share."""
    size = max(1, min(_CHUNK, len(numbers) // (4 * jobs)))
    return [numbers[start : start + size] for start in range(0, len(numbers), size)]


@contextmanager
def _binder(series: Series) -> Iterator[Callable[[Painted], None]]:
    """The file of all, which takes one student's pages after the other's."""
    assert series.together is not None, "bug: nothing to bind"
    with replacing(series.together, series.mode) as path, bound_together(path) as add:
        yield add
