"""One side of a formula: recursive descent from tokens to an expression of the formula language.

    formula    product (+|-) product ...       product    sign (*|/| ) sign ...
    sign       - sign | power                  power      atom ^ exponent
    atom       number | name | function argument | (formula) | (formula > formula) | |formula|

Two factors side by side are a product. What can be read in two ways is not read: `1/2x`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from examgen.expression import Expression, Literal, Reference
from grader.symbolic.building import apply, called, joined, to_power, value_of
from grader.symbolic.tokens import NotRead, Token

MAX_NESTING = 50
MAX_EXPONENT = 64
LARGEST, SMALLEST = Fraction(10**6), Fraction(1, 10**6)


def parsed(side: Sequence[Token]) -> Expression:
    """The expression that tokens, the last of them an end, stand for. Raises NotRead."""
    return _Parser(side).whole()


_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_COMPARISONS = {">": "gt", "<": "lt", ">=": "ge", "<=": "le"}
_SIGNED = {"+": 1, "-": -1}


class _Parser:
    """Recursive descent over the tokens of one side; nesting is bounded."""

    def __init__(self, found: Sequence[Token]) -> None:
        self.found = found
        self.place = 0
        self.nesting = 0
        self.bars = 0

    # --- tokens --------------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        return self.found[self.place]

    def sees(self, *signs: str) -> bool:
        return self.token.kind == "sign" and self.token.text in signs

    def take(self) -> Token:
        self.place += 1
        return self.found[self.place - 1]

    def expect(self, sign: str) -> None:
        if not self.sees(sign):
            raise NotRead(f"found {_found(self.token)}, expected '{sign}'", self.token.column)
        self.place += 1

    # --- sums and products ---------------------------------------------------------------------

    def whole(self) -> Expression:
        read = self.formula()
        if self.token.kind != "end":
            raise NotRead(f"found {_found(self.token)}, expected a sign or the end", self.column)
        return read

    @property
    def column(self) -> int:
        return self.token.column

    def formula(self) -> Expression:
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise NotRead(f"brackets nested deeper than {MAX_NESTING}", self.column)
        terms = [self.product()]
        while self.sees("+", "-"):
            minus = self.take().text == "-"
            term = self.product()
            terms.append(apply("neg", term) if minus else term)
        self.nesting -= 1
        return joined("add", terms)

    def product(self) -> Expression:
        factors = [self.signed()]
        divided = False  # by a factor to which what follows without a sign might belong
        while True:
            if self.sees("*"):
                self.take()
                factors.append(self.signed())
                divided = False
            elif self.sees("/"):
                self.take()
                factors = [apply("div", joined("mul", factors), self.signed())]
                divided = True
            elif self.starts_factor():
                if divided:
                    self.refuse_slanted()
                factors.append(self.power())
            else:
                return joined("mul", factors)

    def refuse_slanted(self) -> None:
        raise NotRead(
            "what follows a quotient without a sign may belong below or beside it: "
            "write (a/b)*c or a/(b*c)",
            self.column,
        )

    def starts_factor(self) -> bool:
        token = self.token
        if token.kind == "sign":
            return token.text in ("(", "[", "{", "frac") or (token.text == "|" and not self.bars)
        return token.kind != "end"

    def signed(self) -> Expression:
        sign = 1
        while self.sees("+", "-"):
            sign *= _SIGNED[self.take().text]
        power = self.power()
        return power if sign > 0 else apply("neg", power)

    # --- powers --------------------------------------------------------------------------------

    def power(self) -> Expression:
        if self.token.kind == "euler":
            return self.euler()
        base = self.atom()
        if not self.sees("^"):
            return base
        power = to_power(base, self.exponent())
        if self.sees("^"):
            raise NotRead("one exponent upon another: use brackets", self.column)
        return power

    def exponent(self) -> Fraction:
        """The number behind ^, with or without brackets."""
        caret = self.take()
        read = self.signed_atom()
        value = value_of(read)
        if value is None:
            raise NotRead("an exponent has to be a number; e^x is written exp(x)", caret.column)
        if abs(value) > MAX_EXPONENT or value.denominator > 2:
            raise NotRead(f"exponents are read up to {MAX_EXPONENT}", caret.column)
        return value

    def signed_atom(self) -> Expression:
        minus = self.sees("-", "+") and self.take().text == "-"
        atom = self.atom()
        return apply("neg", atom) if minus else atom

    def euler(self) -> Expression:
        """e^x, where no quantity is called e."""
        self.take()
        self.take()
        return apply("exp", self.signed_atom())

    # --- atoms ---------------------------------------------------------------------------------

    def atom(self) -> Expression:
        token = self.take()
        if token.kind == "number":
            return self.number(token)
        if token.kind == "name":
            return self.named(token)
        if token.kind == "function":
            return self.call(token)
        if token.kind == "asked":
            raise NotRead(f"{token.text} is what is asked for", token.column)
        if token.kind == "sign" and token.text in _BRACKETS:
            return self.bracket(token)
        if token.kind == "sign" and token.text == "frac":
            return apply("div", self.group(), self.group())
        if token.kind == "sign" and token.text == "|":
            return self.absolute()
        raise NotRead(f"found {_found(token)}, expected a number or a name", token.column)

    def named(self, token: Token) -> Expression:
        if self.sees("'"):
            raise NotRead(f"{token.text}' is not a quantity of the forward pass", self.column)
        return Reference(token.text, column=token.column)

    def number(self, token: Token) -> Expression:
        value = Fraction(token.text)
        if value > LARGEST or 0 < value < SMALLEST:
            raise NotRead("a number beyond 1000000 or below 0.000001", token.column)
        if value == 1 and self.sees("_"):  # 1_{z > 0}
            self.take()
        return Literal(value, token.column)

    def group(self) -> Expression:
        r"""`{...}`, as behind \frac."""
        if not self.sees("{"):
            raise NotRead(r"\frac takes two groups in braces: \frac{a}{b}", self.column)
        return self.bracket(self.take())

    def bracket(self, opened: Token) -> Expression:
        """What stands in brackets; a comparison there is 1 or 0."""
        bars, self.bars = self.bars, 0
        inner = self.formula()
        if self.sees(*_COMPARISONS):
            inner = apply(_COMPARISONS[self.take().text], inner, self.formula())
        self.expect(_BRACKETS[opened.text])
        self.bars = bars
        return inner

    def absolute(self) -> Expression:
        self.bars += 1
        inner = self.formula()
        self.expect("|")
        self.bars -= 1
        return apply("abs", inner)

    # --- functions -----------------------------------------------------------------------------

    def call(self, token: Token) -> Expression:
        """sigma(z), sigma'(z), tanh^2(z), tanh z."""
        function = self.primed(token)
        exponent = self.exponent() if self.sees("^") else None
        if exponent is not None and exponent < 0:
            raise NotRead(f"the inverse of {token.text}, or one over it?", token.column)
        if self.sees("'"):
            function = self.primed(token)
        args = self.arguments(token)
        read = called(function, args, token)
        return read if exponent is None else to_power(read, exponent)

    def primed(self, token: Token) -> str:
        r"""The function with its prime: ', \prime or ^\prime."""
        raised = self.sees("^") and self.found[self.place + 1].text in ("'", "{")
        braced = raised and self.found[self.place + 1].text == "{"
        if raised and self.found[self.place + 1 + braced].text != "'":
            return token.text
        self.place += raised + braced
        primes = 0
        while self.sees("'"):
            self.take()
            primes += 1
        if braced:
            self.expect("}")
        if primes > 1 or (primes and token.text.endswith("'")):
            raise NotRead("a second derivative is not asked for here", token.column)
        return f"{token.text}'" if primes else token.text

    def arguments(self, token: Token) -> list[Expression]:
        if self.sees("(", "{", "["):
            return self.listed(self.take())
        if self.token.kind not in ("name", "number"):
            raise NotRead(f"{token.text} needs an argument in brackets", token.column)
        argument = self.atom()
        if self.starts_factor() or self.sees("^"):
            raise NotRead(f"put the argument of {token.text} in brackets", token.column)
        return [argument]

    def listed(self, opened: Token) -> list[Expression]:
        bars, self.bars = self.bars, 0
        args = [self.formula()]
        while self.sees(",", ";"):
            self.take()
            args.append(self.formula())
        self.expect(_BRACKETS[opened.text])
        self.bars = bars
        return args


def _found(token: Token) -> str:
    return f"'{token.text[:20]}'" if token.kind != "end" else "the end"
