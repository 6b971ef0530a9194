"""One line by itself, as it stands in a printed working."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from examgen.errors import ExamgenError
from examgen.nodes import GIVEN, Node
from examgen.notation import Symbols, decimal
from examgen.printing import define
from examgen.solution.paths import over_given_names
from examgen.solution.patterns import pattern
from examgen.solution.printed import Numbers
from examgen.variant import is_finite


def chain(
    node: Node,
    symbols: Symbols,
    values: Mapping[str, Fraction | float],
    places: int,
    decimals: int | None = None,
) -> str:
    """`name = formula = formula with numbers = value`, without steps that repeat the one before.

    places: of the numbers. decimals: of the value, if not as many. Raises ExamgenError for numbers
    that are not finite.
    """
    name = node.name or ""
    if not is_finite(values[name]):
        raise ExamgenError(f"{name} has no finite value; add a condition that keeps it in bounds")
    numbers = Numbers(values, places)
    exact, shown = _value(values[name], places if decimals is None else decimals)
    steps = [symbols.tex(name)]
    if node.op is not GIVEN:
        inserted = pattern(over_given_names(node), symbols, cases=False)
        steps += [define(node, symbols), inserted.tex(numbers)]
        exact = exact and numbers.are_exact(inserted.names)
    before = [step for step in dict.fromkeys(steps) if step != shown]
    return " = ".join(before) + (" = " if exact else r" \approx ") + shown


def _value(value: Fraction | float, places: int) -> tuple[bool, str]:
    """Whether the decimal is exact, and the decimal."""
    exact = Fraction(value)
    shown = decimal(exact, places)
    return isinstance(value, Fraction) and Fraction(shown) == exact, shown
