"""The computational graph: operations in circles and boxes, names on the arrows.

Where it gets too large to be read, quantities are circles and what they are computed from is told
by arrows alone.
"""

from __future__ import annotations

from examgen.diagrams.spine import along_spine
from examgen.diagrams.subject import Subject, leaves
from examgen.diagrams.wiring import wiring
from examgen.diagrams.words import word
from examgen.nodes import Node
from examgen.printing import define
from examgen.sheet import Diagram, Edge, Vertex
from examgen.typeset.speech import speech


def operations_graph(subject: Subject, language: str) -> Diagram:
    """Every operation with its arguments; inputs at the left, parameters beside their readers.

    What is a line with skips, or with a state, is drawn as one.
    """
    wired = wiring(subject)
    drawn = along_spine(wired) or wired
    return Diagram(drawn.vertices, drawn.edges, graph_alternative(subject, language))


def quantities_graph(subject: Subject, language: str) -> Diagram:
    """Quantities as circles and parameters as stubs on what they are used for."""
    vertices: dict[str, Vertex] = {}
    edges: dict[tuple[str, str], Edge] = {}
    for name in subject.names:
        vertices[name] = Vertex(name, subject.tex(name), "circle")
    for name in subject.names:
        for leaf in leaves(subject.values[name]):
            source = _source(subject, leaf, name)
            vertices.setdefault(source, _given(subject, leaf, source))
            edges.setdefault((source, name), Edge(source, name))
    return Diagram(
        tuple(vertices.values()), tuple(edges.values()), _quantities_alternative(subject, language)
    )


def _source(subject: Subject, leaf: Node, reader: str) -> str:
    name = leaf.name or ""
    return f"{name} at {reader}" if subject.is_parameter(leaf) else name


def _given(subject: Subject, leaf: Node, vertex: str) -> Vertex:
    parameter = subject.is_parameter(leaf)
    label = subject.tex(leaf.name or "")
    return Vertex(vertex, label, "plain" if parameter else "circle", shaded=not parameter)


def graph_alternative(subject: Subject, language: str, opening: str = "") -> str:
    """The graph in formulas: each of them says which arrows meet, and in what operation."""
    kind = "step" if subject.states else "graph"
    computed = [
        word(
            language,
            "computed",
            name=subject.text(name, language),
            formula=speech(define(subject.values[name], subject.symbols), language),
        )
        for name in subject.names
    ]
    return " ".join(
        [
            opening or word(language, kind),
            *givens_told(subject, language),
            *states_told(subject, language),
            "; ".join(computed) + ".",
        ]
    )


def _quantities_alternative(subject: Subject, language: str) -> str:
    told = [
        word(
            language,
            "from",
            name=subject.text(name, language),
            sources=subject.texts(
                (leaf.name or "" for leaf in leaves(subject.values[name])), language
            ),
        )
        for name in subject.names
    ]
    return " ".join([word(language, "quantities"), "; ".join(told) + "."])


def givens_told(subject: Subject, language: str) -> list[str]:
    """A sentence with the data and one with the parameters, where there are any."""
    seen = dict.fromkeys(leaf for name in subject.names for leaf in leaves(subject.values[name]))
    free = [leaf for leaf in seen if leaf.name not in subject.names and leaf.op.name != "carry"]
    kinds = {
        "data": [leaf for leaf in free if not subject.is_parameter(leaf)],
        "parameters": [leaf for leaf in free if subject.is_parameter(leaf)],
    }
    return [
        word(
            language,
            kind,
            names=", ".join(dict.fromkeys(subject.text(n.name or "", language) for n in found)),
        )
        for kind, found in kinds.items()
        if found
    ]


def states_told(subject: Subject, language: str) -> list[str]:
    """A sentence a state: under which name it enters the step, and under which it leaves."""
    return [
        word(language, "states", old=subject.text(old, language), new=subject.text(new, language))
        for old, new in subject.states.items()
    ]
