"""The bundled fonts: which face has a character, and the extent of its glyph.

What the setter needs of a font stands in a digest beside it, which loads in two milliseconds; the
font file itself is opened only for outlines. Lengths are in em where nothing else is said.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

from examgen.typeset.outlines import Outlines

Face = Literal[
    "STIXTwoText-Regular",
    "STIXTwoText-Italic",
    "STIXTwoText-Bold",
    "STIXTwoText-BoldItalic",
    "STIXTwoMath-Regular",
    "NotoNaskhArabic-Regular",
    "NotoSerifHebrew-Regular",
    "NotoSerifDevanagari-Regular",
    "NotoSerifThai-Regular",
    "DroidSansFallback",
]
REGULAR: Face = "STIXTwoText-Regular"
ITALIC: Face = "STIXTwoText-Italic"
BOLD: Face = "STIXTwoText-Bold"
BOLD_ITALIC: Face = "STIXTwoText-BoldItalic"
MATH: Face = "STIXTwoMath-Regular"
FOREIGN_FACES: tuple[Face, ...] = get_args(Face)[5:]
"""For names only; they have no digest, since HarfBuzz reads them: see `shaping`."""

MISSING = "□"
_FOLDER = Path(__file__).parent.parent / "fonts"
UNITS = 1000  # font units to the em, in all files with a digest


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


def face_path(face: Face) -> Path:
    """The font file of a face."""
    return _FOLDER / ("names" if face in FOREIGN_FACES else "") / f"{face}.ttf"


@cache
def digest(face: Face) -> dict[str, Any]:
    """What docs/make_digests.py keeps of a face, in font units."""
    text = face_path(face).with_suffix(".json").read_text(encoding="ascii")
    found: dict[str, Any] = json.loads(text)
    found["characters"] = dict(found["characters"])
    return found


@lru_cache(maxsize=4_000)
def outline(face: Face, glyph_id: int) -> str:
    """The contours of a glyph as SVG path data: y up, 1000 units to the em; empty for a blank."""
    return _outlines(face).path(glyph_id)


@cache
def _outlines(face: Face) -> Outlines:
    return Outlines(face_path(face).read_bytes())


def advance(face: Face, glyph_id: int) -> float:
    """How far a glyph moves the pen."""
    units: int = digest(face)["advances"][glyph_id]
    return units / UNITS


def has(face: Face, char: str) -> bool:
    """Whether the face draws this character itself."""
    return ord(char) in digest(face)["characters"]


@lru_cache(maxsize=8_000)
def glyph(face: Face, char: str) -> Glyph:
    """The glyph of a character, from another face where this one lacks it, else a hollow square."""
    for candidate in (face, REGULAR, MATH):
        if has(candidate, char):
            return measured(candidate, digest(candidate)["characters"][ord(char)], char)
    return measured(MATH, digest(MATH)["characters"][ord(MISSING)], MISSING)


@lru_cache(maxsize=8_000)
def measured(face: Face, glyph_id: int, char: str) -> Glyph:
    """A glyph by its id, standing for a character."""
    left, bottom, right, top = digest(face)["bounds"][glyph_id] or (0, 0, 0, 0)
    extents = (left / UNITS, bottom / UNITS, right / UNITS, top / UNITS)
    return Glyph(glyph_id, char, face, advance(face, glyph_id), *extents)


def kern(face: Face, left: int, right: int) -> float:
    """What is added between two neighbouring glyphs of a text face."""
    classes, values = _kerning(face)
    if not values:
        return 0.0
    return values.get((classes["left"][left], classes["right"][right]), 0.0)


@cache
def _kerning(face: Face) -> tuple[dict[str, list[int]], dict[tuple[int, int], float]]:
    """The classes of the glyphs, and the kerns between a left and a right class."""
    classes = digest(face).get("kerning", {"values": ()})
    return classes, {(left, right): units / UNITS for left, right, units in classes["values"]}


@cache
def joined(face: Face) -> dict[tuple[int, int], tuple[int, int]]:
    """Pairs of glyphs that are drawn as another, joined pair: f and i, f and l."""
    pairs = digest(face).get("joined", ())
    return {tuple(usual): tuple(drawn) for usual, drawn in pairs}
