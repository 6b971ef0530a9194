"""The graph behind each student's paper: templates out of the manifest, and the numbers drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from examgen.errors import ExamgenError, Problem
from examgen.exam import column
from examgen.manifest import Manifest, Question, file_of
from examgen.template import Template, parse_template
from grader.marking.reasons import Sentences


@dataclass(frozen=True)
class Paper:
    """One template of one question, and those of the graded students who got it.

    question: index into `manifest.questions`. template: one structure of a template file. rows:
    indices into axis 0 of all (graded, slots) arrays. columns: the places of the template's slots
    among `manifest.slots`, parallel to `template.slots`. givens: the printed numbers by name,
    `(rows,)` each.
    """

    question: int
    template: Template
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    givens: dict[str, NDArray[np.float64]]

    def sentences(self, manifest: Manifest) -> Sentences:
        """What words its reasons, in the exam's language and with the exam's slot ids."""
        slots = [manifest.slots[column].id for column in self.columns.tolist()]
        return Sentences(self.template, manifest.exam.language, slots)


def papers(manifest: Manifest, students: NDArray[np.int64]) -> tuple[Paper, ...]:
    """The papers of the chosen students (roster indices); templates that nobody got are left out.

    Raises ExamgenError where the manifest's slots or numbers do not fit its own template texts.
    """
    found: list[Paper] = []
    first = 0
    for number, (question, used) in enumerate(_understood(manifest)):
        asked = manifest.template_of(question.id)[students]
        places = {slot.id: first + place for place, slot in enumerate(question.slots)}
        for index, template in used.items():
            ids = _ids(question, template)
            rows = np.flatnonzero(asked == index)
            if len(rows):
                columns = np.array([places[name] for name in ids], dtype=np.int64)
                givens = _givens(manifest, question, template, students[rows])
                found.append(Paper(number, template, rows, columns, givens))
        first += len(question.slots)
    return tuple(found)


def _ids(question: Question, template: Template) -> list[str]:
    """The columns of a template's slots."""
    one_of = len(question.files)
    return [column(question.id, template, slot, one_of) for slot in template.slots]


def _understood(manifest: Manifest) -> list[tuple[Question, dict[int, Template]]]:
    """Every question with those of its templates that somebody got, by their places there.

    Raises ExamgenError where their slots are others.
    """
    read: dict[str, Template] = {}
    pairs = []
    for question in manifest.questions:
        used = {}
        for index in np.unique(manifest.template_of(question.id)).tolist():
            name = question.templates[index]
            used[index] = read[name] = read.get(name) or _read(manifest, name)
        pairs.append((question, used))
    if problems := [problem for pair in pairs for problem in _misfits(*pair)]:
        raise ExamgenError(problems)
    return pairs


def _read(manifest: Manifest, name: str) -> Template:
    """A template by its name in the manifest. Raises ExamgenError where its choices are others."""
    file, _, number = name.partition("#")
    template = parse_template(manifest.templates[file].text, file, int(number or 1) - 1)
    if dict(template.choice) != dict(manifest.choice_of(name)):
        raise ExamgenError(Problem("its choices are not those of its text", path=name))
    return template


def _misfits(question: Question, used: Mapping[int, Template]) -> Iterator[Problem]:
    """The first slot that the manifest lists otherwise than the templates."""
    for index, template in used.items():
        listed = list(_listed(question, index))
        asked = [
            (name, slot.kind, slot.quantity)
            for name, slot in zip(_ids(question, template), template.slots, strict=True)
        ]
        if sorted(listed) == sorted(asked):  # structures may ask in another order
            continue
        pairs = zip_longest(listed, asked)
        found, expected = next((one, other) for one, other in pairs if one != other)
        message = f"found {_shown(found)}, expected {_shown(expected)}"
        yield Problem(f"its slots do not fit its templates: {message}", path=question.id)
        return


def _listed(question: Question, index: int) -> Iterator[tuple[str, str, str]]:
    """The slots that a template has by the manifest."""
    prefix = f"{question.id}."
    if len(question.files) > 1:
        prefix += f"{file_of(question.templates[index])}."
    for slot in question.slots:
        if slot.id.startswith(prefix) and not (slot.forms and slot.forms[index] is None):
            yield slot.id, slot.kind, slot.form(index).quantity


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
            message = f"no numbers for '{name}', which {template.name} prints"
            raise ExamgenError(Problem(message, path=f"given.{question.id}"))
        found[name] = values
    return found
