"""What the worked answer to a part says where the part comes again alone: no other part is named.

With the whole question it says where a number is known from ("from part (a)"). Alone only those
steps differ that say so, and of these only the sentence: their formulas are in the file already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup

from examgen.solution import Arrival, arrivals
from examgen.text import Language
from examgen.variant import Variants
from grader.practice.offline.content import Pieces
from grader.practice.worked import without_parts

Steps = Mapping[int, Markup]
"""Steps of a worked answer, by their places in it."""


def alone_data(variants: Variants, language: Language) -> list[Mapping[str, Steps]]:
    """For each variant the steps that differ where a part stands alone, by the part's label.

    Parts without any are left out. Raises ExamgenError for a number that is not finite.
    """
    asked = [slot.id for slot in variants.template.slots]
    rows = range(len(variants.draw))
    return [_of_parts(arrivals(variants, row, language, asked), language) for row in rows]


def _of_parts(worked: Mapping[str, Sequence[Arrival]], language: Language) -> dict[str, Steps]:
    found = {
        label: _different(steps, [one for one in worked if one != label], language)
        for label, steps in worked.items()
    }
    return {label: steps for label, steps in found.items() if steps}


def _different(worked: Sequence[Arrival], others: Sequence[str], language: Language) -> Steps:
    texts = [without_parts(one.step.text, others, language) for one in worked]
    return {
        place: Pieces(language).steps([replace(one.step, text=text)])
        for place, (one, text) in enumerate(zip(worked, texts, strict=True))
        if text != one.step.text
    }
