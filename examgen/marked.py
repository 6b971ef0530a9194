"""A marked exam as plain data: the seam between marking and the page that a student gets back.

It holds one student's exam and nothing of anybody else's. Text is prose with mathematics between
dollar signs, a field called `label` mathematics without them; what students wrote (`response`), and
what was said of its very characters (`note`), stands for itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from examgen.sheet import WorkedPart

Tone = Literal["good", "partly", "bad", "open"]


@dataclass(frozen=True)
class MarkedAnswer:
    """One answer, what was expected, and what became of it; `sign` says it in one character.

    feedback: at the last answer of a part what the author says of the part, in paragraphs.
    """

    part: str
    label: str
    response: str
    expected: str
    tone: Tone
    sign: str
    verdict: str
    points: str
    possible: str
    reason: str = ""
    note: str = ""
    feedback: tuple[str, ...] = ()


@dataclass(frozen=True)
class MarkedQuestion:
    """One question: its answers, its printed numbers, and the steps to what was missed."""

    number: int
    title: str
    points: str
    possible: str
    answers: tuple[MarkedAnswer, ...]
    givens: tuple[tuple[str, str], ...] = ()
    worked: tuple[WorkedPart, ...] = ()


@dataclass(frozen=True)
class MarkedExam:
    """One student's marked exam. `student` and `name` are verbatim from the roster."""

    title: str
    course: str
    date: str
    language: Literal["en", "de"]
    student: str
    name: str
    code: str
    points: str
    possible: str
    percent: str
    remarks: tuple[str, ...]
    questions: tuple[MarkedQuestion, ...]
