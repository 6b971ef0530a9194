"""The value of a formula at many points, and how large its summands are.

Beside every value goes a magnitude: a bound on the error that relative errors of size 1 in all
leaves would make, to first order (running error analysis: Higham, Accuracy and Stability of
Numerical Algorithms, 2nd ed., SIAM 2002, section 3.3). So x - x is zero *within* |x| + |x|.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from examgen.expression import Apply, Expression, Literal
from examgen.ops import OPS

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measured:
    """Values and magnitudes, of shape (points,); those of a constant are of shape ()."""

    value: Array
    magnitude: Array


def evaluate(expression: Expression, points: Mapping[str, Array]) -> Measured:
    """A formula at points (by name, each of shape (points,)). What is undefined is not finite."""
    with np.errstate(all="ignore"):
        return _measured(expression, points)


def _measured(expression: Expression, points: Mapping[str, Array]) -> Measured:
    if isinstance(expression, Literal):
        number = np.asarray(float(expression.value))
        return Measured(number, np.abs(number))
    if not isinstance(expression, Apply):
        value = points[expression.name]
        return Measured(value, np.abs(value))
    args = [_measured(arg, points) for arg in expression.args]
    rule = _RULES[expression.function]
    return reduce(rule, args) if expression.function in _CHAINS else rule(*args)


# --- a rule for each function ------------------------------------------------------------------


def _add(a: Measured, b: Measured) -> Measured:
    return Measured(a.value + b.value, a.magnitude + b.magnitude)


def _multiply(a: Measured, b: Measured) -> Measured:
    magnitude = np.abs(a.value) * b.magnitude + a.magnitude * np.abs(b.value)
    return Measured(a.value * b.value, magnitude)


def _divide(a: Measured, b: Measured) -> Measured:
    value = a.value / b.value
    return Measured(value, (a.magnitude + np.abs(value) * b.magnitude) / np.abs(b.value))


def _power(a: Measured, exponent: Measured) -> Measured:
    value = np.power(a.value, exponent.value)
    slope = np.abs(exponent.value * np.power(a.value, exponent.value - 1))
    return Measured(value, np.abs(value) + slope * a.magnitude)


def _steep(function: str, slope: Callable[[Array, Array], Array]) -> Callable[..., Measured]:
    """A function with the absolute value of its derivative, of the argument and the value."""

    def rule(a: Measured) -> Measured:
        value = _forward(function, a.value)
        return Measured(value, np.abs(value) + slope(a.value, value) * a.magnitude)

    return rule


def _step(function: str) -> Callable[..., Measured]:
    """A function that is constant between its jumps."""

    def rule(*args: Measured) -> Measured:
        value = _forward(function, *(arg.value for arg in args))
        return Measured(value, np.abs(value))

    return rule


def _slope(function: str) -> Callable[..., Measured]:
    """sigmoid' and tanh': the ops take the function's value along."""

    def rule(a: Measured) -> Measured:
        value = _forward(f"{function}'", a.value, _forward(function, a.value))
        return Measured(value, np.abs(value) + a.magnitude)

    return rule


def _choice(function: str) -> Callable[..., Measured]:
    def rule(a: Measured, b: Measured) -> Measured:
        return Measured(_forward(function, a.value, b.value), a.magnitude + b.magnitude)

    return rule


def _leaky(a: Measured, slope: Measured) -> Measured:
    magnitude = a.magnitude * (1 + np.abs(slope.value))
    return Measured(_forward("leaky_relu", a.value, slope.value), magnitude)


def _forward(function: str, *args: Array) -> Array:
    shaped = np.broadcast_arrays(*(np.asarray(arg, np.float64) for arg in args))
    out = np.empty(shaped[0].shape)
    OPS[function].forward(*shaped, out=out)
    return out


_CHAINS = ("add", "mul")
_RULES: dict[str, Callable[..., Measured]] = {
    "add": _add,
    "mul": _multiply,
    "div": _divide,
    "neg": lambda a: Measured(-a.value, a.magnitude),
    "square": lambda a: _multiply(a, a),
    "pow": _power,
    "relu": _steep("relu", lambda a, out: np.asarray(a > 0, np.float64)),
    "abs": _steep("abs", lambda a, out: np.ones_like(a)),
    "sigmoid": _steep("sigmoid", lambda a, out: out * (1 - out)),
    "tanh": _steep("tanh", lambda a, out: 1 - out * out),
    "softplus": _steep("softplus", lambda a, out: np.ones_like(a)),
    "exp": _steep("exp", lambda a, out: out),
    "log": _steep("log", lambda a, out: 1 / np.abs(a)),
    "sqrt": _steep("sqrt", lambda a, out: 0.5 / out),
    "sigmoid'": _slope("sigmoid"),
    "tanh'": _slope("tanh"),
    "leaky_relu": _leaky,
    "max": _choice("max"),
    "min": _choice("min"),
    **{name: _step(name) for name in ("relu'", "leaky_relu'", "sign", "gt", "lt")},
    "ge": _step("gt"),  # by the convention relu'(0) = 0
    "le": _step("lt"),
}
"""Every function that `reader` builds."""
