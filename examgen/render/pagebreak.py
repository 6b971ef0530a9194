"""Page breaks: those of a document that cost least in total.

As with lines (see `typeset.linebreak`), what is best is looked for over all pages at once: a page
may end early for the good of the next. A cost of 1,000 is that of an empty page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

OVERFULL = 1e9
PAGE, EMPTY, SQUEEZED = 300.0, 1_000.0, 100.0
NEARLY_EMPTY, ORPHAN_PAGE = 72.0, 800.0  # points on the last page; what fewer cost at most


@dataclass(frozen=True, slots=True)
class Slab:
    """What is not divided: its height, and the space above it that falls away at a page's head.

    elastic: by how much that space may grow or shrink; cost: of a page that begins with it;
    fresh: how much of the cost of emptiness is counted where the next page begins with it.
    """

    height: float
    before: float = 0.0
    elastic: float = 0.0
    cost: float = 0.0
    fresh: float = 1.0


def page_ends(slabs: Sequence[Slab], height: float) -> tuple[int, ...]:
    """After how many slabs each page ends, so that the sum of the costs is least.

    Time grows with the slabs times the slabs of a page.
    """
    count = len(slabs)
    heights = [0.0, *accumulate(slab.before + slab.height for slab in slabs)]
    elastic = [0.0, *accumulate(slab.elastic for slab in slabs)]
    least, start_of = [0.0] + [math.inf] * count, [0] * (count + 1)
    for start, top in enumerate(slabs):
        above, given = heights[start] + top.before, elastic[start] + top.elastic
        base = least[start] + (top.cost if start else 0.0)
        for end in range(start + 1, count + 1):
            used, give = heights[end] - above, elastic[end] - given
            if used - give > height and end > start + 1:
                break
            fresh = slabs[end].fresh if end < count else None
            cost = base + fill_cost(used, give, height, fresh)
            if cost < least[end]:
                least[end], start_of[end] = cost, start
    return _walked(start_of)


def _walked(start_of: Sequence[int]) -> tuple[int, ...]:
    ends, at = [], len(start_of) - 1
    while at:
        ends.append(at)
        at = start_of[at]
    return tuple(reversed(ends))


def fill_cost(used: float, give: float, height: float, fresh: float | None) -> float:
    """What a page costs of so much content: empty ones and squeezed ones, and the last if it is
    nearly empty (`fresh` is None for the last)."""
    if used > height:
        over = used - height
        return PAGE + (SQUEEZED * (over / give) ** 2 if over <= give else OVERFULL)
    if fresh is None:
        return PAGE + ORPHAN_PAGE * max(0.0, 1.0 - used / NEARLY_EMPTY)
    return PAGE + fresh * EMPTY * ((height - used) / height) ** 2


def tops(slabs: Sequence[Slab], height: float, *, last: bool) -> list[float]:
    """How far below the head of a page its slabs begin.

    Spaces shrink where the page is too full; where they can fill it, and it is not the last, they
    grow.
    """
    used = sum(slab.before + slab.height for slab in slabs) - slabs[0].before
    give = sum(slab.elastic for slab in slabs[1:])
    spare = height - used
    share = 0.0 if not give or spare > (0.0 if last else give) else max(-1.0, spare / give)
    found, y = [0.0], slabs[0].height
    for slab in slabs[1:]:
        y += slab.before + share * slab.elastic
        found.append(y)
        y += slab.height
    return found


def divided(slabs: Sequence[Slab], height: float) -> list[list[float]]:
    """For every page the tops of its slabs."""
    bounds = list(pairwise((0, *page_ends(slabs, height))))
    return [tops(slabs[a:b], height, last=b == len(slabs)) for a, b in bounds]
