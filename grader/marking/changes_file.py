"""The file of changes after the exam: what of the key, the points and the slots is to be another.

    slots:
      q1.L: {tolerance: 0.01}
      q1.h1: {key: 2.5}                  # or {key: {"00123456": 2.5}}: for these students only
      q1.dL_dw: {give: all}              # or answered: to those who wrote something
      q2.x: {drop: true}
      q1.o1: {points: 2, follow_through: 0.5}
      q1.derive_dL_dh: {accept: ["2*(yhat-y)"]}   # or {accept: {gru#2: [...]}}: on those papers
    questions: {q3: {drop: true}}
    penalty: 0
    round_to: 0.5

A dropped slot is asked of nobody: its points leave the maximum.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from pydantic import Field, ValidationError

from examgen.errors import ExamgenError, Problem, guarded, suggestion
from examgen.files import read_text
from examgen.forms import Form, Number, Share
from examgen.manifest import Manifest, Slot
from examgen.strict_yaml import MOST_BYTES, Located, salvage
from examgen.validation import validated
from grader.marking.changes import Changes, SlotChange, with_points
from grader.marking.hand_marks import HandMark, read_hand_marks

LONGEST_FORMULA = 2_000


class QuestionChange(Form):
    """What changes for a whole question."""

    drop: bool = Field(False, description="The question does not count")


class ChangesFile(Form):
    """The fields of the file of changes."""

    slots: dict[str, SlotChange] = Field(default_factory=dict)
    questions: dict[str, QuestionChange] = Field(default_factory=dict)
    penalty: Share | None = None
    round_to: Number | None = Field(None, gt=0, le=1000)


def read_changes(path: Path | None, manifest: Manifest, hand: Path | None = None) -> Changes:
    """Read a file of changes and one of marks by hand, either of which may be missing.

    Raises ExamgenError with all that does not fit the exam, each with its line.
    """
    problems: list[Problem] = []
    changes = guarded(problems, "", lambda: _read_file(path, manifest)) or Changes()
    marks = guarded(problems, "", lambda: _read_hand(hand, manifest, changes)) or ()
    if problems:
        raise ExamgenError(problems)
    return replace(changes, by_hand=marks)


def _read_file(path: Path | None, manifest: Manifest) -> Changes:
    if path is None:
        return Changes()
    located = salvage(read_text(path, MOST_BYTES), str(path))
    problems: list[Problem] = []
    form = guarded(problems, "", lambda: validated(ChangesFile, located))
    problems += _unknown(located, manifest)
    problems += _misfits(_sound_slots(located), located, manifest)
    if problems or form is None:
        raise ExamgenError(sorted(problems, key=lambda problem: problem.line))
    return Changes(
        slots=form.slots,
        dropped=frozenset(_dropped(form, manifest)),
        penalty=_float(form.penalty),
        round_to=_float(form.round_to),
    )


def _read_hand(
    path: Path | None, manifest: Manifest, changes: Changes
) -> tuple[HandMark, ...] | None:
    if path is None:
        return None
    return read_hand_marks(path, with_points(manifest, changes), changes.dropped)


def _dropped(form: ChangesFile, manifest: Manifest) -> Iterator[str]:
    yield from (slot for slot, change in form.slots.items() if change.drop)
    for question in manifest.questions:
        if question.id in form.questions and form.questions[question.id].drop:
            yield from (slot.id for slot in question.slots)


def _float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)


def _unknown(located: Located, manifest: Manifest) -> Iterator[Problem]:
    """Slots and questions that the exam does not have; looked for even in a faulty file."""
    known = {
        "slots": [slot.id for slot in manifest.slots],
        "questions": [question.id for question in manifest.questions],
    }
    for kind, ids in known.items():
        found = located.data.get(kind) if isinstance(located.data, dict) else None
        for name in found if isinstance(found, dict) else ():
            if name not in ids:
                message = f"the exam has no {kind[:-1]} '{name[:60]}'{suggestion(name, ids)}"
                yield located.problem((kind, name), message)


def _sound_slots(located: Located) -> Mapping[str, SlotChange]:
    """The slots' changes whose form is in order; what is faulty elsewhere does not hide theirs."""
    found = located.data.get("slots") if isinstance(located.data, dict) else None
    sound = {}
    for slot_id, data in found.items() if isinstance(found, dict) else ():
        with suppress(ValidationError):
            sound[slot_id] = SlotChange.model_validate(data)
    return sound


def _misfits(
    changes: Mapping[str, SlotChange], located: Located, manifest: Manifest
) -> Iterator[Problem]:
    slots = {slot.id: slot for slot in manifest.slots}
    for slot_id, change in changes.items():
        if slot_id in slots:
            for name, message in _faults(change, slots[slot_id], manifest):
                place = ("slots", slot_id, *name.split("\n")) if name else ("slots", slot_id)
                yield located.problem(place, message)


def _faults(change: SlotChange, slot: Slot, manifest: Manifest) -> Iterator[tuple[str, str]]:
    """What does not fit a slot: the path of keys to it, a line each, and why."""
    said = change.model_fields_set
    if not said:
        yield "", "nothing is changed here"
    if change.drop and said > {"drop"}:
        yield "drop", "a slot that does not count can have no other change"
    for name in sorted(said & ({"tolerance", "key"} if slot.kind == "formula" else {"accept"})):
        yield name, f"{slot.id} asks for a {slot.kind}: it has no '{name}'"
    if change.accept and slot.kind == "formula":
        yield from _faults_of_formulas(change, slot, manifest)
    if slot.kind == "number" and isinstance(change.key, dict):
        yield from _unasked(change.key, slot, manifest)


def _faults_of_formulas(
    change: SlotChange, slot: Slot, manifest: Manifest
) -> Iterator[tuple[str, str]]:
    """What is wrong with formulas to accept; structures with other keys need their own."""
    question = next(one for one in manifest.questions if slot in one.slots)
    keys = dict(zip(question.templates, manifest.formulas(slot.id), strict=True))
    asked = [name for name, key in keys.items() if key]
    if isinstance(change.accept, list):
        if len({keys[name] for name in asked}) > 1:
            yield "accept", f"{slot.id} has several forms; say for which: {{{asked[0]}: [...]}}"
    else:
        for name in change.accept:
            if name not in asked:
                message = f"{slot.id} has no form '{name[:60]}'{suggestion(name, asked)}"
                yield f"accept\n{name}", message
    for formula in (formula for name in [*asked, ""] for formula in change.accepted(name)):
        if not formula.strip() or len(formula) > LONGEST_FORMULA:
            yield "accept", f"a formula of 1 to {LONGEST_FORMULA} characters expected"
            return


def _unasked(
    key: Mapping[str, Fraction], slot: Slot, manifest: Manifest
) -> Iterator[tuple[str, str]]:
    expected = manifest.expected(slot.id)
    places = {student: place for place, student in enumerate(manifest.students.student)}
    for student in key:
        if student not in places:
            yield f"key\n{student}", f"'{student[:60]}' is not on the roster"
        elif np.isnan(expected[places[student]]):
            yield f"key\n{student}", f"{slot.id} was not asked of '{student}'"
