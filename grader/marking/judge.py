"""The heart of marking, for the answers to one template: verdicts and the reasons for them.

Nothing of an exam is needed here: the graph, the printed numbers and the key are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from examgen.misconceptions import Misconception
from grader.arrays import Bools, Codes
from grader.marking.carry import Carried, Guard, carry
from grader.marking.diagnosis import Diagnoses, diagnose
from grader.marking.formulas import Judgement
from grader.marking.graphs import Graphs
from grader.marking.numbers import Numbers
from grader.marking.reasons import Sentences
from grader.marking.verdicts import Reason, Reasons, Verdict


@dataclass(frozen=True)
class Behind:
    """What lies behind wrong numbers, `(rows, slots)`.

    verdicts: FOLLOWS from wrong answers, a KNOWN_MISTAKE, or WRONG; NOT_ASKED where nobody asked.
    reason_of: each answer's reason by its number in `reasons`. diagnoses: what was named.
    """

    verdicts: NDArray[np.uint8]
    reason_of: Codes
    reasons: Reasons
    diagnoses: Diagnoses

    def reason(self, row: int, place: int) -> Reason:
        """Why an answer got its verdict."""
        return self.reasons.all()[int(self.reason_of[row, place])]

    def mistakes(self, row: int, place: int) -> tuple[Misconception, ...]:
        """The misconceptions that lead to an answer."""
        return self.diagnoses.sets[int(self.diagnoses.codes[row, place])]


@dataclass(frozen=True)
class Judge:
    """Looks behind the answers to one template; reasons are collected in `reasons`."""

    graphs: Graphs
    sentences: Sentences
    reasons: Reasons = field(default_factory=Reasons)

    def look_behind(self, numbers: Numbers, wrong: Bools) -> Behind:
        """Why numbers are wrong; wrong: the answers to explain."""
        carried = carry(self.graphs, numbers, wrong)
        left = wrong & ~carried.follows & (carried.guard != Guard.DEGENERATE)
        diagnoses = diagnose(self.graphs, numbers, left)
        verdicts = np.where(wrong, Verdict.WRONG, Verdict.NOT_ASKED).astype(np.uint8)
        verdicts[carried.follows] = Verdict.FOLLOWS
        verdicts[diagnoses.codes > 0] = Verdict.KNOWN_MISTAKE
        said = self._reasons(verdicts, carried, diagnoses)
        return Behind(verdicts, said, self.reasons, diagnoses)

    def _reasons(
        self, verdicts: NDArray[np.uint8], carried: Carried, diagnoses: Diagnoses
    ) -> Codes:
        """The numbers of the reasons, each verdict's own."""
        said, sentences = np.zeros(verdicts.shape, np.int32), self.sentences
        guard = np.where(verdicts == Verdict.WRONG, carried.guard, 0).astype(np.int32)
        self._say(said, guard, sentences.guarded)
        self._say(said, diagnoses.codes, lambda code: sentences.mistakes(diagnoses.sets[code]))
        self._say(said, carried.source_of, lambda code: sentences.follows(carried.sources[code]))
        return said

    def _say(self, said: Codes, codes: Codes, say: Callable[[int], Reason]) -> None:
        """Give each answer with a code other than zero the reason for its code."""
        places = np.nonzero(codes)
        present, where = np.unique(codes[places], return_inverse=True)
        numbers = self.reasons.numbers([say(int(code)) for code in present])
        if len(present):
            said[places] = numbers[where]

    def reason(self, judged: Judgement) -> Reason:
        """Why a formula got its verdict."""
        if judged.mistakes:
            return self.sentences.mistakes(judged.mistakes)
        return self.sentences.unreadable(judged.why)
