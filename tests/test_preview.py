"""`examgen preview`: a page that follows a file, from a server that serves nobody else."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread
from xml.etree import ElementTree

import pytest

from examgen.check.report import check
from examgen.diagrams import diagram
from examgen.errors import ExamgenError, Problem
from examgen.figure import scene
from examgen.figure.svg import svg
from examgen.preview import desk as desk_module
from examgen.preview import serve
from examgen.preview.desk import Desk
from examgen.preview.look import MOST_BYTES, Reading, Source, Wanted, look, reading
from examgen.preview.marked_source import AROUND, marked_source
from examgen.preview.page import view_html
from examgen.preview.serve import server
from examgen.serving.fixed import FACES
from examgen.serving.machine import listener
from examgen.starters import starter, topologies
from examgen.template import parse_template

SMALL = """\
id: small
title: {en: A tiny graph, de: Ein kleiner Graph}
stem: {en: Look at $z$., de: Betrachten Sie $z$.}
choose:
  op: [w*x + b, w*x - b]
graph:
  topology: formulas
  formulas: {z: <op>}
  loss: (z - y)^2
sample:
  x: {from: -5, to: 5, step: 0.5, except: [0]}
  w: {from: -5, to: 5, step: 0.5, except: [0]}
  b: {from: -4, to: 4, step: 1}
  y: {from: -5, to: 5, step: 0.5}
conventions: [Nothing special.]
parts:
  - ask: Compute $z$.
    answers: z
    points: 1
    hint: Begin with {x}.
    feedback: A product and a sum.
  - ask: Give the derivative.
    derive: dL/dw
    points: 1
"""


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """As a page."""
        return self.body.decode()


@dataclass(frozen=True)
class Page:
    """A running server over a file."""

    path: Path
    port: int
    desk: Desk

    def get(self, address: str, method: str = "GET", **headers: str) -> Answer:
        """One request of its own connection."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, address, headers=headers)
            answer = connection.getresponse()
            return Answer(
                answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
            )
        finally:
            connection.close()

    def version(self) -> int:
        """The number of what the file says."""
        return int(self.get("/version").body)


@contextmanager
def served(path: Path) -> Iterator[Page]:
    """A real server in a thread, ended afterwards."""
    desk = Desk(path)
    running = server(desk)
    with listener(0) as heard:
        thread = Thread(target=running.run, kwargs={"sockets": [heard]})
        thread.start()
        try:
            yield Page(path, heard.getsockname()[1], desk)
        finally:
            running.should_exit = True
            thread.join(120)
            assert not thread.is_alive(), "the server does not end"


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    """A server over a small question with two structures."""
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    with served(path) as running:
        yield running


def shown(html: str) -> str:
    """The words of a page, without its markup."""
    words: list[str] = []

    class Words(HTMLParser):
        def handle_data(self, data: str) -> None:
            words.append(data)

    Words().feed(html)
    return " ".join(" ".join(words).split())


# --- what is shown --------------------------------------------------------------------------------


def test_the_page_shows_the_question_and_all_that_its_author_wants_to_see(page: Page) -> None:
    """Stem, givens, conventions, fields, key with tolerance, steps, hint, feedback, figure."""
    answer = page.get("/")
    assert answer.status == 200
    words = shown(answer.text)
    for piece in (
        "A tiny graph",
        "Look at",
        "Nothing special.",
        "Compute",
        "± 0.0001",
        "Hint Begin",
    ):
        assert piece in words
    assert "A product and a sum." in words
    for kind in ("number", "formula"):
        assert answer.text.count(f'<li class="{kind} short">') == 1
    assert "<svg" in answer.text
    assert "<details" in answer.text


def test_a_formula_that_is_asked_is_shown_once() -> None:
    """In the key; what is more than the key says is how it comes about."""
    found = look("small.yaml", reading(Source(SMALL), "small.yaml"), Reading(Source("")), Wanted())
    assert found.question is not None
    numeric, formula = found.question.parts
    assert numeric.worked
    (step,) = formula.worked
    *_, derived = step.formulas
    assert r"\underbrace" in derived
    assert derived.endswith(f"= {formula.key[0].answer}")
    assert [row.tolerance for row in formula.key] == [""]


