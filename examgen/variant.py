"""Variants of a template: drawn givens and the value of every quantity, exact where it can be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from examgen.draws import Draw
from examgen.errors import ExamgenError
from examgen.exact import bound, rescaled
from examgen.graph import record
from examgen.grids import Grid, array_of
from examgen.nodes import Array, Node
from examgen.notation import decimal
from examgen.slots import Slot
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


class Reckoner:
    """Computes some nodes for any draw from some grids: exactly where that can be done."""

    def __init__(self, nodes: Sequence[Node], grids: Mapping[str, Grid]) -> None:
        largest = {name: max(map(abs, grid.numerators)) for name, grid in grids.items()}
        denominators = {name: grid.denominator for name, grid in grids.items()}
        quotients = rescaled(nodes, denominators, largest)
        scaled = [quotients[node] for node in nodes]
        exact = [quotient for quotient in scaled if quotient is not None]
        self._denominators = [None if q is None else q.denominator for q in scaled]
        self._whole = record([quotient.numerator for quotient in exact])
        rough = [node for node, q in zip(nodes, scaled, strict=True) if q is None]
        self._real = record(rough)
        carrier = bound([quotient.numerator for quotient in exact], largest).carrier
        self._numerators = {
            name: array_of(grids[name].numerators, carrier) for name in self._whole.givens
        }

    def __call__(self, draw: Draw) -> list[Column]:
        """The value of every node for every drawn variant."""
        size = len(draw)
        integers = {
            name: numerators[draw.places[name]] for name, numerators in self._numerators.items()
        }
        whole = iter(_repeated(self._whole(integers), size))
        real = iter(_repeated(self._real(draw.floats(self._real.givens)), size))
        return [
            Column(next(real) if denominator is None else next(whole), denominator)
            for denominator in self._denominators
        ]

    def floats(self, draw: Draw) -> Array:
        """The values as float64, each the nearest, (nodes, variants)."""
        rows = [column.floats() for column in self(draw)]
        return np.array(rows, np.float64).reshape(len(rows), len(draw))


def columns(nodes: Sequence[Node], draw: Draw) -> list[Column]:
    """The value of every node for every drawn variant."""
    return Reckoner(nodes, draw.grids)(draw)


def _repeated(values: Sequence[Array], size: int) -> list[Array]:
    """What depends on constants alone is the same for all variants."""
    return [np.broadcast_to(column, size) for column in values]


def _decimals(column: Column, places: int) -> list[str]:
    """Every value of a column as a decimal; each distinct one is written once."""
    distinct, where = np.unique(column.values, return_inverse=True)
    written = Column(distinct, column.denominator)
    texts = [decimal(Fraction(written.at(n)), places) for n in range(len(distinct))]
    return [texts[n] for n in where]


@dataclass(frozen=True)
class Variants:
    """Some drawn variants of a template, in the order in which they were asked for.

    scores: how well each tells mistakes from the key and from each other, (variants,), see
    `examgen.scoring`; None where nobody chose between draws.
    """

    template: Template
    draw: Draw
    scores: Array | None = None

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
