"""What a tagged PDF must hold, checked on the finished file without any of the code that wrote it.

`problems(pdf)` names everything that is amiss; the rules are the machine-checkable part of PDF/UA-1
(ISO 14289-1) that concerns files without links, images, widgets and annotations.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from typing import Any

import pikepdf

PAINT = {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "Tj", "TJ", "'", '"', "sh", "Do", "EI"}
KINDS = {
    "Document", "H1", "H2", "H3", "P", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD",
    "Figure", "Formula", "Form", "Span",
}  # fmt: skip
INSIDE = {"TR": {"Table"}, "TH": {"TR"}, "TD": {"TR"}, "LI": {"L"}, "LBody": {"LI"}}
SPOKEN = {"Figure", "Formula", "Form"}


def problems(pdf: bytes) -> list[str]:
    """Everything that is amiss in a file."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return [
            *(f"syntax: {text}" for text in file.check_pdf_syntax()),
            *_of_catalog(file),
            *_of_structure(file),
            *_of_ownership(file),
            *(text for page in file.pages for text in _of_page(page.obj)),
            *_of_fonts(file),
        ]


def elements(file: pikepdf.Pdf) -> Iterator[tuple[Any, Any]]:
    """All elements with their parents, in reading order."""

    def below(element: Any, parent: Any) -> Iterator[tuple[Any, Any]]:
        yield element, parent
        for kid in kids(element):
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield from below(kid, element)

    root = file.Root.StructTreeRoot
    for kid in kids(root):
        yield from below(kid, root)


def kids(element: Any) -> list[Any]:
    """What is in an element."""
    found = element.get("/K", pikepdf.Array())
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def kind(element: Any) -> str:
    """The type of an element, without its slash."""
    return str(element.S)[1:]


def contents(file: pikepdf.Pdf) -> Iterator[tuple[Any, tuple[tuple[int, int], int]]]:
    """Every marked sequence that the tree names: its element, its page's object and its id."""
    for element, _ in elements(file):
        for kid in kids(element):
            if isinstance(kid, pikepdf.Dictionary):
                if "/MCID" in kid:
                    yield element, (kid.Pg.objgen, int(kid.MCID))
            else:
                yield element, (element.Pg.objgen, int(kid))


def _of_catalog(file: pikepdf.Pdf) -> Iterator[str]:
    root = file.Root
    if not str(root.get("/Lang", "")):
        yield "no language"
    if not root.get("/MarkInfo", {}).get("/Marked", False):
        yield "not marked as tagged"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield "the title is not displayed"
    xmp = bytes(root.Metadata.read_bytes()).decode() if "/Metadata" in root else ""
    title = str(file.docinfo.get("/Title", ""))
    if not title or f">{_escaped(title)}</rdf:li></rdf:Alt></dc:title>" not in xmp:
        yield "the title is missing, or not the same in both places"
    if "<pdfuaid:part>1<" not in xmp:
        yield "PDF/UA is not claimed"
    if f"<rdf:li>{root.get('/Lang', '')}</rdf:li></rdf:Bag></dc:language>" not in xmp:
        yield "the language is not the same in both places"
    if re.search(r"Date|<xmp:Create", xmp) or any("Date" in key for key in file.docinfo):
        yield "a date"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _of_structure(file: pikepdf.Pdf) -> Iterator[str]:
    level = 0
    for element, parent in elements(file):
        name = kind(element)
        if name not in KINDS:
            yield f"{name} is no standard type"
        if element.P.objgen != parent.objgen:
            yield f"{name} does not know its parent"
        if name in INSIDE and kind(parent) not in INSIDE[name]:
            yield f"{name} inside {kind(parent)}"
        if name in SPOKEN and not str(element.get("/Alt", "")).strip():
            yield f"{name} without words for it"
        if name == "TH" and "/Scope" not in element.get("/A", {}):
            yield "TH without its scope"
        if name == "Form" and "/Role" not in element.get("/A", {}):
            yield "Form without a role"
        if name not in {"TD", "TH"} and not kids(element):
            yield f"an empty {name}"
        if name == "Document":
            level = 0
        if re.fullmatch("H[1-3]", name):
            if int(name[1]) > level + 1:
                yield f"{name} after level {level}"
            level = int(name[1])
        if name == "Table":
            yield from _of_table(element)


