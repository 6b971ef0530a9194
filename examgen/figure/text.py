"""A figure in characters, for a terminal: drawn where its arrows run along rows and columns, else
told arrow by arrow; nothing where neither would be read with ease."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from examgen.figure.canvas import width_of
from examgen.figure.grid_text import drawn
from examgen.sheet import Diagram, Edge, Vertex
from examgen.typeset import plain

MOST_LINES = 24
_SHAFT = 2  # dashes on either side of a weight
_BETWEEN = 4  # blanks between two columns of arrows


def drawing(diagram: Diagram, width: int) -> str | None:
    """The figure drawn in at most so many characters a line, and 24 lines; None where it cannot be.

    `(x)` is a quantity, `[tanh]` an operation; what is marked stands in « » with bold lines.
    """
    lines = drawn(diagram, width)
    return "\n".join(lines) if lines and len(lines) <= MOST_LINES else None


# --- arrow by arrow -------------------------------------------------------------------------------


def arrows(diagram: Diagram, width: int) -> str | None:
    """Every arrow on a line, in two columns where one is too tall, within the same bounds.

    None where there are more arrows, or vertices without a name of their own.
    """
    told = _Told(diagram)
    lines = list(told.lines()) if told.is_clear else []
    if len(lines) > MOST_LINES:
        lines = _in_two(lines)
    fits = 0 < len(lines) <= MOST_LINES and max(map(width_of, lines)) <= width
    return "\n".join(lines) if fits else None


def _in_two(lines: Sequence[str]) -> list[str]:
    half = (len(lines) + 1) // 2
    wide = max(map(width_of, lines[:half])) + _BETWEEN
    right = [*lines[half:], ""]
    pairs = zip(lines[:half], right, strict=False)
    return [f"{one}{' ' * (wide - width_of(one))}{other}".rstrip() for one, other in pairs]


class _Told:
    """The arrows of a figure in words; what only hands on is told within the arrow through it."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.vertices = {vertex.id: vertex for vertex in diagram.vertices}
        into = Counter(edge.target for edge in diagram.edges)
        out = Counter(edge.source for edge in diagram.edges)
        self.passed = {
            v.id
            for v in diagram.vertices
            if v.shape != "circle" and into[v.id] and out[v.id] == 1
        }  # fmt: skip

    @property
    def is_clear(self) -> bool:
        """Whether every vertex at the end of an arrow is known by its label."""
        ends = [v for v in self.diagram.vertices if v.id not in self.passed]
        solid = Counter(v.label for v in ends if v.shape != "plain")
        return all(v.label for v in ends) and all(count == 1 for count in solid.values())

    def lines(self) -> Iterator[str]:
        """A line for each arrow that does not begin within another; one for like ones without
        labels, which lead to the same."""
        ways = self._alike()
        starts = [", ".join(self._name(way[0].source) for way in some) for some in ways]
        wide = max(map(width_of, starts), default=0)
        long = max(
            (width_of(plain(some[0][0].label)) for some in ways if some[0][0].label), default=0
        )
        for start, (way, *_) in zip(starts, ways, strict=True):
            rest = (f" {self._name(e.source)} {_arrow(e, 0)}" for e in way[1:])
            first = f"{' ' * (wide - width_of(start))}{start} {_arrow(way[0], long)}"
            yield f"{first}{''.join(rest)} {self._name(way[-1].target)}"

    def _alike(self) -> list[list[list[Edge]]]:
        """The ways, those together that are told in one line."""
        found: dict[tuple[object, ...], list[list[Edge]]] = {}
        for number, edge in enumerate(self.diagram.edges):
            if edge.source not in self.passed:
                alone = (number,) if edge.label else ()
                key = (edge.target, edge.marked, *alone)
                found.setdefault(key, []).append(self._way(edge))
        return list(found.values())

    def _way(self, edge: Edge) -> list[Edge]:
        """An arrow and those that go on from it."""
        way = [edge]
        while way[-1].target in self.passed:
            way.append(next(e for e in self.diagram.edges if e.source == way[-1].target))
        return way

    def _name(self, vertex: str) -> str:
        return name_of(self.vertices[vertex])


def name_of(vertex: Vertex) -> str:
    """What stands for a vertex in a line of text."""
    label = plain(vertex.label) if vertex.label else ""
    return f"«{label}»" if vertex.marked else label


def _arrow(edge: Edge, room: int) -> str:
    """An arrow with its label, its shaft as long as one with a label of `room` cells."""
    label = plain(edge.label) if edge.label else ""
    dash = "━" if edge.marked else "─"
    gap = room - width_of(label)
    return f"{dash * _SHAFT}{label}{dash * (gap + _SHAFT)}▶"
