"""Practice under attack: connections that ask nothing, keys that leak, files that are not ours."""

from __future__ import annotations

import os
import socket
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread

import pytest
from fake_desk import FakeDesk
from practice_desk import MONDAY, Student
from served_practice import FORM, KEYS, Visit, served

from examgen.errors import ExamgenError, visible
from examgen.serving import machine
from examgen.serving.machine import HOST
from examgen.serving.patience import MOST_WAITING
from grader.practice.classroom.files import gathered
from grader.practice.store import check_elsewhere, erase, open_store
from grader.practice.store.connections import connect, content
from grader.practice.store.file import File
from grader.practice.store.notes import reason
from grader.practice.terminal.figures import erase_figures
from grader.practice.terminal.here import reader
from grader.practice.values import RoundView
from grader.practice.web import forms


@pytest.fixture(scope="module")
def running() -> Iterator[Visit]:
    """A server."""
    with served(FakeDesk(("scalar-circuit-fan-out",))) as found:
        yield found


def is_closed(one: socket.socket, within: float) -> bool:
    """Whether the server lets go of a connection, within some seconds."""
    one.settimeout(within)
    try:
        return one.recv(1) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


# --- the server -----------------------------------------------------------------------------------


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n"], ids=["nothing", "half"])
def test_connections_that_ask_nothing_keep_nobody_out(sent: bytes, running: Visit) -> None:
    """However many: the one that has waited longest is let go."""
    visit = Visit(running.port, running.desk).enter()
    with ExitStack() as held:
        waiting = []
        for _ in range(100):
            one = held.enter_context(socket.create_connection((HOST, visit.port), timeout=120))
            one.sendall(sent)
            waiting.append(one)
        assert visit.ask("/").status == 200
        assert is_closed(waiting[0], within=120)
        assert not is_closed(waiting[-1], within=0.1)
    assert MOST_WAITING < 64


def test_a_form_that_never_arrives_is_given_up(
    running: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an answer."""
    monkeypatch.setattr(forms, "PATIENCE", 0.05)
    visit = Visit(running.port, running.desk).enter()
    head = (
        f"POST /next HTTP/1.1\r\nHost: {visit.host}\r\nCookie: {visit.cookie}\r\n"
        f"Content-Type: {FORM}\r\nContent-Length: 50\r\n\r\ntoken="
    )
    with socket.create_connection((HOST, visit.port), timeout=120) as one:
        one.sendall(head.encode())
        assert one.recv(12) == b"HTTP/1.1 408"


def test_who_goes_away_in_the_middle_of_a_form_leaves_no_word(
    running: Visit, caplog: pytest.LogCaptureFixture
) -> None:
    """At the terminal where the server runs."""
    visit = Visit(running.port, running.desk).enter()
    head = (
        f"POST /next HTTP/1.1\r\nHost: {visit.host}\r\nCookie: {visit.cookie}\r\n"
        f"Content-Type: {FORM}\r\nContent-Length: 50\r\n\r\ntoken="
    )
    with socket.create_connection((HOST, visit.port), timeout=120) as one:
        one.sendall(head.encode())
    assert visit.ask("/").status == 200
    assert caplog.records == []


def test_the_key_that_the_list_of_processes_shows_lets_in_once(running: Visit) -> None:
    """The browser itself may load its page again."""
    browser = Visit(running.port, running.desk)
    first = browser.ask(KEYS.opened)
    assert first.to == "/"
    assert Visit(running.port, running.desk).ask(KEYS.opened).status == 403
    browser.cookie = first.headers["set-cookie"].partition(";")[0]
    assert browser.ask(KEYS.opened).to == "/"
    assert Visit(running.port, running.desk).ask("/?key=").status == 403
    assert KEYS.start not in KEYS.opened


def test_a_browser_is_not_opened_at_the_address_that_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its command line is seen by everybody on the machine."""
    opened: list[str] = []
    told: list[str] = []
    monkeypatch.setattr(machine, "_has_screen", lambda: True)
    monkeypatch.setattr("webbrowser.open", opened.append)

    class Server:
        def run(self, **_: object) -> None:
            pass

    with machine.listener(0) as heard:
        machine.run(Server(), heard, "/?key=a", told.append, True, "/?key=b")  # type: ignore[arg-type]
    assert [told[0][-2:], opened[0][-2:]] == ["=a", "=b"]


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["thesis.tex", "passwd"])
def test_a_file_named_by_mistake_stays_as_it_is(name: str, tmp_path: Path) -> None:
    """Neither set aside nor made private, by its own name or by a link to it."""
    path = tmp_path / name
    path.write_text("root:x:0:0\n" * 200)
    path.chmod(0o644)
    link = tmp_path / "link"
    link.symlink_to(path)
    for one in (path, link):
        with pytest.raises(ExamgenError, match="no file with progress"):
            open_store(one)
    assert path.read_text() == "root:x:0:0\n" * 200
    assert path.stat().st_mode & 0o777 == 0o644
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(["link", name])


def test_another_programs_database_is_not_made_private(tmp_path: Path) -> None:
    """Others may go on reading it."""
    path = tmp_path / "other.sqlite3"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE a (b)")
    other.close()
    path.chmod(0o644)
    with pytest.raises(ExamgenError, match="nothing in it was changed"):
        open_store(path)
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("damage", [b"", b"SQLite f", bytes(5000)], ids=["cut", "begun", "zeros"])
def test_a_damaged_file_of_any_name_is_mended(damage: bytes, tmp_path: Path) -> None:
    """Where it begins like one of ours."""
    path = tmp_path / "mine"
    path.write_bytes(damage)
    with open_store(path) as store:
        assert list(store.rounds()) == []
        assert len(store.notes) == bool(damage)


