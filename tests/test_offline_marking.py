"""Answers on the exported page: marked, explained, hinted at and shown; then other numbers."""

from __future__ import annotations

import re

import numpy as np
import pytest
from exported_page import (
    FIRST,
    LATER,
    a_mistake,
    answered,
    box,
    decimal_of,
    drawn_as_there,  # noqa: F401 - the fixture `variants`
    its_browser,  # noqa: F401 - the fixture `browser`
    its_file,  # noqa: F401 - the fixture `exported`
    its_page,  # noqa: F401 - the fixture `page`
    its_tab,  # noqa: F401 - the fixture `tab`
    its_template,  # noqa: F401 - the fixture `template`
    verdict,
)
from playwright.sync_api import Page

from examgen.diagrams.trail import marked
from examgen.graph import evaluate
from examgen.html.figures import figure
from examgen.paper import variant_sheet
from examgen.solution import expected_formula
from examgen.template import Template
from examgen.variant import Variants
from grader.practice.offline.words import WORDS


def test_a_right_number_and_a_coarse_one(
    page: Page, template: Template, variants: Variants
) -> None:
    """The key is right; with the other decimal sign, too; and cut off it is, but is said to be."""
    slot = next(one for one in template.slots if one.id == FIRST)
    printed = variants.printed(slot, 0)
    found = answered(page, template, FIRST, printed.replace(".", ","))
    assert verdict(found) == "right"
    assert str(WORDS["en"]["right"]) in found.inner_text()
    assert found.locator("button.show").is_hidden()
    assert found.locator("button.check").is_visible()
    coarse = f"{float(printed) + 6e-5:.5f}"
    assert verdict(answered(page, template, FIRST, coarse)) == "rounded"
    assert printed.replace("-", "\N{MINUS SIGN}") in found.locator(".said").inner_text()


def test_a_known_mistake_has_its_sentence(
    page: Page, template: Template, variants: Variants
) -> None:
    """The page says what the marker in Python says."""
    slot, text, feedback = a_mistake(template, variants)
    assert page.locator("button.back").is_hidden()
    found = answered(page, template, slot, text)
    assert verdict(found) == "mistake"
    words = re.sub(r"\$[^$]*\$", "$", feedback.reason).split("$")[0].strip()
    assert len(words) > 5
    assert words in found.locator(".said").inner_text()
    sheet = variant_sheet(variants, 0, "en")
    assert sheet.diagram is not None
    assert page.locator("button.back").is_visible()
    pointed = marked(sheet.diagram, template.quantities, feedback.trail)
    assert pointed != sheet.diagram
    assert page.locator("figure .mark").count() == figure(pointed, "q1-").count('class="mark"')
    answered(page, template, slot, "abc")
    assert page.locator("figure .mark").count() == 0
    assert page.locator("button.back").is_hidden()


def test_what_cannot_be_read_has_a_caret(page: Page, template: Template) -> None:
    """Under the character where reading ended; what was written stays text."""
    found = answered(page, template, FIRST, "1 1/2 <b>")
    assert verdict(found) == "unreadable"
    assert found.locator(".written").inner_text() == "1 1/2 <b>"
    assert found.locator(".written mark").count() == 1
    assert found.locator("b").count() == 0
    assert page.locator(".score").inner_text().endswith("0 of 0")


@pytest.mark.parametrize(("language", "said"), [("de", "wrong"), ("en", "unreadable")])
def test_a_page_takes_a_comma_as_its_language_does(
    page: Page, template: Template, language: str, said: str
) -> None:
    """In German none stands between thousands."""
    page.evaluate("language => { document.documentElement.lang = language; }", language)
    assert verdict(answered(page, template, FIRST, "1,234")) == said


def test_too_few_decimals_are_not_what_counts(
    page: Page, template: Template, variants: Variants
) -> None:
    """The next answer does: the way to the number was right."""
    keys = {one.id: variants.printed(one, 0) for one in template.slots if one.kind == "number"}
    slot, printed = next(each for each in keys.items() if len(each[1].partition(".")[2]) >= 2)
    found = answered(page, template, slot, f"{float(printed):.1f}")
    assert "rounded too coarsely" in found.inner_text()
    assert page.locator(".score").inner_text().endswith("0 of 0")
    assert verdict(answered(page, template, slot, printed)) == "right"
    assert page.locator(".score").inner_text().endswith("1 of 1")


def test_a_slip_is_gone_on_from(page: Page, template: Template, variants: Variants) -> None:
    """What follows from a wrong answer is right as a consequence."""
    slot = next(one for one in template.slots if one.id == FIRST)
    wrong = float(variants.expected(slot)[0]) + 0.5
    assert verdict(answered(page, template, FIRST, decimal_of(wrong))) in ("wrong", "mistake")
    nodes = template.quantities.nodes
    givens = {name: column[:1] for name, column in variants.draw.floats().items()}
    stands = {nodes[name]: np.array([wrong]) for name in ("yhat[1]", "h[1]")}
    value = float(evaluate([nodes["yhat[2]"]], givens, stands)[0][0])
    found = answered(page, template, LATER, decimal_of(value))
    assert verdict(found) == "follows"
    assert "Follows from the answer to" in found.inner_text()
    assert found.locator(".said .tied").inner_text().endswith(".")


