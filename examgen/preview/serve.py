"""The preview's server: on this machine only, until Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import uvicorn

from examgen.errors import ExamgenError, Problem
from examgen.preview.app import application
from examgen.preview.desk import Desk
from examgen.serving import machine
from examgen.serving.machine import listener, run
from examgen.text import Language

_MOST_NAMED = 5


def serve(
    path: Path,
    port: int = 0,
    *,
    language: Language = "en",
    tell: Callable[[str], None] = print,
    browse: bool = True,
) -> None:
    """Serve the page of a template file until interrupted.

    port: 0 for any that is free. tell: is given the page's address. browse: open it in a browser.
    Raises ExamgenError where there is no such file, or the port is in use.
    """
    if path.is_dir():
        raise ExamgenError(Problem(f"this is a folder; {_inside(path)}", file=str(path)))
    if not path.is_file():
        raise ExamgenError(Problem("there is no such file", file=str(path)))
    with listener(port) as heard:
        run(server(Desk(path), language), heard, "/", tell, browse)


def _inside(folder: Path) -> str:
    """What of a folder may be shown instead."""
    names = sorted(path.name for path in folder.glob("*.yaml"))
    told = ", ".join(names[:_MOST_NAMED]) + ", ..." * (len(names) > _MOST_NAMED)
    return f"expected a file in it: {told}" if names else "expected a template file"


def server(desk: Desk, language: Language = "en") -> uvicorn.Server:
    """A server of the page; it is run with a socket of `listener`."""
    return machine.server(application(desk, language), desk.close)
