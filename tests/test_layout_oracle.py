"""Formulas set here have the measures that typst, an independent setter, gives them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import typst
import yaml

from examgen.typeset import Box, layout
from examgen.typeset.fonts import MATH, face_path

SIZE = 10.0
ROOM = 100.0  # points, taller than any formula here: tells height from depth
WIDTH_SHARE, HEIGHT_SHARE = 0.02, 0.05
GALLERY = Path(__file__).parent / "data" / "gallery.yaml"


@dataclass(frozen=True, slots=True)
class Row:
    """A formula in TeX and in typst; `differs` is the reason why it is not compared."""

    tex: str
    typst: str
    display: bool = False
    differs: str = ""


@dataclass(frozen=True, slots=True)
class Extent:
    """Width, height and depth in points."""

    width: float
    height: float
    depth: float


ROWS = tuple(Row(**row) for row in yaml.safe_load(GALLERY.read_text(encoding="utf-8")))

_PREAMBLE = """
#set text(font: "STIX Two Text", size: 10pt, top-edge: "bounds", bottom-edge: "bounds")
#show math.equation: set text(font: "STIX Two Math")
#let measured(body) = context {
  let alone = measure(body)
  let over = measure([#body#box(height: 100pt, width: 0pt)])
  [#metadata((alone.width.pt(), alone.height.pt(), over.height.pt()))<measured>]
}
"""


@cache
def oracle() -> dict[str, Extent]:
    """What typst makes of every row, by its source."""
    source = _PREAMBLE + "".join(f"#measured([{typst_formula(row)}])\n" for row in ROWS)
    found = typst.query(
        source.encode(), "<measured>", field="value", font_paths=[face_path(MATH).parent]
    )
    extents = (
        Extent(width, height - (total - ROOM), total - ROOM)
        for width, height, total in json.loads(found)
    )
    return {row.typst: extent for row, extent in zip(ROWS, extents, strict=True)}


def typst_formula(row: Row) -> str:
    """A row as typst reads it: in a line, in the style of a display if it is one."""
    if row.typst.startswith("#"):
        return row.typst
    return f"#math.equation(math.display(${row.typst}$))" if row.display else f"${row.typst}$"


def ink(box: Box) -> Box:
    """A box: height and depth are never below zero in typst's measure."""
    return Box(box.width, max(box.height, 0.0), max(box.depth, 0.0), box.ink)


def near(ours: float, theirs: float, share: float) -> bool:
    """Whether a measure differs by no more than a share of typst's, rounding (points) aside."""
    return abs(ours - theirs) <= share * abs(theirs) + 0.001


COMPARED: Sequence[Row] = [row for row in ROWS if not row.differs]


@pytest.mark.parametrize("row", COMPARED, ids=[row.tex for row in COMPARED])
def test_formula_is_as_large_as_typst_sets_it(row: Row) -> None:
    """Width within 2 %, height and depth within 5 %."""
    ours, theirs = ink(layout(row.tex, SIZE, row.display)), oracle()[row.typst]
    assert near(ours.width, theirs.width, WIDTH_SHARE)
    assert near(ours.height, theirs.height, HEIGHT_SHARE)
    assert near(ours.depth, theirs.depth, HEIGHT_SHARE)


def test_gallery_is_large_enough() -> None:
    """At least sixty formulas are compared, and what is left out says why."""
    assert len(COMPARED) >= 60
    assert len({row.tex for row in ROWS}) == len(ROWS)
