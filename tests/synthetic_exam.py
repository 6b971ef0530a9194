"""A small exam for the grader's tests, made by hand: what the exam builder would write."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from examgen.columns import print_column
from examgen.manifest import (
    ExamRecord,
    FormulaKey,
    Manifest,
    NumberKey,
    Question,
    Slot,
    Students,
    TemplateRecord,
)
from examgen.manifest_file import write_manifest

STUDENTS = ("00123456", "s2", "zoë", "s4")
SLOTS = ("q1.w", "q1.dL_dw", "q1.form", "q2.h")
KEY = {
    "q1.w": (0.65, -1.5, 2.0, 13.0),
    "q1.dL_dw": (0.125, 0.25, -0.5, 1.0),
    "q2.h": (3.0, 4.0, float("nan"), 5.0),
}
TOLERANCE = 0.005
FORMULA = "dL_dh*w"
SHEET = (
    ("00123456", "0.65", "0.125", FORMULA, "3"),
    ("s2", "-1.5", "0.25", FORMULA, "4"),
    ("zoë", "2", "-0.5", FORMULA, ""),
    ("s4", "13", "1", FORMULA, "5"),
)
"""The answers that are right; q2.h is not asked of zoë."""


def make_manifest(students: Sequence[str] = STUDENTS) -> Manifest:
    """Two questions, three numbers and a formula, for as many students as asked (four keys)."""
    count = len(students)
    zeros = " ".join("0" * count)
    return Manifest(
        exam=ExamRecord("exam-1", "Backpropagation", "ML", "2026-01-02", "en", 7),
        templates={"mlp": TemplateRecord("ab", "id: mlp\n")},
        questions=(
            Question("q1", "MLP", 4.0, ("mlp",), _slots(("w", 1.0), ("dL_dw", 2.0), ("form", 1.0))),
            Question("q2", "RNN", 1.5, ("mlp",), (make_slot("q2.h", 1.5),)),
        ),
        students=Students(
            student=tuple(students),
            name=("",) * count,
            group=("",) * count,
            email=("",) * count,
            code=("7K3-QX",) * count,
            variant=print_column(range(count)),
        ),
        asked={"q1": zeros, "q2": zeros},
        given={"q1": {"x": print_column([0.5] * count), "phi": ("relu",) * count}, "q2": {}},
        key={
            **{slot: _number_key(values, count) for slot, values in KEY.items()},
            "q1.form": FormulaKey((FORMULA,)),
        },
    )


def make_slot(slot_id: str, points: float) -> Slot:
    """A slot; the one called `form` is a formula."""
    kind = "formula" if slot_id.endswith("form") else "number"
    return Slot(slot_id, "a", kind, points, 3, slot_id, slot_id)


def write_exam(folder: Path, students: Sequence[str] = STUDENTS) -> Path:
    """The manifest as a file in `folder`."""
    path = folder / "manifest.json"
    write_manifest(make_manifest(students), path)
    return path


def write_sheet(
    path: Path,
    rows: Iterable[Sequence[str]] = SHEET,
    header: Sequence[str] = ("student", *SLOTS),
    delimiter: str = ",",
) -> Path:
    """An answer file with these rows."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows([header, *rows])
    return path


def _slots(*named: tuple[str, float]) -> tuple[Slot, ...]:
    return tuple(make_slot(f"q1.{name}", points) for name, points in named)


def _number_key(values: Sequence[float], count: int) -> NumberKey:
    repeated = [values[i % len(values)] for i in range(count)]
    return NumberKey(print_column(repeated), print_column([TOLERANCE] * count))
