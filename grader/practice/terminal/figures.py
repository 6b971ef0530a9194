"""Figures at a terminal: as characters where that reads well, else a link to a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from platformdirs import user_cache_path
from rich.console import Console
from rich.text import Text

from examgen.errors import ExamgenError, Problem
from examgen.figure.text import arrows, drawing
from examgen.files import write_atomically
from examgen.sheet import Diagram
from examgen.text import Language
from grader.practice.terminal.pages import WIDEST
from grader.practice.terminal.words import WORDS

_LINE = 480.0  # points
_MOST = 50  # pictures that are kept
_NAME = re.compile("[0-9a-f]{16}[.]svg", re.ASCII)


def default_folder() -> Path:
    """Where pictures are kept: in the user's cache."""
    return user_cache_path("examgen") / "figures"


def erase_figures(folder: Path | None = None) -> tuple[Path, ...]:
    """Delete the pictures, which tell what was practised; which files those were.

    Raises ExamgenError if one cannot be deleted.
    """
    files = _pictures(folder or default_folder())
    for one in files:
        try:
            one.unlink(missing_ok=True)
        except OSError as error:
            raise ExamgenError(Problem(error.strerror or "it stays", file=str(one))) from error
    return tuple(files)


def _pictures(folder: Path) -> list[Path]:
    return sorted(one for one in folder.glob("*.svg") if _NAME.fullmatch(one.name))


def figures(
    console: Console, language: Language, folder: Path | None = None
) -> Callable[[Diagram, bool], Text | None]:
    """Draws figures for a console: a drawing; or, where arrows only can be told one by one, what is
    marked among them or (listed) all of them; or a link to a picture.

    folder: where pictures are kept, by default the user's cache.
    """
    kept = folder or default_folder()

    def draw(diagram: Diagram, listed: bool) -> Text | None:
        written = _written(diagram, min(console.width, WIDEST), listed)
        if written:
            return Text(written, no_wrap=True, overflow="ignore")
        return _link(diagram, kept, WORDS[language]["figure"])

    return draw


def _written(diagram: Diagram, width: int, listed: bool) -> str:
    """The figure as characters, empty where it is to be a link."""
    if drawn := drawing(diagram, width):
        return drawn
    told = arrows(diagram, width) or ""
    marked = [f"  {line}" for line in told.splitlines() if "«" in line or "━" in line]
    return "\n".join(marked) or (told if listed else "")


def _link(diagram: Diagram, folder: Path, name: str) -> Text | None:
    """A link to the picture; none where it cannot be kept, as it is but a comfort."""
    from examgen.figure import scene  # few questions need a picture
    from examgen.figure.svg import svg

    picture = svg(scene(diagram, _LINE))
    path = folder / f"{sha256(picture.encode()).hexdigest()[:16]}.svg"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if len(pictures := _pictures(folder)) >= _MOST:
            min(pictures, key=lambda one: one.stat().st_mtime).unlink()
        write_atomically(path, picture)
    except (OSError, ExamgenError):
        return None
    told = Text.assemble(f"{name}: ", (path.as_uri(), f"link {path.as_uri()}"))
    told.no_wrap, told.overflow = True, "ignore"  # a broken address leads nowhere
    return told
