"""The figure of a question with the way of each known mistake marked, as changes to the plain one.

Most of a figure stays as it is, so a change is a few elements that take the place of others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache

from examgen.diagrams.trail import marked
from examgen.html.figures import figure
from examgen.misconceptions import Misconception
from examgen.sheet import Diagram
from examgen.template import Template
from examgen.text import Language
from grader.practice.trails import trail
from grader.practice.values import Trail

ELEMENT = r"(?=<(?:figure|svg|path|circle|polygon|rect|g |/g>|/svg>|title|desc|defs))"
"""Where the HTML of a figure is cut; the page cuts it at the same places."""

Patch = list[list[int]]
"""Changes: from which piece, up to which, and the numbers of the texts that stand there instead."""


def marked_figures(
    template: Template,
    diagram: Diagram,
    known: Sequence[Misconception],
    number: Callable[[str], int],
    language: Language,
) -> Mapping[str, object]:
    """The marked figures of a template as JSON data.

    number: of a text. patches: the changes, each once. of: by the slot's place, then by the
    mistake's number in `known`, which of them; left out where nothing is marked.
    """
    plain, patches = figure(diagram, "q1-"), dict[str, int]()
    made: dict[int, Patch] = {}

    @cache
    def place(way: Trail) -> int | None:
        shown = marked(diagram, template.quantities, way, language)
        html = plain if shown == diagram else figure(shown, "q1-")
        if html == plain:
            return None
        found = patches.setdefault(str(html), len(patches))
        made.setdefault(found, changes(plain, html, number))
        return found

    of = {
        slot: {
            k: found
            for k, one in enumerate(known)
            if (found := place(trail(template, one, asked))) is not None
        }
        for slot, asked in enumerate(template.slots)
    }
    return {"patches": list(made.values()), "of": of}


def changes(plain: str, other: str, number: Callable[[str], int]) -> Patch:
    """What makes the HTML of one figure that of another, last change first."""
    before, after = _pieces(plain), _pieces(other)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [
        [start, stop, *(number(text) for text in after[first:last])]
        for kind, start, stop, first, last in reversed(matcher.get_opcodes())
        if kind != "equal"
    ]


def _pieces(html: str) -> list[str]:
    return list(filter(None, re.split(ELEMENT, html)))
