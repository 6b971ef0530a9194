"""Formulas cut where a line may end."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from examgen.typeset.box import Box, row
from examgen.typeset.layout import classed_parts
from examgen.typeset.symbols import Class

_Part = tuple[Box, Class]


@lru_cache(maxsize=4_000)
def segments(tex: str, size: float) -> tuple[Box, ...]:
    """The formula cut where a line of prose may end: after its relations and binary signs.

    Raises:
        ExamgenError: as `parse` does.
    """
    parts = classed_parts(tex, size, display=False)
    ends = [i + 1 for i, (_, cls) in enumerate(parts) if cls in ("rel", "bin")]
    return tuple(_row(piece) for piece in _cut(parts, ends))


@lru_cache(maxsize=4_000)
def relation_parts(tex: str, size: float) -> tuple[tuple[Box, ...], ...]:
    """A displayed chain cut before its relations: `a`, `= b`, `= c`; each cut before its signs.

    Raises:
        ExamgenError: as `parse` does.
    """
    parts = classed_parts(tex, size, display=True)
    starts = [
        i for i, (_, cls) in enumerate(parts) if cls == "rel" and i and parts[i - 1][1] != "rel"
    ]
    return tuple(
        tuple(_row(piece) for piece in _cut(part, _signs(part))) for part in _cut(parts, starts)
    )


def _signs(part: Sequence[_Part]) -> list[int]:
    return [i for i, (_, cls) in enumerate(part) if cls == "bin"]


def _row(parts: Sequence[_Part]) -> Box:
    return row(box for box, _ in parts)


def _cut(parts: Sequence[_Part], at: Sequence[int]) -> list[Sequence[_Part]]:
    """The parts cut before each index, empty pieces left out."""
    bounds = [0, *at, len(parts)]
    return [parts[a:b] for a, b in pairwise(bounds) if a < b]
