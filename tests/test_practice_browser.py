"""Practice in a real browser: by keyboard, on a phone, at night, in two tabs, over a real desk.

Needs Chromium (`apt install chromium`); nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Literal

import pytest
from chromium import chromium
from fake_desk import FakeDesk
from playwright.sync_api import Browser, BrowserContext, Page
from served_practice import KEYS, Visit, served

from grader.practice.desk import Desk
from grader.practice.library import Library
from grader.practice.planner import Plan
from grader.practice.posed import draw_numbers
from grader.practice.skills.catalogue import bank_catalogue
from grader.practice.store import Store, open_store
from grader.practice.values import Task

QUESTION = "mlp-2-2-2"
SMALL = "siamese-shared-weights"
FORMULAS = {
    "dL/dh3": "dL/do1*w31 + dL/do2*w32",
    "dL/dh1": "dL/dh3 * ReLU'(h1)",
    "dL/dw21": "dL/dh1 i2",
}
"""The right ones, as a student may type them."""

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
PHONE, DESK = {"width": 320, "height": 640}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, one for all pages."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def library() -> Library:
    """The question, read once."""
    return Library("en")


@dataclass(frozen=True)
class Student:
    """Somebody at a real desk in a browser."""

    visit: Visit
    context: BrowserContext
    store: Store
    library: Library
    heard: list[str]

    def pose(self, parts: str) -> None:
        """An open round that asks some parts of the question, with the same numbers always."""
        template = self.library.template(QUESTION, 0)
        asked = [slot.id for part in template.parts if part.label in parts for slot in part.slots]
        numbers = draw_numbers(template, 7, 0, at_once=True)
        task = Task(QUESTION, template.fingerprint, 0, numbers, tuple(asked))
        self.store.begin(task, datetime.now(UTC))

    def tab(self) -> Page:
        """A new tab, at the start."""
        page = self.context.new_page()
        page.set_default_timeout(120_000)
        page.on("console", lambda line: self.heard.append(line.text))
        page.on("pageerror", lambda error: self.heard.append(str(error)))
        page.on("request", lambda sent: self._asked(sent.url))
        page.goto(f"http://{self.visit.host}{KEYS.address}")
        page.locator("#next:focus").wait_for()
        return page

    def _asked(self, address: str) -> None:
        if not address.startswith(f"http://{self.visit.host}/"):
            self.heard.append(address)

    def right(self, number: int = 1) -> list[str]:
        """The right answers to a round."""
        found = self.store.round(number)
        assert found is not None
        posed = self.library.posed(found.task)
        return [
            FORMULAS[slot.quantity] if slot.kind == "formula" else posed.variants.printed(slot, 0)
            for slot in posed.slots
        ]

    def without_bias(self) -> str:
        """What the first answer is when its bias is forgotten."""
        found = self.store.round(1)
        assert found is not None
        given = {name: Fraction(number) for name, number in found.task.numbers}
        return str(float(given["i1"] * given["w11"] + given["i2"] * given["w21"]))


@pytest.fixture
def student(browser: Browser, library: Library, tmp_path: Path) -> Iterator[Student]:
    """With a progress of their own; nothing may complain, and nothing leave the machine."""
    bank = bank_catalogue()
    plan = Plan(bank.about([QUESTION]), trains=bank, questions=(QUESTION,))
    store = open_store(tmp_path / "practice.sqlite")
    context = browser.new_context(viewport=DESK, color_scheme="light")  # type: ignore[arg-type]
    heard: list[str] = []
    with served(Desk(store, library, plan)) as visit:
        yield Student(visit, context, store, library, heard)
        context.close()
    store.close()
    assert heard == []


def press(page: Page, key: str) -> None:
    """A key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def follow(page: Page, name: str, role: Literal["link", "button"] = "link") -> None:
    """A link or a button that leads to another page."""
    with page.expect_navigation():
        page.get_by_role(role, name=name).click()


def give(page: Page, text: str) -> None:
    """Type into whatever has the focus, and send it."""
    page.keyboard.type(text)
    press(page, "Enter")


def focus(page: Page) -> str:
    """The id of what has the focus."""
    return str(page.evaluate("document.activeElement.id"))


def begin(student: Student, parts: str = "bc") -> Page:
    """A tab with a round, entered by a key."""
    if student.store.open_round() is None:
        student.pose(parts)
    page = student.tab()
    press(page, "Enter")
    return page


# --- a student at work ----------------------------------------------------------------------------


