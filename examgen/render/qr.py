"""The QR code of a page: the code of the variant and the number of the page, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import segno

from examgen.typeset import Box
from examgen.typeset.box import Rule

_MASK = 2  # any of the eight can be read; weighing them up takes five times as long as the rest


@lru_cache(maxsize=256)
def qr_box(code: str, page: int, module: float) -> Box:
    """`ABC-DEF 3` as bars; module: the side of a square in points."""
    made = segno.make_qr(f"{code} {page}".upper(), error="q", boost_error=True, mask=_MASK)
    side = len(made.matrix) * module
    bars = tuple(
        Rule(x * module, side - (y + 1) * module, wide * module, module)
        for y, line in enumerate(made.matrix)
        for x, wide in _bars(line)
    )
    return Box(side, side, 0.0, bars)


def _bars(line: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where the dark stretches of a line begin, and how many squares each has."""
    start = None
    for x, dark in enumerate([*line, 0]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            yield start, x - start
            start = None
