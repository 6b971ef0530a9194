"""The formula language: text in, a small syntax tree out. Nothing is ever evaluated as Python.

    formula    comparison joined by `and`, `or`, `not`
    sum        product (+|-) product ...       product   sign (*|/) sign ...
    sign       - sign | power                  power     atom (^|**) sign
    atom       number | name | name[i, t-1, *] | name' | dL/dname | function(formula, ...) | (...)
    index      * | a sum of index variables with whole factors and a number: t-1, 2*i+a-1

`dL/dw[1]` is one name: the derivative of L by w[1]. `w'` is w after the update.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from examgen.errors import ExamgenError
from examgen.expression import (
    COMPARISON,
    EVERY,
    INFIX,
    LARGEST_EXPONENT,
    MOST_DIGITS,
    SIGN_STRENGTH,
    Apply,
    Expression,
    Index,
    Literal,
    Reference,
)

MAX_LENGTH = 4000
MAX_DEPTH = 100

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
            raise ExamgenError(f"column {column}: {_meaningless(text, column - 1)}")
        kind = match.lastgroup or ""
        token = match.group(kind)
        tokens.append(_Token(kind, _SPELLINGS.get(token, token), match.start(kind) + 1))
        if kind == "end":
            return tokens
        place = match.end()


_OTHERWISE = {
    "=>": ">=", "=<": "<=", "=": "==", "<>": "!=", "!": "not", "&&": "and", "&": "and",
    "||": "or", "|": "abs(...)", "≤": "<=", "≥": ">=", "≠": "!=", "²": "^2", "³": "^3",
    "√": "sqrt(...)", ":": "/", "÷": "/", ";": ",",
}  # fmt: skip
"""What people write for signs of the language; longer ones first."""


def _meaningless(text: str, place: int) -> str:
    """What to say of a character that no formula has."""
    near = text[max(place - 1, 0) : place + 1]  # `<` of `<>` and of `=<` is a sign of its own
    for sign, ours in _OTHERWISE.items():
        if text.startswith(sign, place) or (len(sign) > 1 and near == sign):
            return f"'{sign}' has no meaning in a formula; write {ours}"
    return f"'{text[place]}' has no meaning in a formula"


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
            raise ExamgenError(
                f"column {token.column}: found {found}, expected {wanted}{self._missing_sign()}"
            )
        self.place += bool(text)

    def _missing_sign(self) -> str:
        """What was meant by two factors, or a function and its argument, side by side."""
        before, here = self.tokens[max(self.place - 1, 0)], self.token
        words = ("number", "name")
        if before.kind in words and here.kind in words:
            call = f", or {before.text}({here.text})" if len(before.text) > 2 else ""
            return f"; write {before.text}*{here.text}{call * (before.kind == 'name')}"
        between = (before.kind in words or before.text in (")", "]")) and (
            here.kind in words or here.text == "("
        )
        return "; between two factors stands a *" if between else ""

    def expression(self, strength: int) -> Expression:
        self.nesting += 1
        if self.nesting > MAX_DEPTH:
            raise ExamgenError(f"column {self.token.column}: nested deeper than {MAX_DEPTH}")
        left = self.prefix()
        while (infix := INFIX.get(self.token.text)) and infix[1] > strength:
            sign = self.take()
            left = _apply(infix[0], (left, self.expression(infix[1])), sign.column)
            self.refuse_chain(sign, infix[1])
        self.nesting -= 1
        return left

    def refuse_chain(self, sign: _Token, strength: int) -> None:
        """`0 < a < 1` would compare the truth of `0 < a` with 1: nobody means that."""
        if strength == COMPARISON and INFIX.get(self.token.text, ("", 0))[1] == COMPARISON:
            raise ExamgenError(
                f"column {self.token.column}: two comparisons in a row; "
                f"write a {sign.text} b and b {self.token.text} c"
            )

    def prefix(self) -> Expression:
        column = self.token.column
        if self.accept("-"):
            operand = self.expression(SIGN_STRENGTH - 1)
            if isinstance(operand, Literal):
                return Literal(-operand.value, column)
            return _apply("neg", (operand,), column)
        if self.accept("+"):
            return self.expression(SIGN_STRENGTH - 1)
        if self.accept("not"):
            return _apply("not", (self.expression(2),), column)
        return self.power()

    def power(self) -> Expression:
        base = self.atom()
        column = self.token.column
        if not self.accept("^"):
            return base
        exponent = self.expression(SIGN_STRENGTH - 1)
        if isinstance(exponent, Literal) and exponent.value == 2:
            return _apply("square", (base,), column)
        return _apply("pow", (base, exponent), column)

    def atom(self) -> Expression:
        token = self.take()
        if token.kind == "number":
            return Literal(_number(token), token.column)
        if token.kind == "name" and token.text not in INFIX:
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
        if self.token.text == "*" and self.tokens[self.place + 1].text in (",", "]"):
            self.take()
            return EVERY
        column = self.token.column
        found = _affine(self.expression(COMPARISON))
        if found is None:
            raise ExamgenError(
                f"column {column}: no index; expected a number, *, or a sum such as t-1 or 2*i+a-1"
            )
        return found


def _affine(expression: Expression) -> Index | None:
    """A sum of index variables with whole factors and a number; None for anything else."""
    if isinstance(expression, Literal):
        whole = expression.value.denominator == 1
        return Index(offset=int(expression.value)) if whole else None
    if isinstance(expression, Reference):
        plain = expression == Reference(expression.base)
        return Index.of(expression.base) if plain else None
    parts = [_affine(arg) for arg in expression.args]
    known = [part for part in parts if part is not None]
    return _combined(expression.function, known) if len(known) == len(parts) else None


def _combined(function: str, parts: list[Index]) -> Index | None:
    if function == "neg":
        return parts[0].scaled(-1)
    if function in ("add", "sub"):
        return parts[0] + parts[1].scaled(1 if function == "add" else -1)
    if function == "mul" and not all(part.terms for part in parts):
        first, second = sorted(parts, key=lambda part: bool(part.terms))
        return second.scaled(first.offset)
    return None


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
