"""Tests of the verdicts: edges included, NaN never right, each answer one verdict."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_exam import FORMULA, SHEET, make_manifest, write_sheet

from examgen.manifest import NumberKey
from grader.marking.score import key_of, score
from grader.marking.verdicts import Key, Marks, Verdict, is_right
from grader.reading.responses import read_answers

decimals = st.decimals(-1000, 1000, places=4)
tolerances = st.decimals("0.0001", 1, places=4)


def marks_of(folder: Path, rows: list[tuple[str, ...]]) -> Marks:
    """Verdicts and points of a sheet with these rows."""
    manifest = make_manifest()
    answers = read_answers(write_sheet(folder / "a.csv", rows), manifest)
    return score(answers, key_of(manifest, answers.students), manifest, ())


def right(response: float, expected: float, tolerance: float) -> bool:
    """`is_right` of three plain numbers."""
    return bool(is_right(*(np.array([x]) for x in (response, expected, tolerance)))[0])


@given(decimals, tolerances)
def test_an_answer_on_the_edge_is_right(key: Decimal, tolerance: Decimal) -> None:
    """Decimals lying exactly on either edge are accepted, whatever the floating point."""
    assert right(float(key + tolerance), float(key), float(tolerance))
    assert right(float(key - tolerance), float(key), float(tolerance))


@given(decimals, tolerances)
def test_an_answer_beyond_the_edge_is_wrong(key: Decimal, tolerance: Decimal) -> None:
    """One unit more in the sixth decimal is not accepted."""
    step = tolerance + Decimal("0.000001")
    assert not right(float(key + step), float(key), float(tolerance))
    assert not right(float(key - step), float(key), float(tolerance))


def test_all_edges_of_a_grid_are_accepted() -> None:
    """Of 400,000 decimals on the edge every one is right, for keys with rounding of their own.

    A plain comparison refuses a fifth of them.
    """
    whole = np.arange(-100_000, 100_000)
    key, tolerance = whole / 1000 * 3 / 3 + 0.1 - 0.1, np.full(len(whole), 0.005)
    for edge in (whole + 5, whole - 5):
        response = edge / 1000
        assert is_right(response, key, tolerance).all()
        assert (np.abs(response - key) <= tolerance).mean() < 0.9


@pytest.mark.parametrize("response", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("expected", [0.0, np.inf, np.nan])
@pytest.mark.parametrize("tolerance", [0.0, 1.0, np.inf])
def test_what_is_not_finite_is_never_right(
    response: float, expected: float, tolerance: float
) -> None:
    """No tolerance makes NaN or infinity an answer."""
    assert not right(response, expected, tolerance)


def test_nothing_is_right_where_nothing_was_asked() -> None:
    """A key of NaN accepts no number."""
    assert not right(1.0, np.nan, 0.1)


def test_without_tolerance_the_exact_number_is_right() -> None:
    """A tolerance of zero means equal, up to the rounding of float64."""
    assert right(0.1 + 0.2, 0.3, 0.0)
    assert not right(0.3001, 0.3, 0.0)


def test_a_tiny_key_is_not_reached_by_zero() -> None:
    """The allowance for rounding is relative: small gradients stay apart from zero."""
    assert not right(0.0, 1e-12, 1e-15)


def test_each_answer_gets_its_verdict(tmp_path: Path) -> None:
    """Right, wrong, blank, unreadable, not asked and needs a human, with the points of each."""
    marks = marks_of(
        tmp_path,
        [
            ("00123456", "13/20", "0.13", FORMULA, "3.00500"),
            ("s2", "", "1 1/2", "", "nan"),
            ("zoë", "2", "-0,5", "?", "17"),
        ],
    )
    words = [[Verdict(v).words for v in row] for row in marks.verdicts]
    assert words == [
        ["right", "right", "needs a human", "right"],
        ["blank", "unreadable", "blank", "unreadable"],
        ["right", "unreadable", "needs a human", "not asked"],
    ]
    np.testing.assert_array_equal(marks.points, [[1, 2, 0, 1.5], [0, 0, 0, 0], [1, 0, 0, 0]])
    np.testing.assert_array_equal(marks.possible[2], [1, 2, 1, 0])
    assert marks.count(Verdict.UNREADABLE) == 3


def test_the_key_gets_every_numeric_point(tmp_path: Path) -> None:
    """The right answers, as a student would write them, are right."""
    marks = marks_of(tmp_path, list(SHEET))
    numeric = [0, 1, 3]
    np.testing.assert_array_equal(marks.points[:, numeric], marks.possible[:, numeric])


def test_a_blank_sheet_gets_nothing(tmp_path: Path) -> None:
    """Nothing written is blank everywhere it was asked, with no points."""
    marks = marks_of(tmp_path, [(row[0], "", "", "", "") for row in SHEET])
    assert marks.points.sum() == 0
    assert marks.count(Verdict.BLANK) == 15
    assert marks.count(Verdict.NOT_ASKED) == 1


def test_the_batch_marks_as_one_student_alone(tmp_path: Path) -> None:
    """Who else is in the file changes nobody's verdicts."""
    rows = [("00123456", "0.66", "0.125", "", "x"), ("s4", "13", "", FORMULA, "5.006")]
    together = marks_of(tmp_path, rows).verdicts.tolist()
    assert together == [marks_of(tmp_path, [row]).verdicts.tolist()[0] for row in rows]


def test_the_key_follows_the_order_of_the_students() -> None:
    """The key of some students is theirs, in the order asked for."""
    key: Key = key_of(make_manifest(), np.array([3, 0]))
    np.testing.assert_array_equal(key.expected[:, 0], [13, 0.65])
    assert key.asked.all()


def test_a_key_of_minus_zero_is_zero() -> None:
    """No table shows an expected value of -0."""
    manifest = make_manifest()
    column = NumberKey("-0 -0 1 -0", "0 0 0 0")
    key = key_of(replace(manifest, key={**manifest.key, "q1.w": column}), np.arange(4))
    assert not np.signbit(key.expected[:, 0]).any()
