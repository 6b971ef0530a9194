"""Who may come in: the browser that was given the secret, and pages that this server made.

The machine may have other users, and its browser shows other sites: whoever does not know the
secret of the start address gets one sentence, whatever they ask for. The secret becomes a cookie
that no script reads and no other site's request bears; what is posted has to come from a form of
these pages besides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from secrets import compare_digest, token_urlsafe

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

_OWN_SITE = frozenset({"same-origin", "none"})


def _secret() -> str:
    return token_urlsafe(24)


@dataclass(frozen=True)
class Keys:
    """The secrets of one run of the server: of the start address, the cookie and the forms.

    once: of an address that lets in one time only.
    """

    start: str = field(default_factory=_secret)
    session: str = field(default_factory=_secret)
    form: str = field(default_factory=_secret)
    once: str = field(default_factory=_secret)

    @property
    def address(self) -> str:
        """The path to begin at."""
        return f"/?key={self.start}"

    @property
    def opened(self) -> str:
        """The path that the browser is opened at; others on the machine see it."""
        return f"/?key={self.once}"


class Guard:
    """Lets a request pass that has the cookie and, to change something, comes from here."""

    def __init__(self, app: ASGIApp, keys: Keys, refuse: Callable[[], Response]) -> None:
        self._app, self._keys, self._refuse = app, keys, refuse
        self._once = keys.once

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        app = self._app if scope["type"] != "http" else self._chosen(Request(scope))
        await app(scope, receive, send)

    def _chosen(self, request: Request) -> ASGIApp:
        if request.method == "GET" and request.url.path == "/" and "key" in request.query_params:
            return self._entered(request)
        if not same(_cookie(request), self._keys.session) or not _from_here(request):
            return self._refuse()
        return self._app

    def _entered(self, request: Request) -> Response:
        is_known = same(_cookie(request), self._keys.session)  # the page is loaded again
        if not is_known and not self._opens(request.query_params["key"]):
            return self._refuse()
        answer = RedirectResponse("/", 303)
        answer.set_cookie(
            _cookie_name(request), self._keys.session, httponly=True, samesite="strict"
        )
        return answer

    def _opens(self, key: str) -> bool:
        if self._once and same(key, self._once):
            self._once = ""
            return True
        return same(key, self._keys.start)


def same(given: str, secret: str) -> bool:
    """Whether somebody knows a secret; it takes equally long for all that they try."""
    return compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode())


def _cookie_name(request: Request) -> str:
    """Of this server alone: all ports of a host share their cookies."""
    return f"examgen-practice-{request.url.port or 80}"


def _cookie(request: Request) -> str:
    try:
        cookies = SimpleCookie(request.headers.get("cookie", ""))
    except CookieError:
        return ""
    found = cookies.get(_cookie_name(request))
    return found.value if found else ""


def _from_here(request: Request) -> bool:
    """Whether what would change something was sent by a page of this server."""
    return request.method in ("GET", "HEAD") or _is_own(request.headers)


def _is_own(headers: Mapping[str, str]) -> bool:
    origin = headers.get("origin")
    own = origin is None or origin == f"http://{headers.get('host', '')}"
    return own and headers.get("sec-fetch-site", "same-origin") in _OWN_SITE
