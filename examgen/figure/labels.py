"""Where the labels of arrows go: many places for each, and a choice that clashes with nothing.

A label stands beside its line or on it, in a gap. Labels of arrows between the same two layers
keep to the same share of their length where they can, nearer to where the arrows come from.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from examgen.figure.choosing import Choice, chosen
from examgen.figure.geometry import Point, Rectangle
from examgen.figure.meetings import Many, Table, hits, overlapping, rectangles, segments

SHARES = np.array([0.5 + sign * i / 40 for i in range(17) for sign in ((1, -1) if i else (1,))])
CLEARANCE = 2.4  # points between a label beside its line and the line
APART = 1.0  # points between labels, and from a label to a vertex
NEAR, AMBIGUOUS = 1.6, 7.5  # points from a label to another's line: the least, and what is liked
OWN = 1.1  # points from a label beside its line to the line
AROUND = 1.2  # points of line left out on both sides of a label in a gap
TIP, TAIL = 9.0, 3.0  # points of line left at the head and at the start of a line with a gap
SLANTED = 0.2  # the lesser part of the direction of a line that is not about level or upright
KEPT = 30  # places of a label that the search looks at
CLASH = 1000.0
GOOD, FAIR = 4.0, 9.0  # of places: how much they are disliked at most
BEND, BENT = 8.0, 3.0  # points between a label's middle and a bend of its line; what less costs


@dataclass(frozen=True, slots=True)
class Line:
    """A line that may need a label: its points, what it has in common with its like, and the
    label's width and height in points (none if it has no label)."""

    points: tuple[Point, ...]
    group: Hashable
    extent: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Spot:
    """The area kept for a label, and whether its line has a gap there."""

    area: Rectangle
    on_line: bool


@dataclass(frozen=True)
class _Places:
    """All places of one label, a row each: area, share of the line, how much it is disliked."""

    areas: Many  # (places, 4)
    on_line: Table
    shares: Many
    dislike: Many

    def picked(self, which: NDArray[np.intp]) -> _Places:
        return _Places(
            self.areas[which], self.on_line[which], self.shares[which], self.dislike[which]
        )

    def spot(self, index: int) -> Spot:
        return Spot(Rectangle(*self.areas[index].tolist()), bool(self.on_line[index]))


def label_spots(
    lines: Sequence[Line], solid: Sequence[Rectangle]
) -> tuple[list[Spot | None], float, float]:
    """A spot for every line that has a label, how many clash (0 if none does), and how much the
    spots are disliked on average: a good one is up to GOOD."""
    spots: list[Spot | None] = [None] * len(lines)
    owners = [i for i, line in enumerate(lines) if line.extent]
    if not owners:
        return spots, 0.0, 0.0
    options = _options(lines, owners, rectangles(solid, APART))
    choices = [Choice(places.areas, places.dislike) for places in options]
    found, cost = chosen(choices, APART, CLASH)
    for owner, places, index in zip(owners, options, found, strict=True):
        spots[owner] = places.spot(index)
    return spots, cost // CLASH, cost % CLASH / len(owners)


def _options(lines: Sequence[Line], owners: Sequence[int], solid: Many) -> list[_Places]:
    """The best places of each label, judged against all lines and what is solid."""
    pieces = [segments(line.points) for line in lines]
    owner = np.repeat(np.arange(len(lines)), [len(p) for p in pieces])
    every = np.vstack(pieces)
    judged = [
        _judged(_places(lines[i], pieces[i]), pieces[i], every[owner != i], solid) for i in owners
    ]
    return _in_step(judged, [lines[i].group for i in owners])


def _places(line: Line, pieces: Many) -> _Places:
    """All places of a label: at its line's either side, and on it."""
    assert line.extent, "bug: only a label has places"
    points, units, straight = _along(pieces)
    slanted = np.abs(units).min(axis=1) > SLANTED
    normals = _normals(units)
    reach = np.abs(normals) @ (np.array(line.extent) / 2) + CLEARANCE
    aside = normals * reach[:, None]
    middles = np.vstack([points + aside, points - aside, points])
    bent = BENT * (straight < BEND)
    liking = [np.where(slanted, *pair) + bent for pair in ((2.0, 0.0), (2.5, 1.5), (1.0, 7.0))]
    half = np.array(line.extent) / 2
    on_line = np.repeat([False, False, True], len(SHARES))
    areas = np.hstack([middles - half, middles + half])
    return _Places(areas, on_line, np.tile(SHARES, 3), np.concatenate(liking))


