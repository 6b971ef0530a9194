"""An author's hints for a figure: what is moved, what is left out, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from examgen.errors import Problem, suggestion
from examgen.figure_field import FigureField, Kind
from examgen.sheet import Diagram, Vertex
from examgen.slots import matches
from examgen.topology.unroll import ENTERING

Place = tuple[float, float]


@dataclass(frozen=True)
class Hints:
    """What `figure:` says, as plain values that can be a key."""

    kind: Kind | None = None
    places: tuple[tuple[str, Place], ...] = ()
    hidden: tuple[str, ...] = ()
    steps: int | None = None


def hints_of(field: FigureField) -> Hints:
    """The hints of a template's field."""
    places = tuple((name, (place[0], place[1])) for name, place in field.place.items())
    return Hints(field.kind, places, tuple(field.hide), field.steps)


def hinted(drawn: Diagram, hints: Hints) -> Diagram:
    """The figure with the author's places, and without what is hidden."""
    shown = _without(drawn, hints.hidden)
    return replace(shown, vertices=tuple(_moved(vertex, hints) for vertex in shown.vertices))


def _without(drawn: Diagram, hidden: tuple[str, ...]) -> Diagram:
    """The figure less hidden ends, and what hangs on nothing else; what is within loses its name.

    An operation in the middle stays: the arrows through it say what depends on what.
    """
    while gone := _loose_ends(drawn, hidden):
        vertices = tuple(vertex for vertex in drawn.vertices if vertex.id not in gone)
        edges = tuple(e for e in drawn.edges if not {e.source, e.target} & gone)
        linked = {end for edge in edges for end in (edge.source, edge.target)}
        before = {end for edge in drawn.edges for end in (edge.source, edge.target)}
        vertices = tuple(v for v in vertices if v.id in linked or v.id not in before)
        drawn = replace(drawn, vertices=vertices, edges=edges)
    inner = {v.id for v in drawn.vertices if any(_fits(hint, v) for hint in hidden)}
    nameless = (replace(e, label="") if e.source in inner else e for e in drawn.edges)
    return replace(drawn, edges=tuple(nameless))


def _loose_ends(drawn: Diagram, hidden: tuple[str, ...]) -> set[str]:
    """Hidden vertices that nothing leads to, or that lead nowhere."""
    sources = {edge.source for edge in drawn.edges}
    targets = {edge.target for edge in drawn.edges}
    return {
        vertex.id
        for vertex in drawn.vertices
        if any(_fits(hint, vertex) for hint in hidden)
        and not (vertex.id in sources and vertex.id in targets)
    }


def quantity(vertex: str) -> str:
    """The quantity that a vertex stands for: w of `w at z`, L of `L out`."""
    name = vertex.partition(" at ")[0]
    for suffix in (" out", " function", " fork"):
        name = name.removesuffix(suffix)
    return name


def _fits(hint: str, vertex: Vertex) -> bool:
    """Whether a hint speaks of a vertex; h[t] is h at step t, which cells are drawn for."""
    name = quantity(vertex.id)
    at_step = hint.replace("[t-1]", f"{ENTERING}[1]").replace("[t]", "[1]")
    return hint == name or at_step == name or matches(at_step, name)


def _moved(vertex: Vertex, hints: Hints) -> Vertex:
    for hint, (column, row) in hints.places:
        # What is behind an operation, and the function before a unit, are not the quantity itself.
        if _fits(hint, vertex) and not vertex.id.endswith((" out", " function")):
            return replace(vertex, column=column, row=row)
    return vertex


def hint_problems(field: FigureField, drawn: Diagram) -> Iterator[Problem]:
    """Names in `place:` and `hide:` that the figure does not have, and places of two quantities."""
    there = list(dict.fromkeys(quantity(vertex.id) for vertex in drawn.vertices))
    for part, names in (("place", list(field.place)), ("hide", field.hide)):
        for name in _unknown(names, drawn.vertices):
            where = f"figure.place.{name}" if part == "place" else "figure.hide"
            message = f"'{name}' is not in the figure{suggestion(name, there)}"
            yield Problem(message, path=where)
    yield from _shared_places(hints_of(field), drawn)


def _shared_places(hints: Hints, drawn: Diagram) -> Iterator[Problem]:
    """Places given to one quantity at which another stands too, each place once."""
    standing = dict[tuple[float | None, float | None], dict[str, None]]()
    for vertex in hinted(drawn, hints).vertices:
        there = standing.setdefault((vertex.column, vertex.row), {})
        there[quantity(vertex.id)] = None
    for name, place in {place: (name, place) for name, place in hints.places}.values():
        if len(there := standing.get(place, {})) > 1:
            other = next(other for other in there if other != name)
            message = f"the place of '{other}'; every quantity needs one of its own"
            yield Problem(message, path=f"figure.place.{name}")


def _unknown(names: Iterable[str], vertices: Iterable[Vertex]) -> list[str]:
    known = tuple(vertices)
    return [name for name in names if not any(_fits(name, vertex) for vertex in known)]
