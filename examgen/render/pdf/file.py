"""ReportLab's document, written with object streams (PDF 1.7): tags take a tenth of the room.

What ReportLab numbers and references stays as it is; only the last step differs. ISO 32000-1,
7.5.7 and 7.5.8, has the form of object streams and of the stream that takes the place of the
cross-reference table.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from hashlib import md5
from typing import Any

from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFDocument, PDFObject, PDFStream

_LEVEL = 6
_IN_A_STREAM = 250  # objects; a reader unpacks all for one
_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"

Entry = tuple[int, int, int]  # of the cross-reference stream


class Raw(PDFObject):  # type: ignore[misc]
    """An object whose text is written by ourselves, on a number of its own."""

    __RefOnly__ = 1

    def __init__(self, text: str = "") -> None:
        """An object whose text may follow later."""
        self.text = text

    def format(self, _document: object) -> bytes:
        """The text as it stands."""
        return self.text.encode("latin-1")


class PackedDocument(PDFDocument):  # type: ignore[misc]
    """A PDF document whose small objects are compressed together."""

    def __init__(self, language: str) -> None:
        """An empty document; the same content will give the same bytes."""
        super().__init__(compression=1, invariant=1, pdfVersion=(1, 7), lang=language)
        self._packed: dict[int, tuple[Any, int]] = {}  # number: stream and place in it

    def number(self, thing: object) -> int:
        """The object number of a thing, which is registered where it is new."""
        reference = self.Reference(thing)
        return int(self.idToObjectNumberAndVersion[reference.name][0])

    def reserve(self, count: int) -> range:
        """Object numbers for `pack`."""
        first = self.objectcounter + 1
        self.objectcounter += count
        return range(first, first + count)

    def pack(self, objects: Sequence[tuple[int, str]]) -> None:
        """Write small objects under reserved numbers; they are compressed at once."""
        for start in range(0, len(objects), _IN_A_STREAM):
            some = objects[start : start + _IN_A_STREAM]
            encoded = [(number, text.encode("latin-1")) for number, text in some]
            stream = _object_stream(encoded)
            self.number(stream)
            self._packed |= {number: (stream, i) for i, (number, _) in enumerate(encoded)}

    def stream(self, data: bytes, entries: str = "") -> int:
        """Write a stream and give its number."""
        return self.number(deflated(data, entries))

    def format(self) -> bytes:
        """The bytes of the whole file; called by ReportLab when all is there."""
        self._pack_the_rest()
        parts, entries, at = [_HEADER], dict[int, Entry](), len(_HEADER)
        for number, name in sorted(self.numberToId.items()):
            if number not in self._packed:
                body = pdfdoc.format(self.idToObject[name], self, toplevel=1)
                parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, body))
                entries[number] = 1, at, 0
                at += len(parts[-1])
        for number, (stream, index) in self._packed.items():
            entries[number] = 2, self.number(stream), index
        return b"".join([*parts, self._references(entries, at, md5_of(parts))])

    def _pack_the_rest(self) -> None:
        """Put what is left into object streams; formatting one thing may register another."""
        done, small = set(self._packed), list[tuple[int, str]]()
        while open_ := sorted(set(self.numberToId) - done):
            for number in open_:
                thing = self.idToObject[self.numberToId[number]]
                if not isinstance(thing, PDFStream):
                    small.append((number, pdfdoc.format(thing, self, toplevel=1).decode("latin-1")))
            done.update(open_)
        self.pack(small)

    def _references(self, entries: dict[int, Entry], start: int, digest: str) -> bytes:
        number = self.objectcounter + 1
        entries[number] = 1, start, 0
        rows = [entries.get(n, (0, 0, 65535)) for n in range(number + 1)]
        root, info = self.number(self.Catalog), self.number(self.info)
        fields = (
            f"/Type/XRef/W[1 4 2]/Size {number + 1}/Root {root} 0 R/Info {info} 0 R"
            f"/ID[<{digest}><{digest}>]/DecodeParms<</Predictor 12/Columns 7>>"
        )
        body = pdfdoc.format(deflated(_predicted(rows), fields), self, toplevel=1)
        return b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (number, body, start)


class _Written(PDFStream):  # type: ignore[misc]
    """A stream whose bytes are as they are written."""

    def __init__(self, data: bytes, entries: str) -> None:
        super().__init__(PDFDictionary(), data)
        self._entries = entries

    def format(self, _document: object) -> bytes:
        head = f"<<{self._entries}/Length {len(self.content)}>>\nstream\n"
        return b"%b%b\nendstream" % (head.encode("latin-1"), self.content)


def deflated(data: bytes, entries: str = "") -> PDFStream:
    """A compressed stream with further entries in its dictionary."""
    return _Written(zlib.compress(data, _LEVEL), f"/Filter/FlateDecode{entries}")


def raw_stream(data: bytes, entries: str) -> PDFStream:
    """A stream of bytes as they are."""
    return _Written(data, entries)


def md5_of(parts: Iterable[bytes]) -> str:
    """The name of a content, for the identifier of a file."""
    digest = md5(usedforsecurity=False)
    for part in parts:
        digest.update(part)
    return digest.hexdigest().upper()


def _object_stream(objects: Sequence[tuple[int, bytes]]) -> PDFStream:
    places, at = [], 0
    for number, text in objects:
        places.append(b"%d %d" % (number, at))
        at += len(text) + 1
    head = b" ".join(places) + b"\n"
    body = b"\n".join(text for _, text in objects)
    return deflated(head + body, f"/Type/ObjStm/N {len(objects)}/First {len(head)}")


def _predicted(rows: Iterable[Entry]) -> bytes:
    """Rows of seven bytes less the row above (PNG's Up): neighbours differ little."""
    table = b"".join(
        kind.to_bytes(1, "big") + place.to_bytes(4, "big") + index.to_bytes(2, "big")
        for kind, place, index in rows
    )
    less = bytes((a - b) & 255 for a, b in zip(table, bytes(7) + table, strict=False))
    return b"".join(b"\2" + less[at : at + 7] for at in range(0, len(less), 7))
