"""Expressions from what was read, within bounds; only functions of this table can be built."""

from __future__ import annotations

from fractions import Fraction

from examgen.expression import Apply, Expression, Literal
from grader.symbolic.tokens import NotRead, Token

MAX_DEPTH = 150

_ARITY = {"max": 2, "min": 2}
_SLOPES = ("sigmoid'", "tanh'", "relu'")
_FUNCTIONS = (
    "sigmoid", "tanh", "relu", "softplus", "exp", "log", "sqrt", "abs", "sign", "max", "min",
    *_SLOPES,
)  # fmt: skip


def called(function: str, args: list[Expression], token: Token) -> Expression:
    """A function applied. Raises NotRead for one that is not known or has other arguments."""
    if function in ("leaky_relu", "leaky_relu'"):
        args = [*args, Literal(Fraction(1, 100))][:2] if len(args) < 3 else args
    elif function not in _FUNCTIONS:
        raise NotRead(f"{function} is no function that is known here", token.column)
    wanted = 2 if function.startswith("leaky") else _ARITY.get(function, 1)
    if len(args) != wanted:
        raise NotRead(f"{function} takes {wanted}, found {len(args)} arguments", token.column)
    return apply(function, *args)


def apply(function: str, *args: Expression) -> Expression:
    """An op applied. Raises NotRead beyond `MAX_DEPTH`."""
    call = Apply(function, args)
    if call.depth > MAX_DEPTH:
        raise NotRead("more operations inside each other than anybody can follow", 1)
    return call


def joined(function: str, parts: list[Expression]) -> Expression:
    """A sum or a product of one part or more."""
    return parts[0] if len(parts) == 1 else apply(function, *parts)


def value_of(read: Expression) -> Fraction | None:
    """The value of 2, -2 and 1/2."""
    if isinstance(read, Literal):
        return read.value
    if isinstance(read, Apply) and read.function == "neg":
        inner = value_of(read.args[0])
        return None if inner is None else -inner
    if isinstance(read, Apply) and read.function == "div":
        above, below = map(value_of, read.args)
        return above / below if above is not None and below else None
    return None


def to_power(base: Expression, exponent: Fraction) -> Expression:
    """A power; a square is an op of its own."""
    if exponent == 2:
        return apply("square", base)
    return apply("pow", base, Literal(exponent))
