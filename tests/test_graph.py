"""The tape: one evaluator for any carrier, chunk and override, and graphs as deep as they come."""

from __future__ import annotations

import gc
from fractions import Fraction
from math import inf

import numpy as np
import pytest
from random_graphs import GIVENS, RATIONAL, SMOOTH, random_graph

from examgen.conditions import safety_conditions
from examgen.differentiate import differentiate
from examgen.exact import bound, rescaled
from examgen.graph import evaluate, exactly, record, topological
from examgen.nodes import ADD, MUL, NEG, Node, constant, given, named
from examgen.ops import OPS

x, y = given("x"), given("y")


def test_arguments_come_before_what_uses_them() -> None:
    """Each node once, arguments first, roots included; what is done is left out."""
    shared = x + y
    root = OPS["relu"](shared) * shared
    order = topological([root, shared])
    assert len(order) == len(set(order)) == 5
    assert all(order.index(arg) < order.index(node) for node in order for arg in node.args)
    assert topological([root], done={shared}) == [root.args[0], root]


def random_givens(size: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Values for every given of a random graph."""
    rng = np.random.default_rng(seed)
    return {name: rng.uniform(-1, 1, size) for name in GIVENS}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("chunk", [1, 7, 999, 1000, 1001, 100_000])
def test_the_chunk_size_changes_no_bit(seed: int, chunk: int) -> None:
    """One pass and many short ones give identical floats."""
    nodes = random_graph(seed, 30, SMOOTH)
    tape = record(nodes)
    givens = random_givens(1000)
    whole = tape(givens)
    for ours, theirs in zip(tape(givens, chunk=chunk), whole, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("seed", range(10))
def test_rows_are_reused_without_harm(seed: int) -> None:
    """Asking for the last node alone gives what asking for all of them gives."""
    nodes = random_graph(seed, 40, SMOOTH)
    givens = random_givens(50)
    everything = evaluate(nodes, givens)
    for node, expected in zip(nodes[len(GIVENS) + 1 :], everything[len(GIVENS) + 1 :], strict=True):
        alone = np.broadcast_to(evaluate([node], givens)[0], 50)
        np.testing.assert_array_equal(alone, expected)
    assert record(nodes[-1:]).rows < len(topological(nodes[-1:]))


def test_equal_subexpressions_are_computed_once() -> None:
    """Two nodes of the same op and arguments share an instruction; copies need none."""
    tape = record([ADD(MUL(x, y), MUL(x, given("y"))), OPS["carry"](named(MUL(x, y), "m"))])
    assert [step.op.name for step in tape.instructions] == ["mul", "add"]
    assert [list(v) for v in tape({"x": np.array([2.0]), "y": np.array([3.0])})] == [[12], [6]]


def test_outputs_may_be_givens_constants_and_each_other() -> None:
    """Whatever is asked for comes back, in order, as often as asked."""
    both = x + y
    values = evaluate([x, constant(3), both, both, x], {"x": np.arange(3.0), "y": np.ones(3)})
    expected = [[0, 1, 2], [3, 3, 3], [1, 2, 3], [1, 2, 3], [0, 1, 2]]
    np.testing.assert_array_equal(values, expected)


def test_results_are_written_where_the_caller_wants() -> None:
    """The arrays of `out` are filled and returned."""
    out = [np.empty(40_000), np.empty(40_000)]
    results = record([x * y, x])({"x": np.full(40_000, 2.0), "y": np.full(40_000, 4.0)}, out=out)
    assert results[0] is out[0]
    assert (out[0] == 8).all()
    assert (out[1] == 2).all()


def test_a_tape_without_givens_has_one_variant() -> None:
    """Constants alone evaluate to arrays of one value; a number beyond float64 is infinite."""
    assert list(evaluate([constant(2) + constant(3)], {})[0]) == [5]
    huge = constant(Fraction(10) ** 400)
    assert [value[0] for value in evaluate([huge, NEG(huge)], {})] == [inf, -inf]


def test_no_variants_give_no_values() -> None:
    """An empty batch is a batch."""
    assert evaluate([x * x], {"x": np.empty(0)})[0].shape == (0,)


def test_a_missing_given_is_named() -> None:
    """A KeyError says which given has no values."""
    with pytest.raises(KeyError, match="y"):
        evaluate([x + y], {"x": np.ones(1)})


# --- overrides ------------------------------------------------------------------------------------


def test_overrides_replace_a_node_for_some_variants() -> None:
    """Downstream follows the override where it is a number, and the graph where it is NaN."""
    middle = named(x * y, "m")
    double = named(middle + middle, "d")
    givens = {"x": np.array([1.0, 2.0, 3.0]), "y": np.ones(3)}
    values = evaluate([middle, double], givens, {middle: np.array([10.0, np.nan, np.nan])})
    np.testing.assert_array_equal(values, [[10, 2, 3], [20, 4, 6]])


def test_an_override_leaves_equal_nodes_alone() -> None:
    """Only the pinned node changes, not another one that happens to be the same expression."""
    one, other = named(x * y, "a"), named(x * y, "b")
    values = evaluate([one, other], {"x": np.ones(1), "y": np.ones(1)}, {one: np.array([5.0])})
    assert [value[0] for value in values] == [5, 1]


def test_givens_copies_and_constants_can_be_overridden() -> None:
    """A student's value may stand for anything that has a name."""
    copy, two = named(x, "c"), constant(2)
    product = copy * y + two
    givens = {"x": np.array([3.0, 3.0]), "y": np.array([5.0, 5.0])}
    for node, expected in ((copy, [502, 17]), (y, [302, 17]), (two, [115, 17])):
        (value,) = evaluate([product], givens, {node: np.array([100.0, np.nan])})
        assert list(value) == expected


def test_a_given_that_stands_twice_is_overridden_everywhere() -> None:
    """Two nodes of one given are the same quantity."""
    (value,) = evaluate([x * given("x")], {"x": np.array([2.0])}, {x: np.array([5.0])})
    assert value[0] == 25


@pytest.mark.parametrize("chunk", [1, 3, 100])
def test_overrides_follow_the_chunks(chunk: int) -> None:
    """Each variant gets its own override."""
    middle = named(x * x, "m")
    forced = np.where(np.arange(10) % 3 == 0, np.arange(10) * 10.0, np.nan)
    values = record([middle + constant(1)], [middle])(
        {"x": np.arange(10.0)}, {middle: forced}, chunk=chunk
    )
    expected = np.where(np.isnan(forced), np.arange(10.0) ** 2, forced) + 1
    np.testing.assert_array_equal(values[0], expected)


# --- carriers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(30))
def test_int64_and_fractions_agree(seed: int) -> None:
    """The same tape on int64, on Python objects and on floats gives the same whole numbers."""
    nodes = random_graph(
        seed, 8, ("add", "sub", "mul", "neg", "square", "relu", "abs", "max", "min")
    )
    nodes = [node for node in nodes if node.value is None or node.value.denominator == 1]
    nodes = [
        node
        for node in nodes
        if all(leaf.value is None or leaf.value.denominator == 1 for leaf in topological([node]))
    ]
    small = np.array([-2, -1, 0, 1, 2])
    givens = {name: np.roll(small, shift) for shift, name in enumerate(GIVENS)}
    limit = bound(nodes, dict.fromkeys(GIVENS, 2)).magnitude
    exact = evaluate(nodes, {name: column.astype(object) for name, column in givens.items()})
    if limit < 2**63:
        np.testing.assert_array_equal(evaluate(nodes, givens), exact)
    if limit < 2**53:
        floats = evaluate(nodes, {name: column.astype(float) for name, column in givens.items()})
        np.testing.assert_array_equal(floats, exact)
    for place in range(5):
        one = exactly(
            nodes, {name: Fraction(int(column[place])) for name, column in givens.items()}
        )
        assert one == [Fraction(value[place]) for value in exact] or limit.bit_length() > 4000


@pytest.mark.parametrize("seed", range(10))
def test_exact_values_are_near_the_floats(seed: int) -> None:
    """Fractions and float64 agree to rounding."""
    nodes = random_graph(seed, 12, RATIONAL)
    numbers = {"x": Fraction(3, 10), "y": Fraction(-7, 10), "z": Fraction(1, 5)}
    floats = evaluate(nodes, {name: np.array([float(value)]) for name, value in numbers.items()})
    for exact, rough in zip(exactly(nodes, numbers), floats, strict=True):
        assert exact is not None
        assert float(exact) == pytest.approx(rough[0], rel=1e-9, abs=1e-12)


def test_the_update_of_the_first_source_exam_is_13_over_20() -> None:
    """w21' of S1 is 0.65 exactly; what a sigmoid touches has no exact value."""
    numbers = {"i1": 2, "i2": -1, "w11": 1, "w12": -0.5, "w21": 0.5, "w22": -1, "w31": 0.5}
    numbers |= {"w32": -1, "w41": -0.5, "w42": 1, "b1": 0.5, "b2": -0.5, "b3": -1, "b4": 0.5}
    numbers |= {"t1": 1, "t2": 0.5}
    values = {name: Fraction(number) for name, number in numbers.items()}
    values["eta"] = Fraction(1, 10)
    g = {name: given(name) for name in values}
    h3 = OPS["relu"](g["i1"] * g["w11"] + g["i2"] * g["w21"] + g["b1"])
    h4 = OPS["relu"](g["i1"] * g["w12"] + g["i2"] * g["w22"] + g["b2"])
    o1 = h3 * g["w31"] + h4 * g["w41"] + g["b3"]
    o2 = h3 * g["w32"] + h4 * g["w42"] + g["b4"]
    errors = [OPS["square"](o - t) for o, t in ((o1, g["t1"]), (o2, g["t2"]))]
    loss = constant(Fraction(1, 2)) * errors[0] + constant(Fraction(1, 2)) * errors[1]
    slope = differentiate(loss, [g["w21"]])[g["w21"]]
    found = exactly([slope, g["w21"] - g["eta"] * slope, OPS["sigmoid"](slope), loss], values)
    assert found == [Fraction(-3, 2), Fraction(13, 20), None, Fraction(5, 2)]


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (x / y, None),
        (OPS["pow"](x, constant(Fraction(1, 2))), None),
        (OPS["pow"](x, y), Fraction(1)),
        (OPS["pow"](x, constant(10**9)), None),
        (OPS["exp"](y), None),
        (OPS["pow"](constant(4), constant(-2)), Fraction(1, 16)),
        (OPS["sign"](y - x), Fraction(-1)),
    ],
)
def test_what_has_no_exact_value_is_none(node: Node, expected: Fraction | None) -> None:
    """Transcendentals, roots, a division by zero, and numbers beyond all bounds."""
    assert exactly([node], {"x": Fraction(4), "y": Fraction(0)}) == [expected]


