"""From verdicts to points, and from points to totals."""

from __future__ import annotations

import numpy as np

from examgen.manifest import Manifest, Question, Slot
from grader.arrays import Bools, Codes, Floats, Indices
from grader.marking.verdicts import Marks, Reason, Verdict

DECIMALS = 6
"""Of points: hides that 0.1 + 0.2 is no 0.3."""

_FULL = (Verdict.RIGHT, Verdict.GIVEN_TO_ALL)
_FAULTY = (Verdict.WRONG, Verdict.KNOWN_MISTAKE)


def award(
    manifest: Manifest,
    verdicts: np.ndarray,
    asked: Bools,
    reasons: tuple[Reason, ...],
    reason_of: Codes,
    students: Indices | None = None,
) -> Marks:
    """The points of every answer, `(graded, slots)`.

    students: who is graded, as places on the roster; by default the first.

    Right answers get all of their points, those that follow an earlier wrong answer the slot's
    share of them, or all where the same student's formula for the quantity is right: the method is
    proven. A known mistake gets the share that its template grants it; what else is wrong costs the
    exam's penalty.
    """
    slots = manifest.slots
    students = np.arange(len(verdicts)) if students is None else students
    worth = manifest.worth(students)
    shares = np.isin(verdicts, _FULL).astype(np.float64)
    follows = verdicts == Verdict.FOLLOWS
    shares += follows * np.maximum(
        _follow_through(slots), method_shown(manifest, verdicts, students)
    )
    granted = _granted(slots, verdicts, reasons, reason_of)
    shares += granted
    penalised = np.isin(verdicts, _FAULTY) & (granted == 0)
    shares -= penalised * manifest.rubric.penalty
    points = np.where(shares == 1, worth, (shares * worth).round(DECIMALS))
    return Marks(verdicts, points, asked * worth, reasons, reason_of)


def _follow_through(slots: tuple[Slot, ...]) -> Floats:
    return np.array([slot.follow_through for slot in slots])


def method_shown(manifest: Manifest, verdicts: np.ndarray, students: Indices) -> Bools:
    """Whether the formula of the very quantity was asked as well and is right."""
    right = verdicts == Verdict.RIGHT
    shown = np.zeros(verdicts.shape, dtype=bool)
    first = 0
    for question in manifest.questions:
        formulas = [i for i, slot in enumerate(question.slots) if slot.kind == "formula"]
        template = manifest.template_of(question.id)[students]
        for column, slot in enumerate(question.slots):
            for other in formulas if slot.kind == "number" else ():
                same = _same(question, other, column)
                if same.any():
                    shown[:, first + column] |= right[:, first + other] & same[template]
        first += len(question.slots)
    return shown


def _same(question: Question, formula: int, number: int) -> Bools:
    """In which templates a formula slot derives the quantity of a number slot, `(templates,)`."""
    one, other = question.slots[formula], question.slots[number]
    count = range(len(question.templates))
    return np.array([one.form(n).quantity == other.form(n).quantity for n in count])


def _granted(
    slots: tuple[Slot, ...], verdicts: np.ndarray, reasons: tuple[Reason, ...], reason_of: Codes
) -> Floats:
    """The share of a known mistake; where several fit, the smallest that is granted."""
    shares = np.zeros(verdicts.shape)
    for column, slot in enumerate(slots):
        if slot.partial:
            by_reason = np.array([_share(slot, reason) for reason in reasons])
            known = verdicts[:, column] == Verdict.KNOWN_MISTAKE
            shares[:, column] = known * by_reason[reason_of[:, column]]
    return shares


def _share(slot: Slot, reason: Reason) -> float:
    return min((slot.partial.get(name, 0.0) for name in reason.mistakes), default=0.0)


def by_question(columns: Floats, manifest: Manifest) -> Floats:
    """Sums over the slots of each question, `(graded, questions)`, of `(graded, slots)`."""
    ends = np.cumsum([len(question.slots) for question in manifest.questions])
    parts = np.split(columns, ends[:-1], axis=1)
    return np.array([part.sum(axis=1) for part in parts]).T


def question_totals(marks: Marks, manifest: Manifest) -> Floats:
    """Points of each question, `(graded, questions)`; penalties never take more than it gave."""
    sums = by_question(marks.points, manifest).round(DECIMALS)
    return np.asarray(np.maximum(sums, 0.0))


def totals(marks: Marks, manifest: Manifest) -> tuple[Floats, Floats]:
    """Total and maximum of each graded student, `(graded,)` each: 0 <= total <= maximum.

    The total is rounded half up to a multiple of the rubric's `round_to`, but never beyond the
    maximum.
    """
    possible = marks.possible.sum(axis=1).round(DECIMALS)
    total = question_totals(marks, manifest).sum(axis=1).round(DECIMALS)
    if step := manifest.rubric.round_to:
        total = (np.floor((total / step).round(DECIMALS) + 0.5) * step).round(DECIMALS)
    return np.clip(total, 0.0, possible), possible
