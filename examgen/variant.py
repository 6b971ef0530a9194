"""Variants of a template: drawn givens and the value of every quantity, exact where it can be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from examgen.errors import ExamgenError
from examgen.exact import bound, rescaled
from examgen.graph import record
from examgen.nodes import Array, Node
from examgen.notation import decimal
from examgen.sampling import Draw
from examgen.slots import Slot
from examgen.space import Grid, array_of
from examgen.template import Template


@dataclass(frozen=True)
class Column:
    """One quantity over all variants: integers over a denominator where exact, else float64."""

    values: Array  # (variants,)
    denominator: int | None

    def floats(self) -> Array:
        """The values as float64, each the nearest to the exact one."""
        if self.denominator is None:
            return self.values
        if self.values.dtype == object:
            return np.array([int(value) / self.denominator for value in self.values])
        return np.asarray(self.values / np.float64(self.denominator), dtype=np.float64)

    def at(self, variant: int) -> Fraction | float:
        """The value of one variant: a Fraction where it is exact."""
        if self.denominator is None:
            return float(self.values[variant])
        return Fraction(int(self.values[variant]), self.denominator)


def columns(nodes: Sequence[Node], draw: Draw) -> list[Column]:
    """The value of every node for every drawn variant."""
    grids = draw.grids
    largest = {name: max(map(abs, grid.numerators)) for name, grid in grids.items()}
    denominators = {name: grid.denominator for name, grid in grids.items()}
    scaled = rescaled(nodes, denominators, largest)
    exact = [s for node in nodes if (s := scaled[node]) is not None]
    carrier = bound([s.numerator for s in exact], largest).carrier
    integers = {
        name: array_of(grid.numerators, carrier)[draw.places[name]] for name, grid in grids.items()
    }
    whole = iter(_evaluated([s.numerator for s in exact], integers, len(draw)))
    rough = [node for node in nodes if scaled[node] is None]
    real = iter(_evaluated(rough, draw.floats(), len(draw)))
    result = []
    for node in nodes:
        quotient = scaled[node]
        result.append(
            Column(next(real), None)
            if quotient is None
            else Column(next(whole), quotient.denominator)
        )
    return result


def _evaluated(nodes: Sequence[Node], givens: Mapping[str, Array], size: int) -> list[Array]:
    """The nodes' values; those on constants alone are repeated for all variants."""
    return [np.broadcast_to(values, size) for values in record(nodes)(givens)]


def _decimals(column: Column, places: int) -> list[str]:
    """Every value of a column as a decimal; each distinct one is written once."""
    distinct, where = np.unique(column.values, return_inverse=True)
    written = Column(distinct, column.denominator)
    texts = [decimal(Fraction(written.at(n)), places) for n in range(len(distinct))]
    return [texts[n] for n in where]


@dataclass(frozen=True)
class Variants:
    """Some drawn variants of a template, in the order in which they were asked for."""

    template: Template
    draw: Draw

    @cached_property
    def _answers(self) -> dict[str, Column]:
        slots = [slot for slot in self.template.slots if slot.kind == "number"]
        found = columns([self.template.node(slot) for slot in slots], self.draw)
        return {slot.id: column for slot, column in zip(slots, found, strict=True)}

    def expected(self, slot: Slot) -> Array:
        """The right answers, float64 of shape (variants,). Raises ExamgenError if not finite."""
        values = self._answers[slot.id].floats()
        if not np.isfinite(values).all():
            raise ExamgenError(
                f"{self.template.id}: {slot.quantity} is not finite for some variants; "
                "add a condition that keeps it in bounds"
            )
        return values

    def printed(self, slot: Slot, variant: int) -> str:
        """The right answer as a student would write it, rounded half up to the decimals asked."""
        return self._printed[slot.id][variant]

    @cached_property
    def _printed(self) -> dict[str, list[str]]:
        return {
            slot.id: _decimals(self._answers[slot.id], slot.decimals)
            for slot in self.template.slots
            if slot.kind == "number"
        }

    @cached_property
    def _quantities(self) -> dict[str, Column]:
        nodes = self.template.quantities.nodes
        return dict(zip(nodes, columns(list(nodes.values()), self.draw), strict=True))

    def quantities(self, variant: int) -> dict[str, Fraction | float]:
        """Every quantity of one variant by name: exact where it can be."""
        return {name: column.at(variant) for name, column in self._quantities.items()}


def is_finite(value: Fraction | float) -> bool:
    """Whether a quantity has a value: numbers of one's own may lead out of an op's domain."""
    return isinstance(value, Fraction) or math.isfinite(value)


def draw_variants(
    template: Template, seed: int, numbers: Sequence[int] | NDArray[np.int64], use: int = 0
) -> Variants:
    """The variants with these numbers. Raises ExamgenError where the template cannot give them."""
    return Variants(template, template.sampler(seed, use).draw(numbers))


def fixed_variant(
    template: Template,
    givens: Mapping[str, Fraction],
    others: Mapping[str, Fraction] | None = None,
) -> Variants:
    """The one variant with the given numbers, be they on the grids or not.

    others: numbers for what is not given; by default the first value of each grid. Raises
    ExamgenError for a name that is no given.
    """
    unknown = [name for name in givens if name not in template.grids]
    if unknown:
        known = ", ".join(template.grids)
        raise ExamgenError(f"'{unknown[0]}' is no given of {template.id}; expected {known}")
    first = {name: grid.values[0] for name, grid in template.grids.items()}
    chosen = {**first, **(others or {}), **givens}
    grids = {name: Grid((Fraction(value),)) for name, value in chosen.items()}
    places = {name: np.zeros(1, np.int32) for name in grids}
    return Variants(template, Draw(grids, places, None))