def test_squares_of_squares_come_to_an_end() -> None:
    """64 squarings of 3 would fill any memory; the exact value is given up before."""
    node: Node = x
    for _ in range(64):
        node = OPS["square"](node)
    assert exactly([node], {"x": Fraction(3)}) == [None]
    assert rescaled([node], {"x": 10}, {"x": 30})[node] is None
    assert bound([node], {"x": 3}).carrier == np.dtype(object)


# --- depth ----------------------------------------------------------------------------------------

LINKS = {
    "sigmoid": lambda node: OPS["sigmoid"](node),
    "product": lambda node: MUL(node, y),
    "named": lambda node: named(ADD(node, y), "h"),
    "negated": NEG,
    "doubled": lambda node: MUL(constant(2), node),
}


DEPTH = 10_000
"""Ten times as deep as Python may recurse."""


@pytest.mark.parametrize(
    ("kind", "depth"), [*((kind, DEPTH) for kind in LINKS), ("sigmoid", 10 * DEPTH)]
)
def test_a_deep_chain(kind: str, depth: int) -> None:
    """It is built, differentiated, evaluated, rescaled and forgotten without recursion."""
    node: Node = x
    link = LINKS[kind]
    for _ in range(depth):
        node = link(node)
    slope = differentiate(node, [x])[x]
    value, derivative = evaluate([node, slope], {"x": np.array([0.5]), "y": np.array([1.0])})
    assert np.isfinite(value[0]) or value[0] == inf
    assert not np.isnan(derivative[0])
    assert len(topological([node])) >= depth
    assert safety_conditions([node], Fraction(1, 100), repr) == []
    rescaled([node], {"x": 2, "y": 1}, {"x": 1, "y": 1})
    assert len(exactly([node], {"x": Fraction(1, 2), "y": Fraction(1)})) == 1
    del node, slope
    gc.collect()
