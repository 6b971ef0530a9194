"""Blocks drawn on a ReportLab canvas."""

from __future__ import annotations

import math
from typing import Any

from examgen.figure import HEAD_LENGTH, HEAD_WIDTH, Arrow, Label, Outline, Scene
from examgen.render.blocks import Block, Frame, Grey, Mark, Zoomed
from examgen.typeset import Box, Face, font

LINE = 0.7  # points, in figures
SHADE = 0.92  # grey of shaded vertices


def draw_block(canvas: Any, block: Block, left: float, top: float) -> None:
    """Draw a block whose upper left corner lies at (left, top)."""
    for mark in block.marks:
        draw_mark(canvas, mark, left, top)


def draw_mark(canvas: Any, mark: Mark, left: float, top: float) -> None:
    """Draw one mark of a block whose upper left corner lies at (left, top)."""
    x, y, ink = left + mark.x, top - mark.y, mark.ink
    if isinstance(ink, Box):
        draw_box(canvas, ink, x, y)
    elif isinstance(ink, Grey):
        canvas.setFillGray(ink.grey)
        draw_box(canvas, ink.box, x, y)
        canvas.setFillGray(0)
    elif isinstance(ink, Frame):
        draw_frame(canvas, ink, x, y)
    elif isinstance(ink, Zoomed):
        canvas.saveState()
        canvas.translate(x, y)
        canvas.scale(ink.scale, ink.scale)
        draw_scene(canvas, ink.scene, 0.0, 0.0)
        canvas.restoreState()
    else:
        draw_scene(canvas, ink, x, y)


def draw_box(canvas: Any, box: Box, x: float, y: float) -> None:
    """Draw set type with its reference point at (x, y)."""
    if box.runs:
        canvas._code.append(_text_operators(canvas, box, x, y))
    for rule in box.rules:
        corner = f"{x + rule.x:.3f} {y + rule.y:.3f}"
        canvas._code.append(f"n {corner} {rule.width:.3f} {rule.height:.3f} re f")


def _text_operators(canvas: Any, box: Box, x: float, y: float) -> str:
    """The content stream of set type; a text object of ReportLab's takes three times as long."""
    code, current = ["BT"], ""
    for run in box.runs:
        code.append(f"1 0 0 1 {x + run.x:.2f} {y + run.y:.2f} Tm")
        for name, show in _show_operators(canvas, run.face, run.text):
            wanted = f"{name} {run.size:.2f} Tf"
            if wanted != current:
                code.append(wanted)
                current = wanted
            code.append(show)
    return " ".join([*code, "ET"])


def _show_operators(canvas: Any, face: Face, text: str) -> list[tuple[str, str]]:
    """The parts of a text in one subset of its face each: the subset's name, and what shows it.

    They are kept with their canvas, for the same few texts stand on its pages again and again.
    """
    known = canvas.__dict__.setdefault("_examgen_show_operators", {})
    if (face, text) not in known:
        loaded, document = font(face), canvas._doc
        known[face, text] = [
            (loaded.getSubsetInternalName(subset, document), f"({canvas._escape(raw)}) Tj")
            for subset, raw in loaded.splitString(text, document)
        ]
    found: list[tuple[str, str]] = known[face, text]
    return found


def draw_frame(canvas: Any, frame: Frame, x: float, y: float) -> None:
    """Draw a frame with its lower left corner at (x, y)."""
    canvas.setLineWidth(frame.line)
    if frame.fill is not None:
        canvas.setFillGray(frame.fill)
    stroke, fill = int(frame.line > 0), int(frame.fill is not None)
    canvas.roundRect(x, y, frame.width, frame.height, frame.radius, stroke=stroke, fill=fill)
    canvas.setFillGray(0)


def draw_scene(canvas: Any, scene: Scene, x: float, y: float) -> None:
    """Draw a figure with its lower left corner at (x, y)."""
    canvas.setLineWidth(LINE)
    for arrow in scene.arrows:
        _arrow(canvas, arrow, x, y)
    for shape in scene.outlines:
        _outline(canvas, shape, x, y)
    for label in scene.labels:
        _label(canvas, label, x, y)


def _arrow(canvas: Any, arrow: Arrow, x: float, y: float) -> None:
    path = canvas.beginPath()
    first, *rest = arrow.shaft
    path.moveTo(x + first[0], y + first[1])
    for point in rest:
        path.lineTo(x + point[0], y + point[1])
    canvas.drawPath(path, stroke=1, fill=0)
    _head(canvas, arrow, x, y)


def _head(canvas: Any, arrow: Arrow, x: float, y: float) -> None:
    """A filled head with a notch, its tip at the end of the line."""
    tip, base = arrow.points[-1], arrow.shaft[-1]
    length = math.dist(tip, base) or 1.0
    ux, uy = (tip[0] - base[0]) / length, (tip[1] - base[1]) / length
    back = (tip[0] - ux * HEAD_LENGTH, tip[1] - uy * HEAD_LENGTH)
    wing = HEAD_WIDTH / 2
    path = canvas.beginPath()
    path.moveTo(x + tip[0], y + tip[1])
    path.lineTo(x + back[0] - uy * wing, y + back[1] + ux * wing)
    path.lineTo(x + back[0] + ux * HEAD_LENGTH * 0.3, y + back[1] + uy * HEAD_LENGTH * 0.3)
    path.lineTo(x + back[0] + uy * wing, y + back[1] - ux * wing)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def _outline(canvas: Any, shape: Outline, x: float, y: float) -> None:
    if shape.kind == "plain":
        return
    grey = 0 if shape.kind == "dot" else SHADE if shape.shaded else 1
    canvas.setFillGray(grey)
    if shape.kind == "box":
        left, bottom = x + shape.bounds.left, y + shape.bounds.bottom
        size = 2 * shape.half_width, 2 * shape.half_height
        canvas.roundRect(left, bottom, *size, 2.5, stroke=1, fill=1)
    else:
        canvas.circle(x + shape.x, y + shape.y, shape.half_width, stroke=1, fill=1)
    canvas.setFillGray(0)


def _label(canvas: Any, label: Label, x: float, y: float) -> None:
    if label.knocked_out:
        area = label.bounds.grown(1.0)
        canvas.setFillGray(1)
        size = area.right - area.left, area.top - area.bottom
        canvas.rect(x + area.left, y + area.bottom, *size, stroke=0, fill=1)
        canvas.setFillGray(0)
    draw_box(canvas, label.box, x + label.x, y + label.baseline)
