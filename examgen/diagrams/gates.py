"""Gated cells recognised in the equations of a step, whatever their quantities are called.

LSTM: C = f C_prev + i g and h = o tanh(C). GRU: h = k h_prev + m g, where k and m are z and 1 - z.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

from examgen.diagrams.subject import Subject, original, parts
from examgen.nodes import ADD, MUL, SUB, Node
from examgen.ops import OPS

_SIGMOID, _TANH = OPS["sigmoid"], OPS["tanh"]


@dataclass(frozen=True)
class Lstm:
    """The nodes of an LSTM step: gates, candidate, the new cell state, its tanh, the new h.

    joined: the sum that all gates take, where there is one. States are pairs of names, entering
    and leaving. data: what comes in beside them.
    """

    forget: Node
    take: Node
    candidate: Node
    out: Node
    cell: Node
    squashed: Node
    hidden: Node
    joined: Node | None
    cells: tuple[str, str]
    hiddens: tuple[str, str]
    data: tuple[str, ...]


@dataclass(frozen=True)
class Gru:
    """The nodes of a GRU step; keeps: whether z weighs the old state, otherwise the candidate."""

    update: Node
    reset: Node
    candidate: Node
    hidden: Node
    keeps: bool
    hiddens: tuple[str, str]
    data: tuple[str, ...]


def lstm_of(subject: Subject) -> Lstm | None:
    """The LSTM that a step is; None for anything else."""
    for cells, hiddens in permutations(subject.states.items(), 2):
        cell = original(subject.values[cells[1]])
        hidden = original(subject.values[hiddens[1]])
        held, read = _held(cell, cells[0]), _read(hidden, cell)
        if held and read:
            gates = (held[0], held[1], held[2], read[0])
            if any(_peeps(gate, cells[0], cell) for gate in gates):
                return None
            data = _data(subject, gates, (cells[0], hiddens[0]))
            return Lstm(*gates, cell, read[1], hidden, _joined(gates), cells, hiddens, data)
    return None


def _peeps(gate: Node, entering: str, cell: Node) -> bool:
    """Whether a gate takes the cell state, old or new, for which the textbook cell has no line."""
    return any(node.name == entering or original(node) is cell for node in _behind(gate))


def gru_of(subject: Subject) -> Gru | None:
    """The GRU that a step is; None for anything else."""
    if len(subject.states) != 1:
        return None
    (states,) = subject.states.items()
    hidden = original(subject.values[states[1]])
    found = _blended(hidden, states[0])
    if found is None:
        return None
    update, candidate, keeps = found
    reset = _reset(candidate, states[0])
    if reset is None:
        return None
    data = _data(subject, (update, reset, candidate), (states[0],))
    return Gru(update, reset, candidate, hidden, keeps, states, data)


def _terms(node: Node) -> Iterator[tuple[Node, Node, Node, Node]]:
    """A sum of two products of two, in every order that the sum and the products can have."""
    terms = parts(node) if node.op is ADD else []
    if len(terms) == 2 and all(t.op is MUL and len(parts(t)) == 2 for t in terms):
        for first, second in permutations(terms):
            for a, b in permutations(parts(first)):
                for c, d in permutations(parts(second)):
                    yield a, b, c, d


def _held(cell: Node, entering: str) -> tuple[Node, Node, Node] | None:
    """The gates f and i and the candidate of C = f C_prev + i g."""
    for forget, old, take, candidate in _terms(cell):
        gates = forget.op is take.op is _SIGMOID and candidate.op is _TANH
        if old.name == entering and gates:
            return forget, take, candidate
    return None


def _read(hidden: Node, cell: Node) -> tuple[Node, Node] | None:
    """The gate o and the tanh of h = o tanh(C)."""
    if hidden.op is not MUL or len(parts(hidden)) != 2:
        return None
    for gate, squashed in permutations(parts(hidden)):
        if gate.op is _SIGMOID and squashed.op is _TANH and original(squashed.args[0]) is cell:
            return gate, squashed
    return None


def _blended(hidden: Node, entering: str) -> tuple[Node, Node, bool] | None:
    """The gate z, the candidate, and whether z weighs the old state."""
    for keep, old, take, candidate in _terms(hidden):
        if old.name == entering and candidate.op is _TANH:
            if _rest_of(take, keep) and keep.op is _SIGMOID:
                return keep, candidate, True
            if _rest_of(keep, take) and take.op is _SIGMOID:
                return take, candidate, False
    return None


def _rest_of(node: Node, gate: Node) -> bool:
    """Whether a node is 1 - gate."""
    return node.op is SUB and node.args[0].value == 1 and node.args[1] is gate


def _reset(candidate: Node, entering: str) -> Node | None:
    """The gate that multiplies the old state on its way to the candidate."""
    for node in _within(candidate.args[0]):
        if node.op is MUL:
            factors = parts(node)
            gates = [factor for factor in factors if factor.op is _SIGMOID]
            if len(gates) == 1 and entering in (factor.name for factor in factors):
                return gates[0]
    return None


def _within(node: Node) -> Iterator[Node]:
    """A node and all that it is made of, less what is behind other functions."""
    yield node
    if node.op in (ADD, MUL):
        for arg in node.args:
            yield from _within(arg)


def _joined(gates: tuple[Node, ...]) -> Node | None:
    """The named sum that every gate takes a weight of."""
    sums = [
        {n for n in _behind(gate) if n.op is ADD and n.name and _plain_sum(n)} for gate in gates
    ]
    common = set.intersection(*sums)
    return min(common, key=lambda node: node.name or "") if common else None


def _plain_sum(node: Node) -> bool:
    return all(arg.op.name in ("carry", "given") for arg in node.args)


def _behind(gate: Node) -> Iterator[Node]:
    """What a gate's pre-activation is made of, down to data and states."""
    stack = list(gate.args)
    while stack:
        node = stack.pop()
        yield node
        if node.op.name in ("add", "mul", "copy"):
            stack.extend(node.args)


def _data(subject: Subject, gates: tuple[Node, ...], states: tuple[str, ...]) -> tuple[str, ...]:
    """The data that the gates take."""
    found = dict.fromkeys(
        node.name or ""
        for gate in gates
        for node in _behind(gate)
        if node.op.name == "given" and not subject.is_parameter(node) and node.name not in states
    )
    return tuple(found)


def names_of(subject: Subject, node: Node) -> list[str]:
    """The names of a node and of its copies, in the author's order."""
    return [
        name
        for name in subject.names
        if subject.values[name] is node or original(subject.values[name]) is node
    ]


def taken_weights(subject: Subject, gate: Node, source: str) -> list[str]:
    """The parameters that a source is multiplied by on its way to a gate."""
    return [
        factor.name or ""
        for node in _behind(gate)
        if node.op is MUL and source in (factor.name for factor in parts(node))
        for factor in parts(node)
        if factor.name and subject.is_parameter(factor)
    ]
