"""From formulas to nodes: names, indices, families, and every way to get them wrong."""

from __future__ import annotations

import random

import numpy as np
import pytest
from calls import within

from examgen.definitions import Definition, define
from examgen.errors import ExamgenError
from examgen.graph import evaluate, topological
from examgen.nodes import Node
from examgen.notation import Symbols
from examgen.printing import PLAIN
from examgen.printing import define as written


def defined(
    formulas: dict[str, str], ranges: dict[str, int] | None = None, declared: tuple[str, ...] = ()
) -> dict[str, Node]:
    """The nodes of some formulas; their paths are their left-hand sides."""
    listed = [Definition(name, text, name) for name, text in formulas.items()]
    return define(listed, ranges or {}, declared=declared)


def value(node: Node, **givens: float) -> float:
    """One value of a node; `x_1` stands for x[1]."""
    names = {
        f"{k[0]}[{k[2:].replace('_', ',')}]" if k[1:2] == "_" else k: v for k, v in givens.items()
    }
    return float(evaluate([node], {name: np.array([float(v)]) for name, v in names.items()})[0][0])


def problems(formulas: dict[str, str], ranges: dict[str, int] | None = None) -> list[str]:
    """All that is wrong with some formulas."""
    with pytest.raises(ExamgenError) as refused:
        defined(formulas, ranges)
    return [str(problem) for problem in refused.value.problems]


def test_the_order_of_definitions_does_not_matter() -> None:
    """Any order gives the same graph, arguments before what uses them."""
    formulas = {"a": "x + 1", "b": "a*a", "c": "b - a", "d": "relu(c)", "L": "d*b"}
    names = list(formulas)
    for seed in range(5):
        random.Random(seed).shuffle(names)
        nodes = defined({name: formulas[name] for name in names})
        assert value(nodes["L"], x=2) == 54
        order = list(nodes)
        assert all(order.index(a) < order.index(b) for a, b in ("xa", "ab", "bc", "cd", "dL"))


def test_what_nothing_defines_is_a_given() -> None:
    """One node a name, wherever it stands."""
    nodes = defined({"a": "x*y", "b": "x + a"})
    assert [name for name, node in nodes.items() if node.op.name == "given"] == ["x", "y"]
    assert len(topological([nodes["b"]])) == 4


def test_a_formula_holds_for_every_index() -> None:
    """`h[i]` stands for as many quantities as i counts."""
    nodes = defined({"h[i]": "x[i]*w", "L": "sum(h[i])"}, {"i": 3})
    assert value(nodes["L"], x_1=1, x_2=2, x_3=4, w=10) == 70


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("sum(x[i])", 6), ("sum(x[i]*x[j])", 36), ("sum(x[*])", 6), ("max(x[*])", 3),
        ("mean(x[*])", 2), ("dot(x[*], x[*])", 14), ("sum(sum(x[i])*x[j])", 36),
        ("softmax(x[2], x[*])*0 + 1", 1), ("mean_squared_error(x[*], x[*])", 0),
        ("min(x[*], -1)", -1),
    ],
)  # fmt: skip
def test_sums_and_families(formula: str, expected: float) -> None:
    """A sum over indices, and functions of all members of a family in their order."""
    names = ("x[1]", "x[2]", "x[3]")
    nodes = defined({"L": formula}, {"i": 3, "j": 3}, declared=names)
    assert value(nodes["L"], x_1=1, x_2=2, x_3=3) == pytest.approx(expected)


def test_families_count_as_numbers_do() -> None:
    """x[2] comes before x[10]."""
    nodes = defined({"x[i]": "i_0 + 0", "L": "softmax(x[1], x[*])"}, {"i": 12})
    (total,) = (node for node in topological([nodes["L"]]) if node.op.name == "softmax")
    leaves = [node.name for node in topological([total]) if (node.name or "").startswith("x[")]
    assert leaves == [f"x[{i}]" for i in range(1, 13)]


