"""Mistakes at the end: the update, and which quantity is given as the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from examgen.differentiate import adjoint_name
from examgen.misconceptions.anatomy import Anatomy, grouped, name_of, source_of, stem
from examgen.misconceptions.nearness import depths
from examgen.misconceptions.rules import Rules
from examgen.misconceptions.table import Instance, Row
from examgen.nodes import GIVEN, Node

_NEAREST = 4


def _updated(
    *updates: Callable[[Node, Node, Node], Node],
) -> Callable[[Anatomy], Iterator[Instance]]:
    """Another update of every parameter."""

    def instances(anatomy: Anatomy) -> Iterator[Instance]:
        if anatomy.quantities.rate is not None and anatomy.quantities.updates:
            for update in updates:
                rate = name_of(anatomy.quantities.rate)
                yield Instance("", Rules(update=update), {"eta": rate})

    return instances


def _wrong_parameter(anatomy: Anatomy) -> Iterator[Instance]:
    """The gradient of a neighbour: the same kind of quantity, at about the same depth."""
    loss = anatomy.quantities.loss
    for name, other in _neighbours(anatomy):
        asked, answered = adjoint_name(loss, name), adjoint_name(loss, other)
        yield Instance(asked, Rules(report={asked: answered}), {"other": answered})


def _neighbours(anatomy: Anatomy) -> Iterator[tuple[str, str]]:
    depth = depths(anatomy)
    named = [node for node in anatomy.order if node.name and node not in anatomy.loss_parts]
    for nodes in grouped(named, lambda node: _kind(anatomy, node)):
        for node in nodes[: 2 * anatomy.most_sites]:
            others = [other for other in nodes if other is not node]
            near = sorted(others, key=lambda other: abs(depth[other] - depth[node]))
            for other in near[:_NEAREST]:
                yield name_of(node), name_of(other)


def _kind(anatomy: Anatomy, node: Node) -> str:
    """Weights with weights, biases with biases, any other quantity with its like-named ones."""
    if source_of(node).op is GIVEN and node.op.name == "use":
        return f"step {source_of(node).name}"
    if anatomy.is_weight(node):
        return "weight"
    if anatomy.is_bias(node):
        return "bias"
    return stem(name_of(node))


ROWS = (
    Row(
        "MC38", "wrong_parameter", _wrong_parameter,
        "This is {other}.",
        "Das ist {other}.",
    ),
    Row(
        "MC39", "ascent", _updated(lambda w, rate, gradient: w + rate * gradient),
        "Gradient descent subtracts {eta} times the gradient; you added it.",
        "Der Gradientenabstieg zieht das {eta}-Fache des Gradienten ab; Sie haben es addiert.",
    ),
    Row(
        "MC40", "lr_dropped", _updated(lambda w, rate, gradient: w - gradient),
        "Multiply the gradient by the learning rate {eta}.",
        "Multiplizieren Sie den Gradienten mit der Lernrate {eta}.",
    ),
    Row(
        "MC41", "increment_reported",
        _updated(
            lambda w, rate, gradient: -(rate * gradient),
            lambda w, rate, gradient: rate * gradient,
        ),
        "That is the change by one step with {eta}, not the new value.",
        "Das ist die Änderung in einem Schritt mit {eta}, nicht der neue Wert.",
    ),
)  # fmt: skip
