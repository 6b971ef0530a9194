"""Where parameters hang: as short stubs above and below their one reader, clear of its arrows.

Lengths are in em.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from examgen.figure.geometry import Point
from examgen.figure.meetings import Many, distances
from examgen.figure.primitives import Outline

STUB = 1.5  # the arrow from what hangs to its reader
BESIDE = 0.7  # between labels that hang side by side
WIDE, NARROW = 1.3, 0.55  # from a line to the middle of a label, and of a stub
LEANS = (0.0, 0.5, -0.5)  # of the labels: about the middle, or to a side

Split = tuple[int, int]  # how many hang above, and below


@dataclass(frozen=True)
class Hung:
    """What hangs on a reader: how far to its right, and above (1) or below (-1)."""

    reader: str
    shift: float
    side: int

    def place(self, own: Outline, reader: Outline, size: float) -> Point:
        """Where its middle is, the reader being where it is, in type of a size."""
        away = reader.half_height + STUB * size + own.half_height
        return reader.x + self.shift * size, reader.y + self.side * away


def by_reader(readers: Mapping[str, str]) -> dict[str, list[str]]:
    """What hangs on each reader."""
    names: dict[str, list[str]] = defaultdict(list)
    for name, reader in readers.items():
        names[reader].append(name)
    return names


class Hanger:
    """Chooses sides and shifts; lines run through places that are `scale` em apart, y down."""

    def __init__(
        self,
        readers: Mapping[str, str],
        shapes: Mapping[str, Outline],
        places: Mapping[str, Point],
        lines: Sequence[Sequence[Point]],
        scale: Point = (1.0, 1.0),
    ) -> None:
        self.names, self.shapes = by_reader(readers), shapes
        self.places = {n: (x * scale[0], -y * scale[1]) for n, (x, y) in places.items()}
        ends = [[*a, *b] for line in lines for a, b in pairwise(line)]
        turned = np.array([scale[0], -scale[1], scale[0], -scale[1]])
        self.pieces: Many = np.asarray(ends, dtype=float).reshape(-1, 4) * turned

    def splits(self) -> dict[str, Split]:
        """For each reader how many hang above and below it."""
        return {reader: self._split(reader) for reader in self.names}

    def hung(self, splits: Mapping[str, Split]) -> dict[str, Hung]:
        """The shift and side of everything that hangs."""
        found: dict[str, Hung] = {}
        for reader, names in self.names.items():
            options = self._options(reader, splits[reader])
            best: list[Hung] = min(options, key=self._cost)
            found.update(zip(names, best, strict=True))
        return found

    def _split(self, reader: str) -> Split:
        """As even as can be, the odd one outwards, unless an arrow is in the way."""
        count = len(self.names[reader])
        column = [y for x, y in self.places.values() if abs(x - self.places[reader][0]) < 0.01]
        outwards = -1 if self.places[reader][1] < (min(column) + max(column)) / 2 - 0.01 else 1

        def cost(above: int) -> float:
            below = count - above
            best = min(self._cost(option) for option in self._options(reader, (above, below)))
            return best + 1.5 * abs(above - below) + 0.5 * (below if outwards > 0 else above)

        above = min(range(count + 1), key=cost)
        return above, count - above

    def _options(self, reader: str, split: Split) -> Iterator[list[Hung]]:
        """The ways to spread what hangs on both sides."""
        names = self.names[reader]
        parts = names[: split[0]], names[split[0] :]
        for up, down in product(*(LEANS if part else LEANS[:1] for part in parts)):
            yield [*self._side(reader, parts[0], 1, up), *self._side(reader, parts[1], -1, down)]

    def _side(self, reader: str, names: Sequence[str], side: int, lean: float) -> list[Hung]:
        pitch = BESIDE + 2 * max((self.shapes[name].half_width for name in names), default=0.0)
        middle = (len(names) - 1) / 2
        return [Hung(reader, (i - middle + lean) * pitch, side) for i in range(len(names))]

    def _cost(self, option: Sequence[Hung]) -> float:
        """How far it leans, and how often labels and stubs come too close to lines."""
        leaning = sum(hung.shift for hung in option)
        dislike = 0.3 * abs(leaning) + 0.05 * sum(abs(hung.shift) for hung in option)
        if not len(self.pieces):
            return dislike
        start = np.array([self.places[hung.reader] for hung in option])
        steps = [
            (h.shift, h.side * (self.shapes[h.reader].half_height + STUB + 0.5)) for h in option
        ]
        labels = distances(start + np.array(steps), self.pieces).min(axis=1)
        lines = distances(start + 0.6 * np.array(steps), self.pieces).min(axis=1)
        return dislike + float(6.0 * (labels < WIDE).sum() + 6.0 * (lines < NARROW).sum())
