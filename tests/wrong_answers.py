"""What each mistake answers to each number, one after the other: to compare what is drawn with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from examgen.graph import record
from examgen.misconceptions import Misconception
from examgen.mistakes import mistakes_of
from examgen.nodes import Array, Truths
from examgen.slots import Slot
from examgen.variant import Variants

_SAME = 1e-9
"""Two answers are the same within this, relative to the larger of 1 and their size."""


@dataclass(frozen=True)
class WrongAnswers:
    """The answers of every mistake to the number slots of some variants.

    keys: (slots, variants). answers: (mistakes, slots, variants), the key's number where a mistake
    leaves a slot alone, NaN or infinite where it leads out of an op's domain. touched: (mistakes,
    slots), whether a mistake changes what a slot asks.
    """

    mistakes: tuple[Misconception, ...]
    slots: tuple[Slot, ...]
    keys: Array
    answers: Array
    touched: Truths

    @cached_property
    def visible(self) -> Truths:
        """Whether an answer differs from the key at all, (mistakes, slots, variants)."""
        with np.errstate(invalid="ignore"):
            sizes = np.maximum(1, np.abs(self.keys))
            off: Truths = np.abs(self.answers - self.keys) > _SAME * sizes
        return off

    def separable(self, tolerances: Mapping[str, Array]) -> Truths:
        """Whether an answer can be told from the key, (mistakes, slots, variants).

        It lies further off than the tolerance and one unit in the last decimal asked. tolerances:
        (variants,) each, by slot id.
        """
        widths = np.array([tolerances[slot.id] + 10.0**-slot.decimals for slot in self.slots])
        with np.errstate(invalid="ignore"):  # an answer that is no number is told by nothing
            off: Truths = np.abs(self.answers - self.keys) > widths
        return off & np.isfinite(self.answers)


def wrong_answers(variants: Variants) -> WrongAnswers:
    """What all mistakes of the graph answer to the number slots of some variants."""
    template = variants.template
    quantities = template.quantities
    chosen = mistakes_of(template)
    slots = tuple(slot for slot in template.slots if slot.kind == "number")
    names = [quantities.name(slot.quantity) for slot in slots]
    nodes = [[mistake.nodes[name] for name in names] for mistake in chosen]
    right = [quantities.nodes[name] for name in names]
    marks = [[a is not b for a, b in zip(row, right, strict=True)] for row in nodes]
    touched = np.array(marks, dtype=bool).reshape(len(chosen), len(slots))
    size = len(variants.draw)
    keys = np.array([variants.expected(slot) for slot in slots]).reshape(len(slots), size)
    answers = np.repeat(keys[None], len(chosen), axis=0)
    changed = [nodes[mistake][slot] for mistake, slot in np.argwhere(touched)]
    if changed:
        answers[touched] = record(changed)(variants.draw.floats())
    return WrongAnswers(chosen, slots, keys, answers, touched)
