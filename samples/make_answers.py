"""Writes answers.csv: what a class of thirty might hand in for the sample exam.

Usage: examgen build samples/exam.yaml --roster samples/roster.csv -o out
       python samples/make_answers.py out/instructor samples/answers.csv
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

from examgen.manifest import Manifest
from examgen.manifest_file import read_manifest
from grader.classroom import answer
from grader.marking.papers import papers

FAULTS = (0.1, 0.3, 0.5, 0.8, 1.0, 1.0)
"""How likely a student is to answer a question with slips, misconceptions or odd spellings."""
GAPS = 0.35
"""How likely an answer is to be left out by who is sure to make faults."""


def main(instructor: Path, out: Path) -> None:
    """Spoil some of the right answers as students do, and mix up some rows."""
    with (instructor / "key.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    rows = handed_in(read_manifest(instructor / "manifest.json"), rows)
    absent = rows.pop(17)
    rows[4][3] = "1,234"  # a thousands mark, or a decimal comma?
    rows[9][2] = "about 3"
    rows.append([absent[0].removeprefix("1"), *absent[1:]])  # a digit of the id is missing
    with out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def handed_in(manifest: Manifest, key: list[list[str]]) -> list[list[str]]:
    """The key's rows, with answers of an artificial class in place of some students' right ones."""
    rng = np.random.default_rng(2027)
    rows = np.array(key, dtype=object)
    faults = rng.choice(FAULTS, size=len(rows))
    for paper in papers(manifest, np.arange(len(rows))):
        truth = answer(paper, rng)
        spoiled = np.flatnonzero(rng.random(len(paper.rows)) < faults[paper.rows])
        rows[np.ix_(paper.rows[spoiled], paper.columns + 1)] = truth.texts[spoiled]
    left_out = rng.random(rows.shape) < GAPS * faults[:, None] ** 2
    rows[:, 1:][left_out[:, 1:]] = ""
    return [list(row) for row in rows]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
