"""Optimal line breaks: those of a paragraph whose demerits are the fewest in total.

D. E. Knuth and M. F. Plass, "Breaking paragraphs into lines", Software: Practice and Experience
11 (1981), 1119-1184; the constants are those of plain TeX (The TeXbook, chapter 14).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

NEVER = 10_000.0  # a penalty that forbids a break
FORCED = 1e8  # what such a break costs where it must be
LEAST_STRETCH = 1.0  # points, of a line without blanks
LINE_PENALTY = 10.0
HYPHENS_IN_A_ROW, LAST_HYPHEN, UNLIKE_NEIGHBOURS = 10_000.0, 5_000.0, 10_000.0
SHORT_LAST_LINE = 10_000.0
ROUNDING = 0.01  # points, by which a line may be too wide


@dataclass(frozen=True, slots=True)
class Part:
    """What is not divided, the blank after it, and what it costs to end a line between the two.

    width, blank, stretch, shrink: in points; hyphen: width of what a break after the part adds;
    flagged: that two lines in a row should not end so.
    """

    width: float
    blank: float = 0.0
    stretch: float = 0.0
    shrink: float = 0.0
    penalty: float = 0.0
    hyphen: float = 0.0
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Demands:
    """What lines must be like.

    badness: the worst that a line may have; dearest: no line ends at such a penalty or a higher
    one, unless it may end `anywhere`; shortest: a last line under so many points is avoided.
    """

    badness: float = math.inf
    dearest: float = NEVER
    anywhere: bool = False
    shortest: float = 0.0


class _Break(NamedTuple):
    """A break after so many parts, with the best lines before it."""

    end: int
    fitness: int
    demerits: float
    flagged: bool
    before: _Break | None


def badness(ratio: float) -> float:
    """How ugly a line is whose blanks take so much of their stretch, or of their shrinkage.

    It has no upper bound, so that even the worst of lines are as good as can be.
    """
    return 100.0 * abs(ratio) ** 3


def fitness(ratio: float) -> int:
    """Tight, decent, loose or very loose: 0 to 3."""
    return 0 if ratio < -0.5 else 1 if ratio <= 0.5 else 2 if ratio <= 1.0 else 3


def demerits(bad: float, penalty: float) -> float:
    """What a line of that badness costs that ends with that penalty."""
    return (LINE_PENALTY + bad) ** 2 + penalty**2


def best_breaks(parts: Sequence[Part], width: float, demands: Demands) -> tuple[int, ...] | None:
    """After how many parts each line ends; None where the demands cannot be met.

    The last line is not stretched. Time grows with the parts times the breaks in a line.
    """
    measure = _Measure(parts, width, demands)
    active = [_Break(0, 1, 0.0, False, None)]
    for end, part in enumerate(parts, start=1):
        last = end == len(parts)
        if part.penalty < demands.dearest or demands.anywhere or last:
            found = _best_ending_at(end, part, last, active, measure)
            active = [b for b in active if measure.has_room(b.end, end)]
            active += found
        if not active:
            return None
    ends = [b for b in active if b.end == len(parts)]
    return tuple(_ends(min(ends, key=lambda b: b.demerits))) if ends else None


def _ends(final: _Break) -> list[int]:
    at: _Break | None = final
    found = []
    while at is not None and at.before is not None:
        found.append(at.end)
        at = at.before
    return found[::-1]


class _Measure:
    """Widths of lines from sums over the parts before each break."""

    def __init__(self, parts: Sequence[Part], width: float, demands: Demands) -> None:
        self.parts, self.width, self.demands = parts, width, demands
        # the blank after the part that ends a line does not count
        self.natural = [0.0, *accumulate(p.width + p.blank for p in parts)]
        self.stretch = [0.0, *accumulate(p.stretch for p in parts)]
        self.shrink = [0.0, *accumulate(p.shrink for p in parts)]
        self.most = (demands.badness / 100.0) ** (1 / 3)

    def has_room(self, start: int, end: int) -> bool:
        """Whether a line from a break may end here, or further on."""
        part = self.parts[end - 1]
        natural = self.natural[end] - self.natural[start] - part.blank
        shrink = self.shrink[end] - self.shrink[start] - part.shrink
        return natural - shrink <= self.width + ROUNDING

    def ratio(self, start: int, end: int, last: bool) -> float:
        """How much of their stretch (above 0) or shrinkage the blanks of a line take."""
        part = self.parts[end - 1]
        natural = self.natural[end] - self.natural[start] - part.blank
        spare = self.width - natural - (0.0 if last else part.hyphen)
        if spare >= 0.0:
            if last:
                return 0.0
            stretch = self.stretch[end] - self.stretch[start] - part.stretch
            if spare <= ROUNDING:
                return 0.0
            return spare / (stretch if stretch > ROUNDING else LEAST_STRETCH)
        shrink = self.shrink[end] - self.shrink[start] - part.shrink
        if spare >= -ROUNDING:
            return 0.0
        return max(-1.0, spare / shrink) if spare >= -shrink - ROUNDING else -math.inf

    def is_short(self, start: int) -> bool:
        """Whether a last line that begins there is shorter than is liked."""
        return self.natural[-1] - self.natural[start] < self.demands.shortest


def _best_ending_at(
    end: int, part: Part, last: bool, active: Sequence[_Break], measure: _Measure
) -> list[_Break]:
    """For every fitness the best way to end a line here."""
    best: dict[int, _Break] = {}
    for line in _lines_ending_at(end, part, last, active, measure):
        if line.fitness not in best or line.demerits < best[line.fitness].demerits:
            best[line.fitness] = line
    return list(best.values())


def _lines_ending_at(
    end: int, part: Part, last: bool, active: Sequence[_Break], measure: _Measure
) -> Iterator[_Break]:
    penalty = 0.0 if last else part.penalty if part.penalty < NEVER else FORCED
    flagged = part.flagged and not last
    for before in active:
        ratio = measure.ratio(before.end, end, last)
        if -1.0 <= ratio <= measure.most:
            total = before.demerits + demerits(badness(ratio), penalty)
            fit = fitness(ratio)
            if before.flagged and (flagged or last):
                total += HYPHENS_IN_A_ROW if flagged else LAST_HYPHEN
            if abs(fit - before.fitness) > 1:
                total += UNLIKE_NEIGHBOURS
            if last and before.end and measure.is_short(before.end):
                total += SHORT_LAST_LINE
            yield _Break(end, fit, total, flagged, before)
