"""The printed working of a question with a mistake in it: every line from the lines above it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from examgen.graph import evaluate, exactly
from examgen.nodes import Node
from examgen.notation import decimal
from examgen.solution import chain
from examgen.variant import Variants

_PLACES = 9
"""Of the numbers put in: lines above have no more decimals than a template may ask."""


def working(variants: Variants, variant: int) -> tuple[str, ...]:
    """The lines in TeX, `quantity = formula = numbers = value`; none where nothing is planted.

    Each is computed from the values of the lines above as they are printed.
    """
    template = variants.template
    if template.planted is None:
        return ()
    symbols, decimals = template.quantities.symbols, template.file.decimals
    values: dict[str, Fraction | float] = dict(variants.draw.exact(variant))
    lines = []
    for name, node in template.planted.lines.items():
        values[name] = _value(node, values)
        lines.append(chain(node, symbols, values, _PLACES, decimals))
        values[name] = Fraction(decimal(Fraction(values[name]), decimals))
    return tuple(lines)


def _value(node: Node, values: Mapping[str, Fraction | float]) -> Fraction | float:
    """A line's value, exact where it can be."""
    exact = exactly([node], {name: Fraction(value) for name, value in values.items()})[0]
    if exact is not None:
        return exact
    arrays = {name: np.array([float(value)]) for name, value in values.items()}
    return float(evaluate([node], arrays)[0][0])
