"""A running server of practice, and what a browser without scripts would do with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from threading import Thread
from urllib.parse import urlencode

import pytest
from fake_desk import FakeDesk

from examgen.serving.machine import HOST, listener
from grader.practice.web.calls import Desk
from grader.practice.web.guard import Keys
from grader.practice.web.serve import server

QUESTION = "scalar-circuit-fan-out"
"""A small one."""

FORM = "application/x-www-form-urlencoded"
KEYS = Keys("start-secret", "session-secret", "form-secret")


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def to(self) -> str:
        """Where it leads."""
        assert self.status == 303, self.text
        return self.headers["location"]


@dataclass
class Visit:
    """A browser at the server; cookie: the one that it bears."""

    port: int
    desk: Desk
    cookie: str = ""
    agent: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """The server's name and port."""
        return f"{HOST}:{self.port}"

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> Answer:
        """One request of its own connection; headers' names have underscores for hyphens."""
        said = {name.replace("_", "-"): value for name, value in {**self.agent, **headers}.items()}
        if self.cookie:
            said.setdefault("Cookie", self.cookie)
        connection = HTTPConnection(HOST, self.port, timeout=120)
        try:
            connection.request(method, path, body, said)
            found = connection.getresponse()
            kept = {name.lower(): value for name, value in found.getheaders()}
            return Answer(found.status, kept, found.read().decode(errors="replace"))
        finally:
            connection.close()

    def enter(self) -> Visit:
        """Through the address that the program prints."""
        found = self.ask(KEYS.address)
        assert found.to == "/"
        self.cookie = found.headers["set-cookie"].partition(";")[0]
        return self

    def send(self, path: str, /, **fields: str) -> Answer:
        """A form with the token."""
        return self.post(path, urlencode({"token": KEYS.form, **fields}).encode())

    def post(self, path: str, body: bytes, **headers: str) -> Answer:
        """Whatever somebody sends."""
        headers = {"Content_Type": FORM, "Origin": f"http://{self.host}", **headers}
        return self.ask(path, "POST", body, **headers)

    def follow(self, answer: Answer) -> str:
        """The page that a form leads to."""
        found = self.ask(answer.to.partition("#")[0])
        assert found.status == 200, found.text
        return found.text


@contextmanager
def served(desk: Desk, whole: bool = False) -> Iterator[Visit]:
    """A real server in a thread, ended afterwards."""
    running = server(desk, KEYS, whole)
    with listener(0) as heard:
        thread = Thread(target=running.run, kwargs={"sockets": [heard]})
        thread.start()
        try:
            yield Visit(heard.getsockname()[1], desk)
        finally:
            running.should_exit = True
            thread.join(120)
            assert not thread.is_alive(), "the server does not end"


def words(page: str) -> str:
    """What is read on a page."""
    body = page.partition("<body")[2]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", f"<body{body}")).split())


class Seat:
    """Whichever desk a test sits at: one server is enough for all."""

    def __init__(self) -> None:
        self.desk = FakeDesk()

    def __getattr__(self, name: str) -> object:
        return getattr(self.desk, name)


@pytest.fixture(name="desk")
def small_desk() -> FakeDesk:
    """Rounds of a small question."""
    return FakeDesk((QUESTION,))


SEAT = Seat()


@pytest.fixture(name="running", scope="module")
def one_server() -> Iterator[Visit]:
    """The server; test files take these fixtures over by importing them."""
    with served(SEAT) as found:  # type: ignore[arg-type]
        yield found


@pytest.fixture(name="visit")
def coming_in(running: Visit, desk: FakeDesk) -> Visit:
    """A browser that has come in."""
    SEAT.desk = desk
    return Visit(running.port, desk).enter()


def begun(visit: Visit) -> str:
    """The address of a new round."""
    return visit.send("/next").to
