"""The server of practice: on this machine only, until Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable

import uvicorn

from examgen.serving import machine
from examgen.serving.aside import Bench
from examgen.serving.machine import listener, run
from grader.practice.web.app import application
from grader.practice.web.calls import Desk
from grader.practice.web.guard import Keys
from grader.practice.web.pages import warm


def serve(
    desk: Desk,
    port: int = 0,
    *,
    tell: Callable[[str], None] = print,
    browse: bool = True,
    whole: bool = False,
) -> None:
    """Serve the pages over a desk until interrupted.

    port: 0 for any that is free. tell: is given the address to begin at, which is a secret. browse:
    open it in a browser. whole: ask all answers of a question at once, unless the student chose
    otherwise in that browser. Raises ExamgenError where the port is in use.
    """
    keys = Keys()
    with listener(port) as heard:
        run(server(desk, keys, whole), heard, keys.address, tell, browse, keys.opened)


def server(desk: Desk, keys: Keys, whole: bool = False) -> uvicorn.Server:
    """A server of the pages; it is run with a socket of `listener`."""
    bench = Bench()
    warm()
    return machine.server(application(desk, keys, bench, whole), bench.close)
