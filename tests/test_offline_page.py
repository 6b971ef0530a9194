"""The page for practice from a file: opened in a browser from disk, worked through, looked over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from chromium import chromium
from conftest import of_the_bank
from playwright.sync_api import Browser, Frame, Locator, Page
from small_exam import TINY
from test_axe import DESK, PHONE, objections, width

from examgen.diagrams.trail import marked
from examgen.drawing import draw_variants
from examgen.graph import evaluate
from examgen.html.figures import figure
from examgen.paper import variant_sheet
from examgen.solution import expected_formula
from examgen.template import Template, parse_templates
from examgen.variant import Variants
from grader.marking.graphs import Graphs
from grader.practice.marking import Marker
from grader.practice.offline.export import Exported, export_practice
from grader.practice.offline.words import WORDS
from grader.practice.posed import Posed
from grader.practice.values import Feedback, Task

QUESTION = "modified-recurrent-cell"
FIRST, LATER, FORMULA = "yhat_1", "yhat_2", "derive_dL_do_t"


@pytest.fixture(scope="module")
def template() -> Template:
    """The question that most tests practise."""
    return of_the_bank(QUESTION)[0]


@pytest.fixture(scope="module")
def variants(template: Template) -> Variants:
    """The numbers that the page has, as the page draws them."""
    return draw_variants(template, 0, range(2), -1)


@pytest.fixture(scope="module")
def exported(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """A page with two variants of it, and a question of an author's own."""
    path = tmp_path_factory.mktemp("offline") / "practice.html"
    return export_practice([template, *parse_templates(TINY, "tiny.yaml")], path, variants=2)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def tab(browser: Browser) -> tuple[Page, list[str]]:
    """A tab for all tests, and what is asked for or complained of in it."""
    page, heard = browser.new_page(), list[str]()
    page.on("request", lambda sent: heard.append(sent.url))
    page.on("console", lambda line: heard.append(f"{line.type}: {line.text}"))
    page.on("pageerror", lambda error: heard.append(str(error)))
    return page, heard


@pytest.fixture
def page(tab: tuple[Page, list[str]], exported: Exported) -> Iterator[Page]:
    """The page, opened from disk; nothing else is asked for, and nothing is complained of."""
    page, heard = tab
    heard.clear()
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light")
    page.goto(exported.path.as_uri())
    page.wait_for_selector(".answer")
    yield page
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    assert [one for one in heard if not one.startswith(("data:", exported.path.as_uri()))] == []


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


# --- marking -------------------------------------------------------------------------------------


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
    coarse = f"{float(printed) + 6e-5:.5f}"
    assert verdict(answered(page, template, FIRST, coarse)) == "rounded"
    assert printed.replace("-", "\N{MINUS SIGN}") in found.locator(".said").inner_text()


def test_a_known_mistake_has_its_sentence(
    page: Page, template: Template, variants: Variants
) -> None:
    """The page says what the marker in Python says."""
    slot, text, feedback = a_mistake(template, variants)
    found = answered(page, template, slot, text)
    assert verdict(found) == "mistake"
    words = re.sub(r"\$[^$]*\$", "$", feedback.reason).split("$")[0].strip()
    assert len(words) > 5
    assert words in found.locator(".said").inner_text()
    sheet = variant_sheet(variants, 0, "en")
    assert sheet.diagram is not None
    pointed = marked(sheet.diagram, template.quantities, feedback.trail)
    assert pointed != sheet.diagram
    assert page.locator("figure .mark").count() == figure(pointed, "q1-").count('class="mark"')
    answered(page, template, slot, "abc")
    assert page.locator("figure .mark").count() == 0


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


def test_what_cannot_be_read_has_a_caret(page: Page, template: Template) -> None:
    """Under the character where reading ended; what was written stays text."""
    found = answered(page, template, FIRST, "1 1/2 <b>")
    assert verdict(found) == "unreadable"
    assert found.locator(".written").inner_text() == "1 1/2 <b>"
    assert found.locator(".written mark").count() == 1
    assert found.locator("b").count() == 0
    assert page.locator(".score").inner_text().endswith("0 of 0")


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


