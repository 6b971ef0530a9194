"""From drawn variants to what stands on paper: the sheets of one student."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import chain

import numpy as np

from examgen.boxes import answer_box, rounding
from examgen.diagrams import diagram
from examgen.equations import equations
from examgen.exam import DrawnQuestion, Exam
from examgen.exam_file import WorkingSpaceFile
from examgen.numerals import given_tex, given_text, points_text
from examgen.permutation import Permutation
from examgen.roster import Student
from examgen.sheet import (
    Diagram,
    ExamSheet,
    PartSheet,
    QuestionSheet,
    Solution,
    WorkedPart,
    WorkingSpace,
)
from examgen.slots import Part, matches
from examgen.solution import notes as notes_of
from examgen.solution import worked_parts
from examgen.template import Template
from examgen.text import Text, fill, in_language, paragraphs
from examgen.variant import Variants
from examgen.vocabulary import stated
from examgen.working import working

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0/O, 1/I


def variant_codes(seed: int, numbers: Sequence[int] | range) -> list[str]:
    """Codes for variants of an exam, different for each, telling nothing of the seed.

    >>> len(set(variant_codes(1, range(1000))))
    1000
    """
    permutation = Permutation((len(_LETTERS),) * 6, f"code {seed}".encode())
    digits = permutation.digits(np.array(numbers, np.uint64))
    letters = np.array(list(_LETTERS))[np.array(digits, np.int64)].T  # (variants, 6)
    return [f"{''.join(code[:3])}-{''.join(code[3:])}" for code in letters]


def exam_sheet(
    exam: Exam,
    drawn: tuple[DrawnQuestion, ...],
    student: Student,
    number: int,
    *,
    lettered: bool = False,
    large: bool = False,
) -> ExamSheet:
    """The exam of student `number` (their place in the draw).

    lettered: the student is a version that is for no one by name. large: it is in large print.
    """
    file = exam.file
    return ExamSheet(
        title=file.title,
        course=file.course,
        date=file.date,
        duration=file.duration,
        language=file.language,
        page_size=file.page_size,
        instructions=tuple(in_language(text, file.language) for text in file.all_instructions),
        student="" if lettered else student.student,
        name=student.name,
        code=variant_codes(file.seed, [number])[0],
        points=points_text(exam.points),
        questions=tuple(
            _spaced(question_sheet(question, number, place, file.language), file.working_space)
            for place, question in enumerate(drawn, start=1)
        ),
        version=student.student if lettered else "",
        aids=tuple(in_language(text, file.language) for text in file.all_aids),
        cover=file.cover,
        duplex=file.duplex,
        large=large or student.large,
        seat=student.seat,
    )


def _spaced(question: QuestionSheet, asked: WorkingSpaceFile) -> QuestionSheet:
    """The question with room to work in: of the exam's kind, as high as the template says or it."""
    if asked.kind == "none":
        return question
    usual = WorkingSpace(asked.kind, float(asked.height))
    parts = tuple(
        replace(part, space=replace(part.space or usual, kind=usual.kind))
        for part in question.parts
    )
    return replace(question, parts=parts)


def solution_sheet(
    sheet: ExamSheet, drawn: tuple[DrawnQuestion, ...], number: int, *, notes: bool = False
) -> Solution:
    """The worked answers of student `number`; notes: with the mistakes to look for."""
    worked = (_worked(*question.of(number), sheet.language, notes) for question in drawn)
    return Solution(sheet, tuple(worked))


def _worked(
    variants: Variants, row: int, language: str, with_notes: bool
) -> tuple[WorkedPart, ...]:
    told = feedback(variants, row, language)
    known = notes_of(variants, row, language) if with_notes else {}
    return tuple(
        replace(part, feedback=told.get(part.label, ()), notes=known.get(part.label, ()))
        for part in worked_parts(variants, row, language)
    )


