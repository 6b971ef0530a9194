"""The primitives: one table with a row for each op.

A row says how an op is computed, how it is differentiated, how it is printed, where it is not
smooth, where it is defined, and how it acts on exact quotients. Adding an op is adding a row.
"""

from __future__ import annotations

from collections.abc import Callable
from math import gcd

import numpy as np
from numpy.typing import NDArray

from examgen import exponentials, nodes
from examgen.nodes import (
    POWER,
    Array,
    Node,
    Notation,
    Op,
    Scaled,
    aligned,
    constant,
    copying,
    nowhere,
)

# --- forward rules that are no single ufunc ---------------------------------------------------


def _relu(a: Array, out: Array) -> None:
    np.maximum(a, 0, out=out)


def _positive(a: Array, out: Array) -> None:
    np.greater(a, 0, out=out)


def _leaky_relu(a: Array, slope: Array, out: Array) -> None:
    np.multiply(a, slope, out=out)
    np.copyto(out, a, where=np.asarray(a > 0, dtype=bool))


def _leaky_relu_slope(a: Array, slope: Array, out: Array) -> None:
    np.copyto(out, slope)
    np.copyto(out, 1, where=np.asarray(a > 0, dtype=bool))


def _sigmoid(a: Array, out: Array) -> None:
    np.negative(a, out=out)
    np.exp(out, out=out)
    np.add(out, 1, out=out)
    np.divide(1, out, out=out)


def _sigmoid_slope(a: Array, value: Array, out: Array) -> None:
    np.subtract(1, value, out=out)
    np.multiply(out, value, out=out)


def _tanh_slope(a: Array, value: Array, out: Array) -> None:
    np.multiply(value, value, out=out)
    np.subtract(1, out, out=out)


def _softplus(a: Array, out: Array) -> None:
    np.logaddexp(0, a, out=out)


def _and(a: Array, b: Array, out: Array) -> None:
    # Truths first: `and` of Python objects is one of them, not true or false.
    np.logical_and(np.not_equal(a, 0), np.not_equal(b, 0), out=out)


def _or(a: Array, b: Array, out: Array) -> None:
    np.logical_or(np.not_equal(a, 0), np.not_equal(b, 0), out=out)


DECIMALS_MAX = 9
"""`decimals` counts up to here; a number that does not terminate by then counts as one more."""


def _decimals(a: Array, out: Array) -> None:
    """Decimals needed to write `a`, within rounding."""
    values = np.asarray(a, dtype=np.float64)
    count = np.full(values.shape, DECIMALS_MAX + 1)
    for places in range(DECIMALS_MAX, -1, -1):
        scaled = values * 10.0**places
        slack = np.maximum(1e-13 * 10.0**places, 4e-15 * np.abs(scaled))
        count[np.abs(scaled - np.rint(scaled)) <= slack] = places
    np.copyto(out, count)


def _remainder_decimals(a: Array, denominator: int, out: Array) -> None:
    """Decimals of the exact quotient a/denominator; integers in, so no tolerance."""
    moduli = [
        int(denominator) // gcd(int(denominator), 10**places) for places in range(DECIMALS_MAX + 1)
    ]
    # From some place on the modulus is 1, and every numerator a multiple.
    enough = moduli.index(1) if 1 in moduli else DECIMALS_MAX + 1
    np.copyto(out, enough)
    for places in range(enough - 1, -1, -1):
        np.copyto(out, places, where=_divides(moduli[places], a))


def _divides(modulus: int, a: Array) -> NDArray[np.bool_]:
    if a.dtype != np.float64:
        return np.asarray(np.remainder(a, modulus) == 0, dtype=bool)
    # Integers below 2**53 in float64: exact, and twice as fast as a remainder.
    return np.asarray(np.rint(a / modulus) * modulus == a, dtype=bool)


# --- exact quotients -----------------------------------------------------------------------------


def _linear(op: Callable[[], Op]) -> Callable[..., Scaled]:
    """Rescaling for an op with f(k a) = k f(a) for k > 0."""
    return lambda a: Scaled(op()(a.numerator), a.denominator)


def _whole(op: Callable[[], Op]) -> Callable[..., Scaled]:
    """Rescaling for an op whose value is a count or a truth: it sees its arguments aligned."""
    return lambda *args: Scaled(aligned(op())(*args).numerator, 1)


def _rescale_power(a: Scaled, b: Scaled) -> Scaled | None:
    exponent = b.numerator.value
    if exponent is None or b.denominator != 1 or not 0 <= exponent <= 16:
        return None
    numerator = constant(1)
    for _ in range(int(exponent)):
        numerator = numerator * a.numerator
    return Scaled(numerator, a.denominator ** int(exponent))


