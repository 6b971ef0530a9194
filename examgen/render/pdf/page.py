"""Blocks drawn and tagged: each mark becomes marked content of the element that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field

from examgen.render.blocks import Block, Frame, Grey, Mark, Role, Zoomed
from examgen.render.pdf import alternatives
from examgen.render.pdf.operators import Glyphs, Piece, frame_code, pieces, scene_drawing
from examgen.render.pdf.tags import Content, Element
from examgen.typeset import Box, Face

_SCOPE = "/A<</O/Table/Scope/{}>>"


@dataclass(slots=True)
class Sheet:
    """The content of one page while it is being written; number: its place in the document."""

    number: int
    code: list[str] = field(default_factory=list)
    glyphs: dict[Face, set[int]] = field(default_factory=dict)
    marked: int = 0

    def add(self, element: Element | None, code: str, used: Glyphs = ()) -> None:
        """Draw what belongs to an element, or to none."""
        for face, ids in used:
            self.glyphs.setdefault(face, set()).update(ids)
        if element is None:
            self.code.append(f"/Artifact BMC\n{code}\nEMC")
            return
        self.code.append(f"/{element.kind}<</MCID {self.marked}>>BDC\n{code}\nEMC")
        element.kids.append(Content(self.number, self.marked))
        self.marked += 1

    def ink(self, element: Element | None, mark: Mark, x: float, y: float) -> None:
        """Draw a mark at (x, y) as one thing."""
        code, used = _drawn(mark, x, y)
        if code:
            self.add(element, code, used)


def _drawn(mark: Mark, x: float, y: float) -> tuple[str, Glyphs]:
    if isinstance(mark.ink, Frame):
        return frame_code(mark.ink, x, y), ()
    scene = alternatives.scene_of(mark)
    if scene is not None:
        code, used = scene_drawing(scene)
        return f"q {_matrix(mark.ink, x, y)} cm\n{code}\nQ", used
    box, grey = _type(mark)
    found = pieces(box)
    code = "\n".join(piece.code(x, y) for piece in found)
    return _shaded(code, grey), tuple(used for piece in found for used in piece.glyphs)


def _matrix(ink: object, x: float, y: float) -> str:
    """What brings a figure to the page with its lower left corner, turned or not, at (x, y)."""
    scale = ink.scale if isinstance(ink, Zoomed) else 1.0
    if isinstance(ink, Zoomed) and ink.turned:
        return f"0 {scale:g} {-scale:g} 0 {x + ink.size[0]:.2f} {y:.2f}"
    return f"{scale:g} 0 0 {scale:g} {x:.2f} {y:.2f}"


def _type(mark: Mark) -> tuple[Box, float]:
    """The set type of a mark, and its grey."""
    if isinstance(mark.ink, Grey):
        return mark.ink.box, mark.ink.grey
    assert isinstance(mark.ink, Box), f"bug: {mark.ink} is no type"
    return mark.ink, 0.0


def _shaded(code: str, grey: float) -> str:
    return f"{grey:g} g {code} 0 g" if grey and code else code


class Painter:
    """Draws the blocks of one document, and grows the elements that they are part of."""

    def __init__(self, root: Element, language: str) -> None:
        """Elements go below the root; formulas are said in the language."""
        self._root = root
        self._language = language
        self._role: Role = "Artifact"
        self._open = root  # the element of the last block
        self._inner: Element | None = None  # the cell or field in it that text goes into

    def block(self, sheet: Sheet, block: Block, left: float, top: float) -> None:
        """Draw a block whose upper left corner lies at (left, top)."""
        self._start(block)
        row = -1
        for mark in block.marks:
            x, y = left + mark.x, top - mark.y
            if mark.role == "Artifact" or block.role == "Artifact":
                sheet.ink(None, mark, x, y)
            elif isinstance(mark.ink, Frame):
                sheet.ink(None, mark, x, y)
                self._open_field(block, mark)
            elif block.role == "Figure":
                sheet.ink(self._open, mark, x, y)
            elif block.role in {"Table", "L"} and alternatives.is_silent(mark):
                sheet.ink(None, mark, x, y)  # a rule of the table
            else:
                row = self._open_cell(block, mark, row)
                self._words(sheet, self._inner or self._open, mark, x, y)

    def _start(self, block: Block) -> None:
        """Open the element of a block, unless it goes on with the one before."""
        if block.continues and self._role == block.role:
            return
        self._role, self._inner = block.role, None
        if block.role == "Formula":
            said = alternatives.of_formula(block, self._language)
            self._open = self._root.child("Formula", alternatives.alternative(said))
        elif block.role == "Figure":
            said = alternatives.of_figure(block)
            self._open = self._root.child("Figure", alternatives.alternative(said))
        elif block.role != "Artifact":
            self._open = self._root.child("P" if block.role == "Form" else block.role)

    def _open_field(self, block: Block, frame: Mark) -> None:
        if block.role == "Form":
            said = alternatives.of_field(block, frame, self._language)
            self._inner = self._open.child("Form", alternatives.field(said))

    def _open_cell(self, block: Block, mark: Mark, row: int) -> int:
        """Open the cell that a mark stands for; without a role it goes on with the last one."""
        if block.role not in {"Table", "L"} or not (mark.role or self._inner is None):
            return row
        table = block.role == "Table"
        if mark.row != row:
            self._open.child("TR" if table else "LI")
        line = self._open.kids[-1]
        assert isinstance(line, Element), "bug: a table holds text outside its rows"
        kind = mark.role or ("TD" if table else "LBody")
        self._inner = line.child(kind, _SCOPE.format(_scope(block, mark)) if kind == "TH" else "")
        return mark.row

    def _words(self, sheet: Sheet, element: Element, mark: Mark, x: float, y: float) -> None:
        scene = alternatives.scene_of(mark)
        if scene is not None:
            said = alternatives.alternative(alternatives.of_scene(scene))
            sheet.ink(element.child("Figure", said), mark, x, y)
            return
        box, grey = _type(mark)
        for piece in pieces(box):
            code = _shaded(piece.code(x, y), grey)
            owner = self._owner(element, piece)
            sheet.add(owner, code, piece.glyphs)

    def _owner(self, element: Element, piece: Piece) -> Element | None:
        """What a piece of type belongs to: a formula to itself, a rule outside one to nothing."""
        if element.kind == "Formula":
            return element
        if piece.tex:
            return element.child("Formula", alternatives.spoken(piece.tex, self._language))
        return element if piece.show else None


def _scope(block: Block, mark: Mark) -> str:
    """A row of nothing but heads has them over its columns, any other at its side."""
    row = {each.role for each in block.marks if each.row == mark.row}
    return "Row" if "TD" in row else "Column"
