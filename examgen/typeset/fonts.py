"""The bundled fonts: which face has a character, and the extent of its glyph.

Fonts are read on first use and registered with ReportLab under their file names. Lengths are in em.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import Any, Literal, cast

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

Face = Literal[
    "STIXTwoText-Regular",
    "STIXTwoText-Italic",
    "STIXTwoText-Bold",
    "STIXTwoText-BoldItalic",
    "STIXTwoMath-Regular",
    "STIXTwoMath-Large",
    "STIXTwoMath-Huge",
]
REGULAR: Face = "STIXTwoText-Regular"
ITALIC: Face = "STIXTwoText-Italic"
BOLD: Face = "STIXTwoText-Bold"
BOLD_ITALIC: Face = "STIXTwoText-BoldItalic"
MATH: Face = "STIXTwoMath-Regular"
LARGE: Face = "STIXTwoMath-Large"
HUGE: Face = "STIXTwoMath-Huge"

MISSING = "□"


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character as it will be drawn; the extents are those of its ink, in em.

    id: its index in the font file of the face.
    """

    id: int
    char: str
    face: Face
    width: float
    left: float
    bottom: float
    right: float
    top: float


@cache
def font(face: Face) -> Any:
    """The ReportLab font of a face, read and registered once in a process."""
    with as_file(files("examgen") / "fonts" / f"{face}.ttf") as path:
        loaded = TTFont(face, str(path))
    # The subset made for a document depends on its characters only: 300 exams share a few of them.
    loaded.face.makeSubset = _remembered(loaded.face.makeSubset)
    pdfmetrics.registerFont(loaded)
    return loaded


def _remembered(make_subset: Any) -> Any:
    cached = lru_cache(maxsize=128)(make_subset)
    return lambda subset: cached(tuple(subset))


def has(face: Face, char: str) -> bool:
    """Whether the face draws this character itself."""
    return ord(char) in font(face).face.charToGlyph


@cache
def glyph(face: Face, char: str) -> Glyph:
    """The glyph of a character, from another face where this one lacks it, else a hollow square."""
    for candidate in (face, REGULAR, MATH):
        if has(candidate, char):
            return _measured(candidate, char)
    return _measured(MATH, MISSING)


def _measured(face: Face, char: str) -> Glyph:
    data = font(face).face
    index = data.charToGlyph[ord(char)]
    left, bottom, right, top = _ink(data, index)
    return Glyph(index, char, face, data.getCharWidth(ord(char)) / 1000, left, bottom, right, top)


def _ink(data: Any, index: int) -> tuple[float, float, float, float]:
    start, end = data.glyphPos[index], data.glyphPos[index + 1]
    if start == end:  # a blank
        return 0.0, 0.0, 0.0, 0.0
    header = data.get_chunk(data.get_table_pos("glyf")[0] + start, 10)
    _, left, bottom, right, top = struct.unpack(">5h", header)
    em = cast("float", data.unitsPerEm)
    return left / em, bottom / em, right / em, top / em