def test_a_whole_round_by_keyboard_alone(student: Student) -> None:
    """Every field comes by itself, then the button that leads on."""
    page = begin(student, "df")
    assert page.locator(".keypad:visible, [inputmode=decimal]").count() == 0
    for place, answer in enumerate(student.right(), start=1):
        assert focus(page) == f"answer-{place}"
        give(page, answer)
        assert "Right" in page.title()
    assert focus(page) == "next"
    assert page.locator("#outcome").is_visible()
    assert page.locator(".solved").count() == 0
    press(page, "Enter")
    assert page.url.endswith("/round/2")
    assert focus(page) == "answer-1"


def test_a_known_mistake_is_named_and_shown_in_the_figure(student: Student) -> None:
    """Then the way is walked by hints, and stands there in the end with the student's own step."""
    page = begin(student, "a")
    assert page.locator("figure .marked, figure [class*=mark]").count() == 0
    before = page.locator("figure").inner_html()
    wrong = student.without_bias()
    give(page, wrong)
    assert page.title().startswith("A known mistake")
    assert page.locator("figure").inner_html() != before
    assert page.locator("#said-1").get_by_text("marked in the figure").is_visible()
    assert focus(page) == "answer-1"
    assert "known mistake" in str(page.locator("#status[role=status]").text_content())
    press(page, "?")
    assert page.locator("#hints-1 > li").count() == 1
    page.keyboard.type("12?")
    press(page, "Alt+h")
    assert page.locator("#hints-1 > li").count() == 2
    assert page.input_value("#answer-1") == "12?"
    right = student.right()
    page.keyboard.press("Control+a")
    give(page, right[0])
    press(page, "Alt+l")
    assert focus(page) == "answer-3"
    follow(page, "All answers at once")
    for place, answer in enumerate(right[2:], start=3):
        page.fill(f"#answer-{place}", answer)
    press(page, "Enter")
    assert page.locator(".solved .own").first.is_visible()
    press(page, "Alt+n")
    assert "/round/2" in page.url


def test_what_cannot_be_read_is_mended_in_its_field(student: Student) -> None:
    """It stands there selected; a caret shows where, and words tell it."""
    page = begin(student)
    give(page, "1.5 apples")
    assert page.title().startswith("Cannot be read")
    assert page.input_value("#answer-1") == "1.5 apples"
    assert page.locator(".here").is_visible()
    described = page.locator("#answer-1").get_attribute("aria-describedby")
    assert "Reading ended" in page.locator(f"#{described}").inner_text()
    give(page, student.right()[0])
    assert focus(page) == "answer-2"


def test_reloading_and_going_back_lose_nothing_and_send_nothing_twice(student: Student) -> None:
    """Not even what was typed and not sent."""
    page = begin(student)
    give(page, "0.123")
    page.keyboard.type("0.4")
    page.reload()
    assert page.input_value("#answer-1") == "0.4"
    assert page.locator("#said-1").is_visible()
    page.keyboard.press("Control+a")
    give(page, student.right()[0])
    page.go_back()
    page.go_back()
    assert page.locator(".slot.settled").count() == 1
    page.go_forward()
    assert page.locator(".slot.settled").count() == 1
    with page.expect_navigation():  # where a browser shows it as it was left, as Safari does
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    assert page.locator(".slot.settled").count() == 1
    found = student.store.round(1)
    assert found is not None
    assert len(found.attempts) == 2
    assert page.evaluate(TWICE) == [True, False, True]


TWICE = """() => {
  const form = document.querySelector("form");
  const submit = () => new Event("submit", { bubbles: true, cancelable: true });
  const send = () => form.dispatchEvent(submit());
  const sent = [send(), send()];
  dispatchEvent(new PageTransitionEvent("pageshow"));
  return [...sent, send()];
}"""
"""Whether a form goes out at once, once more, and after the page has come back."""


def test_two_tabs_do_not_break_each_other(student: Student) -> None:
    """What the other one did is shown, not overwritten; both lead on to the same round."""
    one = begin(student)
    two = begin(student)
    assert one.url == two.url
    right = student.right()
    give(one, right[0])
    give(two, "0.123")
    assert "done already" in two.locator("#status").inner_text()
    assert focus(two) == "answer-2"
    follow(one, "Skip", "button")
    assert one.url.endswith("/round/2")
    give(two, right[1])
    assert "ended already" in two.locator("#status").inner_text()
    begun = student.tab()
    press(begun, "Enter")
    assert begun.url.endswith("/round/2")


