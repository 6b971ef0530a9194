"""The exported page as axe sees it, in a frame, and where no script runs."""

from __future__ import annotations

from pathlib import Path

from exported_page import (
    FIRST,
    LATER,
    answered,
    box,
    drawn_as_there,  # noqa: F401 - the fixture `variants`
    fill,
    its_browser,  # noqa: F401 - the fixture `browser`
    its_file,  # noqa: F401 - the fixture `exported`
    its_page,  # noqa: F401 - the fixture `page`
    its_tab,  # noqa: F401 - the fixture `tab`
    its_template,  # noqa: F401 - the fixture `template`
    verdict,
)
from playwright.sync_api import Browser, Page
from test_axe import PHONE, objections, width

from examgen.template import Template
from examgen.variant import Variants
from grader.practice.offline.words import WORDS


def test_axe_has_no_objection(page: Page, template: Template) -> None:
    """With all kinds of feedback on it, by day and by night, on a desk and on a phone."""
    answered(page, template, FIRST, "abc")
    answered(page, template, LATER, "99")
    box(page, template, "dL_dw").locator("button.hint").click()
    for show in page.locator(".part").last.locator("button.show").all():
        show.click()
    page.locator(".part summary:visible").click()
    assert objections(page) == []
    assert width(page) == PHONE["width"]


def test_it_works_in_a_sandboxed_frame(
    browser: Browser, exported: Path, template: Template, variants: Variants, tmp_path: Path
) -> None:
    """As a learning platform embeds it: without storage, dialogs, forms or an origin."""
    outer = tmp_path / "outer.html"
    source = exported.as_uri()
    outer.write_text(f'<iframe sandbox="allow-scripts" width="900" height="700" src="{source}">')
    page = browser.new_page()
    errors = list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(outer.as_uri())
    frame = page.frames[1]
    frame.wait_for_selector(".answer")
    fill(frame, template, variants, 0, {FIRST: "99"})
    assert verdict(box(frame, template, LATER)) == "right"
    frame.locator("button.next").click()
    assert frame.locator(".alone").inner_text().startswith("Part (a) comes again")
    frame.locator("footer summary").click()
    assert frame.locator("footer").inner_text().count(str(WORDS["en"]["unkept"])) == 1
    frame.locator("button.forget").click()
    assert frame.locator(".alone").count() == 0
    assert errors == []
    page.close()


def test_without_a_script_it_says_so(browser: Browser, exported: Path) -> None:
    """In the language of the page."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(exported.as_uri())
    assert str(WORDS["en"]["noscript"]) in page.inner_text("body")
    context.close()


def test_a_page_whose_script_is_not_let_run_says_so(
    browser: Browser, exported: Path, tmp_path: Path
) -> None:
    """As behind a server that allows scripts from files alone: no empty page."""
    strict = '<meta http-equiv="Content-Security-Policy" content="script-src \'self\'">'
    text = exported.read_text(encoding="utf-8")
    path = tmp_path / "strict.html"
    path.write_text(text.replace("<head>", f"<head>{strict}", 1), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    assert str(WORDS["en"]["noscript"]) in page.inner_text("main")
    assert page.locator(".answer").count() == 0
    page.close()
