"""The fragments of HTML of a page, each once, cut into lines that are each once again.

Fragments of the same kind from all variants stand beside each other, and so do their lines: what
differs in a few numbers alone takes next to nothing once it is compressed. A hint and the worked
solution share the lines of a derivation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from markupsafe import Markup

Tree = object
"""JSON data with fragments of HTML (`Markup`) in it."""

_LINE = re.compile(r'(?=<p class="chain">|</div>\s*\Z)')


class Texts:
    """Fragments of HTML by number, each once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, html: str) -> int:
        """The number of a fragment, a new one for a new one."""
        return self._numbers.setdefault(str(html), len(self._numbers))

    def written(self) -> Mapping[str, object]:
        """All fragments as JSON data, in the order of their numbers.

        lines: what they are cut into. texts: for each fragment its lines, by the distance of each
        from the line at the same place of the fragment before it (or from zero).
        """
        cut = [tuple(filter(None, _LINE.split(html))) for html in self._numbers]
        lines = _numbered_lines(cut)
        texts, before = [], list[int]()
        for one in cut:
            places = [lines[line] for line in one]
            known = [*before, *[0] * len(places)]
            texts.append([here - there for here, there in zip(places, known, strict=False)])
            before = places
        return {"lines": list(lines), "texts": texts}


def _numbered_lines(cut: Sequence[tuple[str, ...]]) -> dict[str, int]:
    """Each line once: beside each other those at one place of fragments that are alike."""
    lines: dict[str, int] = {}
    for _, alike in groupby(cut, key=len):
        for same_place in zip(*alike, strict=True):
            for line in same_place:
                lines.setdefault(line, len(lines))
    return lines


def numbered(trees: Sequence[Tree], texts: Texts) -> list[Tree]:
    """The trees with a number for each fragment; those at the same place in a row."""
    found = [dict(_fragments(tree)) for tree in trees]
    for path in dict.fromkeys(path for one in found for path in one):
        for one in found:
            if path in one:
                texts.number(styled_by_data(one[path]))
    return [_replaced(tree, texts) for tree in trees]


def _fragments(tree: Tree, path: tuple[object, ...] = ()) -> Iterator[tuple[object, Markup]]:
    if isinstance(tree, Markup):
        yield path, tree
    elif isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from _fragments(value, (*path, key))
    elif isinstance(tree, (list, tuple)):
        for place, value in enumerate(tree):
            yield from _fragments(value, (*path, place))


def _replaced(tree: Tree, texts: Texts) -> Tree:
    if isinstance(tree, Markup):
        return texts.number(styled_by_data(tree))
    if isinstance(tree, Mapping):
        return {key: _replaced(value, texts) for key, value in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [_replaced(value, texts) for value in tree]
    return tree


def styled_by_data(html: Markup) -> Markup:
    """Styles of elements as data: a page that allows no other styles than its own sets them."""
    return Markup(html.replace(" style=", " data-style="))
