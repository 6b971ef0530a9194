"""Tests of cells that hold several answers, and of time stamps."""

from __future__ import annotations

import math

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.reading.packed import Packing, parts_in, unpack
from grader.reading.tabular import marked_fault, unmarked, without_mark
from grader.reading.timestamps import read_times


def cut(text: str, count: int, how: Packing = "parts") -> list[str] | str:
    """The parts of one cell, or why it cannot be cut."""
    column = pa.chunked_array([pa.array(["other", text]).dictionary_encode()])
    parts = [part.combine_chunks()[1].as_py() for part in unpack(column, range(1, count + 1), how)]
    faults = {*unmarked(pa.array(parts)).faults.values()}
    return faults.pop() if faults else parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("part 1: 0; part 2: -0.65", ["0", "-0.65"]),
        ("Teil 1: 0,5; Teil 2: ", ["0,5", ""]),
        ("partie 1 : 0; partie 2 : 1", ["0", "1"]),
        ("部件1: 0; 部件2: 1", ["0", "1"]),
        ("part 1: a; b; part 2: c: d", ["a; b", "c: d"]),
        ("part 1: x 3: y; part 2: z", ["x 3: y", "z"]),
        ("part 1: ; part 2: ", ["", ""]),
        ("-", ["", ""]),
        ("  ", ["", ""]),
    ],
)
def test_parts_are_cut_in_any_language(text: str, parts: list[str]) -> None:
    """A word, a number and a colon, in the order of the numbers."""
    assert cut(text, 2) == parts


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("part 1: 0; part 2: 9; part 2: -0.65", "1, 2, 2: a response that imitates"),
        ("part 1: 0; part 1: 9; part 2: 1", "1, 1, 2: a response that imitates"),
        ("part 2: 9; part 1: 1", "2, 1: a response that imitates"),
        ("part 1: 0; part 3: 1", "1, 3: a response that imitates"),
        ("part 1: 0", "there is no part 2"),
        ("-0.65", "not cut into parts"),
        ("so part 1: 0; part 2: 1", "not cut into parts"),
    ],
)
def test_a_cell_that_can_be_cut_in_two_ways_is_not_cut(text: str, reason: str) -> None:
    """A student can type what looks like another part."""
    assert reason in str(cut(text, 2))


@given(st.lists(st.text("0123456789.,-+e/ x", max_size=8), min_size=1, max_size=5))
def test_cutting_undoes_packing(answers: list[str]) -> None:
    """Any answers, but for the blanks around them and what stands for none."""
    text = "; ".join(f"part {i}: {answer}" for i, answer in enumerate(answers, start=1))
    assert cut(text, len(answers)) == [answer.strip() for answer in answers]
    assert parts_in(text) == len(answers)


@given(st.lists(st.text("01,.x\\"[:-1] + " ", max_size=5), min_size=2, max_size=4))
def test_cutting_at_commas_undoes_canvas(answers: list[str]) -> None:
    """A comma inside an answer is escaped."""
    text = ",".join(answer.replace(",", "\\,") for answer in answers)
    expected = [answer.strip() for answer in answers]
    assert cut(text, len(answers), "commas") == (expected if text.strip() else [""] * len(answers))


def test_marks_come_off() -> None:
    """Only the text is left, whatever the reason."""
    assert without_mark(marked_fault("a", "because: b")) == "a"
    assert without_mark("plain") == "plain"


@pytest.mark.parametrize(
    ("text", "other", "seconds"),
    [
        ("2026-01-02 10:00:00 UTC", "2026-01-02T10:00:01Z", 1),
        ("2026/01/02 9:30:00 AM GMT+1", "2026/01/02 9:30:00 PM GMT+1", 43_200),
        ("2 January 2026  10:00 AM", "2 March 2026  10:00 AM", 59 * 86_400),
        ("Friday, 2 January 2026, 10:00", "3. Mai 2026 10:00", 121 * 86_400),
        ("1/13/2026 12:30 AM", "1/14/2026 0:30", 86_400),
        ("13.1.2026 12:30", "1.2.2026 12:30", 19 * 86_400),
        ("2026-01-02 10:00:00.123 +02:00", "2026-01-02 10:00:00 -0530", 27_000),
    ],
)
def test_time_stamps_of_common_systems_are_read(text: str, other: str, seconds: float) -> None:
    """By how much later the second is."""
    first, second = read_times([text, other])
    assert second - first == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "3/4/2026 10:00",
        "2026-13-01 10:00",
        "2 Smarch 2026 10:00",
        "2026-01-01",
        "1" * 999,
    ],
)
def test_what_time_it_is_cannot_be_told(text: str) -> None:
    """No date, no time, or a day that may be a month."""
    assert math.isnan(read_times([text])[0])


def test_days_and_months_must_agree_in_a_column() -> None:
    """A column that has both orders tells neither."""
    assert [math.isnan(t) for t in read_times(["13/1/2026 1:00", "1/13/2026 1:00"])] == [True, True]
