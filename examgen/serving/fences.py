"""What keeps other sites out of the pages of a server on this machine.

Any web site may try to reach such a server: other names of the host are refused (DNS rebinding),
nothing is said to other origins, and no script or style sheet runs but the pages' own.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOSTS = ("127.0.0.1", "localhost")
HEADERS = MappingProxyType(
    {
        # cells of MathML tables bear styles of their own
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
        "style-src-attr 'unsafe-inline'; font-src 'self'; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
)


def own_names() -> Middleware:
    """Answers 400 to every request for a host of another name."""
    return Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS, www_redirect=False)


class Fenced:
    """Headers that keep other sites out, on every answer that does not say otherwise."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str] = HEADERS) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""

        async def fenced(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    said.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, fenced)
