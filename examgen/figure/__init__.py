"""Schematic figures: a `Diagram` laid out as a `Scene` of shapes, arrows and typeset labels."""

from examgen.figure.primitives import (
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
from examgen.figure.scene import MAX_HEIGHT, scene

__all__ = [
    "MAX_HEIGHT",
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
