"""Make docs/gallery.png: every formula of the gallery, ours on the left and typst's on the right.

python docs/make_gallery.py [TARGET] [PIXELS_PER_INCH]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import typst
import yaml

from examgen.typeset import Box, layout
from examgen.typeset.fonts import MATH, advance, face_path, outline

ROOT = Path(__file__).parent.parent
SIZE = 10.0
MARGIN = 1.0  # points around the ink of a picture, which may lean out of its box

_PREAMBLE = """
#set page(width: 660pt, height: auto, margin: 10pt)
#set text(font: "STIX Two Text", size: 10pt)
#show math.equation: set text(font: "STIX Two Math")
#let ours(svg, height, drop) = box(
  baseline: drop * 1pt, image(bytes(svg), format: "svg", height: height * 1pt)
)
"""


def main(target: Path, pixels_per_inch: float) -> None:
    """Write the picture."""
    rows = yaml.safe_load((ROOT / "tests" / "data" / "gallery.yaml").read_text(encoding="utf-8"))
    cells = ",\n".join(f"[{_ours(row)}], [{_theirs(row)}]" for row in rows)
    grid = (
        "#grid(columns: (1fr, 1fr, 1fr, 1fr), row-gutter: 9pt, column-gutter: 8pt,"
        f" align: horizon,\n{cells})"
    )
    typst.compile(
        (_PREAMBLE + grid).encode(),
        output=str(target),
        font_paths=[face_path(MATH).parent],
        ppi=pixels_per_inch,
    )


def _theirs(row: dict[str, Any]) -> str:
    if row["typst"].startswith("#"):
        return str(row["typst"])
    formula = f"${row['typst']}$"
    return f"#math.equation(math.display({formula}))" if row.get("display") else formula


def _ours(row: dict[str, Any]) -> str:
    box = layout(row["tex"], SIZE, row.get("display", False))
    height, drop = box.height + box.depth + 2 * MARGIN, box.depth + MARGIN
    return f"#ours({json.dumps(svg(box))}, {height:g}, {drop:g})"


def svg(box: Box) -> str:
    """A box as a picture in SVG."""
    width, height = box.width + 2 * MARGIN, box.height + box.depth + 2 * MARGIN
    view = f"{-MARGIN:g} {-box.height - MARGIN:g} {width:g} {height:g}"
    drawn = "".join(_glyphs(box)) + "".join(
        f'<rect x="{r.x:.4f}" y="{-r.y - r.height:.4f}" width="{r.width:.4f}"'
        f' height="{r.height:.4f}"/>'
        for r in box.rules
    )
    size = f'width="{width:g}" height="{height:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="{view}">{drawn}</svg>'


def _glyphs(box: Box) -> list[str]:
    found = []
    for run in box.runs:
        x, scale = run.x, run.size / 1000
        for glyph, kern in zip(run.glyphs, run.kerns or (0.0,) * len(run.glyphs), strict=True):
            move = f"translate({x:.4f} {-run.y:.4f}) scale({scale:.6f} {-scale:.6f})"
            found.append(f'<path transform="{move}" d="{outline(run.face, glyph)}"/>')
            x += (advance(run.face, glyph) + kern) * run.size
    return found


if __name__ == "__main__":
    main(
        Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "gallery.png",
        float(sys.argv[2]) if len(sys.argv) > 2 else 144.0,
    )
