"""The table of ops: every rule against finite differences, and the checker on planted errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given as sampled
from hypothesis import settings
from hypothesis import strategies as st

from examgen.exact import bound, rescaled
from examgen.graph import evaluate, exactly
from examgen.nodes import Node, Op, constant, given
from examgen.ops import OPS

POINTS = 400
STEP = 1e-6
OFF_KINKS = 0.05

# `decimals_over` acts on integers only: there is no direction to differentiate in.
SMOOTH_ENOUGH = [op for op in OPS.values() if op.arity and op.name != "decimals_over"]
EXPONENTS = [Fraction(3), Fraction(2), Fraction(1), Fraction(0), Fraction(-1), Fraction(1, 2)]
CASES: list[tuple[Op, dict[int, Fraction]]] = [(op, {}) for op in SMOOTH_ENOUGH]
CASES += [(OPS["pow"], {1: exponent}) for exponent in EXPONENTS]
CASES += [(OPS["leaky_relu"], {1: Fraction(1, 100)}), (OPS["div"], {1: Fraction(3)})]


def case_name(case: object) -> str:
    """An op's name, or the fixed arguments."""
    if isinstance(case, Op):
        return case.name
    return ",".join(f"{value}" for value in case.values()) if isinstance(case, dict) else "op"


def arguments(op: Op, fixed: dict[int, Fraction]) -> list[Node]:
    """Nodes for the arguments of an op."""
    return [
        constant(fixed[place]) if place in fixed else given(f"a{place}")
        for place in range(op.arity)
    ]


def values(nodes: list[Node], points: dict[str, np.ndarray]) -> list[np.ndarray]:
    """The nodes' values at all points."""
    size = len(next(iter(points.values())))
    return [np.broadcast_to(value, size) for value in evaluate(nodes, points)]


