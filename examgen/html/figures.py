"""Figures on a page, in the colour of its text."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup

from examgen.figure import scene
from examgen.figure.svg import PIXELS, svg
from examgen.sheet import Diagram

LINE = 480.0  # points, that of an A4 page
WIDE = 420.0  # pixels: a wider one is not shrunk to a phone, but scrolled


@lru_cache(maxsize=256)
def figure(diagram: Diagram, prefix: str = "") -> Markup:
    """The figure of a question; prefix: of its ids, another for every figure of a page.

    Raises:
        ExamgenError: for a label that cannot be read.
    """
    drawn = scene(diagram, LINE)
    kind = ' class="wide" tabindex="0"' if drawn.width * PIXELS > WIDE else ""
    return Markup(f"<figure{kind}>{svg(drawn, prefix)}</figure>")
