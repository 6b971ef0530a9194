"""Practice in a browser, request by request: what it shows, and keeps to itself."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from fake_desk import EVIL, FakeDesk
from served_practice import (
    KEYS,
    QUESTION,
    Visit,
    begun,
    coming_in,  # noqa: F401 - the fixture `visit`
    one_server,  # noqa: F401 - the fixture `running`
    served,
    small_desk,  # noqa: F401 - the fixture `desk`
    words,
)

from examgen.errors import ExamgenError
from examgen.serving.machine import listener
from grader.practice.values import Feedback, Progress
from grader.practice.web import words as words_module
from grader.practice.web.charts import DAYS, ahead_chart, day_text, days_chart
from grader.practice.web.pages import SIGNS, TONES, Pages, Shown, cut_at
from grader.practice.web.serve import serve
from grader.practice.words import VERDICTS

# --- a round --------------------------------------------------------------------------------------


def test_the_first_page_leads_to_a_round(visit: Visit) -> None:
    """One press of a button; a second one leads to the same round."""
    home = visit.ask("/").text
    assert "Today: 0 of 20 rounds" in home
    assert 'action="/next"' in home
    assert [begun(visit), begun(visit)] == ["/round/1", "/round/1"]
    page = visit.ask("/round/1").text
    assert "<svg" in page
    assert "Trains: chain rule through one path" in page
    assert page.count("data-draft=") == 1


def test_answers_lead_to_the_next_field_until_the_round_has_ended(
    visit: Visit, desk: FakeDesk
) -> None:
    """Then to the way on; the steps stand there, as something was missed."""
    address = begun(visit)
    count = len(desk.view(1).slots)
    first = visit.send(f"{address}/answer", **{"answer-1": "0"})
    assert first.to == "/round/1?did=answer-1#answer-1"
    page = visit.follow(first)
    assert "Not right" in words(page)
    assert "Look at the sign." in words(page)
    assert "Expected" not in page
    for place in range(1, count):
        sent = visit.send(f"{address}/answer", **{f"answer-{place}": "right"})
        assert sent.to == f"/round/1?did=answer-{place}#answer-{place + 1}"
    last = visit.send(f"{address}/answer", **{f"answer-{count}": "right"})
    assert last.to.endswith("#next")
    page = visit.follow(last)
    assert "data-draft" not in page
    assert 'id="next"' in page
    assert "Worked solution" in page
    assert "missed: chain rule through one path" in words(page)
    assert begun(visit) == "/round/2"


@pytest.mark.parametrize(
    ("response", "said"),
    [
        ("rounded", "✓ Right, but rounded differently"),
        ("follows", "→ Consistent with an earlier slip It follows from your answer to"),
        ("mistake", "✗ A known mistake The factor"),
        ("1,2,3", "? Cannot be read: two commas: a list, or a number?"),
        ("right", "✓ Right"),
        ("17.5", "✗ Not right"),
    ],
)
def test_every_verdict_has_a_sign_a_word_and_a_sentence(
    response: str, said: str, visit: Visit
) -> None:
    """And the title of the page tells it first."""
    page = visit.follow(visit.send(f"{begun(visit)}/answer", **{"answer-1": response}))
    assert said in words(page)
    title = re.search("<title>(.*?) – ", page)
    assert title
    assert said[2:].startswith(title[1])


def test_the_place_where_reading_ended_is_marked_and_told(visit: Visit) -> None:
    """The response stands in the field again, to be mended there."""
    page = visit.follow(visit.send(f"{begun(visit)}/answer", **{"answer-1": "1,2,3"}))
    assert '<span>1,2</span><span class="here">,</span><span>3</span>' in page
    assert "Reading ended at character 4." in page
    assert 'value="1,2,3"' in page
    assert 'aria-describedby="said-1"' in page


@pytest.mark.parametrize(
    ("column", "pieces"),
    [(1, ("", "a", "bc")), (3, ("ab", "c", "")), (4, ("abc", "", "")), (99, ("abc", "", ""))],
)
def test_a_column_may_lie_anywhere(column: int, pieces: tuple[str, str, str]) -> None:
    """At the end, and beyond it."""
    assert cut_at("abc", column) == pieces


def test_a_named_mistake_is_shown_in_the_figure(visit: Visit) -> None:
    """And the page says so."""
    address = begun(visit)
    plain = visit.ask(address).text
    page = visit.follow(visit.send(f"{address}/answer", **{"answer-1": "mistake"}))
    assert "The path of the mistake is marked in the figure." in page
    assert "The path" not in plain
    figure = re.compile(r"<figure.*?</figure>", re.DOTALL)
    assert figure.findall(page) != figure.findall(plain)


def test_hints_come_one_by_one_and_a_form_sent_twice_shows_one(
    visit: Visit, desk: FakeDesk
) -> None:
    """The last one settles the answer; the focus stays at it before."""
    address = begun(visit)
    for _ in range(2):
        sent = visit.send(f"{address}/hint", slot="1", shown="0")
        assert sent.to == "/round/1?did=hint-1#answer-1"
    assert sum(call.startswith("hint") for call in desk.calls) == 1
    page = visit.follow(sent)
    assert page.count("<li><p>The chain rule") == 1
    assert page.count('class="aid hint"') == 1
    visit.send(f"{address}/hint", slot="1", shown="1")
    sent = visit.send(f"{address}/hint", slot="1", shown="2")
    assert sent.to.endswith("#answer-2")
    assert '<details class="folded" open><summary>Hints (3)</summary>' in visit.follow(sent)
    assert '<details class="folded"><summary>Hints (3)</summary>' in visit.ask(address).text


def test_all_answers_at_once_are_marked_in_one_go(visit: Visit, desk: FakeDesk) -> None:
    """Blank ones are left out, and the page stays with all fields."""
    address = begun(visit)
    count = len(desk.view(1).slots)
    page = visit.ask(f"{address}?whole=1").text
    assert page.count("data-draft=") == count
    assert page.count('class="aid hint"') == 1  # hints to later answers would tell earlier ones
    sent = visit.send(
        f"{address}/answer", **{"answer-1": "right", "answer-2": "0", "answer-3": " "}
    )
    assert sent.to == "/round/1?did=answer-0#answer-2"
    assert len(desk.calls) == 2
    page = visit.ask(sent.to.replace("?", "?whole=1&").partition("#")[0]).text
    assert f"1 of {count} answers are done." in words(page)
    assert page.count("data-draft=") == count - 1
    everything = {f"answer-{k}": "right" for k in range(1, count + 1)}
    sent = visit.send(f"{address}/answer", **everything)
    assert sent.to.endswith("#next")
    assert "answers are done" not in visit.follow(sent)


def test_all_at_once_stays_as_it_was_chosen_last(visit: Visit) -> None:
    """In this browser, and whatever the address of the next round says; other words mean no."""
    address = begun(visit)
    single = visit.ask(address).text.count("data-draft=")
    assert "set-cookie" not in visit.ask(address).headers
    for chosen, whole in (("1", True), ("0", False), ("<x>", False)):
        said = visit.ask(f"{address}?whole={chosen}").headers["set-cookie"]
        assert "HttpOnly" in said
        assert "SameSite=strict" in said
        cookie = f"{visit.cookie}; {said.partition(';')[0]}"
        page = visit.ask(address, Cookie=cookie).text
        assert (page.count("data-draft=") > single) == whole


def test_all_at_once_may_be_what_the_program_was_started_with(desk: FakeDesk) -> None:
    """A student's own choice goes before that."""
    with served(desk, whole=True) as visit:
        address = begun(visit.enter())
        assert visit.ask(address).text.count("data-draft=") == len(desk.view(1).slots)
        visit.cookie += "; " + visit.ask(f"{address}?whole=0").headers["set-cookie"].split(";")[0]
        assert visit.ask(address).text.count("data-draft=") == 1


