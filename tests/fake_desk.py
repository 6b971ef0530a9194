"""A desk that marks by itself what it is told: for tests of faces, which only show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from threading import RLock

from conftest import of_the_bank

from examgen.drawing import draw_variants
from examgen.paper import variant_sheet
from examgen.sheet import Diagram, QuestionSheet, Step
from examgen.solution import worked_parts
from examgen.text import Language
from examgen.variant import Variants
from grader.practice.desk import UnknownRoundError
from grader.practice.values import (
    GOOD,
    Attempt,
    Feedback,
    Hint,
    Judged,
    MarkedPart,
    MarkedStep,
    Progress,
    Rest,
    RoundView,
    SkillView,
    SlotView,
)

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
EVIL = "<script>alert(1)</script>\u202e'\""
VERDICTS: dict[str, Feedback] = {
    "rounded": Feedback("", "rounded", "To three decimals it is $0.123$."),
    "follows": Feedback("", "follows", "It follows from your answer to $z$.", follows=("z",)),
    "mistake": Feedback("", "mistake", "The factor $w$ was forgotten.", trail=(("a", "b"),)),
    "1,2,3": Feedback("", "unreadable", note="two commas: a list, or a number?", column=4),
}
"""What is said of some responses; `right` and the right number are right, all others wrong."""


@cache
def drawn(question: str) -> Variants:
    """A variant of a question of the bank."""
    return draw_variants(of_the_bank(question)[0], 5, [0])


@dataclass
class Played:
    """A round, as far as it has come."""

    question: str
    language: Language
    attempts: dict[str, list[Attempt]] = field(default_factory=dict)
    hints: dict[str, int] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)
    skipped: bool = False

    @property
    def sheet(self) -> QuestionSheet:
        """The question, its figure marked after a named mistake."""
        sheet = variant_sheet(drawn(self.question), 0, self.language)
        last = [one for several in self.attempts.values() for one in several[-1:]]
        if sheet.diagram and any(one.feedback.trail for one in last):
            return replace(sheet, diagram=marked(sheet.diagram))
        return sheet

    def settled(self, slot: str) -> bool:
        """Whether nothing is left to do."""
        good = any(one.feedback.verdict in GOOD for one in self.attempts.get(slot, ()))
        return good or slot in self.passed

    def expected(self, slot: str) -> str:
        """The right answer."""
        found = next(one for one in drawn(self.question).template.slots if one.id == slot)
        return drawn(self.question).printed(found, 0) if found.kind == "number" else "x"


def marked(diagram: Diagram) -> Diagram:
    """With its first edge marked."""
    first, *others = diagram.edges
    return replace(diagram, edges=(replace(first, marked=True), *others))


HINTS = (
    Hint("rule", "The chain rule: along every path multiply, then add."),
    Hint("paths", "One path leads there:", (r"\frac{\partial L}{\partial w} = a \cdot b",)),
    Hint("answer", "So it is", ("w = 1",), answers=True),
)


class FakeDesk:
    """Rounds of some questions in turn, with no memory of skills."""

    def __init__(
        self, questions: Sequence[str] = ("mlp-2-2-2",), language: Language = "en"
    ) -> None:
        self.language: Language = language
        self.title = ""
        self.questions = questions
        self.rounds: list[Played] = []
        self.calls: list[str] = []
        self.limit, self.exam = 20, None
        self._lock = RLock()

    def start(self) -> RoundView | Rest:
        """The round that is open, else the next one."""
        with self._lock:
            if self.rounds and not self._ended(self.rounds[-1]):
                return self.view(len(self.rounds))
            return self.next()

    def next(self, ahead: bool = False) -> RoundView | Rest:
        """Another one."""
        with self._lock:
            self.calls.append(f"next {ahead}")
            if len(self.rounds) >= self.limit and not ahead:
                return Rest("limit", len(self.rounds), NOW)
            question = self.questions[len(self.rounds) % len(self.questions)]
            self.rounds.append(Played(question, self.language))
            return self.view(len(self.rounds))

    def view(self, number: int) -> RoundView:
        """A round as it is."""
        played = self._played(number)
        slots = tuple(
            self._slot(played, part.label, one) for part in played.sheet.parts for one in part.slots
        )
        current = next((one.slot.id for one in slots if not one.settled), None)
        if played.skipped:
            current = None
        ended = current is None
        return RoundView(
            number,
            played.sheet,
            ((r"\hat y_1", "0.5"),),
            slots,
            current,
            "chain rule through one path",
            False,
            self._worked(played) if ended and self._missed(played) else (),
            (("chain rule through one path", "missed"), ("forward pass", "right")) if ended else (),
        )

    def _slot(self, played: Played, part: str, slot: object) -> SlotView:
        attempts = tuple(played.attempts.get(slot.id, ()))  # type: ignore[attr-defined]
        shown = played.hints.get(slot.id, 0)  # type: ignore[attr-defined]
        settled = played.settled(slot.id)  # type: ignore[attr-defined]
        expected = played.expected(slot.id) if settled else ""  # type: ignore[attr-defined]
        return SlotView(
            slot,  # type: ignore[arg-type]
            part,
            attempts,
            HINTS[:shown],
            len(HINTS) - shown,
            settled,
            slot.id in played.passed,  # type: ignore[attr-defined]
            f"${expected}$" if expected else "",
        )

    def _missed(self, played: Played) -> bool:
        return bool(played.passed) or any(
            one.feedback.verdict not in GOOD for many in played.attempts.values() for one in many
        )

    def _ended(self, played: Played) -> bool:
        return played.skipped or all(
            played.settled(slot.id) for part in played.sheet.parts for slot in part.slots
        )

    def _worked(self, played: Played) -> tuple[MarkedPart, ...]:
        own = [one for many in played.attempts.values() for one in many[-1:]]
        return tuple(
            MarkedPart(
                part.label,
                tuple(MarkedStep(step, tuple(own[:1])) for step in part.steps or (Step("-"),)),
            )
            for part in worked_parts(drawn(played.question), 0, self.language)
        )

    def _played(self, number: int) -> Played:
        if not 1 <= number <= len(self.rounds):
            raise UnknownRoundError(f"/secret/path: there is no round {number}")
        return self.rounds[number - 1]

    def answer(self, number: int, responses: Mapping[str, str]) -> RoundView:
        """Marked by what stands in VERDICTS."""
        with self._lock:
            self.calls.append(f"answer {dict(responses)}")
            played = self._played(number)
            for slot, text in responses.items():
                if text.strip() and not played.settled(slot):
                    said = self._said(played, slot, text.strip())
                    later = NOW + timedelta(seconds=len(self.calls))
                    played.attempts.setdefault(slot, []).append(Attempt(slot, text, said, later))
            return self.view(number)

    def _said(self, played: Played, slot: str, text: str) -> Feedback:
        if text in ("right", played.expected(slot)):
            return Feedback(slot, "right")
        verdict: Judged = "wrong"
        return replace(VERDICTS.get(text, Feedback("", verdict, "Look at the sign.")), slot=slot)

    def hint(self, number: int, slot: str) -> RoundView:
        """One more; the last one settles."""
        with self._lock:
            self.calls.append(f"hint {slot}")
            played = self._played(number)
            shown = played.hints[slot] = min(played.hints.get(slot, 0) + 1, len(HINTS))
            if shown == len(HINTS):
                played.passed.add(slot)
            return self.view(number)

    def leave(self, number: int, slot: str) -> RoundView:
        """Passed."""
        with self._lock:
            self.calls.append(f"leave {slot}")
            self._played(number).passed.add(slot)
            return self.view(number)

    def skip(self, number: int) -> None:
        """Ended."""
        with self._lock:
            self.calls.append("skip")
            self._played(number).skipped = True

    def set_exam(self, day: date | None) -> None:
        """Kept."""
        self.exam = day

    def export(self) -> str:
        """Something that is JSON."""
        return '{"rounds": []}\n'

    def progress(self) -> Progress:
        """Something of everything; nothing before the first round."""
        if not self.rounds:
            return Progress((), (), (), (), 0, self.limit)
        today = NOW.date()
        skills = (
            SkillView("path", "chain rule through one path", "mastered", 0.93, NOW, 12, 2),
            SkillView(
                "sum", "sum over paths that meet again further up", "learned", 0.61, NOW, 5, 1
            ),
            SkillView("time", "weight sharing over time", "learning", 0.2, NOW, 1, 1),
            SkillView("lstm", "LSTM cell", "new", 0.0, None, 0, 0),
        )
        days = tuple((today - timedelta(k), 2 + k % 3, 1 + k % 2) for k in (21, 20, 14, 9, 3, 1, 0))
        ahead = tuple((today + timedelta(k), 1 + k % 3) for k in (0, 1, 2, 5, 9))
        mistakes = ((f"The derivative {EVIL} of $\\sigma$ left out", 7), ("a sign lost", 2))
        return Progress(skills, days, ahead, mistakes, len(self.rounds), self.limit, self.exam)
