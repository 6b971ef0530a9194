"""Schematic figures: a `Diagram` laid out as a `Scene` of shapes, arrows and typeset labels."""

from examgen.figure.primitives import (
    HEAD_LENGTH,
    HEAD_WIDTH,
    Arrow,
    Disc,
    Head,
    Label,
    Outline,
    Panel,
    Primitive,
    Scene,
    Stroke,
)
from examgen.figure.scene import scene

__all__ = [
    "HEAD_LENGTH",
    "HEAD_WIDTH",
    "Arrow",
    "Disc",
    "Head",
    "Label",
    "Outline",
    "Panel",
    "Primitive",
    "Scene",
    "Stroke",
    "scene",
]
