"""How quantities and formulas are written, in TeX and in plain text that can be read back."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given as sampled
from hypothesis import strategies as st
from random_graphs import RATIONAL, random_graph

from examgen.definitions import Definition, build
from examgen.definitions import define as define_all
from examgen.differentiate import differentiate
from examgen.formula import parse
from examgen.graph import exactly
from examgen.lowering import Scope, lower
from examgen.nodes import Node, constant, given, named
from examgen.notation import Symbols, decimal
from examgen.ops import OPS
from examgen.printing import PLAIN, TEX, define, show

PLAINLY = Symbols()


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        ("13/20", 10, "0.65"), ("-1/3", 4, "-0.3333"), ("3", 10, "3"), ("1/8", 2, "0.13"),
        ("-1/8", 2, "-0.13"), ("-1/1000", 2, "0"), ("120", 0, "120"), ("1/2", 0, "1"),
        ("0", 3, "0"),
        ("999/1000", 2, "1"), ("-5", 3, "-5"),
    ],
)  # fmt: skip
def test_decimals(value: str, places: int, text: str) -> None:
    """The shortest decimal; halves are rounded away from zero; never a minus zero."""
    assert decimal(Fraction(value), places) == text


@sampled(st.decimals(-1000, 1000, places=6))
def test_exact_decimals_are_read_back(value) -> None:
    """What terminates within the places is written exactly."""
    assert Fraction(decimal(Fraction(value))) == Fraction(value)


@pytest.mark.parametrize(
    ("name", "tex"),
    [
        ("w21", "w_{21}"), ("yhat[1]", r"\hat{y}_1"), ("eta", r"\eta"), ("h_0", "h_0"),
        ("w'", "w'"),
        ("w_xh", "w_{xh}"), ("w1[1,2]", "w^{(1)}_{12}"),
        ("dL/dw", r"\frac{\partial L}{\partial w}"),
        ("h[10]", "h_{10}"), ("h[1,10]", "h_{1,10}"), ("sigma", r"\sigma"), ("b_eta", r"b_{\eta}"),
        ("ctilde[1]", r"\tilde{c}_1"), ("xbar", r"\bar{x}"), ("net_h1", r"\mathrm{net}_{h1}"),
        ("dL/dw'", r"\frac{\partial L}{\partial w'}"), ("df/dx", r"\frac{\partial f}{\partial x}"),
        ("h[-1]", "h_{-1}"), ("_x", r"\mathrm{x}"), ("eps", r"\varepsilon"),
        ("eps_1", r"\varepsilon_1"), ("dL_1/dw", r"\frac{\partial L_1}{\partial w}"),
        ("dL_12/dw", r"\frac{\partial L_{12}}{\partial w}"),
    ],
)  # fmt: skip
def test_names_in_tex(name: str, tex: str) -> None:
    """Greek letters, accents, indices and derivatives by rule."""
    assert PLAINLY.tex(name) == tex


def test_a_template_may_give_other_symbols() -> None:
    """For a whole name, or for a base name with its indices."""
    symbols = Symbols(overrides={"w": "W", "h_0": "H"})
    assert [symbols.tex(name) for name in ("w", "w[2]", "h_0", "dL/dw")] == [
        "W", "W_2", "H", r"\frac{\partial L}{\partial W}",
    ]  # fmt: skip


def test_copies_of_unrolling_show_their_step() -> None:
    """dL/dw[2] is the contribution of step 2; messages and totals differ in sign or step."""
    symbols = Symbols(uses={"w[2]": "w"}, carries={"h_in[2]": "h[1]"}, shared=frozenset({"h[1]"}))
    assert symbols.tex("w[2]") == "w"
    assert symbols.tex("dL/dw[2]") == r"\frac{\partial L}{\partial w^{(2)}}"
    assert symbols.tex("dL/dh_in[2]") == r"\frac{\partial L}{\partial h_1^{(2)}}"
    first = Symbols(carries={"h_in[2]": "h[1]"}, shared=frozenset({"h[1]"}), message_first=True)
    assert first.tex("dL/dh_in[2]") == r"\frac{\partial L}{\partial h_1}"
    assert first.tex("dL/dh[1]") == r"\frac{\mathrm{d}L}{\mathrm{d}h_1}"
    assert first.plain("dL/dh_in[2]") == "dL/dh[1]"
    assert first.plain("dL/dh[1]") == "total(h[1])"


def test_a_step_can_be_printed_as_t() -> None:
    """h[1] at step 1 is h_t, and h_0 is h_{t-1}."""
    symbols = Symbols(initial={"h_0": "h"}).at_step(1)
    assert [symbols.tex(name) for name in ("h[1]", "h[2]", "h_0")] == ["h_t", "h_{t+1}", "h_{t-1}"]
    assert [symbols.plain(name) for name in ("h[1]", "h_0")] == ["h[t]", "h[t-1]"]


# --- formulas -------------------------------------------------------------------------------------


def written(formula: str) -> Node:
    """The node of a formula over givens."""
    scope = Scope({})
    return build(lower(parse(formula), scope, {}), given)


@pytest.mark.parametrize(
    ("formula", "tex", "plain"),
    [
        ("a + b*c", r"a + b \cdot c", "a + b*c"),
        ("(a + b)*c", r"\left(a + b\right) \cdot c", "(a + b)*c"),
        ("a - (b - c)", r"a - \left(b - c\right)", "a - (b - c)"),
        ("a - b - c", "a - b - c", "a - b - c"),
        ("a/(b*c)", r"\frac{a}{b \cdot c}", "a/(b*c)"),
        ("a*(b/c)", r"a \cdot \frac{b}{c}", "a*b/c"),
        ("(a/b)^2", r"\left(\frac{a}{b}\right)^{2}", "(a/b)^2"),
        ("a^(b + 1)", "a^{b + 1}", "a^(b + 1)"),
        ("-a*b", r"-a \cdot b", "(-a)*b"),
        ("-(a*b)", r"-a \cdot b", "-a*b"),
        ("2*a", r"2\,a", "2*a"),
        ("2*(a + b)", r"2\left(a + b\right)", "2*(a + b)"),
        ("a*-0.5", r"a \cdot \left(-0.5\right)", "a*(-0.5)"),
        ("a + -1", r"a + \left(-1\right)", "a + (-1)"),
        ("sigmoid(a)", r"\sigma\left(a\right)", "sigmoid(a)"),
        ("sigmoid'(a)", r"\sigma'\left(a\right)", "sigmoid'(a)"),
        ("abs(a)", r"\left|a\right|", "abs(a)"),
        ("sqrt(a + 1)", r"\sqrt{a + 1}", "sqrt(a + 1)"),
        ("max(a, b, c)", r"\max\left(a, b, c\right)", "max(a, b, c)"),
        ("a > 0 and b <= 1", r"a > 0 \land b \le 1", "a > 0 and b <= 1"),
        ("1/3*a", r"\frac{1}{3} \cdot a", "1/3*a"),
        ("0.1*a", r"0.1\,a", "0.1*a"),
    ],
)  # fmt: skip
def test_formulas(formula: str, tex: str, plain: str) -> None:
    """Brackets where they are needed, and only there."""
    node = written(formula)
    assert (show(node, PLAINLY, TEX), show(node, PLAINLY, PLAIN)) == (tex, plain)


def test_a_name_with_an_exponent_is_not_raised_as_it_is() -> None:
    """TeX refuses h^{(1)}_1^{2}."""
    raised = Symbols(overrides={"h": "h^{(1)}_1"})
    assert show(written("h^2"), raised) == r"\left(h^{(1)}_1\right)^{2}"
    assert show(written("tanh(h)^2"), raised) == r"\tanh^{2}\left(h^{(1)}_1\right)"


def adjoints(formulas: dict[str, str]) -> dict[str, str]:
    """The definition of every derivative in plain text, and how it is printed."""
    listed = [Definition(name, formula) for name, formula in formulas.items()]
    nodes = define_all(listed, {"i": 3})
    found = differentiate(nodes["L"], nodes.values())
    return {name: define(found[node], PLAINLY, PLAIN) for name, node in nodes.items()}


def test_the_derivative_of_a_softmax_speaks_of_its_outputs() -> None:
    """p_i sum(y) - y_i under a cross-entropy; p_i - 1 and p_j where one class is the right one."""
    outputs = {"p[i]": "softmax(z[i], z[*])"}
    whole = adjoints({**outputs, "z[i]": "w[i]*x", "L": "cross_entropy(p[*], y[1], y[2], y[3])"})
    assert whole["z[2]"] == "(y[1] + y[2] + y[3])*p[2] - y[2]"
    one = adjoints({**outputs, "z[i]": "w[i]*x", "L": "-log(p[2])"})
    assert [one[f"z[{i}]"] for i in (1, 2, 3)] == ["p[1]", "p[2] - 1", "p[3]"]
    other = adjoints({**outputs, "z[i]": "w[i]*x", "L": "p[1]*a + p[2]*b"})
    assert other["z[3]"] == "-(dL/dp[1]*p[1] + dL/dp[2]*p[2])*p[3]"
    assert other["z[1]"] == "-(dL/dp[1]*p[1] + dL/dp[2]*p[2])*p[1] + dL/dp[1]*p[1]"


def test_a_softmax_prints_as_its_quotient() -> None:
    """And the logarithm of the sum as such, or by its name."""
    nodes = define_all(
        [
            Definition("p", "softmax(a, a, b)"),
            Definition("l", "logsumexp(a, b)"),
            Definition("L", "p + l"),
        ],
        {},
    )
    assert define(nodes["p"], PLAINLY, PLAIN) == "exp(a)/(exp(a) + exp(b))"
    assert define(nodes["l"], PLAINLY, PLAIN) == "log(exp(a) + exp(b))"
    slopes = differentiate(nodes["l"], [nodes["b"]])
    assert define(slopes[nodes["b"]], PLAINLY, PLAIN) == "exp(b - l)"


def test_numbers_of_a_derivative_stand_in_front() -> None:
    """2/3 from a mean of squares; the 1/2 of a penalty cancels its 2."""
    mean = adjoints({"m": "mean(x[1], x[2], x[3])", "v": "mean((x[1] - m)^2, 0, 0)", "L": "v*v"})
    assert mean["x[1]"] == "(1/3)*dL/dm + (2/3)*dL/dv*(x[1] - m)"
    assert adjoints({"L": "h^2 + lam/2*w^2", "h": "w*x"})["w"] == "dL/dh*x + lam*w"


def test_derivatives_stand_beside_fractions_and_in_brackets_below_powers() -> None:
    """A fraction inside the numerator of another one is hard to read."""
    slope = given("dL/dx")
    quotient, power = OPS["div"](slope, given("s")), OPS["square"](slope)
    assert show(quotient, PLAINLY) == r"\frac{\partial L}{\partial x} \cdot \frac{1}{s}"
    assert show(quotient, PLAINLY, PLAIN) == "dL/dx/s"
    assert show(power, PLAINLY) == r"\left(\frac{\partial L}{\partial x}\right)^{2}"


def test_which_is_larger() -> None:
    """The slope of a maximum."""
    slope = adjoints({"p": "max(h, k)", "L": "p^2"})["h"]
    assert slope == "dL/dp*max'(h, k)"
    assert show(OPS["max'"](given("h"), given("k")), PLAINLY) == r"\mathbb{1}\left[h > k\right]"


def test_a_named_node_is_its_name_elsewhere_and_its_definition_on_its_own_line() -> None:
    """One level of names deep."""
    nodes = define_all([Definition("h", "relu(w*x)"), Definition("L", "h^2")], {})
    assert show(nodes["L"], PLAINLY) == "L"
    assert define(nodes["L"], PLAINLY) == "h^{2}"
    assert define(nodes["h"], PLAINLY, PLAIN) == "relu(w*x)"
    assert define(nodes["w"], PLAINLY) == "w"


def test_derivatives_print_as_a_textbook_has_them() -> None:
    """The slope of an activation, with the adjoint from above in front."""
    nodes = define_all([Definition("h", "sigmoid(z)"), Definition("L", "(h - y)^2")], {})
    slopes = differentiate(nodes["L"], nodes.values())
    assert define(slopes[nodes["z"]], PLAINLY, PLAIN) == "dL/dh*sigmoid'(z)"
    assert define(slopes[nodes["h"]], PLAINLY, PLAIN) == "2*(h - y)"
    assert define(slopes[nodes["y"]], PLAINLY, PLAIN) == "-2*(h - y)"


def test_contributions_with_a_sign_are_subtracted() -> None:
    """`a - 2*x`, not `a + -2*x`."""
    a, x = given("a"), given("x")
    assert show(a + constant(-2) * x, PLAINLY, PLAIN) == "a - 2*x"
    assert show(a - constant(-2) * x, PLAINLY, PLAIN) == "a + 2*x"
    assert show(a - (-x), PLAINLY, PLAIN) == "a + x"


@pytest.mark.parametrize("seed", range(60))
def test_plain_text_is_read_back_as_the_same_quantity(seed: int) -> None:
    """What is printed for students is in the formula language, and means what was printed."""
    ops = (*(op for op in RATIONAL if op != "leaky_relu"), "div")
    node = [n for n in random_graph(seed, 4 + seed % 6, ops) if n.name is None][-1]
    given_names = {"x": Fraction(3, 10), "y": Fraction(-7, 4), "z": Fraction(5, 2)}
    names = {n.name: n for n in random_graph(seed, 4 + seed % 6, ops) if n.name}
    values = dict(zip(names, exactly(list(names.values()), given_names), strict=True))
    again = build(lower(parse(show(node, PLAINLY, PLAIN)), Scope({}), {}), given)
    numbers = {name: value if value is not None else Fraction(1) for name, value in values.items()}
    (expected,) = exactly([node], given_names)
    (found,) = exactly([again], numbers)
    assert found == expected


def test_a_long_sum_prints_without_recursion() -> None:
    """5,000 terms, and 5,000 named nodes in a row."""
    total: Node = given("x")
    for _ in range(5000):
        total = OPS["add"](total, given("x"))
    assert show(total, PLAINLY, PLAIN).count("+") == 5000
    chain: Node = given("x")
    for step in range(5000):
        chain = named(OPS["relu"](chain), f"h[{step}]")
    assert define(chain, PLAINLY, PLAIN) == "relu(h[4998])"


@pytest.mark.parametrize("op", [op for op in OPS.values() if op.arity], ids=lambda op: op.name)
def test_every_op_prints_in_both_styles(op) -> None:
    """TeX with balanced braces and without a name of Python; plain text of one line."""
    node = op(*(given(name) for name in ("a", "b")[: op.arity]))
    tex, plain = show(node, PLAINLY, TEX), show(node, PLAINLY, PLAIN)
    assert tex.count("{") == tex.count("}")
    assert r"\left" not in tex or tex.count(r"\left") == tex.count(r"\right")
    assert "a" in tex
    assert "a" in plain