def test_lines_of_a_working_have_the_numbers_that_they_are_asked_by() -> None:
    """As on paper: 1, 2, 3, without brackets."""
    text = SMALL[: SMALL.index("conventions:")] + (
        "  eta: 0.1\nspot: {lines: 'z, dL/dz, dL/dw', mistake: loss_factor_dropped}\n"
        "guessable: {wrong_line: the same for all}\nparts:\n  - ask: Which line is wrong?\n"
        "    answers: wrong_line, right_value\n    points: 2\n"
    )
    now = reading(Source(text), "small.yaml")
    assert not now.problems
    html = view_html(1, look("small.yaml", now, now, Wanted()), Wanted())
    working = html[html.index('<div class="working">') :]
    numbers = re.findall(
        r'<li><span class="count">(\d)</span> <span class="set"[^>]*><math', working
    )
    assert numbers == ["1", "2", "3"]


def test_variant_structure_and_language_are_those_asked_for(page: Page) -> None:
    """What is out of range is led back into it, and another variant is one further."""
    first, second = (page.get(f"/view?variant={n}").text for n in (0, 1))
    assert first != second
    german = page.get("/view?structure=1&language=de&variant=2").text
    assert "Ein kleiner Graph" in german
    assert "Andere Variante" in german
    assert 'href="/?variant=3&amp;structure=1&amp;language=de"' in german
    assert '<option value="1" selected>2. op: w*x - b</option>' in german
    assert "2. op" in page.get("/view?structure=99").text
    assert page.get("/view?variant=999999999999999999").status == 200


@pytest.mark.parametrize(
    "query",
    ["variant=-1", "variant=x", "variant=", "structure=1.5", "language=fr", "variant=" + "9" * 30],
)
def test_an_address_that_makes_no_sense_gets_a_sentence(page: Page, query: str) -> None:
    """And no page."""
    answer = page.get(f"/view?{query}")
    assert answer.status == 400
    assert ": expected " in answer.text
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("topology", topologies())
def test_figures_stand_in_the_page(topology: str) -> None:
    """Each topology's figure is well-formed, complete in itself, and says what it shows."""
    drawn = scene(diagram(parse_template(starter("q", topology), "q").quantities), 480.0)
    root = ElementTree.fromstring(svg(drawn))
    assert root.get("role") == "img"
    assert "".join(root[0].itertext())
    assert len(list(root.iter("{http://www.w3.org/2000/svg}polygon"))) == len(
        [arrow for arrow in drawn.arrows if arrow.head]
    )


def test_what_an_author_writes_is_never_markup(page: Page) -> None:
    """Nor is what is wrong with it, nor the name of the file."""
    evil = "<script>alert(1)</script>"
    text = SMALL.replace("Look at $z$.", f"'{evil}'").replace("Nothing special.", f"'{evil} & <b>'")
    page.path.write_text(text, encoding="utf-8")
    html = page.get("/view").text
    assert evil not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;" in html
    page.path.write_text(
        text.replace("topology: formulas", f"topology: '{evil}'"), encoding="utf-8"
    )
    html = page.get("/view").text
    assert 'class="problems"' in html
    assert evil not in html


# --- what is wrong --------------------------------------------------------------------------------


def test_problems_stand_beside_their_lines_and_the_last_good_question_below(page: Page) -> None:
    """Until the file is whole again."""
    assert "faulty" in page.get("/view").text.partition("<main")[2][:60]
    faulty = SMALL.replace("from: -4", "from: 40").replace("answers: z", "answers: zz")
    page.path.write_text(faulty, encoding="utf-8")
    html = page.get("/view").text
    lines = re.findall(r'<li value="(\d+)" class="faulty[^"]*">(.*?)</li>', html, re.DOTALL)
    assert [int(number) for number, _ in lines] == [13]
    assert "to lies below from" in lines[0][1]
    assert "Below is the question as it was last whole." in html
    assert "A tiny graph" in html
    assert '<article class="stale">' in html
    page.path.write_text(SMALL, encoding="utf-8")
    assert 'class="problems"' not in page.get("/view").text


def test_a_file_that_never_was_whole_shows_what_is_wrong(tmp_path: Path) -> None:
    """And says where its question will stand."""
    path = tmp_path / "small.yaml"
    path.write_text("id: [")
    with served(path) as page:
        html = page.get("/").text
        assert "Once the file is whole" in html
        assert "<article" not in html
        assert 'data-faulty="1"' in html
        assert "checked once it is whole" in page.get("/check").text


def test_a_file_that_cannot_be_drawn_says_which_condition_fails(page: Page) -> None:
    """The problem has no line, and stands above all."""
    page.path.write_text(SMALL + "require: [x > 5]\n", encoding="utf-8")
    html = page.get("/view").text
    assert 'class="problems"' in html
    assert "x &gt; 5" in html


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe\x00\xd8 no text", "UTF-16"),
        (bytes(range(256)), "UTF-8"),
        (b"x" * (MOST_BYTES + 1), "larger than 256 KiB"),
        (b"", "the file is empty"),
        (b"\n" * 5000 + b"id: x: y", "5001"),
    ],
)
def test_files_that_are_no_questions_get_a_sentence(
    page: Page, content: bytes, message: str
) -> None:
    """Binary, huge, empty: the page stays."""
    page.get("/")
    page.path.write_bytes(content)
    answer = page.get("/view")
    assert answer.status == 200
    assert message in answer.text
    assert "A tiny graph" in answer.text


