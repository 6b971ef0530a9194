"""Formulas and prose on a screen of any width: where their lines may end."""

from __future__ import annotations

import re

from markupsafe import Markup

from examgen.render.worked import formula_of
from examgen.typeset.mathml import breakable, escaped, links, mathml
from examgen.typeset.prose import Piece, pieces
from examgen.typeset.speech import speech

WIDE = 18  # characters that any phone shows beside each other
WORDED = 10  # characters that a box for a number has room for, and some to write in
_TIED = re.compile(r"([(\[„]?)<math>.*?</math>([.,;:!?)\]]*)")
_ELEMENT = re.compile(r"<[^>]*>|&[^;]*(?=;)")


def prose(text: str) -> Markup:
    """Prose with mathematics between dollar signs; long formulas may be broken at relations.

    Raises:
        ExamgenError: as `examgen.typeset.prose.pieces` does.
    """
    return Markup(_TIED.sub(_tied, "".join(map(_piece, pieces(text)))))


def _piece(piece: Piece) -> str:
    if not piece.math:
        return escaped(piece.text)
    whole = mathml(piece.text)
    return " ".join(links(piece.text, display=False)) if _letters(whole) > WIDE else whole


def _tied(found: re.Match[str]) -> str:
    """No line ends between a formula and the comma after it, as browsers would have it."""
    return f'<span class="tied">{found[0]}</span>' if found[1] or found[2] else found[0]


def chain(tex: str) -> tuple[Markup, Markup]:
    """A displayed formula cut before its first relation; one without a relation has no left side.

    Raises:
        ExamgenError: as `parse` does.
    """
    first, *others = links(tex)
    return (Markup(first), Markup(" ".join(others))) if others else (Markup(), Markup(first))


def named(tex: str, language: str) -> Markup:
    """A formula alone in the head of a row, with words for those who are read no MathML.

    Raises:
        ExamgenError: as `parse` does.
    """
    said = escaped(speech(tex, language))
    return Markup(breakable(tex).replace("<math", f'<math aria-label="{said}"', 1))


def expected(text: str) -> Markup:
    """The expected answer: a formula that may be broken, or prose."""
    formula = formula_of(text)
    return prose(text) if formula is None else Markup(breakable(formula))


def is_wide(formulas: tuple[str, ...]) -> bool:
    """Whether any of the formulas may have a part that is wider than a phone, to be scrolled."""
    parts = (part for tex in formulas for part in breakable(tex).split("</math> "))
    return any(_letters(part) > WIDE for part in parts)


def is_worded(label: str) -> bool:
    """Whether the label of an answer box is too wide for a box beside another on a phone."""
    return _letters(mathml(label)) > WORDED


def room(pairs: tuple[tuple[str, str], ...]) -> str:
    """How wide the columns of a table of givens are, by its longest cell."""
    longest = max((_letters(mathml(tex)) for pair in pairs for tex in pair), default=0)
    return "" if longest <= 5 else "long" if longest <= 9 else "longest"


def _letters(markup: str) -> int:
    return len(_ELEMENT.sub("", markup))
