"""What comes again on the exported page, and what a browser keeps of it for that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from exported_page import (
    FIRST,
    LATER,
    answered,
    box,
    decimal_of,
    drawn_as_there,  # noqa: F401 - the fixture `variants`
    fill,
    its_browser,  # noqa: F401 - the fixture `browser`
    its_file,  # noqa: F401 - the fixture `exported`
    its_page,  # noqa: F401 - the fixture `page`
    its_tab,  # noqa: F401 - the fixture `tab`
    its_template,  # noqa: F401 - the fixture `template`
    verdict,
)
from playwright.sync_api import Locator, Page

from examgen.template import Template
from examgen.variant import Variants
from grader.marking.graphs import Graphs
from grader.practice.offline.words import WORDS
from grader.practice.posed import Posed
from grader.practice.values import Task

LAST = "dL_dw"
"""In the last part, which asks two numbers and goes on from those before it."""

RUBBISH: tuple[tuple[str, str], ...] = (
    ("{", "["),
    ("7", '"<b>"'),
    ('{"waits": [1], "seen": {"0": 9}}', '{"part": ["0.a"], "places": "<b>", "done": 1}'),
    (
        '{"waits": {"0.a": "<img src=x>", "0.b": 99, "no": 1}, "seen": [1e9, "<b>"]}',
        '{"part": "no", "places": [99, -1], "home": 7, "score": {"all": "<b>", "right": 3},'
        ' "texts": ["<b>x", {}, 3], "done": [["check", [[0, "<img src=x>"], [1, {}]]],'
        ' ["erase", [[0, ""]]], ["check", [[99, "1"]]], ["check", [[2, "<img src=x>"]]], [null],'
        ' ["hint", [[0, ""]' + ', [0, ""]' * 20 + "]]]}",
    ),
    ('{"seen": ["<b>", -2]}', "null"),
)
"""What somebody else may have left where the page keeps its own."""


@pytest.fixture(name="other")
def second_tab(page: Page, exported: Path) -> Iterator[Page]:
    """The same file in another tab of the same browser."""
    other = page.context.new_page()
    other.goto(exported.as_uri())
    other.wait_for_selector(".answer")
    page.bring_to_front()
    yield other
    other.close()


def opened_again(page: Page) -> None:
    """As in a new sitting: what a tab keeps is gone."""
    page.bring_to_front()  # what is behind is slow
    page.evaluate("sessionStorage.clear()")
    page.reload()
    page.wait_for_selector(".answer")


def told(page: Page, other: Page) -> None:
    """Wait until the browser has told a tab what another one keeps: it does so in its own time."""
    kept = page.evaluate("JSON.stringify(localStorage)")
    same = "kept => JSON.stringify(localStorage) === kept"
    other.wait_for_function(same, arg=kept, polling=20, timeout=120_000)


def labels(page: Page) -> list[str]:
    """The parts that are asked."""
    return page.locator(".asked .label").all_inner_texts()


def parts(page: Page) -> list[int]:
    """How many are learned, in learning, and not begun."""
    return [int(one) for one in re.findall(r"\d+", page.locator("p.parts").inner_text())]


def test_what_was_missed_comes_again_until_it_is_right(
    page: Page, template: Template, variants: Variants
) -> None:
    """Alone and with new numbers, after the others; then all of the question, as before."""
    fill(page, template, variants, 0, {FIRST: "99"})
    assert page.evaluate("document.activeElement.className") == "check_all"
    count = len(template.parts)
    assert parts(page)[:2] == [count - 1, 1]
    assert page.locator("button.next").inner_text() == WORDS["en"]["next_missed"]
    before = page.locator(".givens").inner_text()
    page.locator("button.next").click()
    assert labels(page) == ["(a)"]
    assert page.locator(".givens").inner_text() != before
    fill(page, template, variants, 1, {})
    assert parts(page)[:2] == [count, 0]
    assert page.locator("button.next").inner_text() == WORDS["en"]["next"]
    page.locator("button.next").click()
    assert len(labels(page)) == count


def test_alone_a_part_names_no_other(page: Page) -> None:
    """Its worked solution says of numbers from other parts only that they are known."""
    page.locator("#question").select_option(index=1)
    assert worked(page.locator(".part").last).startswith("From part (b) we know")
    opened_again(page)
    assert labels(page) == ["(c)"]
    assert worked(page.locator(".part")).startswith("We know")


def worked(part: Locator) -> str:
    """The worked solution to a part, all of whose answers are shown for that."""
    for show in part.locator("button.show").all():
        show.click()
    part.locator("summary").click()
    return part.locator(".steps").inner_text()


def test_a_part_can_be_put_aside(page: Page, template: Template, variants: Variants) -> None:
    """Left untouched it makes way for the question; untouched it stays to be learned."""
    fill(page, template, variants, 0, {FIRST: "99"})
    page.locator("button.next").click()
    assert labels(page) == ["(a)"]
    page.locator("button.next").click()
    assert len(labels(page)) == len(template.parts)
    assert parts(page)[1] == 1


def test_a_part_is_counted_once(page: Page, template: Template) -> None:
    """By its first answers: another try at it brings nothing else nearer."""
    for slot, text in ((LAST, "99"), (FIRST, "99"), (FIRST, "98"), (FIRST, "97")):
        answered(page, template, slot, text)
    assert page.locator("button.next").inner_text() == WORDS["en"]["next"]
    assert page.locator(".score").inner_text().endswith("0 of 2")


def test_help_is_no_miss_but_comes_again(
    page: Page, template: Template, variants: Variants
) -> None:
    """A part that was right after a hint; the parts that do are named."""
    box(page, template, FIRST).locator("button.hint").click()
    fill(page, template, variants, 0, {})
    assert page.locator(".done").inner_text().endswith("comes again: (a).")
    count = len(template.slots)
    assert page.locator(".score").inner_text().endswith(f"{count - 1} of {count}")
    assert parts(page)[1] == 1


def test_what_was_missed_comes_first_when_the_page_is_opened_again(
    page: Page, template: Template, variants: Variants
) -> None:
    """With what the other parts give told, and other numbers than those that were seen."""
    fill(page, template, variants, 0, {LAST: "99"})
    assert page.locator("button.next").inner_text() == WORDS["en"]["next"]
    opened_again(page)
    assert labels(page) == ["(f)"]
    asked = tuple(slot.id for slot in template.parts[-1].slots)
    task = Task(template.id, template.fingerprint, 0, (), asked)
    one = Variants(template, variants.draw.part(np.array([1])))
    known = Posed(task, one, "en", lambda: Graphs(template)).known
    assert len(known) > 0
    cells = page.locator("h3 + .givens td").all_text_contents()
    assert cells == [number for _, number in known]
    fill(page, template, variants, 1, {})
    assert parts(page)[1] == 0


def test_going_on_from_what_is_told(page: Page, template: Template, variants: Variants) -> None:
    """A slip in a part that stands alone is followed as in the whole question."""
    fill(page, template, variants, 0, {LAST: "99"})
    opened_again(page)
    eta, w = (float(variants.draw.floats()[name][1]) for name in ("eta", "w"))
    fill(page, template, variants, 1, {LAST: "3", "w_new": decimal_of(w - eta * 3)})
    assert verdict(box(page, template, LAST)) in ("wrong", "mistake")
    assert verdict(box(page, template, "w_new")) == "follows"


def test_a_reload_loses_nothing(page: Page, template: Template, variants: Variants) -> None:
    """Texts, verdicts, hints and the score are there again; nothing is counted twice."""
    slot = next(one for one in template.slots if one.id == FIRST)
    answered(page, template, FIRST, variants.printed(slot, 0))
    answered(page, template, LATER, "99")
    box(page, template, LATER).locator("button.hint").click()
    box(page, template, "dL_dw").locator("input").fill("<b>not checked")
    before = [one.inner_text() for one in page.locator(".answer").all()]
    score = page.locator(".score").inner_text()
    for _ in range(2):
        page.reload()
        page.wait_for_selector(".answer")
    assert [one.inner_text() for one in page.locator(".answer").all()] == before
    assert page.locator(".score").inner_text() == score
    assert box(page, template, "dL_dw").locator("input").input_value() == "<b>not checked"
    assert box(page, template, LATER).locator("input").input_value() == "99"


def test_a_reload_in_a_part_that_stands_alone(
    page: Page, template: Template, variants: Variants
) -> None:
    """It stays, with its answers, and is not counted again."""
    fill(page, template, variants, 0, {LAST: "99"})
    opened_again(page)
    fill(page, template, variants, 1, {LAST: "98"})
    counts, said = parts(page), page.locator(".answer").all_inner_texts()
    page.reload()
    page.wait_for_selector(".answer")
    assert labels(page) == ["(f)"]
    assert (parts(page), page.locator(".answer").all_inner_texts()) == (counts, said)
    page.locator("button.whole").click()
    assert len(labels(page)) == len(template.parts)


@pytest.mark.parametrize(("memory", "session"), RUBBISH)
def test_what_others_keep_does_no_harm(page: Page, memory: str, session: str) -> None:
    """Neither an error nor markup; what fits is taken for what it says."""
    name = page.evaluate("`practice ${document.getElementById('main').dataset.key}`")
    page.evaluate("([name, one]) => localStorage.setItem(name, one)", [name, memory])
    page.evaluate("([name, one]) => sessionStorage.setItem(name, one)", [name, session])
    page.reload()
    page.wait_for_selector(".answer")
    assert page.locator("main b, main img").count() == 0
    assert page.locator(".score").inner_text().endswith("0 of 0")
    assert parts(page)[:2] == [0, 0]
    assert len(labels(page)) > 1
    written = page.locator(".answer").nth(2).locator(".written")
    assert written.all_inner_texts() in ([], ["<img src=x>"])


def test_a_browser_that_keeps_nothing(page: Page, template: Template, variants: Variants) -> None:
    """Full storage is no error, is said, and the sitting goes on."""
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full') } }")
    fill(page, template, variants, 0, {FIRST: "99"})
    page.locator("footer summary").click()
    assert str(WORDS["en"]["unkept"]) in page.locator("footer").inner_text()
    page.locator("button.next").click()
    assert labels(page) == ["(a)"]


def test_two_tabs_count_together(page: Page, other: Page, template: Template) -> None:
    """What is noted in one is known in the other, and outlives both; so does that all is erased."""
    answered(page, template, FIRST, "99")
    told(page, other)
    answered(other, template, LAST, "99")
    assert parts(other)[:2] == [0, 2]
    told(other, page)
    page.locator("button.next").click()
    assert parts(page)[:2] == [0, 2]
    answered(page, template, FIRST, "98")
    told(page, other)
    opened_again(other)
    assert labels(other) == ["(f)"]
    assert parts(other)[:2] == [0, 2]
    other.locator("footer summary").click()
    other.locator("button.forget").click()
    told(other, page)
    answered(page, template, LAST, "98")
    assert parts(page)[:2] == [0, 1]


def test_what_is_learned_in_one_tab_is_not_put_aside_in_the_other(
    page: Page, other: Page, template: Template, variants: Variants
) -> None:
    """Though it stands there untouched; both had begun with it."""
    fill(page, template, variants, 0, {FIRST: "99"})
    told(page, other)
    opened_again(other)
    opened_again(page)
    assert labels(page) == labels(other) == ["(a)"]
    for slot in template.parts[0].slots:
        answered(page, template, slot.id, variants.printed(slot, 1))
    told(page, other)
    other.bring_to_front()
    other.locator("button.next").click()
    assert len(labels(other)) == len(template.parts)
    assert parts(other)[1] == 0


def test_a_part_that_was_put_aside_stays_so_in_a_reload(
    page: Page, template: Template, variants: Variants
) -> None:
    """It does not come before others again."""
    fill(page, template, variants, 0, {FIRST: "99"})
    for _ in range(2):
        page.locator("button.next").click()
    page.reload()
    page.wait_for_selector(".answer")
    assert page.locator("button.next").inner_text() == WORDS["en"]["next"]


def test_all_is_forgotten_at_a_press(page: Page, template: Template, variants: Variants) -> None:
    """Nothing of it stays in the browser, and the page is as new."""
    new = parts(page)
    fill(page, template, variants, 0, {FIRST: "99"})
    assert page.evaluate("localStorage.length") == 1
    page.locator("footer summary").click()
    assert str(WORDS["en"]["kept"]) in page.locator("footer").inner_text()
    page.locator("button.forget").press("Enter")
    assert page.evaluate("localStorage.length") == 0
    assert parts(page) == new
    assert page.locator(".score").inner_text().endswith("0 of 0")
    assert page.locator("[role=status].done").inner_text() == WORDS["en"]["forgotten"]
    opened_again(page)
    assert len(labels(page)) == len(template.parts)
