"""The picture of a graph: the textbook's where the graph is a textbook's, else its operations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from examgen.diagrams.gated import gru, lstm
from examgen.diagrams.gates import gru_of, lstm_of
from examgen.diagrams.general import operations_graph, quantities_graph
from examgen.diagrams.hints import Hints, hint_problems, hinted, hints_of
from examgen.diagrams.layers import Layers, layers_of
from examgen.diagrams.network import network
from examgen.diagrams.subject import Subject, subject_of
from examgen.diagrams.unrolled import any_cell, simple, unrolled
from examgen.errors import Problem
from examgen.figure_field import FigureField
from examgen.quantities import Quantities
from examgen.sheet import Diagram

MOST_OPERATIONS = 22
"""Operations, data and results that a graph of operations may have; parameters do not count."""

_USUAL = FigureField()


def diagram(
    quantities: Quantities, language: str = "en", field: FigureField = _USUAL
) -> Diagram | None:
    """The figure of a graph, and its text alternative in a language.

    None where the author wants none, or where the graph cannot be drawn in the way asked for.
    """
    return None if field.is_none else _drawn(quantities, language, hints_of(field))


@lru_cache(maxsize=256)  # the same for all students; quantities compare by identity
def _drawn(quantities: Quantities, language: str, hints: Hints) -> Diagram | None:
    subject = subject_of(quantities)
    if hints.kind is None:
        drawn: Diagram | None = _by_rule(subject, language, hints)
    else:
        drawn = _KINDS[hints.kind](subject, language, hints)
    return hinted(drawn, hints) if drawn else None


def figure_problems(field: FigureField, quantities: Quantities) -> Iterator[Problem]:
    """What is wrong with a template's `figure:`: its kind, or names that it does not have."""
    if field == _USUAL or field.is_none:
        return
    subject = subject_of(quantities)
    kind = hints_of(field).kind
    bare = Hints(kind, steps=field.steps)
    drawn = _by_rule(subject, "en", bare) if kind is None else _KINDS[kind](subject, "en", bare)
    if drawn is None:
        yield Problem(f"{_UNFIT[kind or '']}; graph and quantities suit any", path="figure.kind")
    else:
        yield from hint_problems(field, drawn)


_UNFIT = {
    "network": "this graph has other things than layers and a loss",
    "cell": "this graph is not recurrent",
    "unrolled": "only recurrent graphs of one state are unrolled",
}


# --- by rule -----------------------------------------------------------------------------------


def _by_rule(subject: Subject, language: str, hints: Hints) -> Diagram:
    """A network over time unrolled, layers as layers, gates as a cell; all else by operations."""
    layers = layers_of(subject)
    if rolled := simple(subject, layers):
        return unrolled(rolled, language, hints.steps)
    if layers and _first_states(subject, layers):
        return network(subject, layers, language)
    return _gated(subject, language) or _readable(subject, language)


def _first_states(subject: Subject, layers: Layers) -> bool:
    """Whether the first layer is that of the states, where there are any."""
    leaving = set(subject.states.values())
    return not leaving or leaving == {unit.name for unit in layers.units[0]}


def _gated(subject: Subject, language: str) -> Diagram | None:
    if long_short := lstm_of(subject):
        return lstm(subject, long_short, language)
    if gated := gru_of(subject):
        return gru(subject, gated, language)
    return None


def _readable(subject: Subject, language: str) -> Diagram:
    """Every operation where they are few, else the quantities."""
    drawn = operations_graph(subject, language)
    solid = sum(vertex.shape != "plain" for vertex in drawn.vertices)
    return drawn if solid <= MOST_OPERATIONS else quantities_graph(subject, language)


# --- as the author says ------------------------------------------------------------------------


def _network(subject: Subject, language: str, hints: Hints) -> Diagram | None:
    layers = layers_of(subject)
    return network(subject, layers, language) if layers else None


def _cell(subject: Subject, language: str, hints: Hints) -> Diagram | None:
    if not subject.states:
        return None
    return _gated(subject, language) or _readable(subject, language)


def _unrolled(subject: Subject, language: str, hints: Hints) -> Diagram | None:
    rolled = simple(subject, layers_of(subject)) or any_cell(subject)
    return unrolled(rolled, language, hints.steps) if rolled else None


def _graph(subject: Subject, language: str, hints: Hints) -> Diagram | None:
    return operations_graph(subject, language)


def _quantities(subject: Subject, language: str, hints: Hints) -> Diagram | None:
    return quantities_graph(subject, language)


_KINDS: dict[str, Callable[[Subject, str, Hints], Diagram | None]] = {
    "network": _network,
    "cell": _cell,
    "unrolled": _unrolled,
    "graph": _graph,
    "quantities": _quantities,
}
