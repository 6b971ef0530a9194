"""Five sheets marked by hand, with all that a rubric has, against what the program gives."""

from __future__ import annotations

import csv
from pathlib import Path

from small_exam import students, write_exam

from examgen.answer_key import make_manifest
from examgen.exam import draw_exam, load_exam
from examgen.manifest_file import write_manifest
from grader import cli

TEMPLATE = """\
id: sheet
title: A linear unit
graph:
  topology: formulas
  formulas:
    z: w*x + b
    L: (z - y)^2
sample: {x: 3, w: 0.5, b: 1.25, y: 0.5, eta: 0.1}
partial_marks: {loss_factor_dropped: 0.5, lr_dropped: 0.25}
follow_through: 0.5
parts:
  - {ask: Compute z., answers: z, points: 1}
  - {ask: Compute the derivative by z., answers: dL/dz, points: 1}
  - {ask: Give the derivative by w., derive: dL/dw, points: 1}
  - {ask: Compute the derivatives., answers: "dL/dw, dL/db", points: [2, 1]}
  - {ask: Compute w after a step., answers: w', points: 2}
"""
# z = 0.5*3 + 1.25 = 2.75; dL/dz = 2 (2.75 - 0.5) = 4.5; dL/dw = 4.5*3 = 13.5; dL/db = 4.5;
# w' = 0.5 - 0.1*13.5 = -0.85. Eight points: 1, 1, 1, 2, 1, 2. A wrong answer costs a quarter of its
# points; totals go in halves, half up.
SLOTS = ("z", "dL_dz", "derive_dL_dw", "dL_dw", "dL_db", "w_new")
SHEETS = (
    # All right.
    ("2.75", "4.5", "dL/dz*x", "13.5", "4.5", "-0.85"),
    # z wrong by one. What follows: dL/dz = 2*3.25 = 6.5, dL/dw = 19.5, dL/db = 6.5, and
    # w' = 0.5 - 1.95 = -1.45.
    ("3.75", "6.5", "x * dL/dz", "19.5", "6.5", "-1.45"),
    # dL/dz without the 2. The formula lacks x. dL/dw = 2.25*3 and dL/db follow. w' = 0.5 - 6.75:
    # the learning rate is missing, on top of the carried error.
    ("2.75", "2.25", "dL/dz", "6.75", "2.25", "-6.25"),
    # Gaps, a formula and a number that nobody can read, a wrong number.
    ("", "", "???", "13.5", "7.1", "about -0.85"),
    # All wrong.
    ("9.1", "5.3", "x", "1.7", "0.3", "7.7"),
)
POINTS = (
    (1, 1, 1, 2, 1, 2),
    # Half for what follows; but all of dL/dw, whose formula is right.
    (-0.25, 0.5, 1, 2, 0.5, 1),
    # Half for the factor 2, as granted; half for what follows; a quarter for the learning rate.
    (1, 0.5, -0.25, 1, 0.5, 0.5),
    # What cannot be read costs nothing.
    (0, 0, 0, 2, -0.25, 0),
    (-0.25, -0.25, -0.25, -0.5, -0.25, -0.5),
)
TOTALS = (
    "8",
    "5",  # 4.75, half up
    "3.5",  # 3.25
    "2",  # 1.75
    "0",  # never below nothing
)


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def test_the_marks_are_those_given_by_hand(tmp_path: Path) -> None:
    """Shares, method marks, penalties and rounding, answer by answer."""
    marking = "{penalty: 0.25, round_to: 0.5}"
    exam = load_exam(
        write_exam(tmp_path, ["{use: ./sheet.yaml}"], {"sheet.yaml": TEMPLATE}, marking=marking)
    )
    (student,) = students(1)
    rows = []
    for number, (sheet, points, total) in enumerate(zip(SHEETS, POINTS, TOTALS, strict=True)):
        folder = tmp_path / str(number)  # the numbers are fixed: an exam of one for each
        folder.mkdir()
        write_manifest(make_manifest(exam, draw_exam(exam, 1), (student,)), folder / "m.json")
        with (folder / "in.csv").open("w", encoding="utf-8", newline="") as file:
            header = ["student", *(f"q1.{slot}" for slot in SLOTS)]
            csv.writer(file).writerows([header, [student.student, *sheet]])
        files = [folder / "in.csv", "-m", folder / "m.json", "-o", folder / "out"]
        cli.app(["grade", *map(str, files), "--no-report"], standalone_mode=False)
        details = table(folder / "out/details.csv")
        (grade,) = table(folder / "out/grades.csv")
        rows.append([float(line["points"]) for line in details])
        assert rows[-1] == list(points), [
            (line["slot"], line["verdict"], line["note"]) for line in details
        ]
        assert (grade["total"], grade["max"]) == (total, "8")
    assert len(rows) == 5
