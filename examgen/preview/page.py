"""What was looked at, as HTML: the whole page, and the parts of it that change."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from examgen.check.report import Report
from examgen.preview.look import Look, Wanted
from examgen.preview.marked_source import marked_source
from examgen.preview.words import PREVIEW_WORDS
from examgen.render.style import part_label
from examgen.render.words import WORDS, counted
from examgen.render.worked import formula_of
from examgen.text import Language
from examgen.typeset.mathml import breakable, escaped, html_prose, mathml


def page_html(version: int, found: Look, wanted: Wanted) -> str:
    """The whole page, as it is first loaded."""
    return _render("page.html.j2", wanted.language, version=version, look=found)


def view_html(version: int, found: Look, wanted: Wanted) -> str:
    """What is wrong with the file, and its question."""
    return _render("view.html.j2", wanted.language, version=version, look=found)


def check_html(version: int, found: Report | None, language: Language) -> str:
    """What a quick check says."""
    return _render("check.html.j2", language, version=version, report=found)


def _render(name: str, language: Language, **content: object) -> str:
    words = {"words": WORDS[language], "own": PREVIEW_WORDS[language], "language": language}
    return _environment().get_template(name).render(**content, **words)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("examgen.preview"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "prose": lambda text: Markup(html_prose(text)),
        "math": lambda tex: Markup(mathml(tex)),
        "display": lambda tex: Markup(breakable(tex)),
        "step": _step,
        "verbatim": lambda text: Markup(escaped(text)),
        "part": part_label,
        "drawn": Markup,
        "counted": counted,
        "marked": marked_source,
    }
    return environment


def _step(line: str) -> Markup:
    """A line of worked steps: a formula that may be broken, or a sentence."""
    formula = formula_of(line)
    return Markup(html_prose(line) if formula is None else breakable(formula))
