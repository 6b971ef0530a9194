"""How far from the key an honest answer may lie: rounding, carried through the graph.

A student who rounds every named intermediate result n to the decimals asked works on a graph in
which n is n + delta_n with |delta_n| <= r_n, half a unit of the last decimal. Differentiating the
answer with respect to the deltas tells how much of that arrives: sum_n |d answer / d delta_n| r_n.
The answer itself may be rounded or cut off, so a whole unit more. Results that the decimals asked
hold exactly do not count. For an update w' = w - eta g the sum is eta
times that of g: the tolerance belongs to the step. A percentage of the weight would take a step
not made at all for one well made.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from math import gcd

import numpy as np

from examgen.graph import CHUNK, topological
from examgen.nodes import Array, Node, Truths
from examgen.perturbation import Perturbed, largest_deviation, perturbed, slopes, source
from examgen.slots import Slot
from examgen.template import Template
from examgen.variant import Column, Variants, columns

SLACK = 1.01
"""What a bound to the second order may lack."""


def tolerances(variants: Variants) -> dict[str, Array]:
    """The tolerance of every number slot for each variant, (variants,) each, by slot id.

    The author's, as it stands, where there is one. Otherwise a unit of the last decimal, so that a
    number cut off passes, and what rounding the intermediate results adds, a hundredth more;
    rounded up to two significant digits to be readable.
    """
    template = variants.template
    slots = [slot for slot in template.slots if slot.kind == "number"]
    free = [slot for slot in slots if slot.tolerance is None]
    moving = perturbed(template.node(slot) for slot in free)
    intermediate = list(moving.deviations)
    results = dict(zip(intermediate, columns(intermediate, variants.draw), strict=True))
    found = {}
    for slot in slots:
        if slot.tolerance is not None:
            found[slot.id] = np.full(len(variants.draw), float(slot.tolerance))
        else:
            found[slot.id] = widths(_arriving(variants, slot, moving, results), slot.decimals)
    return found


def widths(arriving: Array, decimals: int) -> Array:
    """Tolerances from what arrives of the rounding of intermediate results, (variants,) each.

    >>> widths(np.array([0.0, 0.000123]), 4)
    array([0.0001 , 0.00023])
    """
    return _rounded_up(10.0**-decimals + SLACK * arriving)


def _rounded_up(values: Array) -> Array:
    """The next number of two significant digits."""
    exponents = np.floor(np.log10(values)) - 1
    # A power of ten with a negative exponent is no float64; dividing by one is correctly rounded.
    down, up = 10.0 ** np.maximum(exponents, 0), 10.0 ** np.maximum(-exponents, 0)
    result: Array = np.ceil(values / down * up - 1e-9) * down / up
    return result


# --- how much arrives --------------------------------------------------------------------------


def _arriving(
    variants: Variants, slot: Slot, moving: Perturbed, results: Mapping[Node, Column]
) -> Array:
    """The largest deviation of a slot's answer before it is rounded itself, (variants,)."""
    answer = slopes(moving, source(variants.template.node(slot)))
    decimals = units(variants.template, slot)
    exact = _exact({node: results[node] for node in answer.nodes}, decimals, slot.decimals)
    halves = [0.5 * 10.0 ** -decimals.get(node, slot.decimals) for node in answer.nodes]
    size = len(variants.draw)
    found = np.zeros(size)
    givens = variants.draw.floats()
    for start in range(0, size, CHUNK):  # all deviations of all variants at once would be larger
        block = slice(start, min(start + CHUNK, size))
        radii = [
            np.where(_part(exact[node], block), 0.0, half)
            for node, half in zip(answer.nodes, halves, strict=True)
        ]
        here = {name: values[block] for name, values in givens.items()}
        found[block] = largest_deviation(answer, here, radii)
    return found


def _part(truth: Truths | None, block: slice) -> Truths:
    return np.ones(block.stop - block.start, bool) if truth is None else truth[block]


def units(template: Template, slot: Slot) -> dict[Node, int]:
    """The decimals to which results that are asked are rounded on the way to a slot's answer.

    Those that are not asked are rounded as the slot; those that are, as they are asked, but
    hardly to more decimals than the slot.
    """
    asked: dict[Node, int] = {}
    for other in template.slots:
        if other.kind == "number":
            node = source(template.node(other))
            asked[node] = min(asked.get(node, slot.decimals), other.decimals)
    return asked


# --- what needs no rounding --------------------------------------------------------------------


def _exact(
    values: Mapping[Node, Column], decimals: Mapping[Node, int], usual: int
) -> dict[Node, Truths | None]:
    """Where a result and all that it depends on can be written with its decimals, (variants,).

    values: the intermediate results. decimals: those of some of them; `usual`: of the others. None
    stands for everywhere. Decided in integers; what only float64 could compute never is.
    """
    written: dict[Node, Truths | None] = {}
    for node in topological(values):
        known = [truth for arg in node.args if (truth := written[arg]) is not None]
        if node in values:
            known.append(_terminates(values[node], decimals.get(node, usual)))
        written[node] = reduce(np.logical_and, known) if known else None
    return written


def _terminates(column: Column, decimals: int) -> Truths:
    """Where a quantity can be written with so many decimals, (variants,)."""
    if column.denominator is None:
        return np.zeros(len(column.values), bool)
    modulus = column.denominator // gcd(column.denominator, 10**decimals)
    if column.values.dtype != object and modulus >= 2**53:  # larger than any numerator, or no int64
        return np.asarray(column.values == 0)
    return np.asarray(np.remainder(column.values, modulus) == 0, dtype=bool)
