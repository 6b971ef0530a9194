"""Reverse mode against an outside engine (HIPS autograd), and the shape of what it builds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from random_graphs import GIVENS, SMOOTH, random_graph

from examgen.differentiate import Backward, Flow, adjoint_name, all_uses, chain_rule, differentiate
from examgen.graph import evaluate, topological
from examgen.nodes import Node, constant, given, named
from examgen.ops import OPS

OUTSIDE: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda a: -a,
    "copy": lambda a: a,
    "use": lambda a: a,
    "carry": lambda a: a,
    "square": lambda a: a**2,
    "relu": lambda a: anp.where(a > 0, a, 0.0),
    "sigmoid": lambda a: 0.5 * (1 + anp.tanh(a / 2)),
    "tanh": anp.tanh,
    "softplus": lambda a: anp.log(1 + anp.exp(a)),
    "exp": anp.exp,
    "log": anp.log,
    "sqrt": anp.sqrt,
    "abs": anp.abs,
    "max": anp.maximum,
    "min": anp.minimum,
}
"""The forward rules once more, for autograd to differentiate."""


def outside_value(node: Node, givens: Sequence[Any], names: Sequence[str]) -> Any:
    """The node's value by the outside rules."""
    known: dict[Node, Any] = {}
    for part in topological([node]):
        if part.value is not None:
            known[part] = float(part.value)
        elif part.args:
            known[part] = OUTSIDE[part.op.name](*(known[arg] for arg in part.args))
        else:
            known[part] = givens[names.index(part.name or "")]
    return known[node]


def outside_gradient(node: Node, givens: dict[str, float]) -> list[float]:
    """Its derivatives by all givens."""
    names = list(givens)
    point = np.array([givens[name] for name in names])
    return list(autograd.grad(lambda vector: outside_value(node, vector, names))(point))


def smooth_case(seed: int) -> tuple[Node, dict[str, float]]:
    """A random loss with fan-out, and a point where it is off all kinks."""
    rng = np.random.default_rng(seed)
    while True:
        number = int(rng.integers(2**32))
        loss = random_graph(number, 5 + seed % 30, (*SMOOTH, "relu", "abs", "max", "min"))[-1]
        point = {name: float(rng.uniform(-1, 1)) for name in GIVENS}
        arrays = {name: np.array([value]) for name, value in point.items()}
        kinks = [kink for node in topological([loss]) for kink in node.op.kinks(*node.args)]
        on_kink = any(abs(value[0]) < 1e-3 for value in evaluate(kinks, arrays))
        if not on_kink and any(node.name in GIVENS for node in topological([loss])):
            return loss, point


@pytest.mark.parametrize("seed", range(80))
def test_random_graphs_agree_with_an_outside_engine(seed: int) -> None:
    """Gradients of random formulas with fan-out are those of autograd."""
    loss, point = smooth_case(seed)
    leaves = {leaf.name: leaf for leaf in topological([loss]) if leaf.name in GIVENS}
    slopes = differentiate(loss, leaves.values())
    arrays = {name: np.array([value]) for name, value in point.items()}
    expected = dict(zip(point, outside_gradient(loss, point), strict=True))
    for name, leaf in leaves.items():
        (found,) = evaluate([slopes[leaf]], arrays)
        assert found[0] == pytest.approx(expected[name], rel=1e-9, abs=1e-10)


def test_the_mlp_of_the_design_against_autograd() -> None:
    """A 3-4-2 network of relu and softmax-like ratios, all 20 weights at once."""
    rng = np.random.default_rng(1)
    weights = {
        f"w{layer}{i}{j}": float(rng.normal())
        for layer, (a, b) in enumerate(((3, 4), (4, 2)))
        for i in range(a)
        for j in range(b)
    }
    units = [constant(1), constant(2), constant(-1)]
    nodes = {name: given(name) for name in weights}
    for layer, width in enumerate((4, 2)):
        sums = [
            sum((units[i] * nodes[f"w{layer}{i}{j}"] for i in range(len(units))), constant(0))
            for j in range(width)
        ]
        units = [OPS["relu"](z) for z in sums] if layer == 0 else sums
    total = OPS["exp"](units[0]) + OPS["exp"](units[1])
    loss = -OPS["log"](OPS["exp"](units[0]) / total)
    slopes = differentiate(loss, nodes.values())
    arrays = {name: np.array([value]) for name, value in weights.items()}
    found = [evaluate([slopes[node]], arrays)[0][0] for node in nodes.values()]
    np.testing.assert_allclose(found, outside_gradient(loss, weights), rtol=1e-9, atol=1e-12)


