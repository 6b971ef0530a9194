"""Tests of changes after the exam: each does what was decided, to those whom it concerns."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pytest
from synthetic_exam import FORMULA, SLOTS, STUDENTS, make_manifest

from examgen.manifest import Manifest
from grader.marking.changes import (
    Changes,
    SlotChange,
    changed_key,
    changed_manifest,
    changed_marks,
    unused_hand_marks,
)
from grader.marking.hand_marks import HandMark
from grader.marking.rubric import award, totals
from grader.marking.verdicts import Key, Marks, Reason, Verdict
from grader.reading.cells import CodedCells

N, R, W, B, U, H, F = (
    Verdict.NOT_ASKED,
    Verdict.RIGHT,
    Verdict.WRONG,
    Verdict.BLANK,
    Verdict.UNREADABLE,
    Verdict.NEEDS_A_HUMAN,
    Verdict.FOLLOWS,
)
VERDICTS = np.array([[R, W, H, B], [W, R, H, W], [B, U, B, N]], np.uint8)
TEXTS = (("1", "9", "w * dL_dh", ""), ("2", "1", "w+1", "7"), ("", "?", "", ""))
GRADED = (0, 3, 2)
"""Those who submitted something: 00123456, s4, zoë; s2 did not."""


@dataclass(frozen=True)
class Written:
    """What changes need to know of the answers."""

    students: np.ndarray
    cells: CodedCells


def written() -> Written:
    """Three students' answers."""
    texts = sorted({text for row in TEXTS for text in row})
    codes = np.array([[texts.index(text) for text in row] for row in TEXTS], np.int32)
    return Written(np.array(GRADED), CodedCells(pa.array(texts), codes))


def regraded(changes: Changes, manifest: Manifest | None = None, agrees: object = None) -> Marks:
    """The marks of the three students with these changes."""
    manifest = changed_manifest(manifest or make_manifest(), changes)
    asked = VERDICTS != N
    nothing = np.full(VERDICTS.shape, np.nan)
    reasons = (Reason(), Reason("why"))
    marks = award(manifest, VERDICTS, asked, reasons, (VERDICTS == W).astype(np.int32))
    key = Key(nothing, nothing, asked)
    return changed_marks(marks, changes, manifest, written(), key, agrees)  # type: ignore[arg-type]


def slots(**changes: SlotChange) -> Changes:
    """Changes of slots, their ids without the dot."""
    return Changes({name.replace("__", "."): change for name, change in changes.items()})


def column(marks: Marks, slot: str) -> tuple[list[Verdict], list[float]]:
    """Verdicts and points of one slot."""
    place = SLOTS.index(slot)
    return [Verdict(v) for v in marks.verdicts[:, place]], marks.points[:, place].tolist()


def test_no_change_changes_nothing() -> None:
    """The marks come back as they were, reasons included."""
    before, after = regraded(Changes()), regraded(Changes())
    assert after.verdicts.tolist() == VERDICTS.tolist()
    assert after.points.tolist() == before.points.tolist()
    assert after.reasons == (Reason(), Reason("why"))
    manifest = make_manifest()
    assert changed_manifest(manifest, Changes()) == manifest


def test_points_given_to_all_who_were_asked() -> None:
    """Also to who left it blank; who was right stays right, who was not asked is not."""
    verdicts, points = column(regraded(slots(q1__w=SlotChange(give="all"))), "q1.w")
    assert verdicts == [R, Verdict.GIVEN_TO_ALL, Verdict.GIVEN_TO_ALL]
    assert points == [1, 1, 1]
    assert column(regraded(slots(q2__h=SlotChange(give="all"))), "q2.h")[0][2] is N


def test_points_given_to_those_who_answered() -> None:
    """Wrong or unreadable, but not blank."""
    marks = regraded(
        slots(q1__w=SlotChange(give="answered"), q1__dL_dw=SlotChange(give="answered"))
    )
    assert column(marks, "q1.w") == ([R, Verdict.GIVEN_TO_ALL, B], [1, 1, 0])
    assert column(marks, "q1.dL_dw")[1] == [2, 2, 2]
    place = SLOTS.index("q1.w")
    assert "full points" in marks.reasons[marks.reason_of[1, place]].text


def test_a_dropped_slot_is_asked_of_nobody() -> None:
    """Its points leave the total and the maximum."""
    changes = Changes(dropped=frozenset({"q1.dL_dw"}))
    manifest, marks = make_manifest(), regraded(changes)
    assert column(marks, "q1.dL_dw") == ([N, N, N], [0, 0, 0])
    assert totals(marks, manifest)[1].tolist() == [3.5, 3.5, 2]
    assert totals(regraded(Changes()), manifest)[1].tolist() == [5.5, 5.5, 4]
    key = Key(np.zeros((3, 4)), np.zeros((3, 4)), VERDICTS != N)
    assert not changed_key(key, changes, manifest).asked[:, 1].any()
    assert changed_key(key, changes, manifest).asked[:, 0].all()


