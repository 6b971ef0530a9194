"""A marked exam as a page of HTML: one file without scripts, which loads nothing."""

from __future__ import annotations

from functools import cache

from jinja2 import Template

from examgen.html.environment import environment
from examgen.marked import MarkedExam
from examgen.render.words import FEEDBACK_WORDS


def feedback_page(exam: MarkedExam) -> str:
    """The whole page.

    Raises:
        ExamgenError: for prose or TeX that cannot be read.
    """
    words = FEEDBACK_WORDS[exam.language]
    return _template().render(exam=exam, words=words, language=exam.language)


@cache
def _template() -> Template:
    return environment("grader.feedback").get_template("feedback.html.j2")