def test_a_folder_or_a_pipe_in_the_files_place_is_not_opened(page: Page) -> None:
    """A pipe would keep the server waiting for ever."""
    page.path.unlink()
    page.path.mkdir()
    assert "this is no file" in page.get("/view").text
    page.path.rmdir()
    os.mkfifo(page.path)
    assert "this is no file" in page.get("/view").text


def test_marked_lines_have_others_around_them_and_gaps_between() -> None:
    """Lines are counted as YAML counts them; problems without a line are told first."""
    text = "\n".join(f"line {n}\x0b" for n in range(1, 41))
    problems = [
        Problem("one", line=10),
        Problem("two", line=10),
        Problem("far", line=30),
        Problem("no"),
    ]
    marked = marked_source(text, [*problems, Problem("beyond", line=99)])
    assert marked.general == ("no", "beyond")
    numbers = [line.number for line in marked.lines]
    assert numbers == [*range(10 - AROUND, 11 + AROUND), *range(30 - AROUND, 31 + AROUND)]
    assert {line.number: line.messages for line in marked.lines if line.messages} == {
        10: ("one", "two"),
        30: ("far",),
    }
    assert [line.number for line in marked.lines if line.gap] == [10 - AROUND, 30 - AROUND]


# --- saves ----------------------------------------------------------------------------------------


def test_every_save_is_a_new_version_however_it_is_made(page: Page) -> None:
    """Written in place, renamed into place, deleted and back; the same text again is no save."""
    first = page.version()
    page.path.write_text(SMALL.replace("tiny", "small"), encoding="utf-8")
    assert page.version() == first + 1
    other = page.path.with_name(".small.yaml.swp")
    other.write_text(SMALL.replace("tiny", "short"), encoding="utf-8")
    other.replace(page.path)
    assert page.version() == first + 2
    assert "A short graph" in page.get("/view").text
    page.path.touch()
    assert page.version() == first + 2
    page.path.unlink()
    assert page.version() == first + 3
    assert "there is no such file" in page.get("/view").text
    assert "A short graph" in page.get("/view").text
    page.path.write_text(SMALL, encoding="utf-8")
    assert page.version() == first + 4
    assert "A tiny graph" in page.get("/view").text


