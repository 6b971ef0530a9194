"""Worked solutions: their numbers are the key's, their formulas the graph's, their steps add up."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from functools import cache

import pytest
from small_exam import TINY

from examgen.bank import bank_ids, find_template
from examgen.drawing import draw_variants
from examgen.errors import ExamgenError
from examgen.expression import Apply, Expression, Literal, Reference, walk
from examgen.formula import parse
from examgen.sheet import WorkedPart
from examgen.slots import Slot
from examgen.solution import expected_formula, worked_parts
from examgen.template import Template, parse_template
from examgen.variant import Variants, fixed_variant

every_question = pytest.mark.parametrize("name", bank_ids())
COUNT = 12
FIRST_STEP = {"t": 1}


@cache
def drawn(name: str) -> Variants:
    """Some variants of a question of the bank."""
    template = find_template(name)
    return Variants(template, template.sampler(11).draw(range(COUNT)))


def lines_of(worked: WorkedPart) -> list[str]:
    """The formulas of a part."""
    return [formula for step in worked.steps for formula in step.formulas]


def slots_of(template: Template, kind: str) -> Iterator[tuple[int, Slot]]:
    """The slots of a kind, each with the number of its part."""
    for number, part in enumerate(template.parts):
        for slot in part.slots:
            if slot.kind == kind:
                yield number, slot


def _relu_slope(x: float) -> float:
    return float(x > 0)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


FUNCTIONS = {
    "relu": lambda x: max(x, 0.0),
    "relu'": _relu_slope,
    "sigmoid": _sigmoid,
    "sigmoid'": lambda x: _sigmoid(x) * (1 - _sigmoid(x)),
    "tanh": math.tanh,
    "tanh'": lambda x: 1 - math.tanh(x) ** 2,
    "log": math.log,
    "exp": math.exp,
    "sqrt": math.sqrt,
    "max": max,
    "min": min,
    "sign": lambda x: math.copysign(1, x) if x else 0.0,
    "leaky_relu'": lambda z, slope: 1.0 if z > 0 else slope,
    "leaky_relu": lambda z, slope: z if z > 0 else slope * z,
    "abs": abs,
}


def evaluated(formula: Expression, values: dict[str, float]) -> float:
    """A formula as a calculator would see it: independent of the graph."""
    if isinstance(formula, Literal):
        return float(formula.value)
    if isinstance(formula, Reference):
        return values[formula.name]
    if formula.function in ("message", "total"):
        assert isinstance(formula.args[0], Reference)
        return values[f"{formula.function}({formula.args[0].name})"]
    args = [evaluated(arg, values) for arg in formula.args]
    signs = {"add": sum, "mul": math.prod, "square": lambda a: a[0] ** 2, "neg": lambda a: -a[0]}
    signs |= {"sub": lambda a: a[0] - a[1], "div": lambda a: a[0] / a[1]}
    signs |= {"pow": lambda a: a[0] ** a[1], "gt": lambda a: a[0] > a[1]}
    if formula.function in signs:
        return float(signs[formula.function](args))
    return float(FUNCTIONS[formula.function](*args))


# --- formulas ------------------------------------------------------------------------------------


def known(variants: Variants, row: int) -> dict[str, float]:
    """Every quantity of a variant under every name a student may use for it at step 1."""
    quantities = variants.template.quantities
    values = {name: float(value) for name, value in variants.quantities(row).items()}
    for initial, state in quantities.blueprint.initial.items():
        values[f"{state}[0]"] = values[initial]
    for state in quantities.symbols.carries.values():
        for written in (f"dL/d{state}", f"message({state})", f"total({state})"):
            try:
                values[written] = values[quantities.name(written)]
            except ExamgenError:
                continue
    return values


def at_first_step(formula: Expression) -> Expression:
    """The formula with t = 1."""
    if isinstance(formula, Reference):
        return formula.at(FIRST_STEP)
    if isinstance(formula, Apply):
        return Apply(formula.function, tuple(map(at_first_step, formula.args)))
    return formula


@every_question
def test_expected_formulas_evaluate_to_the_quantity(name: str) -> None:
    """Read as text, with every name looked up among the quantities of step 1."""
    variants = drawn(name)
    template = variants.template
    for _, slot in slots_of(template, "formula"):
        formula = at_first_step(parse(expected_formula(template, slot)))
        for row in range(COUNT):
            values = known(variants, row)
            value = values[template.quantities.name(slot.quantity)]
            assert evaluated(formula, values) == pytest.approx(value, rel=1e-9, abs=1e-12), slot.id


@every_question
def test_expected_formulas_speak_only_of_what_they_may(name: str) -> None:
    """Of themselves never; of other derivatives those that `using` names, where it does."""
    template = find_template(name)
    for _, slot in slots_of(template, "formula"):
        parts = list(walk(parse(expected_formula(template, slot))))
        spoken = {p.name for p in parts if isinstance(p, Reference) and p.of}
        assert slot.quantity not in {s.replace("[t]", "[1]") for s in spoken}
        if slot.using is not None:
            quantities = template.quantities
            resolved = {quantities.name(s.replace("[t]", "[1]")) for s in spoken}
            assert resolved <= {quantities.name(u) for u in slot.using}


def test_derivatives_that_may_not_be_used_are_written_out() -> None:
    """`using` says which derivatives a formula may speak of."""
    template = parse_template(
        TINY.replace("derive: dL/dw\n", "derive: dL/dw\n    using: [dL/dL]\n"), "tiny.yaml"
    )
    slot = next(slot for slot in template.slots if slot.kind == "formula")
    assert expected_formula(template, slot) == "2*(z - y)*x"
    free = parse_template(TINY, "tiny.yaml")
    slot = next(slot for slot in free.slots if slot.kind == "formula")
    assert expected_formula(free, slot) == "dL/dz*x"


def test_a_quantity_asked_twice_is_shown_in_both_parts_once() -> None:
    """Not again within a part; a later one says where it comes from."""
    parts = "parts:\n  - {ask: A., answers: z, points: 1}\n  - {ask: B., answers: z, points: 1}"
    text = TINY[: TINY.index("parts:")] + parts
    worked = worked_parts(draw_variants(parse_template(text, "t.yaml"), 0, [0]), 0)
    (first,), (again,) = map(lines_of, worked)
    assert first.startswith("z = w ")
    assert again.startswith("z = ")
    assert again.rpartition("= ")[2] == first.rpartition("= ")[2]
    assert worked[1].steps[0].text == "As in part (a):"


def test_a_heading_over_parts_has_no_steps() -> None:
    """It asks nothing itself; the parts under it have theirs."""
    parts = "parts:\n  - ask: Go back.\n    parts:\n" + "".join(
        f"      - {{ask: It., answers: {name}, points: 1}}\n" for name in ("z", "dL/dw")
    )
    template = parse_template(TINY[: TINY.index("parts:")] + parts, "tiny.yaml")
    worked = worked_parts(draw_variants(template, 0, [0]), 0)
    assert [(one.label, bool(lines_of(one))) for one in worked] == [
        ("a", False),
        ("a.i", True),
        ("a.ii", True),
    ]


def test_thirds_stay_fractions_in_solutions() -> None:
    """0.333333 times 3 is not 1."""
    template = parse_template(TINY, "tiny.yaml")
    given = {"x": Fraction(3), "w": Fraction(1, 3), "b": Fraction(-1), "y": Fraction(0)}
    worked = worked_parts(fixed_variant(template, given), 0)
    assert lines_of(worked[0]) == [r"z = w \cdot x + b = \frac{1}{3} \cdot 3 - 1 = 0"]


def test_a_solution_shows_the_decimals_that_are_asked_for() -> None:
    """Nine decimals in the key are nine in the solution, not six."""
    text = TINY.replace("parts:", "decimals: 9\nparts:").replace(
        "z: w*x + b", "z: w*x + sigmoid(b)"
    )
    variants = draw_variants(parse_template(text, "tiny.yaml"), 0, [0])
    line = lines_of(worked_parts(variants, 0)[0])[-1]
    slot = variants.template.slots[0]
    assert float(line.rpartition(" ")[2]) == pytest.approx(
        float(variants.expected(slot)[0]), abs=0.51e-9
    )


def test_a_formula_may_speak_of_the_next_step() -> None:
    """With `using: dL/dh[t+1]` the message is written out down to that derivative."""
    text = """\
