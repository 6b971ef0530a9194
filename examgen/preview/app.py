"""The page's addresses, and the fences around them.

The page holds an exam's answers, and any web site may try to reach a server on this machine: other
names of the host are refused (DNS rebinding), nothing is said to other origins, no script or style
sheet runs but the page's own (cells of MathML tables bear styles), and no address is ever made into
a file name.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from importlib.resources import files
from typing import get_args

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from examgen.html.environment import style_sheet
from examgen.preview.aside import EndedError
from examgen.preview.desk import Desk
from examgen.preview.look import Wanted
from examgen.preview.page import check_html, page_html, view_html
from examgen.text import Language

HOSTS = ("127.0.0.1", "localhost")
FACES = (
    "STIXTwoMath-Regular",
    "STIXTwoText-Regular",
    "STIXTwoText-Italic",
    "STIXTwoText-Bold",
    "STIXTwoText-BoldItalic",
)
"""The fonts of the page; figures bring their letters as outlines."""

_NUMBER = re.compile(r"\d{1,18}", re.ASCII)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "style-src-attr 'unsafe-inline'; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def application(desk: Desk, language: Language = "en") -> ASGIApp:
    """The page over a desk."""
    return _Fenced(
        Starlette(
            routes=[*_pages(desk, language), *_fixed()],
            middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS, www_redirect=False)],
            exception_handlers={HTTPException: _refused, EndedError: _ended},
        )
    )


def _pages(desk: Desk, language: Language) -> list[Route]:
    async def page(request: Request) -> Response:
        wanted = wanted_of(request.query_params, language)
        return HTMLResponse(page_html(*await desk.look(wanted), wanted))

    async def view(request: Request) -> Response:
        wanted = wanted_of(request.query_params, language)
        return HTMLResponse(view_html(*await desk.look(wanted), wanted))

    async def check(request: Request) -> Response:
        asked = wanted_of(request.query_params, language).language
        return HTMLResponse(check_html(*await desk.check(), asked))

    async def version(request: Request) -> Response:
        return PlainTextResponse(str(await desk.refresh()))

    answers = {"/": page, "/view": view, "/check": check, "/version": version}
    return [_route(path, answer) for path, answer in answers.items()]


def _route(path: str, answer: Callable[[Request], Awaitable[Response]]) -> Route:
    return Route(path, answer, methods=["GET"])


def wanted_of(query: Mapping[str, str], language: Language) -> Wanted:
    """What an address asks for. Raises HTTPException for what it cannot."""
    asked = query.get("language", language)
    if asked not in get_args(Language):
        raise HTTPException(400, "language: expected en or de")
    numbers = {name: _number(name, query.get(name, "0")) for name in ("variant", "structure")}
    return Wanted(**numbers, language="de" if asked == "de" else "en")


def _number(name: str, written: str) -> int:
    if not _NUMBER.fullmatch(written):
        raise HTTPException(400, f"{name}: expected a number from 0 on")
    return int(written)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException), "bug: registered for these alone"
    return PlainTextResponse(error.detail, error.status_code, error.headers)


async def _ended(request: Request, error: Exception) -> Response:
    return PlainTextResponse("the server has ended", 503)


def _fixed() -> list[Route]:
    """Script, style sheet and fonts: read once, under addresses of their own."""
    package = files("examgen")
    own = package / "preview" / "static"
    own_style = (own / "preview.css").read_text(encoding="utf-8")
    contents = {
        "/preview.css": ((style_sheet() + own_style).encode(), "text/css"),
        "/preview.js": ((own / "preview.js").read_bytes(), "text/javascript"),
    }
    for face in FACES:
        contents[f"/{face}.ttf"] = (package / "fonts" / f"{face}.ttf").read_bytes(), "font/ttf"
    return [_file(path, *content) for path, content in contents.items()]


def _file(path: str, content: bytes, media_type: str) -> Route:
    async def answer(request: Request) -> Response:
        return Response(content, media_type=media_type)

    return _route(path, answer)


class _Fenced:
    """Headers that keep other sites out, on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def fenced(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, fenced)
