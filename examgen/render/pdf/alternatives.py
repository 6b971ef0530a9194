"""What is said in place of formulas, figures and answer boxes."""

from __future__ import annotations

from functools import lru_cache

from examgen.figure import Label, Scene
from examgen.render.blocks import Block, Frame, Grey, Mark, Zoomed
from examgen.render.pdf.operators import Piece, pieces, text_string
from examgen.typeset import Box
from examgen.typeset.speech import speech

_ANSWER = {"en": "answer", "de": "Antwort"}
_FIELD = "/A<</O/PrintField/Role/tv/Desc{0}>>/Alt{0}"


@lru_cache(maxsize=4_000)
def spoken(tex: str, language: str) -> str:
    """What is read out for a formula."""
    return alternative(speech(tex, language))


@lru_cache(maxsize=2_000)
def alternative(text: str) -> str:
    """What is read out in place of an element."""
    return f"/Alt{text_string(text)}"


def field(label: str) -> str:
    """A place to write into, and what belongs there; PrintField, for it is no widget."""
    return _FIELD.format(text_string(label))


def of_formula(block: Block, language: str) -> str:
    """What is said for a displayed formula: what its author says, else what is in it."""
    return block.alternative or _said(block.marks, language)


def of_figure(block: Block) -> str:
    """What is said for a figure."""
    scenes = (scene_of(mark) for mark in block.marks)
    return block.alternative or " ".join(of_scene(scene) for scene in scenes if scene)


def of_scene(scene: Scene) -> str:
    """What is said for a figure: its author's words, else the labels in it."""
    labels = (ink for ink in scene.ink if isinstance(ink, Label))
    return scene.alternative or ", ".join(
        "".join(piece.text for piece in pieces(label.box)) for label in labels
    )


def of_field(block: Block, frame: Mark, language: str) -> str:
    """What is said for an answer box: what is written in it, from its frame to the next one."""
    rest = block.marks[block.marks.index(frame) + 1 :]
    end = next((i for i, m in enumerate(rest) if isinstance(m.ink, Frame)), len(rest))
    return _said(rest[:end], language) or block.alternative or _ANSWER.get(language, _ANSWER["en"])


def scene_of(mark: Mark) -> Scene | None:
    """The figure that a mark draws."""
    ink = mark.ink.scene if isinstance(mark.ink, Zoomed) else mark.ink
    return ink if isinstance(ink, Scene) else None


def is_silent(mark: Mark) -> bool:
    """Whether a mark is nothing but frames and rules."""
    return not scene_of(mark) and not any(piece.show for piece in _pieces_of(mark))


def _said(marks: tuple[Mark, ...], language: str) -> str:
    found = (piece for mark in marks for piece in _pieces_of(mark))
    return " ".join(_read(piece, language) for piece in found).strip()


def _pieces_of(mark: Mark) -> tuple[Piece, ...]:
    """The words and formulas of a mark; none where it is no type."""
    ink = mark.ink.box if isinstance(mark.ink, Grey) else mark.ink
    return pieces(ink) if isinstance(ink, Box) else ()


def _read(piece: Piece, language: str) -> str:
    return speech(piece.tex, language) if piece.tex else piece.text
