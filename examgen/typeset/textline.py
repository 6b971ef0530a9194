"""Characters on a line."""

from __future__ import annotations

import unicodedata
from functools import lru_cache, partial
from itertools import groupby, pairwise

from examgen.typeset.box import Box, Run, shifted, space
from examgen.typeset.fonts import Face, Glyph, glyph, joined, kern, measured
from examgen.typeset.shaping import face_of, shaped


@lru_cache(maxsize=8_000)
def text_box(text: str, face: Face, size: float) -> Box:
    """Characters, each in the first face that has it, kerned and with an f joined to its like.

    Scripts that these faces lack are those of names: see `shaping`.
    """
    text = unicodedata.normalize("NFC", text)
    if any(map(face_of, _unknown(face, text))):
        return shaped(text, size, partial(_box, face=face, size=size))
    return _box(text, face, size)


def _unknown(face: Face, text: str) -> list[str]:
    return [char for char in text if glyph(face, char).char != char]


def _box(text: str, face: Face, size: float) -> Box:
    glyphs = [glyph(face, char) for char in text]
    if not glyphs:
        return space(0.0)
    x, runs, members = 0.0, [], glyphs
    for used, group in groupby(glyphs, key=lambda g: g.face):
        members = _joined(list(group))
        run, width = _run(members, used, size)
        runs.append(shifted(run, x, 0.0))
        x += width
    return Box(
        x,
        size * max(g.top for g in glyphs),
        -size * min(g.bottom for g in glyphs),
        tuple(runs),
        slant=size * max(0.0, members[-1].right - members[-1].width),
    )


def _joined(glyphs: list[Glyph]) -> list[Glyph]:
    """The glyphs of one face, an f and what it touches replaced by glyphs made for each other."""
    known = joined(glyphs[0].face)
    found = list(glyphs)
    for i, (left, right) in enumerate(pairwise(glyphs)) if known else ():
        if drawn := known.get((left.id, right.id)):
            found[i] = measured(left.face, drawn[0], left.char)
            found[i + 1] = measured(right.face, drawn[1], right.char)
    return found


def _run(glyphs: list[Glyph], face: Face, size: float) -> tuple[Run, float]:
    """Glyphs of one face from the origin, and how wide they are."""
    kerns = tuple(kern(face, left.id, right.id) for left, right in pairwise(glyphs))
    width = sum(g.width for g in glyphs) + sum(kerns)
    text, ids = "".join(g.char for g in glyphs), tuple(g.id for g in glyphs)
    return Run(0.0, 0.0, face, size, text, ids, (*kerns, 0.0) if any(kerns) else ()), size * width
