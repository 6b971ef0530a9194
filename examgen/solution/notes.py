"""Notes for who marks by hand: the mistakes to look for in a part, and what they lead to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite

import numpy as np

from examgen.graph import Tape, record
from examgen.misconceptions import Misconception
from examgen.mistakes import mistakes_of
from examgen.notation import decimal
from examgen.slots import Slot
from examgen.solution.expected import slot_label
from examgen.solution.products import slashed
from examgen.solution.words import WORDS
from examgen.template import Template
from examgen.variant import Variants

MOST_NOTES = 5
"""Of a part: as many as a marker keeps in mind."""
_MOST_NUMBERS = 3


def notes(variants: Variants, variant: int, language: str = "en") -> dict[str, tuple[str, ...]]:
    """The mistakes that are made in each part, by its label: a sentence, and the wrong numbers.

    A mistake belongs to the first part whose numbers it changes. Of each kind one is told, and of
    several that lead to the same numbers the first. Formulas have no notes.
    """
    template = variants.template
    found = template.space.once(_mistakes, template)
    wrong = found.answers(variants, variant)
    told: dict[str, dict[str, str]] = {part.label: {} for part in template.parts}
    kinds: set[tuple[str, str]] = set()
    symbols = template.quantities.symbols
    for mistake, numbers in wrong:
        label = found.part(numbers)
        if (label, mistake.id) in kinds:
            continue
        kinds.add((label, mistake.id))
        sentence = slashed(mistake.sentence(symbols, language, tex=True))
        told[label].setdefault(_shown(template, numbers, found.parts, label), sentence)
    said = WORDS[language].leads_to
    return {label: tuple(_texts(some, said)) for label, some in told.items()}


Numbers = Mapping[str, str]
"""Wrong numbers as printed, by the id of the slot."""


def _texts(some: Mapping[str, str], said: str) -> Iterator[str]:
    for shown, sentence in list(some.items())[:MOST_NOTES]:
        yield f"{_stopped(sentence)} {_stopped(said.format(numbers=shown))}"


def _stopped(text: str) -> str:
    """A sentence with a full stop, which an ellipsis at its end is already."""
    return text if text.endswith((".", "…")) else f"{text}."


def _shown(template: Template, numbers: Numbers, parts: Mapping[str, str], label: str) -> str:
    """The wrong numbers of a part."""
    slots = [s for s in template.slots if s.id in numbers and parts[s.id] == label]
    shown = [
        f"${slashed(slot_label(template, s))} = {numbers[s.id]}$" for s in slots[:_MOST_NUMBERS]
    ]
    return ", ".join([*shown, *["…"] * (len(slots) > _MOST_NUMBERS)])


@dataclass(frozen=True)
class _Mistakes:
    """What the mistakes of a template make of its numbers.

    rows: a mistake, and a slot that it changes, for each output of the tape. parts: the label of
    the part of each slot.
    """

    rows: tuple[tuple[Misconception, Slot], ...]
    tape: Tape
    parts: Mapping[str, str]

    def answers(self, variants: Variants, variant: int) -> Iterator[tuple[Misconception, Numbers]]:
        """Each mistake that shows in a variant, with the wrong numbers in paper order."""
        one = variants.draw.part(np.array([variant]))
        with np.errstate(all="ignore"):
            values = self.tape(one.floats(self.tape.givens))
        found: dict[Misconception, dict[str, str]] = {}
        for (mistake, slot), column in zip(self.rows, values, strict=True):
            value = float(np.broadcast_to(column, 1)[0])
            shown = decimal(Fraction(value), slot.decimals) if isfinite(value) else ""
            if shown and shown != variants.printed(slot, variant):
                found.setdefault(mistake, {})[slot.id] = shown
        yield from found.items()

    def part(self, numbers: Numbers) -> str:
        """The first part with a wrong number."""
        return self.parts[next(iter(numbers))]


def _mistakes(template: Template) -> _Mistakes:
    quantities = template.quantities
    slots = [slot for slot in template.slots if slot.kind == "number"]
    keys = [(slot, quantities.name(slot.quantity)) for slot in slots]
    rows = [
        (one, slot, one.nodes[name])
        for one in mistakes_of(template)
        for slot, name in keys
        if one.nodes[name] is not quantities.nodes[name]
    ]
    return _Mistakes(
        tuple((one, slot) for one, slot, _ in rows),
        record([node for _, _, node in rows]),
        {slot.id: part.label for part in template.parts for slot in part.slots},
    )
