"""The worked answers of one variant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial

from examgen.notation import decimal
from examgen.sheet import Step, WorkedPart
from examgen.solution.outline import Group, Outline, outline
from examgen.solution.printed import Numbers
from examgen.solution.words import WORDS, Words
from examgen.template import Template
from examgen.variant import Variants

_OUTLINES: Mapping[str, Callable[[Template], Outline]] = {
    language: partial(outline, language=language) for language in WORDS
}
_NEAR = 1e-12
"""A root or a quotient this near to a short decimal is that decimal."""
_MOST_DENOMINATOR = 99


def worked_parts(variants: Variants, variant: int, language: str = "en") -> tuple[WorkedPart, ...]:
    """The worked answer to every part; what an earlier part has shown is not derived again.

    A number that is asked for stands in its own part in any case, once. Nor is shown again what
    stands rightly in a printed working; of its wrong line the answer tells the mistake. Raises
    ExamgenError for a number that is not finite.
    """
    template = variants.template
    made = template.space.once(_OUTLINES[language], template)
    numbers = Numbers(_values(variants, variant, made), made.places)
    words = WORDS[language]
    return tuple(
        WorkedPart(part.label, tuple(_step(group, numbers, words) for group in groups))
        for part, groups in zip(template.parts, made.parts, strict=True)
    )


def _values(variants: Variants, variant: int, made: Outline) -> dict[str, Fraction | float]:
    values = variants.quantities(variant)
    for name in made.algebraic:
        if isinstance(value := values[name], float):
            values[name] = _exact(value, made.places)
    return values


def _exact(value: float, places: int) -> Fraction | float:
    """The short decimal or the simple fraction that a computed number stands for, if it does."""
    if not abs(value) < 10**9:
        return value
    for near in (Fraction(decimal(Fraction(value), places)), _simple(value)):
        if abs(float(near) - value) <= _NEAR * max(1.0, abs(value)):
            return near
    return value


def _simple(value: float) -> Fraction:
    return Fraction(value).limit_denominator(_MOST_DENOMINATOR)


def _step(group: Group, numbers: Numbers, words: Words) -> Step:
    formulas = tuple(line.tex(numbers) for line in group.lines if line.pieces)
    return Step(" ".join(filter(None, (_cases(group, numbers, words), group.lead))), formulas)


def _cases(group: Group, numbers: Numbers, words: Words) -> str:
    """How the slopes that depend on a sign come out here, those that come out alike together."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for slope in group.slopes:
        condition, name, number = slope.case(numbers)
        found.setdefault((slope.node.op.name, number), []).append((condition, name))
    return " ".join(_case(some, number, words) for (_, number), some in found.items())


def _case(some: list[tuple[str, str]], number: str, words: Words) -> str:
    conditions = words.listed([f"${condition}$" for condition, _ in some])
    slopes = " = ".join([*(name for _, name in some), number])
    return words.case.format(condition=conditions, slope=f"${slopes}$")
