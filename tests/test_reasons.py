"""The words for what follows from earlier answers."""

from __future__ import annotations

import pytest
from small_exam import TINY

from examgen.template import parse_template
from grader.marking.reasons import Sentences


@pytest.mark.parametrize(
    ("places", "text"),
    [
        ((0,), "follows from the answer to z (q.z)"),
        ((0, 2), "follows from the answer to z (q.z) and dL/dw (q.dL_dw)"),
        ((0, 2, 3), "follows from the answer to z (q.z), dL/dw (q.dL_dw) and w' (q.w_new)"),
    ],
)
def test_several_answers_are_listed(places: tuple[int, ...], text: str) -> None:
    """With commas, and a word before the last; in the student's language too."""
    template = parse_template(TINY, "tiny.yaml")
    slots = [f"q.{slot.id}" for slot in template.slots]
    reason = Sentences(template, "de", slots).follows(places)
    assert reason.text == text
    assert reason.rich.count(",") == text.count(",")
    assert reason.rich.count(" und ") == text.count(" and ")
