"""Tests of the file of changes: read strictly, against the exam, all problems at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from synthetic_exam import make_manifest

from examgen.errors import ExamgenError
from grader.marking.changes import Changes
from grader.marking.changes_file import read_changes

ALL = """\
slots:
  q1.w: {tolerance: 0.01, key: 2.5, points: 2, follow_through: 0.5}
  q1.dL_dw: {key: {"00123456": -0.5}, give: answered}
  q1.form: {accept: ["w*dL_dh", dL_dh * w + 0]}
questions:
  q2: {drop: true}
penalty: 0.25
round_to: 0.5
"""


def read(folder: Path, text: str, hand: str = "") -> Changes:
    """The changes of a file with this text."""
    path, marks = folder / "changes.yaml", folder / "hand.csv"
    path.write_text(text, encoding="utf-8")
    marks.write_text(hand, encoding="utf-8")
    return read_changes(path, make_manifest(), marks if hand else None)


def refusal(folder: Path, text: str, hand: str = "") -> list[str]:
    """What is said of such a file, without its folder."""
    with pytest.raises(ExamgenError) as caught:
        read(folder, text, hand)
    return str(caught.value).replace(f"{folder}/", "").splitlines()


def test_all_that_can_be_changed_is_read(tmp_path: Path) -> None:
    """Numbers are exact; a dropped question drops its slots."""
    changes = read(tmp_path, ALL)
    assert float(changes.slots["q1.w"].tolerance or 0) == 0.01
    assert changes.slots["q1.dL_dw"].give == "answered"
    assert changes.slots["q1.form"].accept == ["w*dL_dh", "dL_dh * w + 0"]
    assert changes.dropped == {"q2.h"}
    assert (changes.penalty, changes.round_to) == (0.25, 0.5)


def test_without_files_nothing_changes() -> None:
    """Either file may be missing."""
    assert read_changes(None, make_manifest()) == Changes()


def test_all_problems_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    """Those of the form, of the exam, and of the marks by hand."""
    text = """\
slots:
  q1.v: {tolerance: 0.01}
  q1.w: {tolerance: -1}
  q1.form: {drop: perhaps}
question: {}
questions: {q7: {drop: true}}
"""
    problems = refusal(tmp_path, text, "student,slot,points\nnobody,q1.w,1\n")
    assert problems == [
        "changes.yaml:2: slots.q1.v: the exam has no slot 'q1.v' (did you mean 'q1.w'?)",
        "changes.yaml:3: slots.q1.w.tolerance: expected greater than or equal to 0, found -1",
        "changes.yaml:4: slots.q1.form.drop: expected true or false, found 'perhaps'",
        "changes.yaml:5: question: 'question' is no field here (did you mean 'questions'?)",
        "changes.yaml:6: questions.q7: the exam has no question 'q7'",
        "hand.csv:2: 'nobody' is not on the roster",
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("q1.w: {}", "nothing is changed here"),
        ("q1.w: {accept: ['1']}", "q1.w asks for a number: it has no 'accept'"),
        ("q1.form: {tolerance: 1}", "q1.form asks for a formula: it has no 'tolerance'"),
        ("q1.form: {key: 1}", "q1.form asks for a formula: it has no 'key'"),
        ("q1.form: {accept: [' ']}", "a formula of 1 to 2000 characters"),
        ("q1.w: {drop: true, points: 2}", "can have no other change"),
        ("q1.w: {give: some}", "'all' or 'answered'"),
        ("q1.w: {points: 0}", "greater than 0"),
        ("q1.w: {follow_through: 2}", "less than or equal to 1"),
        ("q1.w: {key: {s9: 1}}", "'s9' is not on the roster"),
        ("q2.h: {key: {zoë: 1}}", "q2.h was not asked of 'zoë'"),
        ("q1.w: {key: much}", "expected a number"),
    ],
)
def test_what_does_not_fit_the_exam(change: str, message: str, tmp_path: Path) -> None:
    """Each with the line of the change."""
    problems = refusal(tmp_path, f"slots:\n  {change}\n")
    assert any(message in problem for problem in problems)
    assert all(problem.startswith("changes.yaml:2: slots.") for problem in problems)


def test_marks_by_hand_may_use_the_changed_points(tmp_path: Path) -> None:
    """A slot that is now worth two points can be given two, and a dropped one none."""
    hand = "student,slot,points\ns2,q1.w,2\n"
    assert read(tmp_path, "slots: {q1.w: {points: 2}}", hand).by_hand[0].points == 2
    assert refusal(tmp_path, "penalty: 0", hand) == ["hand.csv:2: points: 2 is not between 0 and 1"]
    assert "is dropped" in refusal(tmp_path, "slots: {q1.w: {drop: true}}", hand)[0]


def test_a_faulty_slot_does_not_hide_what_is_wrong_with_another(tmp_path: Path) -> None:
    """What does not fit the exam is told beside what is no number."""
    text = """\
slots:
  q1.w: {tolerance: much}
  q1.form: {tolerance: 1}
  q2.h: {drop: true, points: 2}
"""
    lines = [problem.split(":")[1] for problem in refusal(tmp_path, text)]
    assert lines == ["2", "3", "4"]
