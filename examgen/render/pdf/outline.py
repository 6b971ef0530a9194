"""Bookmarks: the questions of an exam, or in a file of many exams whose each of them is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from examgen.render.pdf.file import PackedDocument
from examgen.render.pdf.operators import text_string
from examgen.render.pdf.painted import Painted


@dataclass(frozen=True, slots=True)
class _Entry:
    """A bookmark: what it says, the object number of its page, and how high on it, in points."""

    text: str
    page: int
    top: float


class Outline:
    """The bookmarks of a file while documents are added to it."""

    def __init__(self) -> None:
        """None yet."""
        self._documents: list[_Entry] = []
        self._questions: list[_Entry] = []  # of the first document

    def add(self, document: Painted, pages: Sequence[int]) -> None:
        """Note a document whose pages have these object numbers."""
        if not self._documents:
            headings = document.headings
            self._questions = [_Entry(text, pages[at], top) for text, at, top in headings]
        text = document.owner or document.title
        self._documents.append(_Entry(text, pages[0], document.height))

    def write(self, file: PackedDocument) -> int:
        """Write the bookmarks and give the number of their root; 0 where there are none."""
        entries = self._documents if len(self._documents) > 1 else self._questions
        if not entries:
            return 0
        root, *numbers = file.reserve(len(entries) + 1)
        head = (
            f"<</Type/Outlines/First {numbers[0]} 0 R/Last {numbers[-1]} 0 R/Count {len(entries)}>>"
        )
        items = [_item(entry, root, numbers, at) for at, entry in enumerate(entries)]
        texts = zip([root, *numbers], [head, *items], strict=True)
        file.pack([(number, text.encode("latin-1")) for number, text in texts])
        return root


def _item(entry: _Entry, root: int, numbers: Sequence[int], at: int) -> str:
    """An entry of the list (ISO 32000-1, 12.3.3), which goes to its place at the reader's zoom."""
    before = f"/Prev {numbers[at - 1]} 0 R" if at else ""
    after = f"/Next {numbers[at + 1]} 0 R" if at + 1 < len(numbers) else ""
    place = f"[{entry.page} 0 R/XYZ null {entry.top:g} null]"
    return f"<</Title{text_string(entry.text)}/Parent {root} 0 R{before}{after}/Dest{place}>>"
