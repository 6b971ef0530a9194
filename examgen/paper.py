"""From drawn variants to what stands on paper: the sheets of one student."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import chain

import numpy as np

from examgen.exam import DrawnQuestion, Exam
from examgen.notation import decimal
from examgen.permutation import Permutation
from examgen.planted import RIGHT_VALUE, WRONG_LINE
from examgen.roster import Student
from examgen.schematic import diagram, equations
from examgen.sheet import (
    AnswerSlot,
    ExamSheet,
    PartSheet,
    QuestionSheet,
    Solution,
)
from examgen.slots import Slot, matches
from examgen.solution import slot_label, worked_parts
from examgen.template import Template
from examgen.text import Text, fill, in_language, paragraphs
from examgen.variant import Variants
from examgen.vocabulary import stated
from examgen.working import working

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0/O, 1/I
_MOST_PLACES = 300  # of a decimal on a grid; see the bounds of template files


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
    exam: Exam, drawn: tuple[DrawnQuestion, ...], student: Student, number: int
) -> ExamSheet:
    """The exam of student `number` (their place in the draw)."""
    file = exam.file
    return ExamSheet(
        title=file.title,
        course=file.course,
        date=file.date,
        duration=file.duration,
        language=file.language,
        page_size=file.page_size,
        instructions=tuple(in_language(text, file.language) for text in file.all_instructions),
        student=student.student,
        name=student.name,
        code=variant_codes(file.seed, [number])[0],
        points=points_text(exam.points),
        questions=tuple(
            question_sheet(question, number, place, file.language)
            for place, question in enumerate(drawn, start=1)
        ),
    )


def solution_sheet(sheet: ExamSheet, drawn: tuple[DrawnQuestion, ...], number: int) -> Solution:
    """The worked answers of student `number`."""
    worked = []
    for question in drawn:
        variants, row = question.of(number)
        told = feedback(variants, row, sheet.language)
        parts = worked_parts(variants, row, sheet.language)
        worked.append(tuple(replace(part, feedback=told.get(part.label, ())) for part in parts))
    return Solution(sheet, tuple(worked))


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
    exact = variants.draw.exact(row)
    numbers = {name: given_text(value) for name, value in exact.items()}
    symbols = template.quantities.symbols

    def text(written: Text) -> str:
        return fill(in_language(written, language), numbers)

    return QuestionSheet(
        number=place,
        title=text(template.file.title),
        points=points_text(points),
        stem=paragraphs(text(template.file.stem)),
        equations=equations(template.quantities) if template.file.equations else (),
        diagram=diagram(template.quantities) if template.file.figure else None,
        givens=tuple(
            (symbols.tex(name), _minus(numbers[name])) for name in ordered_givens(template)
        ),
        conventions=(*map(text, template.file.conventions), *_rounding(template, language)),
        parts=tuple(
            PartSheet(
                label=part.label,
                ask=text(part.ask),
                points=points_text(part.points * scale) if part.slots else "",
                slots=tuple(_answer_slot(template, slot, language) for slot in part.slots),
                note=stated(template, part, language),
            )
            for part in template.parts
        ),
        working=working(variants, row),
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


def _minus(number: str) -> str:
    return number.replace("-", "\N{MINUS SIGN}")


def _answer_slot(template: Template, slot: Slot, language: str) -> AnswerSlot:
    other = _has_decimals(slot) and slot.decimals != _usual_decimals(template)
    hint = _DECIMALS[language].format(n=slot.decimals) if other else ""
    label = slot_label(template, slot)
    if template.planted is not None and slot.quantity in _IN_WORDS:
        label = rf"\text{{{_IN_WORDS[slot.quantity][language]} }}{label}"
    return AnswerSlot(slot.id, label, slot.kind, hint)


# n and v_n stand in no equation of the question that would say what they are.
_IN_WORDS = {
    WRONG_LINE: {"en": "number of the line", "de": "Nummer der Zeile"},
    RIGHT_VALUE: {"en": "right value", "de": "richtiger Wert"},
}

_DECIMALS = {"en": "decimals: {n}", "de": "Nachkommastellen: {n}"}
_ROUNDING = {
    "en": "Give numbers to {n} decimals, or exactly.",
    "de": "Geben Sie Zahlen auf {n} Nachkommastellen oder exakt an.",
}


def _rounding(template: Template, language: str) -> list[str]:
    """How precise numbers have to be, where numbers are asked for."""
    usual = _usual_decimals(template)
    return [] if usual is None else [_ROUNDING[language].format(n=usual)]


def _usual_decimals(template: Template) -> int | None:
    """What most numbers are asked to; the others say in their boxes what they need."""
    asked = Counter(slot.decimals for slot in template.slots if _has_decimals(slot))
    return max(asked, key=asked.__getitem__, default=None)


def _has_decimals(slot: Slot) -> bool:
    """Whether a slot asks for a number that may be rounded, other than that of a line."""
    return slot.kind == "number" and slot.quantity != WRONG_LINE


def given_text(value: Fraction) -> str:
    """A given as printed: what stands there is the number used, so it is never rounded.

    >>> given_text(Fraction(-1, 8)), given_text(Fraction(1, 3))
    ('-0.125', '1/3')
    """
    shown = decimal(value, _MOST_PLACES)
    return shown if Fraction(shown) == value else str(value)


def points_text(points: Fraction) -> str:
    """Points as printed: 9, 2.5, 1/3. All numbers of a paper have a decimal point.

    >>> points_text(Fraction(5, 2)), points_text(Fraction(1, 3))
    ('2.5', '1/3')
    """
    shown = decimal(points, 2)
    return shown if Fraction(shown) == points else str(points)
