"""Random points of a question's graph: all givens are real numbers, nothing is special.

At every point each named quantity has its true value, so that two formulas for the same derivative
agree, however much of the graph either has substituted. Of given numbers one thing only is kept: a
family that adds up to 1 in every variant, as a one-hot target does, adds up to 1 here. The points
lie on both sides of every kink and inside all domains; at most of them the derivative asked for is
not zero. A dead unit may put what follows it exactly on a kink: there relu'(0) = 0 decides, and
such points are needed, since a unit that has another one behind it is never dead elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from examgen.graph import record, topological
from examgen.nodes import GIVEN, Node
from examgen.quantities import Quantities

Array = NDArray[np.float64]

ENOUGH = 24
"""Points at which a formula has to agree, and at which it is not zero."""
_WANTED = 64
_OF_EACH_SIDE = 6
_BATCH, _MOST_BATCHES = 2048, 24
_MARGIN = 1e-3  # least distance from kinks and from the edges of domains
_LARGEST = 1e3
_SEED = 20_230_329
# Where draws from: wide on both sides, small, and positive (for logarithms).
_RANGES = ((-2.0, 2.0), (-0.5, 0.5), (0.05, 1.0))


@dataclass(frozen=True)
class Points:
    """values: every quantity by name, (points,). expected: what is asked for, (points,).

    smooth: which points lie off all kinks, (points,).
    """

    values: Mapping[str, Array]
    expected: Array
    smooth: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.expected)


def draw_points(
    quantities: Quantities, asked: str, names: Sequence[str], wholes: Sequence[Sequence[str]] = ()
) -> Points:
    """Points for a slot that asks for `asked` by formulas over `names`.

    wholes: families of givens that add up to 1; no given is in two of them. Fewer than `ENOUGH`
    points where the graph is defined hardly anywhere.
    """
    nodes = quantities.nodes
    needed = [nodes[name] for name in (*names, asked)]
    edges = _edges(needed)
    tape = record([*nodes.values(), *edges.kinks, *edges.domains])
    rng = np.random.default_rng(_SEED)
    place = {name: row for row, name in enumerate(nodes)}
    judged = [place[name] for name in (*names, asked)]
    found: list[Array] = []
    for batch in range(_MOST_BATCHES):
        drawn = np.array(tape(_givens(list(nodes.values()), rng, batch, wholes)))
        rows, kinks, domains = np.split(drawn, [len(nodes), len(nodes) + len(edges.kinks)])
        sound = _sound(rows[judged], kinks, domains)
        found.append(drawn[:, sound])
        if batch + 1 >= len(_RANGES) and sum(part.shape[1] for part in found) >= _BATCH:
            break
    rows, kinks, _ = np.split(
        np.concatenate(found, axis=1), [len(nodes), len(nodes) + len(edges.kinks)]
    )
    chosen = _chosen(rows[place[asked]], kinks)
    rows, smooth = rows[:, chosen], (kinks[:, chosen] != 0).all(axis=0)
    return Points(dict(zip(nodes, rows, strict=True)), rows[place[asked]], smooth)


def _givens(
    outputs: Sequence[Node], rng: np.random.Generator, batch: int, wholes: Sequence[Sequence[str]]
) -> dict[str, Array]:
    low, high = _RANGES[batch % len(_RANGES)]
    names = sorted({n.name or "" for n in topological(outputs) if n.op is GIVEN})
    drawn = {name: rng.uniform(low, high, _BATCH) for name in names}
    for family in wholes:
        shares = np.array([drawn[name] for name in family])
        total = shares.sum(axis=0)
        # Positive numbers stay positive.
        shares = shares / total if low > 0 else shares + (1 - total) / len(family)
        drawn |= zip(family, shares, strict=True)
    return drawn


@dataclass(frozen=True)
class _Edges:
    """Nodes whose zeros are kinks, and nodes that have to be positive."""

    kinks: Sequence[Node]
    domains: Sequence[Node]


def _edges(outputs: Sequence[Node]) -> _Edges:
    order = topological(outputs)
    kinks = dict.fromkeys(kink for node in order for kink in node.op.kinks(*node.args))
    domains = dict.fromkeys(inner for node in order for inner in node.op.domain(*node.args))
    return _Edges([kink for kink in kinks if kink.value is None], list(domains))


def _sound(values: Array, kinks: Array, domains: Array) -> NDArray[np.bool_]:
    """Which points are finite, of moderate size, inside all domains, and not near a kink."""
    moderate = (np.abs(values) < _LARGEST).all(axis=0)
    off = ((np.abs(kinks) > _MARGIN) | (kinks == 0)).all(axis=0)
    return np.asarray(moderate & off & (domains > _MARGIN**2).all(axis=0), bool)


def _chosen(expected: Array, kinks: Array) -> NDArray[np.int64]:
    """Some points on either side of every kink, then those where something is asked for."""
    telling = np.abs(expected) > _MARGIN
    places = [place for rows in _sides(kinks, telling) for place in rows[:_OF_EACH_SIDE]]
    places += list(np.flatnonzero(telling)[:_WANTED]) + list(np.flatnonzero(~telling)[:ENOUGH])
    return np.array(list(dict.fromkeys(places)), np.int64)


def _sides(kinks: Array, telling: NDArray[np.bool_]) -> Iterator[NDArray[np.int64]]:
    for kink in kinks:
        for side in (kink > 0, kink < 0, kink == 0):
            yield np.flatnonzero(side & telling)
            yield np.flatnonzero(side)
