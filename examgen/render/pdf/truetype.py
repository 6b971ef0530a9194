"""TrueType files: what a PDF says of a font, and subsets of its glyphs that keep their ids.

The tables are described in the OpenType specification, sections `glyf`, `loca` and
`hmtx`. Lengths are font units.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

_KEPT = ("cvt ", "fpgm", "prep")  # programs of hinted fonts
_MORE, _WORDS = 0x20, 0x1  # flags of a component
_SCALES = {0x8: 2, 0x40: 4, 0x80: 8}  # flag of a component: bytes of its scale
_CHECKSUM = 0xB1B0AFBA


@dataclass(frozen=True, slots=True)
class Metrics:
    """What a font descriptor tells, in thousandths of an em; the angle is in degrees."""

    bounds: tuple[int, int, int, int]
    ascent: int
    descent: int
    cap_height: int
    angle: float
    weight: int


class TrueType:
    """A font file with glyf outlines, read once."""

    def __init__(self, data: bytes) -> None:
        """Read the directory and the tables of fixed layout."""
        self.data = data
        count = struct.unpack_from(">H", data, 4)[0]
        rows = (struct.unpack_from(">4s4xLL", data, 12 + 16 * i) for i in range(count))
        self._tables = {tag.decode("latin-1"): (at, size) for tag, at, size in rows}
        head = self.table("head")
        self.units_per_em: int = struct.unpack_from(">H", head, 18)[0]
        self.glyph_count: int = struct.unpack_from(">H", self.table("maxp"), 4)[0]
        self._locations = self._read_locations(long=head[51] == 1)
        self._advances = self._read_advances()

    def table(self, tag: str) -> bytes:
        """The bytes of a table; none where the file lacks it."""
        start, size = self._tables.get(tag, (0, 0))
        return self.data[start : start + size]

    def _read_locations(self, *, long: bool) -> tuple[int, ...]:
        data, count = self.table("loca"), self.glyph_count + 1
        if long:
            return struct.unpack_from(f">{count}L", data)
        return tuple(2 * half for half in struct.unpack_from(f">{count}H", data))

    def _read_advances(self) -> tuple[tuple[int, int], ...]:
        """Advance and left side bearing of every glyph."""
        data = self.table("hmtx")
        count = struct.unpack_from(">H", self.table("hhea"), 34)[0]
        full = list(struct.iter_unpack(">Hh", data[: 4 * count]))
        rest = struct.iter_unpack(
            ">h", data[4 * count : 4 * count + 2 * (self.glyph_count - count)]
        )
        return tuple(full + [(full[-1][0], bearing) for (bearing,) in rest])

    def width(self, glyph: int) -> float:
        """The advance of a glyph, in thousandths of an em."""
        return self._advances[glyph][0] * 1000 / self.units_per_em

    def metrics(self) -> Metrics:
        """The extents of the face as a whole."""
        head, hhea, os2 = self.table("head"), self.table("hhea"), self.table("OS/2")
        k = 1000 / self.units_per_em
        bounds = struct.unpack_from(">4h", head, 36)
        ascent, descent = struct.unpack_from(">2h", hhea, 4)
        version = struct.unpack_from(">H", os2)[0]
        capital = struct.unpack_from(">h", os2, 88)[0] if version >= 2 else ascent
        angle = struct.unpack_from(">l", self.table("post"), 4)[0] / 65536
        left, bottom, right, top = (round(k * edge) for edge in bounds)
        vertical = round(k * ascent), round(k * descent), round(k * capital)
        weight = struct.unpack_from(">H", os2, 4)[0]
        return Metrics((left, bottom, right, top), *vertical, angle, weight)

    def subset(self, glyphs: Iterable[int]) -> bytes:
        """A font file of these glyphs and their components, all under the ids they had."""
        used = self._closed(glyphs)
        count = max(used) + 1
        outlines, locations = self._picked(used, count)
        head = bytearray(self.table("head"))
        head[8:12], head[50:52] = bytes(4), b"\0\1"
        metrics = [self._advances[g] if g in used else (0, 0) for g in range(count)]
        hhea, maxp = self.table("hhea"), self.table("maxp")
        tables = {
            "glyf": outlines,
            "head": bytes(head),
            "hhea": hhea[:34] + count.to_bytes(2, "big"),
            "hmtx": b"".join(struct.pack(">Hh", *pair) for pair in metrics),
            "loca": locations,
            "maxp": maxp[:4] + count.to_bytes(2, "big") + maxp[6:],
        }
        return _file(tables | {tag: self.table(tag) for tag in _KEPT if tag in self._tables})

    def _closed(self, glyphs: Iterable[int]) -> set[int]:
        """The glyphs, what they are made of, and the one that stands for a missing glyph."""
        open_, used = [0, *glyphs], set[int]()
        while open_:
            glyph = open_.pop()
            if glyph not in used:
                used.add(glyph)
                open_ += _components(self._outline(glyph))
        return used

    def _outline(self, glyph: int) -> bytes:
        start = self._tables["glyf"][0]
        first, end = self._locations[glyph], self._locations[glyph + 1]
        return self.data[start + first : start + end]

    def _picked(self, used: set[int], count: int) -> tuple[bytes, bytes]:
        """The outlines one after the other, and where each of `count` glyphs begins."""
        outlines, places, at, before = [], [bytes(4)], 0, 0
        for glyph in sorted(used):
            places.append(at.to_bytes(4, "big") * (glyph - before))
            outline = self._outline(glyph)
            outlines.append(outline + bytes(-len(outline) % 4))
            at, before = at + len(outlines[-1]), glyph
        places.append(at.to_bytes(4, "big") * (count - before))
        return b"".join(outlines), b"".join(places)


def _components(outline: bytes) -> Iterator[int]:
    """The glyphs that a composite glyph is made of."""
    if len(outline) < 10 or outline[0] < 0x80:  # the number of contours is not negative
        return
    at, flags = 10, _MORE
    while flags & _MORE:
        flags, glyph = struct.unpack_from(">HH", outline, at)
        at += 8 if flags & _WORDS else 6
        at += sum(size for flag, size in _SCALES.items() if flags & flag)
        yield glyph


def _file(tables: dict[str, bytes]) -> bytes:
    """A font file of tables, with its directory and checksums."""
    power = 1 << (len(tables).bit_length() - 1)
    search = 16 * power, power.bit_length() - 1, 16 * (len(tables) - power)
    directory = [struct.pack(">LHHHH", 0x10000, len(tables), *search)]
    bodies, at = [], 12 + 16 * len(tables)
    for tag, body in sorted(tables.items()):
        padded = body + bytes(-len(body) % 4)
        directory.append(struct.pack(">4sLLL", tag.encode(), _checksum(padded), at, len(body)))
        bodies.append(padded)
        at += len(padded)
    whole = b"".join(directory + bodies)
    adjustment = (_CHECKSUM - _checksum(whole)) & 0xFFFFFFFF
    head = next(o for o in range(12, len(whole), 16) if whole[o : o + 4] == b"head")
    place = struct.unpack_from(">L", whole, head + 8)[0] + 8
    return whole[:place] + adjustment.to_bytes(4, "big") + whole[place + 4 :]


def _checksum(data: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(data) // 4}L", data)
    return sum(words) & 0xFFFFFFFF


def gaps(ids: Iterable[int]) -> Iterator[list[int]]:
    """Ids in ascending order, grouped where they follow each other without a gap.

    >>> list(gaps([3, 1, 2, 7]))
    [[1, 2, 3], [7]]
    """
    ordered = sorted(ids)
    cuts = [i for i, (a, b) in enumerate(pairwise(ordered), start=1) if b != a + 1]
    for start, end in pairwise([0, *cuts, len(ordered)] if ordered else []):
        yield ordered[start:end]
