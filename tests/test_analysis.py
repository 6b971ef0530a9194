"""Tests of the analysis: what was not asked or waits is missing; questions, slots and variants."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from report_class import SLOTS, make_graded, make_manifest

from examgen.manifest import Rubric
from grader.marking.verdicts import Verdict
from grader.reporting.analysis import ENOUGH, MOST_GROUPS, analyse, remarks
from grader.reporting.statistics import Item, reliability

FORM = SLOTS.index("q1.form")


def test_a_template_that_was_not_asked_is_missing() -> None:
    """Half of the class had each; difficulties are over those who had it."""
    graded = make_graded(40)
    found = analyse(graded)
    assert [item.students for item in found.slots] == [40, 40, 40, 40, 20, 20, 20]
    lstm = SLOTS.index("q2.lstm.c")
    assert found.slots[lstm].difficulty == graded.marks.points[1::2, lstm].mean() / 2
    assert found.slots_for_all.tolist() == [True] * 4 + [False] * 3
    assert found.slot_reliability.items == 4
    assert found.question_reliability.items == 2


def test_reliability_is_that_of_the_question_points() -> None:
    """As computed from the sums of each question's slots."""
    graded = make_graded(40)
    points = graded.marks.points
    questions = np.column_stack([points[:, :4].sum(axis=1), points[:, 4:].sum(axis=1)])
    assert analyse(graded).question_reliability.alpha == reliability(questions).alpha


def test_what_waits_for_a_human_is_missing() -> None:
    """It counts neither as asked nor as possible; its points are told."""
    cells = {(i, "q1.form"): ("w", Verdict.NEEDS_A_HUMAN) for i in range(10)}
    graded = make_graded(40, cells, wrong=0)
    found = analyse(graded)
    assert found.pending == 20
    assert found.slots[FORM].students == 30
    assert found.slots[FORM].difficulty == 1
    assert found.questions[0].difficulty == 1
    assert not found.slots_for_all[FORM]


def test_everything_waits() -> None:
    """An exam of which nothing is marked yet has no difficulty, and no warning."""
    cells = {(i, slot): ("w", Verdict.NEEDS_A_HUMAN) for i in range(6) for slot in SLOTS}
    graded = make_graded(6, cells)
    found = analyse(graded)
    assert [item.students for item in found.questions] == [0, 0]
    assert math.isnan(found.questions[0].difficulty)


def test_empty_sheets_are_counted() -> None:
    """Those who left every answer blank that was asked of them."""
    asked = (*SLOTS[:4], "q2.elman.h", "q2.elman.w")
    cells = {(student, slot): ("", Verdict.BLANK) for student in (0, 2) for slot in asked}
    cells[4, "q1.h"] = ("", Verdict.BLANK)
    assert analyse(make_graded(40, cells)).empty_sheets == 2


def test_totals_are_those_of_the_gradebook() -> None:
    """Rounded as the rubric says, never negative."""
    graded = make_graded(40, manifest=make_manifest(40, Rubric(1.0, 0.5)), wrong=0.8)
    found = analyse(graded)
    assert found.spread.low == 0
    assert (found.totals % 0.5 == 0).all()
    assert found.maxima == (6.5,)


def test_a_harder_template_is_seen() -> None:
    """Everybody with the second template is wrong: a difference that chance does not make."""
    cells = {(i, "q2.lstm.c"): ("7", Verdict.WRONG) for i in range(1, 40, 2)}
    by_template, by_group = analyse(make_graded(40, cells)).comparisons
    assert by_template.names == ("elman", "lstm")
    assert by_template.effect.counts == (20, 20)
    assert by_template.effect.means[1] == 0
    assert by_template.effect.p < 0.01
    assert by_group.names == ("A", "B", "C")
    assert by_group.effect.p > 0.01


@pytest.mark.parametrize(
    ("groups", "compared"),
    [
        (("",) * 40, False),
        (("A",) * 40, False),
        (("A",) * 20 + ("",) * 20, True),
        (tuple(map(str, range(40))), True),
        (tuple(str(i % (MOST_GROUPS + 1)) for i in range(82)), False),
    ],
)
def test_groups_are_compared_where_there_are_some(groups: tuple[str, ...], compared: bool) -> None:
    """Not one alone, and not a group for everybody in a large class."""
    manifest = make_manifest(len(groups))
    manifest = replace(manifest, students=replace(manifest.students, group=groups))
    found = analyse(make_graded(len(groups), manifest=manifest)).comparisons
    assert [each.title for each in found][1:] == [
        "The whole exam by group of the roster"
    ] * compared


def test_a_class_of_nobody() -> None:
    """No students, no figures, no warning."""
    found = analyse(make_graded(3, absent=3))
    assert found.spread.count == 0
    assert found.maxima == ()
    assert [item.students for item in found.slots] == [0] * len(SLOTS)
    assert not found.slots_for_all.any()


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (Item(30, 0.5, 0.5, 0.4), ()),
        (Item(30, 0.2, 0.5, 0.1), ()),
        (Item(30, 0.95, 0.5, 0.1), ()),
        (Item(30, 0.19, 0.5, 0.4), ("very hard",)),
        (Item(30, 0.96, 0.5, 0.4), ("very easy",)),
        (Item(30, 0.5, 0.5, 0.09), ("hardly discriminates",)),
        (Item(30, 0.5, 0.5, 0.0), ("hardly discriminates",)),
        (Item(30, 0.5, 0.5, -0.01), ("negative discrimination",)),
        (Item(ENOUGH - 1, 0.5, 0.5, -0.5), ()),
        (Item(0, math.nan, math.nan, math.nan), ()),
    ],
)
def test_remarks_are_made_in_words(item: Item, said: tuple[str, ...]) -> None:
    """On hard and easy items, and on those that do not tell strong from weak; not of a handful."""
    assert remarks(item) == said
