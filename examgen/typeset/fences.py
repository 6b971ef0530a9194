"""Brackets and root signs that grow: the nearest drawn size, and past the largest a scaled one."""

from __future__ import annotations

from examgen.typeset.box import Box, lift, space, text_box
from examgen.typeset.fonts import HUGE, LARGE, MATH, REGULAR, Face, glyph, has

AXIS_HEIGHT = 0.258  # em

_STEP = 1.3  # how far a bracket is scaled before the next drawn size is taken


def bracket(char: str, body: Box, em: float) -> Box:
    """A bracket that covers the body, centred on the axis; no character, no bracket."""
    if not char:
        return space(0.0)
    axis = AXIS_HEIGHT * em
    need = 2 * max(body.height - axis, body.depth + axis)
    face, scale = _drawn(char, 0.92 * need / em)
    box = text_box(char, face, em * scale)
    return lift(box, axis - (box.height - box.depth) / 2)


def _drawn(char: str, need: float) -> tuple[Face, float]:
    """The face and scale whose glyph is at least so tall (in em of the formula)."""
    plain: Face = REGULAR if has(REGULAR, char) else MATH
    if need <= _tall(plain, char) * _STEP:
        return plain, max(1.0, need / _tall(plain, char))
    faces: tuple[Face, ...] = tuple(face for face in (LARGE, HUGE) if has(face, char))
    for face in faces:
        if need <= _tall(face, char):
            return face, 1.0
    last = faces[-1] if faces else plain
    return last, need / _tall(last, char)


def _tall(face: Face, char: str) -> float:
    drawn = glyph(face, char)
    return drawn.top - drawn.bottom


def root_sign(height: float, depth: float, em: float) -> tuple[Box, float]:
    """A root sign at least so tall, and how far to lift it so that it reaches under the depth."""
    need = (height + max(depth, 0.0)) / em
    face, scale = _drawn("√", need)
    box = text_box("√", face, em * scale)
    spare = (box.height + box.depth) - (height + max(depth, 0.0))
    return box, height + spare / 2 - box.height
