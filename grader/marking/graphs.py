"""All that marking needs of a template's graph; each part is made when first needed, and kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from examgen.misconceptions import Misconception
from examgen.mistakes import mistakes_of
from examgen.template import Template
from grader.marking.explanations import Explanations, explanations
from grader.marking.once import Once
from grader.marking.upstream import Upstream, upstreams
from grader.symbolic import FormulaMarker

Known = Sequence[Misconception]


class Graphs:
    """A template's graph as students compute in it: right, from own answers, and mistaken.

    Several threads may use one.
    """

    def __init__(self, template: Template) -> None:
        self.template = template
        self._known = Once[None, Known](lambda _: own_first(template, mistakes_of(template)))
        self.explanations = Once[int, Explanations](self._explanations)
        """The misconceptions that may be behind a wrong number in the slot at a place."""
        self.formula = Once[int, FormulaMarker](self._formula)
        """What marks the texts written into the formula slot at a place."""

    @property
    def mistakes(self) -> Known:
        """All misconceptions that can occur, in the order in which they are told."""
        return self._known(None)

    @cached_property
    def readings(self) -> tuple[Upstream, ...]:
        """What each slot is computed from, by every reading of own answers."""
        return upstreams(self.template)

    def ways(self, place: int) -> tuple[Upstream, ...]:
        """The readings by which a slot is computed, the strictest first; none for a formula."""
        if place not in self.readings[0].asked:
            return ()
        pairs = zip(self.readings, [None, *self.readings], strict=False)
        return tuple(one for one, before in pairs if not before or one.differs(before, place))

    def prepare(self, place: int) -> None:
        """Make all that a wrong answer to the slot at a place may need."""
        if self.template.slots[place].kind == "formula":
            self.formula(place)
            return
        self.explanations(place)
        for way in self.ways(place):
            way.route(place)

    def _explanations(self, place: int) -> Explanations:
        return explanations(self.template, place, self.mistakes)

    def _formula(self, place: int) -> FormulaMarker:
        return FormulaMarker(self.template, self.template.slots[place], self.mistakes)


def own_first(template: Template, mistakes: Known) -> tuple[Misconception, ...]:
    """The mistakes as they are told: the author's own, which speak of this question, come first.

    Where a number is what several lead to, the rules that hold for every graph say less of it.
    """
    own = {mistake.name for mistake in template.quantities.mistakes}
    return tuple(sorted(mistakes, key=lambda one: one.name not in own))
