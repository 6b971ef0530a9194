"""How pleasant the numbers of a variant are to work with by hand: few, plain and all different."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from examgen.counting import Sheet, digits, is_trivial
from examgen.draws import Draw
from examgen.grids import Grid
from examgen.nodes import Array
from examgen.template import Template
from examgen.variant import Reckoner

WELL_OFF = 0.25
"""A pre-activation so far from its kink is on the same side after any slip of rounding."""
_NEARLY = 1e-9
_CHUNK = 4096


class Friendliness:
    """Judges the numbers of a template's variants, for draws from some grids."""

    def __init__(self, template: Template, grids: Mapping[str, Grid]) -> None:
        sheet = Sheet(template, grids)
        drawn = [node for node in sheet.givens if len(template.grids[node.name or ""].values) > 1]
        kinks = dict.fromkeys(k for node in sheet.cone for k in node.op.kinks(*node.args))
        self._written = slice(len(drawn), len(drawn) + len(sheet.written))
        self._decimals = np.array([sheet.decimals(n) for n in [*drawn, *sheet.written]], int)
        varying = [kink for kink in kinks if kink.value is None]
        self._reckoner = Reckoner([*drawn, *sheet.written, *varying], grids)

    def __call__(self, draw: Draw) -> Array:
        """A share between 0 and 1 for each variant, (variants,): the mean of five.

        How few digits the numbers have; how many results are neither 0, 1 nor 2 up to their sign,
        which hide what was done with them; how many numbers differ from all others given, or
        computed; how many pre-activations lie well off their kink; how many results terminate at
        the decimals asked.
        """
        found = np.ones(len(draw))
        for start in range(0, len(draw), _CHUNK):
            block = slice(start, start + _CHUNK)
            found[block] = self._judged(self._reckoner.floats(draw.part(block)))
        return found

    def _judged(self, values: Array) -> Array:
        numbers, results = values[: self._written.stop], values[self._written]
        givens, kinks = values[: self._written.start], values[self._written.stop :]
        short = len(numbers) / np.maximum(digits(numbers, self._decimals).sum(axis=0), 1)
        repeated = _repeated(givens) + _repeated(results)
        shares = [
            np.asarray(short),
            _share(~(is_trivial(results) | (np.abs(results) == 2))),
            1 - repeated / max(len(numbers), 1),
            _share(np.abs(kinks) >= WELL_OFF),
            _share(_terminates(results, self._decimals[self._written])),
        ]
        return np.asarray(sum(shares) / len(shares))


def _share(truths: Array) -> Array:
    """The share of rows that hold, (variants,); 1 where there are none."""
    if not len(truths):
        return np.ones(truths.shape[1])
    return np.asarray(np.count_nonzero(truths, axis=0) / len(truths))


def _repeated(values: Array) -> Array:
    """How many numbers equal one before, up to their sign, (variants,)."""
    rows = np.ascontiguousarray(np.abs(values).T)
    rows.sort(axis=1)
    return np.asarray(np.count_nonzero(rows[:, 1:] == rows[:, :-1], axis=1))


def _terminates(values: Array, decimals: Array) -> Array:
    """Which results can be written with their decimals, (results, variants)."""
    scaled = values * 10.0 ** decimals[:, None]
    with np.errstate(invalid="ignore"):
        return np.asarray(
            np.abs(scaled - np.rint(scaled)) <= _NEARLY * np.maximum(1, np.abs(scaled))
        )