def test_families_match_part_of_the_indices() -> None:
    """`w[*,2]` are the weights into unit 2."""
    declared = ("w[1,1]", "w[1,2]", "w[2,1]", "w[2,2]")
    nodes = defined({"L": "sum(w[*,2])"}, declared=declared)
    assert value(nodes["L"], w_1_2=3, w_2_2=4) == 7


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("squared_error(a, b)", 4), ("half_squared_error(a, b)", 2),
        ("mean_squared_error(a, b, 1, 1)", 2), ("squared_error(a, b, 0, 1)", 9),
        ("bce(0.25, 1)", -np.log(0.25)), ("bce(0.25, 0)", -np.log(0.75)),
        ("cross_entropy(0.5, 0.25, 0, 1)", -np.log(0.25)),
        ("softmax(a, a, b)", 1 / (1 + np.exp(-2))),
        ("sigmoid(a)", 1 / (1 + np.exp(-3))), ("ln(a)", np.log(3)), ("ReLU(-a)", 0),
        ("leaky_relu(-a)", -0.03), ("leaky_relu(-a, 0.5)", -1.5), ("leaky_relu'(-a)", 0.01),
        ("sigmoid'(b)", np.exp(-1) / (1 + np.exp(-1)) ** 2), ("tanh'(b)", 1 - np.tanh(1) ** 2),
        ("softplus(b)", np.log(1 + np.e)), ("sqrt(a + b)", 2), ("max(a, b, 7, 5)", 7),
        ("mean(a, b)", 2), ("var(a, b)", 1), ("std(a, b, 5)", np.sqrt(8 / 3)), ("norm(a, b+3)", 5),
        ("logsumexp(a, b, b)", np.log(np.exp(3) + 2 * np.e)), ("softmax(1000*a, 1000*a, b)", 1),
        ("abs(b - a)", 2), ("decimals(a/8)", 3), ("dot(a, b, 2, 5)", 11), ("exp(0)", 1),
    ],
)  # fmt: skip
def test_functions(formula: str, expected: float) -> None:
    """Every function of the language at a = 3, b = 1."""
    nodes = defined({"L": f"{formula} + 0*a + 0*b"})
    assert value(nodes["L"], a=3, b=1) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("formulas", "expected"),
    [
        ({"a": "b", "b": "c", "c": "a"}, ["a cycle: "]),
        ({"a": "a + 1"}, ["a: a cycle: a needs a"]),
        ({"a": "1", " a": "2"}, [" a: 'a' is defined twice"]),
        ({"h[i]": "1", "h[2]": "2"}, ["h[2]: 'h[2]' is defined twice"]),
        ({"a": "sigmoyd(x)"}, ["a: column 1: 'sigmoyd' is no function (did you mean 'sigmoid'?)"]),
        ({"a": "copy(x)"}, ["a: column 1: 'copy' is no function"]),
        ({"a": "tanh(x, y)"}, ["a: column 1: tanh takes 1 argument, found 2"]),
        ({"a": "bce(x)"}, ["a: column 1: bce: found 1 argument, expected predictions, then"]),
        ({"a": "softmax(x)"}, ["a: column 1: softmax: found 1 argument, expected a logit, then"]),
        ({"a": "x[t]"}, ["a: column 1: the index 't' of 'x[t]' has no value here"]),
        ({"a": "sum(x[q])"}, ["a: column 1: the index 'q' has no range to sum over"]),
        ({"a": "max(x[*])"}, ["a: column 5: 'x[*]' matches no quantity"]),
        ({"a[q]": "1"}, ["a[q]: the index 'q' of 'a[q]' has no range"]),
        ({"a[*]": "1"}, ["a[*]: the index '*' of 'a[*]' has no range"]),
        ({"dL/da": "1"}, ["dL/da: 'dL/da' is no name that can be defined"]),
        ({"a + b": "1"}, ["a + b: 'a + b' is no name that can be defined"]),
        ({"a": "dL/dw*2"}, ["a: there is no quantity 'dL/dw' that a formula could use here"]),
        ({"a": "w'"}, ["a: there is no quantity 'w'' that a formula could use here"]),
        ({"a": "message(3)"}, ["a: column 1: message(...) takes the name of a state"]),
        ({"h[i]": "x[i-1]"}, ["h[i]: 'x[0]' is out of range: indices count from 1"]),
        ({"h[i]": "X[1,2-i]"}, ["'X[1,0]' is out of range", "'X[1,-1]' is out of range"]),
        ({"a": "sum(x[i+a])"}, ["a: column 1: the index 'a' has no range to sum over"]),
        ({"a": "max(x[j])"}, ["a: column 1: the index 'j' has no range to sum over"]),
        ({"a": "(", "b": "c +", "d": "f(1)"}, ["a: column 2", "b: column 4", "d: column 1"]),
    ],
)  # fmt: skip
def test_mistakes_are_all_reported_with_their_places(
    formulas: dict[str, str], expected: list[str]
) -> None:
    """One clear sentence each: where, what, and what was perhaps meant."""
    found = problems(formulas, {"i": 3})
    assert len(found) == len(expected)
    assert all(want in have for have, want in zip(found, expected, strict=True))


