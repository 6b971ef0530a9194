"""A file of practice in a browser, and what a student does there; for tests of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from chromium import chromium
from conftest import of_the_bank
from playwright.sync_api import Browser, Frame, Locator, Page
from small_exam import TINY
from test_axe import DESK

from examgen.drawing import draw_variants
from examgen.graph import evaluate
from examgen.solution import expected_formula
from examgen.template import Template, parse_templates
from examgen.variant import Variants
from grader.practice.marking import Marker
from grader.practice.offline.export import export_practice
from grader.practice.values import Feedback

QUESTION = "modified-recurrent-cell"
FIRST, LATER = "yhat_1", "yhat_2"
OWN = TINY.replace("derive: dL/dw", "answers: dL/dz")
"""An author's own question, of numbers alone: its last part goes on from the one before."""


@pytest.fixture(name="template", scope="module")
def its_template() -> Template:
    """The question that most tests practise."""
    return of_the_bank(QUESTION)[0]


@pytest.fixture(name="variants", scope="module")
def drawn_as_there(template: Template) -> Variants:
    """The numbers that the page has, as the page draws them."""
    return draw_variants(template, 0, range(2), -1)


@cache
def exported_bytes() -> bytes:
    """The page of all test files, made once."""
    questions = [of_the_bank(QUESTION)[0], *parse_templates(OWN, "own.yaml")]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "practice.html"
        export_practice(questions, path, variants=2)
        return path.read_bytes()


@pytest.fixture(name="exported", scope="module")
def its_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with two variants of the question and of the author's own."""
    path = tmp_path_factory.mktemp("offline") / "practice.html"
    path.write_bytes(exported_bytes())
    return path


@pytest.fixture(name="browser", scope="module")
def its_browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with chromium() as found:
        yield found


@pytest.fixture(name="tab", scope="module")
def its_tab(browser: Browser) -> tuple[Page, list[str]]:
    """A tab for all tests, and what is asked for or complained of in it."""
    page, heard = browser.new_context().new_page(), list[str]()
    page.on("request", lambda sent: heard.append(sent.url))
    page.on("console", lambda line: heard.append(f"{line.type}: {line.text}"))
    page.on("pageerror", lambda error: heard.append(str(error)))
    return page, heard


@pytest.fixture(name="page")
def its_page(tab: tuple[Page, list[str]], exported: Path) -> Iterator[Page]:
    """The page, opened from disk; nothing else is asked for, and nothing is complained of."""
    page, heard = tab
    heard.clear()
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light")
    page.goto(exported.as_uri())
    page.wait_for_selector(".answer")
    yield page
    assert "undefined" not in page.locator("main").inner_text()
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    assert [one for one in heard if not one.startswith(("data:", exported.as_uri()))] == []


def box(page: Page | Frame, template: Template, slot: str) -> Locator:
    """Where a slot is answered."""
    place = [one.id for one in template.slots].index(slot)
    return page.locator(f".answer:has(#answer-{place})")


def right(template: Template, variants: Variants, row: int, slot: str) -> str:
    """What to write in a slot."""
    one = next(one for one in template.slots if one.id == slot)
    if one.kind == "number":
        return variants.printed(one, row)
    return expected_formula(template, one)


def fill(
    page: Page | Frame,
    template: Template,
    variants: Variants,
    row: int,
    other: Mapping[str, str],
) -> None:
    """Answer all that is asked, rightly but for some slots."""
    for slot in template.slots:
        found = box(page, template, slot.id)
        if found.count():
            text = other.get(slot.id) or right(template, variants, row, slot.id)
            found.locator("input, textarea").fill(text)
    page.locator(".check_all").click()


def answered(page: Page, template: Template, slot: str, text: str) -> Locator:
    """A slot after a response, checked by the Enter key."""
    found = box(page, template, slot)
    found.locator("input, textarea").fill(text)
    found.locator("input, textarea").press("Enter")
    return found


def verdict(found: Locator) -> str | None:
    """What was said of the last response."""
    return found.get_attribute("data-verdict")


def asked_node(template: Template, slot: str) -> str:
    """The name of the quantity that a slot asks for."""
    chosen = next(one for one in template.slots if one.id == slot)
    return template.quantities.name(chosen.quantity)


def a_mistake(template: Template, variants: Variants) -> tuple[str, str, Feedback]:
    """A slot, what a known mistake makes of it, and what is said of that."""
    marker = Marker(variants)
    givens = {name: column[:1] for name, column in variants.draw.floats().items()}
    for slot in template.slots:
        for one in marker.graphs.mistakes if slot.kind == "number" else ():
            value = evaluate([one.nodes[asked_node(template, slot.id)]], givens)[0][0]
            text = f"{value:.{slot.decimals}f}"
            said = marker.mark({slot.id: text}, [slot.id])[slot.id]
            if said.verdict == "mistake" and said.trail and not said.reason.startswith("$"):
                return slot.id, text, said
    raise AssertionError("no mistake is known")


def decimal_of(value: float) -> str:
    """A number as a student writes it."""
    return f"{value:.4f}".rstrip("0").rstrip(".")
