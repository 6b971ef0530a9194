"""What was looked at, as HTML: the whole page, and the parts of it that change."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment

from examgen.check.report import Report
from examgen.html.environment import environment
from examgen.preview.look import Look, Wanted
from examgen.preview.marked_source import marked_source
from examgen.preview.words import PREVIEW_WORDS
from examgen.render.words import FEEDBACK_WORDS, WORDS
from examgen.text import Language


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
    feedback = FEEDBACK_WORDS[language].feedback
    return _environment().get_template(name).render(**content, **words, feedback=feedback)


@cache
def _environment() -> Environment:
    made = environment("examgen.preview")
    made.filters["marked"] = marked_source
    return made
