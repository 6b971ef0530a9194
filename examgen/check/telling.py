"""Findings about what a question tells apart: in its weakest part, and over all mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import numpy as np

from examgen.check.findings import Finding, graded, judged
from examgen.check.separation import NOT_ASKED, Group, Separation
from examgen.check.wording import listed, percent, plural
from examgen.signatures import Told

_Share = Literal["detected", "identified"]

BARS: dict[_Share, tuple[float, float]] = {"detected": (0.95, 0.80), "identified": (0.85, 0.50)}
"""What the median variant should tell in every part: of all mistakes that apply, below which is a
warning; of those that can show in the variant, below which it fails."""


def separation_findings(found: Sequence[Separation]) -> Iterator[Finding]:
    """What the median variant detects and identifies in every group, and all kinds together."""
    groups = [(one.structure, group) for one in found for group in one.groups if group.count]
    if groups:
        yield _least("detected", groups)
        yield _least("identified", groups)
    kinds = {name for one in found for name in one.kinds}
    if kinds:
        yield _kinds(len(kinds), never_told(found))


def _least(name: _Share, groups: Sequence[tuple[str, Group]]) -> Finding:
    """The group in which the median variant reaches least; one that fails comes first."""
    bar, floor = BARS[name]
    reached = [(median(group, name), possible(group, name)) for _, group in groups]
    fails = any(can < floor for _, can in reached)
    worst = min(range(len(groups)), key=lambda n: reached[n][::-1] if fails else reached[n])
    below = sum(share < bar for share, _ in reached)
    why = f"{below} of {plural(len(groups), 'part')} below {percent(bar)}"
    if fails:
        failing = sum(can < floor for _, can in reached)
        why += f", {failing} below {percent(floor)} of what can show"
    hidden = not fails and all(can >= bar for share, can in reached if share < bar)
    return graded(
        name,
        below > 0,
        fails,
        _reached(*groups[worst], *reached[worst]),
        f"{why}: {_reason(name, groups[worst][1], hidden)}",
        _HIDDEN_ADVICE if hidden else _ADVICE,
    )


_ADVICE = "draw from more values or other ones, ask for more decimals, or raise candidates"
_HIDDEN_ADVICE = (
    "leave it so where that is the point of the question; otherwise keep more units on by "
    "require:, or ask for what lies before them"
)


def _reached(structure: str, group: Group, share: float, can: float) -> str:
    where = f"part {group.part}" + f" of {structure}" * ("#" in structure)
    mistakes = plural(group.count, "mistake")
    text = f"at least {percent(share)} in the median variant ({mistakes}, {where})"
    return text if percent(can) == percent(share) else f"{text}; {percent(can)} of what can show"


def _reason(name: _Share, worst: Group, hidden: bool) -> str:
    if hidden:
        return (
            "the other mistakes are made where a unit is off, or a number is not the maximum, and "
            "change nothing there"
        )
    if name == "identified":
        return "different mistakes give nearly the same answers there"
    missed = dict.fromkeys(f"{mistake} ({percent(share)})" for mistake, share in worst.seldom)
    return f"seldom seen where it could be: {listed(missed, 3)}"


def median(group: Group, name: _Share) -> float:
    """What the median variant detects or identifies in a group, of all mistakes that apply."""
    return _median(group.all, name)


def possible(group: Group, name: _Share) -> float:
    """The same, of the mistakes that can show in the variant."""
    return _median(group.possible, name)


def _median(told: Told, name: _Share) -> float:
    return float(np.median(told.detected if name == "detected" else told.identified))


# --- kinds ---------------------------------------------------------------------------------------


def _kinds(count: int, never: Mapping[str, str]) -> Finding:
    seen = f"{count - len(never)} of {plural(count, 'kind')} are told from the key"
    more = "ask for more" if set(never.values()) <= {NOT_ASKED} else "draw other numbers"
    return judged(
        "mistakes",
        len(never) == count,
        "; ".join([seen, *grouped(never)]),
        "no mistake that the program knows can be told from a right answer",
        f"{more}, or write under mistakes: what students do wrong here, with the formulas that "
        "they take for the right ones",
    )


def grouped(never: Mapping[str, str]) -> list[str]:
    """Kinds that are never told, by the reason.

    >>> grouped({"ascent": NOT_ASKED, "lr_dropped": NOT_ASKED})
    ['never, since no number that is asked depends on it: ascent, lr_dropped']
    """
    reasons: dict[str, list[str]] = {}
    for name, why in never.items():
        reasons.setdefault(why, []).append(name)
    return [f"never, since {why}: {', '.join(names)}" for why, names in reasons.items()]


def never_told(found: Sequence[Separation]) -> dict[str, str]:
    """The kinds that no structure ever tells from the key, and why."""
    return {
        name: why
        for one in found
        for name, why in one.never.items()
        if all(name in other.never for other in found if name in other.kinds)
    }
