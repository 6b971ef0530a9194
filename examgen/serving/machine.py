"""A server on this machine only, until Ctrl-C."""

from __future__ import annotations

import os
import socket
import sys
import webbrowser
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp

from examgen.errors import ExamgenError
from examgen.serving.patience import Patient

HOST = "127.0.0.1"
_LONGEST_HEAD = 16 << 10  # bytes of a request before its body
_MOST_CONNECTIONS = 64


class _Server(uvicorn.Server):
    """Lets those go who wait for a piece of work before it waits for its connections to end."""

    def __init__(self, config: uvicorn.Config, close: Callable[[], None]) -> None:
        super().__init__(config)
        self._close = close

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._close()
        await super().shutdown(sockets)


def server(app: ASGIApp, close: Callable[[], None]) -> uvicorn.Server:
    """A server of pages; it is run with a socket of `listener`. close: called when it ends."""
    config = uvicorn.Config(
        app,
        log_level="error",
        http=Patient,
        ws="none",
        h11_max_incomplete_event_size=_LONGEST_HEAD,
        limit_concurrency=_MOST_CONNECTIONS,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    return _Server(config, close)


def listener(port: int) -> socket.socket:
    """A socket that listens on this machine only. Raises ExamgenError for a port in use."""
    # Told that it is TCP, asyncio sends at once; else the last piece of a page waits 40 ms.
    heard = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
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


def run(
    serving: uvicorn.Server,
    heard: socket.socket,
    start: str,
    tell: Callable[[str], None],
    browse: bool,
    opened: str | None = None,
) -> None:
    """Serve until interrupted. start: the path to begin at; tell: is given the address of that.

    opened: the path that a browser is opened at, where it is another: the list of processes shows
    it to everybody on the machine, for as long as the browser runs.
    """
    root = f"http://{HOST}:{heard.getsockname()[1]}"
    tell(f"{root}{start}")
    if browse and _has_screen():
        webbrowser.open(f"{root}{start if opened is None else opened}")
    with suppress(KeyboardInterrupt):  # which uvicorn raises again once it is done
        serving.run(sockets=[heard])


def _has_screen() -> bool:
    """Whether a browser could open a window; in a mere terminal it would take the terminal over."""
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