def decimal_of(value: float) -> str:
    """A number as a student writes it."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


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


# --- hints, answers, the next variant ------------------------------------------------------------


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


def test_a_part_that_is_settled_has_its_solution(page: Page, template: Template) -> None:
    """Answers that are shown count as not right at once."""
    part = page.locator(".part").first
    assert part.locator("details").is_hidden()
    for show in part.locator("button.show").all():
        show.press("Enter")
        assert page.evaluate("document.activeElement.tagName") == "INPUT"
    part.locator("summary").click()
    part.locator(".derivation").first.wait_for()
    assert part.locator(".derivation").count() > 0
    count = len(template.parts[0].slots)
    assert page.locator(".score").inner_text().endswith(f"0 of {count}")


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


def test_another_question_is_chosen(page: Page) -> None:
    """From a list, by its title."""
    title = page.locator("h1").inner_text()
    page.locator("#question").select_option(index=1)
    assert page.locator("h1").inner_text() != title
    assert page.evaluate("document.activeElement.id") == "question"


# --- looks ---------------------------------------------------------------------------------------


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
    browser: Browser, exported: Exported, template: Template, variants: Variants, tmp_path: Path
) -> None:
    """As a learning platform embeds it: without storage, dialogs, forms or an origin."""
    outer = tmp_path / "outer.html"
    source = exported.path.as_uri()
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


def test_without_a_script_it_says_so(browser: Browser, exported: Exported) -> None:
    """In the language of the page."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(exported.path.as_uri())
    assert str(WORDS["en"]["noscript"]) in page.inner_text("body")
    context.close()


def test_a_page_whose_script_is_not_let_run_says_so(
    browser: Browser, exported: Exported, tmp_path: Path
) -> None:
    """As behind a server that allows scripts from files alone: no empty page."""
    strict = '<meta http-equiv="Content-Security-Policy" content="script-src \'self\'">'
    text = exported.path.read_text(encoding="utf-8")
    path = tmp_path / "strict.html"
    path.write_text(text.replace("<head>", f"<head>{strict}", 1), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    assert str(WORDS["en"]["noscript"]) in page.inner_text("main")
    assert page.locator(".answer").count() == 0
    page.close()


def test_a_reload_loses_nothing(page: Page, template: Template, variants: Variants) -> None:
    """Texts, verdicts, hints and the score are there again; nothing is counted twice."""
    slot = next(one for one in template.slots if one.id == FIRST)
    answered(page, template, FIRST, variants.printed(slot, 0))
    answered(page, template, LATER, "99")
    box(page, template, LATER).locator("button.hint").click()
    box(page, template, "dL_dw").locator("input").fill("<b>not checked")
    before = [one.inner_text() for one in page.locator(".answer").all()]
    score = page.locator(".score").inner_text()
    page.reload()
    page.wait_for_selector(".answer")
    assert [one.inner_text() for one in page.locator(".answer").all()] == before
    assert page.locator(".score").inner_text() == score
    assert box(page, template, "dL_dw").locator("input").input_value() == "<b>not checked"
    assert box(page, template, LATER).locator("input").input_value() == "99"


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
    before = own.evaluate("one => one.previousElementSibling.className")
    assert "derivation" in before


# --- what comes again ----------------------------------------------------------------------------

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
        ' ["erase", [[0, ""]]], ["check", [[99, "1"]]], ["check", [[2, "<img src=x>"]]], [null]]}',
    ),
)
"""What somebody else may have left where the page keeps its own."""


def opened_again(page: Page) -> None:
    """As in a new sitting: what a tab keeps is gone."""
    page.evaluate("sessionStorage.clear()")
    page.reload()
    page.wait_for_selector(".answer")


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


def test_a_part_can_be_put_aside(page: Page, template: Template, variants: Variants) -> None:
    """Left untouched it makes way for the question; untouched it stays to be learned."""
    fill(page, template, variants, 0, {FIRST: "99"})
    page.locator("button.next").click()
    assert labels(page) == ["(a)"]
    page.locator("button.next").click()
    assert len(labels(page)) == len(template.parts)
    assert parts(page)[1] == 1


def test_help_is_no_miss_but_comes_again(
    page: Page, template: Template, variants: Variants
) -> None:
    """A part that was right after a hint; the parts that do are named."""
    box(page, template, FIRST).locator("button.hint").click()
    fill(page, template, variants, 0, {})
    assert page.locator(".done").inner_text().endswith("comes again: (a).")
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


# --- by keyboard, and on a phone -----------------------------------------------------------------


def test_a_question_by_keyboard(page: Page, template: Template, variants: Variants) -> None:
    """Enter checks and goes on to what is open; `?` and Alt+H are hints; at the end: the way on."""
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
