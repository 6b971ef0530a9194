"""What stands on paper, as plain data: the seam between what is asked and how it is set.

Text is plain Unicode with mathematics between dollar signs (`Compute $\\hat y_1$.`); a field called
`tex` or `label` is mathematics without the dollars. Nothing here knows about PDF, and nothing in an
`ExamSheet` tells an answer: answers live in `Solution`, which only instructors' files contain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Vertex:
    """A node of a schematic figure; column and row are grid places, None where rules decide."""

    id: str
    label: str
    shape: Literal["circle", "box", "pill", "plain", "dot"] = "circle"
    column: float | None = None
    row: float | None = None
    shaded: bool = False


@dataclass(frozen=True)
class Edge:
    """An arrow between two vertices; `bend` lifts its middle off the straight line (grid units).

    via: grid places (column, row) that it runs through, its corners rounded. head: whether it ends
    in one. dashed: for what is not computed forward, or not always there.
    """

    source: str
    target: str
    label: str = ""
    bend: float = 0.0
    via: tuple[tuple[float, float], ...] = ()
    head: bool = True
    dashed: bool = False


@dataclass(frozen=True)
class Frame:
    """A rounded rectangle behind part of a figure, from (left, top) to (right, bottom) in grid
    places; its label, in TeX, stands in its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float
    label: str = ""


@dataclass(frozen=True)
class Diagram:
    """A schematic figure: the vertices and arrows, and a sentence for who cannot see it."""

    vertices: tuple[Vertex, ...]
    edges: tuple[Edge, ...]
    alternative: str = ""
    frames: tuple[Frame, ...] = ()


@dataclass(frozen=True)
class AnswerSlot:
    """One answer: its stable id, its label in TeX, and what is to be written in the box."""

    id: str
    label: str
    kind: Literal["number", "formula"] = "number"
    hint: str = ""


@dataclass(frozen=True)
class PartSheet:
    """One part of a question: `(a) Compute ... (2 points)` and its answer boxes.

    note: what formulas may contain, and how it is typed.
    """

    label: str
    ask: str
    points: str
    slots: tuple[AnswerSlot, ...]
    note: str = ""


@dataclass(frozen=True)
class QuestionSheet:
    """One question as a student sees it; `givens` are pairs of TeX symbol and printed number.

    working: the lines, in TeX, of a printed working that has a mistake in it.
    """

    number: int
    title: str
    points: str
    stem: tuple[str, ...]
    equations: tuple[str, ...]
    diagram: Diagram | None
    givens: tuple[tuple[str, str], ...]
    conventions: tuple[str, ...]
    parts: tuple[PartSheet, ...]
    working: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExamSheet:
    """One student's exam. `student` and `name` are verbatim from the roster, never markup."""

    title: str
    course: str
    date: str
    duration: str
    language: Literal["en", "de"]
    page_size: Literal["A4", "Letter"]
    instructions: tuple[str, ...]
    student: str
    name: str
    code: str
    points: str
    questions: tuple[QuestionSheet, ...]


@dataclass(frozen=True)
class Step:
    """A step of a worked answer: a sentence that leads in, then formulas aligned at their first
    relation.

    text: prose with mathematics between dollar signs, or empty.
    formulas: chains in TeX, such as `a = b = c`, one under the other.
    """

    text: str = ""
    formulas: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkedPart:
    """The worked answer to one part: sentences, and chains of TeX such as `a = b = c`.

    feedback: what the author says of it afterwards, in paragraphs.
    notes: for instructors: the mistakes to look for, and what they lead to, a paragraph each.
    """

    label: str
    lines: tuple[str, ...]
    feedback: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Solution:
    """The worked answers of one exam, question by question, beside the exam they answer."""

    exam: ExamSheet
    worked: tuple[tuple[WorkedPart, ...], ...]
