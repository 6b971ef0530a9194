"""Documents put into one file: pages, their tags, the fonts that they share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from examgen.render.blocks import Document, Page
from examgen.render.pdf.faces import resource
from examgen.render.pdf.file import PackedDocument, Raw
from examgen.render.pdf.fonts import add_font
from examgen.render.pdf.metadata import catalog, information, xmp
from examgen.render.pdf.operators import text_string
from examgen.render.pdf.page import Painter, Sheet
from examgen.render.pdf.tags import Element, structure
from examgen.typeset import Face

Target = Path | str | BinaryIO


def write(documents: Iterable[Document], target: Target) -> None:
    """Write documents one after the other into one file with shared fonts.

    The file's title, language and subject are those of the first document. Each is written before
    the next one is asked for; a file at a path is there only when all of it is.
    """
    if not isinstance(target, Path | str):
        _write(documents, target)
        return
    path = Path(target)
    try:
        with path.open("wb") as out:
            _write(documents, out)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _write(documents: Iterable[Document], out: BinaryIO) -> None:
    writer: _Writer | None = None
    for document in documents:
        writer = writer or _Writer(document, out)
        writer.add(document)
    assert writer is not None, "bug: nothing to print"
    writer.finish()


class _Writer:
    """A file while documents are added to it."""

    def __init__(self, first: Document, out: BinaryIO) -> None:
        self._first = first
        self._file = PackedDocument(out, first.language)
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
        self._file.pack([(n, text.encode("latin-1")) for n, text in [*pages, *elements]])
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

    def finish(self) -> None:
        """Write what all pages share; nothing can be added after it."""
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
        metadata = self._file.plain_stream(xmp(self._first), "/Type/Metadata/Subtype/XML")
        pages, _, structure = self._shared
        root = Raw(catalog(self._first, pages, structure, metadata))
        self._file.close(root, Raw(information(self._first)))


def _list(numbers: Iterable[int]) -> str:
    return " ".join(f"{number} 0 R" for number in numbers)