def test_what_comes_too_late_changes_nothing_and_is_told(visit: Visit, desk: FakeDesk) -> None:
    """Blank answers, a form of another tab, a round that has ended."""
    address = begun(visit)
    assert "note=blank" in visit.send(f"{address}/answer", **{"answer-1": "  "}).to
    visit.send(f"{address}/answer", **{"answer-1": "right"})
    calls = list(desk.calls)
    for path in ("answer", "hint", "leave"):
        late = visit.send(f"{address}/{path}", slot="1", shown="0", **{"answer-1": "0"})
        assert late.to == "/round/1?note=settled#answer-2"
    assert "done already" in visit.follow(late)
    visit.send(f"{address}/answer", **{"answer-2": "0"})
    visit.send(f"{address}/answer", **{"answer-2": "0"})
    assert len(desk.view(1).slots[1].attempts) == 1
    assert visit.send(f"{address}/skip").to == "/round/2"
    calls = list(desk.calls)
    for path in ("answer", "hint", "leave", "skip"):
        late = visit.send(f"{address}/{path}", slot="2", shown="0", **{"answer-2": "0"})
        assert late.to == "/round/1?note=ended#next"
    assert "had ended already" in visit.follow(late)
    assert desk.calls == calls


def test_an_answer_that_no_round_took_is_not_said_to_be_marked(
    visit: Visit, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be as good as a blank, or the round was skipped elsewhere in the meantime."""
    address = begun(visit)
    monkeypatch.setattr(desk, "answer", lambda number, _: desk.view(number))
    assert visit.send(f"{address}/answer", **{"answer-1": "0"}).to == "/round/1?note=blank#answer-1"
    over = replace(desk.view(1), current=None)
    monkeypatch.setattr(desk, "answer", lambda *_: over)
    assert visit.send(f"{address}/answer", **{"answer-1": "0"}).to == "/round/1?note=ended#next"


def test_an_answer_may_be_left(visit: Visit) -> None:
    """What was expected stands there then."""
    sent = visit.send(f"{begun(visit)}/leave", slot="1")
    assert sent.to == "/round/1?did=leave-1#answer-2"
    assert "Expected" in visit.follow(sent)


def test_the_day_has_a_limit_that_can_be_passed(visit: Visit, desk: FakeDesk) -> None:
    """By a second button."""
    desk.limit = 0
    sent = visit.send("/next")
    assert sent.to == "/?rest=limit"
    page = visit.follow(sent)
    assert "That was all for today." in page
    assert 'name="ahead"' in page
    assert visit.send("/next", ahead="1").to == "/round/1"
    assert visit.send("/next", ahead="1").to == "/round/1"


def test_progress_is_told_in_words_as_well_as_in_pictures(visit: Visit) -> None:
    """Before the first round, it says so."""
    page = visit.ask("/progress").text
    assert "Skills appear here" in page
    assert "No rounds yet." in page
    begun(visit)
    page = visit.ask("/progress").text
    for piece in (
        "mastered",
        "93 %",
        "61 %",
        "now",
        "12 (2 missed)",
        "nothing missed: 11 something missed: 8",
        "7 ×",
        "Not begun: LSTM cell",
    ):
        assert piece in words(page).replace("\N{NO-BREAK SPACE}", " ")
    assert "20 %" not in words(page).replace("\N{NO-BREAK SPACE}", " ")
    assert page.count('role="img"') == 2
    assert "<script>" not in page


def test_all_that_is_kept_can_be_downloaded(visit: Visit) -> None:
    """As a file, from the page of progress."""
    assert 'href="/export"' in visit.ask("/progress").text
    answer = visit.ask("/export")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    assert json.loads(answer.text) == {"rounds": []}


def test_a_question_that_was_skipped_is_not_called_right(visit: Visit, desk: FakeDesk) -> None:
    """When somebody comes back to it; what was rounded differently is told once."""
    address = begun(visit)
    assert f'href="{address}?whole=1#answer-1"' in visit.ask(address).text
    visit.send(f"{address}/answer", **{"answer-1": "rounded"})
    assert visit.send(f"{address}/skip").to == "/round/2"
    page = words(visit.ask(address).text)
    assert "ended before all of it was answered" in page
    assert "Everything right" not in page
    assert "Expected" not in page


def test_the_day_of_the_exam_is_kept(visit: Visit, desk: FakeDesk) -> None:
    """And can be taken back; what is no day is refused."""
    assert visit.send("/settings", exam="2027-07-01").to == "/progress"
    assert desk.exam == date(2027, 7, 1)
    begun(visit)
    assert "Exam on 1 Jul 2027" in visit.ask("/").text + visit.ask("/progress").text
    for wrong in ("2027-13-01", "tomorrow", "20270701", "2027-W01-1"):
        assert visit.send("/settings", exam=wrong).status == 400
    visit.send("/settings", exam="")
    assert desk.exam is None


def test_all_of_it_is_there_in_german() -> None:
    """No word of the pages is left in English."""
    with served(FakeDesk((QUESTION,), "de")) as visit:
        visit.enter()
        address = begun(visit)
        page = visit.follow(visit.send(f"{address}/answer", **{"answer-1": "0"}))
        assert '<html lang="de">' in page
        for piece in ("Nicht richtig", "Prüfen", "Hinweis", "überspringen"):
            assert piece in page
        assert "Fortschritt" in visit.ask("/progress").text
        assert "ergibt hier keinen Sinn" in visit.send(f"{address}/hint", slot="x").text
    english, german = (words_module.WEB_WORDS[one] for one in ("en", "de"))
    assert set(english.errors) == set(german.errors)
    assert set(english.notes) == set(german.notes)


def test_every_verdict_has_its_sign_tone_and_word() -> None:
    """In both languages."""
    for words_of_one in VERDICTS.values():
        assert set(words_of_one) == set(SIGNS) == set(TONES)


# --- what is kept ---------------------------------------------------------------------------------


def test_no_answer_is_told_before_its_time(visit: Visit, desk: FakeDesk) -> None:
    """Nor a seed, a path, or the other secrets."""
    address = begun(visit)
    played = desk.rounds[0]
    page = visit.ask(address).text
    for slot in desk.view(1).slots:
        expected = played.expected(slot.slot.id)
        if len(expected.strip("-")) > 3:  # a short number stands somewhere in every page
            assert expected not in words(page)
    for piece in ("seed", "/home", "/work", "yaml", KEYS.start, KEYS.session):
        assert piece not in page


@pytest.mark.parametrize(
    "response", [EVIL, "</bdi>{{7*7}}$x$", "=cmd()", "\x00\x1b[31m", "😀" * 20]
)
def test_what_a_student_writes_stands_for_itself(response: str, visit: Visit) -> None:
    """It is never markup, never prose, and turns no letters around."""
    page = visit.follow(visit.send(f"{begun(visit)}/answer", **{"answer-1": response}))
    assert "<script>" not in page
    assert "</bdi>{{" not in page
    assert "49" not in words(page).partition("Before")[0].partition("Not right")[0][-30:]
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert "Not right" in page


# --- pieces ---------------------------------------------------------------------------------------


def test_charts_have_a_column_for_every_day() -> None:
    """Days without any are empty; long ago is left out."""
    days = ((date(2027, 1, 1), 9, 9), (date(2027, 3, 1), 1, 0), (date(2027, 3, 4), 4, 3))
    chart = days_chart(days, "en")
    assert len(chart.columns) == DAYS
    assert (chart.total, chart.clean, chart.days, chart.most) == (5, 3, 2, 4)
    assert (chart.columns[-1].low, chart.columns[-1].high) == (45.0, 15.0)
    assert len(ahead_chart(((date(2027, 3, 1), 1), (date(2029, 1, 1), 2)), "de").columns) == DAYS
    assert days_chart((), "en") == ahead_chart((), "en")
    assert day_text(date(2027, 3, 1), "de") == "1. März 2027"


def test_text_that_stands_for_itself_is_no_prose(desk: FakeDesk) -> None:
    """Dollars in a note are dollars; an invalid column does not break the page."""
    view = desk.answer(desk.start().id, {desk.view(1).slots[0].slot.id: "1,2,3"})  # type: ignore[union-attr]
    slot = view.slots[0]
    said = Feedback(slot.slot.id, "unreadable", note="found $x$ and <b>", column=0)
    odd = replace(slot, attempts=(replace(slot.attempts[0], feedback=said, response=""),))
    page = Pages("en", "t").round(replace(view, slots=(odd, *view.slots[1:])), Shown())
    assert "found $x$ and &lt;b&gt;" in page


def test_a_page_of_progress_needs_nothing(desk: FakeDesk) -> None:
    """A limit of none is no division by it."""
    page = Pages("en", "t").home(Progress((), (), (), (), 0, 0))
    assert "Today: 0 of 0 rounds" in page
    assert "<h1>Practice</h1>" in page


def test_a_set_is_called_by_its_title() -> None:
    """Which is text, and no markup."""
    page = Pages("en", "t", "Weeks <3> to 5").home(Progress((), (), (), (), 0, 15))
    assert "<h1>Weeks &lt;3&gt; to 5</h1>" in page


def test_a_rest_does_not_contradict_the_page_of_progress() -> None:
    """Where something is due today it is not said that nothing is; else the next day is told."""
    first, second = date(2027, 3, 1), date(2027, 3, 4)
    for today, said in ((1, "after a pause"), (0, "Nothing is due at the moment. The next skill")):
        found = Progress((), (), ((first, today), (second, 2)), (), 3, 15)
        page = Pages("en", "t").home(found, "done")
        assert said in page
        assert ("4 Mar 2027" in page) == (today == 0)
    assert "after a pause" not in Pages("en", "t").home(found, "limit")


def test_the_address_that_is_told_lets_in(monkeypatch: pytest.MonkeyPatch, desk: FakeDesk) -> None:
    """It has a secret of its own; a port in use is told in a sentence."""
    told: list[str] = []
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: None)
    serve(desk, tell=told.append, browse=False)
    serve(desk, tell=told.append, browse=False)
    keys = {re.fullmatch(r"http://127\.0\.0\.1:\d+/\?key=([\w-]{32})", one)[1] for one in told}  # type: ignore[index]
    assert len(keys) == 2
    with listener(0) as heard, pytest.raises(ExamgenError, match="cannot be used"):
        serve(desk, heard.getsockname()[1])
