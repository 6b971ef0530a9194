"""What answer slots go by: the names as the author writes them, before choices are made.

`dL/d<asked>` is one column, whichever weight is asked of a student.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from examgen.strict_yaml import Data


def part_at(document: Data, path: str) -> Mapping[str, Data]:
    """The part at a place such as `parts[0].parts[2]`; nothing where a choice stands there."""
    for step in re.findall(r"\w+", path):
        if isinstance(document, list):
            document = document[int(step)] if int(step) < len(document) else None
        else:
            document = document.get(step) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def as_texts(written: Data) -> list[str]:
    """The texts of a field that is a text or a list of them."""
    listed = written if isinstance(written, list) else [written]
    return [text for text in listed if isinstance(text, str)]


def headed(names: Sequence[str], headings: Sequence[str]) -> list[tuple[str, str]]:
    """Each name with its heading; a heading alone stands for all names that a choice makes of it.

    >>> headed(["w11", "L"], ["<asked>", "L"]), headed(["h1", "h2"], ["<units>"])
    ([('w11', '<asked>'), ('L', 'L')], [('h1', '<units>'), ('h2', '<units>')])
    """
    if len(headings) == 1:
        return [(name, headings[0]) for name in names]
    if len(headings) != len(names):  # which choice makes which names, nobody can tell
        return [(name, name) for name in names]
    return list(zip(names, headings, strict=True))


def starless(heading: str, pattern: str, name: str) -> str:
    """The heading with what the stars of a pattern stand for in a name.

    >>> starless("dL/d<asked>[*]", "dL/dw[*]", "dL/dw[2]")
    'dL/d<asked>[2]'
    """
    if heading.count("*") != pattern.count("*"):  # a choice makes a star
        return heading
    match = re.fullmatch(re.escape(pattern).replace(r"\*", "(.*)"), name)
    assert match is not None, "bug: the pattern matches the name"
    stars = iter(match.groups())
    return re.sub(r"\*", lambda _: next(stars), heading)
