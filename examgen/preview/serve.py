"""The preview's server: on this machine only, until Ctrl-C."""

from __future__ import annotations

import os
import socket
import sys
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import uvicorn

from examgen.errors import ExamgenError, Problem
from examgen.preview.app import application
from examgen.preview.desk import Desk
from examgen.text import Language

HOST = "127.0.0.1"
_LONGEST_HEAD = 16 << 10  # bytes of a request before its body, which nobody reads
_MOST_CONNECTIONS = 64
_MOST_NAMED = 5


class _Server(uvicorn.Server):
    """Lets those go who wait for a drawing before it waits for its connections to end."""

    def __init__(self, config: uvicorn.Config, desk: Desk) -> None:
        super().__init__(config)
        self._desk = desk

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._desk.close()
        await super().shutdown(sockets)


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
        address = f"http://{HOST}:{heard.getsockname()[1]}/"
        tell(address)
        if browse and _has_screen():
            webbrowser.open(address)
        with suppress(KeyboardInterrupt):  # which uvicorn raises again once it is done
            server(Desk(path), language).run(sockets=[heard])


def _inside(folder: Path) -> str:
    """What of a folder may be shown instead."""
    names = sorted(path.name for path in folder.glob("*.yaml"))
    told = ", ".join(names[:_MOST_NAMED]) + ", ..." * (len(names) > _MOST_NAMED)
    return f"expected a file in it: {told}" if names else "expected a template file"


def server(desk: Desk, language: Language = "en") -> uvicorn.Server:
    """A server of the page; it is run with a socket of `listener`."""
    config = uvicorn.Config(
        application(desk, language),
        log_level="error",
        http="h11",
        ws="none",
        h11_max_incomplete_event_size=_LONGEST_HEAD,
        limit_concurrency=_MOST_CONNECTIONS,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    return _Server(config, desk)


def listener(port: int) -> socket.socket:
    """A socket that listens on this machine only. Raises ExamgenError for a port in use."""
    heard = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":  # elsewhere this would let two servers share a port
        heard.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        heard.bind((HOST, port))
        heard.listen()
    except OSError as error:
        heard.close()
        raise ExamgenError(
            f"port {port} cannot be used: {error.strerror or error}; 0 takes one that is free"
        ) from None
    return heard


def _has_screen() -> bool:
    """Whether a browser could open a window; in a mere terminal it would take the terminal over."""
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
