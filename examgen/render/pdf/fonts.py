"""Font dictionaries: a face addressed by glyph id, its used glyphs embedded as one subset."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from hashlib import md5

from examgen.render.pdf.faces import UNKNOWN, file_of, subset, texts
from examgen.render.pdf.file import PackedDocument, Raw, compressed
from examgen.render.pdf.truetype import gaps
from examgen.typeset import Face

_SYMBOLIC, _ITALIC = 4, 64  # flags of a descriptor
_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{entries}
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


def add_font(document: PackedDocument, face: Face, glyphs: frozenset[int]) -> int:
    """Write a face with these glyphs and give its object's number."""
    name = f"{_tag(face, glyphs)}+{face}"
    unicode = document.stream(_packed_unicode(face, glyphs), deflated=True)
    descendant = document.number(Raw(_descendant(document, face, glyphs, name)))
    return document.number(
        Raw(
            f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
            f"/DescendantFonts[{descendant} 0 R]/ToUnicode {unicode} 0 R>>"
        )
    )


def _descendant(document: PackedDocument, face: Face, glyphs: frozenset[int], name: str) -> str:
    return (
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDToGIDMap/Identity"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        f"/FontDescriptor {_descriptor(document, face, glyphs, name)} 0 R"
        f"/DW 1000/W{widths(face, glyphs)}>>"
    )


def _descriptor(document: PackedDocument, face: Face, glyphs: frozenset[int], name: str) -> int:
    data, length = subset(face, glyphs)
    program = document.stream(data, f"/Length1 {length}", deflated=True)
    found = file_of(face).metrics()
    flags = _SYMBOLIC | (_ITALIC if found.angle else 0)
    bounds = " ".join(map(str, found.bounds))
    return document.number(
        Raw(
            f"<</Type/FontDescriptor/FontName/{name}/Flags {flags}/FontBBox[{bounds}]"
            f"/ItalicAngle {found.angle:g}/Ascent {found.ascent}/Descent {found.descent}"
            f"/CapHeight {found.cap_height}/StemV {_stem(found.weight)}/FontFile2 {program} 0 R>>"
        )
    )


def _stem(weight: int) -> int:
    """The width of stems, as it is commonly guessed from a face's weight."""
    return round(50 + (weight / 65) ** 2)


def _tag(face: Face, glyphs: Iterable[int]) -> str:
    """Six capitals that tell one subset from another."""
    text = f"{face} {sorted(glyphs)}".encode()
    digest = md5(text, usedforsecurity=False).digest()
    return "".join(chr(65 + byte % 26) for byte in digest[:6])


def widths(face: Face, glyphs: Iterable[int]) -> str:
    """The advances of glyphs as the W array of a font."""
    width = file_of(face).width
    rows = (f"{run[0]}[{' '.join(f'{width(g):g}' for g in run)}]" for run in gaps(glyphs))
    return f"[{''.join(rows)}]"


def to_unicode(face: Face, glyphs: Iterable[int]) -> str:
    """The CMap that tells what every glyph stands for; a ligature for several characters."""
    known = texts(face)
    rows = [f"<{g:04X}> <{_utf16(known.get(g, UNKNOWN))}>" for g in sorted(glyphs)]
    blocks = [rows[i : i + 100] for i in range(0, len(rows), 100)]
    entries = (f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar" for b in blocks)
    return _CMAP.format(entries="\n".join(entries))


@lru_cache(maxsize=256)
def _packed_unicode(face: Face, glyphs: frozenset[int]) -> bytes:
    return compressed(to_unicode(face, glyphs).encode("ascii"))


def _utf16(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()
