"""Formulas with places for numbers: what is printed is found once, the numbers for each variant."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from examgen.nodes import Node
from examgen.notation import Symbols
from examgen.printing import TEX, show
from examgen.solution.printed import Numbers
from examgen.solution.signs import fewer_signs

CASES = ("relu'", "leaky_relu'", "max'", "sign")
"""Slopes that are a number in each case; formulas take that number."""

Fill = Callable[[Numbers], str]
"""A number in TeX, of a variant."""

# A place begins like a number, so that what stands before it is written as before a number.
_PLACE = re.compile("0\x01(\\d+)\x02")
_BEFORE = ("", r"\left(", ", ", "{", r"\left[", r"\left|")
_AFTER = ("", " +", " -", ",", r"\right", "}", " >")


@dataclass(frozen=True, slots=True)
class _Hole:
    """A place for a number. bare: whether a negative one needs no parentheses. raised: whether
    an exponent follows."""

    fill: Fill
    bare: bool
    raised: bool

    def tex(self, numbers: Numbers) -> str:
        text = self.fill(numbers)
        loose = self.raised and not text.replace(".", "").isdigit()
        grouped = loose or (text.startswith("-") and not self.bare)
        return rf"\left({text}\right)" if grouped else text


@dataclass(frozen=True, slots=True)
class Pattern:
    """Text, and the places for numbers between its pieces; names: of the quantities put in."""

    pieces: tuple[str, ...]
    holes: tuple[_Hole, ...]
    names: frozenset[str] = frozenset()

    def tex(self, numbers: Numbers) -> str:
        """The text with the numbers of a variant in it."""
        found = [self.pieces[0]]
        for hole, piece in zip(self.holes, self.pieces[1:], strict=True):
            found += (hole.tex(numbers), piece)
        return fewer_signs("".join(found))


def pattern(node: Node, symbols: Symbols, *, cases: bool = True) -> Pattern:
    """A formula with numbers in place of names; cases: and in place of slopes that are one."""
    fills: list[Fill] = []
    names: set[str] = set()

    def place(fill: Fill) -> str:
        fills.append(fill)
        return f"0\x01{len(fills) - 1}\x02"

    def call(part: Node, args: list[str]) -> str:
        if cases and part.op.name in CASES:
            return place(case_number(part))
        return TEX.call(part, args)

    def number(_: Symbols, name: str) -> str:
        names.add(name)
        return place(_number_of(name))

    style = replace(TEX, name=number, call=call)
    text = show(node, symbols, style)
    pieces = _PLACE.split(text)
    texts = tuple(pieces[::2])
    holes = (
        _Hole(fills[int(which)], _is_bare(texts[n], texts[n + 1]), texts[n + 1].startswith("^"))
        for n, which in enumerate(pieces[1::2])
    )
    return Pattern(texts, tuple(holes), frozenset(names))


def _number_of(name: str) -> Fill:
    return lambda numbers: numbers[name].inserted


def _is_bare(before: str, after: str) -> bool:
    """Alone between brackets or commas, or at the beginning of a sum."""
    opens = before == "" or before.endswith(_BEFORE[1:])
    return opens and (after == "" or after.startswith(_AFTER[1:]))


def case_number(slope: Node) -> Fill:
    """The number that a slope is: 0 or 1 of ReLU', the leak of a leaky ReLU, a sign."""
    return lambda numbers: case_of(slope, numbers)[1]


def case_of(slope: Node, numbers: Numbers) -> tuple[bool, str]:
    """Whether what decides a slope is positive, and the slope in TeX."""
    positive = decisive(slope, numbers) > 0
    match slope.op.name:
        case "leaky_relu'":
            leak = slope.args[1]
            low = (
                numbers[leak.name].inserted if leak.name else TEX.number(leak.value or Fraction(0))
            )
        case "sign":
            low = "-1"
        case _:
            low = "0"
    return positive, "1" if positive else low


def decisive(slope: Node, numbers: Numbers) -> float:
    """The number on whose sign a slope depends: z of ReLU'(z), a - b where a > b is asked."""
    values = [_value(arg, numbers) for arg in slope.args]
    return values[0] - values[1] if slope.op.name == "max'" else values[0]


_OPS: dict[str, Callable[..., float]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "neg": lambda a: -a,
    "copy": lambda a: a,
    "use": lambda a: a,
    "carry": lambda a: a,
    "div": lambda a, b: a / b,
    "square": lambda a: a * a,
}


def _value(node: Node, numbers: Numbers) -> float:
    """A short formula over named quantities."""
    if node.name is not None:
        return float(numbers.values[node.name])
    if node.value is not None:
        return float(node.value)
    return _evaluated(node.op.name, [_value(arg, numbers) for arg in node.args], node)


def _evaluated(name: str, args: list[float], node: Node) -> float:
    if name in _OPS:
        return _OPS[name](*args)
    import numpy as np

    out = np.empty(1)
    node.op.forward(*(np.array([arg]) for arg in args), out=out)
    return float(out[0])
