"""How the numbers of a question lie: every given and every right answer over all variants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from examgen.check.sample import Sample
from examgen.nodes import Array

BINS = 16


@dataclass(frozen=True)
class Distribution:
    """The values of one given or answer. counts: of the bins between the least and the most, as
    many as there are different values, or BINS of equal width."""

    name: str
    kind: Literal["given", "answer"]
    variants: int
    least: float
    lower: float
    median: float
    upper: float
    most: float
    distinct: int
    negative: float
    counts: tuple[int, ...]


def distributions(samples: Sequence[Sample]) -> tuple[Distribution, ...]:
    """Of all givens with more than one value, then of all answers, over the structures that have
    them."""
    values: dict[tuple[Literal["given", "answer"], str], list[Array]] = {}
    for sample in samples:
        for name, drawn in sample.variants.draw.floats().items():
            values.setdefault(("given", name), []).append(drawn)
    for sample in samples:
        for slot, keys in sample.keys.items():
            values.setdefault(("answer", slot), []).append(keys)
    found = (
        _distribution(name, kind, np.concatenate(parts)) for (kind, name), parts in values.items()
    )
    return tuple(one for one in found if one.kind == "answer" or one.distinct > 1)


def _distribution(name: str, kind: Literal["given", "answer"], values: Array) -> Distribution:
    least, lower, median, upper, most = np.quantile(values, [0, 0.25, 0.5, 0.75, 1]).tolist()
    distinct = np.unique(_written(values))
    return Distribution(
        name=name,
        kind=kind,
        variants=len(values),
        least=least,
        lower=lower,
        median=median,
        upper=upper,
        most=most,
        distinct=len(distinct),
        negative=float(np.mean(values < 0)),
        counts=tuple(_counts(values, distinct)),
    )


def _written(values: Array) -> Array:
    """The values to ten digits: equal numbers may differ in their last bits."""
    if not values.any():
        return values
    scale = 10.0 ** (10 - np.ceil(np.log10(np.max(np.abs(values)))))
    result: Array = np.round(values * scale) / scale
    return result


def _counts(values: Array, distinct: Array) -> Iterator[int]:
    """A bar for each value where they are few and evenly spaced, else for equal bins."""
    if len(distinct) < 2:
        return iter([len(values)])
    step = np.diff(distinct).min()
    places = round(float(np.ptp(distinct) / step)) + 1
    bins = places if places <= 2 * BINS else BINS
    margin = step / 2 if places <= 2 * BINS else 0.0
    edges = np.linspace(distinct[0] - margin, distinct[-1] + margin, bins + 1)
    return iter(np.histogram(values, edges)[0].tolist())
