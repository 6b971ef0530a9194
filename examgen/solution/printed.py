"""How a number stands in a worked answer: exact where it is, else rounded to as many decimals as
all the others of its question."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor, log10

from examgen.errors import ExamgenError
from examgen.notation import decimal
from examgen.printing import TEX
from examgen.variant import is_finite

_LARGEST_DENOMINATOR = 99
_LARGEST_NUMERATOR = 999
_MOST_PLACES = 300  # of a number that was drawn; see the bounds of template files
_NEAR = 1e-12
"""A root or a quotient this near to a short decimal, relative to its size, is that decimal."""
_LARGEST = 1e9
_EVEN, _DROPPED = 1e-8, 2
"""A rounded number this near to a decimal with so many digits fewer is printed without the zeros:
what Adam's epsilon changes would not be seen."""
_NOISE = 1e-14
"""What float64 leaves of an exact zero where numbers of ordinary size cancel."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A number in TeX: as it is put into formulas, and how it ends a chain.

    end: `= 0.65`, or `= \\frac{26}{3} \\approx 8.666667`, or `\\approx 0.335830`. exact: whether it
    is put in as it is, not rounded.
    """

    inserted: str
    end: str
    exact: bool = True


def printed(value: Fraction | float, places: int, *, follows: bool = True) -> Printed:
    """A value to so many decimals.

    follows: whether it is computed from numbers that are printed exactly; from rounded ones it
    comes out near its exact value at best, which then has no fraction and no equals sign.

    >>> printed(Fraction(13, 20), 6).end, printed(0.33583, 6).inserted, printed(0.0, 4).end
    ('= 0.65', '0.335830', '= 0')
    >>> printed(Fraction(1, 10**8), 6).inserted, printed(2.34567e-7, 6).end
    ('10^{-8}', '\\\\approx 2.346 \\\\cdot 10^{-7}')
    """
    known = isinstance(value, Fraction) or abs(value) < _NOISE
    exact = Fraction(value) if isinstance(value, Fraction) or not known else Fraction(0)
    shortest = decimal(exact, places)
    if known and Fraction(shortest) == exact:
        relation = "=" if follows or not exact else r"\approx"
        return Printed(shortest, f"{relation} {shortest}")
    if known and (short := _power_of_ten(exact)) is not None:
        return Printed(short, f"= {short}" if follows else rf"\approx {short}")
    rounded = _without_zeros(exact, places) or _rounded(exact, places)
    if known and follows and _is_short(exact):
        fraction = TEX.number(exact)
        return Printed(fraction, rf"= {fraction} \approx {rounded}")
    return Printed(rounded, rf"\approx {rounded}", exact=False)


def _is_short(exact: Fraction) -> bool:
    """Whether a fraction is worth printing; one that terminates is given to more decimals."""
    small = abs(exact.numerator) <= _LARGEST_NUMERATOR
    return small and exact.denominator <= _LARGEST_DENOMINATOR


def _power_of_ten(exact: Fraction) -> str | None:
    """A small number with a digit or two, such as 10^-8, as it is."""
    shown = decimal(exact, _MOST_PLACES)
    digits = shown.lstrip("-0.")
    if len(digits) > 3 or Fraction(shown) != exact:
        return None
    return _scientific(exact, len(digits) - 1)


def _without_zeros(exact: Fraction, places: int) -> str:
    """A decimal with fewer digits that is as good as the number; empty if there is none."""
    shown = decimal(exact, max(0, places - _DROPPED))
    near = abs(Fraction(shown) - exact) <= _EVEN * min(1.0, float(abs(exact)))
    return shown if near else ""


def _rounded(exact: Fraction, places: int) -> str:
    """To so many decimals, all of them printed; a small number to four digits."""
    if exact and abs(exact) < Fraction(1, 10 ** (places - 2)):
        return _scientific(exact, 3)
    while _misleads(exact, decimal(exact, places), places):
        places += 1
    return _padded(decimal(exact, places), places)


def _misleads(exact: Fraction, shown: str, places: int) -> bool:
    """Whether to round what is shown once more would not do: 0.709950 for 0.7099499.

    What floating point leaves, as in 0.4999999999999999, does not count.
    """
    digits = shown.partition(".")[2]
    halfway = digits.endswith("5") and len(digits) < places
    return halfway and abs(Fraction(shown)) - abs(exact) > _NEAR * abs(exact)


def _padded(shown: str, places: int) -> str:
    """With all its decimals."""
    whole, _, digits = shown.partition(".")
    return f"{whole}.{digits:0<{places}}" if places else shown


def _scientific(exact: Fraction, digits: int) -> str:
    """So many digits after the point, and the power of ten."""
    power = floor(log10(abs(exact)))
    mantissa = decimal(exact / Fraction(10) ** power, digits)
    if abs(Fraction(mantissa)) == 10:
        mantissa, power = mantissa.replace("10", "1"), power + 1
    shown, exponent = _padded(mantissa, digits), f"10^{{{power}}}"
    return shown[:-1] + exponent if shown in ("1", "-1") else rf"{shown} \cdot {exponent}"


def exactly(value: float, places: int) -> Fraction | float:
    """The short decimal or the simple fraction that a computed number stands for, if it does."""
    if not abs(value) < _LARGEST:
        return value
    simple = Fraction(value).limit_denominator(_LARGEST_DENOMINATOR)
    for near in (Fraction(decimal(Fraction(value), places)), simple):
        if abs(float(near) - value) <= _NEAR * max(1.0, abs(value)):
            return near
    return value


@dataclass(frozen=True)
class Numbers:
    """The numbers of one variant by the names of the quantities, each printed once.

    algebraic: quantities that may be exact though they were computed in floating point. inputs:
    the quantities whose numbers are put in where one is computed.
    """

    values: Mapping[str, Fraction | float]
    places: int
    algebraic: Collection[str] = ()
    inputs: Mapping[str, Collection[str]] = field(default_factory=dict)
    _printed: dict[str, Printed] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Printed:
        """How a quantity is printed. Raises ExamgenError for one without a finite value."""
        found = self._printed.get(name)
        if found is None:
            value = self.values[name]
            if not is_finite(value):
                message = f"{name} has no finite value; add a condition that keeps it in bounds"
                raise ExamgenError(message)
            if name in self.algebraic and isinstance(value, float):
                value = exactly(value, self.places)
            follows = self.are_exact(self.inputs.get(name, ()))
            found = self._printed[name] = printed(value, self.places, follows=follows)
        return found

    def are_exact(self, names: Collection[str]) -> bool:
        """Whether all of some quantities are put in as they are."""
        return all(self[name].exact for name in names)
