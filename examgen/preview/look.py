"""What a template file shows when it is looked at: its question, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from examgen.drawing import draw_variants, sampler
from examgen.errors import ExamgenError, Problem
from examgen.files import read_text
from examgen.html.figures import figure
from examgen.notation import decimal
from examgen.numerals import given_text
from examgen.paper import variant_sheet
from examgen.part_file import PartFile
from examgen.printing import define
from examgen.proofread import template_problems
from examgen.sheet import AnswerSlot, PartSheet, QuestionSheet, Step
from examgen.slots import Slot, flattened
from examgen.solution import answer_node, symbols_of, worked_parts
from examgen.template import MOST_BYTES, Template, parse_templates
from examgen.text import Language, Text, fill, in_language
from examgen.tolerance import tolerances
from examgen.variant import Variants

SEED = 0
"""As `examgen show` has it, so that both show the same numbers for a variant."""

_PLACES = 6


@dataclass(frozen=True)
class Wanted:
    """What of a file its reader wants to see. structure: an index into those of `choose:`."""

    variant: int = 0
    structure: int = 0
    language: Language = "en"


@dataclass(frozen=True)
class Source:
    """What stands in a file, or why it cannot be read."""

    text: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A file understood: its templates, one a structure, or none and what is wrong."""

    source: Source
    templates: tuple[Template, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class KeyRow:
    """The right answer of a slot. label and answer are TeX; tolerance is empty for a formula."""

    label: str
    answer: str
    tolerance: str = ""


@dataclass(frozen=True)
class LookedPart:
    """A part of a question as asked, and all that its author wants to see beside it."""

    sheet: PartSheet
    key: tuple[KeyRow, ...]
    worked: tuple[Step, ...]
    hint: str
    feedback: str


@dataclass(frozen=True)
class Question:
    """One variant of a template. choices: what each structure of the file chooses."""

    sheet: QuestionSheet
    parts: tuple[LookedPart, ...]
    choices: tuple[str, ...]
    wanted: Wanted
    following: int


@dataclass(frozen=True)
class Look:
    """What a page shows: what is wrong with the file, if anything, and a question, if there is one.

    stale: the question is that of an earlier save, since the file shows none.
    """

    name: str
    text: str
    problems: tuple[Problem, ...]
    question: Question | None
    stale: bool = False


def source(path: Path) -> Source:
    """What stands in a file; nothing is raised. What is no file, such as a pipe, is not opened."""
    if path.exists() and not path.is_file():
        return Source("", (Problem("this is no file", path.name),))
    try:
        return Source(read_text(path, MOST_BYTES))
    except ExamgenError as error:
        return Source("", tuple(replace(problem, file=path.name) for problem in error.problems))


def reading(written: Source, name: str) -> Reading:
    """The templates that stand in a file of that name; nothing is raised."""
    if written.problems:
        return Reading(written, problems=written.problems)
    try:
        return Reading(written, parse_templates(written.text, name))
    except ExamgenError as error:
        return Reading(written, problems=error.problems)
    except Exception as error:
        return Reading(written, problems=(_unexpected(error),))


def _unexpected(error: Exception) -> Problem:
    """A mistake of the program's own: told like any other, since the page must outlive it."""
    return Problem(f"the program itself fails here: {type(error).__name__}: {error}")


def look(name: str, now: Reading, earlier: Reading, wanted: Wanted) -> Look:
    """What a file shows now; where that is nothing, what it showed at an earlier save."""
    question, problems = _attempt(now, wanted)
    if question is not None or not earlier.templates:
        return Look(name, now.source.text, problems, question)
    question, _ = _attempt(earlier, wanted)
    return Look(name, now.source.text, problems, question, stale=True)


def _attempt(reading: Reading, wanted: Wanted) -> tuple[Question | None, tuple[Problem, ...]]:
    """The question, if the file has one, and what is wrong."""
    if not reading.templates:
        return None, reading.problems
    structure = min(wanted.structure, len(reading.templates) - 1)
    template = reading.templates[structure]
    problems = template_problems(template)
    if problems:
        return None, tuple(problems)
    wanted = Wanted(wanted.variant, structure, wanted.language)
    try:
        return _question(template, reading.templates, wanted), ()
    except ExamgenError as error:
        return None, error.problems
    except Exception as error:
        return None, (_unexpected(error),)


def _question(template: Template, all_of_them: Sequence[Template], wanted: Wanted) -> Question:
    capacity = max(1, sampler(template, SEED).capacity)
    wanted = Wanted(wanted.variant % capacity, wanted.structure, wanted.language)
    variants = draw_variants(template, SEED, [wanted.variant])
    sheet = variant_sheet(variants, 0, wanted.language)
    if sheet.diagram:  # a label that cannot be set is told here, and not when the page is written
        figure(sheet.diagram)
    return Question(
        sheet,
        _parts(variants, sheet, wanted.language),
        tuple(map(chosen, all_of_them)),
        wanted,
        (wanted.variant + 1) % capacity,
    )


def chosen(template: Template) -> str:
    """What the structure of a template chooses, as a reader tells it from the others."""
    return ", ".join(f"{name}: {value}" for name, value in template.choice.items())


def _parts(variants: Variants, sheet: QuestionSheet, language: str) -> tuple[LookedPart, ...]:
    template = variants.template
    files = [file for _, _, file in flattened(template.file.parts)]
    widths = {name: float(width[0]) for name, width in tolerances(variants).items()}
    numbers = {name: given_text(value) for name, value in variants.draw.exact(0).items()}

    def told(text: Text | None) -> str:
        return "" if text is None else fill(in_language(text, language), numbers)

    def looked(
        asked: PartSheet, file: PartFile, slots: Sequence[Slot], steps: tuple[Step, ...]
    ) -> LookedPart:
        rows = tuple(
            _key_row(variants, *pair, widths) for pair in zip(slots, asked.slots, strict=True)
        )
        known = {f"{row.label} = {row.answer}" for row in rows}
        return LookedPart(asked, rows, _without(known, steps), told(file.hint), told(file.feedback))

    worked = worked_parts(variants, 0, language)
    return tuple(
        looked(asked, file, part.slots, steps.steps)
        for asked, file, part, steps in zip(sheet.parts, files, template.parts, worked, strict=True)
    )


def _without(known: Collection[str], steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps without formulas that stand in the key already."""
    shorter = [
        replace(step, formulas=tuple(f for f in step.formulas if f not in known)) for step in steps
    ]
    pairs = zip(shorter, steps, strict=True)
    return tuple(step for step, whole in pairs if step.formulas or not whole.formulas)


def _key_row(variants: Variants, slot: Slot, asked: AnswerSlot, widths: dict[str, float]) -> KeyRow:
    if slot.kind == "formula":
        node = answer_node(variants.template, slot)
        return KeyRow(asked.label, define(node, symbols_of(variants.template, slot)))
    answer = variants.printed(slot, 0)
    return KeyRow(asked.label, answer, decimal(Fraction(str(widths[slot.id])), _PLACES))
