"""The variants that a check looks at, and what several of its parts ask of them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil

import numpy as np

from examgen.drawing import capacity, draw_variants
from examgen.errors import ExamgenError
from examgen.nodes import Array
from examgen.slots import Slot
from examgen.template import Template
from examgen.tolerance import tolerances
from examgen.variant import Variants

LEAST = 100
"""Variants of each structure, whatever their number: fewer tell nothing."""
_LEAST_SHARED = 10


@dataclass(frozen=True)
class Sample:
    """Variants of one structure of a template. seconds: what drawing them took."""

    variants: Variants
    seconds: float = 0.0

    @property
    def template(self) -> Template:
        """The structure."""
        return self.variants.template

    def __len__(self) -> int:
        return len(self.variants.draw)

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """The number slots."""
        return tuple(slot for slot in self.template.slots if slot.kind == "number")

    @cached_property
    def keys(self) -> dict[str, Array]:
        """The right answers by slot id, (variants,) each."""
        return {slot.id: self.variants.expected(slot) for slot in self.slots}

    @cached_property
    def tolerances(self) -> dict[str, Array]:
        """How far an answer may lie, by slot id, (variants,) each."""
        return tolerances(self.variants)

    @cached_property
    def printed(self) -> dict[str, list[str]]:
        """The right answers as a student would write them, by slot id, one a variant."""
        return {
            slot.id: [self.variants.printed(slot, n) for n in range(len(self))]
            for slot in self.slots
        }


def shared(total: int, samples: Sequence[Sample]) -> int:
    """How many variants of each structure are looked at where so many in all are enough."""
    return max(_LEAST_SHARED, ceil(total / len(samples)))


def draw_sample(templates: Sequence[Template], count: int, seed: int) -> tuple[Sample, ...]:
    """About `count` variants of a question, shared among its structures.

    Raises ExamgenError where nothing can be drawn, naming the structure.
    """
    each = max(LEAST, ceil(count / len(templates))) if len(templates) > 1 else count
    return tuple(_drawn(template, each, seed) for template in templates)


def _drawn(template: Template, count: int, seed: int) -> Sample:
    start = time.perf_counter()
    try:
        with np.errstate(all="ignore"):  # answers that are no numbers are a finding, not a warning
            variants = draw_variants(template, seed, range(max(1, min(count, capacity(template)))))
    except ExamgenError as error:
        raise ExamgenError(f"{template.name}: {error}") from None
    return Sample(variants, time.perf_counter() - start)
