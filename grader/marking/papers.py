"""The graph behind each student's paper: templates out of the manifest, and the numbers drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from examgen.errors import ExamgenError, Problem
from examgen.exam import column
from examgen.manifest import Manifest, Question
from examgen.misconceptions import Misconception, misconceptions
from examgen.template import Template, parse_template


@dataclass(frozen=True)
class Paper:
    """One template of one question, and those of the graded students who got it.

    question: index into `manifest.questions`. rows: indices into axis 0 of all (graded, slots)
    arrays. columns: the places of the template's slots among `manifest.slots`, parallel to
    `template.slots`. givens: the printed numbers by name, `(rows,)` each.
    """

    question: int
    template: Template
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    givens: dict[str, NDArray[np.float64]]

    @cached_property
    def mistakes(self) -> tuple[Misconception, ...]:
        """All misconceptions that can occur in its graph."""
        return misconceptions(self.template.quantities)


def papers(manifest: Manifest, students: NDArray[np.int64]) -> tuple[Paper, ...]:
    """The papers of the chosen students (roster indices); templates that nobody got are left out.

    Raises ExamgenError where the manifest's slots or numbers do not fit its own template texts.
    """
    found: list[Paper] = []
    first = 0
    for number, (question, used) in enumerate(_understood(manifest)):
        asked = manifest.template_of(question.id)[students]
        for index, template in enumerate(used):
            columns = first + np.arange(len(template.slots))
            rows = np.flatnonzero(asked == index)
            if len(rows):
                givens = _givens(manifest, question, template, students[rows])
                found.append(Paper(number, template, rows, columns, givens))
            first += len(template.slots)
    return tuple(found)


def _understood(manifest: Manifest) -> list[tuple[Question, list[Template]]]:
    """Every question with its templates. Raises ExamgenError where their slots are others."""
    templates = {
        name: parse_template(record.text, name) for name, record in manifest.templates.items()
    }
    pairs = [(q, [templates[name] for name in q.templates]) for q in manifest.questions]
    if problems := [problem for pair in pairs for problem in _misfits(*pair)]:
        raise ExamgenError(problems)
    return pairs


def _misfits(question: Question, used: Sequence[Template]) -> Iterator[Problem]:
    """The first slot that the manifest lists otherwise than the templates."""
    listed = [(slot.id, slot.kind, slot.quantity) for slot in question.slots]
    asked = [
        (column(question.id, template, slot, len(used)), slot.kind, slot.quantity)
        for template in used
        for slot in template.slots
    ]
    for found, expected in zip_longest(listed, asked):
        if found != expected:
            message = f"found {_shown(found)}, expected {_shown(expected)}"
            yield Problem(f"its slots do not fit its templates: {message}", path=question.id)
            return


def _shown(slot: tuple[str, str, str] | None) -> str:
    return "no more slots" if slot is None else f"{slot[0]} (a {slot[1]}: {slot[2]})"


def _givens(
    manifest: Manifest, question: Question, template: Template, students: NDArray[np.int64]
) -> dict[str, NDArray[np.float64]]:
    """The numbers of these students. Raises ExamgenError where one is missing."""
    found = {}
    for name in template.grids:
        stored = isinstance(manifest.given.get(question.id, {}).get(name), str)
        values = manifest.givens(question.id, name)[students] if stored else None
        if values is None or np.isnan(values).any():
            message = f"no numbers for '{name}', which {template.id} prints"
            raise ExamgenError(Problem(message, path=f"given.{question.id}"))
        found[name] = values
    return found
