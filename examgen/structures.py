"""The structures of one file beside each other: the columns they share, and who gets which.

A slot goes by its name as written, `dL/d<asked>`, in all of them; so one answer sheet holds all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from examgen.errors import Problem
from examgen.permutation import hash_words
from examgen.slots import Part, Slot


def drawn_places(
    name: str, count: int, numbers: Sequence[int] | NDArray[np.int64]
) -> NDArray[np.int64]:
    """One of `count` places for each number, a keyed hash of the number: (numbers,), from 0.

    name: what the key is made of. The same number gets the same place in any class.
    """
    key = int.from_bytes(sha256(name.encode()).digest()[:8], "little")
    words = hash_words(np.asarray(numbers, dtype=np.uint64), key)
    # The top 32 bits, scaled to 0..count-1: no division.
    return ((words >> np.uint64(32)) * np.uint64(count) >> np.uint64(32)).astype(np.int64)


def structures_of(
    fingerprints: Sequence[str], seed: int, numbers: Sequence[int] | NDArray[np.int64], use: int = 0
) -> NDArray[np.int64]:
    """Which structure of a file each student gets, (numbers,); fingerprints: of all of them."""
    content = sha256("\n".join(fingerprints).encode()).hexdigest()
    return drawn_places(f"{seed}\n{content}\n{use}\nstructure", len(fingerprints), numbers)


def shared_slots(structures: Sequence[Sequence[Part]]) -> dict[str, tuple[Slot | None, ...]]:
    """Every slot of any structure by its id, in paper order, as each structure asks it.

    A slot that only some have stands after the one that it follows there.
    """
    order: list[str] = []
    for parts in structures:
        place = 0
        for name in _slots(parts):
            if name not in order:
                order.insert(place, name)
            place = order.index(name) + 1
    own = [_slots(parts) for parts in structures]
    return {name: tuple(slots.get(name) for slots in own) for name in order}


def _slots(parts: Sequence[Part]) -> dict[str, Slot]:
    return {slot.id: slot for part in parts for slot in part.slots}


def disagreements(structures: Sequence[Sequence[Part]]) -> Iterator[tuple[int, Problem]]:
    """What one column cannot hold: the first structure that differs from those before, and how.

    A slot is of one kind, in one part, and marked alike; a part is worth the same, and so is the
    whole.
    """
    seen: dict[str, tuple[str, Slot]] = {}
    worth: dict[str, object] = {}
    for number, parts in enumerate(structures):
        found: list[Problem] = []
        for part in parts:
            if worth.setdefault(part.label, part.points) != part.points:
                message = (
                    f"({part.label}) is worth {part.points} points, before {worth[part.label]}"
                )
                found.append(Problem(message, path="parts"))
            for slot in part.slots:
                label, other = seen.setdefault(slot.id, (part.label, slot))
                found += _differences(slot, part.label, other, label)
        if not found and _worth(parts) != _worth(structures[0]):
            found.append(Problem("the parts are worth other points in all", path="parts"))
        if found:
            yield from ((number, problem) for problem in found)
            return


def _worth(parts: Sequence[Part]) -> Fraction:
    return sum((part.points for part in parts), Fraction(0))


def _differences(slot: Slot, part: str, other: Slot, other_part: str) -> Iterator[Problem]:
    """How a slot differs from what another structure asks under its id."""
    if slot.kind != other.kind:
        message = f"the slot {slot.id} is a {slot.kind}, in another structure a {other.kind}"
        yield Problem(message, path="parts")
    if part != other_part:
        message = f"the slot {slot.id} is in part ({part}), in another structure ({other_part})"
        yield Problem(message, path="parts")
    here, there = _marking(slot), _marking(other)
    if here != there:
        message = f"the slot {slot.id} has {here}, in another structure {there}"
        yield Problem(message, path="parts")


def _marking(slot: Slot) -> str:
    """What else of a slot is marked alike in all structures."""
    marks = ", ".join(f"{name}: {share}" for name, share in sorted(slot.partial_marks.items()))
    return f"follow_through: {slot.follow_through}, partial_marks: {{{marks}}}"
