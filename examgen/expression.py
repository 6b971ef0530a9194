"""The syntax tree of a formula, and the formula written again from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar

from examgen.notation import decimal

MOST_DIGITS = 40
LARGEST_EXPONENT = 30
"""Numbers are as long, and as large, as in a template's YAML."""

INFIX = {
    "or": ("or", 1), "and": ("and", 2),
    "<": ("lt", 3), "<=": ("le", 3), ">": ("gt", 3), ">=": ("ge", 3),
    "==": ("eq", 3), "!=": ("ne", 3),
    "+": ("add", 4), "-": ("sub", 4), "*": ("mul", 5), "/": ("div", 5),
}  # fmt: skip
"""The op of every infix sign, and how tightly it binds."""
COMPARISON = 3
SIGN_STRENGTH = 6


@dataclass(frozen=True)
class Index:
    """One index of a name: `3`, `t-1`, `2*i+a-1`, or `*` (every index there is).

    terms: index variables and their whole factors, each variable once, in the order of first use.
    offset: what is added to them.
    """

    terms: tuple[tuple[str, int], ...] = ()
    offset: int = 0

    @classmethod
    def of(cls, variable: str, offset: int = 0) -> Index:
        """A variable, and a number added to it."""
        return cls(((variable, 1),), offset)

    @property
    def variables(self) -> tuple[str, ...]:
        """The index variables in it; none for a number and for `*`."""
        return () if self == EVERY else tuple(variable for variable, _ in self.terms)

    def __str__(self) -> str:
        """As it is written, without blanks.

        >>> str(Index((("i", 2), ("a", -1)), -1)), str(Index(offset=3))
        ('2*i-a-1', '3')
        """
        signed = "".join(map(_index_term, self.terms)).removeprefix("+")
        return f"{signed}{self.offset:+d}" if signed and self.offset else signed or str(self.offset)

    def at(self, indices: Mapping[str, int]) -> Index:
        """The index with variables replaced by their values, where those are known."""
        left = tuple(term for term in self.terms if term[0] not in indices)
        known = (indices[v] * factor for v, factor in self.terms if v in indices)
        return Index(left, self.offset + sum(known))

    def scaled(self, factor: int) -> Index:
        """The index times a whole number."""
        terms = ((variable, factor * own) for variable, own in self.terms)
        return _joined(terms, factor * self.offset)

    def __add__(self, other: Index) -> Index:
        return _joined((*self.terms, *other.terms), self.offset + other.offset)


EVERY = Index.of("*")
"""`*`: every index there is."""


def _index_term(term: tuple[str, int]) -> str:
    variable, factor = term
    sign, size = "-" if factor < 0 else "+", abs(factor)
    return f"{sign}{variable}" if size == 1 else f"{sign}{size}*{variable}"


def _joined(terms: Iterable[tuple[str, int]], offset: int) -> Index:
    """The sum of some terms; what cancels is left out."""
    factors: dict[str, int] = {}
    for variable, factor in terms:
        factors[variable] = factors.get(variable, 0) + factor
    return Index(tuple(term for term in factors.items() if term[1]), offset)


@dataclass(frozen=True)
class Literal:
    """An exact number."""

    depth: ClassVar[int] = 1
    size: ClassVar[int] = 1

    value: Fraction
    column: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Reference:
    """A name: of a quantity, of a derivative (`of` is then L), or of an updated parameter."""

    depth: ClassVar[int] = 1
    size: ClassVar[int] = 1

    base: str
    indices: tuple[Index, ...] = ()
    of: str = ""
    prime: bool = False
    column: int = field(default=0, compare=False)

    @property
    def name(self) -> str:
        """The name in its one spelling: `w`, `h[1]`, `dL/dh[1]`, `w'`."""
        brackets = f"[{','.join(map(str, self.indices))}]" if self.indices else ""
        return f"{f'd{self.of}/d' if self.of else ''}{self.base}{brackets}{chr(39) * self.prime}"

    def at(self, indices: Mapping[str, int]) -> Reference:
        """The reference with index variables replaced by their values."""
        return Reference(
            self.base, tuple(i.at(indices) for i in self.indices), self.of, self.prime, self.column
        )


@dataclass(frozen=True)
class Apply:
    """An op or a function of the language, applied.

    depth: of nesting. size: how many parts it has, those in common to two counted twice.
    """

    function: str
    args: tuple[Expression, ...]
    column: int = field(default=0, compare=False)
    depth: int = field(init=False, compare=False)
    size: int = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "depth", 1 + max((arg.depth for arg in self.args), default=0))
        object.__setattr__(self, "size", 1 + sum(arg.size for arg in self.args))


Expression = Literal | Reference | Apply


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and all its parts."""
    stack: list[Expression] = [expression]
    while stack:
        part = stack.pop()
        yield part
        if isinstance(part, Apply):
            stack.extend(reversed(part.args))


def unparse(expression: Expression, strength: int = 0) -> str:
    """The formula as text that `parse` reads back.

    >>> unparse(Apply("mul", (Reference("a"), Apply("add", (Reference("b"), Reference("c"))))))
    'a*(b + c)'
    """
    if isinstance(expression, Literal):
        text = _literal(expression.value)
        return f"({text})" if (strength and not text[:1].isdigit()) or "/" in text else text
    if isinstance(expression, Reference):
        return expression.name
    text, own = _spell(expression)
    return f"({text})" if own < strength else text


def _literal(value: Fraction) -> str:
    """A number as a decimal, since a quotient would be read back as a division."""
    text = decimal(value, MOST_DIGITS + LARGEST_EXPONENT)
    return text if Fraction(text) == value else str(value)


_ATOM_STRENGTH = 8
_SIGNS = {function: (sign, strength) for sign, (function, strength) in INFIX.items()}


def _spell(call: Apply) -> tuple[str, int]:
    name, args = call.function, call.args
    if name in _SIGNS and len(args) > 1:
        sign, own = _SIGNS[name]
        joint = sign if sign in "*/" else f" {sign} "
        first = unparse(args[0], own + (own == COMPARISON))
        return joint.join([first, *(unparse(arg, own + 1) for arg in args[1:])]), own
    if name == "neg":
        return f"-{unparse(args[0], SIGN_STRENGTH)}", SIGN_STRENGTH - 1
    if name == "not":
        return f"not {unparse(args[0], COMPARISON)}", COMPARISON - 1
    if name in ("square", "pow"):
        exponent = unparse(args[1], _ATOM_STRENGTH) if name == "pow" else "2"
        return f"{unparse(args[0], _ATOM_STRENGTH)}^{exponent}", _ATOM_STRENGTH - 1
    return f"{name}({', '.join(map(unparse, args))})", _ATOM_STRENGTH
