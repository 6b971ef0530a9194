"""Formulas of worked answers: what cancels, what is simple, and how few signs numbers need."""

from __future__ import annotations

import pytest
from test_solution_steps import drawn, every_question, lines_of, texts
from tex_arithmetic import pieces, value_of

from examgen.bank import find_template
from examgen.definitions import build
from examgen.drawing import draw_variants
from examgen.formula import parse
from examgen.lowering import Scope, lower
from examgen.nodes import Node, given
from examgen.printing import PLAIN, show
from examgen.solution import slot_label, symbols_of, worked_parts
from examgen.solution.algebra import Cancelled, key_of
from examgen.solution.paths import paths
from examgen.solution.signs import fewer_signs
from examgen.solution.simple import simple_forms
from examgen.template import parse_template
from examgen.variant import Variants

# --- formulas of the bank ------------------------------------------------------------------------


@every_question
def test_every_piece_of_every_formula_has_the_value_that_is_asked(name: str) -> None:
    """The chain rule with its braces, what it comes to, and the simple form."""
    variants = drawn(name)
    for part, worked in zip(variants.template.parts, worked_parts(variants, 0), strict=True):
        for slot in part.slots:
            if slot.kind != "formula":
                continue
            symbols, known = symbols_of(variants.template, slot), variants.quantities(0)
            values = {symbols.tex(n): float(value) for n, value in known.items()}
            values = dict(sorted(values.items(), key=lambda item: -len(item[0])))
            label = slot_label(variants.template, slot)
            (line,) = [one for one in lines_of((worked,)) if pieces(one)[0][1] == label]
            for _, piece in pieces(line)[1:]:
                assert value_of(piece, values) == pytest.approx(values[label], rel=1e-9), piece


SOFTMAX = """
id: softmax
title: Softmax
topic: test
graph:
  topology: formulas
  index: {k: 2}
  formulas:
    z[k]: w[k]*x + b[k]
    S: sum(exp(z[k]))
    p[k]: exp(z[k])/S
    L: -sum(y[k]*log(p[k]))
sample:
  x: {choose: [-1, 1, 2]}
  w[*]: {choose: [-0.5, 0.5, 1]}
  b[*]: {choose: [-0.3, 0.2]}
  y[1]: 0
  y[2]: 1
parts:
  - ask: Compute the derivatives.
    answers: dL/dz[1], dL/dz[2], dL/dx
    points: 4
"""


def worked_lines(text: str) -> tuple[Variants, list[str]]:
    """A variant of a template, and the formulas of its worked answer."""
    variants = draw_variants(parse_template(text, "t.yaml"), 3, [0])
    return variants, lines_of(worked_parts(variants, 0))


def ends(name: str, label: str) -> list[str]:
    """The last pieces of the lines of a bank question about a quantity."""
    lines = lines_of(worked_parts(drawn(name), 0))
    return [pieces(line)[-1][1] for line in lines if line.startswith(f"{label} =")]


def test_a_cross_entropy_undoes_the_function_before_it() -> None:
    """p - y is shown where the bank asks to simplify, with what cancels before it."""
    formula, _number = ends("mlp-sigmoid-bce", r"\frac{\partial L}{\partial z_3}")
    assert formula == r"\hat{y} - y"
    lines = "\n".join(lines_of(worked_parts(drawn("mlp-sigmoid-bce"), 0)))
    cancelled = r"-y \cdot \left(1 - \hat{y}\right) + \left(1 - y\right) \cdot \hat{y}"
    assert rf" = {cancelled} = \hat{{y}} - y" in lines
    assert r"\frac{\partial L}{\partial z_3} = \hat{y} - y = 0." in lines
    assert "To simplify we use $\\sigma'\\left(z_3\\right) = " in texts("mlp-sigmoid-bce")


def test_a_softmax_loses_its_sum() -> None:
    """p - 1 for the true class, p for the others, whichever class is the true one."""
    variants = drawn("softmax-cross-entropy")
    forms = simple_forms(variants.template)
    shown = sorted(show(form.node, variants.template.quantities.symbols) for form in forms.values())
    assert sorted(text.removesuffix(" - 1") for text in shown) == ["p_1", "p_2", "p_3"]
    assert sum(text.endswith(" - 1") for text in shown) == 1
    assert r"= p_1 \cdot S" in texts("softmax-cross-entropy")


def test_a_simple_form_is_derived_once_where_no_formula_was_asked() -> None:
    """With labels that add up to one, which is said."""
    variants, lines = worked_lines(SOFTMAX)
    first, second, _ = [line for line in lines if line.startswith(r"\frac{\partial L}")]
    assert r"\underbrace" in first
    assert " = p_1 - y_1 = " in first
    assert second.startswith(r"\frac{\partial L}{\partial z_2} = p_2 - y_2 = ")
    said = "\n".join(step.text for part in worked_parts(variants, 0) for step in part.steps)
    assert "and $y_1 + y_2 = 1$." in said


