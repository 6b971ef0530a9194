"""The structure tree of a tagged PDF: what is read out, in which order, and as what.

ISO 32000-1, 14.7 and 14.8, has its form, ISO 14289-1 (PDF/UA) what it must hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Content(NamedTuple):
    """A marked sequence: the place of its page in the document, and its id there."""

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


class Node(NamedTuple):
    """An element among those of its document, by their places in reading order.

    parent: of the root -1. page: the first that it has content on, -1 for none.
    kids: places of elements, and marked sequences.
    """

    kind: str
    entries: str
    parent: int
    page: int
    kids: tuple[int | Content, ...]


def nodes(root: Element) -> list[Node]:
    """The elements of a tree in reading order, each before what is in it."""
    _prune(root)
    order: list[Element] = []
    _collect(root, order)
    places = {id(element): place for place, element in enumerate(order)}
    parents = {id(kid): places[id(each)] for each in order for kid in each.kids}
    return [_node(each, parents.get(id(each), -1), places) for each in order]


def _node(element: Element, parent: int, places: Mapping[int, int]) -> Node:
    page = next((kid.page for kid in element.kids if isinstance(kid, Content)), -1)
    kids = (kid if isinstance(kid, Content) else places[id(kid)] for kid in element.kids)
    return Node(element.kind, element.entries, parent, page, tuple(kids))


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of objects in a file: of whose kid the root is, of the first page and the first
    element of a document, whose others follow."""

    parent: int
    page: int
    element: int


def structure(found: Sequence[Node], at: Numbers, pages: int, first: int) -> list[str]:
    """The objects of a document's elements, the root's first, and at the end the leaf of the parent
    tree, which tells who owns what on its pages.

    pages: how many there are. first: the place of the first one in the parent tree.
    """
    return [*(_text(node, at) for node in found), _leaf(found, at, pages, first)]


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


def _text(node: Node, at: Numbers) -> str:
    kids = [_kid(kid, node, at) for kid in node.kids]
    parent = at.parent if node.parent < 0 else at.element + node.parent
    page = "" if node.page < 0 else f"/Pg {at.page + node.page} 0 R"
    inner = f"/K[{' '.join(kids)}]" if len(kids) != 1 else f"/K {kids[0]}"
    return f"<</S/{node.kind}/P {parent} 0 R{page}{node.entries}{inner if kids else ''}>>"


def _kid(kid: int | Content, node: Node, at: Numbers) -> str:
    if isinstance(kid, int):
        return f"{at.element + kid} 0 R"
    if kid.page == node.page:
        return str(kid.id)
    return f"<</Type/MCR/Pg {at.page + kid.page} 0 R/MCID {kid.id}>>"


def _leaf(found: Sequence[Node], at: Numbers, pages: int, first: int) -> str:
    owners: list[dict[int, int]] = [{} for _ in range(pages)]
    for number, node in enumerate(found, start=at.element):
        for kid in node.kids:
            if isinstance(kid, Content):
                owners[kid.page][kid.id] = number
    rows = []
    for key, owned in enumerate(owners, start=first):
        row = " ".join(f"{number} 0 R" for _, number in sorted(owned.items()))
        rows.append(f"{key}[{row}]")
    return f"<</Limits[{first} {first + pages - 1}]/Nums[{''.join(rows)}]>>"
