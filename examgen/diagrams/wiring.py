"""A graph as wired operations: what the general and the residual picture are drawn from.

The vertex that computes a quantity has the quantity's name as its id, and the quantity's symbol
stands on the arrows that leave it. A copy is no operation: it is one more name for what it copies.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from examgen.diagrams.layers import Affine, affine
from examgen.diagrams.operations import Shape, is_number, operation, softmax_logits, tidy
from examgen.diagrams.subject import Subject, is_port, leaves, original
from examgen.expression import Apply
from examgen.formula import parse
from examgen.functions import LOSSES
from examgen.nodes import ADD, COPY, GIVEN, Node
from examgen.printing import define, show
from examgen.sheet import Edge, Vertex
from examgen.typeset import plain

_LONGEST = 20  # characters of a loss that is written into its box
_LOSS_NAMES = {
    "bce": r"\mathrm{BCE}",
    "cross_entropy": r"\mathrm{CE}",
    "squared_error": r"\mathrm{SE}",
    "half_squared_error": r"\frac{1}{2}\mathrm{SE}",
    "mean_squared_error": r"\mathrm{MSE}",
}


@dataclass(frozen=True)
class Wiring:
    """Operations, data and parameters, and the arrows between them."""

    vertices: tuple[Vertex, ...]
    edges: tuple[Edge, ...]


@dataclass
class _Drawing:
    subject: Subject
    vertices: dict[str, Vertex] = field(default_factory=dict)
    edges: dict[tuple[str, str], Edge] = field(default_factory=dict)
    shared: dict[Node, str] = field(default_factory=dict)  # softmaxes by their sums
    computed: dict[Hashable, str] = field(default_factory=dict)  # vertices by what they compute
    same: dict[str, str] = field(default_factory=dict)  # of two equal quantities the first
    units: set[str] = field(default_factory=set)  # quantities whose circle has their name

    def quantity(self, name: str) -> None:
        """The operations that compute a quantity."""
        node = self.subject.values[name]
        if node.op is COPY:
            return
        whole = node.args[1] if softmax_logits(node) else None
        if whole in self.shared:
            return
        if whole is not None:
            self.shared[whole] = name
        first = self.computed.setdefault(_content(node), name)
        if first != name:
            self.same[name] = first
            return
        if loss := _loss_label(self.subject, name):
            self._vertex(name, loss, "box", leaves(node))
        elif taken := weighted_sum(self.subject, node):
            self._unit(name, taken)
        else:
            self._operate(node, name)

    def _unit(self, name: str, taken: Affine) -> None:
        """A circle with the quantity's own symbol, weights beside the arrows that lead to it."""
        self.units.add(name)
        self.vertices[name] = Vertex(name, self.subject.tex(name), "circle")
        for source, weight in taken.terms:
            start = self._named(self.subject.quantities.node(source), name)
            self.edges[start, name] = Edge(start, name, self.subject.tex(weight))
        for bias in taken.biases:
            start = self._given(self.subject.quantities.node(bias), name)
            self.edges[start, name] = Edge(start, name)

    def _named(self, arg: Node, target: str) -> str:
        """A vertex that shows the symbol of a unit's input: its own, or one after its operation."""
        source, symbol = self._source(arg, target, 1)
        if not symbol:
            return source
        vertex = f"{arg.name} out"
        self.vertices[vertex] = Vertex(vertex, symbol, "circle")
        self.edges[source, vertex] = Edge(source, vertex)
        return vertex

    def _operate(self, node: Node, vertex: str) -> None:
        if logits := softmax_logits(node):
            return self._vertex(vertex, r"\mathrm{softmax}", "box", logits)
        done = operation(node, self.subject.symbols)
        return self._vertex(vertex, done.label, done.shape, done.args)

    def _vertex(self, vertex: str, label: str, shape: Shape, args: Iterable[Node]) -> None:
        self.vertices[vertex] = Vertex(vertex, label, shape)
        for number, arg in enumerate(args, start=1):
            source, name = self._source(arg, vertex, number)
            again = self.edges.get((source, vertex))
            twice = again is not None and again.label and name
            label = rf"{again.label},\,{name}" if again and twice else name  # q times q
            self.edges[source, vertex] = Edge(source, vertex, label)

    def _source(self, arg: Node, target: str, number: int) -> tuple[str, str]:
        """The vertex that an arrow starts from, and the symbol that stands on it."""
        first = original(arg)
        if is_number(first):
            return self._number(first, target, number), ""
        if first.name is None:
            vertex = self.computed.setdefault(_content(first), f"{target}:{number}")
            if vertex not in self.vertices:
                self._operate(first, vertex)
            return vertex, ""
        if first.op is GIVEN or is_port(first):
            copied = self.subject.tex(arg.name or "") if arg is not first else ""
            return self._given(first, target), copied
        symbol = "" if first.name in self.units and arg is first else arg.name or first.name
        return self.producer(first), self.subject.tex(symbol) if symbol else ""

    def producer(self, node: Node) -> str:
        """The vertex that computes a node."""
        whole = node.args[1] if softmax_logits(node) else None
        name = node.name or ""
        return self.shared.get(whole, name) if whole is not None else self.same.get(name, name)

    def _number(self, node: Node, target: str, number: int) -> str:
        vertex = f"{number} at {target}"
        self.vertices[vertex] = Vertex(vertex, show(node, self.subject.symbols), "plain")
        return vertex

    def _given(self, node: Node, target: str) -> str:
        name, parameter = node.name or "", self.subject.is_parameter(node)
        vertex = f"{name} at {target}" if parameter else name
        stub = parameter or name in self.subject.states
        label = self.subject.tex(name)
        found = Vertex(vertex, label, "plain" if stub else "circle", shaded=not stub)
        self.vertices.setdefault(vertex, found)
        return vertex


