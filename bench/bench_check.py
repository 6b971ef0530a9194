"""Checking as a whole process: one template with 1,000 variants; and what it adds to a build."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from timing import median_seconds

from examgen.bank import bank_ids
from examgen.check import quick_check
from examgen.exam import draw_exam, load_exam

EXAM = """\
title: Backpropagation
seed: 2718281828459045
questions:
  - use: mlp-2-2-2
  - use: modified-recurrent-cell
"""
CHECK = "from examgen.cli import main; main()"


def main(names: Sequence[str]) -> None:
    """Print the figures; names: templates to check, by default all of the bank."""
    for name in names or bank_ids():
        seconds = median_seconds(lambda name=name: _check(name), runs=3)
        print(f"check {name}, 1,000 variants: {seconds:.1f} s (bar: 5 s)")
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest of these processes: {memory:.0f} MB")
    seconds = median_seconds(_quick, runs=3)
    print(f"quick check of a build, 300 students x 2 questions: {seconds:.1f} s (bar: 2 s)")


def _check(name: str) -> None:
    command = [sys.executable, "-c", CHECK, "check", name]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)


def _quick() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "exam.yaml"
        path.write_text(EXAM, encoding="utf-8")
        exam = load_exam(path)
        quick_check(exam, draw_exam(exam, 300))


if __name__ == "__main__":
    main(sys.argv[1:])
