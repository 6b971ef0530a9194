"""Checking whole exams: every file once, numbers in common, and the papers about to be printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_exam import OTHER, TINY, write_exam

from examgen.check import Finding, Report, Verdict, check_exam, permitted, quick_check
from examgen.check.examined import LEAST_JUDGED, shared_numbers
from examgen.check.subjects import check_named, is_exam
from examgen.errors import ExamgenError
from examgen.exam import Exam, draw_exam, load_exam

NARROW = (
    TINY.replace("{from: -5, to: 5, step: 0.5, except: [0]}", "{choose: [2, 3]}")
    .replace("{from: -4, to: 4, step: 1}", "{choose: [1, 2, 3]}")
    .replace("{from: -5, to: 5, step: 0.5}", "0.5")
)
DEAD = (
    TINY.replace("id: tiny", "id: dead")
    .replace("z: w*x + b", "z: w*x + b\n    h: relu(z)")
    .replace("L: (z - y)^2", "L: (h + z - y)^2")
    .replace("require: [", "require: [z < 0, ")
    .replace("answers: z", "answers: z, h")
)


def exam(
    folder: Path, questions: list[str], templates: Mapping[str, str] | None = None, **fields: str
) -> Exam:
    """An exam of small questions."""
    return load_exam(write_exam(folder, questions, templates, **fields))


def failing(reports: tuple[Report, ...]) -> set[str]:
    """The names of all that fails."""
    return {f"{r.id}: {f.name}" for r in reports for f in r.of(Verdict.FAIL)}


def test_every_file_is_checked_once(tmp_path: Path) -> None:
    """However often it is used; the exam has a report of its own."""
    questions = ["{use: ./tiny.yaml}", "{choose: '1 of [./tiny.yaml, ./other.yaml]'}"]
    reports = check_exam(exam(tmp_path, questions), 120)
    assert [report.id for report in reports] == ["tiny", "other", "exam"]
    assert failing(reports) == set()
    assert reports[-1].title == "Test"


def test_an_exam_is_checked_under_its_own_seed(tmp_path: Path) -> None:
    """The figures are those of its numbers, and its seed is in no report."""
    one = check_exam(exam(tmp_path, ["{use: ./tiny.yaml}"]), 120)
    two = check_exam(exam(tmp_path, ["{use: ./tiny.yaml}"], seed="112233445566778"), 120)
    assert one[0].figures.guesses != two[0].figures.guesses
    assert "112233445566778" not in repr(two)


def test_numbers_in_common_are_found(tmp_path: Path) -> None:
    """One student with the same question twice fails, others are a warning."""
    twice = ["{use: ./tiny.yaml}", "{use: ./tiny.yaml, id: b}"]
    narrow = exam(tmp_path, twice, {"tiny.yaml": NARROW})
    drawn = draw_exam(narrow, 9)
    same, others = shared_numbers(drawn)
    first, second = (
        [tuple(q.of(n)[0].draw.exact(q.of(n)[1]).items()) for n in range(9)] for q in drawn
    )
    assert same == sum(a == b for a, b in zip(first, second, strict=True))
    shared = {n for n in range(9) if first[n] in second or second[n] in first}
    assert same + others == len(shared) > 0
    faulty = (drawn[0], replace(drawn[1], variants=drawn[0].variants, rows=drawn[0].rows))
    assert "exam: one student twice" in failing(quick_check(narrow, faulty))


def test_two_questions_have_nothing_in_common(tmp_path: Path) -> None:
    """Other templates may draw the same numbers: they ask something else."""
    drawn = draw_exam(exam(tmp_path, ["{use: ./tiny.yaml}", "{use: ./other.yaml}"]), 60)
    assert shared_numbers(drawn) == (0, 0)


@pytest.mark.parametrize("students", [1, 3, 40])
def test_a_small_class_does_not_fail_by_chance(tmp_path: Path, students: int) -> None:
    """Shares are taken over variants beyond the class, too."""
    small = exam(tmp_path, ["{use: ./tiny.yaml}"])
    reports = quick_check(small, draw_exam(small, students))
    assert failing(reports) == set()
    assert reports[0].id == "q1: tiny"
    assert reports[0].variants == LEAST_JUDGED


def test_the_papers_about_to_be_printed_are_among_those_judged(tmp_path: Path) -> None:
    """All of a large class; a faulty question in it is found."""
    templates = {"tiny.yaml": TINY, "dead.yaml": DEAD}
    large = exam(tmp_path, ["{use: ./tiny.yaml}", "{use: ./dead.yaml}"], templates)
    reports = quick_check(large, draw_exam(large, LEAST_JUDGED + 20))
    assert reports[0].variants == LEAST_JUDGED + 20
    assert "q2: dead: guessable" in failing(reports)
    assert not {name for name in failing(reports) if name.startswith(("q1", "exam"))}


def test_every_file_of_a_choice_is_judged(tmp_path: Path) -> None:
    """Also one that nobody in a small class happens to get, or few."""
    choice = exam(tmp_path, ["{choose: '1 of [./tiny.yaml, ./other.yaml]'}"])
    drawn = draw_exam(choice, 40)
    reports = quick_check(choice, drawn)
    assert [report.id for report in reports] == ["q1: tiny", "q1: other", "exam"]
    assert np.unique(drawn[0].asked).size == 2


def test_every_structure_is_judged_however_few_the_students_are(tmp_path: Path) -> None:
    """An answer that differs between structures is not the same for all because one drew one."""
    written = TINY.replace("id: tiny", "id: tiny\nchoose: {plus: [1, 2, 3, 4, 5, 6, 7, 8]}", 1)
    written = written.replace("z: w*x + b", "z: w*x + b\n    n: <plus>*w/w")
    written = written.replace("answers: z", "answers: z, n")
    few = exam(tmp_path, ["{use: ./tiny.yaml}"], {"tiny.yaml": written})
    (drawn,) = draw_exam(few, 1)
    reports = quick_check(few, (drawn,))
    assert failing(reports) == set()
    assert reports[0].variants == 8 * LEAST_JUDGED


# --- may it be printed? --------------------------------------------------------------------------

BAD = Report("q1: tiny", "Tiny", (Finding("guessable", Verdict.FAIL, "z is 0", "it is dead"),))
GOOD = Report("q2: other", "Other", (Finding("guessable", Verdict.WARN, "y is 1"),))


def test_what_fails_is_printed_for_a_reason_only() -> None:
    """The reason is what the manifest records; nothing where nothing fails."""
    assert permitted([BAD, GOOD], "  shown in \n class ") == "shown in class"
    assert permitted([GOOD], "in vain") == permitted([GOOD], None) == ""
    with pytest.raises(ExamgenError, match=r"q1: tiny: guessable: z is 0; it is dead") as error:
        permitted([BAD, GOOD], None)
    assert "q2" not in str(error.value)
    assert "--force REASON" in str(error.value)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301, "a\x1bb"])
def test_a_reason_says_something(reason: str) -> None:
    """Also where none is needed: who gives one means it."""
    with pytest.raises(ExamgenError, match="1 to 300 characters"):
        permitted([GOOD], reason)


# --- what is given on the command line -----------------------------------------------------------


def test_files_are_told_apart_by_their_content(tmp_path: Path) -> None:
    """An exam file has questions, a template has parts."""
    path = write_exam(tmp_path)
    assert is_exam(str(path))
    assert not is_exam(str(tmp_path / "tiny.yaml"))
    assert not is_exam("mlp-2-2-2")
    assert not is_exam(str(tmp_path / "absent.yaml"))
    assert [report.id for report in check_named(str(path), 100)] == ["tiny", "exam"]
    assert [report.id for report in check_named(str(tmp_path / "tiny.yaml"), 100)] == ["tiny"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "absent.yaml"),
        ("questions: [", "bad.yaml"),
        ("questions: []\ntitle: T\nseed: 1", "questions"),
        (OTHER.replace("w*x", "w*/x"), "bad.yaml:7"),
    ],
)
def test_what_cannot_be_read_is_a_finding(tmp_path: Path, text: str | None, said: str) -> None:
    """With all that is wrong; the other files are still looked at."""
    path = tmp_path / ("absent.yaml" if text is None else "bad.yaml")
    if text is not None:
        path.write_text(text, encoding="utf-8")
    (report,) = check_named(str(path))
    (finding,) = report.findings
    assert (report.verdict, finding.name) == (Verdict.FAIL, "file")
    assert said in finding.seen
