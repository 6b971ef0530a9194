"""The environments of the TeX subset: what grid each makes of its cells, and its bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from examgen.typeset.tree import Fenced, Grid, Kind, Row, Styled, Tree, parts

MAX_ROWS = 40
MAX_COLUMNS = 20


@dataclass(frozen=True, slots=True)
class Environment:
    """A grid between brackets.

    columns: letters that are repeated over the columns, none where the author states them.
    most: how many columns there may be.
    """

    kind: Kind
    columns: str
    left: str = ""
    right: str = ""
    most: int = MAX_COLUMNS
    display: bool = False


ENVIRONMENTS = {
    "matrix": Environment("matrix", "c"),
    "pmatrix": Environment("matrix", "c", "(", ")"),
    "bmatrix": Environment("matrix", "c", "[", "]"),
    "Bmatrix": Environment("matrix", "c", "{", "}"),
    "vmatrix": Environment("matrix", "c", "|", "|"),
    "Vmatrix": Environment("matrix", "c", "‖", "‖"),
    "smallmatrix": Environment("small", "c"),
    "array": Environment("matrix", ""),
    "cases": Environment("cases", "l", "{", most=2),
    "dcases": Environment("cases", "l", "{", most=2, display=True),
    "aligned": Environment("aligned", "rl"),
    "align": Environment("aligned", "rl"),
    "align*": Environment("aligned", "rl"),
    "split": Environment("aligned", "rl", most=2),
    "gathered": Environment("aligned", "c", most=1),
    "gather*": Environment("aligned", "c", most=1),
    "substack": Environment("small", "c", most=1),
}


def trouble(name: str, rows: Sequence[Sequence[Tree]], columns: str) -> str:
    """Why these cells are no grid of that kind; empty where they are."""
    kind, wide = ENVIRONMENTS[name], max(map(len, rows))
    most = min(len(columns) or kind.most, kind.most)
    if len(rows) > MAX_ROWS:
        return f"'{name}' of {len(rows)} rows; at most {MAX_ROWS} are set"
    if wide > most:
        return f"a row of '{name}' with {wide} cells; it has at most {most}"
    return ""


def grid(name: str, rows: Sequence[Sequence[Tree]], columns: str = "") -> Tree:
    """The cells as a tree; short rows are filled with empty cells."""
    kind, wide = ENVIRONMENTS[name], max(map(len, rows))
    columns = columns or (kind.columns * wide)[:wide]
    cells = (
        tuple(_cell(cell, i, kind) for i, cell in enumerate(_filled(row, len(columns))))
        for row in rows
    )
    made = Grid(tuple(cells), columns, kind.kind)
    return Fenced(kind.left, made, kind.right) if kind.left or kind.right else made


def _filled(row: Sequence[Tree], wide: int) -> list[Tree]:
    return [*row, *[Row()] * (wide - len(row))]


def _cell(cell: Tree, column: int, kind: Environment) -> Tree:
    """A sign after the mark of alignment keeps its space, as if there were something before it."""
    if cell == Row():
        return cell
    if kind.kind == "aligned" and column % 2:
        return Row((Row(), *parts(cell)))
    return Styled(cell, display=True) if kind.display else cell