def test_formulas(page: Page, template: Template) -> None:
    """A right one, one that is not, and one that cannot be read."""
    slot = next(one for one in template.slots if one.kind == "formula")
    right = expected_formula(template, slot)
    assert verdict(answered(page, template, slot.id, f"{right} + 1")) in ("wrong", "mistake")
    assert verdict(answered(page, template, slot.id, f"({right}")) == "unreadable"
    assert verdict(answered(page, template, slot.id, right)) == "right"


def test_blank_answers_are_passed_over(page: Page) -> None:
    """Checking all marks what is there."""
    page.locator(".check_all").click()
    assert page.locator("[data-verdict]").count() == 0


def test_hints_come_one_by_one(page: Page, template: Template) -> None:
    """Until the answer is told; nothing of it is there before."""
    found = box(page, template, FIRST)
    hint = found.locator("button.hint")
    assert found.locator(".hints li").count() == 0
    for number in range(1, 20):
        hint.click()
        assert found.locator(".hints li").count() == number
        if hint.is_hidden():
            break
    assert hint.is_hidden()
    assert verdict(found) == "passed"


def test_what_the_author_says_of_a_part_is_told_once(page: Page, template: Template) -> None:
    """At the first answer that is helped with; a reload changes nothing."""
    part = next(one for one in template.parts if one.hint)
    first, second = (box(page, template, slot.id) for slot in part.slots[:2])
    second.locator("button.hint").click()
    said = second.locator(".hints li").inner_text()
    first.locator("button.hint").click()
    for _ in range(2):
        assert second.locator(".hints li").all_inner_texts() == [said]
        assert len(first.locator(".hints li").all_inner_texts()) == 1
        assert said not in first.locator(".hints").inner_text()
        page.reload()


def test_a_part_that_is_settled_has_its_solution(page: Page, template: Template) -> None:
    """Answers that are shown count as not right at once."""
    part = page.locator(".part").first
    for show in part.locator("button.show").all():
        assert part.locator("details").is_hidden()
        show.press("Enter")
        assert page.evaluate("document.activeElement.tagName") == "INPUT"
        assert page.evaluate("document.activeElement.readOnly")
    page.locator(".check_all").click()
    part.locator("summary").click()
    part.locator(".derivation").first.wait_for()
    steps = part.locator(".derivation").count()
    for _ in range(2):
        part.locator("summary").click()
    assert part.locator(".derivation:visible").count() == steps
    count = len(template.parts[0].slots)
    assert page.locator(".score").inner_text().endswith(f"0 of {count}")


def test_own_answers_stand_in_the_worked_solution(page: Page, template: Template) -> None:
    """After the line that arrives at what they answer, as text."""
    answered(page, template, FIRST, "99")
    part = page.locator(".part").first
    for show in part.locator("button.show").all():
        show.click()
    part.locator("summary").click()
    part.locator(".own").first.wait_for()
    (own,) = part.locator(".own").all()
    assert own.locator(".written").inner_text() == "99"
    assert page.locator(".score").inner_text().endswith(f"0 of {len(template.parts[0].slots)}")
    before = own.evaluate("one => one.previousElementSibling.className")
    assert "derivation" in before


def test_new_numbers_come_and_the_score_stays(
    page: Page, template: Template, variants: Variants
) -> None:
    """Through all variants and round again; the score survives a reload."""
    slot = next(one for one in template.slots if one.id == FIRST)
    before = page.locator(".givens").inner_text()
    answered(page, template, FIRST, variants.printed(slot, 0))
    page.locator("button.next").click()
    assert page.locator(".givens").inner_text() != before
    assert page.locator("[data-verdict]").count() == 0
    assert verdict(answered(page, template, FIRST, variants.printed(slot, 1))) == "right"
    page.reload()
    page.wait_for_selector(".answer")
    assert page.locator(".score").inner_text().endswith("2 of 2")
    page.locator("button.next").click()
    assert page.locator(".givens").inner_text() == before


def test_another_question_is_chosen(page: Page, template: Template) -> None:
    """From a list, by its title; and other numbers, by their place. It is marked, and stays."""
    assert verdict(answered(page, template, FIRST, "abc")) == "unreadable"
    numbers, before = page.locator("#numbers"), page.locator(".givens").inner_text()
    assert numbers.locator("option").all_inner_texts() == ["1 of 2", "2 of 2"]
    numbers.select_option(index=1)
    assert page.locator(".givens").inner_text() != before
    assert page.evaluate("document.activeElement.id") == "numbers"
    title = page.locator("h1").inner_text()
    page.locator("#question").select_option(index=1)
    chosen = page.locator("h1").inner_text()
    assert chosen != title
    assert page.evaluate("document.activeElement.id") == "question"
    page.locator(".answer input").first.fill("abc")
    page.locator(".check_all").click()
    assert page.locator(".answer").first.get_attribute("data-verdict") == "unreadable"
    for place, stays in ((1, chosen), (0, title)):
        page.locator("#question").select_option(index=place)
        page.reload()
        page.wait_for_selector(".answer")
        assert page.locator("h1").inner_text() == stays
