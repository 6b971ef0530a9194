"""Practice as students meet it: the first prompt, a question and a check in the browser, the file.

Programs are run as they are, over a new folder for progress; rounds are played with wrong and with
left answers, so that most of them name no mistake and all of them look for one.
"""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from examgen.bank import bank_ids, find_templates
from grader.practice.offline.export import export_practice

PROGRAM = [sys.executable, "-c", "from examgen.cli import main; main()", "practice"]
ROUNDS = 30
_FIELD = re.compile(r'name="(answer-\d+)"')


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        _starts(Path(folder))
        _server(Path(folder) / "web.sqlite3")
        if chromium := shutil.which("chromium"):
            _browser(Path(folder) / "seen.sqlite3", chromium)
        _files(Path(folder))


# --- the terminal --------------------------------------------------------------------------------


def _starts(folder: Path) -> None:
    data = folder / "terminal.sqlite3"
    first = [_prompt(folder / f"{run}.sqlite3") for run in range(5)]
    again = [_prompt(data) for _ in range(6)][1:]
    chosen = [_prompt(folder / f"q{run}.sqlite3", "mlp-2-2-2") for run in range(5)]
    for what, seconds in (
        ("the first time", first),
        ("with a round left open", again),
        ("with a question named", chosen),
    ):
        print(f"first prompt {what}: {statistics.median(seconds):.2f} s (bar: 0.8 s)")


def _prompt(data: Path, *topics: str) -> float:
    """Seconds until the terminal asks."""
    start = time.perf_counter()
    pid, terminal = pty.fork()
    if not pid:
        os.execv(PROGRAM[0], [*PROGRAM, *topics, "--data", str(data)])
    shown = b""
    while not shown.rstrip(b" ").endswith(b"="):
        select.select([terminal], [], [])
        shown += os.read(terminal, 65536)
    seconds = time.perf_counter() - start
    os.write(terminal, b"quit\n")
    while True:
        try:
            if not os.read(terminal, 65536):
                break
        except OSError:  # the other end is closed
            break
    os.waitpid(pid, 0)
    os.close(terminal)
    return seconds


# --- the server ----------------------------------------------------------------------------------


@contextmanager
def _running(data: Path, *topics: str) -> Iterator[str]:
    """The address of a server."""
    command = [*PROGRAM, *topics, "--web", "--no-open", "--rounds", "200", "--data", str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http\S+", process.stdout.readline())
        assert found, "no address was told"
        try:
            yield found[0]
        finally:
            process.terminate()


class _Student:
    """Who sends forms and follows where they lead."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._host = parts.netloc
        self._connection = HTTPConnection(parts.netloc)
        self._cookie = ""
        self._token = ""
        answer = self._ask("GET", f"{parts.path}?{parts.query}")
        self._cookie = (answer[1].get("set-cookie") or "").partition(";")[0]
        self.page = self.get("/")

    def _ask(self, method: str, path: str, body: str = "") -> tuple[str, dict[str, str]]:
        headers = {"Cookie": self._cookie, "Origin": f"http://{self._host}"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body or None, headers)
        found = self._connection.getresponse()
        text = found.read().decode()
        return text, {name.lower(): value for name, value in found.getheaders()}

    def get(self, path: str) -> str:
        """A page."""
        text, _ = self._ask("GET", path)
        if token := re.search(r'name="token" value="([^"]+)"', text):
            self._token = token[1]
        return text

    def send(self, path: str, **fields: str) -> tuple[float, str]:
        """Seconds of a form with the page that it leads to, and that page."""
        start = time.perf_counter()
        _, headers = self._ask("POST", path, urlencode({"token": self._token, **fields}))
        page = self.get(headers["location"].partition("#")[0])
        return time.perf_counter() - start, page


def _server(data: Path) -> None:
    questions: list[float] = []
    checks: list[float] = []
    with _running(data) as address:
        student = _Student(address)
        for number in range(ROUNDS):
            seconds, page = student.send("/next", ahead="1")
            questions.append(seconds)
            time.sleep(1.5)  # a student reads; the next question is drawn meanwhile
            while field := _FIELD.search(page):
                path = _round(page)
                seconds, page = student.send(f"{path}/answer", **{field[1]: f"0.{number + 11}"})
                checks.append(seconds)
                place = field[1].removeprefix("answer-")
                _, page = student.send(f"{path}/leave", slot=place, shown="0")
    _told("a question in the browser, form and page", questions, 50)
    _told("a check in the browser, form and page", checks, 30)


def _round(page: str) -> str:
    found = re.search(r'action="(/round/\d+)/answer"', page)
    assert found, "no round is open"
    return found[1]


def _told(what: str, seconds: list[float], bar: int) -> None:
    ordered = sorted(1000 * one for one in seconds)
    late = ordered[int(0.95 * len(ordered))]
    print(
        f"{what}: median {statistics.median(ordered):.0f} ms, 95 % within {late:.0f} ms, "
        f"the slowest of {len(ordered)} {ordered[-1]:.0f} ms (bar: {bar} ms)"
    )


# --- a browser -----------------------------------------------------------------------------------


def _browser(data: Path, chromium: str) -> None:
    """From the press of a button to the first paint of the page that it leads to."""
    from playwright.sync_api import sync_playwright

    seconds = []
    with _running(data) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(address)
        for _ in range(ROUNDS // 2):
            page.locator('form[action="/next"] button').first.click()
            page.wait_for_selector('input[name^="answer-"]')
            seconds.append(_painted(page.evaluate))
            time.sleep(1.5)  # a student reads; the next question is drawn meanwhile
            while (leave := page.locator("button.leave")).count():
                with page.expect_navigation():
                    leave.first.click()
        browser.close()
    _told("from the button to a visible question", seconds, 150)


def _painted(evaluate: Callable[[str], float]) -> float:
    script = """() => new Promise(done => {
        const look = () => {
            const paint = performance.getEntriesByName('first-contentful-paint')[0];
            paint ? done(paint.startTime) : setTimeout(look, 5);
        };
        look();
    })"""
    return evaluate(script) / 1000


# --- the file ------------------------------------------------------------------------------------


def _files(folder: Path) -> None:
    sizes = {}
    for name in bank_ids():
        made = export_practice(find_templates(name), folder / f"{name}.html", variants=20)
        sizes[name] = made.bytes
    largest = max(sizes, key=sizes.__getitem__)
    print(
        f"file with 20 variants: median {statistics.median(sizes.values()) / 1000:.0f} kB, "
        f"the largest {sizes[largest] / 1000:.0f} kB ({largest}) (bar: 400 kB)"
    )


if __name__ == "__main__":
    main()