def test_what_the_loss_does_not_depend_on_has_the_adjoint_zero() -> None:
    """Unused givens, nodes beyond the loss, and constants of a loss."""
    x, unused = given("x"), given("u")
    loss = named(x * x, "L")
    beyond = loss + unused
    slopes = differentiate(loss, [unused, beyond, x])
    assert slopes[unused].args[0].value == 0
    assert slopes[beyond].value == 0
    assert evaluate([slopes[x]], {"x": np.array([3.0])})[0][0] == 6


def test_the_loss_has_the_adjoint_one() -> None:
    """dL/dL = 1, by name, and does not clutter what is built upon it."""
    x = given("x")
    loss = named(x + x, "L")
    slopes = differentiate(loss, [loss, x])
    assert slopes[loss].name == "dL/dL"
    assert slopes[loss].args[0].value == 1
    assert evaluate([slopes[x]], {})[0][0] == 2


def test_adjoints_have_names_and_are_built_upon() -> None:
    """The chain rule is written with the adjoint of what comes next, not all of it again."""
    x, w = given("x"), given("w")
    hidden = named(w * x, "h[1]")
    loss = named(OPS["square"](hidden), "L")
    slopes = differentiate(loss, [hidden, w])
    assert slopes[w].name == adjoint_name("L", "w") == "dL/dw"
    assert slopes[w].args == (slopes[hidden], x)


def test_contributions_stand_in_the_order_of_use() -> None:
    """dL/dx of x*a + x*b is a + b, not b + a."""
    x, a, b = given("x"), given("a"), given("b")
    slope = differentiate(named(x * a + x * b, "L"), [x])[x]
    assert [arg.name for arg in slope.args] == ["a", "b"]


@pytest.mark.parametrize("uses", [2, 1000, 20_000])
def test_wide_fan_out_is_summed(uses: int) -> None:
    """One parameter used many times: the adjoint is the sum over all uses."""
    w = given("w")
    loss: Node = constant(0)
    for number in range(uses):
        loss = loss + w * constant(number % 7)
    slope = differentiate(loss, [w])[w]
    (value,) = evaluate([slope], {"w": np.array([1.5])})
    assert value[0] == sum(number % 7 for number in range(uses))


def test_deep_fan_out_stays_linear() -> None:
    """h -> h + h, 1,000 times: 2**1000 paths, but only so many nodes."""
    x = given("x")
    node: Node = x
    for step in range(1000):
        node = named(node + node, f"h[{step}]")
    slope = differentiate(node, [x])[x]
    assert len(topological([slope])) < 5000
    assert evaluate([slope], {})[0][0] == 2.0**1000


def test_other_rules_of_the_backward_pass() -> None:
    """Each node's local rule and its sum may be replaced; what is below follows."""
    x, w = given("x"), given("w")
    hidden = named(w * x, "h")
    loss = named(OPS["square"](hidden) + hidden, "L")  # dL/dh = 2 h + 1
    arrays = {"x": np.array([3.0]), "w": np.array([2.0])}

    def value(backward: Backward) -> float:
        return float(evaluate([differentiate(loss, [w], backward)[w]], arrays)[0][0])

    def half(bar: Node, node: Node) -> tuple[Node, ...]:
        right = chain_rule(bar, node)
        return (right[0] / constant(2),) if node.op is OPS["square"] else right

    assert value(Backward()) == 13 * 3
    assert value(Backward(local=half)) == 7 * 3
    last = Backward(total=lambda node, flows: flows[-1].value)
    assert value(last) == 1 * 3


def test_a_flow_tells_where_it_comes_from() -> None:
    """The consumer, the number of the argument, and the value; in the order of use."""
    x, a = given("x"), given("a")
    first, second = named(x * a, "p"), named(given("b") * x, "q")
    loss = named(first + second, "L")
    met: list[Flow] = []

    def total(node: Node, flows: Sequence[Flow]) -> Node:
        met.extend(flows if node is x else [])
        return all_uses(node, flows)

    slope = differentiate(loss, [x], Backward(total=total))[x]
    assert [(flow.consumer, flow.position) for flow in met] == [(first, 0), (second, 1)]
    assert slope.args == tuple(flow.value for flow in met)


def test_the_loss_itself_takes_no_total() -> None:
    """dL/dL = 1 under any rules: nothing arrives there."""
    loss = named(OPS["square"](given("x")), "L")
    nothing = Backward(total=lambda node, flows: constant(0))
    assert differentiate(loss, [loss], nothing)[loss].args[0].value == 1
