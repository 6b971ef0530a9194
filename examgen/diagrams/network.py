"""The layered network: data at the left, units in columns, weights beside their arrows."""

from __future__ import annotations

from collections.abc import Iterator

from examgen.diagrams.layers import Layers, Unit
from examgen.diagrams.subject import Subject
from examgen.diagrams.words import word
from examgen.sheet import Diagram, Edge, Vertex
from examgen.typeset import plain

STEP = 0.62  # columns from a pre-activation to its activation
_MOST_WEIGHTS = 20  # between two layers that can all be told beside their arrows
_MOST_UNITS, _MOST_COLUMNS = 4, 5  # with which pre-activations have circles of their own


def network(subject: Subject, layers: Layers, language: str) -> Diagram:
    """Units as circles; where there is room, pre-activations as circles before them."""
    apart = _roomy(layers)
    tallest = max(len(layers.inputs), *map(len, layers.units))
    vertices = list(_inputs(subject, layers, tallest))
    edges: list[Edge] = []
    column = 0.0
    for units in layers.units:
        split = apart and any(unit.function for unit in units)
        labelled = sum(len(unit.taken.terms) for unit in units) <= _MOST_WEIGHTS
        column += 1.0
        for place, unit in enumerate(units):
            row = place + (tallest - len(units)) / 2
            drawn, arrows = _unit(subject, unit, (column, row), split, labelled)
            vertices += drawn
            edges += arrows
        if not split and (named := _functions(units)):
            vertices.append(
                Vertex(f"{units[0].name} function", named, "plain", column, tallest - 0.1)
            )
        column += STEP if split else 0.0
    return Diagram(tuple(vertices), tuple(edges), network_alternative(subject, layers, language))


def _roomy(layers: Layers) -> bool:
    columns = sum(1 + any(unit.function for unit in units) for units in layers.units)
    return columns <= _MOST_COLUMNS and max(map(len, layers.units)) <= _MOST_UNITS


def _functions(units: tuple[Unit, ...]) -> str:
    """The activation of a layer, told below it."""
    found = dict.fromkeys(unit.function for unit in units if unit.function)
    return ", ".join(found)


def _inputs(subject: Subject, layers: Layers, tallest: int) -> Iterator[Vertex]:
    for place, name in enumerate(layers.inputs):
        row = place + (tallest - len(layers.inputs)) / 2
        state = name in subject.states
        yield Vertex(name, subject.tex(name), "circle", 0.0, row, shaded=not state)


def _unit(
    subject: Subject, unit: Unit, at: tuple[float, float], split: bool, labelled: bool
) -> tuple[list[Vertex], list[Edge]]:
    column, row = at
    apart = split and unit.function
    entry = (unit.pre or f"{unit.name} function") if apart else unit.name
    vertices = [_entry(subject, unit, entry, at)]
    edges = [
        Edge(source, entry, subject.tex(weight) if weight and labelled else "")
        for source, weight in unit.taken.terms
    ]
    for bias in unit.taken.biases:
        stub = f"{bias} at {entry}"
        vertices.append(Vertex(stub, subject.tex(bias), "plain"))
        edges.append(Edge(stub, entry))
    if entry != unit.name:
        vertices.append(Vertex(unit.name, subject.tex(unit.name), "circle", column + STEP, row))
        edges.append(Edge(entry, unit.name, unit.function if unit.pre else ""))
    return vertices, edges


def _entry(subject: Subject, unit: Unit, entry: str, at: tuple[float, float]) -> Vertex:
    """Where the weights lead: the pre-activation, the activation if that has no name, the unit."""
    if entry in (unit.pre, unit.name):
        return Vertex(entry, subject.tex(entry), "circle", *at)
    return Vertex(entry, unit.function, "box", *at)


def network_alternative(subject: Subject, layers: Layers, language: str) -> str:
    """The layers one after the other, with the weight of every arrow."""
    told = [
        word(
            language,
            "layer",
            number=number,
            units="; ".join(_unit_told(subject, unit, language) for unit in units),
        )
        for number, units in enumerate(layers.units, start=1)
    ]
    inputs = word(language, "inputs", names=subject.texts(layers.inputs))
    return " ".join([word(language, "network"), inputs, *told])


def _unit_told(subject: Subject, unit: Unit, language: str) -> str:
    sources = [
        word(language, "weighted", name=subject.text(source), weight=subject.text(weight))
        if weight
        else subject.text(source)
        for source, weight in unit.taken.terms
    ]
    sources += [word(language, "bias", name=subject.text(bias)) for bias in unit.taken.biases]
    entry = unit.pre or unit.name
    told = word(language, "unit", name=subject.text(entry), sources=", ".join(sources))
    if not unit.function:
        return told
    function = plain(unit.function)
    if not unit.pre:
        return f"{told} {word(language, 'activation', function=function)}"
    name, pre = subject.text(unit.name), subject.text(entry)
    return f"{told}; {word(language, 'activated', name=name, function=function, pre=pre)}"
