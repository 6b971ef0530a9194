"""Matrices, cases and aligned lines, with the distances of LaTeX and amsmath."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from examgen.typeset.box import Box, lift, place
from examgen.typeset.context import DISPLAY, SCRIPT, TEXT, Context, set_tree
from examgen.typeset.tree import Grid


@dataclass(frozen=True, slots=True)
class _Metrics:
    """In em of the letters: from baseline to baseline, the struts, between columns and inks."""

    pitch: float
    height: float
    depth: float
    gap: float
    least: float


_METRICS = {
    "matrix": _Metrics(1.2, 0.84, 0.36, 1.0, 0.25),
    "small": _Metrics(1.0, 0.0, 0.0, 0.5, 0.1),
    "cases": _Metrics(1.44, 0.84, 0.36, 1.0, 0.25),
    "aligned": _Metrics(1.5, 0.7, 0.3, 1.0, 0.35),
}
_SPARE = {"l": 0.0, "c": 0.5, "r": 1.0}  # what of the room beside a cell goes to its left
_STYLES = {"matrix": TEXT, "small": SCRIPT, "cases": TEXT, "aligned": DISPLAY}


@set_tree.register
def _grid(tree: Grid, at: Context) -> Box:
    inner = Context(at.size, max(_STYLES[tree.kind], 0 if at.style <= TEXT else at.style))
    cells = [[set_tree(cell, inner) for cell in row] for row in tree.rows]
    count = max(map(len, cells), default=0)
    widths = [
        max((row[i].width for row in cells if i < len(row)), default=0.0) for i in range(count)
    ]
    lefts, width = _columns(tree, widths, inner.em)
    baselines = _baselines(tree, cells, inner.em)
    parts = [
        (lefts[i] + _SPARE[_letter(tree, i)] * (widths[i] - cell.width), y, cell)
        for row, y in zip(cells, baselines, strict=True)
        for i, cell in enumerate(row)
    ]
    box = _strutted(place(parts, width), tree, baselines[-1], inner.em)
    return lift(box, at.const("AxisHeight") - (box.height - box.depth) / 2)


def _letter(tree: Grid, column: int) -> str:
    return tree.columns[column] if column < len(tree.columns) else "c"


def _columns(tree: Grid, widths: Sequence[float], em: float) -> tuple[list[float], float]:
    """Where each column begins, and where the last one ends."""
    gap = _METRICS[tree.kind].gap * em
    lefts, x = [], 0.0
    for i, width in enumerate(widths):
        meets = tree.kind == "aligned" and i % 2 == 1
        x += 0.0 if i == 0 or meets else gap
        lefts.append(x)
        x += width
    return lefts, x


def _baselines(tree: Grid, rows: Sequence[Sequence[Box]], em: float) -> list[float]:
    """The baseline of each row: a fixed way down, further where ink would come too near."""
    metrics, y = _METRICS[tree.kind], 0.0
    found = [0.0]
    for above, below in pairwise(rows):
        touching = max((cell.depth for cell in above), default=0.0)
        touching += max((cell.height for cell in below), default=0.0)
        y -= max(metrics.pitch * em, touching + metrics.least * em)
        found.append(y)
    return found


def _strutted(box: Box, tree: Grid, last: float, em: float) -> Box:
    """At least as tall as its struts, so that brackets of rows of like height are alike."""
    metrics = _METRICS[tree.kind]
    height, depth = max(box.height, metrics.height * em), max(box.depth, metrics.depth * em - last)
    return Box(box.width, height, depth, box.ink)
