"""Ink as operators of a page's content stream, kept from page to page and file to file.

What a box draws does not depend on the document: faces have the same name in all of them, and
glyphs are shown by their ids. Lengths are written in hundredths of a point.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from examgen.figure import Scene
from examgen.render.blocks import Frame
from examgen.render.pdf.faces import UNKNOWN, resource, texts
from examgen.render.scene_ink import scene_operators
from examgen.typeset import Box, Face, Formula, Ink, Rule, Run, flat, plain

Glyphs = tuple[tuple[Face, frozenset[int]], ...]

_KAPPA = 0.5523  # control points of a quarter circle, of its radius


class Piece(NamedTuple):
    """Ink that is read as one: words, or a formula with its TeX.

    left, base: its reference point in the box that it is a piece of; x, y: where its text begins
    from there; show: the operators of the text; rules: bars around it; text: as it is copied.
    """

    left: float
    base: float
    tex: str
    x: float
    y: float
    show: str
    rules: tuple[Rule, ...]
    glyphs: Glyphs
    text: str

    def code(self, x: float, y: float) -> str:
        """The operators that draw it with the reference point of its box at (x, y)."""
        parts = []
        x, y = x + self.left, y + self.base
        if self.show:
            text = f"BT {x + self.x:.2f} {y + self.y:.2f} Td {self.show}ET"
            parts.append(copied_as(self.text, text) if self.tex else text)
        if self.rules:
            bars = (
                f"{x + bar.x:.2f} {y + bar.y:.2f} {bar.width:.2f} {bar.height:.2f} re"
                for bar in self.rules
            )
            parts.append("\n".join([*bars, "f"]))
        return "\n".join(parts)


class _Same:
    """A box or a figure as a key: equal to itself alone, which is found without looking into it."""

    __slots__ = ("thing",)

    def __init__(self, thing: Any) -> None:
        self.thing = thing

    def __hash__(self) -> int:
        return id(self.thing)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.thing is self.thing


def pieces(box: Box) -> tuple[Piece, ...]:
    """A box as its words and formulas, in the order in which they are read."""
    return _pieces(_Same(box))


@lru_cache(maxsize=8_000)
def _pieces(key: _Same) -> tuple[Piece, ...]:
    return tuple(_read(key.thing.ink))


def _read(ink: Sequence[Ink]) -> Iterator[Piece]:
    words: list[Run | Rule] = []
    for part in ink:
        if not isinstance(part, Formula):
            words.append(part)
            continue
        if words:
            yield _piece(words)
            words = []
        yield Piece(part.x, part.y, *_formula(_Same(part.box), part.tex)[2:])
    if words:
        yield _piece(words)


@lru_cache(maxsize=8_000)
def _formula(key: _Same, tex: str) -> Piece:
    return _piece(flat(key.thing), tex)


def _piece(ink: Iterable[Run | Rule], tex: str = "") -> Piece:
    parts = list(ink)
    runs = [part for part in parts if isinstance(part, Run) and part.glyphs]
    rules = tuple(part for part in parts if isinstance(part, Rule))
    x, y = (runs[0].x, runs[0].y) if runs else (0.0, 0.0)
    show = "".join(_shown(runs, alone=not tex))
    text = plain(tex) if tex else "".join(run.text for run in runs)
    return Piece(0.0, 0.0, tex, x, y, show, rules, _glyphs(runs), text)


def _shown(runs: Sequence[Run], *, alone: bool) -> Iterator[str]:
    """The operators of runs, from the place of the first.

    alone: each is copied by itself; else a text for all of them is told where they are marked.
    """
    face_and_size, x, y = "", 0, 0
    for run in runs:
        left, base = round(100 * run.x), round(100 * run.y)
        if face_and_size:
            yield _step(left - x, base - y)
        x, y = left, base
        wanted = _selected(run.face, run.size)
        if wanted != face_and_size:
            yield wanted
        face_and_size = wanted
        yield shown(run.face, run.glyphs, run.kerns, run.text if alone else None)


@lru_cache(maxsize=8_000)
def _step(dx: int, dy: int) -> str:
    """The operator that moves on by so many hundredths of a point."""
    return f"{dx / 100:g} {dy / 100:g} Td "


@lru_cache(maxsize=256)
def _selected(face: Face, size: float) -> str:
    """The operator that chooses a face and a size."""
    return f"/{resource(face)} {size:.2f} Tf "


@lru_cache(maxsize=8_000)
def shown(face: Face, glyphs: tuple[int, ...], kerns: tuple[float, ...], text: str | None) -> str:
    """The operators that show glyphs; where they would be copied as another text, with that."""
    code = _show(glyphs, kerns)
    known = texts(face)
    if text is None or "".join(known.get(glyph, UNKNOWN) for glyph in glyphs) == text:
        return code
    return copied_as(text, code) + " "


def copied_as(text: str, code: str) -> str:
    """Operators of type that is copied off the page as a text."""
    return f"/Span<</ActualText{text_string(text)}>>BDC {code} EMC"


def _show(glyphs: Sequence[int], kerns: Sequence[float]) -> str:
    codes = struct.pack(f">{len(glyphs)}H", *glyphs).hex().upper()
    if not any(kerns):
        return f"<{codes}>Tj "
    parts, start = [], 0
    for end, kern in enumerate(kerns, start=1):
        if kern:  # in thousandths of an em, and to the left
            parts.append(f"<{codes[4 * start : 4 * end]}>{-1000 * kern:.1f}".removesuffix(".0"))
            start = end
    if start < len(glyphs):
        parts.append(f"<{codes[4 * start :]}>")
    return f"[{''.join(parts)}]TJ "


def _glyphs(runs: Sequence[Run]) -> Glyphs:
    used: dict[Face, set[int]] = {}
    for run in runs:
        used.setdefault(run.face, set()).update(run.glyphs)
    return tuple((face, frozenset(ids)) for face, ids in used.items())


@lru_cache(maxsize=8_000)
def text_string(text: str) -> str:
    """A text as a string of a PDF: in characters where they are ASCII, else in UTF-16.

    >>> text_string("f(x)"), text_string("∂")
    ('(f\\\\(x\\\\))', '<FEFF2202>')
    """
    if text.isascii() and text.isprintable():
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        return f"({escaped})"
    return f"<FEFF{text.encode('utf-16-be', 'replace').hex().upper()}>"


def frame_code(frame: Frame, x: float, y: float) -> str:
    """A frame with its lower left corner at (x, y)."""
    paint = {(True, True): "B", (True, False): "S", (False, True): "f"}
    how = paint.get((frame.line > 0, frame.fill is not None))
    if how is None:
        return ""
    fill = "" if frame.fill is None else f"{frame.fill:g} g "
    after = "" if frame.fill is None else " 0 g"
    outline = _rounded(x, y, x + frame.width, y + frame.height, frame.radius)
    return f"{frame.line:g} w {fill}{outline} {how}{after}"


def _rounded(left: float, bottom: float, right: float, top: float, radius: float) -> str:
    """The path of a rectangle with round corners."""
    if radius <= 0:
        return f"{left:.2f} {bottom:.2f} {right - left:.2f} {top - bottom:.2f} re"
    k = radius * (1 - _KAPPA)
    points = [
        ("m", (left + radius, bottom)),
        ("l", (right - radius, bottom)),
        ("c", (right - k, bottom, right, bottom + k, right, bottom + radius)),
        ("l", (right, top - radius)),
        ("c", (right, top - k, right - k, top, right - radius, top)),
        ("l", (left + radius, top)),
        ("c", (left + k, top, left, top - k, left, top - radius)),
        ("l", (left, bottom + radius)),
        ("c", (left, bottom + k, left + k, bottom, left + radius, bottom)),
    ]
    steps = (" ".join(f"{value:.2f}" for value in at) + f" {name}" for name, at in points)
    return " ".join([*steps, "h"])


def scene_drawing(scene: Scene) -> tuple[str, Glyphs]:
    """The operators that draw a figure with its lower left corner at the origin."""
    return _scene_drawing(_Same(scene))


@lru_cache(maxsize=1_000)
def _scene_drawing(key: _Same) -> tuple[str, Glyphs]:
    used: list[Glyphs] = []

    def set_type(box: Box, x: float, y: float) -> str:
        found = pieces(box)
        used.extend(piece.glyphs for piece in found)
        return "\n".join(piece.code(x, y) for piece in found)

    code = scene_operators(key.thing, set_type)
    return code, tuple(entry for glyphs in used for entry in glyphs)
