"""What a student has before a slot: the numbers and the formulas that earlier slots ask."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from examgen.planted import RIGHT_VALUE
from examgen.slots import Slot
from examgen.solution.plan import Plan


def numbers_before(plan: Plan, slot: Slot) -> frozenset[str]:
    """The names of the numbers that earlier slots ask: who is not asked them is told them."""
    planted = plan.template.planted
    lines = () if planted is None else planted.before
    numbers = (one for one in _before(plan, slot) if one.kind == "number")
    return frozenset({*lines, *(_asked(plan, one) for one in numbers)})


def _before(plan: Plan, slot: Slot) -> Iterator[Slot]:
    """The slots before one, in paper order."""
    for one in plan.template.slots:
        if one.id == slot.id:
            return
        yield one


def _asked(plan: Plan, slot: Slot) -> str:
    """The quantity that a slot asks; that of the wrong line where it is to be mended."""
    planted = plan.template.planted
    if planted is not None and slot.quantity == RIGHT_VALUE:
        return planted.quantity
    return plan.target(slot).name or ""


def formulas_before(plan: Plan, slot: Slot, shown: Collection[str]) -> frozenset[str]:
    """The slots that ask for formulas above one: those of its own part, and of them that are shown.

    shown: ids of slots that stand on the screen with it.
    """
    part = next(part for part in plan.template.parts if slot in part.slots)
    here = {*shown, *(one.id for one in part.slots)}
    return frozenset(
        one.id for one in _before(plan, slot) if one.kind == "formula" and one.id in here
    )


def is_among(plan: Plan, name: str, formulas: Collection[str]) -> bool:
    """Whether one of some slots asks for a derivative, be it at any step t."""
    asked = (one for one in plan.template.slots if one.id in formulas)
    return any(_alike(plan, one, name) for one in asked)


def _alike(plan: Plan, asked: Slot, name: str) -> bool:
    """Whether a slot asks this formula, be it at any step t."""
    own = plan.quantities.name(asked.quantity)
    if asked.step is None:
        return own == name
    return own.partition("[")[0] == name.partition("[")[0] and name.endswith("]")
