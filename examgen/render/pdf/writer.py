"""Documents put into one file: pages, their tags, the fonts that they share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from examgen.render.blocks import Document, Page
from examgen.render.pdf.faces import resource
from examgen.render.pdf.file import PackedDocument, Raw, raw_stream
from examgen.render.pdf.fonts import add_font
from examgen.render.pdf.metadata import catalog, information, xmp
from examgen.render.pdf.operators import text_string
from examgen.render.pdf.page import Painter, Sheet
from examgen.render.pdf.tags import Element, structure
from examgen.typeset import Face

Target = Path | str | BinaryIO


def write(documents: Iterable[Document], target: Target) -> None:
    """Write documents one after the other into one file with shared fonts.

    The file's title, language and subject are those of the first document.
    """
    data = pdf(documents)
    if isinstance(target, Path | str):
        Path(target).write_bytes(data)
    else:
        target.write(data)


def pdf(documents: Iterable[Document]) -> bytes:
    """The bytes of a file that holds the documents."""
    writer: _Writer | None = None
    for document in documents:
        writer = writer or _Writer(document)
        writer.add(document)
    assert writer is not None, "bug: nothing to print"
    return writer.finished()


class _Writer:
    """A file while documents are added to it."""

    def __init__(self, first: Document) -> None:
        self._first = first
        self._file = PackedDocument(first.language)
        self._pages, self._resources, self._structure = Raw(), Raw(), Raw()
        self._shared = [
            self._file.number(each) for each in (self._pages, self._resources, self._structure)
        ]
        self._kids: list[int] = []  # pages
        self._roots: list[int] = []  # a tree of elements for each document
        self._leaves: list[int] = []  # and who owns what on its pages
        self._glyphs: dict[Face, set[int]] = {}

    def add(self, document: Document) -> None:
        """Write the pages of a document, and its elements."""
        language = document.language
        other = language != self._first.language
        root = Element("Document", f"/Lang{text_string(language)}" if other else "")
        painter, first = Painter(root, language), len(self._kids)
        numbers = self._file.reserve(len(document.pages))
        pages = []
        for number, page in zip(numbers, document.pages, strict=True):
            pages.append((number, self._page(document, page, painter, Sheet(number))))
            self._kids.append(number)
        places = {number: first + i for i, number in enumerate(numbers)}
        elements = structure(self._file, root, self._shared[2], places)
        self._file.pack([*pages, *elements])
        self._roots.append(elements[0][0])
        self._leaves.append(elements[-1][0])

    def _page(self, document: Document, page: Page, painter: Painter, sheet: Sheet) -> str:
        top = document.height - document.top
        for y, block in page.blocks:
            painter.block(sheet, block, document.left, top - y)
        for mark in page.furniture:
            sheet.ink(None, mark, document.left + mark.x, top - mark.y)
        for face, ids in sheet.glyphs.items():
            self._glyphs.setdefault(face, set()).update(ids)
        content = self._file.stream("\n".join(sheet.code).encode("latin-1"))
        pages, resources, _ = self._shared
        return (
            f"<</Type/Page/Parent {pages} 0 R/Resources {resources} 0 R/Contents {content} 0 R"
            f"/MediaBox[0 0 {document.width:g} {document.height:g}]/Tabs/S"
            f"/StructParents {len(self._kids)}>>"
        )

    def finished(self) -> bytes:
        """The bytes of the file; nothing can be added after it."""
        self._pages.text = f"<</Type/Pages/Count {len(self._kids)}/Kids[{_list(self._kids)}]>>"
        fonts = (
            f"/{resource(face)} {add_font(self._file, face, frozenset(glyphs))} 0 R"
            for face, glyphs in sorted(self._glyphs.items())
        )
        self._resources.text = f"<</Font<<{''.join(fonts)}>>>>"
        self._structure.text = (
            f"<</Type/StructTreeRoot/K[{_list(self._roots)}]"
            f"/ParentTree<</Kids[{_list(self._leaves)}]>>/ParentTreeNextKey {len(self._kids)}>>"
        )
        metadata = self._file.number(raw_stream(xmp(self._first), "/Type/Metadata/Subtype/XML"))
        pages, _, structure = self._shared
        self._file.Catalog = Raw(catalog(self._first, pages, structure, metadata))
        self._file.info = Raw(information(self._first))
        self._file.number(self._file.Catalog)
        self._file.number(self._file.info)
        return self._file.format()


def _list(numbers: Iterable[int]) -> str:
    return " ".join(f"{number} 0 R" for number in numbers)
