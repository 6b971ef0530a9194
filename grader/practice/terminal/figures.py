"""Figures at a terminal: as characters where that reads well, else a link to a file."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from examgen.figure.text import text_figure
from platformdirs import user_cache_path
from rich.console import Console
from rich.text import Text

from examgen.figure import scene
from examgen.figure.svg import svg
from examgen.files import write_atomically
from examgen.sheet import Diagram

_LINE = 480.0  # points


def figures(console: Console, folder: Path | None = None) -> Callable[[Diagram], Text | None]:
    """Draws figures for a console; folder: where pictures are kept, by default the user's cache."""
    kept = folder or user_cache_path("examgen") / "figures"

    def draw(diagram: Diagram) -> Text | None:
        written = text_figure(diagram, min(console.width, 88))
        return Text(written) if written else _link(diagram, kept)

    return draw


def _link(diagram: Diagram, folder: Path) -> Text | None:
    """A link to the picture; none where it cannot be kept, as it is but a comfort."""
    picture = svg(scene(diagram, _LINE))
    path = folder / f"{sha256(picture.encode()).hexdigest()[:16]}.svg"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(path, picture)
    except OSError:
        return None
    return Text(path.as_uri(), style=f"link {path.as_uri()}")
