"""Signs of any size: the variants that the font draws, and beyond them signs made of parts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from examgen.typeset.box import Box, Run
from examgen.typeset.context import Context
from examgen.typeset.fonts import MATH, REGULAR, advance, digest, has, measured
from examgen.typeset.letters import glyph_box
from examgen.typeset.mathfont import Direction, Part, overlap, sizes
from examgen.typeset.textline import text_box

_MOST_REPEATS = 400  # a bracket of a page's height has fewer


def stretched(char: str, least: float, at: Context) -> Box:
    """A sign at least so tall (points), or the tallest there is."""
    return _sign(char, round(least / at.em, 4), "vertical", at.em)


def widened(char: str, least: float, at: Context) -> Box:
    """A sign at least so wide (points), or the widest there is."""
    return _sign(char, round(least / at.em, 4), "horizontal", at.em)


@lru_cache(maxsize=2_000)
def _sign(char: str, least: float, direction: Direction, em: float) -> Box:
    """The first variant that is long enough, else parts put together; `least` is in em."""
    if not has(MATH, char):
        return text_box(char, REGULAR, em)
    glyph = digest(MATH)["characters"][ord(char)]
    found = sizes(glyph, direction)
    for variant, length in found.variants:
        if length >= least:
            return glyph_box((variant,), char, em)
    if found.parts:
        return _put_together(found.parts, least, direction, char, em)
    return glyph_box((found.variants[-1][0] if found.variants else glyph,), char, em)


def _put_together(
    parts: Sequence[Part], least: float, direction: Direction, char: str, em: float
) -> Box:
    chosen, shares = _assembly(parts, least)
    build = _pile if direction == "vertical" else _chain
    return build(chosen, shares, char, em)


def _assembly(parts: Sequence[Part], least: float) -> tuple[list[Part], list[float]]:
    """Parts with the repeated ones as often as needed, and how much each shares with the next."""
    for times in range(_MOST_REPEATS):
        chosen = [part for part in parts for _ in range(times if part.repeated else 1)]
        most = [min(a.end, b.start) for a, b in pairwise(chosen)]
        longest = sum(part.length for part in chosen) - overlap() * len(most)
        if chosen and longest >= least:
            break
    shortest = sum(part.length for part in chosen) - sum(most)
    room = sum(max(share - overlap(), 0.0) for share in most)
    slack = min(max(least - shortest, 0.0), room) / room if room else 0.0
    return chosen, [share - slack * max(share - overlap(), 0.0) for share in most]


def _pile(parts: Sequence[Part], shares: Sequence[float], char: str, em: float) -> Box:
    """Parts on top of each other, the lowest first; only the first one stands for the sign."""
    y, runs = 0.0, []
    for at, (part, share) in enumerate(zip(parts, (*shares, 0.0), strict=True)):
        bottom = measured(MATH, part.glyph, "").bottom
        text = char if at == 0 else ""
        runs.append(Run(0.0, (y - bottom) * em, MATH, em, text, (part.glyph,)))
        y += part.length - share
    return Box(max(advance(MATH, part.glyph) for part in parts) * em, y * em, 0.0, tuple(runs))


def _chain(parts: Sequence[Part], shares: Sequence[float], char: str, em: float) -> Box:
    """Parts side by side, as one run of glyphs that share ends."""
    one = glyph_box(tuple(part.glyph for part in parts), char, em)
    total = sum(part.length for part in parts) - sum(shares)
    kerns = tuple(
        part.length - share - advance(MATH, part.glyph)
        for part, share in zip(parts, (*shares, 0.0), strict=True)
    )
    run = Run(0.0, 0.0, MATH, em, char, one.runs[0].glyphs, kerns)
    return Box(total * em, one.height, one.depth, (run,))
