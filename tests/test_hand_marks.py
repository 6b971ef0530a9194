"""Tests of marks given by hand: each row fits the exam or is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from synthetic_exam import make_manifest

from examgen.errors import ExamgenError
from grader.marking.hand_marks import MOST_PROBLEMS, HandMark, read_hand_marks

HEADER = "student,slot,points,note"


def read(folder: Path, text: str) -> tuple[HandMark, ...]:
    """The marks of a file with this text."""
    path = folder / "hand.csv"
    path.write_text(text, encoding="utf-8")
    return read_hand_marks(path, make_manifest())


def refusal(folder: Path, *rows: str) -> list[str]:
    """What is said of such rows, without the folder."""
    with pytest.raises(ExamgenError) as caught:
        read(folder, "\n".join((HEADER, *rows)))
    return str(caught.value).replace(f"{folder}/", "").splitlines()


def test_ids_stay_as_they_are(tmp_path: Path) -> None:
    """With their zeros, and with the place in the file."""
    text = f'{HEADER}\n00123456,q1.form,0.5,"nearly, but"\n zoë ,q1.w, 1 ,\n'
    assert read(tmp_path, text) == (
        HandMark("00123456", "q1.form", 0.5, "nearly, but", 2),
        HandMark("zoë", "q1.w", 1.0, "", 3),
    )


def test_columns_in_any_order_without_a_note(tmp_path: Path) -> None:
    """And a decimal comma where it does not cut cells."""
    text = "points;slot;other;student\n0,5;q1.w;x;s2\n0.25;q1.w;x;s4\n"
    assert [mark.points for mark in read(tmp_path, text)] == [0.5, 0.25]


def test_every_bad_row_is_named(tmp_path: Path) -> None:
    """Unknown, not asked, out of range, twice, unreadable, ragged."""
    problems = refusal(
        tmp_path,
        "s3,q1.x,1,",
        "123456,q1.w,1,",
        "zoë,q2.h,1,",
        "s2,q1.w,1.01,",
        "s2,q1.w,-0.5,",
        "s2,q1.w,1 1/2,",
        "s4,q1.w,,",
        "s4,q1.w,1,",
        "s4,q1.w,1,",
        "s2,q1.w",
        ",,1,",
    )
    assert [problem.split(": ", 1) for problem in problems] == [
        ["hand.csv:2", "'s3' is not on the roster"],
        ["hand.csv:2", "the exam has no slot 'q1.x' (did you mean 'q1.w'?)"],
        ["hand.csv:3", "'123456' is not on the roster (it resembles '00123456')"],
        ["hand.csv:4", "q2.h was not asked of 'zoë'"],
        ["hand.csv:5", "points: 1.01 is not between 0 and 1"],
        ["hand.csv:6", "points: -0.5 is not between 0 and 1"],
        ["hand.csv:7", "points: found '1 1/2', expected a number"],
        ["hand.csv:8", "points: expected a number"],
        ["hand.csv:10", "s4 q1.w stands in row 9 already"],
        ["hand.csv:11", "cells: 2, where the header has 4"],
        ["hand.csv:12", "no student is named"],
        ["hand.csv:12", "no slot is named"],
    ]


def test_a_file_without_the_columns(tmp_path: Path) -> None:
    """The message names those that are missing."""
    with pytest.raises(ExamgenError, match="not so: slot, points"):
        read(tmp_path, "student,mark\ns2,1\n")


def test_not_a_thousand_problems(tmp_path: Path) -> None:
    """The first hundred, and how many more there are."""
    problems = refusal(tmp_path, *(f"x{i},q1.w,1," for i in range(250)))
    assert len(problems) == MOST_PROBLEMS + 1
    assert problems[-1].endswith("and 150 more problems")


def test_no_option_is_named_that_marks_by_hand_do_not_have(tmp_path: Path) -> None:
    """`--encoding` is of the answers alone."""
    path = tmp_path / "hand.csv"
    path.write_bytes("student,slot,points,note\ns2,q1.w,1,schön\n".encode("cp1252"))
    with pytest.raises(ExamgenError) as caught:
        read_hand_marks(path, make_manifest())
    assert str(caught.value) == f"{path}:2: not UTF-8 text (byte 0xf6): save it as UTF-8"
