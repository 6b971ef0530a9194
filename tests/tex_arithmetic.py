"""Formulas in TeX as a calculator would see them: an oracle that knows nothing of graphs."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_BRACE = re.compile(r"\\underbrace")


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


FUNCTIONS = {
    r"\operatorname{ReLU}'": lambda z: float(z > 0),
    r"\operatorname{ReLU}": lambda z: max(z, 0.0),
    r"\operatorname{LReLU}'": lambda z, leak: 1.0 if z > 0 else leak,
    r"\operatorname{LReLU}": lambda z, leak: z if z > 0 else leak * z,
    r"\operatorname{sgn}": lambda z: math.copysign(1, z),
    r"\operatorname{softplus}": lambda z: math.log1p(math.exp(z)),
    r"\sigma'": lambda z: _sigmoid(z) * (1 - _sigmoid(z)),
    r"\sigma": _sigmoid,
    r"\tanh'": lambda z: 1 - math.tanh(z) ** 2,
    r"\tanh^{2}": lambda z: math.tanh(z) ** 2,
    r"\tanh": math.tanh,
    r"\exp": math.exp,
    r"\ln": math.log,
    r"\max": max,
    r"\min": min,
}


@dataclass
class _Reader:
    """Reads a formula from left to right; `values` are those of symbols in TeX.

    shift: what is added to each printed number, by its place.
    """

    text: str
    values: Mapping[str, float]
    shift: Mapping[int, float] = field(default_factory=dict)
    at: int = 0
    numbers: list[str] = field(default_factory=list)

    def takes(self, *words: str) -> str:
        self.at += len(self.text[self.at :]) - len(self.text[self.at :].lstrip(" "))
        for word in words:
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return word
        return ""

    def must(self, word: str) -> None:
        assert self.takes(word), f"expected {word} at {self.text[self.at :]!r} of {self.text!r}"

    def sum(self) -> float:
        sign = -1 if self.takes("-") else 1
        total = sign * self.product()
        while word := self.takes("+", "-"):
            total += self.product() if word == "+" else -self.product()
        return total

    def product(self) -> float:
        result = self.power()
        while True:
            if self.takes("/"):
                result /= self.power()
                continue
            self.takes(r"\cdot", r"\,")
            rest = self.text[self.at :].lstrip(" ")
            if not rest or rest.startswith(
                ("+", "-", ",", "}", ">", "<", r"\right", r"\approx", "=")
            ):
                return result
            result *= self.power()

    def power(self) -> float:
        base = self.atom()
        if not self.takes("^"):
            return base
        return base ** (self.group() if self.text[self.at] == "{" else self.atom())

    def group(self) -> float:
        self.must("{")
        value = self.sum()
        self.must("}")
        return value

    def atom(self) -> float:
        if self.takes(r"\left("):
            return self.until(r"\right)")
        if self.takes(r"\left|"):
            return abs(self.until(r"\right|"))
        if self.takes(r"\mathbb{1}\left["):
            left = self.sum()
            self.must(">")
            return float(left > self.until(r"\right]"))
        if self.takes(r"\sqrt"):
            return math.sqrt(self.group())
        if self.takes(r"\underbrace"):
            self.skip()
            self.must("_")
            return self.group()
        return self.leaf()

    def until(self, end: str) -> float:
        value = self.sum()
        self.must(end)
        return value

    def skip(self) -> None:
        """Past a group that is not evaluated."""
        depth = 0
        while True:
            depth += {"{": 1, "}": -1}.get(self.text[self.at], 0)
            self.at += 1
            if depth == 0:
                return

    def leaf(self) -> float:
        rest = self.text[self.at :].lstrip(" ")
        symbol = next((name for name in self.values if rest.startswith(name)), None)
        call = next((name for name in FUNCTIONS if rest.startswith(name + r"\left(")), None)
        if call is not None:
            self.takes(call)
            self.must(r"\left(")
            args = [self.sum()]
            while self.takes(","):
                args.append(self.sum())
            self.must(r"\right)")
            return float(FUNCTIONS[call](*args))  # type: ignore[operator]
        if symbol is not None:
            self.takes(symbol)
            return self.values[symbol]
        if self.takes(r"\frac"):
            above = self.group()
            return above / self.group()
        return self.number(rest)

    def number(self, rest: str) -> float:
        found = _NUMBER.match(rest)
        assert found is not None, f"no number at {rest!r} of {self.text!r}"
        self.takes(found[0])
        self.numbers.append(found[0])
        return float(found[0]) + self.shift.get(len(self.numbers) - 1, 0.0)


def value_of(tex: str, values: Mapping[str, float] | None = None) -> float:
    """The value of a formula; what stands over a brace counts as what stands under it.

    values: of symbols in TeX, the longest first.
    """
    used = {name: value for name, value in (values or {}).items() if name in tex}
    reader = _Reader(tex, used)
    value = reader.sum()
    assert reader.at == len(tex.rstrip()), f"not read: {tex[reader.at :]!r}"
    return value


def doubt_of(tex: str, digits: int) -> float:
    """How far a formula of numbers may lie off, if those with so many decimals are rounded."""
    reader = _Reader(tex, {})
    exact = reader.sum()
    doubt = 0.0
    for place, number in enumerate(reader.numbers):
        decimals = len(number.partition(".")[2])
        if decimals >= digits or "10^" in tex:
            shift = {place: 0.5 * 10.0**-decimals}
            doubt += abs(_Reader(tex, {}, shift).sum() - exact)
    return doubt


def pieces(chain: str) -> list[tuple[str, str]]:
    """What a chain is made of: each piece after its relation, the first one after none."""
    found = [("", "")]
    depth = 0
    for word in re.split(r"([{}]| = | \\approx )", chain):
        depth += {"{": 1, "}": -1}.get(word, 0)
        if depth == 0 and word in (" = ", r" \approx "):
            found.append((word.strip(), ""))
        else:
            found[-1] = (found[-1][0], found[-1][1] + word)
    return found