@pytest.mark.parametrize(
    "loss", ["sum((p[k] - y[k])^2) + log(x^2 + 1)", "-sum(y[k]*log(p[k] + 0.1))"]
)
def test_what_is_nearly_simple_is_not_believed(loss: str) -> None:
    """Another loss over a softmax, or one that is a little off, has no such form."""
    text = SOFTMAX.replace("-sum(y[k]*log(p[k]))", loss)
    assert simple_forms(parse_template(text, "t.yaml")) == {}


def test_a_question_without_logarithm_is_not_searched() -> None:
    """No simple form, however many logistic units there are."""
    assert simple_forms(find_template("mazur-network")) == {}


# --- algebra -------------------------------------------------------------------------------------


def built(written: str) -> Node:
    """A formula over givens."""
    return build(lower(parse(written), Scope({}), {}), given)


@pytest.mark.parametrize(
    ("written", "cancelled", "denominator"),
    [
        ("(-y/h + (1 - y)/(1 - h))*h*(1 - h)", "-y*(1 - h) + (1 - y)*h", False),
        ("a*b/(b*a)", "1", False),
        ("2*a/(4*b)", "0.5*a/b", True),
        ("a/b - a/b", "0", False),
        ("a^2/a", "a", False),
        ("(a + b)/(a + b)", "1", False),
    ],
)
def test_common_factors_cancel(written: str, cancelled: str, denominator: bool) -> None:
    """And a sum without a quotient stays together."""
    found = Cancelled(built(written), {})
    assert show(found.node, find_template("mlp-2-2-2").quantities.symbols, PLAIN) == cancelled
    assert found.has_denominator == denominator


def test_known_factors_are_put_in() -> None:
    """e = p s, where p = e/s."""
    known = {key_of(given("e")): given("p") * given("s")}
    assert Cancelled(built("e/s - 1"), known).content == Cancelled(built("-1 + p"), {}).content


@pytest.mark.parametrize(
    ("definition", "factor"),
    [
        ("sqrt(x^2 + a^2)", "x/u"),
        ("log(x)*a", "a/x"),
        ("a - x*a", "-a"),
        ("(1 - x)*a + x*b", "b - a"),
        ("x/3 + a", "(1/3)"),
    ],
)
def test_local_derivatives_are_tidy(definition: str, factor: str) -> None:
    """No 2 x/(2 u), no 1/x a, no -a + b."""
    quantities = parse_template(TIDY.format(definition=definition), "t.yaml").quantities
    (way,) = paths(quantities.nodes["dL/dx"], quantities.adjoints)
    assert show(way.factor, quantities.symbols, PLAIN) == factor


TIDY = """
id: tidy
title: Tidy
topic: test
graph:
  topology: formulas
  formulas:
    u: {definition}
    L: u^2 + a + b
sample:
  x: {{choose: [1, 2]}}
  a: {{choose: [3, 4]}}
  b: {{choose: [3, 4]}}
parts:
  - ask: Compute the derivative.
    answers: dL/dx
    points: 1
"""


# --- signs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tex", "shorter"),
    [
        (r"1 - \left(-2\right)", "1 + 2"),
        (r"1 + \left(-2\right)", "1 - 2"),
        (r"1 + \left(-2\right) \cdot 3", None),
        (r"1 - \left(-2\right) \cdot 3", r"1 + 2 \cdot 3"),
        (r"1 - \left(-2\right)^{2}", None),
        (r"\left(-\left(-2\right) + 1\right)", r"\left(2 + 1\right)"),
        (r"3 \cdot \left(-\left(-1\right)\right)", r"3 \cdot 1"),
        (r"2\left(-\left(-1\right)\right)", r"2\left(1\right)"),
        (r"\sigma\left(-\left(-1\right)\right)", r"\sigma\left(1\right)"),
        (r"2 \cdot \left(-\frac{-1.5}{2.3}\right)", r"2 \cdot \frac{1.5}{2.3}"),
        (r"2 \cdot \left(-\frac{-1.5}{2.3}\right)^{2}", None),
        (r"1 + \left(-\frac{24}{13}\right)", r"1 - \frac{24}{13}"),
        (r"1 - \left(-4.1 \cdot 10^{-7}\right)", r"1 + 4.1 \cdot 10^{-7}"),
    ],
)
def test_signs_that_undo_each_other_go(tex: str, shorter: str | None) -> None:
    """And the value is the same."""
    assert fewer_signs(tex) == (shorter or tex)
    assert value_of(fewer_signs(tex)) == pytest.approx(value_of(tex))
