"""How far the layers of a drawing stand apart, in em: as shapes, labels and slopes need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from examgen.figure.geometry import Rectangle, about
from examgen.figure.hanging import Hung
from examgen.figure.layers import Layered, Link
from examgen.figure.meetings import hits, rectangles
from examgen.figure.primitives import Outline

AIR = 2.4  # of arrow between two shapes
LABEL_AIR, FAN_AIR = 2.2, 7.5  # of arrow beside a label on it; where such arrows cross
APART = 0.8  # between shapes that are not joined
CLEAR = 0.5  # between a shape and an arrow that passes it
STEEP = (0.55, 0.3)  # across for each em that an arrow climbs: pleasant, and tight
MOST = (9.0, 6.0)  # of width that is spent on a climb
STEP, STEPS = 1.5, 10  # what a gap grows by while an arrow runs through a shape, and how often


@dataclass(frozen=True)
class Columns:
    """Layers, their shapes, and the widths of the labels of links."""

    order: Layered
    shapes: Mapping[str, Outline]
    widths: Mapping[Link, float]
    tight: bool

    def columns(self, rows: Mapping[str, float]) -> list[float]:
        """Where each layer stands, from 0."""
        return list(accumulate(self._gaps(rows)))

    def widened(
        self, rows: Mapping[str, float], hung: Mapping[str, Hung], *, passing: bool
    ) -> list[float]:
        """The same, with room for arrows to get by shapes and what hangs on them.

        passing: whether that holds for arrows that pass layers too, wherever they do.
        """
        gaps = self._gaps(rows)
        solid = {name: self._areas(name, rows, hung) for name in self.shapes}
        for _ in range(STEPS):
            blocked = self._blocked(list(accumulate(gaps)), rows, solid, passing)
            if not blocked:
                break
            for rank in blocked:
                gaps[rank] += STEP
        return list(accumulate(gaps))

    def _gaps(self, rows: Mapping[str, float]) -> list[float]:
        """The distance of each layer from the one before."""
        gaps, fans = [0.0] * len(self.order.layers), self.fans()
        for rank, a, b, label in self._steps():
            climb = min(MOST[self.tight], STEEP[self.tight] * abs(rows[a] - rows[b]))
            beside = FAN_AIR if (a, b) in fans else LABEL_AIR
            air = max(AIR, label + beside if label else 0.0, climb)
            gaps[rank] = max(gaps[rank], self._half(a) + self._half(b) + air)
        for rank, (left, right) in enumerate(pairwise(self.order.layers), start=1):
            needs = [self._apart(a, b, rows) for a in left for b in right]
            gaps[rank] = max([gaps[rank], *needs])
        return gaps

    def fans(self) -> set[Link]:
        """Labelled links of which others start at the same source, and others end at the target."""
        labelled = [link for link, width in self.widths.items() if width]
        starts, ends = (Counter(link[end] for link in labelled) for end in (0, 1))
        return {link for link in labelled if starts[link[0]] > 1 and ends[link[1]] > 1}

    def _steps(self) -> Iterator[tuple[int, str, str, float]]:
        """Every step of a link from one layer to the next, with the latter's rank and its label."""
        for link, chain in self.order.chains.items():
            label = self.widths.get(link, 0.0) if len(chain) == 2 else 0.0
            for rank, (a, b) in enumerate(pairwise(chain), start=self.order.ranks[link[0]] + 1):
                yield rank, a, b, label

    def _half(self, name: str) -> float:
        return self.shapes[name].half_width if name in self.shapes else 0.0

    def _apart(self, a: str, b: str, rows: Mapping[str, float]) -> float:
        """What two shapes of neighbouring layers need where neither is above the other."""
        if a not in self.shapes or b not in self.shapes:
            return 0.0
        tall = self.shapes[a].half_height + self.shapes[b].half_height + APART
        return self._half(a) + self._half(b) + APART if abs(rows[a] - rows[b]) < tall else 0.0

    def _areas(
        self, name: str, rows: Mapping[str, float], hung: Mapping[str, Hung]
    ) -> list[Rectangle]:
        """A shape and what hangs on it, as if it stood in column 0; y runs up."""
        if name not in rows:
            return []
        shape = self.shapes[name]
        areas = [about(0.0, -rows[name], 2 * shape.half_width, 2 * shape.half_height)]
        for other, how in hung.items():
            if how.reader == name:
                own = self.shapes[other]
                x, y = how.place(own, shape, 1.0)
                areas.append(about(x, y - rows[name], 2 * own.half_width, 2 * own.half_height))
        return areas

    def _blocked(
        self,
        across: Sequence[float],
        rows: Mapping[str, float],
        solid: Mapping[str, list[Rectangle]],
        passing: bool,
    ) -> set[int]:
        """The ranks that an arrow enters through a shape that is not its own."""
        names = [name for name, areas in solid.items() for _ in areas]
        ranks = self.order.ranks
        areas = rectangles(
            area.moved(across[ranks[name]], 0.0) for name in solid for area in solid[name]
        )
        steps = [s for s in self._steps() if passing or (s[1] in ranks and s[2] in ranks)]
        lines = [(across[r - 1], -rows[a], across[r], -rows[b]) for r, a, b, _ in steps]
        if not lines:
            return set()
        margin = np.array([-CLEAR, -CLEAR, CLEAR, CLEAR])
        struck = hits(np.array(lines), areas + margin)
        for i, (_, a, b, _) in enumerate(steps):
            struck[i] &= np.array([name not in (a, b) for name in names])
        return {steps[i][0] for i in np.flatnonzero(struck.any(axis=1)).tolist()}
