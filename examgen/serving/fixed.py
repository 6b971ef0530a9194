"""Files that never change while a server runs: read once, under addresses of their own."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FACES = (
    "STIXTwoMath-Regular",
    "STIXTwoText-Regular",
    "STIXTwoText-Italic",
    "STIXTwoText-Bold",
    "STIXTwoText-BoldItalic",
)
"""The fonts of the pages; figures bring their letters as outlines."""


def fonts() -> dict[str, tuple[bytes, str]]:
    """The fonts by address, with their media type."""
    folder = files("examgen") / "fonts"
    return {f"/{face}.ttf": ((folder / f"{face}.ttf").read_bytes(), "font/ttf") for face in FACES}


def file_route(
    path: str, content: bytes, media_type: str, headers: Mapping[str, str] | None = None
) -> Route:
    """A file at an address, to be read only."""

    async def answer(request: Request) -> Response:
        return Response(content, media_type=media_type, headers=headers)

    return Route(path, answer, methods=["GET"])
