"""What every variant must meet, and how that is judged: exactly where that is possible.

Conditions without a transcendental are decided in exact integers, all others in float64; cheap
ones first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from examgen.exact import bound, rescaled
from examgen.graph import Tape, record, topological
from examgen.grids import Grid, Indices, array_of
from examgen.nodes import GIVEN, Array, Node, Truths, constant
from examgen.ops import OPS
from examgen.permutation import Words


@dataclass(frozen=True)
class Condition:
    """Something every variant must meet: its text as the author would say it, and its truth."""

    text: str
    node: Node


def safety_conditions(
    outputs: Iterable[Node], margin: Fraction, write: Callable[[Node], str]
) -> list[Condition]:
    """What every variant must meet whatever the author says: inside all domains, off all kinks.

    margin: the least distance from a kink. write: how a node is shown in the conditions' texts;
    nodes that it shows alike count as one.
    """
    conditions: dict[tuple[object, ...], Condition] = {}
    varying: set[Node] = set()
    for node in topological(outputs):
        if node.op is GIVEN or any(arg in varying for arg in node.args):
            varying.add(node)
        for inner in node.op.domain(*node.args):
            truth = OPS["gt"](inner, constant(0))
            text = f"{write(inner)} > 0"
            conditions.setdefault(("domain", text), Condition(text, truth))
        for inner in node.op.kinks(*node.args):
            if any(part in varying for part in (inner, *inner.args)):
                truth = OPS["gt"](OPS["abs"](inner), constant(margin))
                text = f"abs({write(inner)}) > {margin}"
                conditions.setdefault(("kink", text), Condition(text, truth))
    return list(conditions.values())


class Stage(Protocol):
    """Conditions that are judged together on what the stages before have let pass."""

    def __call__(
        self, digits: Mapping[str, Words], left: Indices, count: int
    ) -> Iterable[tuple[str, Truths]]:
        """The text and the truth of each condition for the candidates at `left`, (left,).

        digits: the places of the free givens of all `count` candidates.
        """


def stages(grids: Mapping[str, Grid], conditions: Sequence[Condition]) -> list[Stage]:
    """The conditions in the order in which they are judged: exact ones first, then by cost."""
    denominators = {name: grid.denominator for name, grid in grids.items()}
    largest = {name: max(map(abs, grid.numerators)) for name, grid in grids.items()}
    scaled = rescaled([condition.node for condition in conditions], denominators, largest)
    exact, rough = [], []
    for condition in conditions:
        quotient = scaled[condition.node]
        if quotient is None:
            rough.append(condition)
        else:
            exact.append(Condition(condition.text, quotient.numerator))
    carrier = bound([c.node for c in exact], largest).carrier
    whole = {name: array_of(grid.numerators, carrier) for name, grid in grids.items()}
    real = {name: grid.floats for name, grid in grids.items()}
    return [
        *(_Conditions(some, whole) for some in _by_cost(exact)),
        *(_Conditions(some, real) for some in _by_cost(rough)),
    ]


def _by_cost(conditions: Sequence[Condition]) -> list[list[Condition]]:
    """The conditions in up to two stages: those in the first half of the graph come first."""
    depth: dict[Node, int] = {}
    for node in topological(condition.node for condition in conditions):
        depth[node] = 1 + max((depth[arg] for arg in node.args), default=0)
    half = max(depth.values(), default=0) / 2
    cheap = [condition for condition in conditions if depth[condition.node] < half]
    dear = [condition for condition in conditions if depth[condition.node] >= half]
    return [stage for stage in (cheap, dear) if stage]


class _Conditions:
    """Conditions that are evaluated together, on one tape and one carrier."""

    def __init__(self, conditions: Sequence[Condition], values: Mapping[str, Array]) -> None:
        self.texts = [condition.text for condition in conditions]
        self.tape: Tape = record([condition.node for condition in conditions])
        self.values = values

    def __call__(
        self, digits: Mapping[str, NDArray[np.uint64]], left: Indices, count: int
    ) -> Iterable[tuple[str, Truths]]:
        """The truth of each condition for the candidates at `left`."""
        if not len(left):
            return []
        givens = {name: self._given(name, digits, left, count) for name in self.tape.givens}
        truths = [np.asarray(truth == 1, dtype=np.bool_) for truth in self.tape(givens)]
        # A condition on constants alone has one truth for all.
        return zip(self.texts, [np.broadcast_to(t, len(left)) for t in truths], strict=True)

    def _given(
        self, name: str, digits: Mapping[str, NDArray[np.uint64]], left: Indices, count: int
    ) -> Array:
        if name not in digits:
            return np.broadcast_to(self.values[name], len(left))
        places = digits[name] if len(left) == count else digits[name][left]
        return self.values[name].take(places.view(np.int64))
