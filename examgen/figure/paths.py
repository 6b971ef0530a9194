"""Paths of straight and curved pieces: rounded corners, arcs, loops; cut, measured, flattened."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from examgen.figure.geometry import Point, towards

Piece = tuple[Point, ...]  # the end of a line; or two handles and the end of a cubic

KAPPA = 0.5523  # handles of a quarter circle, in radii (4/3 (sqrt 2 - 1))
CORNER = 9.0  # points: the radius of a rounded corner
FLAT = 8  # pieces of a flattened cubic
FINE = 64  # steps in which a piece is searched for an area


@dataclass(frozen=True, slots=True)
class Path:
    """A start, and the pieces that lead on from it."""

    start: Point
    pieces: tuple[Piece, ...]

    @property
    def end(self) -> Point:
        """Its last point."""
        return self.pieces[-1][-1] if self.pieces else self.start

    @property
    def points(self) -> tuple[Point, ...]:
        """The path as a polyline."""
        found = [self.start]
        for piece in self.pieces:
            found += piece if len(piece) == 1 else _flattened(found[-1], piece)
        return tuple(found)

    def moved(self, dx: float, dy: float) -> Path:
        """The path elsewhere."""
        pieces = (tuple((x + dx, y + dy) for x, y in piece) for piece in self.pieces)
        return Path((self.start[0] + dx, self.start[1] + dy), tuple(pieces))

    def reversed(self) -> Path:
        """The path from its end to its start."""
        nodes = [self.start, *(piece[-1] for piece in self.pieces)]
        turned = [
            (*reversed(piece[:-1]), node) for node, piece in zip(nodes, self.pieces, strict=False)
        ]
        return Path(self.end, tuple(reversed(turned)))


def polyline(points: Sequence[Point]) -> Path:
    """Straight pieces through points."""
    return Path(points[0], tuple((point,) for point in points[1:]))


def rounded(points: Sequence[Point], radius: float = CORNER) -> Path:
    """Straight pieces with the corners between them rounded off."""
    pieces: list[Piece] = []
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        reach = min(radius, math.dist(corner, before) / 2, math.dist(corner, after) / 2)
        start, end = towards(corner, before, reach), towards(corner, after, reach)
        handles = towards(start, corner, KAPPA * reach), towards(end, corner, KAPPA * reach)
        pieces += [(start,), (*handles, end)]
    return Path(points[0], (*pieces, (points[-1],)))


def arc(start: Point, middle: Point, end: Point) -> Path:
    """A curve that leaves steeply, runs through the middle, and comes down again."""
    # The cubic with both handles over 4/3 of the lift passes through `middle` at one half.
    chord = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    lift = ((middle[0] - chord[0]) * 4 / 3, (middle[1] - chord[1]) * 4 / 3)
    ahead = ((end[0] - start[0]) * 0.12, (end[1] - start[1]) * 0.12)
    one = (start[0] + lift[0] + ahead[0], start[1] + lift[1] + ahead[1])
    two = (end[0] + lift[0] - ahead[0], end[1] + lift[1] - ahead[1])
    return Path(start, ((one, two, end),))


def loop(right: float, y: float, half_height: float, reach: float) -> Path:
    """A rounded loop at the right side of a shape: out above its middle, back in below."""
    up, down, bulge = y + 0.4 * half_height, y - 0.4 * half_height, 0.8 * half_height
    far, middle = right + reach, right + 0.45 * reach
    return Path(
        (right, up),
        (
            (
                (right + 0.2 * reach, up + 0.2 * half_height),
                (middle - 0.2 * reach, y + bulge),
                (middle, y + bulge),
            ),
            ((middle + 0.35 * reach, y + bulge), (far, y + 0.5 * bulge), (far, y)),
            ((far, y - 0.5 * bulge), (middle + 0.35 * reach, y - bulge), (middle, y - bulge)),
            (
                (middle - 0.2 * reach, y - bulge),
                (right + 0.2 * reach, down - 0.2 * half_height),
                (right, down),
            ),
        ),
    )


def _flattened(start: Point, piece: Piece) -> list[Point]:
    return [_at(start, piece, i / FLAT) for i in range(1, FLAT + 1)]


def _at(start: Point, piece: Piece, t: float) -> Point:
    """The point at parameter t of a piece (de Casteljau)."""
    points = [start, *piece]
    while len(points) > 1:
        points = [_between(a, b, t) for a, b in pairwise(points)]
    return points[0]


def _split(start: Point, piece: Piece, t: float) -> tuple[Piece, Point, Piece]:
    """The part of a piece up to parameter t, the point there, and the part from there on."""
    points, first, last = [start, *piece], [], [piece[-1]]
    while len(points) > 1:
        points = [_between(a, b, t) for a, b in pairwise(points)]
        first.append(points[0])
        last.append(points[-1])
    return tuple(first), points[0], tuple(reversed(last[:-1]))


def _between(a: Point, b: Point, t: float) -> Point:
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t


Inside = Callable[[Point], bool]


def leaving(path: Path, inside: Inside) -> Path:
    """The part of a path from where it first leaves an area that it starts in."""
    for i, (start, piece) in enumerate(_pieces(path)):
        if inside(start) and not inside(piece[-1]):
            return _from(path, i, _change(start, piece, inside, 0.0, 1.0))
    return path


def entering(path: Path, inside: Inside) -> Path:
    """The part of a path up to where it last enters an area that it ends in."""
    return leaving(path.reversed(), inside).reversed()


def shortened(path: Path, by: float) -> Path:
    """The path without what lies nearer to its end than a length."""
    end = path.end
    return entering(path, lambda point: math.dist(point, end) < by)


def without(path: Path, inside: Inside) -> tuple[Path, ...]:
    """What is left of a path when the first stretch of it that runs through an area is cut out."""
    changes = list(_changes(path, inside))[:2]
    if not changes:
        return (path,)
    before = _upto(path, *changes[0])
    return (before, _from(path, *changes[1])) if len(changes) > 1 else (before,)


def _changes(path: Path, inside: Inside) -> Iterator[tuple[int, float]]:
    """The pieces and parameters at which a path enters or leaves an area."""
    state = inside(path.start)
    for i, (start, piece) in enumerate(_pieces(path)):
        for step in range(FINE):
            low, high = step / FINE, (step + 1) / FINE
            if inside(_at(start, piece, high)) != state:
                state = not state
                yield i, _change(start, piece, inside, low, high)


def _pieces(path: Path) -> Iterator[tuple[Point, Piece]]:
    start = path.start
    for piece in path.pieces:
        yield start, piece
        start = piece[-1]


def _from(path: Path, index: int, t: float) -> Path:
    """What follows parameter t of a piece."""
    start = path.pieces[index - 1][-1] if index else path.start
    _, point, rest = _split(start, path.pieces[index], t)
    return Path(point, (rest, *path.pieces[index + 1 :]))


def _upto(path: Path, index: int, t: float) -> Path:
    """What precedes parameter t of a piece."""
    start = path.pieces[index - 1][-1] if index else path.start
    first, _, _ = _split(start, path.pieces[index], t)
    return Path(path.start, (*path.pieces[:index], first))


def _change(start: Point, piece: Piece, inside: Inside, low: float, high: float) -> float:
    """The parameter between two at which a piece crosses an area's border, by bisection."""
    state = inside(_at(start, piece, low))
    for _ in range(16):
        middle = (low + high) / 2
        same = inside(_at(start, piece, middle)) == state
        low, high = (middle, high) if same else (low, middle)
    return high
