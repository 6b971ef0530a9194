"""Every page in a browser: nothing that axe objects to, none wider than a phone, none that loads.

Needs Chromium (`apt install chromium`); nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from threading import Thread

import pytest
from chromium import chromium
from graded_class import graded_class, manifest_of
from playwright.sync_api import Browser, Page
from report_class import make_graded
from small_exam import TINY, write_exam

from examgen.check import check
from examgen.check.page import write_page
from examgen.exam import draw_exam, load_exam
from examgen.formulary import formula_sheet
from examgen.html.pages import exam_page, formula_page, solution_page
from examgen.paper import exam_sheet, solution_sheet
from examgen.preview.desk import Desk
from examgen.preview.serve import server
from examgen.roster import Student
from examgen.serving.machine import HOST, listener
from examgen.template import parse_templates
from grader.feedback.marked import Sheets
from grader.feedback.page import feedback_page
from grader.marking.verdicts import Verdict
from grader.reading.tabular import Rejected
from grader.reporting.report import write_report

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
PHONE, DESK = {"width": 320, "height": 640}, {"width": 1000, "height": 800}
HOSTILE = Student("<b>1", "\u202e<script>alert(1)</script> 'مريم' " + "W" * 60, "", "")
ASKED = {"en": "mazur-network", "de": "residual-two-sigmoids"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, one for all pages."""
    with chromium() as found:
        yield found


# --- the pages -----------------------------------------------------------------------------------


def sheets(folder: Path, language: str) -> tuple[str, str, str]:
    """An exam, its worked answers and its formula sheet, for somebody with an evil name."""
    questions = [f"{{use: {ASKED[language]}}}"]
    exam = load_exam(write_exam(folder, questions, language=language, course="On $w$"))
    drawn = draw_exam(exam, 1)
    sheet = exam_sheet(exam, drawn, HOSTILE, 0)
    working = ("a = b + c", f"d = {'a + b + ' * 9}1")
    question = replace(sheet.questions[0], working=working)
    sheet = replace(sheet, aids=("a calculator",), questions=(question,))
    solution = solution_sheet(sheet, drawn, 0, notes=True)
    return (
        exam_page(sheet),
        solution_page(solution, notes=True),
        formula_page(formula_sheet(exam)),
    )


def sheet_page(language: str, number: int) -> Callable[[Path], None]:
    """One of the pages of an exam."""
    return lambda path: write(path, sheets(path.parent / "exam", language)[number])


def write(path: Path, html: str) -> None:
    """A page as a file."""
    path.write_text(html, encoding="utf-8")


def report(path: Path) -> None:
    """The report on a class, with something in each of its lists."""
    cells = {(0, "q1.h"): ("?", Verdict.UNREADABLE), (1, "q1.form"): ("x+", Verdict.NEEDS_A_HUMAN)}
    rejected = (Rejected(9, "x,1,2", "unknown student"),)
    write_report(make_graded(cells=cells, rejected=rejected), path)


def check_report(path: Path) -> None:
    """What `examgen check --html` writes: of a question that passes, and of one that fails."""
    blunt = TINY.replace("answers: dL/dw, w'", "answers: dL/dw, w'\n    tolerance: 9000")
    texts = (TINY, blunt.replace("id: tiny", "id: blunt"))
    write_page([check(parse_templates(text, "tiny.yaml"), 60) for text in texts], path)


def feedback(path: Path) -> None:
    """What a student gets back who had all wrong."""
    manifest = manifest_of(path.parent / "exam", 2)
    cells = {(0, slot.id): ("<i>1.75", Verdict.WRONG) for slot in manifest.slots}
    write(path, feedback_page(Sheets(graded_class(manifest, cells)).of(0)))


PAGES: dict[str, Callable[[Path], None]] = {
    "exam": sheet_page("en", 0),
    "exam in German": sheet_page("de", 0),
    "solution": sheet_page("en", 1),
    "solution in German": sheet_page("de", 1),
    "formula sheet": sheet_page("en", 2),
    "feedback": feedback,
    "report": report,
    "check": check_report,
}


@contextmanager
def previewed(text: str, folder: Path) -> Iterator[str]:
    """The address of the preview of a template."""
    path = folder / "tiny.yaml"
    path.write_text(text, encoding="utf-8")
    with listener(0) as heard:
        serving = server(Desk(path))
        thread = Thread(target=serving.run, kwargs={"sockets": [heard]})
        thread.start()
        try:
            yield f"http://{HOST}:{heard.getsockname()[1]}/"
        finally:
            serving.should_exit = True
            thread.join()


# --- what is asked of them -----------------------------------------------------------------------


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[tuple[Page, list[str]]]:
    """A page, and all that goes wrong or leaves it."""
    context = browser.new_context(viewport=PHONE, color_scheme="light")  # type: ignore[arg-type]
    page, heard = context.new_page(), list[str]()
    page.on("request", lambda sent: heard.append(sent.url))
    page.on("console", lambda line: heard.append(f"{line.type}: {line.text}"))
    page.goto(address)
    yield page, [one for one in heard if not one.startswith((address, "data:"))]
    context.close()


def violations(page: Page) -> list[str]:
    """What axe objects to: the rule and the first element of each kind."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]


def objections(page: Page) -> list[str]:
    """On a desk by day, and on a phone by night."""
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    found = violations(page)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="dark")
    return found + violations(page)


def width(page: Page) -> int:
    """How wide the page is, in pixels."""
    return int(page.evaluate("document.scrollingElement.scrollWidth"))


@pytest.mark.parametrize("kind", PAGES)
def test_axe_has_no_objection(kind: str, browser: Browser, tmp_path: Path) -> None:
    """Nor does the page move sideways on a phone, load anything, or complain of itself."""
    path = tmp_path / "page.html"
    PAGES[kind](path)
    with opened(browser, path.as_uri()) as (page, heard):
        assert heard == []
        assert width(page) == PHONE["width"]
        assert objections(page) == []


@pytest.mark.parametrize("text", [TINY, TINY.replace("z: w*x + b", "z: w*x + q")])
def test_axe_has_no_objection_to_the_preview(text: str, browser: Browser, tmp_path: Path) -> None:
    """With a question, and with what is wrong with the file."""
    with previewed(text, tmp_path) as address, opened(browser, address) as (page, heard):
        page.wait_for_selector(".findings, .problems")
        assert heard == []
        assert width(page) == PHONE["width"]
        assert objections(page) == []


def test_objections_are_seen(browser: Browser, tmp_path: Path) -> None:
    """A grey on grey, a page without a language, and a word wider than a phone are found."""
    path = tmp_path / "page.html"
    write(path, "<title>t</title><h1>h</h1><p style='color:#ccc;width:400px'>faint</p>")
    with opened(browser, path.as_uri()) as (page, _):
        assert width(page) > PHONE["width"]
        found = {one.partition(":")[0] for one in objections(page)}
    assert {"color-contrast", "html-has-lang"} <= found
