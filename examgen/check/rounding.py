"""Honest students who round on the way: none of their answers may be refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from examgen.check.findings import Finding, graded, judged
from examgen.check.sample import Sample
from examgen.check.wording import listed, percent, plural, short
from examgen.nodes import Array
from examgen.rounders import honest

STRATEGIES = {
    "rounds only the answer": 0.0,
    "rounds one result in three": 1 / 3,
    "rounds most results": 0.7,
    "rounds every result": 1.0,
}
"""How often each rounds a named intermediate result to the decimals asked."""
LARGE = 0.1
"""A tolerance of more than this share of the usual answer says little about an answer."""


@dataclass(frozen=True)
class Refusal:
    """Honest answers to a slot that lie outside of the tolerance."""

    structure: str
    slot: str
    strategy: str
    share: float
    excess: float
    """The largest distance from the key, in tolerances."""


def refusals(samples: Sequence[Sample], seed: int) -> tuple[Refusal, ...]:
    """What honest rounding is refused for; one student of every strategy a variant."""
    return tuple(found for sample in samples for found in _refused(sample, seed))


def _refused(sample: Sample, seed: int) -> Iterator[Refusal]:
    givens = sample.variants.draw.floats()
    for number, (strategy, share) in enumerate(STRATEGIES.items()):
        rng = np.random.default_rng([seed, number])
        for slot, answers in honest(sample.template, givens, rng, share=share).items():
            off = np.abs(answers - sample.keys[slot])
            outside = ~(off <= edge(sample.tolerances[slot], sample.keys[slot]))
            if outside.any():
                excess = float(np.nanmax(off / sample.tolerances[slot], initial=0.0))
                yield Refusal(sample.template.name, slot, strategy, float(outside.mean()), excess)


def edge(tolerances: Array, keys: Array) -> Array:
    """How far an answer may lie, with what the floating point may add: the edge is inside."""
    result: Array = tolerances * (1 + 1e-9) + 1e-12 * np.abs(keys)
    return result


def rounding_finding(samples: Sequence[Sample], found: Sequence[Refusal]) -> Finding:
    """Whether every honest answer is right."""
    answers = sum(len(sample) * len(sample.slots) for sample in samples) * len(STRATEGIES)
    if not found:
        return judged("rounding", False, f"{plural(answers, 'honest answer')}, none refused")
    worst = max(found, key=lambda one: one.share)
    return judged(
        "rounding",
        True,
        f"who {worst.strategy} is refused at {worst.slot} in {percent(worst.share)} of the "
        f"variants, up to {short(worst.excess)} tolerances off",
        "rounding on the way leads further off than the tolerance lets it",
        "leave tolerance: out, so that it follows from the graph, or make it larger",
    )


def width_finding(samples: Sequence[Sample]) -> Finding:
    """Whether tolerances are small beside the answers, those that are zero left out."""
    wide: dict[str, float] = {}
    for sample in samples:
        for slot in sample.slots:
            sizes = np.abs(sample.keys[slot.id])
            if sizes.any():
                usual = np.median(sizes[sizes > 0])
                share = float(np.median(sample.tolerances[slot.id]) / usual)
                wide[slot.id] = max(share, wide.get(slot.id, 0.0))
    if not wide:
        return judged("tolerances", False, "no number is asked")
    worst = max(wide, key=wide.__getitem__)
    large = [slot for slot, share in wide.items() if share > LARGE]
    return graded(
        "tolerances",
        bool(large),
        False,
        f"the usual one is at most {percent(wide[worst])} of the usual answer, at {worst}",
        f"answers far from the key are right at {listed(large)}",
        "ask for more decimals, or draw larger numbers",
    )