def _along(pieces: Many) -> tuple[Many, Many, Many]:
    """The points at all shares of a line and the unit directions there, (shares, 2), and how far
    it is to the next bend, (shares,)."""
    steps = pieces[:, 2:] - pieces[:, :2]
    lengths = np.maximum(np.hypot(steps[:, 0], steps[:, 1]), 1e-9)
    ends = np.cumsum(lengths)
    at = SHARES * ends[-1]
    index = np.minimum(np.searchsorted(ends, at), len(ends) - 1)
    units = (steps / lengths[:, None])[index]
    beyond = at - (ends - lengths)[index]
    straight = np.minimum(beyond, lengths[index] - beyond)
    return pieces[index, :2] + units * beyond[:, None], units, straight


def _normals(units: Many) -> Many:
    """Upwards; to the right of a line that is about upright."""
    normals = np.stack([-units[:, 1], units[:, 0]], axis=1)
    normals[units[:, 0] < 0] *= -1
    normals[np.abs(units[:, 0]) < SLANTED] = (1.0, 0.0)
    return normals


def _judged(places: _Places, own: Many, foreign: Many, solid: Many) -> _Places:
    """The places with what is wrong with each added to how it is disliked."""
    areas = places.areas
    wrong = CLASH * overlapping(areas, solid).sum(axis=1)
    wrong = wrong + CLASH * hits(foreign, _grown(areas, NEAR)).any(axis=0)
    wrong = wrong + 4.0 * hits(foreign, _grown(areas, AMBIGUOUS)).any(axis=0)
    touched = hits(own, _grown(areas, OWN)).any(axis=0)
    wrong = wrong + np.where(places.on_line, _gap_trouble(areas, own), CLASH * touched)
    return _Places(areas, places.on_line, places.shares, places.dislike + wrong)


def _grown(areas: Many, by: float) -> Many:
    found: Many = areas + np.array([-by, -by, by, by])
    return found


def _gap_trouble(areas: Many, own: Many) -> Many:
    """What is wrong with gaps: they leave too little of the line, or of its ends."""
    size = areas[0, 2:] - areas[0, :2] + 2 * AROUND
    steps = own[:, 2:] - own[:, :2]
    hidden = np.hypot(*size) / max(float(np.hypot(steps[:, 0], steps[:, 1]).sum()), 1.0)
    tip = _holding(_grown(areas, AROUND + TIP), own[-1, 2:])
    tail = _holding(_grown(areas, AROUND + TAIL), own[0, :2])
    blocked = (tip | tail).astype(np.float64)
    found: Many = CLASH * blocked + 40.0 * max(0.0, float(hidden) - 0.4)
    return found


def _holding(areas: Many, point: Many) -> Table:
    inside: Table = (areas[:, :2] < point) & (point < areas[:, 2:])
    return inside[:, 0] & inside[:, 1]


def _in_step(options: Sequence[_Places], groups: Sequence[Hashable]) -> list[_Places]:
    """The best places of each label, those at the share that suits its whole group first."""
    free: dict[Hashable, Counter[float]] = defaultdict(Counter)
    for places, group in zip(options, groups, strict=True):
        for most in (GOOD, FAIR):
            free[group].update(set(places.shares[places.dislike < most].tolist()))
    return [
        _liked(places, _common(free[group])) for places, group in zip(options, groups, strict=True)
    ]


def _common(free: Counter[float]) -> float:
    """The share at which most labels of a group can stand: the middle, or nearer to the start."""
    return max(free, key=lambda s: (free[s], -abs(s - 0.5) - (s > 0.5) * 0.01), default=0.5)


def _liked(places: _Places, share: float) -> _Places:
    dislike = places.dislike + 12.0 * np.abs(places.shares - share)
    best = np.argsort(dislike, kind="stable")[:KEPT]
    return _Places(places.areas, places.on_line, places.shares, dislike).picked(best)
