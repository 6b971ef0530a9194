"""Functions of the formula language that are no ops: vectors and losses, written out in scalars.

A function takes syntax trees and returns one; it raises TypeError for a wrong number of arguments.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from examgen.expression import Apply, Expression, Literal


def _of(function: str, *args: Expression) -> Expression:
    return Apply(function, args)


def _number(value: Fraction | int) -> Literal:
    return Literal(Fraction(value))


def _joined(op: str) -> Callable[..., Expression]:
    """An op of two arguments for any number of them."""
    return lambda first, *others: Apply(op, (first, *others)) if others else first


_added = _joined("add")


def _choice(op: str) -> Callable[..., Expression]:
    """The largest or smallest of some; each pair is a kink, so they have to be few."""

    def write(*args: Expression) -> Expression:
        if not 1 <= len(args) <= 32:
            raise TypeError
        return _joined(op)(*args)

    return write


def _pairs(args: tuple[Expression, ...]) -> list[tuple[Expression, Expression]]:
    """Predictions and targets: the first half of the arguments and the second."""
    if not args or len(args) % 2:
        raise TypeError
    half = len(args) // 2
    return list(zip(args[:half], args[half:], strict=True))


def _squared_error(*args: Expression) -> Expression:
    return _added(*(_of("square", _of("sub", a, b)) for a, b in _pairs(args)))


def _half_squared_error(*args: Expression) -> Expression:
    half = _number(Fraction(1, 2))
    return _added(*(_of("mul", half, _squared_error(a, b)) for a, b in _pairs(args)))


def _mean_squared_error(*args: Expression) -> Expression:
    return _of("div", _squared_error(*args), _number(len(_pairs(args))))


def _bce(*args: Expression) -> Expression:
    def term(p: Expression, y: Expression) -> Expression:
        one = _number(1)
        hit = _of("neg", _of("mul", y, _of("log", p)))
        miss = _of("mul", _of("sub", one, y), _of("log", _of("sub", one, p)))
        return _of("sub", hit, miss)

    return _added(*(term(p, y) for p, y in _pairs(args)))


def _cross_entropy(*args: Expression) -> Expression:
    return _of("neg", _added(*(_of("mul", y, _of("log", p)) for p, y in _pairs(args))))


def _softmax(chosen: Expression, *logits: Expression) -> Expression:
    if len(logits) < 2:
        raise TypeError
    return _of("softmax", chosen, _of("logsumexp", *logits))


def _logsumexp(*logits: Expression) -> Expression:
    if len(logits) < 2:
        raise TypeError
    return _of("logsumexp", *logits)


def _dot(*args: Expression) -> Expression:
    return _added(*(_of("mul", a, b) for a, b in _pairs(args)))


def _mean(*args: Expression) -> Expression:
    return _of("div", _added(*args), _number(len(args)))


def _variance(*args: Expression) -> Expression:
    mean = _mean(*args)
    return _mean(*(_of("square", _of("sub", arg, mean)) for arg in args))


def _norm(*args: Expression) -> Expression:
    return _of("sqrt", _added(*(_of("square", arg) for arg in args)))


def _leaky(op: str) -> Callable[..., Expression]:
    def write(z: Expression, slope: Expression | None = None) -> Expression:
        return _of(op, z, slope or _number(Fraction(1, 100)))

    return write


def _slope(op: str) -> Callable[..., Expression]:
    """`sigmoid'(z)` as people write it; the op takes sigmoid(z) along."""
    return lambda z: _of(f"{op}'", z, _of(op, z))


COMPOSITES: dict[str, Callable[..., Expression]] = {
    "sum": _added,
    "mean": _mean,
    "var": _variance,
    "std": lambda *args: _of("sqrt", _variance(*args)),
    "norm": _norm,
    "dot": _dot,
    "max": _choice("max"),
    "min": _choice("min"),
    "softmax": _softmax,
    "logsumexp": _logsumexp,
    "squared_error": _squared_error,
    "half_squared_error": _half_squared_error,
    "mean_squared_error": _mean_squared_error,
    "bce": _bce,
    "cross_entropy": _cross_entropy,
    "leaky_relu": _leaky("leaky_relu"),
    "leaky_relu'": _leaky("leaky_relu'"),
    "sigmoid'": _slope("sigmoid"),
    "tanh'": _slope("tanh"),
}
"""Functions of the language that are no ops: vectors and losses, built from scalars."""

_OF_PAIRS = "predictions, then as many targets: {0}(yhat, y)"
LOSSES = ("squared_error", "half_squared_error", "mean_squared_error", "bce", "cross_entropy")
USAGE: dict[str, str] = {
    **{loss: _OF_PAIRS.format(loss) for loss in LOSSES},
    "dot": "a vector, then another as long: dot(w[*], x[*])",
    "max": "1 to 32 arguments",
    "min": "1 to 32 arguments",
    "softmax": "a logit, then all of them: softmax(z[1], z[*])",
    "logsumexp": "two arguments or more: logsumexp(z[*])",
    "leaky_relu": "an argument and perhaps a slope: leaky_relu(z, 0.1)",
    "leaky_relu'": "an argument and perhaps a slope: leaky_relu'(z, 0.1)",
    "sigmoid'": "one argument: sigmoid'(z)",
    "tanh'": "one argument: tanh'(z)",
    **dict.fromkeys(("sum", "mean", "var", "std", "norm"), "one argument or more"),
}
"""What each of them takes, to be told where it was given something else."""
