"""A figure drawn in characters, its rows and columns squeezed to what labels need.

Only for figures of which every vertex has a place and every arrow runs along rows and columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from examgen.figure.canvas import HEADS, Canvas, Cell, between, direction, width_of
from examgen.sheet import Diagram, Edge, Vertex
from examgen.typeset import plain

Place = tuple[float, float]

_APART = 2  # rows from one to the next
_AIR = 2  # cells between neighbours in a row that are not joined
_ARROW = 4  # cells of an arrow besides its label
_BRACKETS = {"circle": ("(", ")"), "box": ("[", "]"), "pill": ("[", "]")}
_MARKED = ("«", "»")
_EPS = 1e-6


def drawn(diagram: Diagram, width: int) -> list[str] | None:
    """The lines of the drawing; None where it cannot be drawn so, or not in that width."""
    if not diagram.edges or not all(_is_placed(vertex) for vertex in diagram.vertices):
        return None
    drawing = _Drawing(diagram)
    if not all(_is_upright(drawing.points(edge)) for edge in diagram.edges):
        return None
    lines = drawing.lines()
    return lines if lines and max(map(width_of, lines)) <= width else None


def _is_placed(vertex: Vertex) -> bool:
    return vertex.column is not None and vertex.row is not None


def _is_upright(points: Sequence[Place]) -> bool:
    """Whether each piece of a line is level or upright."""
    return all(min(abs(a - c), abs(b - d)) < _EPS for (a, b), (c, d) in pairwise(points))


def shown(vertex: Vertex) -> str:
    """A vertex as it is drawn."""
    if vertex.shape == "dot":
        return "●"
    label = plain(vertex.label) if vertex.label else ""
    left, right = _MARKED if vertex.marked else _BRACKETS.get(vertex.shape, (" ", " "))
    return f"{left}{label}{right}"


@dataclass
class _Drawing:
    diagram: Diagram
    canvas: Canvas = field(default_factory=Canvas)
    own: dict[str, Canvas] = field(default_factory=dict)  # lines by the vertex that they leave

    def lines(self) -> list[str] | None:
        """All of it; None where arrows run over each other or over a vertex."""
        loops = [edge for edge in self.diagram.edges if edge.source == edge.target]
        for vertex in self.diagram.vertices:
            self.canvas.write(self.texts[vertex.id], self._left(vertex.id))
        for edge in self.straight:
            if not self._run(edge):
                return None
        for edge in loops:
            self._loop(edge)
        untold = [edge for edge in self.straight if edge.label and not self._label(edge)]
        return None if untold else list(self.canvas.rows())

    @property
    def straight(self) -> list[Edge]:
        """All arrows but those from a vertex to itself."""
        return [edge for edge in self.diagram.edges if edge.source != edge.target]

    # --- places --------------------------------------------------------------------------------

    @cached_property
    def vertices(self) -> Mapping[str, Vertex]:
        """All vertices by id."""
        return {vertex.id: vertex for vertex in self.diagram.vertices}

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """What is written for each vertex."""
        return {vertex.id: shown(vertex) for vertex in self.diagram.vertices}

    def place(self, vertex: str) -> Place:
        """The column and row of a vertex in the figure."""
        one = self.vertices[vertex]
        assert one.column is not None, "bug: a vertex without a column"
        assert one.row is not None, "bug: a vertex without a row"
        return one.column, one.row

    def points(self, edge: Edge) -> list[Place]:
        """The ends and corners of an arrow."""
        return [self.place(edge.source), *edge.via, self.place(edge.target)]

    @cached_property
    def across(self) -> Mapping[float, int]:
        """The cell of every column: as near to each other as what stands in a row allows."""
        columns = sorted({round(x, 3) for x, _ in self._places})
        needs = list(self._needs())
        cells: dict[float, int] = {}
        for column in columns:
            before = [cells[left] + gap for left, right, gap in needs if right == column]
            cells[column] = max([*(cell + 2 for cell in list(cells.values())[-1:]), *before, 0])
        return cells

    @cached_property
    def down(self) -> Mapping[float, int]:
        """The line of every row."""
        rows = sorted({round(y, 3) for _, y in self._places})
        return {row: _APART * number for number, row in enumerate(rows)}

    @property
    def _places(self) -> Iterator[Place]:
        for vertex in self.vertices:
            yield self.place(vertex)
        for edge in self.diagram.edges:
            yield from edge.via

    def _needs(self) -> Iterator[tuple[float, float, int]]:
        """Pairs of columns, and how many cells they need between them."""
        yield from self._neighbours()
        for edge in self.straight:
            for number, (start, end) in enumerate(pairwise(self.points(edge))):
                if abs(start[1] - end[1]) < _EPS:
                    yield self._level(edge, number, start[0], end[0])
                else:
                    yield from self._passed(start, end)

    def _neighbours(self) -> Iterator[tuple[float, float, int]]:
        """What stands next to each other in a row."""
        for row in {round(self.place(v)[1], 3) for v in self.vertices}:
            here = [v for v in self.vertices if round(self.place(v)[1], 3) == row]
            here.sort(key=self.place)
            for left, right in pairwise(here):
                loop = sum(_ARROW for e in self.diagram.edges if e.source == e.target == left)
                gap = _AIR + loop + self._half(left) + self._half(right)
                yield self._columns(self.place(left)[0], self.place(right)[0], gap)

    def _level(self, edge: Edge, number: int, x: float, u: float) -> tuple[float, float, int]:
        """A level piece of an arrow: the first or the last one leaves a vertex or meets it."""
        label = width_of(plain(edge.label)) if edge.label else 0
        ends = (edge.source,) * (number == 0) + (edge.target,) * (number == len(edge.via))
        gap = _ARROW - bool(edge.via) + label + sum(map(self._half, ends))
        return self._columns(min(x, u), max(x, u), gap)

    def _passed(self, start: Place, end: Place) -> Iterator[tuple[float, float, int]]:
        """Vertices beside an upright piece of an arrow."""
        top, bottom = sorted((start[1], end[1]))
        for vertex in self.vertices:
            x, y = self.place(vertex)
            if top < y < bottom and abs(x - start[0]) > _EPS:
                yield self._columns(min(x, start[0]), max(x, start[0]), self._half(vertex) + 1)

    def _columns(self, left: float, right: float, gap: int) -> tuple[float, float, int]:
        return round(left, 3), round(right, 3), gap

    def _half(self, vertex: str) -> int:
        """Cells that a vertex takes on either side of its own."""
        return (width_of(self.texts[vertex]) + 1) // 2

    def cell(self, place: Place) -> Cell:
        """The cell of a place."""
        return self.across[round(place[0], 3)], self.down[round(place[1], 3)]

    def _left(self, vertex: str) -> Cell:
        x, y = self.cell(self.place(vertex))
        return x - (width_of(self.texts[vertex]) - 1) // 2, y

    # --- arrows --------------------------------------------------------------------------------

    def _cells(self, edge: Edge) -> list[Cell]:
        """The cells of an arrow between its vertices, with one of each at either end."""
        corners = [self.cell(place) for place in self.points(edge)]
        cells = [corners[0]]
        for start, end in pairwise(corners):
            cells += between(start, end)[1:]
        inside = [self._covered(name) for name in (edge.source, edge.target)]
        while len(cells) > 1 and cells[1] in inside[0]:
            cells.pop(0)
        while len(cells) > 1 and cells[-2] in inside[1]:
            cells.pop()
        return cells

    def _covered(self, vertex: str) -> set[Cell]:
        x, y = self._left(vertex)
        return {(x + n, y) for n in range(width_of(self.texts[vertex]))}

    def _run(self, edge: Edge) -> bool:
        """Draws an arrow; False where something is in its way."""
        cells = self._cells(edge)
        inner = cells[1:-1]
        pairs = pairwise(cells)
        if len(inner) < 1 or any(self._is_blocked(edge.source, *pair) for pair in pairs):
            return False
        if any(cell in self.canvas.words for cell in inner):
            return False
        self.canvas.line(cells, edge.marked)
        self.own.setdefault(edge.source, Canvas()).line(cells, edge.marked)
        if edge.head:
            self.canvas.write(HEADS[direction(inner[-1], cells[-1])], inner[-1])
        return True

    def _is_blocked(self, source: str, here: Cell, there: Cell) -> bool:
        """Whether an arrow from elsewhere runs from a cell to the next one."""
        step, others = Canvas(), self.canvas.lines.get(here, 0)
        step.line([here, there], False)
        own = self.own.get(source, Canvas()).lines.get(here, 0)
        return bool(step.lines[here] & others & ~own)

    def _loop(self, edge: Edge) -> None:
        """A sign for an arrow from a vertex to itself, with its label."""
        x, y = self._left(edge.source)
        label = plain(edge.label) if edge.label else ""
        self.canvas.write(f"↺{label}", (x + width_of(self.texts[edge.source]), y))

    # --- labels --------------------------------------------------------------------------------

    def _label(self, edge: Edge) -> bool:
        """Writes a label in its line or beside it; False where there is no room."""
        text = plain(edge.label)
        at = next(self._spots(edge, width_of(text)), None)
        if at is not None:
            self.canvas.write(text, at)
        return at is not None

    def _spots(self, edge: Edge, size: int) -> Iterator[Cell]:
        """Where a label may begin: in the middle of a level piece, or beside an upright one."""
        cells = self._cells(edge)[1:-1]
        middle = len(cells) / 2
        for _, (x, y) in sorted((abs(n - middle + size / 2), c) for n, c in enumerate(cells)):
            if self.canvas.is_plain((x + n, y) for n in range(-1, size + 1)):
                yield x, y
        for x, y in cells:
            for left, kept in ((x + 1, range(size + 1)), (x - size, range(-1, size))):
                if self.canvas.is_free((left + n, y) for n in kept):
                    yield left, y
