"""What the points of a class say of an exam and its items: classical test theory.

Axis 0 is the student, axis 1 the item (a question or a slot). A point that is NaN is missing: the
item was not asked of that student, or is not marked yet. What cannot be computed is NaN as well.

Sources: L. Crocker and J. Algina, Introduction to Classical and Modern Test Theory (1986), chapters
5 (difficulty, item-rest correlation), 6 and 7 (alpha, standard error of measurement).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from grader.arrays import Counts, Floats, Indices

NONE = float("nan")
SHUFFLES = 1999
FEW = 2_000
"""Up to so many students shuffles are drawn; beyond, the limit that they tend to is as good."""
_FLAT = 1e-9  # a spread that is smaller, relative to the numbers, is rounding


@dataclass(frozen=True)
class Spread:
    """Where the values of a class lie; `sd` is that of a sample (n - 1)."""

    count: int
    mean: float
    sd: float
    low: float
    lower_quartile: float
    median: float
    upper_quartile: float
    high: float


@dataclass(frozen=True)
class Item:
    """How one question or slot did.

    students: those it was asked of and marked for. difficulty: points reached of those possible.
    sd: of the points. discrimination: `point_biserial` with the rest of the exam.
    """

    students: int
    difficulty: float
    sd: float
    discrimination: float


@dataclass(frozen=True)
class Reliability:
    """Cronbach's alpha, and the standard error of measurement in points.

    if_deleted: alpha of the other items, for each item, `(items,)`.
    """

    students: int
    items: int
    alpha: float
    sem: float
    if_deleted: Floats


@dataclass(frozen=True)
class GroupEffect:
    """Whether a value differs between groups of students.

    counts, means: by group, `(groups,)`. eta_squared: the share of the variance that lies between
    groups. p: how often groups made by chance differ at least as much; `shuffles` of them were
    drawn, 0: by the chi-square limit.
    """

    counts: tuple[int, ...]
    means: tuple[float, ...]
    eta_squared: float
    p: float
    shuffles: int


def spread(values: Floats) -> Spread:
    """Mean, SD, quartiles (interpolated) and extremes of `(students,)`.

    >>> spread(np.array([1.0, 2.0, 3.0, 6.0])).median
    2.5
    """
    if not len(values):
        return Spread(0, *[NONE] * 7)
    low, lower, median, upper, high = np.quantile(values, (0, 0.25, 0.5, 0.75, 1)).tolist()
    return Spread(len(values), float(values.mean()), _sd(values), low, lower, median, upper, high)


def point_biserial(item: Floats, rest: Floats) -> float:
    """Pearson's correlation of an item with the rest of the exam; pairs with a NaN do not count.

    NaN for fewer than three students, or where one of the two does not vary.

    >>> point_biserial(np.array([0.0, 1.0, 1.0, np.nan]), np.array([2.0, 4.0, 4.0, 9.0]))
    1.0
    """
    both = ~(np.isnan(item) | np.isnan(rest))
    x, y = item[both], rest[both]
    if len(x) < 3 or _is_flat(x) or _is_flat(y):
        return NONE
    x, y = x - x.mean(), y - y.mean()
    return float(np.clip(x @ y / math.sqrt((x @ x) * (y @ y)), -1, 1).round(12))


def item_statistics(points: Floats, possible: Floats) -> tuple[Item, ...]:
    """The statistics of every item, from `(students, items)` points (NaN: missing) each."""
    filled = np.nan_to_num(points)
    total = filled.sum(axis=1)
    return tuple(
        _item(points[:, i], possible[:, i], total - filled[:, i]) for i in range(points.shape[1])
    )


def reliability(points: Floats) -> Reliability:
    """Alpha, SEM and alpha-if-deleted of items that all students have, `(students, items)`.

    alpha = k/(k-1) (1 - sum of item variances / variance of the total); SEM = SD sqrt(1 - alpha).

    >>> float(reliability(np.array([[1.0, 1.0], [2.0, 2.0], [4.0, 4.0]])).alpha)
    1.0
    """
    students, items = points.shape
    total = points.sum(axis=1)
    within = points.var(axis=0, ddof=1) if students > 1 else np.full(items, NONE)
    alpha = _alpha(items, float(within.sum()), total)
    if_deleted = [
        _alpha(items - 1, float(within.sum() - within[i]), total - points[:, i])
        for i in range(items)
    ]
    sem = NONE if math.isnan(alpha) else _sd(total) * math.sqrt(max(0.0, 1 - alpha))
    return Reliability(students, items, alpha, sem, np.array(if_deleted))


def group_effect(
    values: Floats, groups: Indices, count: int, rng: np.random.Generator
) -> GroupEffect:
    """Compare `values` between groups 0 .. count - 1, `(students,)` each, by a permutation test.

    The test is that of the F ratio (E. Edgington and P. Onghena, Randomization Tests, 4th ed.,
    chapter 4). All is NaN where there are fewer than two groups with students, or nothing varies.
    """
    counts = np.bincount(groups, minlength=count)
    sums = np.bincount(groups, values, minlength=count)
    means = np.divide(sums, counts, out=np.full(count, NONE), where=counts > 0)
    shown = tuple(counts.tolist()), tuple(means.tolist())
    degrees = int((counts > 0).sum()) - 1
    if degrees < 1 or len(values) <= degrees + 1 or _is_flat(values):
        return GroupEffect(*shown, NONE, NONE, 0)
    centred = values - values.mean()
    eta_squared = float(_between(centred[None], groups, counts)[0] / (centred @ centred))
    shuffles = SHUFFLES if len(values) <= FEW else 0
    p = _p_by_shuffles if shuffles else _p_by_limit
    return GroupEffect(*shown, eta_squared, p(centred, groups, counts, rng), shuffles)


def chi_square_tail(value: float, degrees: int) -> float:
    """How often a chi-square variable is at least `value` (Abramowitz and Stegun, 26.4.4 and 5).

    >>> round(chi_square_tail(3.841459, 1), 6), round(chi_square_tail(5.991465, 2), 6)
    (0.05, 0.05)
    """
    half = value / 2
    odd = degrees % 2
    tail = math.erfc(math.sqrt(half)) if odd else 0.0
    powers = (i + odd / 2 for i in range((degrees - odd) // 2))
    return tail + sum(
        math.exp(s * math.log(half) - half - math.lgamma(s + 1)) if half else float(s == 0)
        for s in powers
    )


def _item(points: Floats, possible: Floats, rest: Floats) -> Item:
    there = ~np.isnan(points)
    most = possible[there].sum()
    return Item(
        students=int(there.sum()),
        difficulty=float(points[there].sum() / most) if most > 0 else NONE,
        sd=_sd(points[there]),
        discrimination=point_biserial(points, rest),
    )


def _alpha(items: int, within: float, total: Floats) -> float:
    """Alpha from the sum of the item variances and the totals of these items."""
    if items < 2 or len(total) < 2 or _is_flat(total):
        return NONE
    return float(items / (items - 1) * (1 - within / total.var(ddof=1)))


def _p_by_shuffles(
    centred: Floats, groups: Indices, counts: Counts, rng: np.random.Generator
) -> float:
    observed = _between(centred[None], groups, counts)[0]
    shuffled = rng.permuted(np.broadcast_to(centred, (SHUFFLES, len(centred))), axis=1)
    reached = _between(shuffled, groups, counts) >= observed * (1 - _FLAT)
    return float((1 + reached.sum()) / (1 + SHUFFLES))


def _p_by_limit(centred: Floats, groups: Indices, counts: Counts, _: np.random.Generator) -> float:
    between = _between(centred[None], groups, counts)[0]
    return chi_square_tail(between / centred.var(ddof=1), int((counts > 0).sum()) - 1)


def _between(centred: Floats, groups: Indices, counts: Counts) -> Floats:  # (shuffles,)
    """The sum of squares between groups of each row of `(shuffles, students)`."""
    membership = (groups[:, None] == np.flatnonzero(counts)).astype(np.float64)
    sums: Floats = centred @ membership  # (shuffles, groups)
    between: Floats = (sums**2 / counts[counts > 0]).sum(axis=1)
    return between


def _sd(values: Floats) -> float:
    return float(values.std(ddof=1)) if len(values) > 1 else NONE


def _is_flat(values: Floats) -> bool:
    return bool(np.ptp(values) <= _FLAT * max(1.0, float(np.abs(values).max())))
