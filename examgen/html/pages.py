"""Whole pages: an exam, its worked answers, the formula sheet. Equal sheets give equal bytes."""

from __future__ import annotations

from examgen.html.environment import environment
from examgen.render.words import WORDS
from examgen.sheet import ExamSheet, FormulaSheet, Solution


def exam_page(sheet: ExamSheet) -> str:
    """One student's exam as an HTML document.

    Raises:
        ExamgenError: for prose or TeX that cannot be read.
    """
    return _render("exam.html.j2", sheet)


def solution_page(solution: Solution, *, notes: bool = False) -> str:
    """The worked answers to one student's exam; notes: with the mistakes to look for.

    Raises:
        ExamgenError: for prose or TeX that cannot be read.
    """
    answered = list(zip(solution.exam.questions, solution.worked, strict=True))
    return _render("solution.html.j2", solution.exam, answered=answered, notes=notes)


def formula_page(sheet: FormulaSheet) -> str:
    """The formula sheet of an exam as an HTML document.

    Raises:
        ExamgenError: for TeX that cannot be read.
    """
    return _render("formulas.html.j2", sheet)


def _render(name: str, sheet: ExamSheet | FormulaSheet, **content: object) -> str:
    words = WORDS[sheet.language]
    template = environment().get_template(name)
    return template.render({"sheet": sheet, "words": words, "language": sheet.language, **content})
