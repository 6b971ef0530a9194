"""What a round of practice is, as plain values; nothing here reads, writes, draws or marks.

A round asks some answers (slots) of one variant of a question. Text is prose with mathematics
between dollar signs, unless it is said to stand for itself: what a student wrote never is prose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from examgen.sheet import AnswerSlot, QuestionSheet, Step

Judged = Literal["right", "rounded", "follows", "mistake", "wrong", "unreadable"]
"""What became of one response. rounded: right, but not the number that the rounding asked for
gives; follows: what follows from an earlier slip; mistake: a known one, by its name."""

GOOD: frozenset[Judged] = frozenset({"right", "rounded", "follows"})
"""After these there is nothing to be mended in the answer."""

Grade = Literal["right", "helped", "missed"]
"""How a round went for one skill: right at once; right with hints or a slip mended; or missed."""

Trail = tuple[tuple[str, str], ...]
"""A way through a graph: pairs of names of quantities, each value and one computed from it."""

LONGEST_RESPONSE = 1000
"""Characters of a response that are kept; one so long cannot be read anyway."""


@dataclass(frozen=True)
class Task:
    """What a round asks: enough to pose the very same question at any time.

    question: its id in the bank, or the path of a template file. fingerprint: of the template.
    structure: its place among those of the file, from 0. numbers: every given by name as an exact
    fraction (`-1/2`). asked: ids of slots in paper order, of whole parts; what earlier parts ask
    is told. skill: the one it was chosen for, empty if the student chose the question. mixed:
    whether the skill is not announced, among others, as in an exam.
    """

    question: str
    fingerprint: str
    structure: int
    numbers: tuple[tuple[str, str], ...]
    asked: tuple[str, ...]
    skill: str = ""
    mixed: bool = False


@dataclass(frozen=True)
class Feedback:
    """What is said of one response.

    reason: prose, empty where the verdict says all. note: why a response cannot be read, text that
    stands for itself; column: of the character where reading ended, from 1. mistakes: names of the
    misconceptions that lead to it. follows: ids of the slots with the slip that it follows from.
    trail: where in the graph the mistake is. coarse: whether it is right but for too few decimals.
    """

    slot: str
    verdict: Judged
    reason: str = ""
    note: str = ""
    column: int | None = None
    mistakes: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    trail: Trail = ()
    coarse: bool = False


@dataclass(frozen=True)
class Attempt:
    """A response, verbatim, and what was said of it. A blank one is no attempt."""

    slot: str
    response: str
    feedback: Feedback
    at: datetime


@dataclass(frozen=True)
class Round:
    """A round as far as it has come.

    hints: for each slot how many steps of its derivation were shown. passed: slots that the student
    left as they are, or whose whole derivation was shown. closed: when it ended; grades: by skill,
    empty before.
    """

    id: int
    task: Task
    begun: datetime
    attempts: tuple[Attempt, ...] = ()
    hints: Mapping[str, int] = field(default_factory=dict)
    passed: frozenset[str] = frozenset()
    closed: datetime | None = None
    grades: Mapping[str, Grade] = field(default_factory=dict)

    def attempts_at(self, slot: str) -> tuple[Attempt, ...]:
        """The responses to a slot, first to last."""
        return tuple(attempt for attempt in self.attempts if attempt.slot == slot)

    def standing(self, slot: str) -> Attempt | None:
        """The response that counts for what follows: the last that could be read."""
        read = [one for one in self.attempts_at(slot) if one.feedback.verdict != "unreadable"]
        return read[-1] if read else None

    def is_settled(self, slot: str) -> bool:
        """Whether there is nothing left to do in a slot."""
        standing = self.standing(slot)
        good = standing is not None and standing.feedback.verdict in GOOD
        return good or slot in self.passed

    @property
    def current(self) -> str | None:
        """The slot that is asked next, None when all are settled or the round was ended."""
        if self.closed is not None:
            return None
        return next((slot for slot in self.task.asked if not self.is_settled(slot)), None)

    def first(self, slot: str) -> Attempt | None:
        """The response that is graded: the first that could be read.

        One rounded too coarsely is not, unless it is all there is: the way to it was right.
        """
        read = [one for one in self.attempts_at(slot) if one.feedback.verdict != "unreadable"]
        fine = (one for one in read if not one.feedback.coarse)
        return next(fine, read[0] if read else None)


@dataclass(frozen=True)
class Hint:
    """One step of a derivation: the rule, the paths, the local derivatives, the numbers.

    text: prose, or empty. formulas: chains in TeX, one under the other. answers: whether the step
    tells the answer.
    """

    kind: Literal["author", "rule", "paths", "local", "numbers", "answer"]
    text: str
    formulas: tuple[str, ...] = ()
    answers: bool = False


@dataclass(frozen=True)
class MarkedStep:
    """A step of the worked answer, with the student's own answers to what it arrives at."""

    step: Step
    own: tuple[Attempt, ...] = ()