def test_a_file_of_any_name_with_backups_is_mended(tmp_path: Path) -> None:
    """Even if nothing in it can be read."""
    path = tmp_path / "mine"
    Student(tmp_path).desk()
    (tmp_path / "progress.sqlite3").replace(tmp_path / "mine.backup-1")
    path.write_bytes(b"scrap" * 999)
    with open_store(path) as store:
        assert "damaged" in store.notes[0]


def test_damage_that_cannot_be_quoted_is_damage(tmp_path: Path) -> None:
    """SQLite names the damaged table, whose name may be no text any more."""
    path = tmp_path / "progress.sqlite3"
    open_store(path).close()
    data = path.read_bytes()
    path.write_bytes(data.replace(b"CREATE TABLE settings", b"CREATE TABLE sett\xff\x8dgs", 1))
    bad = data.replace(b"tablesettingssettings", b"table\xff\x8dttingssettings", 1)
    for one in (path.read_bytes(), bad):
        path.write_bytes(one)
        with open_store(path) as store:
            assert list(store.rounds()) == []
    broken = UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad")
    assert "damaged" in reason(broken)


def test_damage_in_words_that_are_no_text_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever statement it is told by."""

    def fail(*_: object) -> None:
        raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad")

    monkeypatch.setattr("grader.practice.store.connections._content", fail)
    assert content(tmp_path / "x") == "damaged"


def test_nothing_is_written_over_the_progress_itself(tmp_path: Path) -> None:
    """Nor over its backups, however they are named."""
    student = Student(tmp_path)
    with student.store() as store:
        (tmp_path / "link").symlink_to(student.path)
        for target in (student.path, tmp_path / "x" / ".." / student.path.name, tmp_path / "link"):
            with pytest.raises(ExamgenError, match="progress itself"):
                check_elsewhere(store, target)
        check_elsewhere(store, tmp_path / "other.json")
    assert student.path.exists()


def test_a_file_is_not_closed_in_the_middle_of_a_change(tmp_path: Path) -> None:
    """SQLite would crash the program: at the end of one there may be work left in a thread."""
    path = tmp_path / "progress.sqlite3"
    open_store(path).close()
    file = File(path, connect(path))
    begun, closed = Event(), Event()

    def close() -> None:
        begun.set()
        file.close()
        closed.set()

    with file.changing() as change:
        thread = Thread(target=close)
        thread.start()
        assert begun.wait(120)
        assert not closed.wait(0.05)
        change("INSERT INTO settings VALUES ('a', 'b')")
    thread.join(120)
    assert closed.is_set()
    with pytest.raises(ExamgenError):
        file.rows("SELECT 1")
    with open_store(path) as again:
        assert again.setting("a") == "b"


def test_pictures_are_erased_and_nothing_else(tmp_path: Path) -> None:
    """They tell what was practised; a file that is not one of them stays."""
    ours, other = tmp_path / f"{'0a' * 8}.svg", tmp_path / "holiday.svg"
    ours.touch()
    other.touch()
    assert erase_figures(tmp_path) == (ours,)
    assert [*tmp_path.iterdir()] == [other]
    assert erase_figures(tmp_path / "nothing") == ()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_among_shares_keeps_nobody_waiting(tmp_path: Path) -> None:
    """It is listed, like a device."""
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "zero.json").symlink_to("/dev/zero")
    found = gathered(tmp_path)
    assert [(one.file, one.reason) for one in found.unused] == [
        ("pipe.json", "this is no file, but a folder, a pipe or a device"),
        ("zero.json", "this is no file, but a folder, a pipe or a device"),
    ]


# --- what is typed --------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["\x1b]0;t\x07", "\udcff", "\u202e1", "\ud800*x", "\x9b31m"])
def test_what_is_said_of_an_answer_moves_no_cursor(typed: str, tmp_path: Path) -> None:
    """Also where it quotes what cannot be read; and all of it can be kept."""
    student = Student(tmp_path)
    desk = student.desk(questions=("modified-recurrent-cell",))
    view = desk.next()
    assert isinstance(view, RoundView)
    for slot in view.slots:
        view = desk.answer(view.id, {slot.slot.id: typed})
        for attempt in view.of(slot.slot.id).attempts:
            assert attempt.feedback.note == visible(attempt.feedback.note)
        view = desk.leave(view.id, slot.slot.id)
    assert view.ended
    assert any(one.attempts for one in view.slots)


def test_half_a_character_is_shown_as_none() -> None:
    """No terminal and no file takes it."""
    assert visible("a\ud800b\udcff") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"


def test_a_program_without_lines_to_read_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its input may have been closed before it began."""
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(EOFError):
        reader()("> ")


def test_erasing_takes_what_was_set_aside_with_it(tmp_path: Path) -> None:
    """Damaged files, backups and journals: nothing is left."""
    student = Student(tmp_path)
    student.path.write_bytes(b"SQLite format 3\0" + os.urandom(5000))
    with open_store(student.path, MONDAY):
        pass
    for end in ("-journal", ".part", ".lock"):
        student.path.with_name(student.path.name + end).touch()
    assert len(erase(student.path)) >= 5
    assert [*tmp_path.iterdir()] == []
