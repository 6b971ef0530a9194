"""The terminal that the program was started in: its lines, its width, its colours."""

from __future__ import annotations

import signal
import sys
from io import TextIOWrapper
from types import FrameType
from typing import TextIO

from rich.console import Console

from examgen.errors import visible
from grader.practice.desk import Desk
from grader.practice.terminal.figures import figures
from grader.practice.terminal.screen import Read
from grader.practice.terminal.talk import Talk


def talk_here(desk: Desk, *, whole: bool = False) -> Talk:
    """The conversation at this terminal, or with the programs at both ends of a pipe."""
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a wrong byte or a poor font ends no session
    _outlive_the_window()
    console = Console(highlight=False)
    return Talk(desk, console, reader(), figures(console, desk.language), whole=whole)


def _outlive_the_window() -> None:
    """A closed window is an end of the input, and who ends the program does as Ctrl-C does: what
    was given, but not handed in yet, is kept."""
    signal.signal(signal.SIGTERM, _leave)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # a job behind may ignore it
        signal.signal(signal.SIGINT, _leave)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _leave(number: int, frame: FrameType | None) -> None:
    """Once: a second Ctrl-C, or a second word to end, does not break the keeping off."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def reader() -> Read:
    """Reads lines: with an editor and the session's history where there are both, as they come
    from a pipe, shown then after the prompt as if they had been typed."""
    lines: TextIO | None = sys.stdin
    if lines is None:  # the program was started without any
        return _from_nowhere
    if lines.isatty():
        _make_editable()
        return input
    return _from_pipe


def _make_editable() -> None:
    """Importing the editor is all that input() needs; nothing is written to a disk."""
    try:
        import readline
    except ImportError:  # some systems have none
        return
    readline.set_auto_history(True)
    readline.parse_and_bind("tab: self-insert")  # the usual: names of files


def _from_nowhere(prompt: str) -> str:
    raise EOFError


def _from_pipe(prompt: str) -> str:
    print(prompt, end="", flush=True)
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    print(visible(line.rstrip("\r\n")))
    return line
