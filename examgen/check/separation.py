"""What a question tells apart: right answers from those of known mistakes, and these mistakes.

Slots that are asked together, those of one part, are one group: a mistake is seen where any of them
shows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isnan

import numpy as np

from examgen.check.sample import Sample
from examgen.check.showing import showing
from examgen.misconceptions import Misconception
from examgen.mistakes import mistakes_of
from examgen.nodes import Array, Truths
from examgen.scoring import MOST_QUANTITIES, judge_of
from examgen.signatures import Signatures, Told
from examgen.slots import Slot
from examgen.template import Template

_MOST_VARIANTS = 1000


@dataclass(frozen=True)
class Group:
    """The number slots of one part, and the mistakes that change an answer there.

    count: how many of them apply, see `examgen.scoring`. all: the share of these that each variant
    tells. possible: the share of those that can show in the variant, see `examgen.check.showing`.
    seen: the mistakes by name, with the share that tell one from the key of the variants in which
    it can show, rare ones first. alike: different ones that coincide in all variants.
    """

    part: str
    slots: tuple[str, ...]
    count: int
    all: Told
    possible: Told
    seen: tuple[tuple[str, float], ...]
    alike: tuple[tuple[str, ...], ...]

    @property
    def seldom(self) -> list[tuple[str, float]]:
        """The mistakes that not all variants detect."""
        return [(name, share) for name, share in self.seen if share < 1]


@dataclass(frozen=True)
class Separation:
    """What one structure tells apart.

    table: the share of variants in which a mistake's answer to a slot lies outside of three
    tolerances, (mistakes, slots); NaN where the slot does not depend on it. never: the kinds of
    mistakes that are never detected, and why.
    """

    structure: str
    mistakes: tuple[str, ...]
    slots: tuple[str, ...]
    table: Array
    groups: tuple[Group, ...]
    kinds: tuple[str, ...]
    never: dict[str, str]

    @property
    def rows(self) -> list[tuple[str, list[float]]]:
        """The mistakes that some answer depends on, with their rows of the table."""
        pairs = zip(self.mistakes, self.table.tolist(), strict=True)
        return [(name, row) for name, row in pairs if not all(map(isnan, row))]


def separation(sample: Sample) -> Separation | None:
    """Measured on the sample's first thousand variants.

    None where no number is asked, and for graphs so large that mistakes are not judged.
    """
    template = sample.template
    if not sample.slots or len(template.quantities.nodes) > MOST_QUANTITIES:
        return None
    seen = _Seen(sample)
    return Separation(
        structure=template.name,
        mistakes=tuple(map(label, seen.mistakes)),
        slots=tuple(slot.id for slot in sample.slots),
        table=seen.table,
        groups=tuple(_groups(seen)),
        kinds=tuple(dict.fromkeys(mistake.name for mistake in seen.mistakes)),
        never=dict(_never(seen)),
    )


def label(mistake: Misconception) -> str:
    """A mistake by its name and, where it has one, its place."""
    return f"{mistake.name} at {mistake.where}" if mistake.where else mistake.name


class _Seen:
    """The wrong answers to the slots of a sample, by the signatures that draws are scored by."""

    def __init__(self, sample: Sample) -> None:
        self.template = sample.template
        self.slots = sample.slots
        self.mistakes = mistakes_of(sample.template)
        self.signatures: Signatures = judge_of(sample.template).signatures
        rows, draw = self.signatures.rows, sample.variants.draw.part(slice(_MOST_VARIANTS))
        keys, widths = (
            np.array([by_slot[slot.id][:_MOST_VARIANTS] for slot in sample.slots])
            for by_slot in (sample.keys, sample.tolerances)
        )
        self.offsets = rows.offsets(draw.floats(rows.tape.givens), widths)
        self.far = rows.far(self.offsets)
        self.showing = showing(rows, draw, keys)

    @property
    def members(self) -> Sequence[Array]:
        """The rows of each mistake that some draw shows."""
        return self.signatures.members

    @cached_property
    def can(self) -> Truths:
        """Which rows can show, (rows + 1, variants)."""
        return self.showing.rows_that_can(self.far)

    @cached_property
    def touched(self) -> Truths:
        """Whether a mistake changes what a slot asks, (mistakes, slots)."""
        return _touched(self.template, self.mistakes, self.slots)

    @cached_property
    def table(self) -> Array:
        """See `Separation`."""
        table = np.where(self.touched, 0.0, np.nan)
        shares = self.far.mean(axis=1)
        for line, rows in zip(table, self.members, strict=True):
            line[self.signatures.rows.slot[rows]] = shares[rows]
        return table

    def within(self, columns: Array) -> Iterator[tuple[Misconception, Array]]:
        """The mistakes that some of these slots show, with their rows there."""
        inside = np.isin(self.signatures.rows.slot, columns)
        for mistake, rows in zip(self.mistakes, self.members, strict=True):
            if inside[rows].any():
                yield mistake, rows[inside[rows]]


def _touched(
    template: Template, mistakes: Sequence[Misconception], slots: Sequence[Slot]
) -> Truths:
    quantities = template.quantities
    names = [quantities.name(slot.quantity) for slot in slots]
    marks = [[m.nodes[name] is not quantities.nodes[name] for name in names] for m in mistakes]
    return np.array(marks, bool).reshape(len(mistakes), len(names))


def _groups(found: _Seen) -> Iterator[Group]:
    """What every part tells."""
    ids = [slot.id for slot in found.slots]
    by_slots = {tuple(group.slots.tolist()): group for group in found.signatures.groups}
    for part in found.template.parts:
        columns = sorted(ids.index(slot.id) for slot in part.slots if slot.kind == "number")
        group = by_slots.get(tuple(columns))
        if group is None:
            continue
        whole = group.weights.sum()
        yield Group(
            part=part.label,
            slots=tuple(ids[column] for column in columns),
            count=int(whole),
            all=Told(
                group.weights @ group.seen(found.far) / whole,
                group.identified(found.offsets, group.seen(found.far)) / whole,
            ),
            possible=found.showing.told(group, found.offsets, found.far),
            seen=tuple(_seen(found, group.slots)),
            alike=tuple(_alike(found, group.slots)),
        )


def _seen(found: _Seen, columns: Array) -> list[tuple[str, float]]:
    """The mistakes that some variant shows in some columns, with the share that tell them."""
    seen: dict[str, float] = {}
    for mistake, rows in found.within(columns):
        possible = np.count_nonzero(found.can[rows].any(axis=0))
        if possible:
            seen[label(mistake)] = float(np.count_nonzero(found.far[rows].any(axis=0)) / possible)
    return sorted(seen.items(), key=lambda item: item[1])


def _alike(found: _Seen, columns: Array) -> Iterator[tuple[str, ...]]:
    """Mistakes of different kinds that change an answer in some columns, and always to the same."""
    classes: dict[bytes, list[Misconception]] = {}
    for mistake, rows in found.within(columns):
        classes.setdefault(rows.tobytes(), []).append(mistake)
    for alike in classes.values():
        if len({mistake.name for mistake in alike}) > 1:
            yield tuple(dict.fromkeys(map(label, alike)))


def _never(found: _Seen) -> Iterator[tuple[str, str]]:
    """Kinds of mistakes that no slot tells from the key in any variant, and why."""
    told: Truths = np.any(found.far, axis=1)
    kinds: dict[str, list[int]] = {}
    for number, mistake in enumerate(found.mistakes):
        kinds.setdefault(mistake.name, []).append(number)
    for name, numbers in kinds.items():
        rows = np.concatenate([found.members[n] for n in numbers])
        if told[rows].any():
            continue
        if not found.touched[numbers].any():
            yield name, NOT_ASKED
        else:
            yield name, TOO_NEAR if len(rows) else NEVER_SHOWN


NOT_ASKED = "no number that is asked depends on it"
TOO_NEAR = "it stays within three tolerances"
NEVER_SHOWN = "the numbers drawn never show it"
