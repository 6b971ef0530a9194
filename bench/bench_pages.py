"""Pages a second beside typst, size of a page, the first page, and a class of a thousand.

One core: a question of two pages and its worked solution, new numbers for each student, one file a
student, from the drawn numbers to the PDF. typst sets the same content from source text that was
made beforehand. Both are timed in turn, by processor time, since a machine may be shared.
"""

from __future__ import annotations

import argparse
import io
import pickle
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import typst
from pypdf import PdfReader
from typst_paper import typst_source

from examgen.exam import draw_exam, load_exam
from examgen.press import Papers
from examgen.render import exam_document, paint, solution_document, write
from examgen.roster import Student
from examgen.sheet import ExamSheet, Solution
from examgen.work import seldom_collected

ROOT = Path(__file__).parent.parent
FONTS = [str(ROOT / "examgen" / "fonts")]
EXAM = "title: Backpropagation\nseed: 2718281828459045\nquestions:\n"
ONE = ("mlp-2-2-2",)
FOUR = (*ONE, "modified-recurrent-cell", "lstm-intermediate-nodes", "residual-two-heads")
BATCH, WARM, ROUNDS = 10, 10, 9  # students a round, students before the first, rounds
BOUND = {"pages": 100.0, "ratio": 1.5, "bytes": 25_000, "first": 0.6, "class": 120.0, "jobs": 1.7}

FROM_A_SHEET = """
import pickle
from pathlib import Path
sheet = pickle.loads(Path("sheet.pickle").read_bytes())
from examgen.render import write_exam
write_exam(sheet, Path("first.pdf"))
"""
FROM_AN_EXAM = """
from pathlib import Path
from examgen.exam import draw_exam, load_exam
from examgen.paper import exam_sheet
from examgen.render import write_exam
from examgen.roster import Student
exam = load_exam(Path("exam.yaml"))
write_exam(exam_sheet(exam, draw_exam(exam, 1), Student("1"), 0), Path("first.pdf"))
"""
BUILD = "from examgen.cli import main; main()"


def main() -> None:
    """Print the figures; those of a class take some minutes, and are left out by `--quick`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave the class of a thousand out")
    parser.add_argument("--students", type=int, nargs="*", default=[100, 300, 1000])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _one_core(folder)
        _first_page(folder)
        if not given.quick:
            _class(folder, given.students)


# --- one core ------------------------------------------------------------------------------------


def _papers(folder: Path, questions: Sequence[str], students: int) -> Papers:
    path = folder / "exam.yaml"
    path.write_text(EXAM + "".join(f"  - use: {name}\n" for name in questions), encoding="utf-8")
    exam = load_exam(path)
    roster = tuple(Student(f"70{n:04}", f"Student {n}", "", "") for n in range(students))
    return Papers(exam, draw_exam(exam, students), roster)


def _one_core(folder: Path) -> None:
    """Batches of ours and of typst's by turns; no content twice, for both keep what they set."""
    papers = _papers(folder, ONE, 4 * (WARM + BATCH * ROUNDS))
    compiler = typst.Compiler(font_paths=FONTS, ignore_system_fonts=True)
    contents = [_content(papers, number) for number in range(len(papers.roster))]
    sources = [typst_source(*content).encode() for content in contents]

    def theirs(number: int, *, tagged: bool) -> list[bytes]:
        made = compiler.compile(input=sources[number], format="pdf", pdf_tags=tagged)
        assert isinstance(made, bytes)
        return [made]

    setters = {
        "all in": lambda number: _set(*_content(papers, number)),
        "set": lambda number: _set(*contents[number]),
        "typst, tagged": partial(theirs, tagged=True),
        "typst, no tags": partial(theirs, tagged=False),
    }
    with seldom_collected():  # as a build has it
        found = _measured(setters)
    print(f"question and solution from drawn numbers: {found['all in'].rate:.0f} pages a second")
    for name in ("typst, tagged", "typst, no tags"):
        times = found[name].seconds / found["set"].seconds
        print(
            f"the same set from its content: {1000 * found['set'].seconds:.1f} ms a student; "
            f"{times:.2f} x {name} (bar: {BOUND['ratio']} x; "
            f"{found[name].rate:.0f} pages a second, {found[name].pages:.1f} a student)"
        )
    print(
        f"ours: {found['set'].rate:.0f} pages a second (bar: {BOUND['pages']:.0f}), "
        f"{found['set'].pages:.1f} a student, {found['set'].size / 1000:.1f} kB a page "
        f"(bar: {BOUND['bytes'] / 1000:.0f} kB; typst {found['typst, tagged'].size / 1000:.1f} kB)"
    )


