"""Equal work: how far the effort that variants ask for spreads, and whether it keeps its bounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from examgen.check.findings import Finding, judged
from examgen.check.sample import Sample
from examgen.check.wording import listed, percent, short
from examgen.effort import Limit, efforts, limits
from examgen.nodes import Array
from examgen.template import Template
from examgen.template_file import Effort

_Limits = tuple[float, float] | None


@dataclass(frozen=True)
class Spread:
    """One component of the effort over all variants and structures.

    limits: what the template holds it to, the least and the most; None where it says nothing.
    outside: the share of variants beyond what their own structure is held to. apart: structures
    whose usual number is not what the others may have. needed: how far, as a share of the usual
    number, variants and structures lie from it.
    """

    component: str
    least: float
    median: float
    most: float
    limits: tuple[float, float] | None
    outside: float
    apart: tuple[str, ...]
    needed: float
    counts: tuple[int, ...]

    @property
    def fails(self) -> bool:
        """Whether variants ask unequal work."""
        return self.outside > 0 or bool(self.apart)

    def __str__(self) -> str:
        if self.least == self.most:
            return f"{self.component} {short(self.least)}"
        return f"{self.component} {short(self.least)} to {short(self.most)}"


def spreads(samples: Sequence[Sample]) -> tuple[Spread, ...]:
    """Every component over all variants; structures weigh what their variants weigh."""
    held: list[dict[str, tuple[float, float]]] = [
        {limit.component: (limit.least, limit.most) for limit in _limits_of(sample.template)}
        for sample in samples
    ]
    found = [efforts(sample.variants) for sample in samples]
    return tuple(
        _spread(name, [one[name] for one in found], [one.get(name) for one in held], samples)
        for name in found[0]
    )


def _limits_of(template: Template) -> list[Limit]:
    """What drawing held a structure to."""
    return template.space.once(limits, template)


def _spread(
    component: str, counts: Sequence[Array], held: Sequence[_Limits], samples: Sequence[Sample]
) -> Spread:
    """One component: its counts and what it is held to, by structure."""
    whole = np.concatenate(counts)
    least, median, most = np.quantile(whole, [0, 0.5, 1]).tolist()
    band = _band(component, median, samples[0].template.file.effort)
    outside = sum(
        int(np.count_nonzero((own < low[0]) | (own > low[1])))
        for own, low in zip(counts, held, strict=True)
        if low is not None
    )
    return Spread(
        component=component,
        least=least,
        median=median,
        most=most,
        limits=_common(held),
        outside=outside / len(whole),
        apart=tuple(_apart(counts, band, samples)) if band else (),
        needed=_needed(counts, median, outside > 0),
        counts=tuple(np.histogram(whole, 16)[0].tolist()),
    )


def _band(component: str, usual: float, bounds: Effort) -> _Limits:
    """What the usual number of a structure may be, where that of all variants is given."""
    if component in bounds.equal:
        return usual, usual
    shares = {str(name): float(share) for name, share in bounds.within.items()}
    if component not in shares:
        return None
    return usual * (1 - shares[component]), usual * (1 + shares[component])


def _needed(counts: Sequence[Array], usual: float, every: bool) -> float:
    """The largest distance from the usual number, of the structures' own or of every variant."""
    found = np.concatenate([own if every else [np.median(own)] for own in counts])
    return float(np.max(np.abs(found - usual)) / usual) if usual else 1.0


def _apart(
    counts: Sequence[Array], band: tuple[float, float], samples: Sequence[Sample]
) -> Iterator[str]:
    for own, sample in zip(counts, samples, strict=True):
        usual = float(np.median(own))
        if not band[0] <= usual <= band[1]:
            yield f"{sample.template.name} has {short(usual)}"


def _common(held: Sequence[_Limits]) -> _Limits:
    """From the least to the most that any structure allows."""
    known = [limit for limit in held if limit is not None]
    if not known:
        return None
    return min(low for low, _ in known), max(high for _, high in known)


def work_findings(found: Sequence[Spread], bounds: Effort) -> Iterator[Finding]:
    """Whether every component that the template bounds keeps its limits; bounds: these."""
    bounded = [spread for spread in found if spread.limits is not None]
    if bounded:
        yield judged(
            "effort",
            any(spread.fails for spread in bounded),
            "; ".join(map(str, bounded)),
            "; ".join(text for spread in bounded for text in _reasons(spread, bounds)),
            "draw from values that ask the same work, or write in the template: "
            + loosened(bounds, [spread for spread in bounded if spread.fails]),
        )


def _reasons(spread: Spread, bounds: Effort) -> Iterator[str]:
    """What is wrong with one component, with the rule that it breaks."""
    rule = f"'{_rule(spread.component, bounds)}' does not hold"
    if spread.outside:
        low, high = spread.limits or (spread.least, spread.most)
        allowed = f"{short(low)} to {short(high)}" if low < high else f"{short(low)} for all"
        yield f"{rule}: {percent(spread.outside)} of the variants outside of {allowed}"
    if spread.apart:
        usual = f"usually {short(spread.median)}"
        yield f"{rule} for all structures: {usual}, but {listed(spread.apart, 3)}"


def _rule(component: str, bounds: Effort) -> str:
    shares = {str(name): share for name, share in bounds.within.items()}
    if component in bounds.equal:
        return f"equal: [{component}]"
    return f"within: {{{component}: {short(float(shares[component]))}}}"


def loosened(bounds: Effort, broken: Sequence[Spread]) -> str:
    """The line of a template that bounds the work as before, but what is broken by no more than
    holds.
    """
    needed = {spread.component: min(1.0, ceil(10 * spread.needed) / 10) for spread in broken}
    equal = ", ".join(name for name in bounds.equal if name not in needed)
    shares = {str(name): float(share) for name, share in bounds.within.items()} | needed
    within = ", ".join(f"{name}: {short(share)}" for name, share in shares.items())
    return f"effort: {{equal: [{equal}], within: {{{within}}}}}"


def work_line(found: Sequence[Spread]) -> str:
    """The spread of all components that the template bounds, in a few words."""
    return ", ".join(str(spread) for spread in found if spread.limits is not None)
