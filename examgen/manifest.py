"""The manifest: the one file that says all the grader needs of a built exam.

It is columnar, so that a class of a million parses in seconds: numbers stand in columns as
`examgen.columns` prints them (`nan`: not asked of this student), texts in arrays; both run over the
students. `examgen.manifest_file` reads and writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from examgen.columns import read_column


@dataclass(frozen=True)
class ExamRecord:
    """Which exam this is: its printed head, its seed, and the id that tells two exams apart."""

    id: str
    title: str
    course: str
    date: str
    language: str
    seed: int


@dataclass(frozen=True)
class TemplateRecord:
    """The YAML text of a file, its SHA-256, and what each of its structures chooses, by name.

    structures: empty for a file without `choose:`.
    """

    sha256: str
    text: str
    structures: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class SlotForm:
    """What a slot is in one structure of a template."""

    label: str
    quantity: str
    points: float
    decimals: int | None


@dataclass(frozen=True)
class Slot:
    """One answer slot: its stable id, what it asks for, and what it is worth.

    Label and quantity are those of the first template that asks it, points the most that it gives.
    forms: where the structures of a file differ in these, one for each of the question's templates,
    None where the slot is not asked; empty where they are alike. follow_through: the share of the
    points for what follows from an earlier wrong answer.
    partial: the share of the points for a known mistake, by the mistake's name.
    """

    id: str
    part: str
    kind: Literal["number", "formula"]
    points: float
    decimals: int | None
    label: str
    quantity: str
    follow_through: float = 1.0
    partial: Mapping[str, float] = field(default_factory=dict)
    forms: tuple[SlotForm | None, ...] = ()

    def form(self, template: int) -> SlotForm:
        """What it is in one of the question's templates."""
        own = self.forms[template] if self.forms else None
        return own or SlotForm(self.label, self.quantity, self.points, self.decimals)

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels that it has on papers."""
        own = (form.label for form in self.forms if form is not None)
        return tuple(dict.fromkeys([self.label, *own]))


@dataclass(frozen=True)
class Rubric:
    """What holds for the whole exam.

    penalty: the share of its points that a wrong answer costs. round_to: totals are rounded, half
    up, to a multiple of it; None: not at all.
    """

    penalty: float = 0.0
    round_to: float | None = None


@dataclass(frozen=True)
class Question:
    """One question of the paper.

    templates: what its variants were drawn from: ids, or `id#2` for the second structure of a file
    that has several.
    """

    id: str
    title: str
    points: float
    templates: tuple[str, ...]
    slots: tuple[Slot, ...]

    @property
    def files(self) -> tuple[str, ...]:
        """The ids of the template files."""
        return tuple(dict.fromkeys(file_of(template) for template in self.templates))


def file_of(template: str) -> str:
    """The id of the file of a template.

    >>> file_of("mlp-2-2-2#4"), file_of("gru")
    ('mlp-2-2-2', 'gru')
    """
    return template.partition("#")[0]


@dataclass(frozen=True)
class Fairness:
    """How the variants of a question compare, as columns: their score, their work by component.

    score: empty where it was not computed.
    """

    score: str = ""
    effort: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Students:
    """The roster in paper order, ids verbatim; all columns are equally long."""

    student: tuple[str, ...]
    name: tuple[str, ...]
    group: tuple[str, ...]
    email: tuple[str, ...]
    code: tuple[str, ...]
    variant: str

    def __len__(self) -> int:
        return len(self.student)


@dataclass(frozen=True)
class NumberKey:
    """The right number of each student and how far an honest answer may lie, as columns."""

    expected: str
    tolerance: str


@dataclass(frozen=True)
class FormulaKey:
    """The right formula of each template of the question; empty where the template has none."""

    formula: tuple[str, ...]


@dataclass(frozen=True)
class Manifest:
    """All that the grader needs: exam, template texts, slots, roster, drawn numbers and key.

    `asked`, by question id: the column of which of the question's templates each student got.
    `given`, by question id and name: the numbers printed for each student, or a tuple of texts.
    `key`, by slot id. `fairness`, by question id. `forced`: why the exam was printed though a check
    of it failed; empty where none did.
    """

    exam: ExamRecord
    templates: Mapping[str, TemplateRecord]
    questions: tuple[Question, ...]
    students: Students
    asked: Mapping[str, str]
    given: Mapping[str, Mapping[str, str | tuple[str, ...]]]
    key: Mapping[str, NumberKey | FormulaKey]
    rubric: Rubric = field(default_factory=Rubric)
    fairness: Mapping[str, Fairness] = field(default_factory=dict)
    forced: str = ""

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """All slots in paper order."""
        return tuple(slot for question in self.questions for slot in question.slots)

    def expected(self, slot_id: str) -> NDArray[np.float64]:
        """The key of a number slot, `(students,)`; NaN where it was not asked."""
        return read_column(self._number_key(slot_id).expected)

    def tolerance(self, slot_id: str) -> NDArray[np.float64]:
        """How far from the key an answer may lie, `(students,)`."""
        return read_column(self._number_key(slot_id).tolerance)

    def template_of(self, question_id: str) -> NDArray[np.int64]:
        """Each student's template as an index into the question's templates, `(students,)`."""
        return read_column(self.asked[question_id]).astype(np.int64)

    def choice_of(self, template: str) -> Mapping[str, str]:
        """What a template of a question chooses, by name; empty for one of its own."""
        _, _, number = template.partition("#")
        record = self.templates[file_of(template)]
        return record.structures[int(number) - 1] if number else {}

    def worth(self, students: NDArray[np.int64]) -> NDArray[np.float64]:
        """The points of every slot for each of these students, `(students, slots)`."""
        columns = []
        for question in self.questions:
            template = self.template_of(question.id)[students]
            for slot in question.slots:
                if slot.forms:
                    points = np.array([slot.form(n).points for n in range(len(slot.forms))])
                    columns.append(points[template])
                else:
                    columns.append(np.full(len(students), slot.points))
        return np.array(columns).T.reshape(len(students), len(self.slots))

    def formulas(self, slot_id: str) -> tuple[str, ...]:
        """The right formulas of a formula slot, one a template of its question."""
        key = self.key[slot_id]
        assert isinstance(key, FormulaKey), f"bug: {slot_id} is no formula slot"
        return key.formula

    def givens(self, question_id: str, name: str) -> NDArray[np.float64]:
        """The printed numbers of one given, `(students,)`; NaN where a student had none."""
        column = self.given[question_id][name]
        assert isinstance(column, str), f"bug: {name} of {question_id} is no number"
        return read_column(column)

    def _number_key(self, slot_id: str) -> NumberKey:
        key = self.key[slot_id]
        assert isinstance(key, NumberKey), f"bug: {slot_id} is no number slot"
        return key
