"""Building the exam of 300 students with two questions, as a whole process; and start-up."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from timing import median_seconds

EXAM = """\
title: Backpropagation
seed: 2718281828459045
questions:
  - use: mlp-2-2-2
  - use: modified-recurrent-cell
"""
BUILD = "from examgen.cli import main; main()"


def main() -> None:
    """Print both figures."""
    students = 300
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "exam.yaml").write_text(EXAM, encoding="utf-8")
        numbers = iter(range(100))

        def build() -> None:
            _run("build", "exam.yaml", "--versions", str(students), "-o", f"out{next(numbers)}",
                 "--jobs", "2", folder=folder)  # fmt: skip

        seconds = median_seconds(build, runs=3)
        helped = median_seconds(lambda: _run("--help", folder=folder), runs=11)
    print(f"build, {students} students x 2 questions, 2 jobs: {seconds:.1f} s (bar: 60 s)")
    print(f"examgen --help: {helped:.2f} s (bar: 0.4 s)")


def _run(*arguments: str, folder: Path) -> None:
    command = [sys.executable, "-c", BUILD, *arguments]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
