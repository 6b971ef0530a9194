"""The boxes that answers are written into, and how precise the numbers in them have to be."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from examgen.planted import RIGHT_VALUE, WRONG_LINE
from examgen.sheet import AnswerSlot
from examgen.slots import Slot
from examgen.solution import expected_formula, slot_label
from examgen.template import Template

_SHORT = 60  # characters of a formula that is written on one line

# n and v_n stand in no equation of the question that would say what they are.
_IN_WORDS = {
    WRONG_LINE: {"en": "number of the line", "de": "Nummer der Zeile"},
    RIGHT_VALUE: {"en": "right value", "de": "richtiger Wert"},
}

_DECIMALS = {"en": "decimals: {n}", "de": "Nachkommastellen: {n}"}
_ROUNDING = {
    "en": "Give numbers to {n} decimals, or exactly.",
    "de": "Geben Sie Zahlen auf {n} Nachkommastellen oder exakt an.",
}


def answer_box(template: Template, slot: Slot, language: str) -> AnswerSlot:
    """The box of a slot; it says what decimals it needs where these are not the usual ones."""
    other = _has_decimals(slot) and slot.decimals != _usual_decimals(template)
    hint = _DECIMALS[language].format(n=slot.decimals) if other else ""
    label = slot_label(template, slot)
    if template.planted is not None and slot.quantity in _IN_WORDS:
        label = rf"\text{{{_IN_WORDS[slot.quantity][language]} }}{label}"
    decimals = slot.decimals if _has_decimals(slot) else None
    return AnswerSlot(slot.id, label, slot.kind, hint, decimals, _length(template, slot))


def _length(template: Template, slot: Slot) -> Literal["short", "medium", "long"]:
    """How much room a formula takes, which is the same in all variants."""
    if slot.kind == "number":
        return "short"
    letters = len(expected_formula(template, slot))
    return "short" if letters <= _SHORT else "medium" if letters <= 2 * _SHORT else "long"


def rounding(template: Template, language: str) -> list[str]:
    """How precise numbers have to be, where numbers are asked for."""
    usual = _usual_decimals(template)
    return [] if usual is None else [_ROUNDING[language].format(n=usual)]


def _usual_decimals(template: Template) -> int | None:
    """What most numbers are asked to; the others say in their boxes what they need."""
    asked = Counter(slot.decimals for slot in template.slots if _has_decimals(slot))
    return max(asked, key=asked.__getitem__, default=None)


def _has_decimals(slot: Slot) -> bool:
    """Whether a slot asks for a number that may be rounded, other than that of a line."""
    return slot.kind == "number" and slot.quantity != WRONG_LINE
