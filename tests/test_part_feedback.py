"""What an author says of a part afterwards: in solutions and on returned pages, never before."""

from __future__ import annotations

from pathlib import Path

import pytest
from graded_class import graded_class
from pypdf import PdfReader
from small_exam import TINY, run, students, write_exam

from examgen.answer_key import make_manifest
from examgen.errors import ExamgenError
from examgen.exam import Exam, draw_exam, load_exam
from examgen.manifest import Manifest
from examgen.marked import MarkedAnswer
from examgen.paper import exam_sheet, solution_sheet
from examgen.proofread import template_problems
from examgen.render import write_exam as print_exam
from examgen.render import write_solution
from examgen.render.feedback import write_feedback
from examgen.template import parse_template
from grader.feedback.marked import Sheets, told
from grader.feedback.page import feedback_page

SAID = "    feedback: {en: 'Multiply first: $w x$ for {x}.', de: 'Zuerst $w x$ für {x}.'}\n"
WITH = TINY.replace("    answers: z\n", f"    answers: z\n{SAID}")


def exam_of(folder: Path, **fields: str) -> Exam:
    """A small exam with feedback at its first part."""
    return load_exam(write_exam(folder, templates={"tiny.yaml": WITH}, **fields))


def text_of(path: Path) -> str:
    """Everything on the pages of a PDF, without blanks."""
    return "".join("".join(page.extract_text() for page in PdfReader(path).pages).split())


def test_the_solution_says_it_and_the_paper_does_not(tmp_path: Path) -> None:
    """With the student's numbers in it, below the steps of its part."""
    exam = exam_of(tmp_path)
    drawn = draw_exam(exam, 1)
    sheet = exam_sheet(exam, drawn, students(1)[0], 0)
    print_exam(sheet, tmp_path / "paper.pdf")
    write_solution(solution_sheet(sheet, drawn, 0), tmp_path / "solution.pdf")
    number = dict(sheet.questions[0].givens)["x"]
    assert f"Multiplyfirst:wxfor{number}." in text_of(tmp_path / "solution.pdf").replace("-", "−")
    assert "Multiply" not in text_of(tmp_path / "paper.pdf")


def test_it_speaks_the_language_of_the_exam(tmp_path: Path) -> None:
    """As every other text."""
    exam = exam_of(tmp_path, language="de")
    drawn = draw_exam(exam, 1)
    sheet = exam_sheet(exam, drawn, students(1)[0], 0)
    first, second, _ = solution_sheet(sheet, drawn, 0).worked[0]
    assert first.feedback[0].startswith("Zuerst $w x$ für")
    assert second.feedback == ()


def manifest_of(folder: Path) -> Manifest:
    """Two students of the exam."""
    exam = exam_of(folder)
    return make_manifest(exam, draw_exam(exam, 2), students(2))


def test_the_returned_page_says_it_at_the_part(tmp_path: Path) -> None:
    """On screen and on paper, whether the answer was right or not."""
    marked = Sheets(graded_class(manifest_of(tmp_path))).of(0)
    answers = marked.questions[0].answers
    assert [len(answer.feedback) for answer in answers] == [1, 0, 0, 0]
    assert 'class="feedback">Multiply first: <math' in feedback_page(marked)
    write_feedback(marked, tmp_path / "page.pdf")
    assert "Multiplyfirst:" in text_of(tmp_path / "page.pdf")


def answer(part: str) -> MarkedAnswer:
    """An answer of a part."""
    return MarkedAnswer(part, "z", "1", "1", "good", "✓", "right", "1", "1")


def test_it_stands_at_the_last_answer_of_its_part() -> None:
    """What is said of a part of a part comes before what is said of the whole."""
    answers = [answer(part) for part in ("a.i", "a.ii", "a.ii", "b", "ab")]
    found = told(answers, {"a": ("whole",), "a.ii": ("second", "again"), "c": ("nowhere",)})
    assert [one.feedback for one in found] == [(), (), ("second", "again", "whole"), (), ()]


def test_the_key_in_the_terminal_says_it(tmp_path: Path) -> None:
    """`show` does with --key only."""
    path = tmp_path / "tiny.yaml"
    path.write_text(WITH, encoding="utf-8")
    assert "(a) Multiply first: wx for" in run("examgen", "show", str(path), "--key").stdout
    assert "Multiply" not in run("examgen", "show", str(path)).stdout


def test_it_is_proofread() -> None:
    """Formulas that cannot be set, and names that are no givens, are told with their lines."""
    wrong = parse_template(WITH.replace("$w x$", r"$\frac w$"), "tiny.yaml")
    assert [problem.path for problem in template_problems(wrong)] == ["parts[0].feedback"]
    with pytest.raises(ExamgenError, match=r"parts\[0\]\.feedback: \{u\} is no given"):
        parse_template(WITH.replace("{x}", "{u}"), "tiny.yaml")
