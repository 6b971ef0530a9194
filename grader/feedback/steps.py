"""The worked steps of the graded students' papers: their templates drawn once more, with the very
numbers that were printed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from examgen.draws import Draw
from examgen.errors import ExamgenError
from examgen.grids import Grid
from examgen.manifest import Manifest, SlotForm
from examgen.numerals import given_text
from examgen.paper import feedback, ordered_givens
from examgen.printing import define
from examgen.sheet import WorkedPart
from examgen.slots import Slot
from examgen.solution import answer_node, expected_formula, symbols_of, worked_parts
from examgen.text import fill, in_language
from examgen.variant import Variants
from grader.arrays import Bools, Indices
from grader.gradebook import Graded
from grader.marking.papers import Paper, papers
from grader.marking.verdicts import Key, is_right


@dataclass(frozen=True)
class Steps:
    """What the questions of the graded students work out to."""

    manifest: Manifest
    drawn: tuple[_Drawn, ...]

    def title(self, row: int, question: int) -> str:
        """The question's title with the student's numbers in it."""
        one, at = self._of(row, question)
        text = in_language(one.paper.template.file.title, self.manifest.exam.language)
        return fill(text, one.numbers(at))

    def givens(self, row: int, question: int) -> tuple[tuple[str, str], ...]:
        """The printed symbols and numbers of a student."""
        one, at = self._of(row, question)
        template, numbers = one.paper.template, one.numbers(at)
        symbols = template.quantities.symbols
        return tuple((symbols.tex(name), numbers[name]) for name in ordered_givens(template))

    def worked(self, row: int, question: int, places: Sequence[int]) -> tuple[WorkedPart, ...]:
        """The steps of the parts that these slots (places among all) belong to.

        Formulas are derived that are among these slots; others stand with the expected answers.
        What has a key that was mended is left out: the steps would contradict it.
        """
        one, at = self._of(row, question)
        shown = [
            place
            for place in places
            if one.agrees(at, place) and not self._is_mended(one, question, place)
        ]
        if not shown:
            return ()
        parts = {one.part(place) for place in shown}
        steps = one.steps(at, self.manifest.exam.language, one.others(shown))
        return tuple(part for part in steps if part.label in parts and part.steps)

    def feedback(self, row: int, question: int) -> dict[str, tuple[str, ...]]:
        """What the author says of each part, by its label."""
        one, at = self._of(row, question)
        return feedback(one.variants, at, self.manifest.exam.language)

    def form(self, row: int, question: int, place: int) -> SlotForm:
        """What a slot is on a student's paper."""
        one, _ = self._of(row, question)
        index = self.manifest.questions[question].templates.index(one.paper.template.name)
        return self.manifest.slots[place].form(index)

    def formula(self, row: int, question: int, place: int) -> str:
        """The right formula of a slot, as prose."""
        one, _ = self._of(row, question)
        if self._is_mended(one, question, place):
            wanted = self._wanted(one, question, place)
            return wanted.replace("\\", "").replace("$", "\\$")
        return f"${one.formula(one.slot(place))}$"

    def _wanted(self, one: _Drawn, question: int, place: int) -> str:
        """The formula of the key."""
        index = self.manifest.questions[question].templates.index(one.paper.template.name)
        return self.manifest.formulas(self.manifest.slots[place].id)[index]

    def _is_mended(self, one: _Drawn, question: int, place: int) -> bool:
        """Whether the key has another formula than the template, so that it was put there by
        hand."""
        slot = one.slot(place)
        asked = slot.kind == "formula"
        return asked and self._wanted(one, question, place) != one.expected[slot.id]

    def _of(self, row: int, question: int) -> tuple[_Drawn, int]:
        """The paper that a student had for a question, and their row in it."""
        number, at = self._places[question][:, row]
        return self.drawn[number], int(at)

    @cached_property
    def _places(self) -> dict[int, Indices]:
        """For each question which paper each student had, and where in it, `(2, graded)`."""
        count = 1 + max((int(one.paper.rows.max()) for one in self.drawn), default=-1)
        found = {one.paper.question: np.zeros((2, count), np.int64) for one in self.drawn}
        for number, one in enumerate(self.drawn):
            rows = one.paper.rows
            found[one.paper.question][0, rows] = number
            found[one.paper.question][1, rows] = np.arange(len(rows))
        return found


