"""Practice as a program: in a terminal of its own, in a pipe, and how it begins."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from small_exam import UNIT

from grader.practice.store import open_store

EXAMGEN = [sys.executable, "-c", "from examgen.cli import main; main()", "practice"]
ESCAPE = "\x1b"


@pytest.fixture
def fixed(tmp_path: Path) -> Path:
    """A question of one unit; only its target varies."""
    path = tmp_path / "fixed.yaml"
    path.write_text(UNIT, encoding="utf-8")
    return path


def read_until(handle: int, mark: str, again: bytes = b"") -> str:
    """What comes from a terminal up to a mark; fails if nothing comes for long.

    again: a key that is pressed anew if nothing comes: one that interrupts may come in the moment
    before the program waits for keys, and then is seen with the next one.
    """
    seen, patience = b"", 120
    while mark.encode() not in seen:
        ready, _, _ = select.select([handle], [], [], 1)
        patience -= not ready
        assert patience, f"waited for {mark!r} after {seen[-300:]!r}"
        if ready:
            seen += os.read(handle, 65536)
        elif again:
            os.write(handle, again)
    return seen.decode(errors="replace")


@pytest.fixture
def places(tmp_path: Path) -> dict[str, str]:
    """An environment in which the program keeps everything in the test's folder."""
    others = {name: value for name, value in os.environ.items() if name not in _LOOKS}
    return {**others, "TERM": "xterm", "XDG_CACHE_HOME": str(tmp_path), "HOME": str(tmp_path)}


_LOOKS = ("COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE")
"""What would change the lines, if whoever runs the tests has set it."""


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """Both ends of one."""
    ends = pty.openpty()
    yield ends
    for end in ends:
        os.close(end)


@pytest.mark.parametrize("end", [b"quit\r", b"\x04", b"\x03"])
def test_in_a_terminal(
    fixed: Path, places: dict[str, str], terminal: tuple[int, int], end: bytes
) -> None:
    """Start, answer, leave by `quit`, Ctrl-D or Ctrl-C: exit 0, nothing on stderr, all kept."""
    ours, theirs = terminal
    data = fixed.parent / "data" / "p.sqlite3"
    with _in_terminal(theirs, places, str(fixed), "--data", str(data)) as process:
        read_until(ours, "z = ")
        os.write(ours, b"3\r")
        assert ESCAPE in read_until(ours, "∂L/∂w = ")
        os.write(ours, end)
        read_until(ours, "of 20.", again=end if end == b"\x03" else b"")
        _, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (0, b"")
    assert _responses(data) == ["3"]


@pytest.mark.parametrize("how", ["the window is closed", "it is told to end"])
def test_what_was_given_but_not_handed_in_is_kept(
    fixed: Path, places: dict[str, str], how: str
) -> None:
    """However a terminal goes away in the midst of a whole question."""
    ours, theirs = pty.openpty()
    data = fixed.parent / "data" / "p.sqlite3"
    with _in_terminal(theirs, places, str(fixed), "--whole", "--data", str(data)) as process:
        os.close(theirs)
        read_until(ours, "z = ")
        os.write(ours, b"3\r")
        read_until(ours, "∂L/∂w = ")
        if how == "it is told to end":
            _end(process)
        os.close(ours)
        process.communicate(timeout=120)  # what it still says has nowhere to go
    assert _responses(data) == ["3"]


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_second_word_to_end_breaks_nothing_off(
    fixed: Path, places: dict[str, str], name: str
) -> None:
    """It comes while the program keeps what was typed before the first."""
    data = fixed.parent / "data" / "p.sqlite3"
    code = (
        "import signal, sys\n"
        "from grader.practice.desk import Desk\n"
        "import grader.practice.terminal.here as here\n"
        "from examgen.cli import main\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # see _take_terminal
        f"told = lambda: signal.raise_signal(signal.{name})\n"
        "keep = Desk.answer\n"
        "Desk.answer = lambda *a: (told(), keep(*a))[1]\n"
        "typed = iter([lambda: '3', told])\n"
        "here.reader = lambda: lambda prompt: next(typed)()\n"
        f"sys.argv = ['examgen', 'practice', {str(fixed)!r}, '--whole', '--data', {str(data)!r}]\n"
        "main()"
    )
    done = _run([sys.executable, "-c", code], places)
    assert (done.returncode, done.stderr) == (0, "")
    assert _responses(data) == ["3"]


