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
    """A node of a schematic figure; column and row are grid places, None where rules decide.

    marked: whether it is on a way that is pointed out.
    """

    id: str
    label: str
    shape: Literal["circle", "box", "pill", "plain", "dot"] = "circle"
    column: float | None = None
    row: float | None = None
    shaded: bool = False
    marked: bool = False


@dataclass(frozen=True)
class Edge:
    """An arrow between two vertices; `bend` lifts its middle off the straight line (grid units).

    via: grid places (column, row) that it runs through, its corners rounded. head: whether it ends
    in one. dashed: for what is not computed forward, or not always there. marked: whether it is on
    a way that is pointed out.
    """

    source: str
    target: str
    label: str = ""
    bend: float = 0.0
    via: tuple[tuple[float, float], ...] = ()
    head: bool = True
    dashed: bool = False
    marked: bool = False


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
    """One answer: its stable id, its label in TeX, and what is to be written in the box.

    decimals: how many a number is asked to. length: of a formula, the same for every variant; the
    box has room for it and tells no more than that.
    """

    id: str
    label: str
    kind: Literal["number", "formula"] = "number"
    hint: str = ""
    decimals: int | None = None
    length: Literal["short", "medium", "long"] = "short"


@dataclass(frozen=True)
class WorkingSpace:
    """Room for a working above the answers to a part; the height is in centimetres."""

    kind: Literal["lines", "grid", "blank"]
    height: float


@dataclass(frozen=True)
class PartSheet:
    """One part of a question: `(a) Compute ... (2 points)` and its answer boxes.

    note: what formulas may contain, and how it is typed. space: room to work in, if there is any.
    """

    label: str
    ask: str
    points: str
    slots: tuple[AnswerSlot, ...]
    note: str = ""
    space: WorkingSpace | None = None


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
    """One student's exam. `student` and `name` are verbatim from the roster, never markup.

    version: the letter of a paper that is for no one by name; then student and name are empty.
    aids: what students may use. cover: whether the first page is nothing but a cover.
    duplex: whether it has an even number of pages. large: whether it is in large print.
    seat: where the student sits, if that is known.
    """

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
    version: str = ""
    aids: tuple[str, ...] = ()
    cover: bool = False
    duplex: bool = False
    large: bool = False
    seat: str = ""


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
    """The worked answer to one part, step by step.

    feedback: what the author says of it afterwards, in paragraphs.
    notes: for instructors: the mistakes to look for, and what they lead to, a paragraph each.
    """

    label: str
    steps: tuple[Step, ...]
    feedback: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Solution:
    """The worked answers of one exam, question by question, beside the exam they answer."""

    exam: ExamSheet
    worked: tuple[tuple[WorkedPart, ...], ...]


@dataclass(frozen=True)
class FormulaGroup:
    """Some formulas of a formula sheet under a title: rules in words, and lines of TeX.

    A line is a formula and the one that belongs beside it, such as a function and its derivative.
    """

    title: str
    texts: tuple[str, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class FormulaSheet:
    """What may be handed out with an exam: the same for all, and nothing that is asked."""

    title: str
    course: str
    language: Literal["en", "de"]
    page_size: Literal["A4", "Letter"]
    groups: tuple[FormulaGroup, ...]
