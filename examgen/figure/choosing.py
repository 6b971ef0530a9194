"""One of several areas for each of many things, so that no two overlap: local search."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from examgen.figure.meetings import Many, overlapping

RESTARTS = 10
ROUNDS = 12
HOPELESS = 2  # things without any free area, at which the search is not worth its time


@dataclass(frozen=True)
class Choice:
    """The areas that one thing can take, the best first, and how much each is disliked."""

    areas: Many  # (areas, 4)
    dislike: Many  # (areas,)


def chosen(choices: Sequence[Choice], apart: float, clash: float) -> tuple[list[int], float]:
    """An area for each, and the cost of all: dislikes, and `clash` for two less than apart.

    Descent from the best of each, then from areas at random; the same every time.
    """
    search = _Search(choices, apart, clash)
    best = search.descended([0] * len(choices))
    unavoidable = sum(float(choice.dislike[0]) // clash for choice in choices)
    source = random.Random(0)
    for _ in range(RESTARTS):
        if best[1] // clash <= unavoidable or unavoidable > HOPELESS:
            break
        start = [source.randrange(len(choice.dislike)) for choice in choices]
        best = min(best, search.descended(start), key=lambda found: found[1])
    return best


class _Search:
    """The areas of all things in one list, and which of them clash."""

    def __init__(self, choices: Sequence[Choice], apart: float, clash: float) -> None:
        areas = np.vstack([choice.areas for choice in choices])
        self.offsets = np.cumsum([0, *(len(choice.dislike) for choice in choices)])
        self.dislike = np.concatenate([choice.dislike for choice in choices])
        margin = np.array([-apart, -apart, apart, apart])
        self.clash = overlapping(areas + margin, areas) * clash

    def descended(self, start: Sequence[int]) -> tuple[list[int], float]:
        """From a choice, each thing in turn to its best area, until none moves."""
        choice = self.offsets[:-1] + np.array(start)
        load = self.clash[:, choice].sum(axis=1)
        for _ in range(ROUNDS):
            if not sum(self._moved(i, choice, load) for i in range(len(choice))):
                break
        return (choice - self.offsets[:-1]).tolist(), self._cost(choice)

    def _moved(self, index: int, choice: NDArray[np.intp], load: Many) -> bool:
        """Take the best area against all others' choices; `load` follows."""
        low, high, old = self.offsets[index], self.offsets[index + 1], choice[index]
        cost = self.dislike[low:high] + load[low:high] - self.clash[low:high, old]
        new = low + cost.argmin()
        if new == old:
            return False
        load += self.clash[:, new] - self.clash[:, old]
        choice[index] = new
        return True

    def _cost(self, choice: NDArray[np.intp]) -> float:
        pairs = self.clash[np.ix_(choice, choice)]
        return float(self.dislike[choice].sum() + (pairs.sum() - np.trace(pairs)) / 2)