def test_a_further_formula_is_right() -> None:
    """Compared as texts without blanks, or as the caller compares formulas."""
    accept = slots(q1__form=SlotChange(accept=["1+w", "w*dL_dh"]))
    marks = regraded(accept)
    assert column(marks, "q1.form") == ([R, H, B], [1, 0, 0])
    assert marks.reasons[marks.reason_of[0, 2]].text == "accepted after the exam: w*dL_dh"
    asked: list[tuple[str, str, str]] = []

    def agrees(slot: object, text: str, formula: str, _: str) -> bool:
        asked.append((slot.id, text, formula))  # type: ignore[attr-defined]
        return sorted(text) == sorted(formula)

    assert column(regraded(accept, agrees=agrees), "q1.form")[0] == [H, R, B]
    assert ("q1.form", "w+1", "1+w") in asked


def test_points_by_hand_have_the_last_word() -> None:
    """Over what was given, but not over what was not asked or not graded."""
    hand = (
        HandMark("00123456", "q1.w", 0.25, "see page 2", 2),
        HandMark("s2", "q1.w", 1, "", 3),
        HandMark("zoë", "q2.h", 1, "", 4),
    )
    changes = replace(slots(q1__w=SlotChange(give="all")), by_hand=hand)
    marks = regraded(changes)
    verdicts, points = column(marks, "q1.w")
    assert (verdicts[0], points) == (Verdict.BY_HAND, [0.25, 1, 1])
    assert marks.reasons[marks.reason_of[0, 0]].text == "marked by hand: see page 2"
    assert column(marks, "q2.h")[0][2] is N
    assert unused_hand_marks(changes, make_manifest(), written()) == (  # type: ignore[arg-type]
        "row 3: s2 q1.w: nothing of this student is graded",
    )


def test_a_note_is_no_mathematics_and_speaks_the_language_of_the_paper() -> None:
    """A dollar sign of a note must not open a formula."""
    hand = (HandMark("00123456", "q1.w", 1, "costs $5$", 2),)
    manifest = make_manifest()
    german = replace(manifest, exam=replace(manifest.exam, language="de"))
    marks = regraded(Changes(by_hand=hand), german)
    reason = marks.reasons[marks.reason_of[0, 0]]
    assert reason == Reason("marked by hand: costs $5$", "von Hand bewertet: costs ＄5＄")


def test_a_mended_key_is_that_of_those_who_were_asked() -> None:
    """For all, or for the students named; nobody is asked who was not."""
    manifest = make_manifest()
    for_all = changed_manifest(manifest, slots(q2__h=SlotChange(key=7)))
    np.testing.assert_array_equal(for_all.expected("q2.h"), [7, 7, np.nan, 7])
    for_one = changed_manifest(manifest, slots(q2__h=SlotChange(key={"s4": "1/4"})))  # type: ignore[dict-item]
    np.testing.assert_array_equal(for_one.expected("q2.h"), [3, 4, np.nan, 0.25])
    np.testing.assert_array_equal(for_one.tolerance("q2.h"), manifest.tolerance("q2.h"))


def test_a_mended_tolerance() -> None:
    """For everyone alike."""
    changed = changed_manifest(make_manifest(), slots(q1__w=SlotChange(tolerance="1/2")))  # type: ignore[arg-type]
    assert changed.tolerance("q1.w").tolist() == [0.5] * len(STUDENTS)


def test_other_points_and_shares() -> None:
    """The question is worth the difference more."""
    change = SlotChange(points="5/2", follow_through="1/2")  # type: ignore[arg-type]
    changed = changed_manifest(make_manifest(), slots(q1__w=change))
    assert (changed.slots[0].points, changed.slots[0].follow_through) == (2.5, 0.5)
    assert changed.questions[0].points == make_manifest().questions[0].points + 1.5
    assert column(regraded(slots(q1__w=change)), "q1.w")[1] == [2.5, 0, 0]
    assert FORMULA


@pytest.mark.parametrize(("penalty", "points"), [(None, 0.0), (0.5, -0.5)])
def test_penalty_and_rounding(penalty: float | None, points: float) -> None:
    """What is not said stays as the exam has it."""
    changes = Changes(penalty=penalty, round_to=None if penalty is None else 0.5)
    assert column(regraded(changes), "q1.w")[1][1] == points
    changed = changed_manifest(make_manifest(), changes)
    assert changed.rubric.round_to == (None if penalty is None else 0.5)
