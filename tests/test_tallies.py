"""Tests of the tallies: every answer counted where it belongs, and shown as plain text."""

from __future__ import annotations

import pytest
from report_class import FOLLOWS, MISTAKE, SLOTS, TWO, make_graded

from grader.gradebook import Graded
from grader.marking.verdicts import Reason, Verdict
from grader.reporting.tallies import (
    MAX_SHOWN,
    MistakeTally,
    Unread,
    Waiting,
    shortened,
    tally_follow_throughs,
    tally_mistakes,
    unread,
    verdict_counts,
    waiting,
)


def mistakes(graded: Graded) -> dict[str, MistakeTally]:
    """The mistakes of a class by their names, in order."""
    tallies = tally_mistakes(graded.marks, graded.manifest.slots)
    return {"/".join(tally.names): tally for tally in tallies}


def test_every_answer_has_one_verdict() -> None:
    """The counts of each slot add up to the class."""
    counts = verdict_counts(make_graded(40).marks)
    assert counts.shape == (len(SLOTS), len(Verdict))
    assert counts.sum(axis=1).tolist() == [40] * len(SLOTS)
    assert counts[SLOTS.index("q2.lstm.c"), Verdict.NOT_ASKED] == 20


def test_mistakes_are_counted_by_answer_student_and_slot() -> None:
    """An answer with two explanations counts for both; the most frequent comes first."""
    cells = {
        (0, "q1.h"): ("1", Verdict.KNOWN_MISTAKE, MISTAKE),
        (0, "q1.dL_dh"): ("1", Verdict.KNOWN_MISTAKE, MISTAKE),
        (1, "q1.dL_dh"): ("1", Verdict.KNOWN_MISTAKE, TWO),
    }
    found = mistakes(make_graded(cells=cells))
    assert list(found) == ["relu_deriv_ignored", "loss_sign"]
    relu, sign = found.values()
    assert (relu.count, relu.students, relu.slots) == (3, 2, (("q1.dL_dh", 2), ("q1.h", 1)))
    assert (sign.count, sign.students, sign.slots) == (1, 1, (("q1.dL_dh", 1),))


def test_the_sentence_speaks_of_the_mistake_alone_where_it_can() -> None:
    """One that names a single mistake is taken, however many answers had the other."""
    cells = {(i, "q1.dL_dh"): ("1", Verdict.KNOWN_MISTAKE, TWO) for i in range(5)}
    cells[5, "q1.h"] = ("1", Verdict.KNOWN_MISTAKE, MISTAKE)
    found = mistakes(make_graded(cells=cells))
    assert found["relu_deriv_ignored"].feedback == MISTAKE.rich
    assert found["loss_sign"].feedback == TWO.rich


def test_mistakes_that_no_answer_tells_apart_stand_together() -> None:
    """Two that explain the same answers are one row."""
    cells = {(i, "q1.dL_dh"): ("1", Verdict.KNOWN_MISTAKE, TWO) for i in range(5)}
    found = mistakes(make_graded(cells=cells))
    assert list(found) == ["loss_sign/relu_deriv_ignored"]
    assert found["loss_sign/relu_deriv_ignored"].count == 5


def test_a_mistake_counts_with_its_verdict_only() -> None:
    """An answer that was overruled by hand is no mistake any more."""
    cells = {(0, "q1.h"): ("1", Verdict.BY_HAND, MISTAKE)}
    assert mistakes(make_graded(cells=cells)) == {}


def test_carried_errors_are_counted_by_slot_and_source() -> None:
    """In paper order; who follows two earlier answers counts once for the slot."""
    two = Reason("f", "f", (), ("q1.h", "q1.dL_dh"))
    cells = {
        (0, "q2.elman.h"): ("1", Verdict.FOLLOWS, FOLLOWS),
        (0, "q1.dL_dw"): ("1", Verdict.FOLLOWS, FOLLOWS),
        (1, "q1.dL_dw"): ("1", Verdict.FOLLOWS, FOLLOWS),
        (2, "q1.dL_dw"): ("1", Verdict.FOLLOWS, two),
    }
    graded = make_graded(cells=cells)
    first, second = tally_follow_throughs(graded.marks, graded.manifest.slots)
    assert (first.slot, first.count) == ("q1.dL_dw", 3)
    assert first.after == (("q1.h", 3), ("q1.dL_dh", 1))
    assert (second.slot, second.count) == ("q2.elman.h", 1)


def test_a_class_without_mistakes() -> None:
    """Nothing is tallied."""
    graded = make_graded(wrong=0)
    assert tally_mistakes(graded.marks, graded.manifest.slots) == ()
    assert tally_follow_throughs(graded.marks, graded.manifest.slots) == ()


def test_unreadable_answers_are_listed_with_their_reason() -> None:
    """By student; no more than asked for."""
    why = Reason("a thousands mark?", "a thousands mark?")
    cells = {
        (2, "q1.h"): ("1,234", Verdict.UNREADABLE, why),
        (1, "q1.dL_dh"): ("?", Verdict.UNREADABLE, why),
    }
    graded = make_graded(cells=cells)
    found = unread(graded.answers, graded.marks, graded.manifest.slots, 5)
    assert found == (
        Unread(1, 3, "", "q1.dL_dh", "?", why.text),
        Unread(2, 4, "", "q1.h", "1,234", why.text),
    )
    assert unread(graded.answers, graded.marks, graded.manifest.slots, 1) == found[:1]


def test_equal_texts_wait_together() -> None:
    """By slot, the most frequent first; the number of different ones is told."""
    texts = ["a*b", "a*b", "w", "a*b"]
    cells = {(i, "q1.form"): (text, Verdict.NEEDS_A_HUMAN) for i, text in enumerate(texts)}
    cells[0, "q2.elman.h"] = ("a*b", Verdict.NEEDS_A_HUMAN)
    graded = make_graded(cells=cells)
    found = waiting(graded.answers, graded.marks, graded.manifest.slots, 2)
    assert found == ((Waiting("q1.form", "a*b", 3), Waiting("q1.form", "w", 1)), 3)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ∂L/∂w", "plain ∂L/∂w"),
        ("", ""),
        ("a\tb\nc\0", "a�b�c�"),
        ("x\u202eevil", "x�evil"),
        ("x" * MAX_SHOWN, "x" * MAX_SHOWN),
        ("x" * (MAX_SHOWN + 1), "x" * (MAX_SHOWN - 1) + "…"),
    ],
)
def test_texts_are_shown_plain_and_short(text: str, shown: str) -> None:
    """Nothing that steers, hides or runs over the edge."""
    assert shortened(text) == shown
