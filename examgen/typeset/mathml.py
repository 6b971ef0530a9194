"""A formula as MathML Core, from the tree that the paper is set from: the same spaces, the same
letters upright. A browser sets it without any script.

MathML Core: https://www.w3.org/TR/mathml-core/.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from examgen.typeset.leaves import escaped
from examgen.typeset.markup import Level, elements
from examgen.typeset.parse import parse
from examgen.typeset.spacing import classes
from examgen.typeset.symbols import Class
from examgen.typeset.tree import Atom, Tree

__all__ = ["breakable", "escaped", "links", "mathml"]

LONG = 8  # parts of a link of a chain that stay on one line


@lru_cache(maxsize=8_000)
def mathml(tex: str, *, display: bool = False) -> str:
    r"""One `<math>` element; `display` with full-size fractions, on a line of its own.

    >>> mathml("w_1")
    '<math><msub><mi>w</mi><mn>1</mn></msub></math>'

    Raises:
        ExamgenError: as `parse` does.
    """
    kind = ' display="block"' if display else ""
    items = parse(tex).items
    return f"<math{kind}>{''.join(elements(items, classes(items), Level(display)))}</math>"


@lru_cache(maxsize=8_000)
def breakable(tex: str) -> str:
    """A displayed formula as several `<math>` elements with blanks between, where a line may end:
    before relations, and in a long link of the chain before its signs.

    Raises:
        ExamgenError: as `parse` does.
    """
    return " ".join(links(tex))


@lru_cache(maxsize=8_000)
def links(tex: str, *, display: bool = True) -> tuple[str, ...]:
    """The links of a chain, each from a relation to the next, as `breakable` writes them.

    Raises:
        ExamgenError: as `parse` does.
    """
    items = parse(tex).items
    found = classes(items)
    starts = [i for i, cls in enumerate(found) if cls == "rel" and i and found[i - 1] != "rel"]
    opening = '<math displaystyle="true">' if display else "<math>"

    def written(piece: range) -> str:
        places = slice(piece.start, piece.stop)
        return f"{opening}{''.join(elements(items[places], found[places], Level(display)))}</math>"

    return tuple(
        " ".join(map(written, _cut(link, _signs(link, items, found))))
        for link in _cut(range(len(items)), starts)
    )


def _cut(places: range, at: Sequence[int]) -> list[range]:
    """The places cut before each of `at`, empty pieces left out."""
    bounds = [places.start, *at, places.stop]
    return [range(a, b) for a, b in pairwise(bounds) if a < b]


def _signs(link: range, items: Sequence[Tree], found: Sequence[Class]) -> list[int]:
    """Sums that a long link may be broken before, or else products; never inside brackets."""
    if len(link) <= LONG:
        return []
    depth, outer = 0, []
    for i in link:
        depth += (found[i] == "open") - (found[i] == "close")
        if not depth and found[i] == "bin" and i > link.start + 1:
            outer.append(i)
    sums = [i for i in outer if isinstance(item := items[i], Atom) and item.text in "+−"]
    return sums or outer
