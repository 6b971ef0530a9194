"""One line of a worked answer, with places for the numbers of a variant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from examgen.nodes import Node
from examgen.notation import Symbols
from examgen.printing import show
from examgen.solution.paths import slopes_in, spelled_slopes
from examgen.solution.patterns import CASES, Pattern, case_of, decisive, pattern
from examgen.solution.printed import Numbers


@dataclass(frozen=True)
class Line:
    """A chain such as `a = b = c`.

    name: whose value it ends with, None for a formula without numbers. pieces: what stands before
    the numbers, in TeX. inserted: the last of them with numbers. lead: sentences before it.
    slopes: those that are a number in each case, and have not been spoken of. answers: the ids of
    the slots that it is there for, if they ask for formulas. arrives: the ids of the slots of its
    part whose answer it ends with.
    """

    name: str | None
    pieces: tuple[str, ...]
    inserted: Pattern | None = None
    lead: tuple[str, ...] = ()
    slopes: tuple[Slope, ...] = ()
    answers: frozenset[str] = frozenset()
    arrives: tuple[str, ...] = ()

    def tex(self, numbers: Numbers) -> str:
        """The chain with the numbers of a variant; what stood before is not repeated."""
        if self.name is None:
            return " = ".join(dict.fromkeys(self.pieces))
        value = numbers[self.name]
        put_in = () if self.inserted is None else (self.inserted.tex(numbers),)
        chain = dict.fromkeys((*self.pieces, *put_in))
        chain.pop(value.inserted, None)
        return f"{' = '.join(chain)} {value.end}"


@dataclass(frozen=True)
class Slope:
    """A slope that is decided by a sign, and how it and what decides it are written."""

    node: Node
    tex: str
    decided: tuple[str, ...]

    def case(self, numbers: Numbers) -> Case:
        """How it comes out in a variant."""
        positive, number = case_of(self.node, numbers)
        return Case(self, positive, self._condition(numbers, positive), number)

    def _condition(self, numbers: Numbers, positive: bool) -> str:
        sign = ">" if positive else "<"
        if len(self.decided) == 2:
            ends = [numbers[arg.name].end for arg in self.node.args if arg.name]
            if len(ends) == 2:
                last = numbers[self.node.args[1].name or ""].inserted
                return f"{self.decided[0]} {ends[0]} {sign} {last} = {self.decided[1]}"
            return f"{self.decided[0]} {sign} {self.decided[1]}"
        argument = self.node.args[0]
        value = numbers[argument.name].end if argument.name else _rounded(self.node, numbers)
        return f"{self.decided[0]} {value} {sign} 0"


@dataclass(frozen=True)
class Case:
    """What decides a slope in a variant and the number that it is, in TeX.

    mirrored: the slope of the other argument, which has lost where this one has won.
    """

    of: Slope
    positive: bool
    condition: str
    number: str
    mirrored: str = ""

    @property
    def op(self) -> str:
        """The name of the slope's op."""
        return self.of.node.op.name

    @property
    def slope(self) -> str:
        """The slope in TeX."""
        return self.of.tex


def merged(cases: Sequence[Case]) -> list[Case]:
    """The cases, those of both arguments of a maximum in one."""
    losers = {case.of.decided: case for case in cases if case.op == "max'" and not case.positive}
    found: list[Case] = []
    told: set[str] = set()
    for case in cases:
        other = losers.get(case.of.decided[::-1]) if case.op == "max'" and case.positive else None
        told |= {other.slope} if other else set()
        found.append(replace(case, mirrored=other.slope) if other else case)
    return [case for case in found if case.slope not in told]


def _rounded(slope: Node, numbers: Numbers) -> str:
    return rf"\approx {decisive(slope, numbers):.{numbers.places}f}"


def slopes_of(formula: Node, symbols: Symbols) -> tuple[Slope, ...]:
    """The slopes of a formula that are decided by a sign, each once."""
    return tuple(
        Slope(node, show(node, symbols), tuple(show(arg, symbols) for arg in _deciding(node)))
        for node in slopes_in(formula, CASES)
    )


def _deciding(slope: Node) -> Sequence[Node]:
    return slope.args if slope.op.name == "max'" else slope.args[:1]


def line(name: str, pieces: Sequence[str], formula: Node | None, symbols: Symbols) -> Line:
    """A line that ends in a number; formula: what the number comes from, over names."""
    if formula is None:
        return Line(name, tuple(pieces))
    inserted = pattern(spelled_slopes(formula), symbols)
    return Line(name, tuple(pieces), inserted, slopes=slopes_of(formula, symbols))


def with_lead(one: Line, *sentences: str) -> Line:
    """The line with sentences before it; empty ones are left out."""
    return replace(one, lead=(*one.lead, *filter(None, sentences)))
