"""Variants: every quantity's value, exact where it can be, the same however it is asked for."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from small_exam import TINY

from examgen.bank import bank_ids, find_template
from examgen.drawing import draw_variants
from examgen.errors import ExamgenError
from examgen.graph import evaluate, exactly
from examgen.template import Template, parse_template
from examgen.variant import Variants, fixed_variant

every_question = pytest.mark.parametrize("name", bank_ids())
COUNT = 20


@cache
def drawn(name: str) -> Variants:
    """Some variants of a question of the bank."""
    return draw_variants(find_template(name), 5, range(COUNT))


def with_formula(formula: str) -> Template:
    """The tiny template with another formula for z."""
    return parse_template(TINY.replace("z: w*x + b", f"z: {formula}"), "tiny.yaml")


@every_question
def test_quantities_agree_with_both_evaluators(name: str) -> None:
    """Exact ones with exact rationals, all of them with float64."""
    variants = drawn(name)
    nodes = variants.template.quantities.nodes
    floats = evaluate(list(nodes.values()), variants.draw.floats())
    for row in range(COUNT):
        values = variants.quantities(row)
        assert list(values) == list(nodes)
        exact = exactly(list(nodes.values()), variants.draw.exact(row))
        for value, truth, rough in zip(values.values(), exact, floats, strict=True):
            near = np.broadcast_to(rough, COUNT)[row]
            assert float(value) == pytest.approx(near, rel=1e-9, abs=1e-9)
            if isinstance(value, Fraction):
                assert value == truth


@pytest.mark.parametrize("name", ["mlp-2-2-2", "elman-relu", "modified-recurrent-cell"])
def test_polynomial_graphs_are_exact(name: str) -> None:
    """0.65 is known to be 13/20, not to be near it."""
    assert all(isinstance(value, Fraction) for value in drawn(name).quantities(0).values())


@every_question
def test_the_key_does_not_depend_on_what_else_is_drawn(name: str) -> None:
    """One variant alone, or last in line, or twice: the same numbers."""
    template = find_template(name)
    some = draw_variants(template, 5, [7, 3, 7, COUNT - 1])
    for slot in template.slots:
        if slot.kind == "number":
            expected = drawn(name).expected(slot)
            assert some.expected(slot).tolist() == expected[[7, 3, 7, COUNT - 1]].tolist()
            assert [some.printed(slot, k) for k in (0, 2)] == [drawn(name).printed(slot, 7)] * 2


@every_question
def test_expected_is_the_value_of_the_quantity(name: str) -> None:
    """The key of a slot is the quantity that the slot names, as float64 of shape (variants,)."""
    variants = drawn(name)
    for slot in variants.template.slots:
        if slot.kind == "number":
            expected = variants.expected(slot)
            assert (expected.dtype, expected.shape) == (np.dtype(np.float64), (COUNT,))
            where = variants.template.quantities.name(slot.quantity)
            assert expected[4] == float(variants.quantities(4)[where])


def test_answers_are_rounded_half_up_as_a_student_would() -> None:
    """To the decimals asked for, away from zero, trailing zeros left out, never minus zero."""
    template = parse_template(TINY.replace("parts:", "decimals: 1\nparts:"), "tiny.yaml")
    slot = template.slots[0]
    for b, printed in [
        ("0.25", "0.3"),
        ("-0.25", "-0.3"),
        ("-0.04", "0"),
        ("2", "2"),
        ("2.04", "2"),
    ]:
        given = {"x": Fraction(0), "w": Fraction(1), "b": Fraction(b), "y": Fraction(0)}
        assert fixed_variant(template, given).printed(slot, 0) == printed


def test_fixed_variants_take_any_number() -> None:
    """On the grid or not; what is not given is the first value of its grid, or another's."""
    template = parse_template(TINY, "tiny.yaml")
    values = fixed_variant(template, {"x": Fraction(1, 3), "w": Fraction(1, 7)}).quantities(0)
    assert values["z"] == Fraction(1, 21) - 4
    assert isinstance(values["z"], Fraction)
    others = {name: Fraction(2) for name in template.grids}
    values = fixed_variant(template, {"x": Fraction(5)}, others).quantities(0)
    assert values["z"] == 5 * 2 + 2


def test_unknown_givens_are_refused_with_those_there_are() -> None:
    """A computed quantity is no given either."""
    template = parse_template(TINY, "tiny.yaml")
    for name in ("u", "z", "dL/dw"):
        with pytest.raises(ExamgenError, match=rf"'{name}' is no given of tiny; expected w, x, b"):
            fixed_variant(template, {name: Fraction(1)})


def test_infinite_keys_are_refused() -> None:
    """A key that is not finite can be no exam question; the message names the quantity."""
    template = with_formula("w*x + b + exp(exp(x^4))")
    slot = template.slots[0]
    given = {"x": Fraction(5), "w": Fraction(1), "b": Fraction(0), "y": Fraction(0)}
    with pytest.raises(ExamgenError, match="tiny: z is not finite"):
        fixed_variant(template, given).expected(slot)


def test_large_numbers_stay_exact() -> None:
    """Beyond 64 bits the same values come out of Python's integers."""
    template = with_formula("(w*x + b)^9 * 1000003^3")
    variants = draw_variants(template, 0, range(3))
    for row in range(3):
        given = variants.draw.exact(row)
        expected = (given["w"] * given["x"] + given["b"]) ** 9 * 1000003**3
        assert variants.quantities(row)["z"] == expected
        assert variants.expected(template.slots[0])[row] == float(expected)


def test_constant_quantities_have_a_value_for_every_variant() -> None:
    """A quantity that no given reaches is the same for all."""
    variants = draw_variants(parse_template(TINY, "tiny.yaml"), 0, range(4))
    assert [variants.quantities(row)["dL/dL"] for row in range(4)] == [1] * 4


def test_no_variants_are_no_error() -> None:
    """An empty class has an empty key."""
    variants = draw_variants(parse_template(TINY, "tiny.yaml"), 0, [])
    assert variants.expected(variants.template.slots[0]).shape == (0,)