def smooth_points(op: Op, args: list[Node], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Random points inside the op's domain and off its kinks and steps."""
    points = {f"a{k}": rng.uniform(-2.5, 2.5, 20 * POINTS) for k in range(op.arity)}
    good = np.ones(20 * POINTS, bool)
    for inner in values([*op.domain(*args)], points):
        good &= inner > OFF_KINKS
    for inner in values([*op.kinks(*args)], points):
        good &= np.abs(inner) > OFF_KINKS
    for column in points.values():  # truths step at zero, comparisons where two are equal
        good &= np.abs(column) > OFF_KINKS
    if op.arity == 2:
        good &= np.abs(points["a0"] - points["a1"]) > OFF_KINKS
    chosen = np.flatnonzero(good)[:POINTS]
    assert len(chosen) == POINTS
    return {name: column[chosen] for name, column in points.items()}


def gradient_error(op: Op, fixed: dict[int, Fraction], seed: int = 0) -> float:
    """The largest error of the op's rule against central differences in a random direction."""
    rng = np.random.default_rng(seed)
    args = arguments(op, fixed)
    points = smooth_points(op, args, rng)
    direction = {name: rng.uniform(0.5, 1, POINTS) for name in points}
    for place in fixed:
        direction[f"a{place}"] = np.zeros(POINTS)
    out = op(*args)
    ahead = {name: column + STEP * direction[name] for name, column in points.items()}
    behind = {name: column - STEP * direction[name] for name, column in points.items()}
    measured = (values([out], ahead)[0] - values([out], behind)[0]) / (2 * STEP)
    parts = op.vjp(given("bar"), out, *args)
    assert len(parts) == op.arity
    bar = rng.uniform(0.5, 2, POINTS)
    computed = values(list(parts), points | {"bar": bar})
    claimed = sum(direction[f"a{k}"] * part for k, part in enumerate(computed))
    return float(np.max(np.abs(claimed - bar * measured) / (1 + np.abs(bar * measured))))


TOLERANCE = 1e-6


@pytest.mark.parametrize(("op", "fixed"), CASES, ids=case_name)
def test_each_rule_agrees_with_central_differences(op: Op, fixed: dict[int, Fraction]) -> None:
    """Every vjp of the table is the derivative of its forward rule."""
    assert max(gradient_error(op, fixed, seed) for seed in range(3)) < TOLERANCE


def planted(op: Op, place: int) -> Op:
    """The op with the rule of one argument wrong by 0.1 % of its size, or of `bar` if it is 0."""

    def wrong(bar: Node, out: Node, *args: Node) -> tuple[Node, ...]:
        parts = list(op.vjp(bar, out, *args))
        base = bar if parts[place].value == 0 else parts[place]
        parts[place] = parts[place] + constant(Fraction(1, 1000)) * base
        return tuple(parts)

    return replace(op, vjp=wrong)


@pytest.mark.parametrize(
    ("op", "place"), [(op, k) for op in SMOOTH_ENOUGH for k in range(op.arity)], ids=str
)
def test_the_checker_sees_an_error_of_a_thousandth(op: Op, place: int) -> None:
    """A rule wrong by 0.1 % in one argument does not pass the check above."""
    assert gradient_error(planted(op, place), {}) > 10 * TOLERANCE


def test_decimals_over_is_flat() -> None:
    """The op on integers passes nothing on."""
    op = OPS["decimals_over"]
    a, b = given("a"), given("b")
    assert [part.value for part in op.vjp(given("bar"), op(a, b), a, b)] == [0, 0]


@pytest.mark.parametrize("op", OPS.values(), ids=lambda op: op.name)
def test_a_row_says_everything(op: Op) -> None:
    """Every row has a name of its own, a notation that prints and a textbook derivative."""
    assert OPS[op.name] is op
    assert op.derivative
    assert op.notation.form in ("leaf", "same", "spelled") or op.notation.plain
    assert op.notation.form in ("leaf", "same", "spelled") or op.notation.tex
    assert (op.notation.form == "spelled") == (op.spelling is not None)


def changes(op: Op) -> bool:
    """Whether the op has a derivative other than zero."""
    args = arguments(op, {})
    return any(part.value != 0 for part in op.vjp(given("bar"), op(*args), *args))


DEFINED_AROUND_ZERO = [
    op for op in SMOOTH_ENOUGH if changes(op) and not op.domain(*arguments(op, {}))
]


@pytest.mark.parametrize("op", DEFINED_AROUND_ZERO, ids=lambda op: op.name)
def test_no_kink_is_kept_silent(op: Op) -> None:
    """Where the slopes to the left and to the right differ, the row names a kink."""
    axis = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
    grid = dict(zip(("a0", "a1"), map(np.ravel, np.meshgrid(axis, axis)), strict=True))
    points = {name: grid[name] for name in ("a0", "a1")[: op.arity]}
    args = arguments(op, {})
    out = op(*args)
    for name in points:
        ahead = values([out], points | {name: points[name] + 1e-5})[0]
        behind = values([out], points | {name: points[name] - 1e-5})[0]
        here = values([out], points)[0]
        bent = np.abs((ahead - here) - (here - behind)) > 1e-7
        for place in np.flatnonzero(bent):
            at = {key: column[[place]] for key, column in points.items()}
            assert any(kink[0] == 0 for kink in values([*op.kinks(*args)], at))


@pytest.mark.parametrize(("op", "fixed"), CASES, ids=case_name)
def test_inside_the_domain_everything_is_finite(op: Op, fixed: dict[int, Fraction]) -> None:
    """Value and rule are finite wherever the row says that the op is defined; log is not at 0."""
    axis = np.arange(-3, 3.5, 0.5)
    grid = dict(zip(("a0", "a1"), map(np.ravel, np.meshgrid(axis, axis)), strict=True))
    args = arguments(op, fixed)
    inside = np.ones(len(grid["a0"]), bool)
    for inner in values([*op.domain(*args)], grid):
        inside &= inner > 0
    out = op(*args)
    results = values(
        [out, *op.vjp(given("bar"), out, *args)], grid | {"bar": np.ones_like(inside, float)}
    )
    for result in results:
        assert np.isfinite(result[inside]).all()
    assert inside.any()


@pytest.mark.parametrize(
    ("op", "inside", "outside"),
    [
        (OPS["log"], [0.5], [0.0]), (OPS["sqrt"], [0.5], [0.0]),
        (OPS["div"], [1.0, -2.0], [1.0, 0.0]),
        (OPS["pow"], [0.5, 0.5], [-0.5, 0.5]),
    ],
    ids=case_name,
)  # fmt: skip
def test_domains(op: Op, inside: list[float], outside: list[float]) -> None:
    """The nodes of `domain` are positive inside, and one of them is not outside."""
    domain = [*op.domain(*arguments(op, {}))]
    for place, expected in ((inside, True), (outside, False)):
        points = {f"a{k}": np.array([value]) for k, value in enumerate(place)}
        assert all(inner[0] > 0 for inner in values(domain, points)) is expected


def test_whole_powers_are_defined_for_negative_bases() -> None:
    """x^3 is defined everywhere and x^-1 off zero, on both sides."""
    x = given("x")
    assert OPS["pow"].domain(x, constant(3)) == ()
    (inner,) = OPS["pow"].domain(x, constant(-1))
    assert list(evaluate([inner], {"x": np.array([-2.0, 0.0, 2.0])})[0] > 0) == [True, False, True]


# --- exact quotients ------------------------------------------------------------------------------

RATIONAL_ROWS = [op for op in OPS.values() if op.rescale is not None]
small = st.builds(Fraction, st.integers(-30, 30), st.sampled_from([1, 2, 4, 5, 10]))


@pytest.mark.parametrize("op", RATIONAL_ROWS, ids=lambda op: op.name)
@settings(max_examples=25, deadline=None)
@sampled(first=small, second=small)
def test_rescaling_agrees_with_fractions(op: Op, first: Fraction, second: Fraction) -> None:
    """An op on integers over known denominators gives what it gives on fractions."""
    fixed = {1: constant(abs(second.numerator) % 4)} if op.name == "pow" else {}
    if op.name == "div":
        fixed = {1: constant(second or 1)}
    args = [fixed.get(place, given(f"a{place}")) for place in range(op.arity)]
    numbers = {"a0": first, "a1": second}
    out = op(*args)
    quotient = rescaled(
        [out],
        {name: value.denominator for name, value in numbers.items()},
        {name: abs(value.numerator) for name, value in numbers.items()},
    )[out]
    assert quotient is not None
    (expected,) = exactly([out], numbers)
    limits = {name: abs(value.numerator) for name, value in numbers.items()}
    for carrier in (bound([quotient.numerator], limits).carrier, np.int64, object):
        integers = {name: np.array([value.numerator], carrier) for name, value in numbers.items()}
        (found,) = evaluate([quotient.numerator], integers)
        assert Fraction(int(found[0]), quotient.denominator) == expected


@pytest.mark.parametrize(
    ("number", "count"),
    [("0", 0), ("3", 0), ("0.5", 1), ("-0.65", 2), ("1/8", 3), ("1/3", 10), ("1e-9", 9)],
)  # fmt: skip
def test_decimals_counts_what_has_to_be_written(number: str, count: int) -> None:
    """Exactly on fractions and integers, within rounding on float64."""
    x = given("x")
    value = Fraction(number)
    node = OPS["decimals"](x)
    quotient = rescaled([node], {"x": value.denominator}, {"x": abs(value.numerator)})[node]
    assert quotient is not None
    (exact,) = evaluate([quotient.numerator], {"x": np.array([value.numerator], np.int64)})
    (rough,) = evaluate([node], {"x": np.array([float(value)])})
    assert (exact[0], rough[0]) == (count, count)


def test_truths_of_objects_are_true_or_false() -> None:
    """`and`, `or` and `not` of exact numbers are 0 or 1, as of floats."""
    names: dict[str, Callable[[Node, Node], Node]] = {
        "and": OPS["and"], "or": OPS["or"], "not": lambda a, _: OPS["not"](a),
    }  # fmt: skip
    for function in names.values():
        node = function(given("a"), given("b"))
        for a in (0, 2):
            for b in (0, 3):
                floats = {"a": np.array([float(a)]), "b": np.array([float(b)])}
                (expected,) = evaluate([node], floats)
                assert exactly([node], {"a": Fraction(a), "b": Fraction(b)}) == [
                    Fraction(expected[0])
                ]
