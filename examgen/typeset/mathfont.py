"""The MATH table of STIX Two Math: constants, sizes of a sign, corners, marks (OpenType 1.9.1).

Names of constants are those of the table. Lengths are in em; glyphs are ids in the Math face.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from examgen.typeset.fonts import MATH, UNITS, digest

Corner = Literal["TopRight", "TopLeft", "BottomRight", "BottomLeft"]
Direction = Literal["vertical", "horizontal"]
_CORNERS: tuple[Corner, ...] = ("TopRight", "TopLeft", "BottomRight", "BottomLeft")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sign of any length; connectors are what it may share with its neighbours."""

    glyph: int
    start: float
    end: float
    length: float
    repeated: bool


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes in which a sign is drawn, smallest first, and the parts of a longer one."""

    variants: tuple[tuple[int, float], ...] = ()
    parts: tuple[Part, ...] = ()


@cache
def constants() -> dict[str, float]:
    """The constants in em; those named Percent as fractions of one."""
    raw: dict[str, int] = digest(MATH)["constants"]
    return {name: value / (100 if "Percent" in name else UNITS) for name, value in raw.items()}


@cache
def overlap() -> float:
    """The least that neighbouring parts share."""
    units: int = digest(MATH)["overlap"]
    return units / UNITS


def italic(glyph: int) -> float:
    """How far a glyph leans out to the right at its top: TeX's italic correction."""
    return _lengths("italics").get(glyph, 0.0)


def attachment(glyph: int) -> float | None:
    """Where the middle of an accent goes over a glyph, if the font says so."""
    return _lengths("attachments").get(glyph)


@cache
def _lengths(name: str) -> dict[int, float]:
    return {glyph: value / UNITS for glyph, value in digest(MATH)[name]}


@cache
def extended() -> frozenset[int]:
    """Tall glyphs, whose scripts follow their height."""
    return frozenset(digest(MATH)["extended"])


@cache
def sizes(glyph: int, direction: Direction) -> Sizes:
    """In which sizes a glyph is drawn; none but its own for most."""
    variants, parts = _constructions(direction).get(glyph, ((), ()))
    return Sizes(
        tuple((one, length / UNITS) for one, length in variants),
        tuple(Part(g, a / UNITS, b / UNITS, n / UNITS, bool(r)) for g, a, b, n, r in parts),
    )


@cache
def _constructions(direction: Direction) -> dict[int, tuple[Any, Any]]:
    return {glyph: (variants, parts) for glyph, variants, parts in digest(MATH)[direction]}


def corner_kern(glyph: int, corner: Corner, height: float) -> float:
    """How much nearer (negative) a script may come at a height, in em of the glyph."""
    found = _corners().get(glyph)
    if not found or not found[_CORNERS.index(corner)]:
        return 0.0
    heights, kerns = found[_CORNERS.index(corner)]
    units: int = kerns[bisect_right(heights, height * UNITS)]
    return units / UNITS


@cache
def _corners() -> dict[int, Any]:
    return dict(digest(MATH)["corners"])


def small(glyph: int, depth: int) -> int:
    """The shape of a glyph in scripts (depth 1) and in scripts of scripts (2)."""
    found = _alternates("small").get(glyph)
    return found[min(depth, len(found)) - 1] if found and depth else glyph


def dotless(glyph: int) -> int:
    """An i or j without its dot, to be put under an accent; any other glyph as it is."""
    return _alternates("dotless").get(glyph, (glyph,))[0]


def flat(glyph: int) -> int:
    """An accent in its low form, for tall letters."""
    return _alternates("flat").get(glyph, (glyph,))[0]


@cache
def _alternates(name: str) -> dict[int, list[int]]:
    return dict(digest(MATH)[name])
