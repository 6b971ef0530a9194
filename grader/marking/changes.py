"""Changes after the exam, put into effect: mended keys, other tolerances, points given or dropped.

Nothing is computed here that was not decided by a person; `changes_file` reads what was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from examgen.columns import print_column
from examgen.forms import Form, Number, Share
from examgen.manifest import Manifest, NumberKey, Question, Slot, SlotForm
from grader.arrays import Bools
from grader.marking.hand_marks import HandMark
from grader.marking.rubric import award
from grader.marking.verdicts import Key, Marks, Reason, Reasons, Verdict

if TYPE_CHECKING:
    from grader.reading.responses import Answers

Give = Literal["all", "answered"]
Decision = Literal["accepted", "given", "by hand"]
Agrees = Callable[[Slot, str, str, str], bool]
"""Whether a student's formula (the first text) is the same as another one (the second), for this
slot on a paper of the template that is named last."""

_SAID: Mapping[str, Mapping[Decision, str]] = {
    "en": {
        "accepted": "accepted after the exam",
        "given": "full points were given after the exam",
        "by hand": "marked by hand",
    },
    "de": {
        "accepted": "nach der Prüfung anerkannt",
        "given": "nach der Prüfung mit voller Punktzahl gewertet",
        "by hand": "von Hand bewertet",
    },
}


class SlotChange(Form):
    """What changes for one slot; what is not said stays as it was."""

    tolerance: Number | None = Field(None, ge=0, description="How far from the key is right")
    key: Number | dict[str, Number] | None = Field(
        None, description="The right number, for everyone or by student"
    )
    points: Number | None = Field(None, gt=0, le=1000)
    follow_through: Share | None = Field(None, description="Share for what follows a wrong answer")
    give: Give | None = Field(None, description="Full points: to all, or to those who answered")
    drop: bool = Field(False, description="The slot does not count")
    accept: list[str] | dict[str, list[str]] = Field(
        default_factory=list,
        max_length=20,
        description="Right formulas; for each structure by its name where their keys differ",
    )

    def accepted(self, template: str) -> list[str]:
        """The formulas that are right, too, on papers of a template."""
        return self.accept if isinstance(self.accept, list) else self.accept.get(template, [])


@dataclass(frozen=True)
class Changes:
    """All changes, by slot id. `dropped` are the slots that do not count."""

    slots: Mapping[str, SlotChange] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()
    penalty: float | None = None
    round_to: float | None = None
    by_hand: tuple[HandMark, ...] = ()


# --- the manifest -------------------------------------------------------------------------------


def changed_manifest(manifest: Manifest, changes: Changes) -> Manifest:
    """The manifest with mended keys, tolerances, points and rubric; what is dropped stays in it."""
    keys = dict(manifest.key)
    for slot_id, change in changes.slots.items():
        key = keys[slot_id]
        if isinstance(key, NumberKey):
            keys[slot_id] = _changed_key(manifest, slot_id, key, change)
    rubric = manifest.rubric
    if changes.penalty is not None:
        rubric = replace(rubric, penalty=changes.penalty)
    if changes.round_to is not None:
        rubric = replace(rubric, round_to=changes.round_to)
    return replace(with_points(manifest, changes), key=keys, rubric=rubric)


def with_points(manifest: Manifest, changes: Changes) -> Manifest:
    """The manifest with the changed points and shares alone."""
    questions = tuple(_changed_question(question, changes) for question in manifest.questions)
    return replace(manifest, questions=questions)


def _changed_question(question: Question, changes: Changes) -> Question:
    slots = tuple(_changed_slot(slot, changes.slots.get(slot.id)) for slot in question.slots)
    points = question.points
    if len(question.files) == 1:  # of several, each student has one: their sums are not ours
        points += sum(
            new.points - old.points
            for new, old in zip(slots, question.slots, strict=True)
            if None not in old.forms  # what only some are asked, too
        )
    return replace(question, slots=slots, points=points)


def _changed_slot(slot: Slot, change: SlotChange | None) -> Slot:
    if change is None:
        return slot
    if change.points is not None:
        slot = replace(slot, points=float(change.points), forms=_worth(slot, change.points))
    if change.follow_through is not None:
        slot = replace(slot, follow_through=float(change.follow_through))
    return slot


def _worth(slot: Slot, points: Fraction) -> tuple[SlotForm | None, ...]:
    """The forms of a slot with other points."""
    return tuple(form and replace(form, points=float(points)) for form in slot.forms)


def _changed_key(manifest: Manifest, slot_id: str, key: NumberKey, change: SlotChange) -> NumberKey:
    """The key of a number slot; who was not asked is not asked now."""
    if change.tolerance is not None:
        tolerance = np.full(len(manifest.students), float(change.tolerance))
        key = replace(key, tolerance=print_column(tolerance))
    if change.key is not None:
        key = replace(key, expected=print_column(_mended(manifest, slot_id, change.key)))
    return key


def _mended(
    manifest: Manifest, slot_id: str, key: Fraction | Mapping[str, Fraction]
) -> NDArray[np.float64]:
    expected = manifest.expected(slot_id).copy()
    if isinstance(key, Fraction):
        expected[~np.isnan(expected)] = float(key)
        return expected
    places = {student: place for place, student in enumerate(manifest.students.student)}
    for student, number in key.items():
        expected[places[student]] = float(number)
    return expected


# --- the marks ----------------------------------------------------------------------------------


def changed_key(key: Key, changes: Changes, manifest: Manifest) -> Key:
    """The key of the graded students, in which a dropped slot is asked of nobody."""
    counts = np.array([slot.id not in changes.dropped for slot in manifest.slots])
    return replace(key, asked=key.asked & counts)


def changed_marks(
    marks: Marks,
    changes: Changes,
    manifest: Manifest,
    answers: Answers,
    key: Key,
    agrees: Agrees | None = None,
) -> Marks:
    """The marks with what was decided after the exam; `manifest` is the changed one.

    In this order, of which the last word counts: formulas accepted, points given, slots dropped,
    points by hand. agrees: compares formulas; None: as texts, without their blanks.
    """
    asked = changed_key(key, changes, manifest).asked
    changing = _Changing(marks.verdicts.copy(), marks.reason_of.copy(), Reasons(), manifest)
    changing.reasons.numbers(marks.reasons)
    for column, slot in enumerate(manifest.slots):
        change = changes.slots.get(slot.id)
        if change is not None and change.accept:
            changing.accept(column, change, answers, agrees or _same_text)
        if change is not None and change.give:
            changing.give(column, change.give)
    changing.verdicts[~asked] = Verdict.NOT_ASKED
    changing.reason_of[~asked] = 0
    entered = changing.enter(changes.by_hand, answers, asked)
    awarded = award(
        manifest,
        changing.verdicts,
        asked,
        changing.reasons.all(),
        changing.reason_of,
        answers.students,
    )
    points = awarded.points.copy()
    for row, column, mark in entered:
        points[row, column] = mark
    return replace(awarded, points=points)


def unused_hand_marks(changes: Changes, manifest: Manifest, answers: Answers) -> tuple[str, ...]:
    """Marks by hand of students whose answers are not graded: they have no effect, each named."""
    graded = {manifest.students.student[i] for i in answers.students.tolist()}
    return tuple(
        f"row {mark.row}: {mark.student} {mark.slot}: nothing of this student is graded"
        for mark in changes.by_hand
        if mark.student not in graded
    )


def _same_text(_: Slot, written: str, accepted: str, __: str) -> bool:
    return "".join(written.split()) == "".join(accepted.split())


@dataclass(frozen=True)
class _Changing:
    """Verdicts and the reasons for them, `(graded, slots)`, being changed."""

    verdicts: NDArray[np.uint8]
    reason_of: NDArray[np.int32]
    reasons: Reasons
    manifest: Manifest

    def decide(
        self,
        rows: NDArray[np.int64],
        column: int,
        verdict: Verdict,
        decision: Decision,
        detail: str = "",
    ) -> None:
        """Give answers of one slot a verdict, and the reason for it."""
        language = self.manifest.exam.language
        text, rich = (
            ": ".join(filter(None, (_SAID[said][decision], detail)))
            for said in ("en", language if language in _SAID else "en")
        )
        plain = rich.replace("$", "＄")  # a detail is never mathematics
        self.verdicts[rows, column] = verdict
        self.reason_of[rows, column] = self.reasons.number(Reason(text, plain))

    def accept(self, column: int, change: SlotChange, answers: Answers, agrees: Agrees) -> None:
        """Take further formulas for right; each distinct answer to a template is compared once."""
        slot, codes = self.manifest.slots[column], answers.cells.codes[:, column]
        question = next(one for one in self.manifest.questions if slot in one.slots)
        template = self.manifest.template_of(question.id)[answers.students]
        final = (Verdict.RIGHT, Verdict.BLANK, Verdict.NOT_ASKED)
        is_open = ~np.isin(self.verdicts[:, column], final)
        for index, code in np.unique(np.array([template, codes]).T[is_open], axis=0).tolist():
            text, name = answers.cells.texts[code].as_py(), question.templates[index]
            known = (f for f in change.accepted(name) if agrees(slot, text, f, name))
            if formula := next(known, None):
                rows = np.flatnonzero(is_open & (codes == code) & (template == index))
                self.decide(rows, column, Verdict.RIGHT, "accepted", formula)

    def give(self, column: int, give: Give) -> None:
        """Give full points to all who do not have them, or to those who answered."""
        spared = [Verdict.RIGHT, Verdict.NOT_ASKED]
        if give == "answered":
            spared.append(Verdict.BLANK)
        rows = np.flatnonzero(~np.isin(self.verdicts[:, column], spared))
        self.decide(rows, column, Verdict.GIVEN_TO_ALL, "given")

    def enter(
        self, marks: tuple[HandMark, ...], answers: Answers, asked: Bools
    ) -> list[tuple[int, int, float]]:
        """The place and points of each mark by hand, of those who are graded."""
        who = self.manifest.students.student
        rows = {who[student]: row for row, student in enumerate(answers.students.tolist())}
        columns = {slot.id: column for column, slot in enumerate(self.manifest.slots)}
        entered = []
        for mark in marks:
            row, column = rows.get(mark.student), columns[mark.slot]
            if row is not None and asked[row, column]:
                self.decide(np.array([row]), column, Verdict.BY_HAND, "by hand", mark.note)
                entered.append((row, column, mark.points))
        return entered
