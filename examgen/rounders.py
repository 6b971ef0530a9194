"""Honest students, simulated: right all the way, but rounding what they write down on the way.

They are the measure of the tolerance, and with slips of carrying errors forward: one value got
wrong, and all that follows computed from it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from examgen.graph import topological
from examgen.nodes import CONSTANT, GIVEN, Array, Node
from examgen.perturbation import MASKS, is_intermediate, source
from examgen.slots import Slot
from examgen.template import Template


def honest(
    template: Template,
    givens: Mapping[str, Array],
    rng: np.random.Generator,
    *,
    share: float = 0.7,
    slips: Mapping[Node, Array] | None = None,
) -> dict[str, Array]:
    """What honest students answer to every number slot, by slot id, (students,) each.

    Each rounds each named intermediate result with probability `share`, ties up or to even, to the
    decimals asked for it (those asked for nowhere, to the most decimals of any slot), goes on with
    what came out, and rounds the answer. Which side of a kink a value lies on is seen before it is
    rounded. slips: values that students got for some quantities instead, NaN where they did not.
    """
    slots = [slot for slot in template.slots if slot.kind == "number"]
    targets = {slot.id: template.node(slot) for slot in slots}
    size = len(next(iter(givens.values())))
    decimals = _decimals(template, slots)
    most = max((slot.decimals for slot in slots), default=0)
    plain: dict[Node, Array] = {}
    rounded: dict[Node, Array] = {}
    for node in topological(targets.values()):
        plain[node], rounded[node] = (
            _slipped(_value(node, givens, known, size), (slips or {}).get(node))
            for known in (plain, plain if node.op in MASKS else rounded)
        )
        if is_intermediate(node):
            places = decimals.get(node, most)
            rounded[node] = _partly_rounded(rounded[node], places, share, rng)
    return {slot.id: round_off(rounded[targets[slot.id]], slot.decimals, rng) for slot in slots}


def _slipped(values: Array, slip: Array | None) -> Array:
    """The values, but the wrong ones where there was a slip."""
    return values if slip is None else np.where(np.isnan(slip), values, slip)


def _partly_rounded(values: Array, places: int, share: float, rng: np.random.Generator) -> Array:
    """The values, some of them rounded."""
    chosen = rng.random(len(values)) < share
    return np.where(chosen, round_off(values, places, rng), values)


def round_off(values: Array, places: int, rng: np.random.Generator) -> Array:
    """Values rounded to decimals, each tie away from zero or to even as it happens."""
    scaled = values * 10.0**places
    away = np.copysign(np.floor(np.abs(scaled) + 0.5), scaled)
    result: Array = np.where(rng.random(len(values)) < 0.5, np.rint(scaled), away) / 10.0**places
    return result


def _decimals(template: Template, slots: list[Slot]) -> dict[Node, int]:
    """The decimals asked for what is asked, the fewest where it is asked twice."""
    asked: dict[Node, int] = {}
    for slot in slots:
        node = source(template.node(slot))
        asked[node] = min(asked.get(node, slot.decimals), slot.decimals)
    return asked


def _value(
    node: Node, givens: Mapping[str, Array], known: Mapping[Node, Array], size: int
) -> Array:
    """A node's value from those of its arguments, (students,)."""
    if node.op is GIVEN:
        return np.asarray(givens[node.name or ""], dtype=np.float64)
    if node.op is CONSTANT:
        assert node.value is not None, "bug: a constant without a value"
        return np.full(size, float(node.value))
    out = np.empty(size)
    with np.errstate(all="ignore"):  # a slip may lead out of a domain
        node.op.forward(*(known[arg] for arg in node.args), out=out)
    return out
