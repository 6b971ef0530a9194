"""Times `grader grade` as a whole process on an artificial class, CSV to CSV.

Usage: python bench/bench_grade.py [--students 100000] [--messy 0.05] [--details csv] [--runs 5]
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
import pyarrow as pa
import pyarrow.compute as pc

from examgen.columns import print_column
from examgen.manifest import (
    ExamRecord,
    Manifest,
    NumberKey,
    Question,
    Slot,
    Students,
    TemplateRecord,
    write_manifest,
)
from grader.tables import write_csv

SLOTS = 12
WRONG = 0.3
MESSY = ("{}/20", "{},5", " {}.5 ", "−{}.25", "{}e-1", "1,{}00", "w = {}", "{}·10^-1", "")
GRADE = "from grader.cli import main; main()"


def main() -> None:
    """Print the median time and the peak memory of each figure."""
    arguments = _arguments()
    for messy in sorted({0.0, arguments.messy}):
        seconds, megabytes = measure(arguments.students, messy, arguments.details, arguments.runs)
        print(
            f"grade {arguments.students:,} students x {SLOTS}, {messy:.0%} messy, details "
            f"{arguments.details}: median {statistics.median(seconds):.2f} s of "
            f"{len(seconds)} runs, {megabytes:.0f} MB at most"
        )


def measure(students: int, messy: float, details: str, runs: int) -> tuple[list[float], float]:
    """Seconds of each run, and the most memory any of them took, in MB."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        expected = np.random.default_rng(1).normal(size=(SLOTS, students)).round(3)
        write_manifest(manifest(expected), folder / "manifest.json")
        write_answers(expected, messy, folder / "answers.csv")
        timed = [_run(folder, details) for _ in range(runs)]
    return [seconds for seconds, _ in timed], max(megabytes for _, megabytes in timed)


def manifest(expected: np.ndarray) -> Manifest:
    """An exam of two questions with six numbers each, for `expected` `(slots, students)`."""
    count = expected.shape[1]
    slots = [_slot(f"q{1 + i // 6}.a{1 + i % 6}") for i in range(SLOTS)]
    questions = tuple(
        Question(f"q{q + 1}", "bench", 6.0, ("bench",), tuple(slots[6 * q : 6 * q + 6]))
        for q in range(2)
    )
    zeros, given = " ".join(["0"] * count), print_column(expected[0])
    tolerance = print_column(np.full(count, 0.0005))
    return Manifest(
        exam=ExamRecord("bench", "Bench", "", "", "en", 1),
        templates={"bench": TemplateRecord("", "")},
        questions=questions,
        students=_students(count),
        asked={"q1": zeros, "q2": zeros},
        given={"q1": {f"x{i}": given for i in range(8)}, "q2": {}},
        key={
            slot.id: NumberKey(print_column(column), tolerance)
            for slot, column in zip(slots, expected, strict=True)
        },
    )


def write_answers(expected: np.ndarray, messy: float, path: Path) -> None:
    """A class that gets some wrong, and writes some of its numbers in all sorts of ways."""
    random = np.random.default_rng(2)
    answers = np.where(random.random(expected.shape) < WRONG, expected + 0.125, expected)
    columns = [pa.array(column).cast(pa.string()) for column in answers]
    for i, column in enumerate(columns):
        places = random.random(len(column)) < messy
        texts = _mess(random, int(places.sum()))
        columns[i] = pc.replace_with_mask(column, pa.array(places), pa.array(texts, pa.string()))
    ids = pa.array(_ids(expected.shape[1]))
    names = [f"q{1 + i // 6}.a{1 + i % 6}" for i in range(SLOTS)]
    write_csv(path, ["student", *names], [[ids, *columns]])


def _mess(random: np.random.Generator, count: int) -> list[str]:
    kinds = random.integers(len(MESSY), size=count).tolist()
    digits = random.integers(1, 2000, size=count).tolist()
    return [MESSY[kind].format(digit) for kind, digit in zip(kinds, digits, strict=True)]


def _slot(name: str) -> Slot:
    return Slot(name, "a", "number", 1.0, 3, name, name)


def _ids(count: int) -> tuple[str, ...]:
    return tuple(f"s{i:07d}" for i in range(count))


def _students(count: int) -> Students:
    empty, ids = ("",) * count, _ids(count)
    return Students(ids, ids, empty, empty, empty, print_column(np.arange(count)))


def _run(folder: Path, details: str) -> tuple[float, float]:
    command = [sys.executable, "-c", GRADE, "grade", str(folder / "answers.csv")]
    command += ["--manifest", str(folder / "manifest.json"), "-o", str(folder / "out")]
    start = time.perf_counter()
    process = subprocess.Popen([*command, "--details", details], stdout=subprocess.PIPE)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        raise SystemExit("bench: grading failed")
    return seconds, usage.ru_maxrss / 1024


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=100_000)
    parser.add_argument("--messy", type=float, default=0.05)
    parser.add_argument("--details", choices=("csv", "parquet", "none"), default="csv")
    parser.add_argument("--runs", type=int, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    main()
