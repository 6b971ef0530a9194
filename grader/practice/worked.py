"""The worked answers to some parts with the student's own steps beside the right ones."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType

from examgen.paper import feedback
from examgen.solution import Arrival, arrivals
from examgen.solution.words import WORDS, Words
from examgen.text import Language
from examgen.variant import Variants
from grader.practice.values import Attempt, MarkedPart, MarkedStep

_ELSEWHERE: Mapping[Language, Mapping[str, str]] = MappingProxyType(
    {
        "en": {
            "known": "With {known}",
            "are_known": "We know {known}",
            "again": "We know this one",
            "derived": "There is a simple formula for it",
        },
        "de": {
            "known": "Mit {known}",
            "are_known": "Wir kennen {known}",
            "again": "Das kennen wir",
            "derived": "Dafür gibt es eine einfache Formel",
        },
    }
)
"""What takes the place of sentences of worked answers that speak of a part that is not shown."""


def marked_parts(
    variants: Variants,
    row: int,
    language: Language,
    labels: Collection[str],
    standing: Mapping[str, Attempt],
) -> tuple[MarkedPart, ...]:
    """The worked answers to the parts with these labels, in paper order; no other part is named.

    standing: the responses that count, by slot. A step ends with each line that arrives at what one
    of them answers, so that it stands beside that line. Raises ExamgenError for a number that is
    not finite.
    """
    told = feedback(variants, row, language)
    steps = arrivals(variants, row, language, standing.keys())
    others = [part.label for part in variants.template.parts if part.label not in labels]
    return tuple(
        MarkedPart(
            label,
            tuple(_marked(one, standing, others, language) for one in some),
            told.get(label, ()),
        )
        for label, some in steps.items()
        if label in labels
    )


def _marked(
    one: Arrival, standing: Mapping[str, Attempt], others: Collection[str], language: Language
) -> MarkedStep:
    text = without_parts(one.step.text, others, language)
    return MarkedStep(replace(one.step, text=text), tuple(standing[slot] for slot in one.slots))


def without_parts(text: str, labels: Collection[str], language: Language) -> str:
    """A sentence of a worked answer, of numbers from some parts only that they are known.

    >>> without_parts("With $h_1$ and $h_2$ from part (a):", ["a"], "en")
    'With $h_1$ and $h_2$:'
    """
    for name, instead in _ELSEWHERE[language].items():
        for label in labels:
            text = _replaced(text, _pattern(WORDS[language], name, label), instead)
    return text


def _replaced(text: str, pattern: str, instead: str) -> str:
    return re.sub(pattern, lambda found: instead.format(**found.groupdict()), text)


def _pattern(words: Words, name: str, label: str) -> str:
    """What matches a sentence about a part, whatever is known from there."""
    sentence: str = getattr(words, name)
    before, known, after = sentence.format(known="\0", part=label).partition("\0")
    return re.escape(before) + (r"(?P<known>\$[^.:]+?)" + re.escape(after) if known else "")
