"""How variants come about: which conditions bite, how much room there is, what is drawn twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from examgen.check.findings import Finding, graded, judged
from examgen.check.sample import Sample, shared
from examgen.check.wording import listed, percent, plural
from examgen.drawing import capacity
from examgen.errors import ExamgenError
from examgen.graph import exactly
from examgen.space import NOTHING_TRIED, Acceptance

TWINS_WARN, TWINS_FAIL = 0.005, 0.05
"""Chance that two students have the same right answers everywhere."""
_JUDGED_AGAIN = 100
"""Variants whose conditions are decided anew in exact rationals."""


@dataclass(frozen=True)
class Bite:
    """A condition and how many of the candidates that it judged it turned down."""

    condition: str
    failed: int
    judged: int

    @property
    def share(self) -> float:
        """Share of what it judged."""
        return self.failed / self.judged if self.judged else 0.0


@dataclass(frozen=True)
class Room:
    """What one structure has to draw from: the share of acceptable candidates, what turned the
    others down (what bites most comes first), and how many variants there are at most."""

    structure: str
    rate: float
    bites: tuple[Bite, ...]
    capacity: int


def room(sample: Sample) -> Room:
    """Measured while the sample was drawn."""
    template = sample.template
    acceptance = sample.variants.draw.acceptance or NOTHING_TRIED
    bites = tuple(sorted(_bites(acceptance), key=lambda bite: -bite.share))
    return Room(template.name, acceptance.rate, bites, capacity(template))


def _bites(acceptance: Acceptance) -> Iterator[Bite]:
    for text, (failed, count) in acceptance.failures.items():
        yield Bite(text, failed, count)


def room_findings(rooms: Sequence[Room], wanted: int) -> Iterator[Finding]:
    """Acceptance, and room for so many variants."""
    least = min(rooms, key=lambda one: one.rate)
    bites = [f"'{b.condition}' turns down {percent(b.share)}" for b in least.bites if b.failed]
    told = f"; {listed(bites, 2)}" if bites else ""
    where = f" ({least.structure})" if len(rooms) > 1 else ""
    yield judged(
        "acceptance",
        least.rate == 0,
        f"{percent(least.rate)} of the candidates{where}{told}",
        "no candidate meets all conditions",
        "allow more values or loosen a condition",
    )
    whole = sum(one.capacity for one in rooms)
    yield graded(
        "room",
        whole < wanted,
        False,
        f"for {plural(whole, 'variant')}",
        f"fewer than the {wanted:,} asked for; a larger class cannot be served",
        "allow more values for the givens",
    )


# --- twice the same ------------------------------------------------------------------------------


def duplicates(samples: Sequence[Sample]) -> int:
    """How many variants print the same numbers as an earlier one."""
    return sum(_repeated(sample) for sample in samples)


def _repeated(sample: Sample) -> int:
    places = np.array(list(sample.variants.draw.places.values()))  # (givens, variants)
    return len(sample) - len(np.unique(places, axis=1).T)


def twins(samples: Sequence[Sample]) -> float:
    """The chance that two variants of a question have the same right answers in all number slots.

    Variants of different structures are taken for different.
    """
    total = sum(len(sample) for sample in samples)
    counts = (count for sample in samples for count in _whole_keys(sample).values())
    pairs = sum(count * (count - 1) for count in counts)
    return pairs / (total * (total - 1)) if total > 1 else 0.0


def _whole_keys(sample: Sample) -> Counter[tuple[str, ...]]:
    rows: Iterator[tuple[str, ...]] = zip(*sample.printed.values(), strict=True)
    return Counter(rows)


def duplicate_findings(samples: Sequence[Sample]) -> Iterator[Finding]:
    """No two variants print the same numbers, and hardly two have the same answers."""
    total, repeated = sum(len(sample) for sample in samples), duplicates(samples)
    yield judged(
        "duplicates",
        repeated > 0,
        f"{repeated or 'none'} in {plural(total, 'variant')}",
        "two students would have the same paper",
        "this is a fault of the program: please report it",
    )
    if any(sample.slots for sample in samples):
        chance = twins(samples)
        yield graded(
            "equal keys",
            chance > TWINS_WARN,
            chance > TWINS_FAIL,
            f"two students have all answers in common with a chance of {percent(chance)}",
            f"a neighbour's answers are worth copying (bound {percent(TWINS_FAIL)})",
            "ask for more, or allow more values for what the answers depend on",
        )


# --- judged again --------------------------------------------------------------------------------


def condition_findings(samples: Sequence[Sample]) -> Iterator[Finding]:
    """Every variant is finite and meets its conditions, decided anew in exact rationals."""
    each = shared(_JUDGED_AGAIN, samples)
    broken = [text for sample in samples for text in _broken(sample, each)]
    count = sum(min(len(sample), each) for sample in samples)
    yield judged(
        "conditions",
        bool(broken),
        listed(broken, 2) if broken else f"hold in {plural(count, 'variant')} judged again exactly",
        "a variant was drawn that its own conditions forbid",
        "this is a fault of the program: please report it",
    )


def _broken(sample: Sample, count: int) -> Iterator[str]:
    template = sample.template
    nodes = [condition.node for condition in template.conditions]
    for number in range(min(len(sample), count)):
        truths = exactly(nodes, sample.variants.draw.exact(number))
        for condition, truth in zip(template.conditions, truths, strict=True):
            if truth is not None and truth != 1:
                yield f"{template.name}, variant {number}: not {condition.text}"


def finite_finding(samples: Sequence[Sample]) -> Finding:
    """Whether every right answer is a number."""
    for sample in samples:
        try:
            sample.keys  # noqa: B018  (it is what raises)
        except ExamgenError as error:
            return judged("finite", True, str(error))
    return judged("finite", False, "every right answer is a number")