def _of_table(table: Any) -> Iterator[str]:
    lengths = {len(kids(row)) for row in kids(table)}
    if len(lengths) != 1:
        yield f"rows of {sorted(lengths)} cells in one table"
    if not any(kind(cell) == "TH" for row in kids(table) for cell in kids(row)):
        yield "a table without heads"


def _of_ownership(file: pikepdf.Pdf) -> Iterator[str]:
    rows = _parent_tree(file.Root.StructTreeRoot.ParentTree)
    owned: dict[tuple[tuple[int, int], int], list[Any]] = {}
    for element, place in contents(file):
        owned.setdefault(place, []).append(element)
    for page in file.pages:
        marked = [mcid for mcid in _marked(page.obj) if mcid is not None]
        if len(marked) != len(set(marked)):
            yield "an id is used twice on a page"
        row = rows.get(int(page.obj.get("/StructParents", -1)), [])
        if len(row) != len(marked):
            yield f"{len(marked)} sequences and {len(row)} owners"
        for mcid in marked:
            owners = owned.pop((page.obj.objgen, mcid), [])
            if len(owners) != 1:
                yield f"sequence {mcid} is {len(owners)} times in the tree"
            elif mcid < len(row) and row[mcid].objgen != owners[0].objgen:
                yield f"sequence {mcid} has another owner in the parent tree"
    if owned:
        yield "the tree names sequences that are on no page"


def _parent_tree(node: Any) -> dict[int, list[Any]]:
    found = {}
    for kid in node.get("/Kids", []):
        found |= _parent_tree(kid)
    numbers = list(node.get("/Nums", []))
    for key, row in zip(numbers[::2], numbers[1::2], strict=True):
        found[int(key)] = list(row)
    return found


def _marked(page: Any) -> Iterator[int | None]:
    """The ids of the marked sequences of a page that have one."""
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "BDC":
            yield operands[1].get("/MCID")


def _of_page(page: Any) -> Iterator[str]:
    if str(page.get("/Tabs", "")) != "/S":
        yield "the order of tabs is not that of the tree"
    marks: list[str] = []
    texts = 0
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in {"BDC", "BMC"}:
            inner = len(operands) == 2 and "/MCID" in operands[1]
            marks.append("tag" if inner else str(operands[0]))
            if inner and "/Artifact" in marks:
                yield "a tag inside an artifact"
        elif name == "EMC":
            if not marks:
                yield "a mark too many is closed"
                return
            marks.pop()
        elif name in PAINT and not {"tag", "/Artifact"} & set(marks):
            yield f"{name} paints what is neither tagged nor an artifact"
        texts += {"BT": 1, "ET": -1}.get(name, 0)
        if texts not in {0, 1}:
            yield "text objects are nested"
    if marks or texts:
        yield "a mark is left open"


def _of_fonts(file: pikepdf.Pdf) -> Iterator[str]:
    for page in file.pages:
        shown = glyphs_shown(page.obj)
        for name, font in page.obj.Resources.get("/Font", {}).items():
            yield from (
                f"{font.BaseFont}: {text}" for text in _of_font(font, shown.pop(name, set()))
            )
        for name in shown:
            yield f"{name} is no font of the page"


def glyphs_shown(page: Any) -> dict[str, set[int]]:
    """The glyph ids that a page shows, by the name of their font."""
    found: dict[str, set[int]] = {}
    font = ""
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            font = str(operands[0])
        elif str(operator) in {"Tj", "TJ"}:
            parts = operands if str(operator) == "Tj" else operands[0]
            for part in parts:
                if isinstance(part, pikepdf.String):
                    found.setdefault(font, set()).update(_codes(bytes(part)))
    return found


def _codes(text: bytes) -> tuple[int, ...]:
    return struct.unpack(f">{len(text) // 2}H", text)


def _of_font(font: Any, shown: set[int]) -> Iterator[str]:
    if font.Subtype != "/Type0" or font.Encoding != "/Identity-H":
        yield "not addressed by glyph"
        return
    if not re.match(r"/[A-Z]{6}\+", str(font.BaseFont)):
        yield "not named as a subset"
    inner = font.DescendantFonts[0]
    program = inner.FontDescriptor.get("/FontFile2")
    if program is None:
        yield "not embedded"
        return
    unicode = to_unicode(font)
    for code in shown:
        if not set(unicode.get(code, "\0")).isdisjoint("\0\ufffd\ufeff\ufffe"):
            yield f"no character for glyph {code}"
    advances = advances_of(bytes(program.read_bytes()))
    widths = _widths(inner.W)
    for code in shown:
        if code >= len(advances) or abs(advances[code] - widths.get(code, 1000.0)) > 1:
            yield f"the widths of glyph {code} differ"


