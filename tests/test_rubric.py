"""Tests of the rubric: shares, penalties, method marks, and totals inside their bounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_exam import make_manifest

from examgen.manifest import Manifest, Rubric, Slot
from grader.marking.rubric import award, by_question, question_totals, totals
from grader.marking.verdicts import Marks, Reason, Verdict

RIGHT, WRONG, BLANK, UNREADABLE = (
    Verdict.RIGHT,
    Verdict.WRONG,
    Verdict.BLANK,
    Verdict.UNREADABLE,
)
KNOWN, FOLLOWS, NOT_ASKED = Verdict.KNOWN_MISTAKE, Verdict.FOLLOWS, Verdict.NOT_ASKED
REASONS = (Reason(), Reason(mistakes=("ascent",)), Reason(mistakes=("ascent", "lr_dropped")))


def manifest(rubric: Rubric | None = None, **slots: dict[str, object]) -> Manifest:
    """The synthetic exam (1, 2, 1 and 1.5 points) with some slots changed."""
    made = replace(make_manifest(), rubric=rubric or Rubric())
    questions = tuple(
        replace(q, slots=tuple(_changed(slot, slots) for slot in q.slots)) for q in made.questions
    )
    return replace(made, questions=questions)


def _changed(slot: Slot, slots: dict[str, dict[str, object]]) -> Slot:
    return replace(slot, **slots.get(slot.id.rpartition(".")[2], {}))  # type: ignore[arg-type]


def marks(exam: Manifest, *rows: list[Verdict], reason: int = 0) -> Marks:
    """The marks for these verdicts, each with the same reason."""
    verdicts = np.array(rows, dtype=np.uint8)
    reason_of = np.full(verdicts.shape, reason, dtype=np.int32)
    return award(exam, verdicts, verdicts != NOT_ASKED, REASONS, reason_of)


def test_columns_are_summed_over_the_slots_of_each_question() -> None:
    """As many columns as the manifest has questions, whatever stands in the slots' ones."""
    exam = manifest()
    columns = np.arange(8.0).reshape(2, 4)
    lengths = [len(question.slots) for question in exam.questions]
    starts = [sum(lengths[:place]) for place in range(len(lengths))]
    expected = [
        [row[start : start + length].sum() for start, length in zip(starts, lengths, strict=True)]
        for row in columns
    ]
    assert len(lengths) > 1
    assert by_question(columns, exam).tolist() == expected


def test_right_answers_get_their_points_and_nothing_else_does() -> None:
    """Without shares and penalties a point is given for right answers only."""
    found = marks(manifest(), [RIGHT, WRONG, BLANK, UNREADABLE], [KNOWN, RIGHT, RIGHT, NOT_ASKED])
    assert found.points.tolist() == [[1, 0, 0, 0], [0, 2, 1, 0]]
    assert found.possible.tolist() == [[1, 2, 1, 1.5], [1, 2, 1, 0]]


@pytest.mark.parametrize(("share", "points"), [(1.0, 2.0), (0.5, 1.0), (0.0, 0.0)])
def test_what_follows_earns_its_share(share: float, points: float) -> None:
    """The slot's share for carried errors."""
    exam = manifest(dL_dw={"follow_through": share})
    assert marks(exam, [WRONG, FOLLOWS, BLANK, BLANK]).points[0, 1] == points


@pytest.mark.parametrize(("formula", "points"), [(RIGHT, 2.0), (WRONG, 0.5), (BLANK, 0.5)])
def test_a_right_formula_shows_the_method(formula: Verdict, points: float) -> None:
    """With the formula of the same quantity right, what follows earns all of its points."""
    exam = manifest(dL_dw={"follow_through": 0.25, "quantity": "dL/dw"}, form={"quantity": "dL/dw"})
    assert marks(exam, [WRONG, FOLLOWS, formula, BLANK]).points[0, 1] == points


def test_the_formula_of_another_quantity_shows_nothing() -> None:
    """Method marks need the derivation of this very quantity."""
    exam = manifest(dL_dw={"follow_through": 0.25, "quantity": "dL/dw"}, form={"quantity": "dL/dh"})
    assert marks(exam, [WRONG, FOLLOWS, RIGHT, BLANK]).points[0, 1] == 0.5


def test_a_known_mistake_earns_what_the_template_grants() -> None:
    """A granted share; where several mistakes fit, all of them have to be granted one."""
    both = {"ascent": 0.5, "lr_dropped": 0.25}
    for granted, reason, points in (
        ({"ascent": 0.5}, 1, 1.0),
        ({"ascent": 0.5}, 2, 0.0),
        (both, 2, 0.5),
        ({}, 1, 0.0),
    ):
        exam = manifest(dL_dw={"partial": granted})
        assert marks(exam, [BLANK, KNOWN, BLANK, BLANK], reason=reason).points[0, 1] == points


def test_a_penalty_takes_from_what_is_wrong_only() -> None:
    """Blank and unreadable answers cost nothing, nor does a mistake that is granted a share."""
    exam = manifest(Rubric(penalty=0.25), dL_dw={"partial": {"ascent": 0.5}})
    found = marks(exam, [WRONG, KNOWN, BLANK, UNREADABLE], reason=1)
    assert found.points.tolist() == [[-0.25, 1.0, 0.0, 0.0]]


def test_penalties_never_take_more_than_a_question_gave() -> None:
    """A question counts zero at least, so a total is the sum of its questions."""
    exam = manifest(Rubric(penalty=1.0))
    found = marks(exam, [WRONG, WRONG, WRONG, RIGHT])
    assert question_totals(found, exam).tolist() == [[0.0, 1.5]]
    assert totals(found, exam)[0].tolist() == [1.5]


@pytest.mark.parametrize(
    ("step", "total"), [(None, 2.5), (0.5, 2.5), (1.0, 3.0), (0.2, 2.6), (10.0, 0.0), (3.0, 3.0)]
)
def test_totals_are_rounded_half_up(step: float | None, total: float) -> None:
    """To a multiple of the step: 2.5 of 5.5 points."""
    exam = manifest(Rubric(round_to=step))
    assert totals(marks(exam, [RIGHT, WRONG, BLANK, RIGHT]), exam)[0].tolist() == [total]


verdicts = st.sampled_from([v for v in Verdict if v not in (Verdict.BY_HAND, Verdict.GIVEN_TO_ALL)])


@given(
    st.lists(verdicts, min_size=4, max_size=4),
    st.integers(0, 2),
    st.floats(0, 1),
    st.one_of(st.none(), st.floats(0.01, 20)),
)
def test_totals_never_leave_their_bounds(
    row: list[Verdict], reason: int, penalty: float, step: float | None
) -> None:
    """Whatever the verdicts, the penalty and the rounding: 0 <= total <= maximum."""
    exam = manifest(Rubric(penalty, step), dL_dw={"partial": {"ascent": 1.0}})
    total, possible = totals(marks(exam, row, reason=reason), exam)
    assert 0 <= total[0] <= possible[0]
