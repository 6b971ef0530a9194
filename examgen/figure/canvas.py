"""Characters on a grid: lines that join and cross, and words on top of them.

Rows run down. A cell of a line knows to which of its four sides the line goes on.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

Cell = tuple[int, int]  # (column, row)

_SIDES = {(0, -1): 1, (1, 0): 2, (0, 1): 4, (-1, 0): 8}  # up, right, down, left
_LIGHT = " ╵╶└╷│┌├╴┘─┴┐┤┬┼"
_HEAVY = " ╹╺┗╻┃┏┣╸┛━┻┓┫┳╋"
HEADS = {(0, -1): "▲", (1, 0): "▶", (0, 1): "▼", (-1, 0): "◀"}


def cells_of(text: str) -> list[str]:
    """The text cell by cell: an accent that combines with a letter shares the letter's cell."""
    found: list[str] = []
    for char in unicodedata.normalize("NFC", text):
        if found and unicodedata.combining(char):
            found[-1] += char
        else:
            found.append(char)
    return found


def width_of(text: str) -> int:
    """How many cells a text takes."""
    return len(cells_of(text))


def between(start: Cell, end: Cell) -> list[Cell]:
    """The cells of a level or an upright line, both ends included."""
    (x, y), (u, v) = start, end
    across, down = (u > x) - (u < x), (v > y) - (v < y)
    return [(x + n * across, y + n * down) for n in range(max(abs(u - x), abs(v - y)) + 1)]


def direction(start: Cell, end: Cell) -> Cell:
    """One cell on from a cell towards another in the same row or column."""
    return (end[0] > start[0]) - (end[0] < start[0]), (end[1] > start[1]) - (end[1] < start[1])


@dataclass
class Canvas:
    """A drawing of characters under construction."""

    words: dict[Cell, str] = field(default_factory=dict)
    lines: dict[Cell, int] = field(default_factory=dict)
    heavy: set[Cell] = field(default_factory=set)

    def line(self, cells: Iterable[Cell], heavy: bool) -> None:
        """A line along cells, each next to the one before."""
        for here, there in pairwise(cells):
            step = direction(here, there)
            self.lines[here] = self.lines.get(here, 0) | _SIDES[step]
            self.lines[there] = self.lines.get(there, 0) | _SIDES[-step[0], -step[1]]
            self.heavy |= {here, there} if heavy else set()

    def write(self, text: str, at: Cell) -> None:
        """A text from a cell to the right, over whatever lines there are."""
        for place, char in enumerate(cells_of(text), start=at[0]):
            self.words[place, at[1]] = char

    def is_free(self, cells: Iterable[Cell]) -> bool:
        """Whether nothing stands in some cells."""
        return not any(cell in self.words or cell in self.lines for cell in cells)

    def is_plain(self, cells: Iterable[Cell]) -> bool:
        """Whether cells are nothing but a level line."""
        return all(self.lines.get(cell) == 10 and cell not in self.words for cell in cells)

    def rows(self) -> Iterator[str]:
        """The drawing from the top, without what is empty around it."""
        taken = [*self.words, *self.lines]
        left, right = min(x for x, _ in taken), max(x for x, _ in taken)
        for y in range(min(y for _, y in taken), max(y for _, y in taken) + 1):
            yield "".join(self._char((x, y)) for x in range(left, right + 1)).rstrip()

    def _char(self, cell: Cell) -> str:
        signs = _HEAVY if cell in self.heavy else _LIGHT
        return self.words.get(cell) or signs[self.lines.get(cell, 0)]
