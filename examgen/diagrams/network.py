"""The layered network: data at the left, units in columns, weights beside their arrows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from examgen.diagrams.layers import SOFTMAX, Layers, Unit
from examgen.diagrams.subject import Subject
from examgen.diagrams.words import word
from examgen.sheet import Diagram, Edge, Vertex
from examgen.typeset.speech import speech

STEP = 0.42  # columns from a pre-activation to its activation, and on to the unit
CIRCLE: Final = "circle"
BOX: Final = "box"
_MOST_WEIGHTS = 20  # between two layers that can all be told beside their arrows
_MOST_UNITS, _MOST_COLUMNS = 4, 4.8  # with which pre-activations have circles of their own


def network(subject: Subject, layers: Layers, language: str) -> Diagram:
    """Units as circles; where there is room, pre-activations and activations before them."""
    roomy = _roomy(layers)
    tallest = max(len(layers.inputs), *map(len, layers.units))
    vertices = list(_inputs(subject, layers, tallest))
    edges: list[Edge] = []
    column = 0.0
    for units in layers.units:
        drawn = _Layer(subject, units, column + 1.0, tallest, roomy)
        vertices += drawn.vertices()
        edges += drawn.edges()
        column = drawn.last_column
    return Diagram(tuple(vertices), tuple(edges), network_alternative(subject, layers, language))


@dataclass(frozen=True)
class _Layer:
    """A layer at its column; tallest: how many units the tallest layer has."""

    subject: Subject
    units: tuple[Unit, ...]
    column: float
    tallest: int
    roomy: bool

    @property
    def split(self) -> bool:
        """Whether activations are drawn apart from what they are taken of."""
        return self.roomy and any(unit.function for unit in self.units)

    @property
    def joint(self) -> bool:
        """Whether one function takes all of the layer, as a softmax does."""
        return self.split and all(unit.function == SOFTMAX for unit in self.units)

    @property
    def labelled(self) -> bool:
        """Whether the weights are few enough to be told beside their arrows."""
        return sum(len(unit.taken.terms) for unit in self.units) <= _MOST_WEIGHTS

    @property
    def told(self) -> bool:
        """Whether there is room for the biases beside the units."""
        return self.labelled and len(self.units) <= _MOST_UNITS

    @property
    def last_column(self) -> float:
        """Where the units themselves stand."""
        return self.column + (_apart(self.units) if self.split else 0.0)

    @property
    def function(self) -> str:
        """The id of the vertex that names the activation of the layer."""
        return f"{self.units[0].name} function"

    def row(self, place: int) -> float:
        """The row of a unit: layers are centred."""
        return place + (self.tallest - len(self.units)) / 2

    def entry(self, unit: Unit) -> str:
        """The vertex that the weights lead to: pre-activation, nameless function, or unit."""
        if not (self.split and unit.function):
            return unit.name
        return unit.pre or f"{unit.name} function"

    def vertices(self) -> Iterator[Vertex]:
        """The circles, the stubs of the biases, and the activations in boxes."""
        tex = self.subject.tex
        for place, unit in enumerate(self.units):
            entry, row = self.entry(unit), self.row(place)
            if entry in (unit.name, unit.pre):
                yield Vertex(entry, tex(entry), CIRCLE, self.column, row)
            if entry != unit.name and not self.joint:
                column = self.column + (STEP if unit.pre else 0.0)
                yield Vertex(f"{unit.name} function", unit.function, BOX, column, row)
            if entry != unit.name:
                yield Vertex(unit.name, tex(unit.name), CIRCLE, self.last_column, row)
            for bias in unit.taken.biases if self.told else ():
                yield Vertex(f"{bias} at {entry}", tex(bias), "plain")
        yield from self._function()

    def _function(self) -> Iterator[Vertex]:
        """One box for all units, or a note below units that have none."""
        named = ", ".join(dict.fromkeys(unit.function for unit in self.units if unit.function))
        if self.joint:
            middle = self.row(0) + (len(self.units) - 1) / 2
            yield Vertex(self.function, named, BOX, self.column + STEP, middle)
        elif named and not self.split:
            yield Vertex(self.function, named, "plain", self.column, self.tallest - 0.1)

    def edges(self) -> Iterator[Edge]:
        """Weights and biases in, activations on."""
        tex = self.subject.tex
        for unit in self.units:
            entry = self.entry(unit)
            for source, weight in unit.taken.terms:
                yield Edge(source, entry, tex(weight) if weight and self.labelled else "")
            for bias in unit.taken.biases if self.told else ():
                yield Edge(f"{bias} at {entry}", entry)
            yield from self._activation(unit, entry)

    def _activation(self, unit: Unit, entry: str) -> Iterator[Edge]:
        function = self.function if self.joint else f"{unit.name} function"
        if entry not in (unit.name, function):
            yield Edge(entry, function)
        if entry != unit.name:
            yield Edge(function, unit.name)


def _apart(units: tuple[Unit, ...]) -> float:
    """Columns from where the weights lead to the units, with the activations between."""
    if any(unit.pre for unit in units):
        return 2 * STEP
    return STEP if any(unit.function for unit in units) else 0.0


def _roomy(layers: Layers) -> bool:
    columns = sum(1 + _apart(units) for units in layers.units)
    return columns <= _MOST_COLUMNS and max(map(len, layers.units)) <= _MOST_UNITS


def _inputs(subject: Subject, layers: Layers, tallest: int) -> Iterator[Vertex]:
    for place, name in enumerate(layers.inputs):
        row = place + (tallest - len(layers.inputs)) / 2
        state = name in subject.states
        yield Vertex(name, subject.tex(name), "circle", 0.0, row, shaded=not state)


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
    inputs = word(language, "inputs", names=subject.texts(layers.inputs, language))
    return " ".join([word(language, "network"), inputs, *told])


def _unit_told(subject: Subject, unit: Unit, language: str) -> str:
    sources = [
        word(
            language,
            "weighted",
            name=subject.text(source, language),
            weight=subject.text(weight, language),
        )
        if weight
        else subject.text(source, language)
        for source, weight in unit.taken.terms
    ]
    sources += [
        word(language, "bias", name=subject.text(bias, language)) for bias in unit.taken.biases
    ]
    entry = unit.pre or unit.name
    told = word(language, "unit", name=subject.text(entry, language), sources=", ".join(sources))
    if not unit.function:
        return told
    function = speech(unit.function, language)
    if not unit.pre:
        return f"{told} {word(language, 'activation', function=function)}"
    name, pre = subject.text(unit.name, language), subject.texts(unit.joint or (entry,), language)
    return f"{told}; {word(language, 'activated', name=name, function=function, pre=pre)}"
