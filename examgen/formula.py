"""The formula language: text in, a small syntax tree out. Nothing is ever evaluated as Python.

    formula    comparison joined by `and`, `or`, `not`
    sum        product (+|-) product ...       product   sign (*|/) sign ...
    sign       - sign | power                  power     atom (^|**) sign
    atom       number | name | name[i, t-1, *] | name' | dL/dname | function(formula, ...) | (...)

`dL/dw[1]` is one name: the derivative of L by w[1]. `w'` is w after the update.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar

from examgen.errors import ExamgenError
from examgen.notation import decimal

MAX_LENGTH = 4000
MAX_DEPTH = 100
MOST_DIGITS = 40
LARGEST_EXPONENT = 30

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)
  | (?P<name>(?:d(?:[A-Z]\w*|[a-z])/d(?=[A-Za-z_]))?[A-Za-z_]\w*'?)
  | (?P<sign>\*\*|<=|>=|==|!=|[-+*/^()<>\[\],·×−'])
  | (?P<end>$)
    )""",
    re.VERBOSE | re.ASCII,
)
_SPELLINGS = {"**": "^", "·": "*", "×": "*", "−": "-"}
_INFIX = {
    "or": ("or", 1), "and": ("and", 2),
    "<": ("lt", 3), "<=": ("le", 3), ">": ("gt", 3), ">=": ("ge", 3),
    "==": ("eq", 3), "!=": ("ne", 3),
    "+": ("add", 4), "-": ("sub", 4), "*": ("mul", 5), "/": ("div", 5),
}  # fmt: skip
_COMPARISON = 3
_SIGN_STRENGTH = 6


@dataclass(frozen=True)
class Index:
    """One index of a name: `3`, `t`, `t-1`, or `*` (every index there is)."""

    variable: str
    offset: int = 0

    def __str__(self) -> str:
        if not self.variable:
            return str(self.offset)
        return f"{self.variable}{self.offset:+d}" if self.offset else self.variable

    def at(self, indices: Mapping[str, int]) -> Index:
        """The index with the variable replaced by its value, where that is known."""
        if self.variable not in indices:
            return self
        return Index("", indices[self.variable] + self.offset)


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

    >>> unparse(parse("a-(b - c*d)^2"))
    'a - (b - c*d)^2'
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
_SIGNS = {function: (sign, strength) for sign, (function, strength) in _INFIX.items()}


def _spell(call: Apply) -> tuple[str, int]:
    name, args = call.function, call.args
    if name in _SIGNS and len(args) > 1:
        sign, own = _SIGNS[name]
        joint = sign if sign in "*/" else f" {sign} "
        first = unparse(args[0], own + (own == _COMPARISON))
        return joint.join([first, *(unparse(arg, own + 1) for arg in args[1:])]), own
    if name == "neg":
        return f"-{unparse(args[0], _SIGN_STRENGTH)}", _SIGN_STRENGTH - 1
    if name == "not":
        return f"not {unparse(args[0], _COMPARISON)}", _COMPARISON - 1
    if name in ("square", "pow"):
        exponent = unparse(args[1], _ATOM_STRENGTH) if name == "pow" else "2"
        return f"{unparse(args[0], _ATOM_STRENGTH)}^{exponent}", _ATOM_STRENGTH - 1
    return f"{name}({', '.join(map(unparse, args))})", _ATOM_STRENGTH


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    column: int


def parse(text: str) -> Expression:
    """The syntax tree of a formula. Raises ExamgenError with the column of what is wrong.

    >>> parse("w*x[t] + b").function
    'add'
    """
    if len(text) > MAX_LENGTH:
        raise ExamgenError(f"a formula of {len(text)} characters; at most {MAX_LENGTH} are read")
    parser = _Parser(_tokens(text))
    expression = parser.expression(0)
    parser.expect("")
    return expression


def parse_reference(text: str) -> Reference:
    """A single name such as `h[t]` or `dL/dw`. Raises ExamgenError if it is anything else."""
    expression = parse(text)
    if not isinstance(expression, Reference):
        raise ExamgenError(f"'{text}' is a formula; a single name such as h[1] or dL/dw is needed")
    return expression


def _tokens(text: str) -> list[_Token]:
    tokens, place = [], 0
    while True:
        match = _TOKEN.match(text, place)
        if match is None:
            column = place + len(text[place:]) - len(text[place:].lstrip()) + 1
            raise ExamgenError(f"column {column}: '{text[column - 1]}' has no meaning in a formula")
        kind = match.lastgroup or ""
        token = match.group(kind)
        tokens.append(_Token(kind, _SPELLINGS.get(token, token), match.start(kind) + 1))
        if kind == "end":
            return tokens
        place = match.end()