def _responses(data: Path) -> list[str]:
    """What was answered in the round that is open."""
    with open_store(data) as store:
        kept = store.open_round()
    return [one.response for one in kept.attempts] if kept else []


def _end(process: subprocess.Popen[bytes]) -> None:
    """Tell a program to end, over and over: the first word may come in the moment before it waits
    for keys, and another one must not break off what it does about the first."""
    for _ in range(600):
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.2)
            return
    pytest.fail("the program did not end")


@contextmanager
def _in_terminal(
    theirs: int, places: dict[str, str], *arguments: str
) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [*EXAMGEN, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.PIPE,
        env=places,
        start_new_session=True,
        preexec_fn=_take_terminal,
    ) as process:
        try:
            yield process
        finally:
            process.kill()  # one that hangs fails its own test only


def _take_terminal() -> None:
    """Make standard input the terminal that controls a process, so that it gets its signals."""
    import fcntl
    import termios

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # who runs the tests may ignore it
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _piped(
    fixed: Path, places: dict[str, str], text: str, *options: str
) -> subprocess.CompletedProcess[str]:
    data = str(fixed.parent / "data" / "p.sqlite3")
    return _run([*EXAMGEN, str(fixed), "--data", data, *options], places, text)


def _run(
    command: list[str], places: dict[str, str], text: str | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        input=text,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        env=places,
        timeout=120,
        check=False,
    )


def test_in_a_pipe(fixed: Path, places: dict[str, str]) -> None:
    """Answers are shown after their prompts, nothing is coloured, bad bytes end nothing."""
    done = _piped(fixed, places, "3\n\udcff\udcfe\na\x00b\n\x1b[31mx\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "  z = 3\n  ✓ Right.\n" in done.stdout
    assert ESCAPE not in done.stdout
    assert "\x00" not in done.stdout
    assert done.stdout.endswith("Rounds today: 0 of 20.\n")


LATE = (
    *("pyarrow", "asyncio", "starlette", "jinja2", "matplotlib", "reportlab", "fsrs.optimizer"),
    *("rich.progress", "rich.markdown", "grader.marking", "grader.symbolic", "grader.reading"),
    *("grader.practice.marking", "grader.practice.hints", "grader.practice.worked"),
    *("grader.practice.trails", "grader.practice.classroom.set_file", "grader.practice.web"),
)


def test_the_first_prompt_comes_without_what_marks(places: dict[str, str], tmp_path: Path) -> None:
    """What only marking, hints and other faces need is not imported, no other question read."""
    code = (
        "import sys\n"
        "read = []\n"
        "import examgen.bank as bank\n"
        "parse = bank.parse_template\n"
        "bank.parse_template = lambda *a, **k: read.append(1) or parse(*a, **k)\n"
        "import grader.practice.opening as opening\n"
        "opening.background = lambda: lambda work: None\n"
        "def prompt(*_):\n"
        f"    late = [name for name in {LATE} if name in sys.modules]\n"
        "    print(late, len(read), file=sys.stderr)\n"
        "    raise EOFError\n"
        "import grader.practice.terminal.here as here\n"
        "here.reader = lambda: prompt\n"
        "from examgen.cli import main\n"
        f"sys.argv = ['examgen', 'practice', '--data', {str(tmp_path / 'p.sqlite3')!r}]\n"
        "main()"
    )
    done = _run([sys.executable, "-c", code], places)
    assert done.stderr.strip() == "[] 1"
    assert "Everything is kept" in done.stdout


def test_the_end_waits_for_what_is_being_prepared(places: dict[str, str]) -> None:
    """A thread that is torn out of numpy would crash the program; what is next is not begun.

    Ctrl-C does not break the waiting off. The work takes until it is waited for, so that the end
    has come before it is done.
    """
    code = (
        "import signal\n"
        "from threading import Event, Thread\n"
        "from grader.practice.opening import background\n"
        "begun, awaited, join = Event(), Event(), Thread.join\n"
        "told = lambda: [signal.raise_signal(one) for one in (signal.SIGINT, signal.SIGTERM)]\n"
        "Thread.join = lambda thread: (told(), awaited.set(), join(thread))\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # see _take_terminal
        "put = background(pause=0)\n"
        "put(lambda: (begun.set(), awaited.wait(120), print('prepared')))\n"
        "put(lambda: print('another'))\n"
        "begun.wait()"
    )
    done = _run([sys.executable, "-c", code], places)
    assert (done.returncode, done.stdout, done.stderr) == (0, "prepared\n", "")
