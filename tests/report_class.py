"""A graded class for the tests of the report, made by hand and large enough for statistics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from examgen.columns import print_column
from examgen.manifest import (
    ExamRecord,
    FormulaKey,
    Manifest,
    NumberKey,
    Question,
    Rubric,
    Slot,
    Students,
    TemplateRecord,
)
from grader.gradebook import Graded
from grader.marking.rubric import award
from grader.marking.verdicts import Key, Reason, Reasons, Verdict
from grader.reading.cells import CodedCells, DecimalChoice, Readings
from grader.reading.responses import Answers
from grader.reading.tabular import Rejected

TOLERANCE = 0.005
SLOTS = ("q1.h", "q1.dL_dh", "q1.dL_dw", "q1.form", "q2.elman.h", "q2.elman.w", "q2.lstm.c")
WORTH = (1.0, 0.5, 1.0, 2.0, 1.0, 1.0, 2.0)
ELMAN, LSTM = (4, 5), (6,)
MISTAKE = Reason("no relu", r"$\frac{\partial L}{\partial h}$ lacks ReLU", ("relu_deriv_ignored",))
TWO = Reason("two", "one of two: $w$", ("loss_sign", "relu_deriv_ignored"))
FOLLOWS = Reason("follows", "follows", (), ("q1.h",))

Cell = tuple[str, Verdict] | tuple[str, Verdict, Reason]


def make_manifest(students: int, rubric: Rubric | None = None, **slot: Any) -> Manifest:
    """Two questions, the second of them from one of two templates in turn; groups A, B, C."""
    ids = tuple(f"s{i:05d}" for i in range(students))
    empty = ("",) * students
    slots = [
        Slot(name, "a", "formula" if name == "q1.form" else "number", worth, 2, "h_1", "h", **slot)
        for name, worth in zip(SLOTS, WORTH, strict=True)
    ]
    keys = np.random.default_rng(3).normal(0, 10, (len(SLOTS), students)).round(2)
    asked = np.arange(students) % 2
    keys[list(ELMAN), :] = np.where(asked == 0, keys[list(ELMAN), :], np.nan)
    keys[list(LSTM), :] = np.where(asked == 1, keys[list(LSTM), :], np.nan)
    tolerance = print_column(np.full(students, TOLERANCE))
    return Manifest(
        exam=ExamRecord("exam-1", "Back & forth: $w$", "ML <1>", "2026-01-02", "en", 7),
        templates={name: TemplateRecord("ab", "") for name in ("mlp", "elman", "lstm")},
        questions=(
            Question("q1", "A network", 4.5, ("mlp",), tuple(slots[:4])),
            Question("q2", "A cell", 2.0, ("elman", "lstm"), tuple(slots[4:])),
        ),
        students=Students(
            ids, empty, tuple("ABC"[i % 3] for i in range(students)), empty, empty,
            print_column(np.arange(students)),
        ),
        asked={"q1": print_column(np.zeros(students)), "q2": print_column(asked)},
        given={"q1": {}, "q2": {}},
        key={
            slot.id: FormulaKey(("dL_dh*w",))
            if slot.kind == "formula"
            else NumberKey(print_column(key), tolerance)
            for slot, key in zip(slots, keys, strict=True)
        },
        rubric=rubric or Rubric(),
    )  # fmt: skip


def make_graded(
    students: int = 40,
    cells: Mapping[tuple[int, str], Cell] | None = None,
    manifest: Manifest | None = None,
    *,
    absent: int = 0,
    wrong: float = 0.3,
    rejected: tuple[Rejected, ...] = (),
    notes: tuple[str, ...] = (),
) -> Graded:
    """A class that is wrong here and there, by ability; `cells` sets answers of its own.

    The last `absent` of the roster handed in nothing.
    """
    manifest = manifest or make_manifest(students)
    present = np.arange(students - absent)
    expected = np.array([_expected(manifest, slot)[present] for slot in manifest.slots]).T
    asked = ~np.isnan(expected)
    asked[:, SLOTS.index("q1.form")] = True
    rng = np.random.default_rng(5)
    harder = (
        rng.normal(0, 0.15, (len(present), 1)) + wrong if wrong else np.zeros((len(present), 1))
    )
    slips = rng.random(expected.shape) < harder
    values = np.where(slips, (expected + rng.uniform(0.1, 5, expected.shape)).round(2), expected)
    verdicts = np.where(slips, Verdict.WRONG, Verdict.RIGHT).astype(np.uint8)
    texts = np.where(np.isnan(values), "dL_dh*w", values.astype(str)).astype(object)
    texts[~asked], verdicts[~asked] = "", Verdict.NOT_ASKED
    reasons, reason_of = Reasons(), np.zeros(verdicts.shape, dtype=np.int32)
    for (student, slot), (text, verdict, *why) in (cells or {}).items():
        place = student, SLOTS.index(slot)
        texts[place], verdicts[place] = text, verdict
        reason_of[place] = reasons.number(why[0]) if why else 0
    marks = award(manifest, verdicts, asked, reasons.all(), reason_of)
    answers = _answers(texts, present, rejected, notes)
    key = Key(expected, np.full(expected.shape, TOLERANCE), asked)
    return Graded(manifest, answers, key, marks)


def _expected(manifest: Manifest, slot: Slot) -> np.ndarray:
    if slot.kind == "formula":
        return np.full(len(manifest.students), np.nan)
    return manifest.expected(slot.id)


def _answers(
    texts: np.ndarray, present: np.ndarray, rejected: tuple[Rejected, ...], notes: tuple[str, ...]
) -> Answers:
    distinct, codes = np.unique(texts.astype(str), return_inverse=True)
    return Answers(
        students=present,
        rows=present + 2,
        cells=CodedCells(pa.array(distinct.tolist(), pa.string()), _shaped(codes, texts)),
        readings=Readings(
            np.zeros(len(distinct), np.uint8), np.array([_value(text) for text in distinct]), {}
        ),
        decimal=DecimalChoice("point", "as told", np.empty(0, dtype=np.int64)),
        rejected=rejected,
        notes=notes,
        rows_in=len(present) + len(rejected),
    )


def _shaped(codes: np.ndarray, texts: np.ndarray) -> np.ndarray:
    return codes.reshape(texts.shape).astype(np.int32)


def _value(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
