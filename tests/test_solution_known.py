"""A formula begins with derivatives that a reader has met, or they have lines of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from test_solution_steps import drawn, every_question, lines_of
from tex_arithmetic import pieces

from examgen.sheet import WorkedPart
from examgen.solution import symbols_of, worked_parts
from examgen.solution.products import slashed
from examgen.template import Template
from examgen.text import in_language


def formula_labels(template: Template) -> Iterator[tuple[int, str, str, bool]]:
    """The part, name, label and freedom of every derivative that is asked as a formula."""
    for n, part in enumerate(template.parts):
        for slot in part.slots:
            name = template.quantities.name(slot.quantity)
            if slot.kind == "formula" and name in template.quantities.adjoints:
                yield n, name, symbols_of(template, slot).tex(name), slot.using is None


def labels(parts: tuple[WorkedPart, ...]) -> list[str]:
    """What stands left in all lines."""
    return [pieces(line)[0][1] for line in lines_of(parts)]


def told(template: Template, until: int) -> str:
    """What parts have asked, without blanks."""
    asks = (in_language(part.ask, "en") for part in template.parts[: until + 1])
    return slashed("".join("".join(asks).split()).replace("\\partial", "\\partial "))


@every_question
def test_no_formula_speaks_of_a_derivative_that_nobody_has_met(name: str) -> None:
    """It has a line, the task names it, or a step after this one has sent it."""
    template = drawn(name).template
    worked = worked_parts(drawn(name), 0)
    known = template.quantities.symbols
    for n, own, label, free in formula_labels(template):
        if not free or r"_t" in label or "^{(t)}" in label:
            continue
        met = labels(worked[: n + 1])
        line = [one for one in lines_of(worked[n : n + 1]) if pieces(one)[0][1] == label][-1]
        right = pieces(line)[-1][1]
        for other in template.quantities.adjoints:
            symbol = known.tex(other)
            if other != own and symbol in right:
                assert symbol in met or slashed(symbol).replace(" ", "") in told(
                    template, n
                ).replace(" ", ""), (line, other)


@pytest.mark.parametrize(
    ("name", "symbol", "before"),
    [
        (
            "gru-step",
            r"\frac{\partial L}{\partial a_{h,1}}",
            r"\frac{\partial L}{\partial r_1}",
        ),
        (
            "momentum-two-steps",
            r"\frac{\partial L_1}{\partial h_1}",
            r"\frac{\partial L_1}{\partial w_0}",
        ),
    ],
)
def test_a_step_in_between_has_its_own_line(name: str, symbol: str, before: str) -> None:
    """Right before the formula that begins with it, once."""
    found = labels(worked_parts(drawn(name), 0))
    at = found.index(symbol)
    assert found[at + 1] == before


def test_formulas_of_some_slots_are_left_out() -> None:
    """With the lines that are there for them alone."""
    template = drawn("gru-step").template
    ids = [slot.id for slot in template.slots if slot.kind == "formula"]
    whole = lines_of(worked_parts(drawn("gru-step"), 0)[1:2])
    assert lines_of(worked_parts(drawn("gru-step"), 0, without=ids[:2])[1:2]) == whole[2:]
    assert lines_of(worked_parts(drawn("gru-step"), 0, without=ids[2:])[1:2]) == whole[:2]
    assert worked_parts(drawn("gru-step"), 0, without=ids)[1].steps == ()
