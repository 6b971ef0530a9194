"""From answers to marks: right, following an earlier answer, a known mistake, or wrong.

Axis 0 is the graded student, in the order of `Answers.students`; axis 1 the slot, in paper order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from examgen.manifest import Manifest, Question, Slot
from grader.arrays import Bools, Codes, Floats
from grader.marking.formulas import judge_formulas
from grader.marking.graphs import Graphs
from grader.marking.judge import Judge
from grader.marking.numbers import Numbers
from grader.marking.papers import Paper
from grader.marking.rubric import award
from grader.marking.verdicts import Key, Marks, Reasons, Verdict, is_right
from grader.reading.cells import BLANK, NUMBER
from grader.reading.responses import Answers


def key_of(manifest: Manifest, students: NDArray[np.int64]) -> Key:
    """The key of the chosen students, `(students, slots)`."""
    columns = [
        _number_key(manifest, slot, students)
        if slot.kind == "number"
        else _formula_key(manifest, question, slot, students)
        for question in manifest.questions
        for slot in question.slots
    ]
    expected, tolerance, asked = (np.array(column).T for column in zip(*columns, strict=True))
    return Key(expected, tolerance, asked)


def _number_key(
    manifest: Manifest, slot: Slot, students: NDArray[np.int64]
) -> tuple[Floats, Floats, Bools]:
    expected = manifest.expected(slot.id)[students] + 0.0  # minus zero is zero
    return expected, manifest.tolerance(slot.id)[students], ~np.isnan(expected)


def _formula_key(
    manifest: Manifest, question: Question, slot: Slot, students: NDArray[np.int64]
) -> tuple[Floats, Floats, Bools]:
    has_formula = np.array([bool(text) for text in manifest.formulas(slot.id)])
    no_number = np.full(len(students), np.nan)
    return no_number, no_number, has_formula[manifest.template_of(question.id)[students]]


def score(answers: Answers, key: Key, manifest: Manifest, papers: Iterable[Paper]) -> Marks:
    """Verdict, reason and points of every answer.

    papers: the graphs behind the questions; without one, a question's numbers are compared with the
    key alone and its formulas wait for a human.
    """
    sheet = _Sheet.of(answers, key, manifest)
    reasons = Reasons()
    for paper in papers:
        _PaperScore(sheet, paper, reasons).enter()
    return award(
        manifest, sheet.verdicts, key.asked, reasons.all(), sheet.reason_of, answers.students
    )


@dataclass(frozen=True)
class _Sheet:
    """All answers, and the verdicts on them as far as they are known."""

    manifest: Manifest
    answers: Answers
    key: Key
    verdicts: NDArray[np.uint8]  # (graded, slots)
    reason_of: Codes
    responses: Floats

    @classmethod
    def of(cls, answers: Answers, key: Key, manifest: Manifest) -> _Sheet:
        """Each answer against its own key."""
        codes = answers.cells.codes
        kinds, responses = answers.readings.kinds[codes], answers.readings.values[codes]
        verdicts = np.full(codes.shape, Verdict.UNREADABLE, dtype=np.uint8, order="F")
        is_number = kinds == NUMBER
        verdicts[is_number] = Verdict.WRONG
        verdicts[is_number & is_right(responses, key.expected, key.tolerance)] = Verdict.RIGHT
        verdicts[:, [slot.kind == "formula" for slot in manifest.slots]] = Verdict.NEEDS_A_HUMAN
        verdicts[kinds == BLANK] = Verdict.BLANK
        verdicts[~key.asked] = Verdict.NOT_ASKED
        reason_of = np.zeros(codes.shape, np.int32, order="F")
        return cls(manifest, answers, key, verdicts, reason_of, responses)


@dataclass(frozen=True)
class _PaperScore:
    """What a paper's graph tells about the answers of those who had it."""

    sheet: _Sheet
    paper: Paper
    reasons: Reasons

    def enter(self) -> None:
        """Enter verdicts and reasons of wrong numbers and of formulas into the sheet."""
        place = np.ix_(self.paper.rows, self.paper.columns)
        verdicts, numbers = self.sheet.verdicts[place], np.zeros(self._shape, np.int32)
        graphs = Graphs(self.paper.template)
        judge = Judge(graphs, self.paper.sentences(self.sheet.manifest), self.reasons)
        self._look_behind_numbers(judge, verdicts, numbers)
        self._judge_formulas(judge, verdicts, numbers)
        self.sheet.verdicts[place], self.sheet.reason_of[place] = verdicts, numbers

    @property
    def _shape(self) -> tuple[int, int]:
        return len(self.paper.rows), len(self.paper.columns)

    def _look_behind_numbers(
        self, judge: Judge, verdicts: NDArray[np.uint8], numbers: Codes
    ) -> None:
        """Wrong numbers that follow from earlier ones, or that a known mistake leads to."""
        wrong = verdicts == Verdict.WRONG
        if not wrong.any():
            return
        behind = judge.look_behind(self._numbers(), wrong)
        verdicts[wrong], numbers[wrong] = behind.verdicts[wrong], behind.reason_of[wrong]

    def _numbers(self) -> Numbers:
        place, key = np.ix_(self.paper.rows, self.paper.columns), self.sheet.key
        responses = self.sheet.responses[place]
        return Numbers(self.paper.givens, responses, key.expected[place], key.tolerance[place])

    def _judge_formulas(self, judge: Judge, verdicts: NDArray[np.uint8], numbers: Codes) -> None:
        for place, rows, judged in judge_formulas(self.paper, judge.graphs, self.sheet.answers):
            waiting = rows[verdicts[rows, place] == Verdict.NEEDS_A_HUMAN]
            verdicts[waiting, place] = judged.verdict
            numbers[waiting, place] = self.reasons.number(judge.reason(judged))
