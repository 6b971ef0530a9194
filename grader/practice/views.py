"""What a face shows of a round: the question, the answers so far, and nothing before its time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from examgen.diagrams.trail import marked
from examgen.sheet import AnswerSlot, Diagram
from examgen.slots import Slot
from examgen.solution.plan import Plan
from grader.practice.conventions import relevant
from grader.practice.posed import Posed
from grader.practice.values import Attempt, MarkedPart, Round, RoundView, SlotView, Trail

Name = Callable[[str], str]
"""A skill's id -> what it is called."""


def round_view(one: Round, posed: Posed, name: Name) -> RoundView:
    """A round as it is shown now."""
    boxes = {box.id: box for part in posed.sheet.parts for box in part.slots}
    ended = one.current is None
    return RoundView(
        id=one.id,
        sheet=replace(posed.sheet, diagram=_diagram(one, posed), conventions=_conventions(posed)),
        known=posed.known,
        slots=tuple(_slot_view(one, posed, slot, boxes[slot.id]) for slot in posed.slots),
        current=one.current,
        skill="" if one.task.mixed or not one.task.skill else name(one.task.skill),
        mixed=one.task.mixed and bool(one.task.skill),
        worked=_worked(one, posed) if ended else (),
        grades=tuple((name(skill), grade) for skill, grade in one.grades.items()),
    )


def _slot_view(one: Round, posed: Posed, slot: Slot, box: AnswerSlot) -> SlotView:
    shown, settled = one.hints.get(slot.id, 0), one.is_settled(slot.id)
    steps = posed.hints(slot, one.hints) if shown else ()
    return SlotView(
        slot=box,
        part=posed.part_of(slot.id),
        attempts=one.attempts_at(slot.id),
        hints=steps[:shown],
        left=len(steps) - shown if shown else 1,
        settled=settled,
        passed=slot.id in one.passed,
        expected=posed.expected(slot) if settled and _may_be_told(one, slot.id) else "",
    )


def _may_be_told(one: Round, slot: str) -> bool:
    """What was left is told at the end: later answers go on from the student's own."""
    return one.current is None or slot not in one.passed


def _conventions(posed: Posed) -> tuple[str, ...]:
    """Those that matter for what is asked; the last may say to how many decimals numbers are."""
    template, sheet = posed.template, posed.sheet
    own = len(template.file.conventions)
    plan = template.space.once(Plan, template)
    boxes = (box for part in sheet.parts for box in part.slots)
    are_rounded = any(box.decimals is not None and not box.hint for box in boxes)
    rounding = sheet.conventions[own:] if are_rounded else ()
    return (*relevant(plan, posed.slots, posed.told, sheet.conventions[:own]), *rounding)


def _diagram(one: Round, posed: Posed) -> Diagram | None:
    """The figure, with the way of the mistake that was named last, of several the first one."""
    diagram, trail = posed.sheet.diagram, _last_trail(one.attempts)
    if diagram is None or not trail:
        return diagram
    return marked(diagram, posed.template.quantities, trail, posed.language)


def _last_trail(attempts: Sequence[Attempt]) -> Trail:
    """The way of the first mistake among the answers that were handed in last, together."""
    last = (one for one in attempts if one.at == attempts[-1].at)
    return next((one.feedback.trail for one in last if one.feedback.trail), ())


def _worked(one: Round, posed: Posed) -> tuple[MarkedPart, ...]:
    """The worked solution, where something was missed."""
    slots = one.task.asked
    if all(_at_once(one, slot) for slot in slots):
        return ()
    # The first answers, mended or not: where the student left the path.
    own: Mapping[str, Attempt] = {slot: first for slot in slots if (first := one.first(slot))}
    return posed.worked(own)


def _at_once(one: Round, slot: str) -> bool:
    """Whether the first answer to a slot was a right one."""
    first = one.first(slot)
    return first is not None and first.feedback.verdict in ("right", "rounded")
