"""Drawing: order-independent, distinct, exact on decimal grids, and never without an end."""

from __future__ import annotations

import tracemalloc
from fractions import Fraction

import numpy as np
import pytest
from calls import within

from examgen.conditions import Condition, safety_conditions
from examgen.errors import ExamgenError
from examgen.graph import evaluate
from examgen.grids import Grid
from examgen.nodes import Node, constant, given
from examgen.ops import OPS
from examgen.sampling import Sampler
from examgen.space import BLOCK, Space
from examgen.template import parse_template

KEY = b"key"
TENTHS = Grid(tuple(Fraction(k, 10) for k in range(-20, 21)))
HALVES = Grid(tuple(Fraction(k, 2) for k in range(-4, 5)))


def condition(text: str, node: Node) -> Condition:
    """A condition with a text."""
    return Condition(text, node)


def positive(node: Node) -> Node:
    """The truth of node > 0."""
    return OPS["gt"](node, constant(0))


def sampler(names: int, conditions: list[Condition], grid: Grid = HALVES) -> Sampler:
    """A sampler over x0, x1, ... on one grid each."""
    return Sampler(Space({f"x{k}": grid for k in range(names)}, conditions), KEY)


TOTAL = given("x0") * given("x1") + given("x2")
SOME = [condition("x0*x1 + x2 > 0", positive(TOTAL))]


def places(draw) -> np.ndarray:
    """All places of a draw, (variants, givens)."""
    return np.stack([draw.places[name] for name in draw.grids], axis=1)


# --- the same whatever else is drawn --------------------------------------------------------------


@pytest.mark.parametrize("names", [3, 7, 12, 40])
def test_a_variant_is_the_same_in_any_company(names: int) -> None:
    """Any subset, order and repetition, one by one or all at once."""
    together = places(sampler(names, SOME).draw(np.arange(300)))
    numbers = [299, 0, 7, 150, 7]
    np.testing.assert_array_equal(places(sampler(names, SOME).draw(numbers)), together[numbers])
    alone = [places(sampler(names, SOME).draw([number]))[0] for number in numbers]
    np.testing.assert_array_equal(alone, together[numbers])


def test_a_small_space_is_sorted_for_many_variants_only() -> None:
    """Few are found in it without that: whoever practises draws one at a time."""
    few, many = sampler(3, SOME), sampler(3, SOME)
    few.draw([7])
    many.draw(range(300))
    assert "_shuffled" not in vars(few)
    assert "_shuffled" in vars(many)


def test_the_block_size_changes_nothing(monkeypatch) -> None:
    """Neither the number of candidates judged at a time nor the end of a block can be seen."""
    expected = places(sampler(10, SOME).draw(np.arange(500)))
    for size in (1, 37, 499, 4096):
        monkeypatch.setattr("examgen.sampling.BLOCK", size)
        np.testing.assert_array_equal(places(sampler(10, SOME).draw(np.arange(500))), expected)


def test_the_key_changes_the_numbers() -> None:
    """Another exam, another use of a question: other numbers."""
    for names in (3, 10):
        space = sampler(names, SOME).space
        one, other = (places(Sampler(space, key).draw(range(200))) for key in (b"a", b"b"))
        assert (one == other).mean() < 0.2


@pytest.mark.parametrize("names", [6, 7, 12])
def test_fifty_thousand_variants_are_distinct(names: int) -> None:
    """No two students get the same numbers, in a space judged as a whole and in larger ones."""
    drawn = places(sampler(names, SOME).draw(np.arange(min(50_000, sampler(names, SOME).capacity))))
    assert len(np.unique(drawn, axis=0)) == len(drawn) > 18_000


@pytest.mark.parametrize("names", [3, 7, 12])
def test_every_variant_meets_every_condition(names: int) -> None:
    """And the numbers are those of the grid, exactly."""
    draw = sampler(names, SOME).draw(np.arange(200))
    (total,) = evaluate([TOTAL], draw.floats())
    assert (total > 0).all()
    for variant in (0, 100, 199):
        exact = draw.exact(variant)
        assert exact["x0"] * exact["x1"] + exact["x2"] == Fraction(total[variant])
        assert all(value in HALVES.values for value in exact.values())


