"""Pages a second beside typst, size of a page, the first page, and a class of a thousand.

One core: a question of two pages and its worked solution, new numbers for each student, one file a
student, from the drawn numbers to the PDF. typst sets the same content from source text that was
made beforehand. Both are timed in turn, by processor time, since a machine may be shared.
"""

from __future__ import annotations

import argparse
import io
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import typst
from timing import report
from typst_paper import typst_source

from examgen.exam import load_exam
from examgen.press import Papers
from examgen.render import exam_document, paint, solution_document, write
from examgen.roster import Student

ROOT = Path(__file__).parent.parent
FONTS = [str(ROOT / "examgen" / "fonts")]
EXAM = "title: Backpropagation\nseed: 2718281828459045\nquestions:\n"
ONE = ("mlp-2-2-2",)
FOUR = (*ONE, "modified-recurrent-cell", "lstm-intermediate-nodes", "residual-two-heads")
BATCH, WARM, ROUNDS = 10, 10, 9  # students a round, students before the first, rounds
BOUND = {"pages": 100.0, "ratio": 1.5, "bytes": 25_000, "first": 0.6, "class": 120.0, "jobs": 1.7}

FIRST_SHEET = """
import pickle
from pathlib import Path
sheet = pickle.loads(Path("sheet.pickle").read_bytes())
from examgen.render import write_exam
write_exam(sheet, Path("first.pdf"))
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
    from examgen.exam import draw_exam

    path = folder / "exam.yaml"
    path.write_text(EXAM + "".join(f"  - use: {name}\n" for name in questions), encoding="utf-8")
    exam = load_exam(path)
    roster = tuple(Student(f"70{n:04}", f"Student {n}", "", "") for n in range(students))
    return Papers(exam, draw_exam(exam, students), roster)


def _one_core(folder: Path) -> None:
    """Batches of ours and of typst's by turns; no content twice, for both keep what they set."""
    papers = _papers(folder, ONE, 3 * (WARM + BATCH * ROUNDS))
    compiler = typst.Compiler(font_paths=FONTS, ignore_system_fonts=True)
    sources = [_source(papers, number).encode() for number in range(len(papers.roster))]
    made: dict[str, list[bytes]] = {"ours": [], "plain": [], "tagged": []}

    def ours(number: int) -> None:
        made["ours"] += _ours(papers, number)

    def theirs(number: int, *, tagged: bool) -> None:
        found = compiler.compile(input=sources[number], format="pdf", pdf_tags=tagged)
        made["tagged" if tagged else "plain"].append(found)

    setters: dict[str, Callable[[int], None]] = {
        "ours": ours,
        "plain": lambda number: theirs(number, tagged=False),
        "tagged": lambda number: theirs(number, tagged=True),
    }
    rates = _rates(setters, made)
    size = sum(map(len, made["ours"])) / _pages(made["ours"])
    for peer, words in (("tagged", "typst, tagged as ours"), ("plain", "typst without tags")):
        what = "question and solution, pages"
        bar = f"{BOUND['pages']:.0f} and {BOUND['ratio']} x"
        report(what, rates["ours"], "a second", bar, (words, rates[peer]))
    print(f"size: {size / 1000:.1f} kB a page (bar: {BOUND['bytes'] / 1000:.0f} kB)")


def _ours(papers: Papers, number: int) -> list[bytes]:
    """A student's two files, from the drawn numbers."""
    sheet = papers.sheet(number)
    documents = exam_document(sheet), solution_document(papers.solution(sheet, number))
    files = []
    for document in documents:
        out = io.BytesIO()
        write([paint(document)], out)
        files.append(out.getvalue())
    return files


def _source(papers: Papers, number: int) -> str:
    sheet = papers.sheet(number)
    return typst_source(sheet, papers.solution(sheet, number))


def _rates(
    setters: dict[str, Callable[[int], None]], made: dict[str, list[bytes]]
) -> dict[str, float]:
    """The median over the rounds of the pages a second of each setter."""
    numbers = iter(range(len(setters) * (WARM + BATCH * ROUNDS)))
    for each in setters.values():
        for number in islice(numbers, WARM):
            each(number)
    rates: dict[str, list[float]] = {name: [] for name in setters}
    for _ in range(ROUNDS):
        for name, each in setters.items():
            before = len(made[name])
            start = time.process_time()
            for number in islice(numbers, BATCH):
                each(number)
            seconds = time.process_time() - start
            rates[name].append(_pages(made[name][before:]) / seconds)
    return {name: statistics.median(found) for name, found in rates.items()}


def _pages(files: Sequence[bytes]) -> int:
    from pypdf import PdfReader

    return sum(len(PdfReader(io.BytesIO(data)).pages) for data in files)


# --- processes -----------------------------------------------------------------------------------


def _first_page(folder: Path) -> None:
    """A fresh process that writes one student's exam, whose sheet was made before."""
    import pickle

    sheet = _papers(folder, ONE, 1).sheet(0)
    (folder / "sheet.pickle").write_bytes(pickle.dumps(sheet))
    from_sheet = statistics.median(_run(FIRST_SHEET, [], folder)[0] for _ in range(7))
    print(f"first page, from a sheet: {from_sheet:.2f} s (bar: {BOUND['first']} s)")


def _class(folder: Path, sizes: Sequence[int]) -> None:
    """An exam of four questions with solutions for classes of several sizes."""
    _papers(folder, FOUR, 1)
    seconds = {}
    for students in sizes:
        for jobs in (2, 1) if students == sizes[-1] else (2,):
            command = ["build", "exam.yaml", "--versions", str(students), "--jobs", str(jobs)]
            wall, memory = _run(BUILD, [*command, "-o", f"out{students}-{jobs}"], folder)
            seconds[students, jobs] = wall
            print(
                f"build, {students} students x {len(FOUR)} questions, --jobs {jobs}: {wall:.1f} s,"
                f" {memory} MB in the largest process"
            )
    most = sizes[-1]
    print(
        f"{most} students: {seconds[most, 2]:.1f} s (bar: {BOUND['class']:.0f} s),"
        f" {seconds[most, 1] / seconds[most, 2]:.2f} x one process (bar: {BOUND['jobs']} x)"
    )


def _run(code: str, arguments: Sequence[str], folder: Path) -> tuple[float, int]:
    """Seconds of a process, and the megabytes of the largest of it and its workers."""
    start = time.perf_counter()
    found = subprocess.run(
        [sys.executable, "-c", _MEASURED.format(code=code), *arguments],
        cwd=folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    seconds = time.perf_counter() - start
    memory = re.search(r"memory (\d+)", found.stderr)
    return seconds, int(memory[1]) // 1024 if memory else 0


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
