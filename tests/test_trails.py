"""Where in a graph a mistake is: compared with what its sentence speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from conftest import of_the_bank

from examgen.graph import topological
from examgen.misconceptions import Misconception, misconceptions
from examgen.slots import Slot
from examgen.template import Template
from grader.practice.trails import trail

QUESTIONS = (
    "attention-two-tokens", "batch-norm-backward", "convolution-1d", "gru-step", "layer-norm",
    "lstm-two-steps", "mlp-2-2-2", "modified-recurrent-cell", "momentum-two-steps", "rmsprop-step",
    "siamese-shared-weights", "vanishing-gradient",
)  # fmt: skip
MOST = 100
"""So many mistakes and slots of a question are looked at."""


@cache
def mistakes(question: str) -> tuple[Misconception, ...]:
    """All mistakes of the first structure of a question."""
    return misconceptions(of_the_bank(question)[0].quantities)


def changed(question: str) -> Iterator[tuple[Template, Misconception, Slot]]:
    """Every mistake, and the slots whose answer is another node under it."""
    template = of_the_bank(question)[0]
    right = template.quantities.nodes
    for mistake in mistakes(question):
        for slot in template.slots:
            name = template.quantities.name(slot.quantity)
            if mistake.nodes[name] is not right[name]:
                yield template, mistake, slot


def found(question: str, id_: str, quantity: str, where: str | None = None) -> set[tuple[str, str]]:
    """The trail of the first such mistake that changes the slot of a quantity."""
    for template, mistake, slot in changed(question):
        if (mistake.id, slot.quantity) == (id_, quantity) and where in (None, mistake.where):
            return set(trail(template, mistake, slot))
    raise AssertionError(f"{id_} changes no {quantity} of {question}")


PLACES = [
    ("residual-two-skips", "MC01", "dL/dx", {("x", "s"), ("x", "m")}),
    ("residual-two-skips", "MC02", "dL/dx", {("x", "z"), ("z", "h"), ("h", "s")}),
    ("residual-two-skips", "MC49", "s", {("x", "s")}),
    ("residual-two-skips", "MC46", "h", {("b_1", "z")}),
    ("residual-two-skips", "MC45", "h", {("z", "h"), ("alpha", "h")}),
    ("mlp-2-2-2", "MC06", "dL/dh3", {("h3", "o1"), ("h3", "o2")}),
    ("mlp-2-2-2", "MC09", "dL/dh1", {("h1", "h3")}),
    ("mlp-2-2-2", "MC47", "h1", {("b1", "h1")}),
    ("mlp-2-2-2", "MC48", "o1", {("h3", "o1"), ("h4", "o1")}),
    ("mlp-2-2-2", "MC38", "dL/dw21", {("w21", "h1")}),
    ("mlp-2-2-2", "MC39", "w21'", {("w21", "w21'")}),
    ("modified-recurrent-cell", "MC31", "dL/dw", {("w", "w[1]"), ("w[1]", "o[1]")}),
    ("modified-recurrent-cell", "MC32", "dL/dw", {("w", "w[2]"), ("w[2]", "o[2]")}),
    ("modified-recurrent-cell", "MC50", "s[1]", {("h_0", "h_in[1]"), ("h_in[1]", "s[1]")}),
    ("elman-relu", "MC31", "dL/dw_xh", {("w_xh", "w_xh[1]"), ("w_xh[1]", "a[1]")}),
    ("elman-relu", "MC35", "h[2]", {("x[2]", "a[2]")}),
    ("gru-step", "MC37", "h[1]", {("z[1]", "h[1]")}),
]


@pytest.mark.parametrize(("question", "id_", "quantity", "steps"), PLACES)
def test_a_mistake_is_where_its_sentence_says(
    question: str, id_: str, quantity: str, steps: set[tuple[str, str]]
) -> None:
    """A lost path, a mask, a bias, a step of a sum, a gate, an update: each at its own place."""
    assert found(question, id_, quantity) == steps


def test_a_forgotten_branch_is_followed_until_it_joins_the_others() -> None:
    """The path over the next step is a path up to the loss, where it meets that of this step."""
    steps = found("elman-relu", "MC34", "dL/dh[1]")
    assert {("h[1]", "h_in[2]"), ("h_in[2]", "a[2]"), ("yhat[2]", "L[2]")} <= steps
    assert ("h[1]", "o[1]") not in steps


def test_a_wrong_factor_is_one_step_only() -> None:
    """A local derivative that is wrong is at its arrow; nothing after it is."""
    steps = found("elman-relu", "MC25", "dL/dh[1]")
    assert ("h[1]", "o[1]") in steps
    assert ("o[1]", "yhat[1]") not in steps


def test_what_is_cut_short_further_up_is_no_place() -> None:
    """Where the gradient is cut at the last state, the earlier ones have no fault of their own."""
    assert found("vanishing-gradient", "MC34", "dL/dh_0", where="") == {
        ("h[2]", "h_in[3]"), ("h_in[3]", "a[3]")
    }  # fmt: skip


def test_derivatives_say_nothing_where_values_are_wrong() -> None:
    """A forward slip is in the forward line, though the gradient that follows differs too."""
    steps = found("recurrent-cell-bce", "MC50", "w_oh'", where="")
    assert {target for _, target in steps} == {"h_in[1]", "o[1]", "h_in[2]", "o[2]"}


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_mistake_that_changes_an_answer_has_a_place_on_the_way_to_it(question: str) -> None:
    """Steps of the graph, none twice; values among them that the answer is computed from."""
    pairs = list(changed(question))
    for template, mistake, slot in pairs[:: 1 + len(pairs) // MOST]:
        steps = trail(template, mistake, slot)
        assert steps, (mistake.id, mistake.where, slot.quantity)
        assert len(set(steps)) == len(steps)
        nodes = template.quantities.nodes
        for source, target in steps:
            line = {node.name for node in topological([nodes[target]])}
            assert source in line, (source, target)


def test_a_slot_that_a_mistake_leaves_alone_has_no_trail() -> None:
    """Nothing is pointed at where the answer is the right one."""
    template = of_the_bank("mlp-2-2-2")[0]
    right = template.quantities.nodes
    pairs = [
        (mistake, slot)
        for mistake in mistakes("mlp-2-2-2")
        for slot in template.slots
        if mistake.nodes[slot.quantity] is right[slot.quantity]
    ]
    assert pairs
    assert {trail(template, mistake, slot) for mistake, slot in pairs} == {()}
