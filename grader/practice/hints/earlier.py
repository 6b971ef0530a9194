"""What a student has before a slot: the numbers and the formulas that earlier slots ask."""

from __future__ import annotations

from examgen.planted import RIGHT_VALUE
from examgen.slots import Slot
from examgen.solution.plan import Plan


def numbers_before(plan: Plan, slot: Slot) -> dict[str, str]:
    """The numbers that earlier slots asked, by name, with the label of their part."""
    planted = plan.template.planted
    found = dict.fromkeys(() if planted is None else planted.before, "")
    for part in plan.template.parts:
        for one in part.slots:
            if one.id == slot.id:
                return found
            if one.kind == "number":
                found[_asked(plan, one)] = part.label
    return found


def _asked(plan: Plan, slot: Slot) -> str:
    """The quantity that a slot asks; that of the wrong line where it is to be mended."""
    planted = plan.template.planted
    if planted is not None and slot.quantity == RIGHT_VALUE:
        return planted.quantity
    return plan.target(slot).name or ""


def formula_before(plan: Plan, name: str, slot: Slot) -> str:
    """The label of the part that asked this derivative as a formula before; empty if none."""
    for part in plan.template.parts:
        for one in part.slots:
            if one.id == slot.id:
                return ""
            if one.kind == "formula" and _alike(plan, one, name):
                return part.label
    return ""


def _alike(plan: Plan, asked: Slot, name: str) -> bool:
    """Whether a slot asks this formula, be it at any step t."""
    own = plan.quantities.name(asked.quantity)
    if asked.step is None:
        return own == name
    return own.partition("[")[0] == name.partition("[")[0] and name.endswith("]")
