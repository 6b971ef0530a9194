"""Large print: blocks as they are, so many times larger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from examgen.figure import Scene
from examgen.render.blocks import Block, Frame, Grey, Zoomed
from examgen.typeset import Box, scaled


def magnified(blocks: Sequence[Block], k: float) -> list[Block]:
    """The blocks k times as large, with all distances in them."""
    return list(blocks) if k == 1.0 else [_block(block, k) for block in blocks]


def _block(block: Block, k: float) -> Block:
    marks = tuple(
        replace(mark, x=mark.x * k, y=mark.y * k, ink=_ink(mark.ink, k)) for mark in block.marks
    )
    return replace(block, height=block.height * k, before=block.before * k, marks=marks)


Ink = Box | Scene | Zoomed | Frame | Grey


def _ink(ink: Ink, k: float) -> Ink:
    if isinstance(ink, Box):
        return scaled(ink, k)
    if isinstance(ink, Grey):
        return Grey(scaled(ink.box, k), ink.grey)
    if isinstance(ink, Zoomed):
        return replace(ink, scale=ink.scale * k)
    if isinstance(ink, Scene):
        return Zoomed(ink, k)
    size = {"width": ink.width * k, "height": ink.height * k}
    return replace(ink, **size, radius=ink.radius * k, line=ink.line * k)