@dataclass(frozen=True)
class _Drawn:
    """A paper with its variants; `right` `(rows, slots)`: where the key is what the graph says."""

    paper: Paper
    variants: Variants
    right: Bools

    def numbers(self, at: int) -> dict[str, str]:
        exact = self.variants.draw.exact(at)
        return {name: given_text(value) for name, value in exact.items()}

    @cached_property
    def _own(self) -> Mapping[int, int]:
        """The place among the template's slots of each place among all."""
        return {place: own for own, place in enumerate(self.paper.columns.tolist())}

    def slot(self, place: int) -> Slot:
        return self.paper.template.slots[self._own[place]]

    def agrees(self, at: int, place: int) -> bool:
        return bool(self.right[at, self._own[place]])

    def part(self, place: int) -> str:
        return self._parts[self.slot(place).id]

    @cached_property
    def _parts(self) -> Mapping[str, str]:
        return {slot.id: part.label for part in self.paper.template.parts for slot in part.slots}

    def steps(self, at: int, language: str, without: Collection[str]) -> tuple[WorkedPart, ...]:
        return worked_parts(self.variants, at, language, without)

    def others(self, places: Sequence[int]) -> set[str]:
        """The ids of all slots but some."""
        return {slot.id for slot in self.paper.template.slots} - {self.slot(p).id for p in places}

    def formula(self, slot: Slot) -> str:
        """The right formula in TeX; the same for every variant."""
        template = self.paper.template
        return define(answer_node(template, slot), symbols_of(template, slot))

    @cached_property
    def expected(self) -> Mapping[str, str]:
        """The right formula of each formula slot, as the template says it."""
        template = self.paper.template
        formulas = [slot for slot in template.slots if slot.kind == "formula"]
        return {slot.id: expected_formula(template, slot) for slot in formulas}


def steps_of(graded: Graded) -> Steps:
    """The papers of the graded students, with every printed number exact.

    Raises ExamgenError where the manifest's templates do not fit it.
    """
    manifest, students = graded.manifest, graded.answers.students
    return Steps(manifest, tuple(_drawn(paper, graded.key) for paper in papers(manifest, students)))


def _drawn(paper: Paper, key: Key) -> _Drawn:
    grids, places = {}, {}
    for name, values in paper.givens.items():
        distinct, where = np.unique(values, return_inverse=True)
        grids[name] = Grid(tuple(_exact(paper.template.grids[name], float(v)) for v in distinct))
        places[name] = where.astype(np.int32)
    variants = Variants(paper.template, Draw(grids, places, None))
    return _Drawn(paper, variants, _agreement(paper, variants, key))


def _exact(grid: Grid, value: float) -> Fraction:
    """The value of the grid that a printed number is, or the number's own shortest decimal."""
    near = min(grid.values, key=lambda exact: abs(float(exact) - value))
    return near if float(near) == value else Fraction(repr(value))


def _agreement(paper: Paper, variants: Variants, key: Key) -> Bools:
    """Which numbers of the key are those of the graph, `(rows, slots)`; formulas always."""
    agree = np.ones((len(paper.rows), len(paper.columns)), bool)
    for index, slot in enumerate(paper.template.slots):
        if slot.kind == "number":
            place = np.ix_(paper.rows, paper.columns[index : index + 1])
            expected, tolerance = key.expected[place][:, 0], key.tolerance[place][:, 0]
            try:
                agree[:, index] = is_right(variants.expected(slot), expected, tolerance)
            except ExamgenError:  # not finite for one of them
                agree[:, index] = False
    return agree
