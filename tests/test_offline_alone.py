"""Worked answers for a part that stands alone: the same steps, without the names of other parts."""

from __future__ import annotations

import re
from html import unescape

import pytest
from conftest import of_the_bank

from examgen.drawing import draw_variants
from examgen.solution import arrivals
from examgen.text import Language
from grader.practice.offline.alone import alone_data
from grader.practice.offline.content import Pieces

QUESTIONS = ("mlp-sigmoid-bce", "recurrent-cell-bce", "softmax-cross-entropy")
"""Their worked answers speak of other parts in all the ways there are."""


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", QUESTIONS)
def test_steps_that_name_another_part_are_told_without_it(name: str, language: Language) -> None:
    """These alone, at their places, with the very formulas of the whole question's steps."""
    template = of_the_bank(name)[0]
    variants = draw_variants(template, 0, range(2), -1)
    for row, alone in enumerate(alone_data(variants, language)):
        worked = arrivals(variants, row, language, [slot.id for slot in template.slots])
        naming = {
            (label, place): str(Pieces(language).steps([one.step]))
            for label, steps in worked.items()
            for place, one in enumerate(steps)
            if re.search(r"(part|Teil) \(", one.step.text)
        }
        found = {
            (label, place): str(one) for label, some in alone.items() for place, one in some.items()
        }
        assert found.keys() == naming.keys() != set()
        for at, html in found.items():
            assert formulas(html) == formulas(naming[at])
            assert not re.search(r"(part|Teil) \(", unescape(html))


def formulas(html: str) -> str:
    """What stands after the sentence before them."""
    return html.partition("</p>")[2]
