"""Integers instead of rationals: the same values, bounds that hold, and an end to growth."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given as sampled
from hypothesis import settings
from hypothesis import strategies as st
from random_graphs import GIVENS, RATIONAL, random_graph

from examgen.exact import MOST_BITS, Bound, bound, rescaled
from examgen.graph import evaluate, exactly, topological
from examgen.nodes import constant, given
from examgen.ops import OPS

tenths = st.builds(Fraction, st.integers(-40, 40), st.sampled_from([1, 2, 5, 10]))


@settings(max_examples=200, deadline=None)
@sampled(seed=st.integers(0, 10**6), size=st.integers(1, 12), x=tenths, y=tenths, z=tenths)
def test_integers_agree_with_fractions(
    seed: int, size: int, x: Fraction, y: Fraction, z: Fraction
) -> None:
    """Every node of a random rational graph, in the carrier that its bound allows."""
    numbers = dict(zip(GIVENS, (x, y, z), strict=True))
    nodes = random_graph(seed, size, (*RATIONAL, "leaky_relu"))
    denominators = {name: value.denominator for name, value in numbers.items()}
    largest = {name: abs(value.numerator) for name, value in numbers.items()}
    scaled = rescaled(nodes, denominators, largest)
    followed = [node for node in nodes if scaled[node] is not None]
    numerators = [scaled[node].numerator for node in followed]
    carrier = bound(numerators, largest).carrier
    integers = {name: np.array([value.numerator], carrier) for name, value in numbers.items()}
    for node, found in zip(followed, evaluate(numerators, integers), strict=True):
        (expected,) = exactly([node], numbers)
        assert expected in (None, Fraction(int(found[0]), scaled[node].denominator))
    assert given("x").op in {node.op for node in followed}


@settings(max_examples=200, deadline=None)
@sampled(seed=st.integers(0, 10**6), size=st.integers(1, 12), data=st.data())
def test_the_bound_holds_for_every_intermediate(seed: int, size: int, data: st.DataObject) -> None:
    """No integer that the tape meets is larger than the bound says."""
    largest = {name: data.draw(st.integers(0, 50)) for name in GIVENS}
    nodes = random_graph(seed, size, RATIONAL)
    scaled = rescaled(nodes, dict.fromkeys(GIVENS, 10), largest)
    numerators = [quotient.numerator for quotient in scaled.values() if quotient is not None]
    everything = topological(numerators)
    limit = bound(numerators, largest).magnitude
    signs = [data.draw(st.sampled_from([-1, 0, 1])) for _ in GIVENS]
    integers = {
        name: np.array([sign * largest[name]], object)
        for name, sign in zip(GIVENS, signs, strict=True)
    }
    assert all(abs(int(value[0])) <= limit for value in evaluate(everything, integers))


@pytest.mark.parametrize(
    ("magnitude", "carrier"),
    [(0, "f8"), (2**53 - 1, "f8"), (2**53, "i8"), (2**63 - 1, "i8"), (2**63, "O")],
)
def test_the_fastest_carrier_that_is_exact(magnitude: int, carrier: str) -> None:
    """float64 below 2**53, int64 below 2**63, Python's integers beyond."""
    assert Bound(magnitude).carrier == np.dtype(carrier)


def test_what_has_no_quotient_is_none_and_so_is_what_depends_on_it() -> None:
    """Transcendentals, a quotient by a given; but a constant divisor is a factor."""
    x, y = given("x"), given("y")
    quotient, sigmoid, third = x / y, OPS["sigmoid"](x), x / constant(3)
    scaled = rescaled([quotient + x, sigmoid * y, third], {"x": 2, "y": 5}, {"x": 9, "y": 9})
    assert scaled[quotient] is None
    assert scaled[sigmoid] is None
    assert [scaled[node] is None for node in (quotient, sigmoid)] == [True, True]
    assert scaled[third].denominator == 6


def test_large_integers_are_given_up() -> None:
    """Products of many decimals stay within MOST_BITS or have no quotient."""
    node = given("x")
    for _ in range(12):
        node = OPS["square"](node)
    scaled = rescaled([node], {"x": 10}, {"x": 99})
    sizes = [quotient.denominator.bit_length() for quotient in scaled.values() if quotient]
    assert scaled[node] is None
    assert max(sizes) <= MOST_BITS


def test_three_tenths_are_three_tenths() -> None:
    """0.1 * 3 - 0.3 is zero in integers, and above zero in float64."""
    x, y = given("x"), given("y")
    condition = OPS["gt"](x * constant(3) - y, constant(0))
    scaled = rescaled([condition], {"x": 10, "y": 10}, {"x": 1, "y": 3})[condition]
    (exact,) = evaluate([scaled.numerator], {"x": np.array([1]), "y": np.array([3])})
    (rough,) = evaluate([condition], {"x": np.array([0.1]), "y": np.array([0.3])})
    assert (exact[0], rough[0]) == (0, 1)
