"""Glyph outlines out of a TrueType file whose glyphs refer to no others.

The format is that of the tables glyf and loca (OpenType 1.9.1).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_ON_CURVE, _SHORT_X, _SHORT_Y, _REPEAT, _SAME_X, _SAME_Y = 1, 2, 4, 8, 16, 32


@dataclass(frozen=True, slots=True)
class _Point:
    x: float
    y: float
    on_curve: bool


class Outlines:
    """The outlines of a font file, each read when it is asked for."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._glyf = self._table(b"glyf")
        self._loca = self._table(b"loca")
        (self._long,) = struct.unpack_from(">h", data, self._table(b"head") + 50)

    def _table(self, tag: bytes) -> int:
        """Where a table begins."""
        (count,) = struct.unpack_from(">H", self._data, 4)
        for at in range(12, 12 + 16 * count, 16):
            name, _, offset, _ = struct.unpack_from(">4sLLL", self._data, at)
            if name == tag:
                return int(offset)
        raise AssertionError(f"bug: the font has no table {tag!r}")

    def path(self, glyph_id: int) -> str:
        """SVG path data in font units, y up; empty for a blank."""
        start, end = self._extent(glyph_id)
        if start == end:
            return ""
        (contours,) = struct.unpack_from(">h", self._data, start)
        assert contours >= 0, "bug: a glyph made of others"
        return "".join(_contour(points) for points in self._points(start + 10, contours))

    def _extent(self, glyph_id: int) -> tuple[int, int]:
        if self._long:
            start, end = struct.unpack_from(">2L", self._data, self._loca + 4 * glyph_id)
        else:
            start, end = (2 * half for half in self._short_extent(glyph_id))
        return self._glyf + start, self._glyf + end

    def _short_extent(self, glyph_id: int) -> tuple[int, int]:
        start, end = struct.unpack_from(">2H", self._data, self._loca + 2 * glyph_id)
        return int(start), int(end)

    def _points(self, at: int, contours: int) -> list[list[_Point]]:
        """The points of each contour."""
        ends = struct.unpack_from(f">{contours}H", self._data, at)
        (hints,) = struct.unpack_from(">H", self._data, at + 2 * contours)
        count = ends[-1] + 1 if ends else 0
        flags, at = self._flags(at + 2 * contours + 2 + hints, count)
        xs, at = self._coordinates(at, flags, _SHORT_X, _SAME_X)
        ys, at = self._coordinates(at, flags, _SHORT_Y, _SAME_Y)
        points = [
            _Point(x, y, bool(flag & _ON_CURVE)) for x, y, flag in zip(xs, ys, flags, strict=True)
        ]
        return [points[a + 1 : b + 1] for a, b in pairwise((-1, *ends))]

    def _flags(self, at: int, count: int) -> tuple[list[int], int]:
        flags: list[int] = []
        while len(flags) < count:
            flag = self._data[at]
            times = 1
            if flag & _REPEAT:
                at += 1
                times += self._data[at]
            flags += [flag] * times
            at += 1
        return flags, at

    def _coordinates(
        self, at: int, flags: Sequence[int], short: int, same: int
    ) -> tuple[list[int], int]:
        value, found = 0, []
        for flag in flags:
            if flag & short:
                value += self._data[at] if flag & same else -self._data[at]
                at += 1
            elif not flag & same:
                value += struct.unpack_from(">h", self._data, at)[0]
                at += 2
            found.append(value)
        return found, at


def _contour(points: list[_Point]) -> str:
    """A closed contour of lines and quadratic curves."""
    if not points:
        return ""
    points = _explicit(points)
    start = next(i for i, point in enumerate(points) if point.on_curve)
    first, *rest = [*points[start:], *points[: start + 1]]
    drawn = [f"M{_at(first)}"]
    control: _Point | None = None
    for point in rest:
        if not point.on_curve:
            control = point
            continue
        drawn.append(f"Q{_at(control)} {_at(point)}" if control else f"L{_at(point)}")
        control = None
    return "".join(drawn) + "Z"


def _explicit(points: list[_Point]) -> list[_Point]:
    """With the points on the curve that lie, unsaid, between two control points."""
    found = []
    for before, point in pairwise([points[-1], *points]):
        if not before.on_curve and not point.on_curve:
            found.append(_Point((before.x + point.x) / 2, (before.y + point.y) / 2, True))
        found.append(point)
    return found


def _at(point: _Point) -> str:
    return f"{point.x:g} {point.y:g}"
