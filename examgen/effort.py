"""How much work a variant asks, and what all variants of a question have in common of it.

The usual work is that of most acceptable draws, scattered over the whole space: it is decided by
the template alone. Draws that ask more or less are not acceptable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import get_args

import numpy as np

from examgen.counting import COUNTERS, Counts, Sheet
from examgen.draws import Draw, placed
from examgen.grids import Grid, Indices
from examgen.nodes import Array, Truths
from examgen.permutation import Words
from examgen.sampling import scattered
from examgen.space import Space
from examgen.template import Template
from examgen.template_file import Component
from examgen.variant import Reckoner, Variants

COMPONENTS: tuple[Component, ...] = get_args(Component)
USUAL = 1024
"""Acceptable draws that tell how much work a template usually asks."""
_CHUNK = 4096


def efforts(variants: Variants) -> dict[str, Array]:
    """The work that each variant asks, (variants,) integers for every component.

    paths: ways from the loss back to what derivatives are asked by, along which no local slope is
    zero. products, sums: those with no operand that makes them no work (0, or 1 and -1 as factors).
    negatives: negative numbers, given or computed. digits: significant digits written, at the
    decimals asked. transcendentals: values of exp, log, sqrt, sigmoid, tanh, softplus, and powers
    that are not whole. trivial: results that are 0, 1 or -1.

    >>> from examgen.bank import find_template
    >>> from examgen.variant import fixed_variant
    >>> template = find_template("mlp-2-2-2")
    >>> one = fixed_variant(template, template.file.instances[0].given)
    >>> {component: int(count[0]) for component, count in efforts(one).items()}
    {'paths': 8, 'products': 5, 'sums': 9, 'negatives': 12, 'digits': 38, 'transcendentals': 0,
     'trivial': 3}
    """
    counts = work(variants.template, variants.draw.grids).count(variants.draw)
    return {str(name): column for name, column in counts.items()}


# --- counting ------------------------------------------------------------------------------------


class Work:
    """What the key of a template asks to be done, ready to be counted for draws from some grids."""

    def __init__(
        self,
        template: Template,
        grids: Mapping[str, Grid],
        components: Iterable[Component] = COMPONENTS,
    ) -> None:
        sheet = Sheet(template, grids)
        self._counters = {name: COUNTERS[name](sheet) for name in components}
        nodes = dict.fromkeys(n for counter in self._counters.values() for n in counter.nodes)
        row = {node: number for number, node in enumerate(nodes)}
        self._rows = {
            name: np.array([row[node] for node in counter.nodes], int)
            for name, counter in self._counters.items()
        }
        self._reckoner = Reckoner(list(nodes), grids)

    def count(self, draw: Draw) -> dict[Component, Counts]:
        """The components for some draws, (variants,) each."""
        found = {name: np.zeros(len(draw), np.int64) for name in self._counters}
        for start in range(0, len(draw), _CHUNK):
            block = slice(start, start + _CHUNK)
            values = self._reckoner.floats(draw.part(block))
            for name, counter in self._counters.items():
                found[name][block] = counter.count(values[self._rows[name]])
        return found


def work(template: Template, grids: Mapping[str, Grid]) -> Work:
    """The work of a template; compiled once for its own grids."""
    if grids is template.space.grids:
        return template.space.once(_whole_work, template)
    return Work(template, grids)


def _whole_work(template: Template) -> Work:
    return Work(template, template.space.grids)


# --- what variants have in common ----------------------------------------------------------------


@dataclass(frozen=True)
class Limit:
    """A component is to lie between two numbers, both included."""

    component: Component
    least: int
    most: int

    @property
    def text(self) -> str:
        """The condition as an author would say it."""
        if self.least == self.most:
            return f"{self.component} == {self.least}"
        return f"{self.component} within {self.least} to {self.most}"

    def holds(self, counts: Counts) -> Truths:
        """Which variants hold to it, (variants,)."""
        found: Truths = (self.least <= counts) & (counts <= self.most)
        return found


def limits(template: Template) -> list[Limit]:
    """What every variant of a template holds to, going by what its acceptable draws usually ask.

    What is to be equal is what most of them have; what is to lie within a share of the usual number
    does so about their median. Each is decided among those that hold to what was decided before, so
    that all together leave something. None where there is no acceptable draw to go by.
    """
    wanted = template.file.effort
    components = dict.fromkeys([*wanted.equal, *wanted.within])
    draw = scattered(template.space, USUAL)
    if not len(draw) or not components:
        return []
    found = Work(template, draw.grids, components).count(draw)
    decided: list[Limit] = []
    left = np.ones(len(draw), bool)
    for name in components:
        counts, share = found[name][left], wanted.within.get(name)
        equal = name in wanted.equal or share is None
        decided.append(
            _exactly(name, counts) if equal else _band(name, counts, share or Fraction(0))
        )
        left &= decided[-1].holds(found[name])
    return decided


def _exactly(component: Component, counts: Counts) -> Limit:
    """The most frequent number, of several the smallest.

    Zero only where there is no other: a question in which every path is dead asks nothing.
    """
    numbers, often = np.unique(counts[counts > 0] if counts.any() else counts, return_counts=True)
    usual = int(numbers[often.argmax()])
    return Limit(component, usual, usual)


def _band(component: Component, counts: Counts, share: Fraction) -> Limit:
    usual = int(np.median(counts))
    return Limit(component, ceil(usual * (1 - share)), floor(usual * (1 + share)))


class _EffortStage:
    """Judges whether candidates ask the usual work."""

    def __init__(self, template: Template, limits: Sequence[Limit]) -> None:
        self.space = template.space
        self.limits = limits
        self.work = Work(template, self.space.grids, {limit.component for limit in limits})

    def __call__(
        self, digits: Mapping[str, Words], left: Indices, count: int
    ) -> Iterator[tuple[str, Truths]]:
        """See `examgen.conditions.Stage`."""
        found = self.work.count(
            placed(self.space, {name: places[left] for name, places in digits.items()}, len(left))
        )
        for limit in self.limits:
            yield limit.text, limit.holds(found[limit.component])


def fair_space(template: Template) -> Space:
    """What may be drawn of a template such that every variant asks the usual work."""
    return template.space.once(_fair_space, template)


def _fair_space(template: Template) -> Space:
    found = template.space.once(limits, template)
    return template.space.narrowed(_EffortStage(template, found)) if found else template.space
