"""The exported page by keyboard alone, and in the window of a phone."""

from __future__ import annotations

from pathlib import Path

from exported_page import (
    FIRST,
    LATER,
    a_mistake,
    answered,
    box,
    drawn_as_there,  # noqa: F401 - the fixture `variants`
    its_browser,  # noqa: F401 - the fixture `browser`
    its_file,  # noqa: F401 - the fixture `exported`
    its_page,  # noqa: F401 - the fixture `page`
    its_tab,  # noqa: F401 - the fixture `tab`
    its_template,  # noqa: F401 - the fixture `template`
    right,
    verdict,
)
from playwright.sync_api import Browser, Page
from test_axe import PHONE

from examgen.template import Template
from examgen.variant import Variants


def test_a_question_by_keyboard(page: Page, template: Template, variants: Variants) -> None:
    """Enter checks and goes on to what is open; `?` and Alt+H are hints; at the end: the way on."""
    assert page.locator("[inputmode], .keypad").count() == 0
    box(page, template, template.slots[0].id).locator("input").focus()
    page.keyboard.press("?")
    assert page.locator(".hints li").count() == 1
    page.keyboard.press("Alt+h")
    assert page.locator(".hints li").count() == 2
    for slot in template.slots:
        assert page.evaluate("document.activeElement.id").startswith("answer-")
        page.keyboard.insert_text(right(template, variants, 0, slot.id))
        page.keyboard.press("Enter")
    assert page.locator(".done").inner_text().startswith("All done.")
    assert page.evaluate("document.activeElement.className") == "next"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.keyboard.press("Alt+l")
    assert verdict(page.locator(".answer").first) == "passed"
    page.keyboard.press("Alt+n")
    assert page.locator("[data-verdict]").count() == 0


def test_enter_stays_at_what_is_wrong(page: Page, template: Template, variants: Variants) -> None:
    """And goes on to what comes after it, though something before is open."""
    focused = "document.activeElement.id"
    for text in ("99", right(template, variants, 0, LATER)):
        answered(page, template, LATER, text)
        place = [slot.id for slot in template.slots].index(LATER) + (text != "99")
        assert page.evaluate(focused) == f"answer-{place}"


def test_keys_that_mean_something_else(page: Page, template: Template) -> None:
    """`?` in a text, a key held down, one with Ctrl, a hint where none is left, Enter with Shift or
    for a word that is put together; outside of answers they mean the first that is open.
    """
    found = box(page, template, FIRST)
    for held in ("isComposing", "shiftKey"):
        found.locator("input").fill("1")
        found.locator("input").dispatch_event("keydown", {"key": "Enter", held: True})
        assert verdict(found) is None
    found.locator("input").fill("1")
    page.keyboard.press("?")
    assert found.locator("input").input_value() == "1?"
    page.keyboard.press("Control+Alt+h")
    assert found.locator(".hints li").count() == 0
    page.keyboard.down("Alt")
    for _ in range(3):
        page.keyboard.down("h")
    page.keyboard.up("h")
    page.keyboard.up("Alt")
    assert found.locator(".hints li").count() == 1
    page.keyboard.press("Alt+l")
    page.keyboard.press("Alt+h")
    assert found.locator(".hints li").count() == 1
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Alt+l")
    still_open = next(slot.id for slot in template.slots if slot.id != FIRST)
    assert verdict(box(page, template, still_open)) == "passed"


def test_the_mark_is_in_sight_on_a_phone(
    page: Page, template: Template, variants: Variants
) -> None:
    """Where the figure is wider than the window; and there is a way back to the answer."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    slot, text, _ = a_mistake(template, variants)
    page.evaluate(WIDE)
    found = answered(page, template, slot, text)
    assert verdict(found) == "mistake"
    middle = page.evaluate(MARKED)
    assert abs(middle) <= 1
    found.locator("button.look").press("Enter")
    assert page.evaluate("document.activeElement.className") == "back"
    shown = page.locator("figure").bounding_box()
    assert shown
    assert 0 <= shown["y"] <= PHONE["height"] - shown["height"]
    page.keyboard.press("Enter")
    assert found.locator("input").evaluate("one => one === document.activeElement")


def test_what_is_said_is_in_the_window(page: Page, template: Template) -> None:
    """Though the answer stands at the lower end of a phone; hints as well."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    low = "one => one.scrollIntoView({block: 'end'})"
    for slot in template.slots[:2]:
        box = page.locator(f".answer:has(#answer-{template.slots.index(slot)})")
        box.locator("input, textarea").first.fill("17.123")
        for button, said in (("check", ".said"), ("hint", ".hints li")):
            box.locator(".row").evaluate(low)
            box.locator("input, textarea").first.focus()
            box.locator(f"button.{button}").evaluate("one => one.click()")
            shown = box.locator(said).last.bounding_box()
            assert shown
            assert shown["height"] > 0
            assert shown["y"] + shown["height"] <= PHONE["height"], button


def test_signs_beside_a_phones_keyboard(
    browser: Browser, exported: Path, template: Template
) -> None:
    """At the answer that is written, where the cursor is; none where the answer was shown."""
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(exported.as_uri())
    first, second = (box(page, template, slot) for slot in (FIRST, LATER))
    written, signs = first.locator("input"), page.locator(".keypad:visible")
    written.wait_for()
    assert signs.count() == 0
    written.tap()
    assert written.get_attribute("inputmode") == "decimal"
    page.keyboard.type("35")
    page.keyboard.press("ArrowLeft")
    signs.get_by_text("/").tap()
    page.keyboard.type("2")
    page.keyboard.press("Home")
    written.evaluate("one => one.blur()")
    signs.get_by_text("\N{MINUS SIGN}").dispatch_event("click")
    signs.dispatch_event("click")  # between two signs
    assert written.input_value() == "-3/25"
    assert written.evaluate("one => one === document.activeElement")
    assert not signs.evaluate(f"one => one.dispatchEvent({PRESS})"), "the keyboard goes"
    page.reload()
    assert written.input_value() == "-3/25"
    written.tap()
    second.locator("input").tap()
    assert signs.count() == second.locator(".keypad:visible").count() == 1
    second.locator("button.show").dispatch_event("click")  # Safari gives it no focus
    assert signs.count() == 0
    first.locator("input").tap()
    second.locator("input").tap()
    assert signs.count() == 0
    formula = next(slot.id for slot in template.slots if slot.kind == "formula")
    assert box(page, template, formula).locator("[inputmode]").count() == 0
    context.close()


PRESS = "new Event('pointerdown', { cancelable: true })"

WIDE = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("figure { overflow-x: auto } figure svg { min-width: 60rem }");
  document.adoptedStyleSheets = [sheet];
}"""

MARKED = """() => {
  const figure = document.querySelector("figure");
  const boxes = [...figure.querySelectorAll(".mark")].map((one) => one.getBoundingClientRect());
  const left = Math.min(...boxes.map((one) => one.left));
  const right = Math.max(...boxes.map((one) => one.right));
  const { left: from, right: to } = figure.getBoundingClientRect();
  const most = figure.scrollWidth - figure.clientWidth;
  const wanted = figure.scrollLeft + (left + right - from - to) / 2;
  return Math.min(Math.max(wanted, 0), most) - figure.scrollLeft;
}"""
"""How far the figure is from having the middle of its mark in its own."""
