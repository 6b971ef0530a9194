"""The worked answers to some parts with the student's own steps beside the right ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from examgen.paper import feedback
from examgen.solution import Arrival, arrivals
from examgen.text import Language
from examgen.variant import Variants
from grader.practice.values import Attempt, MarkedPart, MarkedStep


def marked_parts(
    variants: Variants,
    row: int,
    language: Language,
    labels: Collection[str],
    standing: Mapping[str, Attempt],
) -> tuple[MarkedPart, ...]:
    """The worked answers to the parts with these labels, in paper order.

    standing: the responses that count, by slot. A step ends with each line that arrives at what one
    of them answers, so that it stands beside that line. Raises ExamgenError for a number that is
    not finite.
    """
    told = feedback(variants, row, language)
    steps = arrivals(variants, row, language, standing.keys())
    return tuple(
        MarkedPart(label, tuple(_marked(one, standing) for one in some), told.get(label, ()))
        for label, some in steps.items()
        if label in labels
    )


def _marked(one: Arrival, standing: Mapping[str, Attempt]) -> MarkedStep:
    return MarkedStep(one.step, tuple(standing[slot] for slot in one.slots))
