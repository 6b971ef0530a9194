"""Where the labels of arrows go: a short list of places each, and the least unhappy choice."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from examgen.figure.geometry import Point, Rectangle, along, around, length_of
from examgen.typeset import Box

SHARES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8)
CLEARANCE = 2.6  # points between a label beside its arrow and the arrow
NEAR = 4.0  # points within which another line makes a label ambiguous
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Label:
    """A set label with its lower left corner of ink box; `knocked_out` is drawn on white."""

    x: float
    baseline: float
    box: Box
    knocked_out: bool

    @property
    def bounds(self) -> Rectangle:
        """The rectangle about the ink."""
        return Rectangle(
            self.x,
            self.baseline - self.box.depth,
            self.x + self.box.width,
            self.baseline + self.box.height,
        )


@dataclass(frozen=True, slots=True)
class _Candidate:
    label: Label
    cost: float


def centred(box: Box, x: float, y: float, *, knocked_out: bool = False) -> Label:
    """A label with the middle of its ink at a point."""
    return Label(x - box.width / 2, y - (box.height - box.depth) / 2, box, knocked_out)


def placed_labels(
    lines: Sequence[Sequence[Point]],
    boxes: Sequence[Box | None],
    obstacles: Sequence[Rectangle],
) -> list[Label | None]:
    """A label for every line that has one, clear of shapes, other lines and other labels."""
    options = _options(lines, boxes, obstacles)
    chosen: list[Label | None] = [None] * len(lines)
    for _ in range(ROUNDS):
        for index, candidates in enumerate(options):
            others = [label for i, label in enumerate(chosen) if label and i != index]
            if candidates:
                chosen[index] = min(candidates, key=lambda c: c.cost + _clash(c, others)).label
    return chosen


def _options(
    lines: Sequence[Sequence[Point]],
    boxes: Sequence[Box | None],
    obstacles: Sequence[Rectangle],
) -> list[list[_Candidate]]:
    """The places of every label, judged against what lies near its line only."""
    bounds = [around(line) for line in lines]
    options: list[list[_Candidate]] = []
    for line, box, own in zip(lines, boxes, bounds, strict=True):
        near = own.grown(3 * NEAR + (box.width if box else 0.0))
        close = [a for a, b in zip(lines, bounds, strict=True) if a is not line and near.meets(b)]
        solid = [area for area in obstacles if near.meets(area)]
        options.append(_candidates(line, box, close, solid) if box else [])
    return options


def _clash(candidate: _Candidate, others: Sequence[Label]) -> float:
    mine = candidate.label.bounds.grown(1.5)
    return sum(200.0 + mine.overlap(o.bounds) for o in others if mine.overlap(o.bounds))


def _candidates(
    line: Sequence[Point],
    box: Box,
    others: Sequence[Sequence[Point]],
    obstacles: Sequence[Rectangle],
) -> list[_Candidate]:
    found = []
    for share in SHARES:
        point, unit = along(line, share)
        for label, taste in _around(point, unit, box):
            cost = taste + 9.0 * abs(share - 0.5) + _trouble(label, line, others, obstacles)
            found.append(_Candidate(label, cost))
    return found


def _around(point: Point, unit: Point, box: Box) -> list[tuple[Label, float]]:
    """On the line, and at its either side, with how much each is disliked."""
    slanted = min(abs(unit[0]), abs(unit[1])) > 0.3
    normal = (-unit[1], unit[0]) if unit[0] >= 0 else (unit[1], -unit[0])
    if abs(unit[0]) < 1e-6:
        normal = (1.0, 0.0)  # beside a vertical line, to the right
    on_line = (centred(box, *point, knocked_out=True), 0.0 if slanted else 6.0)
    return [
        on_line,
        (_beside(point, normal, box), 4.0 if slanted else 0.0),
        (_beside(point, (-normal[0], -normal[1]), box), 4.5 if slanted else 1.0),
    ]


def _beside(point: Point, normal: Point, box: Box) -> Label:
    reach = (
        abs(normal[0]) * box.width / 2 + abs(normal[1]) * (box.height + box.depth) / 2 + CLEARANCE
    )
    return centred(box, point[0] + normal[0] * reach, point[1] + normal[1] * reach)


def _trouble(
    label: Label,
    line: Sequence[Point],
    others: Sequence[Sequence[Point]],
    obstacles: Sequence[Rectangle],
) -> float:
    area = label.bounds.grown(1.0)
    cost = sum(60.0 + area.overlap(o) for o in obstacles if area.overlap(o))
    close = [other for other in others if _enters(other, area.grown(NEAR))]
    cost += sum(31.0 if _enters(other, area) else 6.0 for other in close)
    if not label.knocked_out and _enters(line, label.bounds):
        cost += 40.0
    if label.knocked_out:
        cost += _crowding(label, line)
    return cost


def _enters(line: Sequence[Point], area: Rectangle) -> bool:
    return any(area.touches(a, b) for a, b in pairwise(line))


def _crowding(label: Label, line: Sequence[Point]) -> float:
    """A label on a short line would hide it or its head."""
    extent = math.hypot(label.box.width, label.box.height + label.box.depth)
    hidden = extent / max(length_of(line), 1.0)
    end = line[-1]
    head = Rectangle(end[0] - 8, end[1] - 8, end[0] + 8, end[1] + 8)
    return 40.0 * max(0.0, hidden - 0.45) + (30.0 if label.bounds.overlap(head) else 0.0)
