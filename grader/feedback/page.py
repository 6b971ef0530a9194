"""A marked exam as a page of HTML: one file without scripts, which loads nothing."""

from __future__ import annotations

from functools import cache

from jinja2 import Template

from examgen.marked import MarkedExam
from examgen.render.html import environment
from examgen.render.words import FEEDBACK_WORDS
from examgen.typeset import plain_text


def feedback_page(exam: MarkedExam) -> str:
    """The whole page.

    Raises:
        ExamgenError: for prose or TeX that cannot be read.
    """
    return _template().render(exam=exam, words=FEEDBACK_WORDS[exam.language])


@cache
def _template() -> Template:
    made = environment("grader.feedback")
    made.filters |= {"plain": plain_text}
    return made.get_template("feedback.html.j2")
