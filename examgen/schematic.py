"""What a reader sees of a graph: its equations, and a schematic figure.

A graph over time is shown at one step t.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import replace
from itertools import product

from examgen.expression import Expression, Reference, walk
from examgen.formula import parse
from examgen.nodes import ADD, GIVEN, Node
from examgen.notation import Symbols
from examgen.ops import PORTS
from examgen.printing import define
from examgen.quantities import Quantities
from examgen.sheet import Diagram, Edge, Vertex


def equations(quantities: Quantities) -> tuple[str, ...]:
    """The definitions in TeX, in the author's order; those over time once, for step t."""
    return tuple(
        f"{symbols.tex(name)} = {_right_side(name, quantities, symbols)}"
        for name, symbols in _shown(quantities)
    )


def _right_side(name: str, quantities: Quantities, symbols: Symbols) -> str:
    node = quantities.values[name]
    steps = quantities.blueprint.ranges.get("t", 0)
    terms = {f"{name}[{t}]" for t in range(1, steps + 1)}
    if steps and terms <= set(quantities.values) and _is_sum_of(node, terms):
        return rf"\sum_{{t=1}}^{{{steps}}} {symbols.at_step(1).tex(f'{name}[1]')}"
    return define(node, symbols)


def _shown(quantities: Quantities) -> Iterator[tuple[str, Symbols]]:
    """The defined quantities that a reader sees, each with the symbols to print it with."""
    symbols = quantities.symbols
    for definition in quantities.blueprint.definitions:
        left = parse(definition.name)
        assert isinstance(left, Reference), "bug: definitions define names"
        general = _holds_at_step_t(left, parse(definition.formula))
        for name in _instances(left, quantities, general):
            if quantities.values[name].op not in PORTS:
                yield name, symbols.at_step(1) if general else symbols


def _holds_at_step_t(left: Reference, right: Expression) -> bool:
    """Whether one line can say it for every step: there is no other index than t, t-1, ...

    Nor does it count with t, as in beta^t: that is a number at step 1.
    """
    if any(part == Reference("t") for part in walk(right)):
        return False
    indices = {i for part in walk(right) if isinstance(part, Reference) for i in part.indices}
    only_steps = all(index.terms == (("t", 1),) for index in (*left.indices, *indices))
    return bool(left.indices) and only_steps


def _instances(left: Reference, quantities: Quantities, general: bool) -> list[str]:
    """The names a left-hand side stands for: at step 1 if it is for every step, else all."""
    ranges = quantities.blueprint.ranges
    variables = list(dict.fromkeys(v for index in left.indices for v in index.variables))
    spans = [range(1, 2 if general else ranges[variable] + 1) for variable in variables]
    names = (left.at(dict(zip(variables, k, strict=True))).name for k in product(*spans))
    return [name for name in names if name in quantities.values]


def _leaves(node: Node) -> list[Node]:
    """The named nodes that a node's definition speaks of, first use first."""
    found: dict[Node, None] = {}
    stack = list(reversed(node.args))
    while stack:
        arg = stack.pop()
        if arg.name is not None:
            found.setdefault(arg)
        else:
            stack.extend(reversed(arg.args))
    return list(found)


def _is_sum_of(node: Node, names: set[str]) -> bool:
    """Whether a node is the plain sum of just these, each once; half of it is not."""
    terms: list[Node] = []
    stack = [*node.args] if node.op is ADD else []
    while stack:
        arg = stack.pop()
        if arg.name is None and arg.op is ADD:
            stack.extend(arg.args)
        else:
            terms.append(arg)
    return sorted(arg.name or "" for arg in terms) == sorted(names)


# --- figures -----------------------------------------------------------------------------------


def diagram(quantities: Quantities) -> Diagram:
    """The topology's own figure, or the graph: quantities as circles, parameters as stubs."""
    own = quantities.blueprint.diagram
    if own is not None:
        return _labelled(own, quantities)
    shown = dict(_shown(quantities))
    if quantities.blueprint.initial:  # the cell: what lies between its inputs and its states
        shown = {name: symbols for name, symbols in shown.items() if symbols.step is not None}
    vertices: dict[str, Vertex] = {}
    edges: list[Edge] = []
    inputs = _inputs(quantities)
    for name, symbols in shown.items():
        vertices[name] = Vertex(name, symbols.tex(name), "circle")
        for leaf in _leaves(quantities.values[name]):
            source = _source(leaf, name, inputs)
            if source not in vertices and source not in shown:
                vertices[source] = _given(leaf, source, symbols, inputs)
            edges.append(Edge(source, name))
    return Diagram(tuple(vertices.values()), tuple(edges), _alternative(quantities, shown))


def _labelled(own: Diagram, quantities: Quantities) -> Diagram:
    """The figure with names of quantities replaced by their symbols."""
    tex = quantities.symbols.tex
    return Diagram(
        tuple(replace(vertex, label=tex(vertex.label)) for vertex in own.vertices),
        tuple(replace(edge, label=tex(edge.label) if edge.label else "") for edge in own.edges),
        own.alternative,
    )


def _source(leaf: Node, consumer: str, inputs: Container[str]) -> str:
    """The vertex an arrow starts from; a parameter gets a stub of its own at every consumer."""
    name = leaf.name or ""
    return f"{name} at {consumer}" if _is_parameter(leaf, inputs) else name


_INPUT = re.compile(r"[xi]\d*(_\w+)?(\[.*\])?")


def _inputs(quantities: Quantities) -> set[str]:
    """The givens drawn as circles: x, i and initial states; all, where there are none of them."""
    initial = quantities.blueprint.initial
    found = {name for name in quantities.givens if name in initial or _INPUT.fullmatch(name)}
    return found or set(quantities.givens)


def _is_parameter(leaf: Node, inputs: Container[str]) -> bool:
    return leaf.op.name == "use" or (leaf.op is GIVEN and leaf.name not in inputs)


def _given(leaf: Node, vertex: str, symbols: Symbols, inputs: Container[str]) -> Vertex:
    parameter = _is_parameter(leaf, inputs)
    label = symbols.tex(leaf.name or "")
    return Vertex(vertex, label, "plain" if parameter else "circle", shaded=not parameter)


def _alternative(quantities: Quantities, shown: dict[str, Symbols]) -> str:
    return "Computational graph of " + ", ".join(
        symbols.plain(name) for name, symbols in shown.items()
    )
