"""Graphs whose intermediate results are off: how far that takes an answer.

Every named result n becomes n + delta_n. Differentiating an answer with respect to the deltas tells
how much of each arrives; bounded deltas bound the answer. (Higham, Accuracy and Stability of
Numerical Algorithms, 2nd ed., SIAM 2002, chapter 1, calls it the forward error.)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from examgen.differentiate import differentiate
from examgen.graph import Tape, record, topological
from examgen.nodes import ADD, GIVEN, MUL, Array, Node, given
from examgen.ops import COPIES, OPS

MASKS = tuple(OPS[name] for name in ("relu'", "leaky_relu'", "sign", "max'"))
"""What jumps at a kink. It is decided before rounding: half a unit across a kink makes no answer
that is a little off, but another one."""


@dataclass(frozen=True)
class Perturbed:
    """A graph whose named intermediate results deviate, by node of the graph as it was.

    before: each node computed from deviating arguments, without a deviation of its own.
    deviations: the given that is added to it. kept: where asked for, the node in between, to be
    overridden by a value of one's own, and gates: its factor, 0 cuts off what it was computed from.
    """

    before: Mapping[Node, Node]
    deviations: Mapping[Node, Node]
    kept: Mapping[Node, Node]
    gates: Mapping[Node, Node]


def perturbed(roots: Iterable[Node], replaceable: Collection[Node] = ()) -> Perturbed:
    """The graph of some nodes with a deviation on every intermediate result.

    replaceable: nodes that are to have a value of one's own in some variants; masks follow it.
    """
    before: dict[Node, Node] = {}
    after: dict[Node, Node] = {}
    deviations: dict[Node, Node] = {}
    kept: dict[Node, Node] = {}
    gates: dict[Node, Node] = {}
    for node in topological(roots):
        masked = node.op in MASKS and not replaceable
        before[node] = after[node] = node if masked else _moved(node, after)
        if node in replaceable:
            gates[node] = given(f"gate {len(gates)}")
            after[node] = kept[node] = MUL(gates[node], before[node])
        if node in replaceable or is_intermediate(node):
            deviations[node] = given(f"deviation {len(deviations)}")
            after[node] = ADD(after[node], deviations[node])
    return Perturbed(before, deviations, kept, gates)


def _moved(node: Node, after: Mapping[Node, Node]) -> Node:
    """The node on deviating arguments."""
    args = tuple(after[arg] for arg in node.args)
    return node if args == node.args else replace(node, args=args, name=None)


def is_intermediate(node: Node) -> bool:
    """Whether a student computes and may round it: it has a name, and is no copy of another."""
    return node.name is not None and node.op is not GIVEN and node.op not in COPIES


def source(node: Node) -> Node:
    """What a copy, or a copy of a copy, is a copy of."""
    while node.op in COPIES:
        node = node.args[0]
    return node


@dataclass(frozen=True)
class Slopes:
    """How an answer moves: `tape` gives its value and its derivative by each deviation.

    nodes: those that deviate, and `names` of the deviations. kept: the nodes of `Perturbed.kept` on
    the way, by the node of the graph as it was; their values can be overridden.
    """

    tape: Tape
    nodes: tuple[Node, ...]
    names: tuple[str, ...]
    kept: Mapping[Node, Node]


def slopes(moving: Perturbed, target: Node) -> Slopes:
    """The slopes of a node with respect to the deviations that reach it."""
    root = moving.before[target]
    reaching = set(topological([root]))
    nodes = tuple(node for node, given in moving.deviations.items() if given in reaching)
    deviations = [moving.deviations[node] for node in nodes]
    adjoints = differentiate(root, deviations)
    kept = {node: own for node, own in moving.kept.items() if own in reaching}
    tape = record([root, *(adjoints[node] for node in deviations)], pinned=kept.values())
    return Slopes(tape, nodes, tuple(node.name or "" for node in deviations), kept)


def largest_deviation(answer: Slopes, givens: Mapping[str, Array], radii: Sequence[Array]) -> Array:
    """How far an answer is off at most when each result is off by up to its radius, (variants,).

    To the second order: slopes are taken at the middle of the box and at the two corners where the
    answer is largest and smallest by the slopes, and averaged, which is exact for products; nor is
    it less than what the answer does at these corners. Where that is well above the first order,
    the highest corners are looked for.
    """
    size = len(next(iter(givens.values())))
    if not any(radius.any() for radius in radii):
        return np.zeros(size)
    box = _Box(answer, givens, radii)
    value, middle = box.at([np.zeros(size)] * len(radii))
    first = _total(middle, radii)
    deviation, steepest = np.zeros(size), [np.abs(slope) for slope in middle]
    for side in (1.0, -1.0):
        corner, there = box.at(
            [side * np.copysign(r, s) for s, r in zip(middle, radii, strict=True)]
        )
        deviation = np.fmax(deviation, _finite(np.abs(corner - value)))
        steepest = [np.fmax(s, _finite(np.abs(t))) for s, t in zip(steepest, there, strict=True)]
    deviation = np.fmax(deviation, _finite((first + _total(steepest, radii)) / 2))
    if (bent := np.flatnonzero(deviation > _BENT * first)).size:
        deviation[bent] = np.fmax(deviation[bent], box.rows(bent).highest(value[bent]))
    return deviation


_BENT = 1.01
_STARTS, _STEPS = 8, 3


@dataclass(frozen=True)
class _Box:
    """An answer over all that roundings can do to it; `radii` (variants,) for each deviation."""

    answer: Slopes
    givens: Mapping[str, Array]
    radii: Sequence[Array]

    def rows(self, rows: NDArray[np.int64]) -> _Box:
        """The same for some variants."""
        givens = {name: values[rows] for name, values in self.givens.items()}
        return _Box(self.answer, givens, [radius[rows] for radius in self.radii])

    def at(self, deviations: Sequence[Array]) -> tuple[Array, list[Array]]:
        """The answer and its slopes for these deviations."""
        named = dict(zip(self.answer.names, deviations, strict=True))
        value, *slopes = self.answer.tape({**self.givens, **named})
        return value, slopes

    def highest(self, value: Array) -> Array:
        """The largest deviation from `value` found by climbing from some corners, (variants,)."""
        rng = np.random.default_rng(0)  # which corners to start from: the same every time
        best = np.zeros(len(value))
        for _ in range(_STARTS):
            corner = [np.where(rng.random(len(value)) < 0.5, r, -r) for r in self.radii]
            for _ in range(_STEPS):
                reached, slopes = self.at(corner)
                best = np.fmax(best, _finite(np.abs(reached - value)))
                side = np.where(reached < value, -1.0, 1.0)
                corner = [np.copysign(r, side * s) for r, s in zip(self.radii, slopes, strict=True)]
        return best


def _total(slopes: Sequence[Array], radii: Sequence[Array]) -> Array:
    """What arrives to the first order."""
    parts = (np.abs(slope) * radius for slope, radius in zip(slopes, radii, strict=True))
    return np.asarray(reduce(np.add, parts))


def _finite(values: Array) -> Array:
    """The values, NaN where they are infinite: a corner outside of a domain says nothing."""
    return np.where(np.isfinite(values), values, np.nan)
