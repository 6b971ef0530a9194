"""Small exams for the tests of building: templates, exam files and rosters, made in a folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from examgen.roster import Student

TINY = """\
id: tiny
title: {en: A tiny graph, de: Ein kleiner Graph}
stem: {en: Look at $z$., de: Betrachten Sie $z$.}
graph:
  topology: formulas
  formulas:
    z: w*x + b
    L: (z - y)^2
sample:
  x: {from: -5, to: 5, step: 0.5, except: [0]}
  w: {from: -5, to: 5, step: 0.5, except: [0]}
  b: {from: -4, to: 4, step: 1}
  y: {from: -5, to: 5, step: 0.5}
  eta: 0.1
require: [abs(dL/dw) > 0]
parts:
  - ask: Compute $z$.
    answers: z
    points: 1
  - ask: Give the derivative.
    derive: dL/dw
    points: 0.5
  - ask: Compute the derivative, and $w$ after a step with $\\eta = {eta}$.
    answers: dL/dw, w'
    points: [1, 0.5]
"""
OTHER = TINY.replace("id: tiny", "id: other").replace("w*x + b", "w*x - b")
UNIT = re.sub(r"\{from: [^}]*\}", "{choose: [1]}", TINY)
UNIT = UNIT.replace("x: {choose: [1]}", "x: {choose: [2]}").replace(
    "y: {choose: [1]}", "y: {choose: [0, 1]}"
)
"""x = 2, w = 1, b = 1: z is 3, and y is 0 or 1."""
SEED = 8765432109876

SMALL = ["{use: ./tiny.yaml}"]


def write_exam(
    folder: Path,
    questions: list[str] | None = None,
    templates: Mapping[str, str] | None = None,
    **fields: str,
) -> Path:
    """exam.yaml and its templates in `folder`; the fields as YAML."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"tiny.yaml": TINY, "other.yaml": OTHER} if templates is None else templates
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    given = {"title": "Test", "seed": str(SEED), **fields}
    lines = [f"{name}: {value}" for name, value in given.items()]
    lines += ["questions:", *(f"  - {q}" for q in (SMALL if questions is None else questions))]
    path = folder / "exam.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def students(count: int) -> tuple[Student, ...]:
    """A roster with names that occur in no exam."""
    return tuple(
        Student(f"7{n:04d}", f"Name{n:03d} Qzx", f"m{n}@example.org") for n in range(count)
    )


def contents(folder: Path) -> dict[str, bytes]:
    """Every file under a folder by its path there."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def command(program: str, *arguments: str | Path) -> list[str]:
    """A command line that runs `examgen` or `grader` in a process of its own."""
    code = f"from {program}.cli import main; main()"
    return [sys.executable, "-c", code, *map(str, arguments)]


def run(program: str, *arguments: str | Path, **options: str) -> subprocess.CompletedProcess[str]:
    """Run a program to its end; options are environment variables."""
    return subprocess.run(
        command(program, *arguments),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, **options},
    )