def test_all_answers_at_once(student: Student) -> None:
    """One page with every field; Enter sends all of them."""
    page = begin(student)
    follow(page, "All answers at once")
    right = student.right()
    for place, answer in enumerate(right, start=1):
        page.fill(f"#answer-{place}", answer if place != 2 else "0.123")
    press(page, "Enter")
    settled = len(right) - 1
    assert page.locator(".slot.settled").count() == settled
    assert f"{settled} of {len(right)}" in page.locator("#status").inner_text()
    assert focus(page) == "answer-2"
    give(page, right[1])
    assert focus(page) == "next"


def test_it_works_without_scripts(student: Student, browser: Browser) -> None:
    """Each form leads to the next field."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"http://{student.visit.host}{KEYS.address}")
    follow(page, "Start", "button")
    page.fill("#answer-1", "0.123")
    follow(page, "Check", "button")
    follow(page, "Hint", "button")
    assert page.locator("#hints-1 > li").count() == 1
    page.fill("#answer-1", student.right()[0])
    press(page, "Enter")
    assert page.url.endswith("#answer-2")
    page.locator("#answer-2:focus").wait_for()
    page.keyboard.type("0.5")
    assert page.input_value("#answer-2") == "0.5"
    context.close()


def test_the_page_does_not_jump_after_an_answer(student: Student) -> None:
    """On a low screen, too, where the marked way is in sight beside the answer."""
    page = begin(student, "abc")
    page.set_viewport_size({"width": 1280, "height": 560})
    page.evaluate("document.querySelector('.question').scrollTop = 40; scrollTo(0, 30)")
    give(page, "0.123")
    assert page.evaluate("[document.querySelector('.question').scrollTop, scrollY]") == [40, 30]
    page.keyboard.type(student.without_bias())
    press(page, "Enter")
    for place in ("#said-1", "#answer-1", "#figure .mark >> nth=0"):
        box = page.locator(place).bounding_box()
        assert box is not None
        assert 0 <= box["y"] <= 560 - box["height"]
    page.evaluate("document.querySelector('.question').scrollTop = 9999")
    give(page, student.without_bias())
    mark = page.locator("#figure .mark >> nth=0").bounding_box()
    assert mark is not None
    assert 0 <= mark["y"] <= 560 - mark["height"]
    page.evaluate("document.querySelector('.question').scrollTop = 0")
    for key, turned in (("PageDown", True), ("PageUp", False)):
        page.keyboard.press(key)
        assert page.evaluate("document.querySelector('.question').scrollTop > 0") == turned
    page.emulate_media(color_scheme="dark")
    colour = "getComputedStyle(document.querySelector('#figure .mark')).color.match(/\\d+/g)"
    assert sum(map(int, page.evaluate(colour))) > 450, "too dim in the dark"
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.reload()
    mark = page.locator("#figure .mark >> nth=0").bounding_box()
    assert mark is not None
    assert abs(mark["x"] + mark["width"] / 2 - PHONE["width"] / 2) < 4, "the figure is wider"


def test_a_phone_shows_the_question_first_and_signs_beside_the_digits(
    student: Student, browser: Browser
) -> None:
    """The keyboard comes when the field is touched; a sign goes to where one writes."""
    student.pose("bd")
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"http://{student.visit.host}{KEYS.address}")
    page.get_by_role("button", name="Start").tap()
    page.wait_for_url("**/round/1")
    assert focus(page) == ""
    page.evaluate("scrollTo(0, 200)")
    for link in ("Answer", "Question"):
        page.get_by_role("link", name=link, exact=True).dispatch_event("click")
    assert page.evaluate("scrollY") == 200
    page.get_by_role("link", name="Answer", exact=True).tap()
    page.locator("#answer-1").tap()
    assert page.get_attribute("#answer-1", "inputmode") == "decimal"
    page.keyboard.type("35")
    page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name="/").tap()
    page.keyboard.type("2")
    page.keyboard.press("Home")
    page.locator("#answer-1").evaluate("one => one.blur()")
    page.get_by_role("button", name="\N{MINUS SIGN}").dispatch_event("click")
    touched = "one => one.dispatchEvent(new Event('pointerdown', { cancelable: true }))"
    assert not page.locator(".keypad").evaluate(touched), "the keyboard goes"
    assert focus(page) == "answer-1"
    page.reload()
    assert page.input_value("#answer-1") == "-3/25"
    for answer in ("-3/25", ""):
        page.fill("#answer-1", answer)
        with page.expect_navigation():
            page.locator("#answer-1").press("Enter")
        assert focus(page) == "answer-1"
    follow(page, "All answers at once")
    fields = page.locator("[data-draft]").count()
    assert 0 < page.locator("[data-draft][inputmode=decimal]").count() < fields
    context.close()


def test_all_at_once_is_remembered_for_the_next_round(student: Student) -> None:
    """And can be taken back."""
    page = begin(student)
    follow(page, "All answers at once")
    follow(page, "Skip", "button")
    assert page.url.endswith("/round/2")
    assert page.locator("[data-draft]").count() > 1
    assert page.locator("button.hint").count() == 1
    follow(page, "One answer at a time")
    assert page.locator("[data-draft]").count() == 1


# --- every kind of page ---------------------------------------------------------------------------


@contextmanager
def opened(browser: Browser, path: str, prepare: Callable[[FakeDesk], None]) -> Iterator[Page]:
    """A page over a desk that somebody has worked at."""
    desk = FakeDesk((SMALL,))
    prepare(desk)
    with served(desk) as visit:
        context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"http://{visit.host}{KEYS.address}")
        page.goto(f"http://{visit.host}{path}")
        yield page
        context.close()


def new(desk: FakeDesk) -> None:
    """A round begun."""
    desk.start()


def missed(desk: FakeDesk) -> None:
    """A round with one of every verdict, and hints."""
    desk.start()
    slots = [one.slot.id for one in desk.view(1).slots]
    responses = ("right", "rounded", "follows", "mistake", "1,2,3", "0.1234567890123456789" * 3)
    desk.answer(1, dict(zip(slots, responses, strict=False)))
    desk.answer(1, {slots[3]: "1,2"})
    for slot in slots[3:]:
        desk.hint(1, slot)
        desk.hint(1, slot)


def ended(desk: FakeDesk) -> None:
    """A round with something missed."""
    missed(desk)
    for one in desk.view(1).slots:
        desk.leave(1, one.slot.id)


def nothing(desk: FakeDesk) -> None:
    """Not begun."""


KINDS: dict[str, tuple[str, Callable[[FakeDesk], None]]] = {
    "home": ("/", nothing),
    "rest": ("/?rest=limit", new),
    "new": ("/round/1", new),
    "missed": ("/round/1?did=answer-2", missed),
    "whole": ("/round/1?whole=1&note=blank", missed),
    "ended": ("/round/1", ended),
    "progress": ("/progress", new),
    "error": ("/round/99", nothing),
}


LAID_OUT = ["color-contrast", "scrollable-region-focusable", "target-size"]
"""Rules on what a style sheet does; all others say the same on any screen."""


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe objects to: the rule and the first element of each kind."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    found = page.evaluate("options => axe.run(options)", options)
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]


@pytest.mark.parametrize("kind", KINDS)
def test_axe_has_no_objection_by_day_and_by_night(kind: str, browser: Browser) -> None:
    """Nor is any page wider than a phone."""
    with opened(browser, *KINDS[kind]) as page:
        assert page.evaluate("document.scrollingElement.scrollWidth") == PHONE["width"]
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found = violations(page)
        page.set_viewport_size(DESK)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="light")
        assert found + violations(page, LAID_OUT) == []


def test_the_next_field_is_seen_with_what_was_said_before_it(browser: Browser) -> None:
    """On a phone, after an answer, and after none, wherever one had gone meanwhile."""
    with opened(browser, "/round/1", new) as page:
        bar = page.locator(".bar").bounding_box()
        assert bar is not None
        for answer, height, places in SEEN:
            page.set_viewport_size({"width": PHONE["width"], "height": height})
            page.keyboard.type(answer)
            if answer == "rounded":
                page.evaluate("scrollTo(0, document.body.scrollHeight)")
            press(page, "Enter")
            for place in places:
                box = page.locator(place).bounding_box()
                assert box is not None
                assert bar["height"] <= box["y"] <= height - box["height"], place


SEEN = (
    ("mistake", 640, ("#said-1", ".current")),
    ("rounded", 640, ("#said-1", ".current")),
    ("", 330, ("#status", ".current")),
    ("mistake", 330, ("#said-2", ".current [data-draft]")),
    ("mistake", 212, (".current [data-draft]",)),
)
"""Answers, heights of a phone's window with its keyboard, and what has room in it."""
