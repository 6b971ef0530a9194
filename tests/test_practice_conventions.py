"""A round shows the conventions that matter for what it asks, and no others."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from conftest import of_the_bank
from practice_desk import MONDAY

from examgen.bank import bank_ids
from examgen.slots import Part
from examgen.solution.plan import Plan
from examgen.template import Template
from examgen.text import in_language
from grader.marking.graphs import Graphs
from grader.practice.conventions import relevant
from grader.practice.posed import draw_numbers, pose
from grader.practice.told import Told, told
from grader.practice.values import Round, Task
from grader.practice.views import round_view


def kept(template: Template, part: Part, language: str = "en") -> list[int]:
    """The numbers of the conventions, from 1, that matter for a part."""
    plan = template.space.once(Plan, template)
    texts = [in_language(text, language) for text in template.file.conventions]
    shown = relevant(plan, part.slots, told(plan, part.slots), texts)
    return [number for number, text in enumerate(texts, start=1) if text in shown]


def matters(name: str, texts: Sequence[str], label: str) -> list[bool]:
    """Whether each of some conventions would matter for a part."""
    template = of_the_bank(name)[0]
    plan = template.space.once(Plan, template)
    part = next(part for part in template.parts if part.label == label)
    shown = relevant(plan, part.slots, told(plan, part.slots), texts)
    return [text in shown for text in texts]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # which way weights lead; before and after the activation; 1/2; ReLU'(0)
        ("mlp-2-2-2", [[1, 2], [1, 3], [1, 3], [1, 2, 3, 4], [1, 2, 3, 4], [1]]),
        # no 1/2; total derivative; copies of weights; ReLU'(0)
        ("elman-relu", [[], [1, 2, 3, 4], [1, 2, 4], [2, 4], [2, 3, 4], [1, 2, 3, 4], [3]]),
        # no 1/2; the derivative that arrives; copies of weights
        ("modified-recurrent-cell", [[], [1], [1, 2, 3], [1, 2, 3], [1, 2, 3], [3]]),
        # ln, and no mean; total derivative; copies of weights
        ("recurrent-cell-bce", [[], [1, 2, 3], [1, 2], [2, 3], [3]]),
        # epsilon; what an exponent is
        ("adam-two-steps", [[1, 2], [2], [1, 2]]),
        # 1/2 and weight decay, which is not clipped; the norm
        ("clipping-and-weight-decay", [[2], *[[1, 2]] * 4]),
    ],
)
def test_what_matters_is_shown(name: str, expected: list[list[int]]) -> None:
    """The forward pass needs no derivative explained, an update no loss."""
    template = of_the_bank(name)[0]
    assert [kept(template, part) for part in template.parts if part.slots] == expected


@pytest.mark.parametrize("name", bank_ids())
def test_what_matters_is_the_same_in_both_languages(name: str) -> None:
    """It is about quantities, not about words."""
    template = of_the_bank(name)[0]
    for part in template.parts:
        assert kept(template, part, "de") == kept(template, part), part.label


def test_a_whole_question_has_all_conventions() -> None:
    """As on paper."""
    template = of_the_bank("mlp-2-2-2")[0]
    plan = template.space.once(Plan, template)
    texts = ("$Q$ is odd.", "The loss is half.")
    assert relevant(plan, template.slots, Told((), ()), texts) == texts


@pytest.mark.parametrize(
    ("text", "forward", "backward", "update"),
    [
        ("Nothing is rounded.", True, True, True),
        ("In $h_1$ there is no bias.", True, True, True),
        ("Every $L$ counts.", False, True, False),
        ("The loss has no factor.", False, True, False),
        ("The loss has no factor; decay is no part of it.", False, True, True),
        ("Der Verlust ist halb so groß.", False, True, False),
        ("Half of each, and $L$ is their sum.", False, True, False),
        (r"$\partial L/\partial h_3$ is total. All ways count.", False, True, False),
        (r"$\operatorname{ReLU}'(0) = 0$.", False, True, False),
        (r"$\tanh'(0) = 1$.", False, False, False),
        ("$h_3$ comes after the activation.", True, True, False),
        (r"$\eta$ is the learning rate.", False, False, True),
        ("$q$ is unknown here.", False, False, False),
        (r"$1/2$ stands nowhere.", True, True, True),
        ("$h_3 is never closed.", True, True, True),
    ],
)
def test_a_convention_is_about_what_it_begins_with(
    text: str, forward: bool, backward: bool, update: bool
) -> None:
    """In doubt it is shown: parts (a), (d) and (f) of a network with ReLU."""
    found = [matters("mlp-2-2-2", [text], label) for label in "adf"]
    assert found == [[forward], [backward], [update]]


@pytest.mark.parametrize(("label", "count", "rounded"), [("a", 2, True), ("d", 4, False)])
def test_a_round_shows_them(label: str, count: int, rounded: bool) -> None:
    """The faces get no others; rounding is told where numbers are asked for."""
    template = of_the_bank("mlp-2-2-2")[0]
    part = next(part for part in template.parts if part.label == label)
    asked = tuple(slot.id for slot in part.slots)
    numbers = draw_numbers(template, 1, 0, at_once=True)
    task = Task("mlp-2-2-2", template.fingerprint, 0, numbers, asked)
    view = round_view(Round(1, task, MONDAY), pose(task, template, "en", unmarked), str)
    *own, last = view.sheet.conventions
    assert ("decimals" in last) == rounded
    assert len(own) + (not rounded) == count


def unmarked() -> Graphs:
    """Nothing is marked here."""
    raise AssertionError("no response was given")
