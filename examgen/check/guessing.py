"""Answers that can be guessed: how often the most frequent one of each slot is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from examgen.check.findings import Finding, Verdict, graded
from examgen.check.sample import Sample
from examgen.check.wording import percent
from examgen.slots import Slot, matches
from examgen.template import Template

BOUND = 0.15
_DEVIATIONS = 2.33
"""One question in a hundred that keeps the bound would exceed it by more, by chance alone."""


@dataclass(frozen=True)
class Guess:
    """The most frequent right answer of a slot over all structures that ask it.

    distinct: how many different answers there are. excuse: why the template bears it, if it does.
    """

    slot: str
    quantity: str
    answer: str
    count: int
    asked: int
    distinct: int
    excuse: str = ""

    @property
    def share(self) -> float:
        """Share of the variants in which it is right."""
        return self.count / self.asked

    @property
    def is_borne(self) -> bool:
        """Whether it exceeds the bound with the author's knowledge."""
        return self.share > BOUND and bool(self.excuse)

    @property
    def verdict(self) -> Verdict:
        """Above the bound by more than chance a slot fails; by less it is worth a warning."""
        if self.share <= BOUND or self.is_borne:
            return Verdict.PASS
        margin = _DEVIATIONS * sqrt(BOUND * (1 - BOUND) / self.asked)
        return Verdict.FAIL if self.share > BOUND + margin else Verdict.WARN


def guesses(samples: Sequence[Sample]) -> tuple[Guess, ...]:
    """The most frequent answer of every number slot, in the order of the slots."""
    counts: dict[str, Counter[str]] = {}
    slots: dict[str, tuple[str, str]] = {}
    for sample in samples:
        for slot in sample.slots:
            counts.setdefault(slot.id, Counter()).update(sample.printed[slot.id])
            slots.setdefault(slot.id, (slot.quantity, _excuse(sample.template, slot)))
    return tuple(_guess(slot, *slots[slot], tally) for slot, tally in counts.items())


def _guess(slot: str, quantity: str, excuse: str, tally: Counter[str]) -> Guess:
    answer, count = min(tally.items(), key=lambda item: (-item[1], item[0]))
    return Guess(slot, quantity, answer, count, tally.total(), len(tally), excuse)


def _excuse(template: Template, slot: Slot) -> str:
    """Why the template's author bears that a slot can be guessed; empty where nothing is said."""
    name = template.quantities.name
    asked = name(slot.quantity)
    borne = template.file.guessable.items()
    reasons = (
        reason
        for written, reason in borne
        if (matches(written, asked) if "*" in written else name(written) == asked)
    )
    return next(reasons, "")


def guess_findings(found: Sequence[Guess]) -> Iterator[Finding]:
    """One finding for the slots that keep the bound or are borne, one for those that do not."""
    over = [guess for guess in found if guess.verdict is not Verdict.PASS]
    if over:
        fails = any(guess.verdict is Verdict.FAIL for guess in over)
        yield graded(
            "guessable", True, fails, "; ".join(map(_seen, over)), _why(over, fails), _advice(over)
        )
    borne = [f"{_seen(guess)}, borne: {guess.excuse}" for guess in found if guess.is_borne]
    kept = [guess for guess in found if guess.share <= BOUND]
    if kept and not over:
        worst = max(kept, key=lambda guess: guess.share)
        borne = [f"at most {_seen(worst)}", *borne]
    if borne:
        yield Finding("guessable", Verdict.PASS, "; ".join(borne))


def _seen(guess: Guess) -> str:
    return f"{guess.slot} is {guess.answer} in {percent(guess.share)}"


def _why(over: Sequence[Guess], fails: bool) -> str:
    few = ", ".join(f"{guess.distinct} at {guess.slot}" for guess in over)
    text = f"the bound is {percent(BOUND)} of the variants; different answers: {few}"
    return text if fails else f"{text}. It may be chance: check with more --variants"


def _advice(over: Sequence[Guess]) -> str:
    reasons = ", ".join(f"{guess.quantity}: why" for guess in over)
    return (
        "draw what it depends on from more values, or ask for something else; where the question "
        f"forbids it, give the reason in the template: guessable: {{{reasons}}}"
    )
