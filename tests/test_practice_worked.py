"""Beside each right line of a worked answer stands what the student wrote for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import chain

import pytest
from conftest import of_the_bank

from examgen.bank import bank_ids
from examgen.paper import feedback
from examgen.solution import worked_parts
from examgen.text import Language
from examgen.typeset import plain
from examgen.variant import Variants
from grader.practice.values import Attempt, Feedback, Judged, MarkedPart, MarkedStep
from grader.practice.worked import marked_parts

WHEN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def drawn(name: str) -> Variants:
    """Two variants of a question."""
    template = of_the_bank(name)[0]
    return Variants(template, template.sampler(3).draw(range(2)))


def attempt(slot: str, verdict: Judged = "wrong") -> Attempt:
    """A response to a slot."""
    return Attempt(slot, "0.5", Feedback(slot, verdict), WHEN)


def answers(*slots: str) -> Mapping[str, Attempt]:
    """A response to each of some slots."""
    return {slot: attempt(slot) for slot in slots}


def labels(variants: Variants) -> list[str]:
    """All parts of a question."""
    return [part.label for part in variants.template.parts]


def marked(
    variants: Variants, standing: Mapping[str, Attempt], language: Language = "en"
) -> tuple[MarkedPart, ...]:
    """All parts with some answers."""
    return marked_parts(variants, 0, language, labels(variants), standing)


def with_own(parts: tuple[MarkedPart, ...]) -> list[MarkedStep]:
    """The steps that something of the student's stands beside."""
    return [step for part in parts for step in part.steps if step.own]


@pytest.mark.parametrize("name", bank_ids())
def test_every_answer_stands_beside_one_line(name: str) -> None:
    """Once each, in its own part, at the end of a step, in both languages."""
    variants = drawn(name)
    standing = answers(*(slot.id for slot in variants.template.slots))
    for language in ("en", "de"):
        for part, found in zip(
            variants.template.parts, marked(variants, standing, language), strict=True
        ):
            own = [one.slot for step in found.steps for one in step.own]
            assert sorted(own) == sorted(slot.id for slot in part.slots), (name, found.label)


@pytest.mark.parametrize("name", bank_ids())
def test_nothing_of_the_worked_answer_is_lost(name: str) -> None:
    """Steps are shorter, and their formulas are those of the solution, in the same order."""
    variants = drawn(name)
    standing = answers(*(slot.id for slot in variants.template.slots))
    for whole, part in zip(worked_parts(variants, 0), marked(variants, standing), strict=True):
        formulas = chain.from_iterable(step.formulas for step in whole.steps)
        cut = chain.from_iterable(one.step.formulas for one in part.steps)
        assert list(formulas) == list(cut)


@pytest.mark.parametrize("name", ["mlp-2-2-2", "error-spotting", "softmax-cross-entropy"])
def test_without_answers_it_is_the_worked_answer(name: str) -> None:
    """Step by step, and with nothing beside it."""
    variants = drawn(name)
    for whole, part in zip(worked_parts(variants, 0), marked(variants, {}), strict=True):
        assert tuple(one.step for one in part.steps) == whole.steps
        assert not any(one.own for one in part.steps)


def test_an_answer_stands_beside_the_value_of_its_quantity() -> None:
    """The line above it ends with that number."""
    variants = drawn("mlp-2-2-2")
    for step in with_own(marked(variants, answers("h1", "o2", "dL_do1"))):
        (own,) = step.own
        symbol = {"h1": "h₁ = ", "o2": "o₂ = ", "dL_do1": "∂L/∂o₁ = "}[own.slot]
        slot = next(one for one in variants.template.slots if one.id == own.slot)
        last = plain(step.step.formulas[-1])
        assert last.startswith(symbol)
        assert last.endswith(variants.printed(slot, 0).replace("-", "−"))


