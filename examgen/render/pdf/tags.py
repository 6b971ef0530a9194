"""The structure tree of a tagged PDF: what is read out, in which order, and as what.

ISO 32000-1, 14.7 and 14.8, has its form, ISO 14289-1 (PDF/UA) what it must hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from examgen.render.pdf.file import PackedDocument


@dataclass(frozen=True, slots=True)
class Content:
    """A marked sequence: the object number of its page and its id there."""

    page: int
    id: int


@dataclass(slots=True)
class Element:
    """An element and what is in it; entries are further ones of its dictionary."""

    kind: str
    entries: str = ""
    kids: list[Element | Content] = field(default_factory=list)

    def child(self, kind: str, entries: str = "") -> Element:
        """A new element at the end of this one."""
        made = Element(kind, entries)
        self.kids.append(made)
        return made


def structure(
    document: PackedDocument, root: Element, parent: int, pages: Mapping[int, int]
) -> list[tuple[int, str]]:
    """The objects of a tree of elements below the parent: the root's first, and at the end the
    leaf of the parent tree, which tells who owns what on the pages.

    pages: the place in the parent tree of each page, by its object number.
    """
    _prune(root)
    order: list[Element] = []
    _collect(root, order)
    *numbers, last = document.reserve(len(order) + 1)
    number_of = {id(element): number for element, number in zip(order, numbers, strict=True)}
    parents = {id(kid): number_of[id(each)] for each in order for kid in each.kids}
    texts = (_text(each, parents.get(id(each), parent), number_of) for each in order)
    return [*zip(numbers, texts, strict=True), (last, _leaf(order, number_of, pages))]


def _prune(element: Element) -> bool:
    """Take elements out that hold nothing, but no cells; give rows as many cells; tell what is
    left."""
    element.kids = [kid for kid in element.kids if isinstance(kid, Content) or _prune(kid)]
    if element.kind == "Table":
        _pad(element)
    return bool(element.kids) or element.kind in {"TD", "TH"}


def _pad(table: Element) -> None:
    rows = [kid for kid in table.kids if isinstance(kid, Element)]
    most = max((len(row.kids) for row in rows), default=0)
    for row in rows:
        row.kids += [Element("TD") for _ in range(most - len(row.kids))]


def _collect(element: Element, order: list[Element]) -> None:
    """Elements in reading order, each before what is in it."""
    order.append(element)
    for kid in element.kids:
        if isinstance(kid, Element):
            _collect(kid, order)


def _text(element: Element, parent: int, number_of: Mapping[int, int]) -> str:
    own = next((kid.page for kid in element.kids if isinstance(kid, Content)), 0)
    kids = [_kid(kid, own, number_of) for kid in element.kids]
    page = f"/Pg {own} 0 R" if own else ""
    inner = f"/K[{' '.join(kids)}]" if len(kids) != 1 else f"/K {kids[0]}"
    return f"<</S/{element.kind}/P {parent} 0 R{page}{element.entries}{inner if kids else ''}>>"


def _kid(kid: Element | Content, page: int, number_of: Mapping[int, int]) -> str:
    if isinstance(kid, Element):
        return f"{number_of[id(kid)]} 0 R"
    if kid.page == page:
        return str(kid.id)
    return f"<</Type/MCR/Pg {kid.page} 0 R/MCID {kid.id}>>"


def _leaf(order: Sequence[Element], number_of: Mapping[int, int], pages: Mapping[int, int]) -> str:
    """The leaf of the parent tree for these pages: the owner of every marked sequence."""
    owners: dict[int, dict[int, int]] = {page: {} for page in pages}
    for element in order:
        for kid in element.kids:
            if isinstance(kid, Content):
                owners[kid.page][kid.id] = number_of[id(element)]
    rows = []
    for page, key in pages.items():
        row = " ".join(f"{number} 0 R" for _, number in sorted(owners[page].items()))
        rows.append(f"{key}[{row}]")
    places = list(pages.values())
    return f"<</Limits[{places[0]} {places[-1]}]/Nums[{''.join(rows)}]>>"
