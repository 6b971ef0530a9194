"""A document as it is put into files: painted once, whichever numbers its objects get there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from examgen.render.blocks import Document, Page
from examgen.render.pdf.file import compressed
from examgen.render.pdf.operators import Glyphs
from examgen.render.pdf.page import Painter, Sheet
from examgen.render.pdf.tags import Element, Node, nodes


@dataclass(frozen=True, slots=True)
class Painted:
    """The pages of a document, ready to be written; it survives pickling.

    contents: the compressed operators of each page. nodes: its elements, the root first.
    glyphs: what is shown of each face. headings: the bookmarks of its questions, each with the
    place of its page and its height there in points. owner: its own among other documents.
    """

    title: str
    language: str
    subject: str
    width: float
    height: float
    contents: tuple[bytes, ...]
    nodes: tuple[Node, ...]
    glyphs: Glyphs
    headings: tuple[tuple[str, int, float], ...] = ()
    owner: str = ""


def paint(document: Document) -> Painted:
    """Draw and tag the pages of a document."""
    root = Element("Document")
    painter = Painter(root, document.language)
    sheets = [
        _sheet(document, page, painter, Sheet(place)) for place, page in enumerate(document.pages)
    ]
    return Painted(
        document.title,
        document.language,
        document.subject,
        document.width,
        document.height,
        tuple(compressed("\n".join(sheet.code).encode("latin-1")) for sheet in sheets),
        tuple(nodes(root)),
        _glyphs(sheets),
        tuple(_headings(document)),
        document.owner,
    )


def _headings(document: Document) -> Iterator[tuple[str, int, float]]:
    """The headings that say in words what they are."""
    for place, page in enumerate(document.pages):
        for y, block in page.blocks:
            if block.role == "H2" and block.alternative:
                yield block.alternative, place, document.height - document.top - y


def _sheet(document: Document, page: Page, painter: Painter, sheet: Sheet) -> Sheet:
    top = document.height - document.top
    for y, block in page.blocks:
        painter.block(sheet, block, document.left, top - y)
    for mark in page.furniture:
        sheet.ink(None, mark, document.left + mark.x, top - mark.y)
    return sheet


def _glyphs(sheets: Sequence[Sheet]) -> Glyphs:
    faces = dict.fromkeys(face for sheet in sheets for face in sheet.glyphs)
    return tuple(
        (face, frozenset().union(*(sheet.glyphs.get(face, ()) for sheet in sheets)))
        for face in faces
    )
