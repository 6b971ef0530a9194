"""Gradescope's `results.json`: what an autograder says of one student's submission."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from examgen.files import file_name, write_atomically
from grader.lms.grades import Grades

VISIBILITY = "after_published"
"""A student sees nothing before the marks are published."""


def write_results(grades: Grades, folder: Path) -> tuple[Path, ...]:
    """Write a file for every student who submitted something, named after the id."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for student, results in _all_results(grades):
        path = folder / f"{file_name(student)}.json"
        text = json.dumps(results, ensure_ascii=False, indent=2, allow_nan=False)
        write_atomically(path, f"{text}\n", mode=0o600)
        written.append(path)
    return tuple(written)


def _all_results(grades: Grades) -> Iterator[tuple[str, dict[str, Any]]]:
    for i in np.flatnonzero(~np.isnan(grades.total)).tolist():
        yield grades.student[i], results_of(grades, i)


def results_of(grades: Grades, student: int) -> dict[str, Any]:
    """The results of one student of the roster: a test a question; texts are plain text."""
    tests = [
        {
            "name": question,
            "score": float(score.points[student]),
            "max_score": float(score.possible[student]),
            "output": "",
            "visibility": VISIBILITY,
        }
        for question, score in grades.questions.items()
    ]
    return {
        "score": float(grades.total[student]),
        "output": grades.feedback[student] if grades.feedback else "",
        "output_format": "text",
        "visibility": VISIBILITY,
        "tests": tests,
    }