@pytest.mark.parametrize(
    "formulas",
    [
        {"x[i,j,k,l]": "1"}, {"a": "sum(x[i]*y[j]*z[k])"}, {"a": "sum(sum(sum(x[i,j,k])))"},
        {"h[i,j]": "sum(x[i,k]*y[k,j])"}, {"a": "sigmoid'(" * 60 + "x" + ")" * 60},
        {"a": "bce(" * 60 + "x" + ",1)" * 60}, {"a": "max(" + ",".join("x" * 1500) + ")"},
    ],
    ids=["family", "sum", "sums", "matrix", "slopes", "losses", "max"],
)  # fmt: skip
def test_what_explodes_is_refused_in_time(formulas: dict[str, str]) -> None:
    """Formulas that stand for millions of operations end in a message, not in a full memory."""
    found: list[str] = []
    sizes = dict.fromkeys("ijkl", 64)
    assert within(6_000_000, lambda: found.extend(problems(formulas, sizes)))
    assert found


def test_a_sum_of_1500_terms_is_fine() -> None:
    """Long is not deep."""
    nodes = defined({"L": "sum(" + ",".join(["x"] * 1500) + ")"})
    assert value(nodes["L"], x=2) == 3000


def test_a_quantity_may_have_the_name_of_an_index() -> None:
    """Then it is meant, not the number."""
    nodes = defined({"h[i]": "i*x[i]", "i": "3 + 0*y"}, {"i": 2})
    assert written(nodes["h[2]"], Symbols(), PLAIN) == "i*x[2]"


def test_a_family_is_what_is_mentioned_of_it() -> None:
    """Members that other formulas speak of, by number or by an index."""
    nodes = defined({"h[i]": "w[i]*x[i+1]", "L": "sum(x[*]) + max(w[*])"}, {"i": 2})
    assert written(nodes["L"], Symbols(), PLAIN) == "x[2] + x[3] + max(w[1], w[2])"


RANGES = {"i": 3, "a": 2, "b": 2, "j": 2}


@pytest.mark.parametrize(
    ("name", "formula", "quantity", "expected"),
    [
        ("y[i]", "sum(k[a]*x[i+a-1])", "y[2]", "k[1]*x[2] + k[2]*x[3]"),
        ("y[i]", "sum(k[a]*x[2*(i-1)+a])", "y[3]", "k[1]*x[5] + k[2]*x[6]"),
        ("y[i]", "sum(k[a]*x[i-a+2])", "y[1]", "k[1]*x[2] + k[2]*x[1]"),
        ("Y[i,j]", "sum(K[a,b]*X[i+a-1,j+b-1])", "Y[3,2]",
         "K[1,1]*X[3,2] + K[1,2]*X[3,3] + K[2,1]*X[4,2] + K[2,2]*X[4,3]"),
        ("p[j]", "max(x[2*j-1], x[2*j])", "p[2]", "max(x[3], x[4])"),
        ("p[j]", "max(x[2*j+a-2])", "p[2]", "max(x[3], x[4])"),
        ("p[j]", "mean(x[2*j+a-2])", "p[1]", "(x[1] + x[2])/2"),
        ("y[2*j-1]", "x[j]", "y[3]", "x[2]"),
        ("m[i]", "x[i]/(1 - beta^i)", "m[2]", "x[2]/(1 - beta^2)"),
        ("m[i]", "i*x[i] + sum(a*w[a])", "m[3]", "3*x[3] + 1*w[1] + 2*w[2]"),
        ("n[i]", "norm(w[i,j])", "n[1]", "sqrt(w[1,1]^2 + w[1,2]^2)"),
        ("s", "var(k[a])", "s", "((k[1] - (k[1] + k[2])/2)^2 + (k[2] - (k[1] + k[2])/2)^2)/2"),
        ("m", "sum(x[i] * max(w[i,j]))", "m",
         "x[1]*max(w[1,1], w[1,2]) + x[2]*max(w[2,1], w[2,2]) + x[3]*max(w[3,1], w[3,2])"),
        ("p[i]", "exp(x[i]) / sum(exp(x[j]))", "p[3]", "exp(x[3])/(exp(x[1]) + exp(x[2]))"),
    ],
)  # fmt: skip
def test_indices_are_sums_of_index_variables(
    name: str, formula: str, quantity: str, expected: str
) -> None:
    """Convolutions, strides and pooling, in sums and maxima over what is free."""
    nodes = define([Definition(name, formula)], RANGES)
    assert written(nodes[quantity], Symbols(), PLAIN) == expected