class _Found(NamedTuple):
    """Seconds and pages a student (the median of the rounds, and the mean), and bytes a page."""

    seconds: float
    pages: float
    size: float

    @property
    def rate(self) -> float:
        """Pages a second."""
        return self.pages / self.seconds


def _content(papers: Papers, number: int) -> tuple[ExamSheet, Solution]:
    sheet = papers.sheet(number)
    return sheet, papers.solution(sheet, number)


def _set(sheet: ExamSheet, solution: Solution) -> list[bytes]:
    """A student's two files."""
    files = []
    for document in (exam_document(sheet), solution_document(solution)):
        out = io.BytesIO()
        write([paint(document)], out)
        files.append(out.getvalue())
    return files


def _measured(setters: dict[str, Callable[[int], list[bytes]]]) -> dict[str, _Found]:
    """What each takes for a student, files of whom it gives."""
    numbers = iter(range(len(setters) * (WARM + BATCH * ROUNDS)))
    for each in setters.values():
        for number in islice(numbers, WARM):
            each(number)
    seconds: dict[str, list[float]] = {name: [] for name in setters}
    files: dict[str, list[bytes]] = {name: [] for name in setters}
    for _ in range(ROUNDS):
        for name, each in setters.items():
            batch = list(islice(numbers, BATCH))
            start = time.process_time()
            made = [data for number in batch for data in each(number)]
            seconds[name].append((time.process_time() - start) / BATCH)
            files[name] += made
    return {name: _found(seconds[name], files[name]) for name in setters}


def _found(seconds: Sequence[float], files: Sequence[bytes]) -> _Found:
    pages = sum(len(PdfReader(io.BytesIO(data)).pages) for data in files)
    size = sum(map(len, files)) / pages
    return _Found(statistics.median(seconds), pages / (BATCH * ROUNDS), size)


# --- processes -----------------------------------------------------------------------------------


def _first_page(folder: Path) -> None:
    """A fresh process that writes one student's exam, whose sheet was made before."""
    sheet = _papers(folder, ONE, 1).sheet(0)
    (folder / "sheet.pickle").write_bytes(pickle.dumps(sheet))
    for start, code, bar in (
        ("a sheet", FROM_A_SHEET, f" (bar: {BOUND['first']} s)"),
        ("an exam file, numbers drawn", FROM_AN_EXAM, ""),
    ):
        runs = [_run(code, [], folder) for _ in range(7)]
        wall, cpu = (
            statistics.median(times) for times in zip(*(run[:2] for run in runs), strict=True)
        )
        print(f"first page, from {start}: {wall:.2f} s, {cpu:.2f} s of the processor{bar}")


def _class(folder: Path, sizes: Sequence[int]) -> None:
    """An exam of four questions with solutions for classes of several sizes."""
    _papers(folder, FOUR, 1)
    seconds = {}
    for students in sizes:
        for jobs in (2, 1) if students == sizes[-1] else (2,):
            command = ["build", "exam.yaml", "--versions", str(students), "--jobs", str(jobs)]
            wall, cpu, memory = _run(BUILD, [*command, "-o", f"out{students}-{jobs}"], folder)
            seconds[students, jobs] = wall
            print(
                f"build, {students} students x {len(FOUR)} questions, --jobs {jobs}: {wall:.1f} s,"
                f" {cpu:.1f} s of the processors, {memory} MB in the largest process"
            )
    most = sizes[-1]
    print(
        f"{most} students: {seconds[most, 2]:.1f} s (bar: {BOUND['class']:.0f} s),"
        f" {seconds[most, 1] / seconds[most, 2]:.2f} x one process (bar: {BOUND['jobs']} x)"
    )


def _run(code: str, arguments: Sequence[str], folder: Path) -> tuple[float, float, int]:
    """Seconds of a process, of the processor too, and megabytes of the largest of its workers and
    itself."""
    start, used = time.perf_counter(), _processor()
    found = subprocess.run(
        [sys.executable, "-c", _MEASURED.format(code=code), *arguments],
        cwd=folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    seconds, used = time.perf_counter() - start, _processor() - used
    memory = re.search(r"memory (\d+)", found.stderr)
    return seconds, used, int(memory[1]) // 1024 if memory else 0


def _processor() -> float:
    """Seconds of the processor that all processes took which have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


_MEASURED = """
import atexit, resource, sys
def tell():
    users = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    print("memory", max(resource.getrusage(who).ru_maxrss for who in users), file=sys.stderr)
atexit.register(tell)
{code}
"""


if __name__ == "__main__":
    main()