@dataclass(frozen=True)
class MarkedPart:
    """The worked answer to a part with the student's own steps in it.

    feedback: what the author says of the part afterwards, in paragraphs.
    """

    label: str
    steps: tuple[MarkedStep, ...]
    feedback: tuple[str, ...] = ()


@dataclass(frozen=True)
class SlotView:
    """One answer of a round as it is shown.

    expected: prose, empty until the slot is settled. hints: those shown; left: how many are not, 1
    before the first (to count them they would have to be written).
    """

    slot: AnswerSlot
    part: str
    attempts: tuple[Attempt, ...]
    hints: tuple[Hint, ...]
    left: int
    settled: bool
    passed: bool
    expected: str = ""

    @property
    def last(self) -> Attempt | None:
        """The last response."""
        return self.attempts[-1] if self.attempts else None


@dataclass(frozen=True)
class RoundView:
    """All that a face shows of a round; nothing in it tells an answer before its time.

    sheet: the question with the parts that are asked; its diagram bears the last mistake's trail.
    known: what earlier parts asked, pairs of TeX symbol and number. current: the slot asked next,
    None once the round has ended. skill: what it trains, in words; empty while that is not
    announced. worked: once it has ended with something missed, the steps with the student's own
    beside them. grades: by skill in words, once it has ended.
    """

    id: int
    sheet: QuestionSheet
    known: tuple[tuple[str, str], ...]
    slots: tuple[SlotView, ...]
    current: str | None
    skill: str
    mixed: bool
    worked: tuple[MarkedPart, ...] = ()
    grades: tuple[tuple[str, Grade], ...] = ()

    @property
    def ended(self) -> bool:
        """Whether all is settled."""
        return self.current is None

    def of(self, slot: str) -> SlotView:
        """The view of a slot. Raises KeyError for one that is not asked."""
        for one in self.slots:
            if one.slot.id == slot:
                return one
        raise KeyError(slot)


Why = Literal["limit", "new", "done"]
"""What is done: today's rounds, as many new skills as a day has, or all that is due."""


@dataclass(frozen=True)
class Rest:
    """There is no round to be done now.

    rounds: those done today. due: when the next skill is due, None if none ever is.
    """

    why: Why
    rounds: int
    due: datetime | None


Stage = Literal["new", "learning", "learned", "mastered"]
"""How far a skill is: mastered ones were right, unannounced and without hints, on a later day."""


@dataclass(frozen=True)
class SkillView:
    """A skill on the progress page. recall: the chance that it would be right now, 0 to 1."""

    id: str
    name: str
    stage: Stage
    recall: float
    due: datetime | None
    rounds: int
    missed: int


@dataclass(frozen=True)
class Progress:
    """Where a student stands; nothing of it counts days in a row.

    days: (date, rounds, rounds with nothing missed) of days with any, oldest first. ahead: (date,
    skills due) for the coming days. mistakes: (what is told of it, how often), the most frequent
    first. exam: the day to be ready for.
    """

    skills: tuple[SkillView, ...]
    days: tuple[tuple[date, int, int], ...]
    ahead: tuple[tuple[date, int], ...]
    mistakes: tuple[tuple[str, int], ...]
    rounds_today: int
    limit: int
    exam: date | None = None
