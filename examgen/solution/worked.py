"""The worked answers of one variant."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from examgen.sheet import Step, WorkedPart
from examgen.solution.lines import Case, merged
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
    made = template.space.once(_OUTLINES[language], template)
    numbers = Numbers(variants.quantities(variant), made.places, made.algebraic, made.inputs)
    words = WORDS[language]
    return tuple(
        WorkedPart(
            part.label,
            tuple(_step(group, numbers, words) for group in _shortened(groups, without)),
        )
        for part, groups in zip(template.parts, made.parts, strict=True)
    )


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
    return Step(words.lead([*_cases(group, numbers, words), *group.leads]), formulas)


def _cases(group: Group, numbers: Numbers, words: Words) -> Iterator[str]:
    """How the slopes that depend on a sign come out here, those that come out alike together."""
    found: dict[tuple[str, str], list[Case]] = {}
    for case in merged([slope.case(numbers) for slope in group.slopes]):
        found.setdefault((case.op, case.number), []).append(case)
    for some in found.values():
        condition = words.listed([f"${case.condition}$" for case in some])
        slopes = f"${_equal([case.slope for case in some], some[0].number)}$"
        mirrored = [case.mirrored for case in some if case.mirrored]
        if mirrored:
            slopes = words.listed([slopes, f"${_equal(mirrored, '0')}$"])
        yield words.case.format(condition=condition, slope=slopes)


def _equal(slopes: Sequence[str], number: str) -> str:
    return " = ".join([*slopes, number])
