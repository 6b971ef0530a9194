"""Schematic figures: a `Diagram` laid out as a `Scene` of shapes, arrows and typeset labels."""

from examgen.figure.labels import Label
from examgen.figure.scene import HEAD_LENGTH, HEAD_WIDTH, Arrow, Scene, scene
from examgen.figure.shapes import Outline

__all__ = ["HEAD_LENGTH", "HEAD_WIDTH", "Arrow", "Label", "Outline", "Scene", "scene"]