id: next
title: Next step
graph:
  topology: recurrent_cell
  steps: 2
  state: {h: h_0}
  step:
    a[t]: w*h[t-1] + x[t]
    h[t]: tanh(a[t])
  loss: sum((h[t] - y[t])^2)
sample: {'x[*]': {choose: [1, 2]}, w: 0.5, 'y[*]': 0, h_0: 0}
parts:
  - {ask: Derive., derive: 'dL/dh[t]', using: 'dL/dh[t+1]', points: 1}
"""
    template = parse_template(text, "next.yaml")
    formula = expected_formula(template, template.slots[0])
    assert formula == "2*(h[t] - y[t]) + dL/dh[t+1]*tanh'(a[t+1])*w"


def test_a_negative_number_alone_between_commas_needs_no_parentheses() -> None:
    """max(-5.5, -1.5), but 2 - (-1.5)."""
    text = TINY.replace("(z - y)^2", "(max(b, y, z) - y)^2").replace("answers: z\n", "answers: L\n")
    assert text != TINY
    variants = draw_variants(parse_template(text, "t.yaml"), 0, range(20))
    lines = [
        line for row in range(20) for part in worked_parts(variants, row) for line in lines_of(part)
    ]
    inserted = [line for line in lines if r"\max\left(-" in line]
    assert inserted
    assert not any(r"\left(\left(-" in line or r", \left(-" in line for line in inserted)