def test_formulas_too() -> None:
    """A symbolic answer stands beside the formula."""
    variants = drawn("mlp-2-2-2")
    (step,) = with_own(marked(variants, answers("derive_dL_dh_to_unit")))
    assert plain(step.step.formulas[-1]).endswith("= ∂L/∂h₃ ⋅ ReLU′(h₁)")


def test_the_attempt_is_handed_on_as_it_is() -> None:
    """With its verdict and what was said of it."""
    own = attempt("h1", "follows")
    (step,) = with_own(marked(drawn("mlp-2-2-2"), {"h1": own}))
    assert step.own == (own,)


def test_only_the_parts_asked_for() -> None:
    """In paper order, whatever the order of the labels."""
    variants = drawn("mlp-2-2-2")
    found = marked_parts(variants, 0, "en", ["e", "c"], answers("h1", "dL_do1"))
    assert [part.label for part in found] == ["c", "e"]
    assert [one.slot for step in with_own(found) for one in step.own] == ["dL_do1"]


@pytest.mark.parametrize("name", bank_ids())
def test_no_part_is_named_that_is_not_shown(name: str) -> None:
    """Alone a part says that something is known; with all the others it names where it is from."""
    variants = drawn(name)
    for language in ("en", "de"):
        for label in labels(variants):
            for part in marked_parts(variants, 0, language, [label], {}):
                for one in part.steps:
                    assert not re.search(r"(part|Teil) \(", one.step.text), one.step.text


@pytest.mark.parametrize(
    ("name", "label", "told", "alone"),
    [
        ("mlp-sigmoid-bce", "d", r". With $\partial L/\partial h_1$ from part (c):",
         r". With $\partial L/\partial h_1$:"),
        ("softmax-cross-entropy", "d", r"From part (c) we know $\partial L/\partial z_",
         r"We know $\partial L/\partial z_"),
        ("softmax-cross-entropy", "c", "With the result of part (b):",
         "There is a simple formula for it:"),
        ("recurrent-cell-bce", "d", "As in part (c):", "We know this one:"),
    ],
)  # fmt: skip
def test_what_is_known_is_said_with_or_without_its_part(
    name: str, label: str, told: str, alone: str
) -> None:
    """Each of the sentences that name a part has one that does not."""
    variants = drawn(name)
    whole = " ".join(one.step.text for part in marked(variants, {}) for one in part.steps)
    (part,) = marked_parts(variants, 0, "en", [label], {})
    assert told in whole
    assert alone in " ".join(one.step.text for one in part.steps)


def test_leads_stay_before_their_lines() -> None:
    """A sentence is said once, before the first line of its group."""
    variants = drawn("mlp-2-2-2")
    part = marked(variants, answers("h1", "h2", "h3"))[0]
    assert [one.step.text for one in part.steps] == ["Forward pass:", "", "", ""]


def test_slopes_are_told_with_the_line_that_has_them() -> None:
    """That ReLU' is one stands before the line it is put into, not at the head of all."""
    variants = drawn("elman-relu")
    parts = marked(variants, answers("dL_dw_xh_1", "dL_dw_xh_2"))
    told = [step for part in parts for step in part.steps if "ReLU" in step.step.text]
    assert told
    for one in told:
        assert any("ReLU" in plain(text) for text in one.step.formulas)


def test_the_wrong_line_and_the_right_value_have_their_places() -> None:
    """The number of the line, and what should stand there."""
    steps = with_own(marked(drawn("error-spotting"), answers("wrong_line", "right_value")))
    assert [one.slot for step in steps for one in step.own] == ["wrong_line", "right_value"]
    assert plain(steps[0].step.formulas[-1]).startswith("n = ")


def test_what_the_author_says_afterwards_is_there() -> None:
    """In the language asked for."""
    variants = drawn("batch-norm-backward")
    told = feedback(variants, 0, "de")
    assert told
    for part in marked(variants, {}, "de"):
        assert part.feedback == told.get(part.label, ())
