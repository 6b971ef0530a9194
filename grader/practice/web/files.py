"""Style sheet, script, fonts and icon of the pages, which browsers may keep."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files

from starlette.routing import Route

from examgen.html.environment import style_sheet
from examgen.serving.fixed import file_route, fonts

_KEPT = {"Cache-Control": "private, max-age=31536000, immutable"}


@cache
def _contents() -> dict[str, tuple[bytes, str]]:
    own = files("grader.practice.web") / "static"
    style = style_sheet() + (own / "practice.css").read_text(encoding="utf-8")
    math = files("examgen.html") / "fonts" / "STIXTwoMath-Web.woff2"
    return {
        "/practice.css": (style.encode(), "text/css"),
        "/practice.js": ((own / "practice.js").read_bytes(), "text/javascript"),
        "/icon.svg": ((own / "icon.svg").read_bytes(), "image/svg+xml"),
        "/STIXTwoMath-Web.woff2": (math.read_bytes(), "font/woff2"),
        **fonts(),
    }


def file_routes() -> list[Route]:
    """The files under their addresses."""
    return [file_route(path, *content, headers=_KEPT) for path, content in _contents().items()]


@cache
def asset(path: str) -> str:
    """The address of a file, another whenever its content is another."""
    return f"{path}?v={sha256(_contents()[path][0]).hexdigest()[:12]}"
