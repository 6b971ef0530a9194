"""Hints: the derivation of one answer, to be revealed step by step."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from itertools import takewhile

from examgen.numerals import given_text
from examgen.slots import Part, Slot
from examgen.solution import outline_of
from examgen.solution.plan import Plan
from examgen.solution.words import WORDS
from examgen.template import Template
from examgen.text import Language, fill, in_language
from examgen.variant import Variants
from grader.practice.hints.author import HintAuthor
from grader.practice.hints.earlier import formulas_before
from grader.practice.hints.words import WORDS as HINT_WORDS
from grader.practice.values import Hint


def _author(template: Template, language: Language) -> HintAuthor:
    plan = template.space.once(Plan, template)
    return HintAuthor(plan, outline_of(template, language), language)


_AUTHORS: Mapping[Language, Callable[[Template], HintAuthor]] = {
    "en": partial(_author, language="en"),
    "de": partial(_author, language="de"),
}


def hints(
    variants: Variants,
    row: int,
    slot: Slot,
    language: Language,
    shown: Collection[str] = (),
) -> tuple[Hint, ...]:
    """The steps of the derivation of a slot's answer; only the last one tells it.

    The numbers that earlier slots ask are taken as known: they are among those put in. Of earlier
    formulas those are that stand on the screen, too: in the same part, or among `shown`, ids of
    slots. Raises ExamgenError for a number that is not finite.
    """
    template = variants.template
    author = template.space.once(_AUTHORS[language], template)
    drafts = author.drafts(slot, formulas_before(author.plan, slot, shown))
    made = outline_of(template, language)
    lines = [line for draft in drafts for line in draft.lines]
    own = {one.name: one.inserted.names for one in lines if one.name and one.inserted}
    numbers = replace(made, inputs={**made.inputs, **own}).numbers(variants.quantities(row))
    steps = [draft.hint(numbers, WORDS[language]) for draft in drafts]
    last = _rounded(steps[-1], variants, row, slot, language)
    return (*_written(variants, row, slot, language), *steps[:-1], last)


def not_told_before(
    steps: tuple[Hint, ...], part: Part, slot: Slot, helped: Collection[str]
) -> tuple[Hint, ...]:
    """The hints to a slot, without what the author says of its part if that was told already.

    helped: ids of the slots of a round that hints were shown for. One after this slot changes
    nothing, so that those of a slot stay as they are once they were shown.
    """
    before = takewhile(lambda one: one.id != slot.id, part.slots)
    told = any(one.id in helped for one in before)
    return tuple(one for one in steps if not (told and one.kind == "author"))


def _rounded(last: Hint, variants: Variants, row: int, slot: Slot, language: Language) -> Hint:
    """The answer with the number as it is asked for, where it is shown with more decimals."""
    if slot.kind == "formula" or not last.formulas:
        return last
    asked = variants.printed(slot, row)
    if last.formulas[-1].endswith(f" {asked}"):
        return last
    forms = HINT_WORDS[language].rounded
    said = forms[min(slot.decimals, 2)].format(decimals=slot.decimals, number=asked)
    return replace(last, text=f"{said}:")


def _written(variants: Variants, row: int, slot: Slot, language: Language) -> tuple[Hint, ...]:
    """The author's own hint to the part of a slot."""
    part = next(part for part in variants.template.parts if slot in part.slots)
    if part.hint is None:
        return ()
    numbers = {name: given_text(value) for name, value in variants.draw.exact(row).items()}
    text = fill(in_language(part.hint, language), numbers)
    return (Hint("author", " ".join(text.split())),)