def feedback(variants: Variants, row: int, language: str) -> dict[str, tuple[str, ...]]:
    """What a template tells of its parts afterwards: paragraphs by the label of the part."""
    numbers = {name: given_text(value) for name, value in variants.draw.exact(row).items()}
    return {
        part.label: paragraphs(fill(in_language(part.feedback, language), numbers))
        for part in variants.template.parts
        if part.feedback is not None
    }


def question_sheet(drawn: DrawnQuestion, number: int, place: int, language: str) -> QuestionSheet:
    """One question of student `number`, as question `place` of the paper."""
    variants, row = drawn.of(number)
    return variant_sheet(variants, row, language, place, drawn.question.points)


def variant_sheet(
    variants: Variants,
    row: int,
    language: str,
    place: int = 1,
    points: Fraction | None = None,
) -> QuestionSheet:
    """One variant of a template as a question; points: if not those of the template."""
    template = variants.template
    points = template.points if points is None else points
    scale = points / template.points if template.points else Fraction(1)
    numbers = {name: given_text(value) for name, value in variants.draw.exact(row).items()}
    fixed = _fixed(_Same(template), language)

    def text(written: Text) -> str:
        return fill(in_language(written, language), numbers)

    return QuestionSheet(
        number=place,
        title=text(template.file.title),
        points=points_text(points),
        stem=paragraphs(text(template.file.stem)),
        equations=fixed.equations,
        diagram=fixed.diagram,
        givens=tuple((tex, given_tex(numbers[name])) for name, tex in fixed.givens),
        conventions=(*map(text, template.file.conventions), *rounding(template, language)),
        parts=tuple(
            replace(
                sheet,
                ask=text(part.ask),
                points=points_text(part.points * scale) if part.slots else "",
            )
            for part, sheet in zip(template.parts, fixed.parts, strict=True)
        ),
        working=working(variants, row),
    )


@dataclass(frozen=True)
class _Fixed:
    """What is the same in every variant of a template; givens are pairs of name and TeX."""

    equations: tuple[str, ...]
    diagram: Diagram | None
    givens: tuple[tuple[str, str], ...]
    parts: tuple[PartSheet, ...]


@dataclass(frozen=True, eq=False)
class _Same:
    """A template that equals itself and no other: it is too large to be compared."""

    template: Template

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.template is self.template

    def __hash__(self) -> int:
        return id(self.template)


@lru_cache(maxsize=64)
def _fixed(same: _Same, language: str) -> _Fixed:
    template = same.template
    symbols = template.quantities.symbols
    return _Fixed(
        equations=equations(template.quantities) if template.file.equations else (),
        diagram=diagram(template.quantities, language, template.file.figure),
        givens=tuple((name, symbols.tex(name)) for name in ordered_givens(template)),
        parts=tuple(_part_sheet(template, part, language) for part in template.parts),
    )


def _part_sheet(template: Template, part: Part, language: str) -> PartSheet:
    """A part without its text and its points."""
    return PartSheet(
        label=part.label,
        ask="",
        points="",
        slots=tuple(answer_box(template, slot, language) for slot in part.slots),
        note=stated(template, part, language),
        space=WorkingSpace("blank", float(part.space)) if part.space else None,
    )


def ordered_givens(template: Template) -> list[str]:
    """The givens in the order in which the template's `sample` names them; x[2] before x[10].

    A family stays together: x[2] stands after x[1], though it may have an entry of its own.
    """
    entries = list(template.file.sample)
    families = list(dict.fromkeys(map(_family, template.quantities.givens)))

    def place(name: str) -> tuple[int, int, list[int]]:
        own = (k for k, entry in enumerate(entries) if _family(entry) == _family(name))
        fitting = (k for k, entry in enumerate(entries) if entry == name or matches(entry, name))
        indices = [int(index) for index in re.findall(r"\d+", name.partition("[")[2])]
        return next(chain(own, fitting)), families.index(_family(name)), indices

    return sorted(template.quantities.givens, key=place)


def _family(name: str) -> str:
    """x of x[1]."""
    return name.partition("[")[0]
