"""Rows for the vertices of a layered drawing: least squares that keep every layer's order.

A chain of vertices that only feed each other gets one row, so that it is drawn straight. What is
left is a convex quadratic programme, solved in its dual (Hildreth, 1957).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

Room = Mapping[str, tuple[float, float]]

BARE = (0.9, 0.9)  # em that a long edge needs above and below itself
USUAL = (2.0, 2.0)
MAX_SWEEPS = 400
TOLERANCE = 1e-3  # em
SOFT = 1e-3  # pull towards row zero: it settles what nothing else does


def straight_rows(
    layers: Sequence[Sequence[str]], links: Mapping[str, Sequence[str]], room: Room
) -> dict[str, float]:
    """The row of every vertex; names with a NUL in them are places that long edges run through."""
    chains = _chains(layers, links)
    pairs = [
        (chains[a], chains[b]) for a in chains for b in links.get(a, ()) if chains[a] != chains[b]
    ]
    steps = _steps(layers, chains, room)
    rows = _solved(max(chains.values(), default=-1) + 1, pairs, steps)
    return {name: float(rows[chain]) for name, chain in chains.items()}


def _chains(layers: Sequence[Sequence[str]], links: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """A number for every vertex, the same for those of one chain; chains never cross."""
    fed: dict[str, int] = {}
    for targets in links.values():
        for target in targets:
            fed[target] = fed.get(target, 0) + 1
    numbers: dict[str, int] = {}
    for layer, following in zip(layers, [*layers[1:], []], strict=True):
        place = {name: i for i, name in enumerate(following)}
        lowest = -1
        for name in layer:
            number = numbers.setdefault(name, len(numbers))
            targets = links.get(name, ())
            alone = len(targets) == 1 and fed[targets[0]] == 1
            if alone and place[targets[0]] > lowest:
                lowest = place[targets[0]]
                numbers[targets[0]] = number
    return _renumbered(numbers)


def _renumbered(numbers: Mapping[str, int]) -> dict[str, int]:
    order = {number: i for i, number in enumerate(dict.fromkeys(numbers.values()))}
    return {name: order[number] for name, number in numbers.items()}


def _steps(
    layers: Sequence[Sequence[str]], chains: Mapping[str, int], room: Room
) -> dict[tuple[int, int], float]:
    """The least distance from a chain to one right below it."""
    steps: dict[tuple[int, int], float] = {}
    for layer in layers:
        for above, below in pairwise(layer):
            pair = chains[above], chains[below]
            need = _room(above, room)[1] + _room(below, room)[0]
            steps[pair] = max(need, steps.get(pair, 0.0))
    return steps


def _room(name: str, room: Room) -> tuple[float, float]:
    return BARE if "\0" in name else room.get(name, USUAL)


def _solved(
    count: int, pairs: Sequence[tuple[int, int]], steps: Mapping[tuple[int, int], float]
) -> np.ndarray:
    """Minimise the squared lengths of the pairs, with every step kept."""
    weights = SOFT * np.eye(count)
    for a, b in pairs:
        weights[[a, b], [a, b]] += 1.0
        weights[[a, b], [b, a]] -= 1.0
    inverse = np.linalg.inv(weights) if count else weights
    forces = np.array([inverse[:, b] - inverse[:, a] for a, b in steps])
    push = np.zeros(len(steps))
    rows = np.zeros(count)
    for _ in range(MAX_SWEEPS):
        if _swept(rows, push, forces, steps) < TOLERANCE:
            break
    return rows


def _swept(
    rows: np.ndarray,
    push: np.ndarray,
    forces: np.ndarray,
    steps: Mapping[tuple[int, int], float],
) -> float:
    """One round over the steps, each made exact in turn; the largest change of a distance."""
    worst = 0.0
    for i, ((a, b), step) in enumerate(steps.items()):
        force = forces[i]
        stiffness = force[b] - force[a]
        change = max(-push[i], (step - (rows[b] - rows[a])) / stiffness)
        push[i] += change
        rows += change * force
        worst = max(worst, abs(change) * stiffness)
    return worst
