"""A marked exam as a page of HTML: one file without scripts, which loads nothing."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from examgen.marked import MarkedExam
from examgen.render.style import part_label
from examgen.render.words import FEEDBACK_WORDS
from examgen.render.worked import formula_of
from examgen.typeset import plain_text
from examgen.typeset.mathml import breakable, escaped, html_prose, mathml


def feedback_page(exam: MarkedExam) -> str:
    """The whole page.

    Raises:
        ExamgenError: for prose or TeX that cannot be read.
    """
    return _template().render(exam=exam, words=FEEDBACK_WORDS[exam.language])


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("grader.feedback"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "prose": lambda text: Markup(html_prose(text)),
        "plain": plain_text,
        "math": lambda tex: Markup(mathml(tex)),
        "display": lambda tex: Markup(breakable(tex)),
        "step": _step,
        "verbatim": lambda text: Markup(escaped(text)),
        "part": part_label,
    }
    return environment.get_template("feedback.html.j2")


def _step(line: str) -> Markup:
    """A line: a formula that may be broken, or a sentence."""
    formula = formula_of(line)
    return Markup(html_prose(line) if formula is None else breakable(formula))
