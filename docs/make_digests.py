"""Make the digests of the bundled fonts: what the setter needs to know of them, as JSON.

    python docs/make_digests.py

Run it after docs/make_fonts.py. Lengths are in thousandths of an em; glyphs are their ids.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parent.parent / "examgen" / "fonts"
JOINED = {  # what follows an f: the f before it, and its own shape there
    "f": ("f._f", ""),
    "i": ("f._ij", "i.f_"),
    "j": ("f._ij", "j.f_"),
    **{char: ("f._asc", f"{char}.f_") for char in "bhkl"},
}
CORNERS = ("TopRight", "TopLeft", "BottomRight", "BottomLeft")


def main() -> None:
    """Write a digest beside each font file."""
    for path in sorted(FOLDER.glob("*.ttf")):
        text = json.dumps(digest(path), separators=(",", ":"))
        path.with_suffix(".json").write_text(text + "\n", encoding="ascii")


def digest(path: Path) -> dict[str, Any]:
    """All that is kept of a font file."""
    font = TTFont(path)
    found: dict[str, Any] = {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "characters": [[code, font.getGlyphID(name)] for code, name in font.getBestCmap().items()],
        "advances": [font["hmtx"][name][0] for name in font.getGlyphOrder()],
        "bounds": [_bounds(font, name) for name in font.getGlyphOrder()],
    }
    return found | (_math(font) if "MATH" in font else _text(font))


def _text(font: TTFont) -> dict[str, Any]:
    return {"joined": _joined(font), "kerning": _kerning(font)}


def _bounds(font: TTFont, name: str) -> list[int]:
    """Left, bottom, right and top of the ink; empty for a blank."""
    glyph = font["glyf"][name]
    if not glyph.numberOfContours:
        return []
    return [glyph.xMin, glyph.yMin, glyph.xMax, glyph.yMax]


def _subtables(font: TTFont, table: str, feature: str) -> list[list[Any]]:
    """The subtables of each lookup of a feature."""
    if table not in font:
        return []
    data = font[table].table
    used = {
        index
        for record in data.FeatureList.FeatureRecord
        if record.FeatureTag == feature
        for index in record.Feature.LookupListIndex
    }
    lookups = (data.LookupList.Lookup[index] for index in sorted(used))
    return [[getattr(s, "ExtSubTable", s) for s in lookup.SubTable] for lookup in lookups]


def _joined(font: TTFont) -> list[list[Any]]:
    """Pairs that are drawn joined: the usual glyphs, and those to be drawn in their place.

    STIX Two Text has no ligatures of one glyph: an f before an i is one that touches it.
    """
    names, known = font.getBestCmap(), font.getReverseGlyphMap()
    found = []
    for second, (f, other) in JOINED.items():
        usual, drawn = ("f", names[ord(second)]), (f, other or names[ord(second)])
        if all(name in known for name in drawn):
            found.append([[known[name] for name in usual], [known[name] for name in drawn]])
    return found


def _kerning(font: TTFont) -> dict[str, Any]:
    """Classes of left and of right glyphs, and the kerns between the classes.

    Glyphs that are kerned alike with all others share a class: exact, and far smaller than pairs.
    """
    order = font.getReverseGlyphMap()
    whole = np.zeros((len(order), len(order)), dtype=np.int32)  # (left glyph, right glyph)
    for subtables in _subtables(font, "GPOS", "kern"):
        done = np.zeros(whole.shape, dtype=bool)
        for subtable in subtables:
            _add_pairs(subtable, order, whole, done)
    rows, left = np.unique(whole, axis=0, return_inverse=True)
    columns, right = np.unique(rows, axis=1, return_inverse=True)
    kerned = [[int(i), int(j), int(columns[i, j])] for i, j in np.argwhere(columns)]
    return {"left": left.tolist(), "right": right.tolist(), "values": kerned}


def _add_pairs(subtable: Any, order: dict[str, int], whole: np.ndarray, done: np.ndarray) -> None:
    """Add a subtable's kerns where no earlier subtable of the same lookup has spoken."""
    for at, first in enumerate(subtable.Coverage.glyphs):
        i = order[first]
        if subtable.Format == 1:
            for record in subtable.PairSet[at].PairValueRecord:
                j = order[record.SecondGlyph]
                if not done[i, j]:
                    whole[i, j] += _advance(record.Value1)
                    done[i, j] = True
        else:
            records = subtable.Class1Record[subtable.ClassDef1.classDefs.get(first, 0)].Class2Record
            values = np.array([_advance(record.Value1) for record in records])
            classes = np.zeros(len(order), dtype=np.int64)
            for name, cls in subtable.ClassDef2.classDefs.items():
                classes[order[name]] = cls
            whole[i] += np.where(done[i], 0, values[classes])
            done[i] = True


