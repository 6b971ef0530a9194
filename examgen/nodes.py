"""What a node and an op are, and the arithmetic that derivatives are written in.

A vjp is written with the operators of `Node`, so differentiating *adds nodes* to the graph. These
operators simplify (`0 + a`, `1 * a`, `a - (-b)`), because what they build is read by people; what
an author wrote is kept as written. The rows of arithmetic stand here, all others in `examgen.ops`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
"""Values of one node, of shape (variants,): float64, int64 or Python objects."""
Truths = NDArray[np.bool_]
"""What holds of which variants."""


@dataclass(frozen=True)
class Notation:
    """How an op prints: its form, its sign or name in plain text and in TeX, its precedence.

    truth: 1 where the first argument is larger than the second. spelled: as other ops say it; see
    `spelling` of Op.
    """

    form: Literal[
        "infix", "prefix", "call", "fraction", "power", "root", "bars", "truth", "same", "leaf",
        "spelled",
    ]  # fmt: skip
    plain: str = ""
    tex: str = ""
    precedence: int = 9


@dataclass(frozen=True)
class Scaled:
    """An exact quotient: a node with integer values, over one denominator for all variants."""

    numerator: Node
    denominator: int

    def over(self, denominator: int) -> Node:
        """The numerator over a multiple of the denominator."""
        factor, rest = divmod(denominator, self.denominator)
        assert rest == 0, "bug: not a multiple of the denominator"
        return constant(factor) * self.numerator


@dataclass(frozen=True, eq=False)
class Op:
    """One primitive. Ops are compared by identity.

    forward(*arrays, out): writes the value, elementwise, shape (variants,), into `out`.
    vjp(out_bar, out, *args): the contribution of this node to each argument's adjoint.
    kinks(*args): nodes whose zeros are the points where the op is not differentiable.
    domain(*args): nodes that must be positive for the op to be defined.
    rescale(*args): the op on exact quotients (see `Scaled`); None where it is transcendental.
    derivative: the local derivative as a textbook writes it.
    spelling(*args): what is printed for an op whose form is `spelled`.
    """

    name: str
    arity: int
    forward: Callable[..., object]
    vjp: Callable[..., tuple[Node, ...]]
    notation: Notation
    derivative: str
    kinks: Callable[..., tuple[Node, ...]]
    domain: Callable[..., tuple[Node, ...]]
    rescale: Callable[..., Scaled | None] | None
    spelling: Callable[..., Node] | None = None

    def __call__(self, *args: Node) -> Node:
        """A node of this op, exactly as written: nothing is simplified."""
        assert len(args) == self.arity, f"bug: {self.name} takes {self.arity} arguments"
        return Node(self, args)

    def __repr__(self) -> str:
        return f"<op {self.name}>"


@dataclass(frozen=True, eq=False)
class Node:
    """A scalar quantity: an op and its arguments; a constant has a value, a quantity a name."""

    op: Op
    args: tuple[Node, ...] = ()
    value: Fraction | None = None
    name: str | None = None

    def __repr__(self) -> str:
        return f"<node {self.name or self.value or self.op.name}>"

    def __add__(self, other: Node) -> Node:
        return _add(self, other)

    def __sub__(self, other: Node) -> Node:
        return _subtract(self, other)

    def __mul__(self, other: Node) -> Node:
        return _multiply(self, other)

    def __truediv__(self, other: Node) -> Node:
        return _divide(self, other)

    def __neg__(self) -> Node:
        return _negate(self)


def constant(value: Fraction | int) -> Node:
    """A node of fixed exact value."""
    return Node(CONSTANT, value=Fraction(value))


def given(name: str) -> Node:
    """A node whose value is drawn: an input, a weight, a label, a learning rate."""
    return Node(GIVEN, name=name)


def named(node: Node, name: str) -> Node:
    """The node under a name of its own; what already has a name, or is constant, is copied."""
    if node.name is not None or node.value is not None:
        return Node(COPY, (node,), name=name)
    return Node(node.op, node.args, name=name)


# --- simplifying arithmetic, for nodes that derivatives build ---------------------------------


def _is(node: Node, value: int) -> bool:
    return node.value is not None and node.value == value


def _anonymous(node: Node, op: Op) -> bool:
    return node.op is op and node.name is None


def _add(a: Node, b: Node) -> Node:
    if a.value is not None and b.value is not None:
        return constant(a.value + b.value)
    if _is(a, 0):
        return b
    if _is(b, 0):
        return a
    opposite = _opposite(b)
    return ADD(a, b) if opposite is None else SUB(a, opposite)


def _subtract(a: Node, b: Node) -> Node:
    if a.value is not None and b.value is not None:
        return constant(a.value - b.value)
    if _is(b, 0):
        return a
    if _is(a, 0):
        return _negate(b)
    opposite = _opposite(b)
    return SUB(a, b) if opposite is None else ADD(a, opposite)


def _opposite(node: Node) -> Node | None:
    """x of -x, 2 x of -2 x and 2 of -2; None for what has no sign in front."""
    if node.value is not None and node.value < 0:
        return constant(-node.value)
    if _anonymous(node, NEG):
        return node.args[0]
    if _anonymous(node, MUL) and (factor := node.args[0].value) is not None and factor < 0:
        return _scale(-factor, node.args[1])
    return None


def _negate(a: Node) -> Node:
    if a.value is not None:
        return constant(-a.value)
    return a.args[0] if _anonymous(a, NEG) else NEG(a)


def _multiply(a: Node, b: Node) -> Node:
    if b.value is not None:
        a, b = b, a
    if a.value is not None:
        return _scale(a.value, b)
    sign_a, a = unsigned(a)
    sign_b, b = unsigned(b)
    product = _joined(a, b)
    return product if sign_a == sign_b else _negate(product)


def _joined(a: Node, b: Node) -> Node:
    """The product; a number that the second factor begins with goes to the front: 2 x y."""
    number, rest = _coefficient(b)
    if number == 1:
        return MUL(a, b)
    other, first = _coefficient(a)
    return _scale(number * other, MUL(first, rest)) if _readable(number * other) else MUL(a, b)


def _coefficient(node: Node) -> tuple[Fraction, Node]:
    """The number in front, and what is left: 2 and x of 2 x, 1/2 and x of x/2."""
    if _anonymous(node, MUL) and (number := node.args[0].value) is not None:
        return number, node.args[1]
    if _anonymous(node, DIV) and node.args[1].value:
        return 1 / node.args[1].value, node.args[0]
    return Fraction(1), node


def _scale(factor: Fraction, b: Node) -> Node:
    if b.value is not None and _readable(factor * b.value):
        return constant(factor * b.value)
    if factor not in (0, 1, -1):
        factor, b = _joint_coefficient(factor, b)
    if factor in (0, 1, -1):
        return constant(0) if factor == 0 else b if factor == 1 else _negate(b)
    return MUL(constant(factor), b)


def _joint_coefficient(factor: Fraction, b: Node) -> tuple[Fraction, Node]:
    """2 and -(3 x) as -6 and x."""
    sign, inner = unsigned(b)
    if _anonymous(inner, MUL) and (coefficient := inner.args[0].value) is not None:
        joint = sign * factor * coefficient
        return (joint, inner.args[1]) if _readable(joint) else (factor, b)
    return sign * factor, inner


def _readable(value: Fraction) -> bool:
    """Whether it is worth while to write a product of constants as one number."""
    return max(map(int.bit_length, value.as_integer_ratio())) <= 256


def unsigned(node: Node) -> tuple[int, Node]:
    """The sign of a node and what is left without it: -1 and x for -x."""
    sign = 1
    while _anonymous(node, NEG):
        sign, node = -sign, node.args[0]
    return sign, node


def _divide(a: Node, b: Node) -> Node:
    if b.value is not None and b.value != 0:
        return _scale(1 / b.value, a)
    if _is(a, 0):
        return a
    if a.value is not None and a.value < 0:
        return _negate(_divide(constant(-a.value), b))
    sign, a = unsigned(a)
    return DIV(a, b) if sign == 1 else _negate(DIV(a, b))


# --- the rows of arithmetic ---------------------------------------------------------------------


def aligned(op: Op) -> Callable[..., Scaled]:
    """Rescaling for an op that needs its arguments over one denominator, and keeps it."""

    def rescale(*args: Scaled) -> Scaled:
        common = lcm(*(arg.denominator for arg in args))
        return Scaled(op(*(arg.over(common) for arg in args)), common)

    return rescale


def _rescale_product(a: Scaled, b: Scaled) -> Scaled:
    return Scaled(a.numerator * b.numerator, a.denominator * b.denominator)


def _rescale_quotient(a: Scaled, b: Scaled) -> Scaled | None:
    """Exact for a constant divisor only: another one makes the denominator vary."""
    divisor = b.numerator.value
    if divisor is None or divisor == 0:
        return None
    sign = 1 if divisor > 0 else -1
    scaled = constant(sign * b.denominator) * a.numerator
    return Scaled(scaled, a.denominator * abs(int(divisor)))


def nowhere(*_: Node) -> tuple[Node, ...]:
    """The kinks or the domain of an op that is smooth, or defined, everywhere."""
    return ()


def write(a: Array, out: Array) -> None:
    """The forward rule of a copy."""
    np.copyto(out, a)


SUM, PRODUCT, SIGN, POWER = 4, 5, 6, 7
"""Precedences, weakest first; comparisons lie below, calls above."""


def _arithmetic(
    name: str,
    forward: Callable[..., object],
    vjp: Callable[..., tuple[Node, ...]],
    notation: Notation,
    derivative: str,
    rescale: Callable[..., Scaled | None] | None = None,
    domain: Callable[..., tuple[Node, ...]] = nowhere,
    arity: int = 2,
) -> Op:
    return Op(name, arity, forward, vjp, notation, derivative, nowhere, domain, rescale)


def copying(name: str) -> Op:
    """A row for an op that hands its argument on unchanged."""
    return _arithmetic(
        name, write, lambda bar, out, a: (bar,), Notation("same"), "1", rescale=lambda a: a, arity=1
    )


CONSTANT = _arithmetic("constant", write, lambda bar, out: (), Notation("leaf"), "0", arity=0)
GIVEN = _arithmetic("given", write, lambda bar, out: (), Notation("leaf"), "0", arity=0)
COPY = copying("copy")
ADD: Op = _arithmetic(
    "add",
    np.add,
    lambda bar, out, a, b: (bar, bar),
    Notation("infix", "+", "+", SUM),
    "1, 1",
    rescale=lambda a, b: aligned(ADD)(a, b),
)
SUB: Op = _arithmetic(
    "sub",
    np.subtract,
    lambda bar, out, a, b: (bar, -bar),
    Notation("infix", "-", "-", SUM),
    "1, -1",
    rescale=lambda a, b: aligned(SUB)(a, b),
)
MUL = _arithmetic(
    "mul",
    np.multiply,
    lambda bar, out, a, b: (bar * b, bar * a),
    Notation("infix", "*", r"\cdot", PRODUCT),
    "b, a",
    rescale=_rescale_product,
)
DIV = _arithmetic(
    "div",
    np.divide,
    lambda bar, out, a, b: (bar / b, -(bar * (out / b))),
    Notation("fraction", "/", r"\frac", PRODUCT),
    "1/b, -a/b^2",
    rescale=_rescale_quotient,
    domain=lambda a, b: () if b.value else (b * b,),
)
NEG = _arithmetic(
    "neg",
    np.negative,
    lambda bar, out, a: (-bar,),
    Notation("prefix", "-", "-", SIGN),
    "-1",
    rescale=lambda a: Scaled(-a.numerator, a.denominator),
    arity=1,
)
