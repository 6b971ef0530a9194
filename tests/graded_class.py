"""A class whose answers and verdicts the tests of feedback choose: graded exams made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from small_exam import students, write_exam

from examgen.answer_key import make_manifest
from examgen.exam import draw_exam, load_exam
from examgen.manifest import Manifest
from examgen.roster import Student
from grader.gradebook import Graded
from grader.marking.verdicts import Key, Marks, Reason, Verdict
from grader.reading.cells import BLANK, CodedCells, Readings
from grader.reading.responses import Answers

CREDITED = (Verdict.RIGHT, Verdict.FOLLOWS, Verdict.GIVEN_TO_ALL)

Cell = tuple[str, Verdict, Reason] | tuple[str, Verdict]


def manifest_of(
    folder: Path,
    roster: Sequence[Student] | int = 3,
    questions: list[str] | None = None,
    **fields: str,
) -> Manifest:
    """The manifest of a small exam; the fields as in `write_exam`."""
    exam = load_exam(write_exam(folder, questions, None, **fields))
    roster = students(roster) if isinstance(roster, int) else roster
    return make_manifest(exam, draw_exam(exam, len(roster)), roster)


def graded_class(manifest: Manifest, cells: Mapping[tuple[int, str], Cell] | None = None) -> Graded:
    """Everybody right but for the given cells, by place among the students and id of slot.

    Who has a cell under the id "absent" submitted nothing.
    """
    cells = cells or {}
    absent = {place for place, slot in cells if slot == "absent"}
    present = np.array([i for i in range(len(manifest.students)) if i not in absent])
    asked = np.array([_asked(manifest, slot.id) for slot in manifest.slots]).T[present]
    worth = np.array([slot.points for slot in manifest.slots])
    texts, verdicts, reasons, reason_of = _filled(manifest, present, asked, cells)
    shares = np.isin(verdicts, CREDITED)
    distinct, codes = np.unique(texts, return_inverse=True)
    kinds = np.array([1 if text.strip() else BLANK for text in distinct], np.uint8)
    given = {
        "students": present,
        "rows": present + 2,
        "cells": CodedCells(
            pa.array(distinct.tolist()), codes.reshape(texts.shape).astype(np.int32)
        ),
        "readings": Readings(kinds, np.zeros(len(distinct)), {}),
    }
    answers: Any = {each.name: given.get(each.name, ()) for each in fields(Answers)}
    marks = Marks(verdicts, shares * worth * asked, asked * worth, tuple(reasons), reason_of)
    return Graded(manifest, Answers(**answers), _key(manifest, present, asked), marks)


def _asked(manifest: Manifest, slot_id: str) -> np.ndarray:
    slot = next(slot for slot in manifest.slots if slot.id == slot_id)
    if slot.kind == "number":
        return ~np.isnan(manifest.expected(slot_id))
    question = next(q for q in manifest.questions if slot in q.slots)
    has = np.array([bool(text) for text in manifest.formulas(slot_id)])
    return has[manifest.template_of(question.id)]


def _key(manifest: Manifest, present: np.ndarray, asked: np.ndarray) -> Key:
    expected, tolerance = np.full((2, *asked.shape), np.nan)
    for column, slot in enumerate(manifest.slots):
        if slot.kind == "number":
            expected[:, column] = manifest.expected(slot.id)[present]
            tolerance[:, column] = manifest.tolerance(slot.id)[present]
    return Key(expected, tolerance, asked)


def _filled(
    manifest: Manifest,
    present: np.ndarray,
    asked: np.ndarray,
    cells: Mapping[tuple[int, str], Cell],
) -> tuple[np.ndarray, np.ndarray, list[Reason], np.ndarray]:
    """Texts, verdicts, reasons and which of them is whose, for the students who are there."""
    texts = np.full(asked.shape, "", object)
    verdicts = np.where(asked, Verdict.RIGHT, Verdict.NOT_ASKED).astype(np.uint8)
    reasons, reason_of = [Reason()], np.zeros(asked.shape, np.int32)
    for row, place in enumerate(present):
        for column, slot in enumerate(manifest.slots):
            if not asked[row, column]:
                continue
            text, verdict, *reason = cells.get((int(place), slot.id), ("1.5", Verdict.RIGHT))
            texts[row, column], verdicts[row, column] = text, verdict
            if reason:
                reason_of[row, column] = len(reasons)
                reasons += reason
    return texts.astype(str), verdicts, reasons, reason_of