def _widths(array: Any) -> dict[int, float]:
    found, items = {}, list(array)
    for first, row in zip(items[::2], items[1::2], strict=True):
        found |= {int(first) + i: float(width) for i, width in enumerate(row)}
    return found


def to_unicode(font: Any) -> dict[int, str]:
    """What the glyphs of a font stand for."""
    text = bytes(font.ToUnicode.read_bytes()).decode("ascii")
    pairs = re.findall(r"<([0-9A-F]{4})> <([0-9A-F]*)>", text.split("endcodespacerange")[1])
    return {int(code, 16): bytes.fromhex(value).decode("utf-16-be") for code, value in pairs}


def advances_of(program: bytes) -> list[float]:
    """The advances of all glyphs of a font program, in thousandths of an em."""
    count = struct.unpack_from(">H", program, 4)[0]
    rows = (struct.unpack_from(">4s4xLL", program, 12 + 16 * i) for i in range(count))
    at = {tag: start for tag, start, _ in rows}
    em = struct.unpack_from(">H", program, at[b"head"] + 18)[0]
    full = struct.unpack_from(">H", program, at[b"hhea"] + 34)[0]
    return [
        struct.unpack_from(">H", program, at[b"hmtx"] + 4 * i)[0] * 1000 / em for i in range(full)
    ]


def outline(file: pikepdf.Pdf) -> list[str]:
    """The tree as a reader says it: a line an element, with its own text or the words for it."""
    texts = {page.obj.objgen: sequences(page.obj) for page in file.pages}
    own: dict[tuple[int, int], str] = {}
    for element, (page, mcid) in contents(file):
        own[element.objgen] = own.get(element.objgen, "") + texts[page][mcid]
    depth = {file.Root.StructTreeRoot.objgen: -1}
    said = []
    for element, parent in elements(file):
        depth[element.objgen] = depth[parent.objgen] + 1
        words = str(element.get("/Alt", "")) or own.get(element.objgen, "")
        said.append(f"{'  ' * depth[element.objgen]}{kind(element)} {words}".rstrip())
    return said


def sequences(page: Any) -> dict[int, str]:
    """What is copied from every marked sequence of a page; that of an artifact is under -1."""
    fonts = {name: to_unicode(font) for name, font in page.Resources.get("/Font", {}).items()}
    found: dict[int, str] = {}
    marks: list[tuple[int, bool]] = []  # whose text it is, and whether a text stands for it
    font: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        mcid, replaced = marks[-1] if marks else (-1, False)
        if name in {"BDC", "BMC"}:
            entries = operands[1] if len(operands) == 2 else pikepdf.Dictionary()
            mcid = int(entries.get("/MCID", mcid))
            found.setdefault(mcid, "")
            found[mcid] += str(entries.get("/ActualText", ""))
            marks.append((mcid, replaced or "/ActualText" in entries))
        elif name == "EMC":
            marks.pop()
        elif name == "Tf":
            font = fonts[str(operands[0])]
        elif name in {"Tj", "TJ"} and not replaced:
            parts = operands if name == "Tj" else operands[0]
            codes = [c for p in parts if isinstance(p, pikepdf.String) for c in _codes(bytes(p))]
            found[mcid] = found.get(mcid, "") + "".join(font[code] for code in codes)
    return found


def strings(pdf: bytes) -> str:
    """All that a file says anywhere: texts of its pages, words for its elements, information."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        pages = [text for page in file.pages for text in sequences(page.obj).values()]
        objects = [text for thing in file.objects for text in _strings_in(thing)]
        return "\n".join([*pages, *objects, bytes(file.Root.Metadata.read_bytes()).decode()])


def _strings_in(thing: Any) -> Iterator[str]:
    """The texts in an object, but not those of the objects that it refers to."""
    if isinstance(thing, pikepdf.String):
        yield str(thing)
    elif isinstance(thing, pikepdf.Array):
        for part in thing:
            if not getattr(part, "is_indirect", False):
                yield from _strings_in(part)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        for key in thing.keys():  # noqa: SIM118 - no dict
            if not getattr(thing[key], "is_indirect", False):
                yield from _strings_in(thing[key])
