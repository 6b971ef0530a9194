"""Which mistakes a template can tell at all: the signatures that scattered draws show to differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from examgen.draws import Draw
from examgen.graph import record
from examgen.misconceptions import Misconception
from examgen.nodes import Array, Node
from examgen.signatures import MOST, Group, Rows, Signatures
from examgen.template import Template

_SAME = 1e-9
"""Two answers are the same within this, relative to the larger of 1 and the key's size."""

Row = tuple[int, Node]
"""A wrong answer: the number of its slot, and the node."""


def signatures(
    template: Template, mistakes: Iterable[Misconception], draw: Draw, tolerances: Array
) -> Signatures:
    """The signatures of some mistakes in a template, a group for the numbers of each part.

    draw: scattered draws, which tell what differs. tolerances: theirs, (slots, variants).
    """
    quantities = template.quantities
    slots = [slot for slot in template.slots if slot.kind == "number"]
    names = [quantities.name(slot.quantity) for slot in slots]
    keys = [quantities.nodes[name] for name in names]
    wrong = [_wrong(mistake, names, keys) for mistake in mistakes]
    rows = sorted({row for some in wrong for row in some}, key=lambda row: row[0])
    same = _same(keys, rows, draw)
    kept = list(dict.fromkeys(row for row in rows if same.get(row) == row))
    found = Rows(
        record([*keys, *(node for _, node in kept)]),
        np.array([slot for slot, _ in kept], np.int64),
        len(slots),
    )
    number = {row: n for n, row in enumerate(kept)}
    members = [{number[same[row]] for row in some if row in same} for some in wrong]
    offsets = found.offsets(draw.floats(found.tape.givens), tolerances)
    groups = (_group(found, members, slots, offsets) for slots in _together(template))
    shown = tuple(np.array(sorted(some), np.int64) for some in members)
    return Signatures(found, tuple(group for group in groups if group.members), shown)


def _wrong(mistake: Misconception, names: Sequence[str], keys: Sequence[Node]) -> list[Row]:
    """What a mistake answers where it does not leave the key alone."""
    answers = [mistake.nodes[name] for name in names]
    pairs = enumerate(zip(answers, keys, strict=True))
    return [(slot, answer) for slot, (answer, key) in pairs if answer is not key]


def _together(template: Template) -> list[set[int]]:
    """The numbers of the slots of each part."""
    ids = [slot.id for slot in template.slots if slot.kind == "number"]
    parts = ([slot.id for slot in part.slots if slot.kind == "number"] for part in template.parts)
    return [{ids.index(name) for name in part} for part in parts]


def _same(keys: Sequence[Node], rows: Sequence[Row], draw: Draw) -> dict[Row, Row]:
    """For every row that shows, in some draw, the first of those that are equal in all draws."""
    tape = record([*keys, *(node for _, node in rows)])
    values = [np.broadcast_to(array, len(draw)) for array in tape(draw.floats(tape.givens))]
    right, wrong = values[: len(keys)], values[len(keys) :]
    first: dict[object, Row] = {}
    same: dict[Row, Row] = {}
    for row, answers in zip(rows, wrong, strict=True):
        key = right[row[0]]
        with np.errstate(invalid="ignore", over="ignore"):
            off = (answers - key) / np.maximum(1, np.abs(key)) / _SAME
        off[~np.isfinite(off)] = 0
        if (np.abs(off) > 1).any():
            same[row] = first.setdefault((row[0], np.rint(off).tobytes()), row)
    return same


def _group(rows: Rows, members: Sequence[set[int]], slots: set[int], offsets: Array) -> Group:
    """The signatures that some slots show."""
    shown = (frozenset(n for n in some if rows.slot[n] in slots) for some in members)
    weights = Counter(some for some in shown if some)
    sets = [np.array(sorted(some), np.int64) for some in weights][:MOST]
    counts = np.array(list(weights.values()), np.float64)[:MOST]
    places = np.array(sorted(slots))
    group = Group(rows, places, tuple(sets), counts, places)
    return _sorting(merged(group, offsets), offsets) if sets else group


def merged(group: Group, offsets: Array) -> Group:
    """The same with one signature for those that agree in every draw."""
    weights = group.weights.copy()
    pairs = np.array(list(combinations(range(len(weights)), 2)), np.int64).reshape(-1, 2)
    for variant in range(offsets.shape[1]):
        if not len(pairs):
            return group
        here = np.full(len(pairs), variant)
        pairs = pairs[group.agree(offsets, here, pairs[:, 0], pairs[:, 1])]
    gone: set[int] = set()
    for one, other in pairs.tolist():
        if one not in gone and other not in gone:
            weights[one] += weights[other]
            gone.add(other)
    left = [n for n in range(len(weights)) if n not in gone]
    return replace(group, members=tuple(group.members[n] for n in left), weights=weights[left])


_FEW = 64


def _sorting(group: Group, offsets: Array) -> Group:
    """The same, sorted by those slots that leave the fewest signatures close to each other."""
    few = offsets[:, :_FEW]
    seen = group.seen(group.rows.far(few))
    left, best, fewest = list(group.slots), group, len(seen) * few.shape[1] + 1
    while left and len(seen) > 1:
        tried = [
            replace(group, sorting=np.array([*best.sorting, slot] if best is not group else [slot]))
            for slot in left
        ]
        counts = [sum(len(pairs[0]) for pairs in one.close(few, seen)) for one in tried]
        if min(counts) >= fewest:
            break
        fewest = min(counts)
        best = tried[counts.index(fewest)]
        left.remove(best.sorting[-1])
    return best
