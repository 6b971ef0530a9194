"""The faces of a page as a PDF names them: widths, characters, and subsets of their glyphs."""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, get_args

from examgen.render.pdf.truetype import TrueType
from examgen.typeset import Face
from examgen.typeset.fonts import FOREIGN_FACES, digest, face_path
from examgen.typeset.shaping import characters

UNKNOWN = "\ufffd"  # a glyph that stands for no character


@cache
def resource(face: Face) -> str:
    """The name of a face in every page's resources; the same in all documents."""
    return f"F{get_args(Face).index(face)}"


@cache
def file_of(face: Face) -> TrueType:
    """The font file of a face, read once in a process."""
    return TrueType(face_path(face).read_bytes())


@cache
def texts(face: Face) -> dict[int, str]:
    """What every glyph of a face stands for; a shape of a character stands for the character."""
    if face in FOREIGN_FACES:
        return characters(face)
    known = digest(face)
    found: dict[int, str] = {}
    for char, glyph in sorted(known["characters"].items()):
        found.setdefault(glyph, _plain(chr(char)))
    for glyph, shape in _shapes(known):
        if glyph in found:
            found.setdefault(shape, found[glyph])
    return found


def _plain(char: str) -> str:
    """A letter of a mathematical alphabet as it is typed; who searches for x does not type 𝑥."""
    alphabetic = char == "ℎ" or "\U0001d400" <= char <= "\U0001d7ff"
    return unicodedata.normalize("NFKC", char) if alphabetic else char


def _shapes(known: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    """Glyphs, and others that are drawn in their place: smaller, taller, dotless, joined."""
    for name in ("dotless", "flat", "small"):
        for glyph, shapes in known.get(name, ()):
            yield from ((glyph, shape) for shape in shapes)
    for name in ("vertical", "horizontal"):
        for glyph, variants, parts in known.get(name, ()):
            yield from ((glyph, shape[0]) for shape in [*variants, *parts])
    for pair, joined in known.get("joined", ()):
        yield from zip(pair, joined, strict=True)


@lru_cache(maxsize=256)
def subset(face: Face, glyphs: frozenset[int]) -> tuple[bytes, int]:
    """A compressed font file of the glyphs and its length before; 300 exams share a few of them."""
    made = file_of(face).subset(glyphs)
    return zlib.compress(made, 9), len(made)