def wiring(subject: Subject) -> Wiring:
    """All operations of a graph, and an end for every quantity that leads nowhere else."""
    drawing = _Drawing(subject)
    for name in subject.names:
        drawing.quantity(name)
    for name in _ends(subject):
        _end(drawing, name)
    return Wiring(tuple(drawing.vertices.values()), tuple(drawing.edges.values()))


def _ends(subject: Subject) -> Iterator[str]:
    """Quantities that nothing shown is computed from, and the states that leave the step."""
    used = {
        name
        for other in subject.names
        for leaf in leaves(subject.values[other])
        for name in _aliases(leaf)
    }
    leaving = set(subject.states.values())
    return (name for name in subject.names if name in leaving or name not in used)


def _aliases(node: Node) -> Iterator[str]:
    """The name of a node and, for a copy, of what it copies."""
    yield node.name or ""
    while node.op is COPY:
        node = node.args[0]
        yield node.name or ""


def _end(drawing: _Drawing, name: str) -> None:
    subject = drawing.subject
    first = original(subject.values[name])
    source = drawing.producer(first)
    if source not in drawing.vertices or name in drawing.units:  # a copy of a given, or an end
        return
    state = name in subject.states.values()
    vertex = f"{name} out"
    drawing.vertices[vertex] = Vertex(vertex, subject.tex(name), "plain" if state else "circle")
    label = subject.tex(first.name or "") if first.name not in (name, None) else ""
    drawing.edges[source, vertex] = Edge(source, vertex, label)


def weighted_sum(subject: Subject, node: Node) -> Affine | None:
    """What a unit of a network takes: two or more inputs with a weight each; None otherwise."""
    taken = affine(subject, node) if node.op is ADD else None
    return taken if taken and len(taken.terms) > 1 and all(w for _, w in taken.terms) else None


def _content(node: Node) -> Hashable:
    """What tells operations apart: the same for two that compute the same of the same."""
    return node.op.name, node.value, tuple(_argument(original(arg)) for arg in node.args)


def _argument(node: Node) -> Hashable:
    return node.name or _content(node)


def _loss_label(subject: Subject, name: str) -> str:
    """What stands in the box of a loss; empty for what is none."""
    written = _written(subject)
    function = written.get(_kind(name), "")
    node = subject.values[name]
    if not function or any(leaf.name is None for leaf in leaves(node)):
        return ""
    label = tidy(define(node, subject.symbols))
    return label if len(plain(label)) <= _LONGEST else _LOSS_NAMES[function]


def _kind(name: str) -> tuple[str, bool]:
    """The family of a quantity, and whether it has an index: L and L[t] are not the same."""
    return name.partition("[")[0], "[" in name


def _written(subject: Subject) -> Mapping[tuple[str, bool], str]:
    """What is written as one of the losses, and which."""
    found = {}
    for definition in subject.quantities.blueprint.definitions:
        formula = parse(definition.formula)
        if isinstance(formula, Apply) and formula.function in LOSSES:
            found[_kind(definition.name)] = formula.function
    return found