def _advance(value: Any) -> int:
    return int(getattr(value, "XAdvance", 0) or 0)


def _math(font: TTFont) -> dict[str, Any]:
    table, glyph_id = font["MATH"].table, font.getGlyphID
    info, variants = table.MathGlyphInfo, table.MathVariants
    slants, attached = info.MathItalicsCorrectionInfo, info.MathTopAccentAttachment
    return {
        "constants": _constants(table.MathConstants),
        "overlap": variants.MinConnectorOverlap,
        "italics": _values(font, slants.Coverage, slants.ItalicsCorrection),
        "attachments": _values(font, attached.TopAccentCoverage, attached.TopAccentAttachment),
        "extended": sorted(glyph_id(name) for name in info.ExtendedShapeCoverage.glyphs),
        "corners": _corners(font, info.MathKernInfo),
        "vertical": _variants(font, variants.VertGlyphCoverage, variants.VertGlyphConstruction),
        "horizontal": _variants(font, variants.HorizGlyphCoverage, variants.HorizGlyphConstruction),
        "small": _alternates(font, "ssty"),
        "dotless": _alternates(font, "dtls"),
        "flat": _alternates(font, "flac"),
    }


def _constants(table: Any) -> dict[str, int]:
    return {name: getattr(value, "Value", value) for name, value in vars(table).items()}


def _values(font: TTFont, coverage: Any, records: Iterable[Any]) -> list[list[int]]:
    pairs = zip(coverage.glyphs, records, strict=True)
    return [[font.getGlyphID(name), record.Value] for name, record in pairs]


def _corners(font: TTFont, info: Any) -> list[list[Any]]:
    """For each glyph its staircases at four corners: heights and the kerns between them."""
    pairs = zip(info.MathKernCoverage.glyphs, info.MathKernInfoRecords, strict=True)
    return [
        [font.getGlyphID(name), [_staircase(getattr(one, f"{c}MathKern")) for c in CORNERS]]
        for name, one in pairs
    ]


def _staircase(kern: Any) -> list[list[int]]:
    if kern is None:
        return []
    heights = [height.Value for height in kern.CorrectionHeight]
    assert all(a <= b for a, b in pairwise(heights)), "heights out of order"
    return [heights, [value.Value for value in kern.KernValue]]


def _variants(font: TTFont, coverage: Any, constructions: Iterable[Any]) -> list[list[Any]]:
    """For each glyph its sizes, and the parts of which any length is put together."""
    found = []
    for name, made in zip(coverage.glyphs, constructions, strict=True):
        sizes = [
            [font.getGlyphID(v.VariantGlyph), v.AdvanceMeasurement]
            for v in made.MathGlyphVariantRecord
        ]
        found.append([font.getGlyphID(name), sizes, _parts(font, made.GlyphAssembly)])
    return found


def _parts(font: TTFont, assembly: Any) -> list[list[int]]:
    """Glyph, connectors at the start and at the end, whole length, whether it is repeated."""
    return [
        [
            font.getGlyphID(p.glyph),
            p.StartConnectorLength,
            p.EndConnectorLength,
            p.FullAdvance,
            p.PartFlags & 1,
        ]
        for p in (assembly.PartRecords if assembly else ())
    ]


def _alternates(font: TTFont, feature: str) -> list[list[Any]]:
    found: dict[str, list[str]] = {}
    for subtables in _subtables(font, "GSUB", feature):
        for subtable in subtables:
            chosen = getattr(subtable, "alternates", None) or subtable.mapping
            found |= {k: v if isinstance(v, list) else [v] for k, v in chosen.items()}
    return [[font.getGlyphID(k), [font.getGlyphID(n) for n in v]] for k, v in found.items()]


if __name__ == "__main__":
    main()
