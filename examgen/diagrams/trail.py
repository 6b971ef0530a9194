"""A way through a graph pointed out in its picture.

A step leads from a quantity to one computed from it. In a picture that is an arrow, or several with
operations between them; where the picture leaves a quantity out, what it leads to stands for it,
and a weight that is only told beside an arrow is that arrow.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from examgen.diagrams.hints import quantity
from examgen.diagrams.subject import Subject, leaves, original, subject_of
from examgen.diagrams.words import word
from examgen.nodes import COPY
from examgen.quantities import Quantities
from examgen.sheet import Diagram, Edge, Vertex
from examgen.typeset.speech import speech

Step = tuple[str, str]


def marked(
    diagram: Diagram, quantities: Quantities, trail: Sequence[Step], language: str = "en"
) -> Diagram:
    """The picture with the steps of a trail marked, and a sentence on them in its alternative.

    trail: pairs of names, each a quantity and one computed from it. language: of the sentence.
    The same diagram where nothing of the trail is in it.
    """
    picture = _Picture(diagram, quantities)
    found = [picture.marks(step) for step in trail]
    vertices = {name for marks in found for name in marks.vertices}
    edges = {edge for marks in found for edge in marks.edges}
    if not vertices and not edges:
        return diagram
    shown = [step for step, marks in zip(trail, found, strict=True) if marks]
    return replace(
        diagram,
        vertices=tuple(
            replace(v, marked=True) if v.id in vertices else v for v in diagram.vertices
        ),
        edges=tuple(replace(e, marked=True) if e in edges else e for e in diagram.edges),
        alternative=f"{diagram.alternative} {_told(shown, quantities, language)}".strip(),
    )


def _told(trail: Iterable[Step], quantities: Quantities, language: str) -> str:
    """The steps in words, those that a symbol makes to itself left out."""

    def spoken(name: str) -> str:
        return speech(quantities.symbols.tex(name), language)

    told = []
    for source, target in trail:
        names = {"source": spoken(source), "target": spoken(target)}
        within = target in quantities.values
        if not within:
            told.append(names["source"])
        elif names["source"] != names["target"]:
            told.append(word(language, "arrow", **names))
    return word(language, "marked", ways=", ".join(dict.fromkeys(told)))


@dataclass(frozen=True)
class _Marks:
    """What of a picture stands for one step."""

    vertices: frozenset[str] = frozenset()
    edges: frozenset[Edge] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.vertices or self.edges)


@dataclass(frozen=True)
class _Picture:
    """A picture of a graph, and where the quantities of the graph are in it."""

    diagram: Diagram
    quantities: Quantities

    def marks(self, step: Step) -> _Marks:
        """What stands for a step; nothing where neither end is shown."""
        source, target = step
        if target not in self.quantities.values:
            return self._alone(source)
        starts, ends = self._shown(source), self._ends(target)
        if starts:
            return self._ways(starts, ends)
        edges = [edge for edge in self._told_beside(source) if self._leads(edge, ends)]
        return _Marks(frozenset({*ends, *(edge.target for edge in edges)}), frozenset(edges))

    def _alone(self, name: str) -> _Marks:
        """A weight, or the quantity that a derivative is taken by, wherever it stands."""
        _, _, by = name.partition("/d")
        shown = self._shown(by or name)
        leaving = [edge for edge in self.diagram.edges if edge.source in shown]
        edges = {*leaving, *self._told_beside(by or name)}
        return _Marks(frozenset(shown), frozenset(edges))

    # --- ways ----------------------------------------------------------------------------------

    def _ways(self, starts: Sequence[str], ends: Sequence[str]) -> _Marks:
        """The ways to each end; the ends alone where there are none."""
        if not ends:
            return _Marks(frozenset(starts[:1]))
        vertices, edges = set[str](), set[Edge]()
        for end in ends:
            way = self._way(starts, end)
            edges.update(way)
            vertices |= {place for edge in way for place in (edge.source, edge.target)} or {
                end,
                starts[0] if end in starts else starts[-1],
            }
        return _Marks(frozenset(vertices), frozenset(edges))

    def _way(self, starts: Collection[str], end: str) -> list[Edge]:
        """All arrows on ways from some vertices to another that meet no quantity in between."""
        if end in starts:
            return [edge for edge in self._leaving.get(end, []) if edge.target == end]
        reached, waiting = list[Edge](), list(starts)
        for place in waiting:
            for edge in self._leaving.get(place, []):
                passed = edge.target != end and self._is_passed(edge.target, end)
                if passed or edge.target == end:
                    reached.append(edge)
                if passed and edge.target not in waiting:
                    waiting.append(edge.target)
        return _leading(reached, end)

    def _leads(self, edge: Edge, ends: Collection[str]) -> bool:
        """Whether an arrow leads to one of some vertices, through operations at most."""
        return edge.target in ends or (
            self._is_passed(edge.target) and any(self._way([edge.target], end) for end in ends)
        )

    def _is_passed(self, vertex: str, end: str = "") -> bool:
        """Whether a vertex is an operation or a fork within a formula, and no quantity.

        That of a quantity is passed where another one, which is the same, leaves the picture.
        """
        inner = vertex.endswith((" function", " fork"))
        if inner or quantity(vertex) not in self.quantities.values:
            return True
        return end.endswith(" out") and any(e.target == end for e in self._leaving.get(vertex, []))

    @cached_property
    def _leaving(self) -> Mapping[str, list[Edge]]:
        found: dict[str, list[Edge]] = {}
        for edge in self.diagram.edges:
            found.setdefault(edge.source, []).append(edge)
        return found

    # --- quantities ----------------------------------------------------------------------------

    def _ends(self, name: str) -> list[str]:
        """The vertex of a quantity, or of each that it leads to where it is left out."""
        seen, ends, waiting = {name}, dict[str, None](), [name]
        for one in waiting:
            shown = self._shown(one)
            if shown:
                ends[shown[0]] = None
            else:
                fresh = [use for use in self._uses.get(one, []) if use not in seen]
                seen.update(fresh)
                waiting += fresh
        return list(ends)

    def _shown(self, name: str) -> list[str]:
        """The vertices that stand for a quantity, that of its own name first."""
        for alias in self._aliases(name):
            found = self._vertices.get(alias) or self._producers(alias)
            if found:
                return found
        return []

    def _producers(self, name: str) -> list[str]:
        """Where the arrows start that bear the symbol of a quantity, if that is no weight."""
        if name not in self.quantities.values or self._is_parameter(name):
            return []
        return list(dict.fromkeys(edge.source for edge in self._bearing(name)))

    def _told_beside(self, name: str) -> list[Edge]:
        """The arrows with a weight beside them."""
        if not self._is_parameter(name):
            return []
        found = (self._bearing(alias) for alias in self._aliases(name))
        return next(filter(None, found), [])

    def _bearing(self, name: str) -> list[Edge]:
        symbols = {self.quantities.symbols.tex(name), self._subject.tex(name)}
        return [edge for edge in self.diagram.edges if edge.label in symbols]

    def _is_parameter(self, name: str) -> bool:
        node = self.quantities.values.get(name)
        return node is not None and self._subject.is_parameter(node)

    def _aliases(self, name: str) -> Iterator[str]:
        """A quantity and what shows it: what it is a copy of, the same at the step of a cell."""
        symbols, node = self.quantities.symbols, self.quantities.values.get(name)
        if self._rolled:
            yield from self._over_time(symbols.carries.get(name, name))
            return
        yield name
        if self._subject.states:
            yield _at_first_step(name)
        for copies in (symbols.carries, symbols.uses):
            yield from (copy for copy, of in copies.items() if of == name)
            yield copies.get(name, name)
        if node is not None and node.op is COPY:
            yield original(node).name or ""

    def _over_time(self, name: str) -> Iterator[str]:
        """The same in a picture over time: a step of its own, else the cell with its loop."""
        yield name
        yield self.quantities.symbols.uses.get(name, name)
        family = name.partition("[")[0]
        yield f"cell {family}"
        states = self.quantities.blueprint.initial.values()
        if family in states and name != family:
            yield "cell"

    @property
    def _rolled(self) -> bool:
        """Whether the picture is one over time."""
        return "cell" in self._vertices

    @cached_property
    def _vertices(self) -> Mapping[str, list[str]]:
        """The vertices that bear a quantity's name, its own before its ends."""
        found: dict[str, list[str]] = {}
        for vertex in sorted(self.diagram.vertices, key=_is_aside):
            found.setdefault(quantity(vertex.id), []).append(vertex.id)
        return found

    @cached_property
    def _uses(self) -> Mapping[str, list[str]]:
        """What is computed from each quantity."""
        found: dict[str, list[str]] = {}
        for name, node in self.quantities.values.items():
            for leaf in leaves(node):
                found.setdefault(leaf.name or "", []).append(name)
        return found

    @cached_property
    def _subject(self) -> Subject:
        return subject_of(self.quantities)


def _leading(edges: Sequence[Edge], end: str) -> list[Edge]:
    """Those of some arrows that lead to a vertex."""
    arrived, waiting = {end}, [end]
    for place in waiting:
        before = [e.source for e in edges if e.target == place and e.source not in arrived]
        arrived.update(before)
        waiting += dict.fromkeys(before)
    return [edge for edge in edges if edge.target in arrived]


def _is_aside(vertex: Vertex) -> bool:
    """Whether a vertex is before or behind the one of the quantity."""
    return vertex.id != quantity(vertex.id)


def _at_first_step(name: str) -> str:
    """The same quantity at the step that cells are drawn for.

    >>> _at_first_step("h_in[2]"), _at_first_step("w")
    ('h_in[1]', 'w')
    """
    family, bracket, index = name.partition("[")
    return f"{family}[1]" if bracket and index.rstrip("]").isdigit() else name