def test_draws_are_uniform_over_what_is_acceptable() -> None:
    """Each acceptable value of a given comes equally often."""
    truth = condition("x0 > 0", positive(given("x0")))
    column = sampler(9, [truth]).draw(np.arange(20_000)).places["x0"]
    counts = np.bincount(column, minlength=9)
    assert counts[:5].sum() == 0
    assert abs(counts[5:] - 5000).max() < 5 * np.sqrt(5000)


# --- acceptance -----------------------------------------------------------------------------------


@pytest.mark.parametrize("names", [3, 9])
def test_the_tally_adds_up(names: int) -> None:
    """What was tried is what was accepted and what the conditions turned down, in stages."""
    deep = TOTAL
    for _ in range(6):
        deep = deep * given("x1") + given("x2")
    conditions = [
        *SOME,
        condition("deep", positive(deep)),
        condition("x0 > 0", positive(given("x0"))),
    ]
    acceptance = sampler(names, conditions).draw(np.arange(50)).acceptance
    assert acceptance is not None
    assert set(acceptance.failures) == {one.text for one in conditions}
    failed = {text: count for text, (count, _) in acceptance.failures.items()}
    judged = {text: count for text, (_, count) in acceptance.failures.items()}
    assert judged["x0 > 0"] == acceptance.tried
    assert judged["deep"] <= acceptance.tried - failed["x0 > 0"]
    assert acceptance.accepted <= judged["deep"] - failed["deep"]
    assert 0.1 < acceptance.rate < 0.5


def test_the_rate_is_the_share_of_the_grid() -> None:
    """A condition that holds for 4 of 9 values accepts 44 %."""
    truth = condition("x0 > 0", positive(given("x0")))
    small, large = (sampler(n, [truth]).draw(np.arange(300)).acceptance for n in (3, 10))
    assert small.rate == pytest.approx(4 / 9)
    assert large.rate == pytest.approx(4 / 9, abs=0.03)


IMPOSSIBLE = OPS["gt"](given("x0") * given("x0"), constant(100))
RARE = OPS["gt"](sum((given(f"x{k}") for k in range(8)), constant(0)), constant(Fraction(31, 2)))


def costly(node: Node) -> Node:
    """A long way round through transcendentals."""
    for _ in range(400):
        node = OPS["tanh"](OPS["sigmoid"](node) + given("x1"))
    return OPS["gt"](node, constant(2))


@pytest.mark.parametrize("names", [2, 6, 8, 14])
@pytest.mark.parametrize(
    "truth", [IMPOSSIBLE, costly(given("x0")), RARE], ids=["impossible", "costly", "rare"]
)
def test_an_unsatisfiable_template_ends_with_the_reason(truth: Node, names: int) -> None:
    """In time, naming the condition that failed; a rare one is out of reach as well."""
    needed = max(names, 8) if truth is RARE else names
    with pytest.raises(ExamgenError, match=r"'the culprit' fails for (100|99.9.*) %"):
        within(300_000, lambda: sampler(needed, [condition("the culprit", truth)]).draw(range(30)))


@pytest.mark.parametrize("names", [2, 7])
def test_a_grid_too_small_for_the_exam_is_refused_with_numbers(names: int) -> None:
    """How many variants are wanted, and how many there are; up to there all can be drawn."""
    one = sampler(names, [])
    with pytest.raises(ExamgenError, match=f"variants are wanted, .* room for {one.capacity}"):
        one.draw([one.capacity])
    assert len(one.draw([one.capacity - 1])) == 1


def test_a_condition_on_constants_holds_for_all_or_for_none() -> None:
    """1 > 0 is no restriction, and 0 > 1 the end."""
    assert len(sampler(7, [condition("1 > 0", positive(constant(1)))]).draw(range(100))) == 100
    with pytest.raises(ExamgenError, match="'0 > 1' fails for 100 %"):
        sampler(7, [condition("0 > 1", positive(constant(-1)))]).draw([0])


def test_one_given_alone_is_shuffled() -> None:
    """All of its values, each once, not in order."""
    column = sampler(1, [], TENTHS).draw(range(41)).places["x0"]
    assert sorted(column) == list(range(41))
    assert list(column) != sorted(column)


