"""Documents put into one file: pages, their tags, the fonts that they share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from examgen.render.blocks import Document
from examgen.render.pdf.faces import resource
from examgen.render.pdf.file import PackedDocument, Raw
from examgen.render.pdf.fonts import add_font
from examgen.render.pdf.metadata import catalog, information, xmp
from examgen.render.pdf.operators import text_string
from examgen.render.pdf.outline import Outline
from examgen.render.pdf.painted import Painted, paint
from examgen.render.pdf.tags import Node, Numbers, structure
from examgen.typeset import Face

Target = Path | str | BinaryIO


def write(documents: Iterable[Document | Painted], target: Target) -> None:
    """Write documents one after the other into one file with shared fonts.

    The file's title, language and subject are those of the first document. Each is written before
    the next one is asked for; a file at a path is there only when all of it is.
    """
    with opened(target) as add:
        for document in documents:
            add(document if isinstance(document, Painted) else paint(document))


@contextmanager
def opened(target: Target) -> Iterator[Callable[[Painted], None]]:
    """A file that takes one document after the other; see `write`."""
    if not isinstance(target, Path | str):
        with _binding(target) as add:
            yield add
        return
    path = Path(target)
    try:
        with path.open("wb") as out, _binding(out) as add:
            yield add
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@contextmanager
def _binding(out: BinaryIO) -> Iterator[Callable[[Painted], None]]:
    writer: _Writer | None = None

    def add(document: Painted) -> None:
        nonlocal writer
        writer = writer or _Writer(document, out)
        writer.add(document)

    yield add
    assert writer is not None, "bug: nothing to print"
    writer.finish()


class _Writer:
    """A file while documents are added to it."""

    def __init__(self, first: Painted, out: BinaryIO) -> None:
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
        self._outline = Outline()

    def add(self, document: Painted) -> None:
        """Write the pages of a document, and its elements."""
        first = len(self._kids)
        numbers = self._file.reserve(len(document.contents))
        contents = enumerate(document.contents, start=first)
        pages = [self._page(document, content, place) for place, content in contents]
        *places, leaf = self._file.reserve(len(document.nodes) + 1)
        at = Numbers(self._shared[2], numbers[0], places[0])
        texts = structure(self._labelled(document), at, len(pages), first)
        self._pack([*numbers, *places, leaf], [*pages, *texts])
        self._outline.add(document, numbers)
        self._kids += numbers
        self._roots.append(places[0])
        self._leaves.append(leaf)
        for face, ids in document.glyphs:
            self._glyphs.setdefault(face, set()).update(ids)

    def _labelled(self, document: Painted) -> Sequence[Node]:
        """Its elements, the root with its language where that is not the file's."""
        if document.language == self._first.language:
            return document.nodes
        root, *others = document.nodes
        return [root._replace(entries=f"/Lang{text_string(document.language)}"), *others]

    def _pack(self, numbers: Sequence[int], texts: Sequence[str]) -> None:
        found = zip(numbers, texts, strict=True)
        self._file.pack([(number, text.encode("latin-1")) for number, text in found])

    def _page(self, document: Painted, data: bytes, place: int) -> str:
        content = self._file.stream(data, deflated=True)
        pages, resources, _ = self._shared
        return (
            f"<</Type/Page/Parent {pages} 0 R/Resources {resources} 0 R/Contents {content} 0 R"
            f"/MediaBox[0 0 {document.width:g} {document.height:g}]/Tabs/S"
            f"/StructParents {place}>>"
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
        outline = self._outline.write(self._file)
        root = Raw(catalog(self._first, pages, structure, metadata, outline))
        self._file.close(root, Raw(information(self._first)))


def _list(numbers: Iterable[int]) -> str:
    return " ".join(f"{number} 0 R" for number in numbers)
