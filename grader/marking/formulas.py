"""Judges the formula answers of a paper, each distinct text once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from examgen.manifest import Manifest, Slot
from examgen.misconceptions import Misconception
from grader.arrays import Indices
from grader.marking.changes import Agrees
from grader.marking.graphs import Graphs
from grader.marking.papers import Paper
from grader.marking.verdicts import Verdict
from grader.reading.numbers import DecimalSign
from grader.reading.responses import Answers
from grader.symbolic import FormulaMarker, Right, Wrong


@dataclass(frozen=True)
class Judgement:
    """What a formula is: its verdict, the known mistakes that lead to it, why it is unreadable.

    column: of the character, from 1, at which that shows.
    """

    verdict: Verdict
    mistakes: tuple[Misconception, ...] = ()
    unreadable: str = ""
    column: int | None = None

    @property
    def why(self) -> str:
        """Why it is unreadable, and where."""
        return (
            self.unreadable
            if self.column is None
            else f"{self.unreadable} (at character {self.column})"
        )


def judge_formula(marker: FormulaMarker, text: str, sign: DecimalSign = "point") -> Judgement:
    """What a text written into a formula slot is."""
    found = marker.mark(text, sign)
    if found is None:
        return Judgement(Verdict.BLANK)
    if isinstance(found, Right):
        return Judgement(Verdict.RIGHT)
    if isinstance(found, Wrong):
        verdict = Verdict.KNOWN_MISTAKE if found.mistakes else Verdict.WRONG
        return Judgement(verdict, found.mistakes)
    return Judgement(Verdict.UNREADABLE, unreadable=found.reason, column=found.column)


def judge_formulas(
    paper: Paper, graphs: Graphs, answers: Answers
) -> Iterator[tuple[int, Indices, Judgement]]:
    """For each slot (by its place in the template) and distinct text: whose it is, what it is."""
    signs = _decimal_signs(answers)
    for place, slot in enumerate(paper.template.slots):
        if slot.kind == "formula":
            marker = graphs.formula(place)
            for rows, code, sign in _distinct(paper, place, answers, signs):
                yield place, rows, _judged(marker, answers, code, sign)


def agreement(papers: Iterable[Paper], manifest: Manifest) -> Agrees:
    """Compares what was written for a slot with another formula, as formulas and not as texts."""
    markers: dict[tuple[str, str], FormulaMarker] = {}
    for paper in papers:
        for place, slot in zip(paper.columns.tolist(), paper.template.slots, strict=True):
            if slot.kind == "formula":
                key = manifest.slots[place].id, paper.template.name
                markers[key] = FormulaMarker(paper.template, slot)

    def agrees(slot: Slot, written: str, accepted: str, template: str) -> bool:
        marker = markers.get((slot.id, template))
        return marker is not None and marker.agree(written, accepted)

    return agrees


def _decimal_signs(answers: Answers) -> NDArray[np.bool_]:
    """Whether each row was written with a decimal comma, `(graded,)`."""
    commas = np.array([choice.sign == "comma" for choice in answers.decimals])
    return np.asarray(commas[answers.file_of])


def _distinct(
    paper: Paper, place: int, answers: Answers, commas: NDArray[np.bool_]
) -> Iterator[tuple[Indices, int, DecimalSign]]:
    """Each distinct text of a slot by its code, and the rows that hold it."""
    codes = 2 * answers.cells.codes[paper.rows, paper.columns[place]].astype(np.int64)
    codes += commas[paper.rows]
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    for rows in np.split(order, starts[1:]):
        if len(rows):
            text, comma = divmod(int(codes[rows[0]]), 2)
            yield rows, text, "comma" if comma else "point"


def _judged(marker: FormulaMarker, answers: Answers, code: int, sign: DecimalSign) -> Judgement:
    if code in answers.readings.faulty:  # a date that a spreadsheet made, a forged part
        return Judgement(Verdict.UNREADABLE, unreadable=answers.readings.reasons[code])
    return judge_formula(marker, answers.cells.texts[code].as_py(), sign)