class _Parser:
    """Precedence climbing over a list of tokens; nesting is bounded."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.place = 0
        self.nesting = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.place]

    def take(self) -> _Token:
        self.place += 1
        return self.tokens[self.place - 1]

    def accept(self, text: str) -> bool:
        if self.token.text != text or self.token.kind == "number":
            return False
        self.place += 1
        return True

    def expect(self, text: str) -> None:
        token = self.token
        if token.text != text or (text == "" and token.kind != "end"):
            found = f"'{token.text}'" if token.text else "the end"
            wanted = f"'{text}'" if text else "an operator or the end"
            raise ExamgenError(f"column {token.column}: found {found}, expected {wanted}")
        self.place += bool(text)

    def expression(self, strength: int) -> Expression:
        self.nesting += 1
        if self.nesting > MAX_DEPTH:
            raise ExamgenError(f"column {self.token.column}: nested deeper than {MAX_DEPTH}")
        left = self.prefix()
        while (infix := _INFIX.get(self.token.text)) and infix[1] > strength:
            sign = self.take()
            left = _apply(infix[0], (left, self.expression(infix[1])), sign.column)
            self.refuse_chain(sign, infix[1])
        self.nesting -= 1
        return left

    def refuse_chain(self, sign: _Token, strength: int) -> None:
        """`0 < a < 1` would compare the truth of `0 < a` with 1: nobody means that."""
        if strength == _COMPARISON and _INFIX.get(self.token.text, ("", 0))[1] == _COMPARISON:
            raise ExamgenError(
                f"column {self.token.column}: two comparisons in a row; "
                f"write a {sign.text} b and b {self.token.text} c"
            )

    def prefix(self) -> Expression:
        column = self.token.column
        if self.accept("-"):
            operand = self.expression(_SIGN_STRENGTH - 1)
            if isinstance(operand, Literal):
                return Literal(-operand.value, column)
            return _apply("neg", (operand,), column)
        if self.accept("+"):
            return self.expression(_SIGN_STRENGTH - 1)
        if self.accept("not"):
            return _apply("not", (self.expression(2),), column)
        return self.power()

    def power(self) -> Expression:
        base = self.atom()
        column = self.token.column
        if not self.accept("^"):
            return base
        exponent = self.expression(_SIGN_STRENGTH - 1)
        if isinstance(exponent, Literal) and exponent.value == 2:
            return _apply("square", (base,), column)
        return _apply("pow", (base, exponent), column)

    def atom(self) -> Expression:
        token = self.take()
        if token.kind == "number":
            return Literal(_number(token), token.column)
        if token.kind == "name" and token.text not in _INFIX:
            if self.accept("("):
                return _apply(token.text, self.arguments(), token.column)
            return self.reference(token)
        if token.text == "(":
            inner = self.expression(0)
            self.expect(")")
            return inner
        found = f"'{token.text}'" if token.text else "the end"
        raise ExamgenError(f"column {token.column}: found {found}, expected a number or a name")

    def arguments(self) -> tuple[Expression, ...]:
        args = [self.expression(0)]
        while self.accept(","):
            args.append(self.expression(0))
        self.expect(")")
        return tuple(args)

    def reference(self, token: _Token) -> Reference:
        text, prime = token.text.removesuffix("'"), token.text.endswith("'")
        of, slash, target = text.partition("/")
        base = target[1:] if slash else text
        indices = self.indices() if self.token.text == "[" else ()
        prime = prime or self.accept("'")
        return Reference(base, indices, of[1:] if slash else "", prime, token.column)

    def indices(self) -> tuple[Index, ...]:
        self.expect("[")
        found = [self.index()]
        while self.accept(","):
            found.append(self.index())
        self.expect("]")
        return tuple(found)

    def index(self) -> Index:
        token = self.take()
        if token.text == "*":
            return Index("*")
        if token.text == "-" and self.token.text.isdigit():  # x[t-2] at the first step
            return Index("", -int(self.take().text))
        if token.kind == "number" and token.text.isdigit():
            return Index("", int(token.text))
        if token.kind != "name":
            raise ExamgenError(f"column {token.column}: found '{token.text}', expected an index")
        sign = 1 if self.token.text == "+" else -1
        if not (self.accept("+") or self.accept("-")):
            return Index(token.text)
        step = self.take()
        if not step.text.isdigit():
            raise ExamgenError(f"column {step.column}: found '{step.text}', expected 1, 2, ...")
        return Index(token.text, sign * int(step.text))


def _number(token: _Token) -> Fraction:
    digits, _, exponent = token.text.lower().partition("e")
    if len(digits) > MOST_DIGITS or abs(int(exponent or "0")) > LARGEST_EXPONENT:
        limits = f"{MOST_DIGITS} digits and exponents to {LARGEST_EXPONENT}"
        raise ExamgenError(f"column {token.column}: a number beyond {limits}")
    return Fraction(token.text)


def _apply(function: str, args: tuple[Expression, ...], column: int) -> Apply:
    call = Apply(function, args, column)
    if call.depth > MAX_DEPTH:
        raise ExamgenError(f"column {column}: more than {MAX_DEPTH} operations deep; split it up")
    return call
