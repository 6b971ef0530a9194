"""Layers recognised in a graph: units that take weighted sums of the units before them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from examgen.diagrams.operations import softmax_logits
from examgen.diagrams.subject import Subject, leaves, original, parts
from examgen.nodes import ADD, COPY, MUL, Node
from examgen.ops import OPS

SOFTMAX = r"\mathrm{softmax}"
_ACTIVATIONS = {
    OPS[name] for name in ("relu", "leaky_relu", "sigmoid", "tanh", "softplus", "softmax")
}
_PICKED = {OPS["max"], OPS["min"]}


@dataclass(frozen=True)
class Affine:
    """A weighted sum: (unit, weight) pairs, the weight empty where there is none, and biases."""

    terms: tuple[tuple[str, str], ...]
    biases: tuple[str, ...]


@dataclass(frozen=True)
class Unit:
    """A unit of a layer: its name, that of its pre-activation if it has one, its activation.

    joint: the logits of all units, for a softmax.
    """

    name: str
    pre: str
    function: str
    taken: Affine
    joint: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layers:
    """Inputs, and the units of each layer after them."""

    inputs: tuple[str, ...]
    units: tuple[tuple[Unit, ...], ...]


def layers_of(subject: Subject) -> Layers | None:
    """The layers of a graph; None where it is anything else than layers and a loss."""
    units = _units(subject)
    if not units or not _only_losses(subject, units):
        return None
    depth = _depths(units)
    if any(depth[s] + 1 != depth[u.name] for u in units.values() for s, _ in u.taken.terms):
        return None
    if not _softmaxes_whole(units):
        return None
    inputs = tuple(name for name, at in depth.items() if at == 0)
    count = max(depth.values())
    return Layers(
        inputs,
        tuple(
            tuple(unit for unit in units.values() if depth[unit.name] == layer)
            for layer in range(1, count + 1)
        ),
    )


def _units(subject: Subject) -> dict[str, Unit]:
    """Every quantity that is a unit, but for pre-activations, by name."""
    units = {
        name: unit
        for name in subject.names
        if not _is_loss(subject, name) and (unit := _unit(subject, name, subject.values[name]))
    }
    hidden = {unit.pre for unit in units.values()}
    return {name: unit for name, unit in units.items() if name not in hidden}


def _unit(subject: Subject, name: str, node: Node) -> Unit | None:
    if node.op in _PICKED:
        chosen = tuple((part.name or "", "") for part in parts(node))
        named = all(source in subject.names for source, _ in chosen)
        return Unit(name, "", node.op.notation.tex, Affine(chosen, ())) if named else None
    if node.op not in _ACTIVATIONS:
        taken = affine(subject, node)
        return Unit(name, "", "", taken) if taken else None
    taken = affine(subject, node.args[0])
    pre = node.args[0].name or ""
    if taken is None or (pre and pre not in subject.names) or not _alone(subject, pre):
        return None
    if node.op is not OPS["softmax"]:
        return Unit(name, pre, node.op.notation.tex, taken)
    logits = tuple(logit.name or "" for logit in softmax_logits(node))
    return Unit(name, pre, SOFTMAX, taken, logits) if pre and all(logits) else None


def _alone(subject: Subject, pre: str) -> bool:
    """Whether a pre-activation is used for activations only."""
    readers = [
        subject.values[name]
        for name in subject.names
        if pre in (leaf.name for leaf in leaves(subject.values[name]))
    ]
    return not pre or all(reader.op in _ACTIVATIONS for reader in readers)


def affine(subject: Subject, node: Node) -> Affine | None:
    """The node as a weighted sum of units and data; None where it is none."""
    terms: list[tuple[str, str]] = []
    biases: list[str] = []
    if node.op not in (ADD, MUL, COPY):
        return None
    for part in parts(node) if node.op is ADD else [node]:
        factors = parts(part) if part.op is MUL and (part is node or not part.name) else [part]
        if part.op is COPY and part is node:
            factors = [original(part)]
        weights = [f.name for f in factors if f.name and subject.is_parameter(f)]
        units = [f.name for f in factors if f.name and not subject.is_parameter(f)]
        if len(weights) + len(units) < len(factors) or len(weights) > 1 or len(units) > 1:
            return None
        if units:
            terms.append((units[0] or "", (weights or [""])[0] or ""))
        else:
            biases.append(weights[0] or "")
    doubled = Counter(source for source, _ in terms).most_common(1)
    return Affine(tuple(terms), tuple(biases)) if terms and doubled[0][1] == 1 else None


def _only_losses(subject: Subject, units: Mapping[str, Unit]) -> bool:
    """Whether all that is no unit is a loss, which no unit takes."""
    pres = {unit.pre for unit in units.values()}
    return all(name in units or name in pres or _is_loss(subject, name) for name in subject.names)


def _softmaxes_whole(units: Mapping[str, Unit]) -> bool:
    """Whether each softmax is one of just the units that it gives."""
    joint = {unit.joint for unit in units.values() if unit.joint}
    return all(
        sorted(logits) == sorted(unit.pre for unit in units.values() if unit.joint == logits)
        for logits in joint
    )


def _is_loss(subject: Subject, name: str) -> bool:
    """Whether a quantity is the loss, or one of the losses L[k] that it is the sum of."""
    return name.partition("[")[0] == subject.quantities.loss.partition("[")[0]


def _depths(units: Mapping[str, Unit]) -> dict[str, int]:
    """The layer of every unit and input, by the longest way to it."""
    depth: dict[str, int] = {}
    for unit in units.values():
        for source, _ in unit.taken.terms:
            if source not in units:
                depth[source] = 0
    for _ in units:
        for unit in units.values():
            known = [depth[source] for source, _ in unit.taken.terms if source in depth]
            if len(known) == len(unit.taken.terms):
                depth[unit.name] = max(known) + 1
    return depth