def test_where_nothing_is_free_there_is_one_variant() -> None:
    """A template of constants can be asked of one student."""
    fixed = Sampler(Space({"x0": Grid((Fraction(3),))}, []), KEY)
    assert fixed.draw([0]).exact(0) == {"x0": 3}
    assert fixed.capacity == 1
    with pytest.raises(ExamgenError, match="room for 1"):
        fixed.draw([1])


def test_no_variants_are_a_draw_of_none() -> None:
    """An empty list is no error."""
    assert len(sampler(3, SOME).draw([])) == len(sampler(9, SOME).draw([])) == 0


def test_grids_beyond_64_bits_are_drawn_from() -> None:
    """30 givens of 20 values: 1e39 points, more variants than there are students."""
    grid = Grid(tuple(Fraction(k) for k in range(20)))
    large = sampler(30, SOME, grid)
    assert large.space.size == 20**30
    assert large.capacity > 10**12
    assert len(np.unique(places(large.draw(np.arange(5000))), axis=0)) == 5000
    assert len(large.draw([10**9])) == 1


# --- exactness ------------------------------------------------------------------------------------

UNIT = given("x0") * given("x1") + given("x2")


@pytest.mark.parametrize("margin", [Fraction(0), Fraction(1, 100)])
def test_a_unit_at_exactly_zero_is_never_drawn(margin: Fraction) -> None:
    """On tenths, where float64 misses some of the zeros, compared with fractions one by one."""
    kinks = safety_conditions([OPS["relu"](UNIT)], margin, repr)
    one = sampler(5, kinks, TENTHS)
    draw = one.draw(np.arange(5000))
    exact = [draw.exact(variant) for variant in range(5000)]
    assert all(abs(x["x0"] * x["x1"] + x["x2"]) > margin for x in exact)


def test_decisions_are_those_of_fractions() -> None:
    """For thousands of points: 0.1*3 - 0.3 > 0 is false, whatever float64 thinks."""
    truth = condition("x0*x1 - x2 > 0", positive(given("x0") * given("x1") - given("x2")))
    grid = Grid((*(Fraction(k, 10) for k in range(1, 13)), Fraction(3)))
    space = Space({f"x{k}": grid for k in range(3)}, [truth])
    numbers = np.arange(13**3, dtype=np.uint64)
    digits = [numbers // 13**k % 13 for k in range(3)]
    accepted, _ = space.judge(digits)
    values = np.array(grid.values, object)
    x, y, z = (values[digit.astype(int)] for digit in digits)
    np.testing.assert_array_equal(accepted, x * y - z > 0)
    rough = x.astype(float) * y.astype(float) - z.astype(float) > 0
    assert (accepted != rough).any()


def test_safety_is_about_domains_and_kinks_that_vary() -> None:
    """A logarithm needs a positive argument; a ReLU of a constant is no reason to refuse."""
    x = given("x0")
    nodes = [OPS["log"](x + constant(1)), OPS["relu"](x), OPS["relu"](constant(0)), x / given("x1")]
    found = safety_conditions(nodes, Fraction(1, 50), lambda node: str(len(node.args)))
    assert [one.text for one in found] == ["2 > 0", "abs(0) > 1/50"]
    assert len(safety_conditions(nodes, Fraction(0), repr)) == 3


# --- cost -----------------------------------------------------------------------------------------

MLP = """
id: mlp
title: MLP
graph: {topology: mlp, layers: [2, 2, 2], activation: relu}
sample:
  "*": {from: -2, to: 2, step: 0.5, except: [0]}
  eta: 0.1
require: ["abs(dL/dw1[1,1]) > 0", "decimals(w1[1,1]') <= 3"]
parts: [{ask: Compute., answers: "L, dL/dw1[1,1]", points: 1}]
"""


def test_memory_is_flat_beyond_the_output() -> None:
    """Ten times the variants need no more than ten times the output."""
    drawer = parse_template(MLP, "mlp.yaml").sampler(1)
    drawer.draw([0])

    def peak(count: int) -> int:
        tracemalloc.start()
        drawer.draw(np.arange(count))
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    output = len(drawer.space.grids) * 4 + 8
    extra = peak(20 * BLOCK) - peak(2 * BLOCK)
    assert extra < 18 * BLOCK * output * 6
