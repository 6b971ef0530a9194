"""Names in scripts that the text faces lack: Arabic, Hebrew, Devanagari, Thai, Chinese, Japanese,
Korean. Letters join and marks sit as HarfBuzz says; what runs to the left stands in its order.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Literal

from examgen.typeset.box import Box, Run, place, row
from examgen.typeset.fonts import FOREIGN_FACES, Face, face_path

if TYPE_CHECKING:
    import uharfbuzz

Direction = Literal["ltr", "rtl"]
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")  # what runs to the left opens to the left
_STRONG: dict[str, Direction] = {"L": "ltr", "R": "rtl", "AL": "rtl", "EN": "ltr", "AN": "ltr"}


@dataclass(frozen=True, slots=True)
class _Character:
    """A character, the foreign face that has it (None for the text face), and where it runs."""

    char: str
    face: Face | None
    direction: Direction


def shaped(text: str, size: float, known: Callable[[str], Box]) -> Box:
    """Text in whatever scripts on one line, in points.

    known: sets what the text face has, and what no face has. The order of scripts is that of the
    Unicode Bidirectional Algorithm for one level of embedding, which names do not exceed.
    """
    characters = _itemised(unicodedata.normalize("NFC", text))
    base = _base(text)
    runs = [list(run) for _, run in groupby(characters, key=lambda c: c.direction)]
    boxes = [_directed(run, size, known) for run in runs]
    return row(reversed(boxes) if base == "rtl" else boxes)


def _base(text: str) -> Direction:
    """Where a line runs: where its first letter does."""
    kinds = map(unicodedata.bidirectional, text)
    return next((_STRONG[kind] for kind in kinds if kind in ("L", "R", "AL")), "ltr")


def leftward(text: str) -> bool:
    """Whether any of a text runs to the left, so that its words are not set one by one."""
    return any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)


def _itemised(text: str) -> list[_Character]:
    directions = _directions(text)
    found: list[_Character] = []
    for char, direction in zip(text, directions, strict=True):
        before = found[-1].face if found and found[-1].direction == direction else None
        face = before if before and _has(before, char) else face_of(char)
        found.append(_Character(char, face, direction))
    return found


def _directions(text: str) -> list[Direction]:
    """Where each character runs; what has no direction goes with its neighbours where they agree,
    else with the text."""
    strong = [_STRONG.get(unicodedata.bidirectional(char)) for char in text]
    base = _base(text)
    before = _carried(strong, base)
    after = _carried(strong[::-1], base)[::-1]
    return [
        own or (left if left == right else base)
        for own, left, right in zip(strong, before, after, strict=True)
    ]


def _carried(strong: list[Direction | None], base: Direction) -> list[Direction]:
    """The last direction met before each character."""
    carried, last = [], base
    for direction in strong:
        last = direction or last
        carried.append(last)
    return carried


def face_of(char: str) -> Face | None:
    """The foreign face that has a character, if one has."""
    return next((face for face in FOREIGN_FACES if ord(char) > 0x2FF and _has(face, char)), None)


def _directed(run: list[_Character], size: float, known: Callable[[str], Box]) -> Box:
    boxes = []
    for face, members in groupby(run, key=lambda c: c.face):
        text = "".join(member.char for member in members)
        if face is None:
            text = text.translate(_MIRRORED) if run[0].direction == "rtl" else text
            boxes.append(known(text))
        else:
            boxes.append(_shaped(text, face, size, run[0].direction))
    return row(reversed(boxes) if run[0].direction == "rtl" else boxes)


def _shaped(text: str, face: Face, size: float, direction: Direction) -> Box:
    """Text of one face and direction, a run of glyphs for each cluster of characters."""
    import uharfbuzz as hb  # only where such a name is met: 25 ms

    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = direction
    font = _font(face)
    hb.shape(font, buffer)
    em = size / font.face.upem
    x, parts = 0.0, []
    clusters = sorted({info.cluster for info in buffer.glyph_infos} | {len(text)})
    said = {a: text[a:b] for a, b in pairwise(clusters)}
    for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        run = Run(0.0, 0.0, face, size, said.pop(info.cluster, ""), (info.codepoint,))
        extents = font.get_glyph_extents(info.codepoint)
        top, bottom = extents.y_bearing * em, (extents.y_bearing + extents.height) * em
        box = Box(at.x_advance * em, top, -bottom, (run,))
        parts.append((x + at.x_offset * em, at.y_offset * em, box))
        x += at.x_advance * em
    return place(parts, x)


def _has(face: Face, char: str) -> bool:
    return ord(char) in _covered(face)


@cache
def _covered(face: Face) -> frozenset[int]:
    """The code points of a face."""
    return frozenset(_font(face).face.unicodes)


@cache
def _font(face: Face) -> uharfbuzz.Font:
    import uharfbuzz as hb

    return hb.Font(hb.Face(hb.Blob.from_file_path(str(face_path(face)))))


def characters(face: Face) -> dict[int, str]:
    """What the glyphs of a foreign face stand for: of several characters the first in Unicode."""
    font = _font(face)
    found = (
        (font.get_nominal_glyph(code), chr(code)) for code in sorted(_covered(face), reverse=True)
    )
    return {glyph: char for glyph, char in found if glyph is not None}
