"""Room to work in: ruled, squared or blank."""

from __future__ import annotations

from functools import lru_cache

from examgen.render.blocks import Block, Frame, Grey, Mark
from examgen.render.style import CENTIMETRE, HINT, HINT_GREY, THIN_RULE
from examgen.render.words import Words
from examgen.sheet import WorkingSpace
from examgen.typeset import ITALIC, Box, place, rule, text_box

_LINES, _SQUARES = 0.8 * CENTIMETRE, 0.5 * CENTIMETRE  # apart
_PALE = 0.72  # grey
_FINE = 0.35  # points, the weight of ruled lines


def space_block(space: WorkingSpace, words: Words, width: float, most: float) -> Block:
    """Room of the height that is asked for, and of no more than `most` points."""
    height = min(space.height * CENTIMETRE, most)
    label = text_box(words.your_working, ITALIC, HINT)
    frame = Mark(0.0, height, Frame(width, height, line=THIN_RULE), "Artifact")
    ruled = Mark(0.0, height, Grey(_ruling(space.kind, width, height), _PALE), "Artifact")
    base = 4.0 + label.height
    paper = Mark(2.0, base + label.depth + 1.5, _behind(label), "Artifact")
    name = Mark(5.0, base, Grey(label, HINT_GREY))
    return Block(height, (ruled, frame, paper, name), before=6.0, keep=True, role="Form")


def _behind(label: Box) -> Frame:
    """White under the label, so that no line runs through it."""
    height = label.height + label.depth + 3.0
    return Frame(label.width + 6.0, height, radius=0.0, line=0.0, fill=1.0)


@lru_cache(maxsize=64)
def _ruling(kind: str, width: float, height: float) -> Box:
    """Lines in a frame, counted from its lower left corner."""
    parts: list[tuple[float, float, Box]] = []
    if kind != "blank":
        step = _LINES if kind == "lines" else _SQUARES
        line = rule(width, _FINE)
        rows = _places(height, step) if kind == "grid" else _from_above(height, step)
        parts += [(0.0, y, line) for y in rows]
    if kind == "grid":
        upright = rule(_FINE, height)
        parts += [(x, 0.0, upright) for x in _places(width, _SQUARES)]
    return place(parts, width)


def _from_above(height: float, step: float) -> list[float]:
    """Where lines lie so far apart, the first one a step below the top."""
    count = int((height - 0.3 * step) / step)
    return [height - step * i for i in range(1, count + 1)]


def _places(length: float, step: float) -> list[float]:
    """Where lines lie so far apart, none at an end, the rest of the length at both ends."""
    count = int(length / step)
    first = (length - count * step) / 2
    inner = [first + step * i for i in range(count + 1)]
    return [place for place in inner if 2.0 < place < length - 2.0]