def _rescale_leaky(a: Scaled, slope: Scaled) -> Scaled:
    """max(0, a) - slope max(0, -a), over both denominators."""
    relu = OPS["relu"]
    positive = constant(slope.denominator) * relu(a.numerator)
    negative = slope.numerator * relu(-a.numerator)
    return Scaled(positive - negative, a.denominator * slope.denominator)


def _rescale_leaky_slope(a: Scaled, slope: Scaled) -> Scaled:
    step = OPS["relu'"](a.numerator)
    rise = constant(slope.denominator) - slope.numerator
    return Scaled(step * rise + slope.numerator, slope.denominator)


def _rescale_decimals(a: Scaled) -> Scaled:
    return Scaled(OPS["decimals_over"](a.numerator, constant(a.denominator)), 1)


# --- the table --------------------------------------------------------------------------------


def _first(a: Node, *_: Node) -> tuple[Node, ...]:
    return (a,)


def _flat(count: int) -> Callable[..., tuple[Node, ...]]:
    """The vjp of an op that is constant almost everywhere."""
    return lambda bar, out, *args: (constant(0),) * count


def _call(name: str, tex: str = "") -> Notation:
    return Notation("call", name, tex or rf"\operatorname{{{name}}}")


def _row(
    name: str,
    arity: int,
    forward: Callable[..., object],
    vjp: Callable[..., tuple[Node, ...]],
    notation: Notation,
    derivative: str,
    *,
    kinks: Callable[..., tuple[Node, ...]] = nowhere,
    domain: Callable[..., tuple[Node, ...]] = nowhere,
    rescale: Callable[..., Scaled | None] | None,
) -> Op:
    return Op(name, arity, forward, vjp, notation, derivative, kinks, domain, rescale)


def _power_vjp(bar: Node, out: Node, a: Node, b: Node) -> tuple[Node, ...]:
    if b.value is not None:
        lower = a if b.value == 2 else OPS["pow"](a, constant(b.value - 1))
        return bar * (b if b.value == 1 else b * lower), constant(0)
    return bar * (b * OPS["pow"](a, b - constant(1))), bar * (out * OPS["log"](a))


def _power_domain(a: Node, b: Node) -> tuple[Node, ...]:
    if b.value is None or b.value.denominator != 1:
        return (a,)
    return () if b.value >= 0 else (a * a,)


def _choice_vjp(bar: Node, a: Node, b: Node) -> tuple[Node, ...]:
    """To the larger of a and b goes all of `bar`: the rule of max; min swaps the two."""
    return bar * OPS["max'"](a, b), bar * OPS["max'"](b, a)


def _comparison(name: str, forward: Callable[..., object], sign: str, tex: str) -> Op:
    notation = Notation("infix", sign, tex, 3)
    return _row(name, 2, forward, _flat(2), notation, "0", rescale=_whole(lambda: OPS[name]))


