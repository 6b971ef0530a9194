"""Figures at a terminal: as characters where that reads well, else a link to a file."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from platformdirs import user_cache_path
from rich.console import Console
from rich.text import Text

from examgen.figure.grid_text import drawn
from examgen.figure.text import MOST_LINES, text_figure
from examgen.files import write_atomically
from examgen.sheet import Diagram
from grader.practice.terminal.pages import WIDEST
from grader.practice.terminal.words import WORDS

_LINE = 480.0  # points


def figures(
    console: Console, language: str, folder: Path | None = None
) -> Callable[[Diagram, bool], Text | None]:
    """Draws figures for a console: a drawing; or, where arrows only can be told one by one, what is
    marked among them or (listed) all of them; or a link to a picture.

    folder: where pictures are kept, by default the user's cache.
    """
    kept = folder or user_cache_path("examgen") / "figures"

    def draw(diagram: Diagram, listed: bool) -> Text | None:
        written = _written(diagram, min(console.width, WIDEST), listed)
        if written:
            return Text(written, no_wrap=True, overflow="ignore")
        return _link(diagram, kept, WORDS[language]["figure"])

    return draw


def _written(diagram: Diagram, width: int, listed: bool) -> str | None:
    figure = text_figure(diagram, width)
    lines = drawn(diagram, width)
    if figure is None or (lines and len(lines) <= MOST_LINES):
        return figure
    marked = [f"  {line}" for line in figure.splitlines() if "«" in line or "━" in line]
    return "\n".join(marked) or (figure if listed else None)


def _link(diagram: Diagram, folder: Path, name: str) -> Text | None:
    """A link to the picture; none where it cannot be kept, as it is but a comfort."""
    from examgen.figure import scene  # few questions need a picture
    from examgen.figure.svg import svg

    picture = svg(scene(diagram, _LINE))
    path = folder / f"{sha256(picture.encode()).hexdigest()[:16]}.svg"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(path, picture)
    except OSError:
        return None
    told = Text.assemble(f"{name}: ", (path.as_uri(), f"link {path.as_uri()}"))
    told.no_wrap, told.overflow = True, "ignore"  # a broken address leads nowhere
    return told