def test_a_file_that_an_editor_empties_first_is_seen_whole(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version is what stands still for a moment."""
    states = iter(["", SMALL[:100], SMALL.replace("tiny", "new")])
    last = SMALL.replace("tiny", "new")
    page.version()
    monkeypatch.setattr(desk_module, "source", lambda _: Source(next(states, last)))
    assert page.version() == 2
    assert "A new graph" in page.get("/view").text


def test_what_was_drawn_of_an_earlier_save_is_dropped(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asked for it gets the newer one."""
    drawing, saved = Event(), Event()

    def slow(*args: object) -> object:
        drawing.set()
        assert saved.wait(120)
        return look(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(desk_module, "look", slow)
    answers: list[Answer] = []
    thread = Thread(target=lambda: answers.append(page.get("/view")))
    thread.start()
    assert drawing.wait(120)
    page.path.write_text(SMALL.replace("tiny", "late"), encoding="utf-8")
    assert page.version() == 2
    saved.set()
    thread.join(120)
    assert "A late graph" in answers[0].text
    assert 'data-version="2"' in answers[0].text


def test_a_long_check_keeps_nobody_waiting_and_is_made_once(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page answers meanwhile; a second question gets the same answer."""
    checking, free = Event(), Event()
    calls: list[object] = []

    def slow(*args: object) -> object:
        calls.append(args)
        checking.set()
        assert free.wait(120)
        return check(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(desk_module, "check", slow)
    answers: list[Answer] = []
    thread = Thread(target=lambda: answers.append(page.get("/check?language=de")))
    thread.start()
    assert checking.wait(120)
    assert page.get("/view").status == 200
    free.set()
    thread.join(120)
    assert "Schnellprüfung" in answers[0].text
    assert "gradients" in answers[0].text
    assert "Quick check" in page.get("/check").text
    assert len(calls) == 1


def test_the_server_ends_in_the_middle_of_a_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits for it is told."""
    path, checking, never = tmp_path / "small.yaml", Event(), Event()
    path.write_text(SMALL, encoding="utf-8")

    def endless(*_: object) -> None:
        checking.set()
        never.wait(120)

    monkeypatch.setattr(desk_module, "check", endless)
    answers: list[Answer] = []
    with served(path) as page:
        thread = Thread(target=lambda: answers.append(page.get("/check")))
        thread.start()
        assert checking.wait(120)
    thread.join(120)
    never.set()
    assert [(answer.status, answer.text) for answer in answers] == [(503, "the server has ended")]


# --- fences ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["/", "/view", "/version", "/preview.js", "/nothing", "/view?variant=x"]
)
def test_every_answer_keeps_other_sites_out(page: Page, address: str) -> None:
    """No other origin reads it, no frame shows it, nothing runs in it but the page's own."""
    headers = page.get(address, Origin="http://evil.example").headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    cells = "style-src-attr 'unsafe-inline'"  # of tables in MathML
    assert "unsafe" not in policy.replace(cells, "")
    assert "frame-ancestors 'none'" in policy
    assert not [name for name in headers if name.startswith("access-control-")]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_other_names_of_the_host_are_refused(page: Page, host: str) -> None:
    """A name that somebody else has made point here (DNS rebinding) gets nothing."""
    answer = page.get("/", Host=host)
    assert answer.status == 400
    assert "A tiny graph" not in answer.text
    assert page.get("/", Host=f"localhost:{page.port}").status == 200


def test_the_page_has_no_script_style_or_handler_inside(page: Page) -> None:
    """Its policy would not let them run."""
    html = page.get("/").text + page.get("/check").text
    html = html.replace(' xmlns="http://www.w3.org/2000/svg"', "")  # a name, fetched by nobody
    assert re.findall(r"<script[^>]*>", html) == ['<script src="/preview.js" defer>']
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|https?://", html)


@pytest.mark.parametrize(
    "address",
    ["/small.yaml", "/../pyproject.toml", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/static/"],
)
def test_no_address_is_a_file_name(page: Page, address: str) -> None:
    """There are a dozen addresses, and no others."""
    assert page.get(address).status == 404


def test_fonts_script_and_style_are_there_and_nothing_can_be_sent(page: Page) -> None:
    """Every face that the style sheet names; only reading is allowed."""
    for face in FACES:
        assert page.get(f"/{face}.ttf").headers["content-type"] == "font/ttf"
    assert "text/javascript" in page.get("/preview.js").headers["content-type"]
    style = page.get("/preview.css").text
    assert set(re.findall(r'url\("/([^"]+)\.ttf"\)', style)) == set(FACES)
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert page.get("/view", method).status == 405


def test_an_endless_request_is_refused(page: Page) -> None:
    """Addresses and headers have a bound."""
    try:
        status = page.get("/view?x=" + "a" * 300_000).status
    except ConnectionError:  # it hangs up before all of it is sent
        status = 400
    assert status == 400
    assert page.get("/view").status == 200


# --- the command ----------------------------------------------------------------------------------


def test_it_listens_on_this_machine_only_and_tells_of_a_port_in_use() -> None:
    """In one sentence."""
    with listener(0) as heard:
        address, port = heard.getsockname()
        assert address == "127.0.0.1"
        with pytest.raises(ExamgenError, match=f"port {port} cannot be used"):
            listener(port)


def test_a_file_that_is_not_there_is_told_before_anything_is_served(tmp_path: Path) -> None:
    """No page would ever show it."""
    with pytest.raises(ExamgenError, match="this is a folder; expected a template file"):
        serve(tmp_path)
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    with pytest.raises(ExamgenError, match=r"this is a folder; expected a file in it: small.yaml"):
        serve(tmp_path)
    with pytest.raises(ExamgenError, match="there is no such file"):
        serve(tmp_path / "none.yaml", browse=False)


def test_what_is_sent_does_not_wait_for_more() -> None:
    """A socket that says it is TCP has Nagle's algorithm turned off by asyncio."""
    with listener(0) as heard:
        assert heard.proto == socket.IPPROTO_TCP


def test_the_command_prints_its_address_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    """Without a traceback, in the middle of whatever it does."""
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    command = [sys.executable, "-c", "from examgen.cli import main; main()", "preview", str(path)]
    process = subprocess.Popen(
        [*command, "--no-open"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
    assert found, line
    connection = HTTPConnection("127.0.0.1", int(found[1]), timeout=120)
    connection.request("GET", "/view")
    assert "A tiny graph" in connection.getresponse().read().decode()
    connection.close()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out, err) == (0, "", "")