_ROWS = [
    nodes.CONSTANT,
    nodes.GIVEN,
    nodes.COPY,
    nodes.ADD,
    nodes.SUB,
    nodes.MUL,
    nodes.DIV,
    nodes.NEG,
    # A copy is a definition of its own (yhat_t = h_t). A use is one step's copy of a shared
    # parameter, a carry is a state as it enters the next step: both print as what they copy.
    copying("use"),
    copying("carry"),
    _row(
        "square", 1, np.square, lambda bar, out, a: (bar * (constant(2) * a),),
        Notation("power", "^", "^", POWER), "2 a",
        rescale=lambda a: Scaled(OPS["square"](a.numerator), a.denominator**2),
    ),
    _row(
        "pow", 2, np.power, _power_vjp, Notation("power", "^", "^", POWER),
        "b a^(b - 1), a^b log a", domain=_power_domain, rescale=_rescale_power,
    ),
    _row(
        "relu", 1, _relu, lambda bar, out, a: (bar * OPS["relu'"](a),),
        _call("relu", r"\operatorname{ReLU}"), "1 for z > 0, else 0",
        kinks=_first, rescale=_linear(lambda: OPS["relu"]),
    ),
    _row(
        "relu'", 1, _positive, _flat(1), _call("relu'", r"\operatorname{ReLU}'"), "0",
        kinks=_first, rescale=_whole(lambda: OPS["relu'"]),
    ),
    _row(
        "leaky_relu", 2, _leaky_relu,
        lambda bar, out, a, s: (bar * OPS["leaky_relu'"](a, s), bar * (a - OPS["relu"](a))),
        _call("leaky_relu", r"\operatorname{LReLU}"), "1 for z > 0, else the slope",
        kinks=_first, rescale=_rescale_leaky,
    ),
    _row(
        "leaky_relu'", 2, _leaky_relu_slope,
        lambda bar, out, a, s: (constant(0), bar * (constant(1) - OPS["relu'"](a))),
        _call("leaky_relu'", r"\operatorname{LReLU}'"), "0",
        kinks=_first, rescale=_rescale_leaky_slope,
    ),
    _row(
        "sigmoid", 1, _sigmoid, lambda bar, out, a: (bar * OPS["sigmoid'"](a, out),),
        _call("sigmoid", r"\sigma"), "s(z) (1 - s(z))", rescale=None,
    ),
    # The slopes of sigmoid and tanh take the function's value along: no second exponential.
    _row(
        "sigmoid'", 2, _sigmoid_slope,
        lambda bar, out, a, s: (constant(0), bar * (constant(1) - constant(2) * s)),
        _call("sigmoid'", r"\sigma'"), "s'(z) (1 - 2 s(z))", rescale=None,
    ),
    _row(
        "tanh", 1, np.tanh, lambda bar, out, a: (bar * OPS["tanh'"](a, out),),
        _call("tanh", r"\tanh"), "1 - tanh(z)^2", rescale=None,
    ),
    _row(
        "tanh'", 2, _tanh_slope, lambda bar, out, a, s: (constant(0), bar * (constant(-2) * s)),
        _call("tanh'", r"\tanh'"), "-2 tanh(z) tanh'(z)", rescale=None,
    ),
    _row(
        "softplus", 1, _softplus, lambda bar, out, a: (bar * OPS["sigmoid"](a),),
        _call("softplus"), "s(z)", rescale=None,
    ),
    exponentials.EXP,
    exponentials.LOG,
    exponentials.SOFTMAX,
    exponentials.LOGSUMEXP,
    _row(
        "sqrt", 1, np.sqrt, lambda bar, out, a: (bar / (constant(2) * out),),
        Notation("root", "sqrt", r"\sqrt"), "1/(2 sqrt(a))", domain=_first, rescale=None,
    ),
    _row(
        "abs", 1, np.absolute, lambda bar, out, a: (bar * OPS["sign"](a),),
        Notation("bars", "abs", "|"), "sign(a)", kinks=_first,
        rescale=_linear(lambda: OPS["abs"]),
    ),
    _row(
        "sign", 1, np.sign, _flat(1), _call("sign", r"\operatorname{sgn}"), "0",
        kinks=_first, rescale=_whole(lambda: OPS["sign"]),
    ),
    _row(
        "max", 2, np.maximum, lambda bar, out, a, b: _choice_vjp(bar, a, b),
        _call("max", r"\max"), "1 for the larger, else 0",
        kinks=lambda a, b: (a - b,), rescale=lambda a, b: aligned(OPS["max"])(a, b),
    ),
    _row(
        "min", 2, np.minimum, lambda bar, out, a, b: _choice_vjp(bar, b, a),
        _call("min", r"\min"), "1 for the smaller, else 0",
        kinks=lambda a, b: (a - b,), rescale=lambda a, b: aligned(OPS["min"])(a, b),
    ),
    _row(
        "max'", 2, np.greater, _flat(2), Notation("truth", "max'", r"\mathbb{1}"), "0",
        kinks=lambda a, b: (a - b,), rescale=_whole(lambda: OPS["max'"]),
    ),
    _row(
        "decimals", 1, _decimals, _flat(1), _call("decimals"), "0", rescale=_rescale_decimals,
    ),
    _row(
        "decimals_over", 2, _remainder_decimals, _flat(2), _call("decimals_over"), "0",
        rescale=None,
    ),
    _comparison("gt", np.greater, ">", ">"),
    _comparison("ge", np.greater_equal, ">=", r"\ge"),
    _comparison("lt", np.less, "<", "<"),
    _comparison("le", np.less_equal, "<=", r"\le"),
    _comparison("eq", np.equal, "==", "="),
    _comparison("ne", np.not_equal, "!=", r"\ne"),
    _row(
        "and", 2, _and, _flat(2), Notation("infix", "and", r"\land", 2), "0",
        rescale=_whole(lambda: OPS["and"]),
    ),
    _row(
        "or", 2, _or, _flat(2), Notation("infix", "or", r"\lor", 1), "0",
        rescale=_whole(lambda: OPS["or"]),
    ),
    _row(
        "not", 1, np.logical_not, _flat(1), _call("not", r"\lnot"), "0",
        rescale=_whole(lambda: OPS["not"]),
    ),
]  # fmt: skip

OPS: dict[str, Op] = {op.name: op for op in _ROWS}
"""Every primitive by name."""

PORTS = (OPS["use"], OPS["carry"])
"""What unrolling puts in between: a step's copy of a parameter, a state entering the next step."""
COPIES = (nodes.COPY, *PORTS)
"""Ops that hand a value on as it is."""
