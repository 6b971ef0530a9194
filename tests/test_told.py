"""What is told with a part that is asked alone: enough to work it out, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import pytest

from examgen.bank import bank_ids
from examgen.graph import evaluate
from examgen.nodes import Array, Node
from examgen.slots import Part, Slot
from examgen.solution import expected_formula
from examgen.solution.plan import Plan
from grader.practice.library import Library
from grader.practice.posed import Posed, draw_numbers
from grader.practice.skills.steps import asked
from grader.practice.told import told
from grader.practice.values import Round, Task

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def library() -> Library:
    """Questions and tasks that are kept."""
    return Library()


def alone(library: Library, question: str, part: Part, draw: int = 0) -> Posed:
    """One part of a question as a round of its own."""
    template = library.template(question, 0)
    numbers = draw_numbers(template, 5, draw, at_once=True)
    slots = tuple(slot.id for slot in part.slots)
    return library.posed(Task(question, template.fingerprint, 0, numbers, slots))


def of(library: Library, question: str, label: str) -> Posed:
    """The part with this label."""
    parts = library.template(question, 0).parts
    return alone(library, question, next(part for part in parts if part.label == label))


def from_what_is_told(posed: Posed) -> dict[str, str]:
    """The answers of a student who goes on from the told numbers, and rounds nothing else."""
    put = dict(_told(posed))
    numbers = [slot for slot in posed.slots if slot.kind == "number"]
    nodes = [posed.template.node(slot) for slot in numbers]
    found = evaluate(nodes, posed.variants.draw.floats(), overrides=put)
    answers = {
        slot.id: repr(round(float(value[0]), 9)) for slot, value in zip(numbers, found, strict=True)
    }
    formulas = [slot for slot in posed.slots if slot.kind == "formula"]
    return answers | {slot.id: expected_formula(posed.template, slot) for slot in formulas}


def _told(posed: Posed) -> Iterator[tuple[Node, Array]]:
    plan = Plan(posed.template)
    for slot in posed.told.slots:
        yield asked(plan, slot), np.array([float(posed.variants.printed(slot, 0))])
    for name, value in zip(posed.told.values, posed.told_values, strict=True):
        yield posed.template.quantities.nodes[name], np.array([float(value)])


@pytest.mark.parametrize("question", bank_ids())
def test_who_goes_on_from_what_is_told_is_right(library: Library, question: str) -> None:
    """The told numbers are rounded; that is well within what marking grants."""
    for part in library.template(question, 0).parts:
        posed = alone(library, question, part)
        said = posed.mark(Round(1, posed.task, NOW), from_what_is_told(posed))
        assert {one.verdict for one in said.values()} <= {"right", "rounded"}
        assert said.keys() == set(posed.task.asked)


@pytest.mark.parametrize("question", bank_ids())
def test_what_is_asked_is_not_told(library: Library, question: str) -> None:
    """Neither by its slot nor by its symbol; and it was asked before."""
    template = library.template(question, 0)
    place = {slot.id: number for number, slot in enumerate(template.slots)}
    for part in template.parts:
        posed = alone(library, question, part)
        first = min(place[slot.id] for slot in part.slots)
        assert all(place[slot.id] < first for slot in posed.told.slots)
        labels = {box.label for one in posed.sheet.parts for box in one.slots}
        assert labels.isdisjoint(symbol for symbol, _ in posed.known)


@pytest.mark.parametrize(
    ("question", "label", "symbols"),
    [
        ("mlp-2-2-2", "a", []),
        ("mlp-2-2-2", "f", [r"\frac{\partial L}{\partial w_{21}}"]),  # the last step alone
        ("lstm-two-steps", "b", ["C_1", "o_2", "e_2", "h_2"]),  # a gate that no slot asks
        ("softmax-cross-entropy", "c", ["p_1", "p_2", "p_3"]),  # by the simple form
        ("elman-relu", "b", []),  # formulas
        ("error-spotting", "b", ["n", "v_n"]),  # all that was found out
    ],
)
def test_examples(library: Library, question: str, label: str, symbols: list[str]) -> None:
    """In the order in which they are worked out, each only if it is used."""
    assert [symbol for symbol, _ in of(library, question, label).known] == symbols


def test_derivatives_on_the_way_are_not_told(library: Library) -> None:
    """To find them is what the part trains; values of the forward pass are not."""
    posed = of(library, "batch-norm-backward", "d")
    found = told(Plan(posed.template), posed.slots)
    assert found.values == ("c[1]", "c[2]", "c[3]")
    assert "dL/dxhat[1]" in {node.name for node in _steps(posed)}


def _steps(posed: Posed) -> set[Node]:
    from grader.practice.skills.steps import own_steps

    steps = own_steps(Plan(posed.template))
    slots: list[Slot] = list(posed.slots)
    return {node for slot in slots for node in steps[slot.id]}


def test_a_whole_question_is_told_nothing(library: Library) -> None:
    """There is nothing before it."""
    template = library.template("gru-step", 0)
    assert told(Plan(template), template.slots).slots == ()
    assert told(Plan(template), template.slots).values == ()
