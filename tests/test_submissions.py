"""Tests of which rows make a submission, and which submission of several counts."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from answer_files import by_student, make_class, numbers, read, reasons, unreadable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from synthetic_exam import SHEET, SLOTS, STUDENTS, write_sheet

from grader.reading.responses import best_of, best_submissions, read_answers
from grader.reading.submissions import Duplicates

POLICIES: tuple[Duplicates, ...] = get_args(Duplicates)
LONG = ("student", "slot", "response")
TWICE = (
    ("s2", "1", "1", "", ""),
    ("s4", "13", "1", "", "5"),
    ("s2", "2", "2", "", ""),
    ("s2", "3", "3", "", ""),
)


@pytest.mark.parametrize(
    ("policy", "kept", "dropped"),
    [
        ("first", "1", {4: "counts (first: row 2)", 5: "counts (first: row 2)"}),
        ("last", "3", {2: "counts (last: row 5)", 4: "counts (last: row 5)"}),
        ("error", None, dict.fromkeys((2, 4, 5), "3 submissions of this student, rows 2, 4, 5")),
    ],
)
def test_one_of_several_submissions_counts(
    tmp_path: Path, policy: Duplicates, kept: str | None, dropped: dict[int, str]
) -> None:
    """By the order of rows, which is said; the others are listed with the one that counts."""
    answers = read(write_sheet(tmp_path / "a.csv", TWICE), duplicates=policy)
    found = by_student(answers)
    assert found.pop("s4") == ["13", "1", "", "5"]
    assert found.get("s2", [None])[0] == kept
    assert {row for _, row in reasons(answers)} == set(dropped)
    assert all(dropped[row] in reason for (_, row), reason in reasons(answers).items())
    assert any("for 1 students no time" in note for note in answers.notes) == (policy != "error")


def test_rows_of_several_files_are_told_apart(tmp_path: Path) -> None:
    """The place of a row is its number and its file."""
    write_sheet(tmp_path / "a.csv", TWICE[:2])
    write_sheet(tmp_path / "b.csv", TWICE[2:3])
    answers = read(tmp_path, duplicates="last")
    assert by_student(answers)["s2"][0] == "2"
    reason = "another submission of this student counts (last: row 2 of b.csv)"
    assert reasons(answers) == {("a.csv", 2): reason}
    assert "rows 2 of a.csv, 2 of b.csv" in reasons(read(tmp_path))["b.csv", 2]


@pytest.mark.parametrize(
    ("column", "stamps", "first"),
    [
        ("Timestamp", ("2026-01-02 10:00", "", "2026-01-02 09:59", "2026-01-02 11:00"), "2"),
        ("submitted", ("2.1.2026 10:00", "", "13.1.2026 9:00", "1.1.2026 9:00"), "3"),
        ("submitted", ("1/2/2026 10:00", "", "1/13/2026 9:00", "2/1/2026 9:00"), "1"),
        ("submitted", ("1/2/2026 10:00", "", "2/1/2026 9:00", "3/1/2026 9:00"), "1"),
        ("submitted", ("2026-01-02 10:00", "", "some day", "2026-01-01 9:00"), "1"),
    ],
)
def test_time_stamps_order_submissions(
    tmp_path: Path, column: str, stamps: tuple[str, ...], first: str
) -> None:
    """Where all can be told for sure; else the order of rows."""
    rows = [(*row, stamp) for row, stamp in zip(TWICE, stamps, strict=True)]
    path = write_sheet(tmp_path / "a.csv", rows, ("student", *SLOTS, column))
    answers = read(path, duplicates="first")
    assert by_student(answers)["s2"][0] == first
    told = any("no time stamp or attempt tells" in note for note in answers.notes)
    assert told == ("3/1" in stamps[3] or "some day" in stamps)


def test_the_best_submission_is_chosen_by_its_marks(tmp_path: Path) -> None:
    """All are read; those with fewer points are then rejected, of equals the later one."""
    path = write_sheet(tmp_path / "a.csv", [*TWICE, ("nobody", "", "", "", "")])
    answers = read(path, duplicates="best")
    assert answers.students.tolist() == [1, 1, 1, 3]
    assert answers.rows.tolist() == [2, 4, 5, 3]
    totals = np.array([1.0, 2.5, 2.5, 0.0])
    assert best_submissions(answers, totals).tolist() == [1, 3]
    best = best_of(answers, totals)
    assert by_student(best) == {"s2": ["2", "2", "", ""], "s4": ["13", "1", "", "5"]}
    assert best.rows_in == len(best.students) + len(best.rejected) == 5
    reason = "another submission of this student counts (best: row 4)"
    assert reasons(best) == {("", 2): reason, ("", 5): reason, ("", 6): "unknown student"}
    assert best_of(best, totals[[1, 3]]) == best


# --- a row an answer ----------------------------------------------------------------------------


def long_rows() -> list[tuple[str, str, str]]:
    """The sheet with a row an answer."""
    return [
        (row[0], slot, cell) for row in SHEET for slot, cell in zip(SLOTS, row[1:], strict=True)
    ]


def test_the_long_form_says_the_same_as_the_wide(tmp_path: Path) -> None:
    """In any order of rows, with header names in any case."""
    long = read(write_sheet(tmp_path / "l.csv", reversed(long_rows()), ("Slot", "x")[:0] + LONG))
    wide = read(write_sheet(tmp_path / "w.csv"))
    assert by_student(long) == by_student(wide)
    assert numbers(long) == numbers(wide)
    assert (long.rows_in, long.rows_used, long.used.tolist()) == (16, 16, [4, 4, 4, 4])


def test_what_is_wrong_with_a_long_row_costs_that_row(tmp_path: Path) -> None:
    """Unknown slots and students, blank ones, ragged rows, a repeated header."""
    path = tmp_path / "a.csv"
    lines = [
        "Student;SLOT;Response",
        "s2;q1.w;-1.5",
        "s2;q1.ww;3",
        "s2;;3",
        "eve;q1.w;1",
        "s2;q2.h",
    ]
    path.write_text("\n".join([*lines, lines[0], "s4;q2.h;"]), encoding="utf-8")
    answers = read(path)
    assert by_student(answers) == {"s2": ["-1.5", "", "", ""], "s4": [""] * 4}
    assert reasons(answers) == {
        ("", 3): "unknown slot 'q1.ww' (did you mean 'q1.w'?)",
        ("", 4): "no slot",
        ("", 5): "unknown student",
        ("", 6): "cells: 2, where the header has 3",
        ("", 7): "the header again",
    }
    assert (answers.rows_in, answers.rows_used) == (7, 2)


@pytest.mark.parametrize(("policy", "kept"), [("first", "1"), ("last", "3"), ("error", None)])
def test_one_of_several_responses_to_a_slot_counts(
    tmp_path: Path, policy: Duplicates, kept: str | None
) -> None:
    """Under `error` the slot is unreadable, not blank, and the other slots count."""
    rows = [("s2", "q1.w", "1"), ("s2", "q2.h", "4"), ("s2", "q1.w", "3"), ("s4", "q1.w", "13")]
    answers = read(write_sheet(tmp_path / "a.csv", rows, LONG), duplicates=policy)
    assert numbers(answers)["s2"] == [float(kept) if kept else None, None, None, 4]
    if kept is None:
        assert "several responses to this slot" in unreadable(answers, "s2", 0)
        assert {row for _, row in reasons(answers)} == {2, 4}
    assert answers.rows_used == 4 - len(answers.rejected)


def test_the_best_of_single_responses_cannot_be_told(tmp_path: Path) -> None:
    """None of them counts, and the reason says what to do."""
    rows = [("s2", "q1.w", "1"), ("s2", "q1.w", "3"), ("s2", "q2.h", "4")]
    answers = read(write_sheet(tmp_path / "a.csv", rows, LONG), duplicates="best")
    assert numbers(answers)["s2"] == [None, None, None, 4]
    assert all("say first or last" in reason for reason in reasons(answers).values())


def test_long_files_together_make_one_submission(tmp_path: Path) -> None:
    """A file a question: answers are spread over them, and the decimal sign is decided once."""
    write_sheet(tmp_path / "q1.csv", [("s2", "q1.w", "-1,5"), ("s2", "q1.dL_dw", "0,25")], LONG)
    write_sheet(tmp_path / "q2.csv", [("s2", "q2.h", "4.0"), ("s4", "q2.h", "5")], LONG)
    answers = read(tmp_path)
    assert [choice.sign for choice in answers.decimals] == ["comma", "comma"]
    assert numbers(answers)["s2"] == [-1.5, 0.25, None, None]
    assert "a point" in unreadable(answers, "s2", 3)


def test_a_long_and_a_wide_submission_are_two(tmp_path: Path) -> None:
    """All rows of the one that does not count are listed."""
    write_sheet(tmp_path / "a.csv", long_rows()[4:8], LONG)
    write_sheet(tmp_path / "b.csv", SHEET[1:2])
    answers = read(tmp_path, duplicates="last")
    assert answers.used.tolist() == [1]
    assert [(row.file, row.row) for row in answers.rejected] == [("a.csv", i) for i in range(2, 6)]
    assert len(read(tmp_path).rejected) == 5
    best = best_of(read(tmp_path, duplicates="best"), np.array([2.0, 1.0]))
    assert best.used.tolist() == [4]
    assert best.rows_in == 5 == int(best.used.sum()) + len(best.rejected)


ROW = st.tuples(
    st.sampled_from([*STUDENTS, "S2", "123456", "eve", ""]), st.sampled_from([*SLOTS, "x", ""])
)


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150
)
@given(
    st.lists(ROW, max_size=12),
    st.lists(st.sampled_from(STUDENTS), max_size=5),
    st.sampled_from(POLICIES),
)
def test_every_row_is_graded_or_rejected(
    tmp_path: Path, long: list[tuple[str, str]], wide: list[str], policy: Duplicates
) -> None:
    """Whatever the rows of whatever form, under every policy, and after the best was chosen."""
    rows = [("s4", "q1.form"), *long]
    a = write_sheet(tmp_path / "a.csv", [(*row, str(i)) for i, row in enumerate(rows)], LONG)
    b = write_sheet(tmp_path / "b.csv", [(s, *"1234") for s in ("zoë", *wide)])
    answers = read_answers([a, b], make_class(), duplicates=policy)
    assert answers.rows_in == len(rows) + 1 + len(wide)
    assert answers.rows_in == int(answers.used.sum()) + len(answers.rejected)
    places = {(row.file, row.row) for row in answers.rejected}
    assert len(places) == len(answers.rejected)
    best = best_of(answers, np.arange(len(answers.students), dtype=float))
    assert best.rows_in == int(best.used.sum()) + len(best.rejected) == answers.rows_in
    assert len(set(best.students.tolist())) == len(best.students)
    assert best.students.tolist() == sorted(best.students)
