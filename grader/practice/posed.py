"""A task made whole: its template, its numbers, what stands on the page, what is right."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from examgen.drawing import capacity, draw_variants
from examgen.errors import ExamgenError
from examgen.notation import decimal
from examgen.paper import variant_sheet
from examgen.printing import define
from examgen.sheet import PartSheet, QuestionSheet
from examgen.slots import Part, Slot
from examgen.solution import answer_node, slot_label, symbols_of
from examgen.solution.plan import Plan
from examgen.template import Template
from examgen.text import Language
from examgen.variant import Variants, columns, fixed_variant
from grader.practice.told import Told, told
from grader.practice.values import Attempt, Feedback, Hint, MarkedPart, Round, Task

if TYPE_CHECKING:
    from grader.marking.graphs import Graphs
    from grader.practice.marking import Marker
    from grader.reading.numbers import DecimalSign

# What marks and what explains takes a quarter of a second to import, and nobody needs it before
# the question is on the screen: it is imported by what first uses it.

PRACTICE = -1
"""The `use` that practice draws under; those of exams count from zero, so they differ in key."""


class ChangedError(ExamgenError):
    """A template is not any more the one that a round was drawn from."""


@dataclass(frozen=True, eq=False)
class Posed:
    """A task with its one variant (row 0) and the language it is asked in.

    graphs: makes what marking needs of the template, or finds it: all tasks from it share one.
    """

    task: Task
    variants: Variants
    language: Language
    graphs: Callable[[], Graphs]

    @property
    def template(self) -> Template:
        """The question's structure."""
        return self.variants.template

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """What is asked, in paper order."""
        return tuple(slot for slot in self.template.slots if slot.id in self.task.asked)

    @cached_property
    def sheet(self) -> QuestionSheet:
        """The question with the parts that are asked, and what these are parts of."""
        whole = variant_sheet(self.variants, 0, self.language)
        labels = self.labels
        parts = [part for part in whole.parts if _is_of(part.label, labels)]
        return replace(whole, points="", parts=tuple(map(_unrated, parts)))

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The parts that are asked."""
        return tuple(part.label for part in self.template.parts if self._asks(part))

    def _asks(self, part: Part) -> bool:
        return any(slot.id in self.task.asked for slot in part.slots)

    def part_of(self, slot: str) -> str:
        """The label of a slot's part."""
        parts = self.template.parts
        return next(part.label for part in parts if any(one.id == slot for one in part.slots))

    @cached_property
    def told(self) -> Told:
        """What earlier parts would have left on the paper, as far as it is needed here."""
        return told(self.template.space.once(Plan, self.template), self.slots)

    @cached_property
    def known(self) -> tuple[tuple[str, str], ...]:
        """The same as pairs of symbol and number, in TeX, in the order they are worked out in."""
        quantities = self.template.quantities
        found = {quantities.name(one.quantity): self._told_number(one) for one in self.told.slots}
        values = zip(self.told.values, self.told_values, strict=True)
        found |= {name: (quantities.symbols.tex(name), _signed(one)) for name, one in values}
        order = {name: place for place, name in enumerate(quantities.nodes)}
        return tuple(found[name] for name in sorted(found, key=lambda name: order.get(name, -1)))

    def _told_number(self, slot: Slot) -> tuple[str, str]:
        return slot_label(self.template, slot), self._number(slot)

    @cached_property
    def told_values(self) -> list[str]:
        """Those of `told.values`, to as many decimals as marking grants whoever rounds them."""
        places = max((slot.decimals for slot in self.slots), default=0)
        nodes = [self.template.quantities.nodes[name] for name in self.told.values]
        found = columns(nodes, self.variants.draw)
        return [decimal(Fraction(column.at(0)), places) for column in found]

    def _number(self, slot: Slot) -> str:
        return _signed(self.variants.printed(slot, 0))

    def expected(self, slot: Slot) -> str:
        """The right answer as prose: a number to the decimals asked, or a formula."""
        if slot.kind == "number":
            return f"${self._number(slot)}$"
        node, symbols = answer_node(self.template, slot), symbols_of(self.template, slot)
        return f"${define(node, symbols)}$"

    @cached_property
    def marker(self) -> Marker:
        """What marks the responses."""
        from grader.practice.marking import Marker

        # Sheets print points; nobody who reads German writes a comma between thousands.
        sure: DecimalSign | None = "comma" if self.language == "de" else None
        seen = (*self.task.asked, *(slot.id for slot in self.told.slots))
        return Marker(self.variants, 0, self.language, graphs=self.graphs(), sure=sure, seen=seen)

    def mark(self, attempted: Round, responses: Mapping[str, str]) -> dict[str, Feedback]:
        """What is said of new responses in a round, by slot; blank ones are left out."""
        told = {slot.id: self.variants.printed(slot, 0) for slot in self.told.slots}
        standing = {
            slot: one.response for slot in self.task.asked if (one := attempted.standing(slot))
        }
        return self.marker.mark(told | standing | dict(responses), tuple(responses))

    def prepare(self) -> None:
        """Make ahead what takes long: what is shown, and what marking needs."""
        _ = self.sheet, self.known
        self.marker.prepare(self.task.asked)

    def hints(self, slot: Slot, helped: Collection[str] = ()) -> tuple[Hint, ...]:
        """The derivation of a slot, step by step; helped: slots that hints were shown for."""
        from grader.practice.hints import hints, not_told_before

        if slot.id not in self._hints:
            self._hints[slot.id] = hints(self.variants, 0, slot, self.language, self.task.asked)
        part = next(part for part in self.template.parts if slot in part.slots)
        return not_told_before(self._hints[slot.id], part, slot, helped)

    @cached_property
    def _hints(self) -> dict[str, tuple[Hint, ...]]:
        """Those that were made, by slot."""
        return {}

    def worked(self, standing: Mapping[str, Attempt]) -> tuple[MarkedPart, ...]:
        """The worked solution of what is asked, with the student's own answers in it."""
        from grader.practice.worked import marked_parts

        return marked_parts(self.variants, 0, self.language, self.labels, standing)


def _is_of(label: str, labels: tuple[str, ...]) -> bool:
    """Whether a part is among some, or one of them is a part of it."""
    return any(f"{one}.".startswith(f"{label}.") for one in labels)


def _signed(number: str) -> str:
    """A number with the sign that mathematics has."""
    return number.replace("-", "\N{MINUS SIGN}")


def _unrated(part: PartSheet) -> PartSheet:
    """A part without points and without room to work in: nothing is at stake, or on paper."""
    return replace(part, points="", space=None)


def pose(task: Task, template: Template, language: Language, graphs: Callable[[], Graphs]) -> Posed:
    """Pose a task. Raises ChangedError where the template is another one by now."""
    if template.fingerprint != task.fingerprint:
        raise ChangedError(f"{task.question} has changed since this round was drawn")
    numbers = {name: Fraction(value) for name, value in task.numbers}
    return Posed(task, fixed_variant(template, numbers), language, graphs)


def draw_numbers(
    template: Template, seed: int, number: int, *, at_once: bool = False
) -> tuple[tuple[str, str], ...]:
    """The numbers of a practice variant, as exact fractions.

    number: from 0; beyond the room of the question they come again. at_once: the first acceptable
    draw, where weighing several for what they tell of mistakes would keep the student waiting.
    """
    if at_once:
        sampler = template.sampler(seed, PRACTICE)
        draw = sampler.draw([number % sampler.capacity])
    else:
        draw = draw_variants(template, seed, [number % capacity(template)], PRACTICE).draw
    return tuple((name, str(value)) for name, value in draw.exact(0).items())
