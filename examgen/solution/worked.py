"""The worked answers of one variant."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from examgen.sheet import Step, WorkedPart
from examgen.solution.lines import Case, Line, Slope, merged
from examgen.solution.outline import Group, Outline, outline
from examgen.solution.printed import Numbers
from examgen.solution.words import WORDS, Words
from examgen.template import Template
from examgen.variant import Variants

_OUTLINES: Mapping[str, Callable[[Template], Outline]] = {
    language: partial(outline, language=language) for language in WORDS
}


def worked_parts(
    variants: Variants, variant: int, language: str = "en", without: Collection[str] = ()
) -> tuple[WorkedPart, ...]:
    """The worked answer to every part; what an earlier part has shown is not derived again.

    A number that is asked for stands in its own part in any case, once. Nor is shown again what
    stands rightly in a printed working; of its wrong line the answer tells the mistake. without:
    the ids of slots whose formulas are left out. Raises ExamgenError for a number that is not
    finite.
    """
    template = variants.template
    made = outline_of(template, language)
    numbers = made.numbers(variants.quantities(variant))
    words = WORDS[language]
    return tuple(
        WorkedPart(
            part.label,
            tuple(_step(group, numbers, words) for group in _shortened(groups, without)),
        )
        for part, groups in zip(template.parts, made.parts, strict=True)
    )


def outline_of(template: Template, language: str) -> Outline:
    """The worked answers of a template without numbers; made once."""
    return template.space.once(_OUTLINES[language], template)


@dataclass(frozen=True)
class Arrival:
    """A step of a worked answer, and the ids of the slots whose answers it ends with."""

    step: Step
    slots: tuple[str, ...]


def arrivals(
    variants: Variants, variant: int, language: str, ends: Collection[str]
) -> dict[str, tuple[Arrival, ...]]:
    """The worked answer to every part, by its label, in shorter steps.

    ends: ids of slots; a step ends with each line that arrives at the answer to one of them.
    Raises ExamgenError for a number that is not finite.
    """
    template = variants.template
    made = outline_of(template, language)
    numbers = made.numbers(variants.quantities(variant))
    words = WORDS[language]
    return {
        part.label: tuple(
            Arrival(_step(piece, numbers, words), _arrived(piece, ends))
            for group in groups
            for piece in _cut(group, ends)
        )
        for part, groups in zip(template.parts, made.parts, strict=True)
    }


def _arrived(group: Group, ends: Collection[str]) -> tuple[str, ...]:
    return tuple(slot for one in group.lines for slot in one.arrives if slot in ends)


def _cut(group: Group, ends: Collection[str]) -> Iterator[Group]:
    """The pieces of a group, each up to a line that arrives somewhere."""
    lines: list[Line] = []
    leads = group.leads
    for one in group.lines:
        lines.append(one)
        if one is group.lines[-1] or any(slot in ends for slot in one.arrives):
            yield Group(leads, tuple(lines), tuple(s for each in lines for s in each.slopes))
            lines, leads = [], ()


def _shortened(groups: Sequence[Group], without: Collection[str]) -> Iterator[Group]:
    """The groups without the lines that answer nothing but some slots.

    A lead goes with the line that it speaks of.
    """
    for group in groups:
        lines = tuple(one for one in group.lines if not one.answers or one.answers - set(without))
        if lines == group.lines:
            yield group
        elif lines:
            leads = group.leads if lines[0] is group.lines[0] else ()
            yield replace(group, leads=leads, lines=lines)


def _step(group: Group, numbers: Numbers, words: Words) -> Step:
    formulas = tuple(line.tex(numbers) for line in group.lines if line.pieces)
    return Step(words.lead([*cases(group.slopes, numbers, words), *group.leads]), formulas)


def cases(slopes: Sequence[Slope], numbers: Numbers, words: Words) -> Iterator[str]:
    """How the slopes that depend on a sign come out here, those that come out alike together."""
    found: dict[tuple[str, str], list[Case]] = {}
    for case in merged([slope.case(numbers) for slope in slopes]):
        found.setdefault((case.op, case.number), []).append(case)
    for some in found.values():
        condition = words.listed([f"${case.condition}$" for case in some])
        shown = f"${_equal([case.slope for case in some], some[0].number)}$"
        mirrored = [case.mirrored for case in some if case.mirrored]
        if mirrored:
            shown = words.listed([shown, f"${_equal(mirrored, '0')}$"])
        yield words.case.format(condition=condition, slope=shown)


def _equal(slopes: Sequence[str], number: str) -> str:
    return " = ".join([*slopes, number])
