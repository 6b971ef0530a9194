"""Times `grader grade` as a whole process on an artificial class, files to files.

The class makes slips and carries them on, has misconceptions, guesses, and spells a part of its
numbers oddly. Usage: python bench/bench_grade.py [--students 100000] [--runs 5]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from examgen.manifest import Manifest
from examgen.manifest_file import write_manifest
from grader.classroom import answer, write_answers
from grader.marking.papers import papers
from grader.marking.verdicts import is_right
from grader.simulate import class_of

WRONG = 0.3
MESSY = 0.1
SPELLINGS = ("{}/20", "{},5", " {}.5 ", "−{}.25", "{}e-1", "1,{}00", "w = {}", "{}·10^-1", "")
GRADE = "from grader.cli import main; main()"
EXAM = """\
title: Bench
seed: 20270211
questions: [{use: ./twelve.yaml}]
"""
PARTS = """\
parts:
  - ask: {en: Compute the forward pass., de: Berechnen Sie den Vorwärtsdurchlauf.}
    answers: h1, h2, h3, h4, o1, o2, L
    points: 7
  - ask: {en: Compute the derivatives., de: Berechnen Sie die Ableitungen.}
    answers: dL/do1, dL/do2, dL/dh3, dL/dw21, w21'
    points: 5
"""


def main() -> None:
    """Print the median time and the peak memory of each figure."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wrong = make_class(folder, arguments.students)
        figures = {"CSV to CSV": ["--no-report"], "and report.html": ["--report"]}
        for title, options in figures.items():
            timed = [_run(folder, options) for _ in range(arguments.runs)]
            _tell(f"grade {arguments.students:,} x 12, {wrong:.0%} wrong, {title}", timed)
        few = make_class(folder, 1000)
        timed = [_run(folder, ["--report", "--feedback"]) for _ in range(arguments.runs)]
        _tell(f"grade 1,000 x 12, {few:.0%} wrong, with report and feedback", timed)


def make_class(folder: Path, students: int) -> float:
    """Write manifest and answers of a class; the share of numbers that are not right."""
    bank = Path(__file__).parents[1] / "question_bank" / "mlp-2-2-2.yaml"
    graph, _, _ = bank.read_text(encoding="utf-8").partition("parts:\n")
    twelve = graph.replace("id: mlp-2-2-2", "id: twelve") + PARTS
    (folder / "twelve.yaml").write_text(twelve, encoding="utf-8")
    (folder / "exam.yaml").write_text(EXAM, encoding="utf-8")
    exam = class_of(folder / "exam.yaml", students)
    write_manifest(exam, folder / "manifest.json")
    return _write_answers(exam, folder / "answers.csv")


def _write_answers(exam: Manifest, path: Path) -> float:
    rng = np.random.default_rng(2)
    (paper,) = papers(exam, np.arange(len(exam.students)))
    truth = answer(paper, rng)
    expected, tolerance = (
        np.array([column(slot.id) for slot in exam.slots]).T
        for column in (exam.expected, exam.tolerance)
    )
    right = is_right(truth.values, expected, tolerance)
    guessed = right & (rng.random(right.shape) < 1 - (1 - WRONG) / right.mean())
    guesses = np.char.mod("%.4f", expected + rng.integers(1, 40, right.shape) / 8)
    truth.texts[guessed] = guesses[guessed]
    for row, place in np.argwhere(rng.random(right.shape) < MESSY).tolist():
        spelling = SPELLINGS[rng.integers(len(SPELLINGS))]
        truth.texts[row, place] = spelling.format(rng.integers(1, 2000))
    write_answers([truth], exam, path)
    return 1 - float((right & ~guessed).mean())


def _run(folder: Path, options: list[str]) -> tuple[float, float]:
    command = [sys.executable, "-c", GRADE, "grade", str(folder / "answers.csv"), *options]
    command += ["--manifest", str(folder / "manifest.json"), "-o", str(folder / "out")]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        raise SystemExit("bench: grading failed")
    return seconds, usage.ru_maxrss / 1024


def _tell(title: str, timed: list[tuple[float, float]]) -> None:
    median = statistics.median(seconds for seconds, _ in timed)
    most = max(megabytes for _, megabytes in timed)
    print(f"{title}: median {median:.2f} s of {len(timed)} runs, {most:.0f} MB at most", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    main()
