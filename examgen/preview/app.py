"""The page's addresses; none is ever made into a file name, and none is for another site to read:
the page holds an exam's answers."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from importlib.resources import files
from typing import get_args

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from examgen.html.environment import style_sheet
from examgen.preview.desk import Desk
from examgen.preview.look import Wanted
from examgen.preview.page import check_html, page_html, view_html
from examgen.serving.aside import EndedError
from examgen.serving.fences import Fenced, own_names
from examgen.serving.fixed import file_route, fonts
from examgen.text import Language

_NUMBER = re.compile(r"\d{1,18}", re.ASCII)


def application(desk: Desk, language: Language = "en") -> ASGIApp:
    """The page over a desk."""
    return Fenced(
        Starlette(
            routes=[*_pages(desk, language), *_fixed()],
            middleware=[own_names()],
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
    """Script, style sheet and fonts."""
    own = files("examgen") / "preview" / "static"
    own_style = (own / "preview.css").read_text(encoding="utf-8")
    contents = {
        "/preview.css": ((style_sheet() + own_style).encode(), "text/css"),
        "/preview.js": ((own / "preview.js").read_bytes(), "text/javascript"),
        **fonts(),
    }
    return [file_route(path, *content) for path, content in contents.items()]
