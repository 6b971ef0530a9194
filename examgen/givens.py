"""Names of givens gathered into patterns, and lists of numbers that have another shape than they.

Both for telling authors what `sample:` lacks. And families of given numbers that add up to 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import zip_longest


def gathered(names: Sequence[str], givens: Iterable[str]) -> list[str]:
    """The names, with `x[*]` or `w_*` for all givens of a family if all of them are among these.

    >>> gathered(["w_z", "w_r", "x[1]", "x[2]", "y[2]"], ["w_z", "w_r", "x[1]", "x[2]", "y[2]"])
    ['w_*', 'x[*]', 'y[2]']
    """
    others = set(givens) - set(names)
    found: list[str] = []
    for name in names:
        family = [one for one in names if _stem(one) == _stem(name)]
        whole = len(family) > 1 and not any(one.startswith(_stem(name)) for one in others)
        found.append(f"{_stem(name)}*{']' if '[' in name else ''}" if whole else name)
    return list(dict.fromkeys(found))


def _stem(name: str) -> str:
    """What the members of a family have in common: `x[` of x[2], `w_` of w_z."""
    base, bracket, _ = name.partition("[")
    prefix, line, _ = base.rpartition("_")
    return base + bracket if bracket else prefix + line or name


def family(name: str) -> str:
    """A name without its indices.

    >>> family("dL/dw[2]")
    'dL/dw'
    """
    return name.partition("[")[0]


def misshapen_samples(sample: Iterable[str], givens: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Vectors and matrices of `sample:` with another shape than the graph's: name and message.

    >>> dict(misshapen_samples(["W[1]", "W[2]"], ["W[1,1]", "W[1,2]"]))
    {'W': 'W is 1x2, found 2'}
    """
    givens, sample = set(givens), list(sample)
    stems = tuple(family(name).partition("*")[0] for name in sample if "*" in name)
    wanted, found = _shapes(givens), _shapes(sample)
    for base, shape in found.items():
        if base in wanted and shape != wanted[base] and not base.startswith(stems):
            yield base, f"{base} is {_print(wanted[base])}, found {_print(shape)}"


def _shapes(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """The largest index in each place, for every base name whose indices are all numbers."""
    shapes: dict[str, tuple[int, ...]] = {}
    for name in names:
        base, _, indices = name.removesuffix("]").partition("[")
        if not all(index.isdigit() for index in indices.split(",")):
            continue
        numbers = [int(index) for index in indices.split(",")]
        before = shapes.get(base, ())
        shapes[base] = tuple(map(max, zip_longest(before, numbers, fillvalue=0)))
    return shapes


def _print(shape: Sequence[int]) -> str:
    return "x".join(map(str, shape))


# --- wholes --------------------------------------------------------------------------------------

_INDEX = re.compile(r"\d+")


def wholes(fixed: Mapping[str, Fraction | None]) -> tuple[tuple[str, ...], ...]:
    """Families of givens that are shares of a whole in every variant, as a one-hot target is.

    fixed: every given's value, None where variants differ in it. None of a family is negative, and
    all add up to 1; of a family with several indices those that differ in one of them.

    >>> wholes({"y[1]": Fraction(0), "y[2]": Fraction(1), "x[1]": Fraction(1), "x[2]": None})
    (('y[1]', 'y[2]'),)
    """
    found: list[tuple[str, ...]] = []
    for names in _gathered_by(fixed, _numberless).values():
        places = range(len(_INDEX.findall(names[0])))
        along = (_whole_lines(names, place, fixed) for place in reversed(places))
        found += next(filter(None, along), [])
    return tuple(found)


def _numberless(name: str) -> str:
    """y[,] of y[1,12]."""
    return _INDEX.sub("", name)


def _whole_lines(
    names: Sequence[str], place: int, fixed: Mapping[str, Fraction | None]
) -> list[tuple[str, ...]]:
    """The names that differ in one index, where they are shares of a whole."""
    lines = _gathered_by(names, lambda name: _without_index(name, place)).values()
    return [tuple(line) for line in lines if _is_whole([fixed[name] for name in line])]


def _without_index(name: str, place: int) -> tuple[str, ...]:
    indices = _INDEX.findall(name)
    return (*indices[:place], *indices[place + 1 :])


def _is_whole(values: Sequence[Fraction | None]) -> bool:
    shares = [value for value in values if value is not None and value >= 0]
    return len(values) == len(shares) > 1 and sum(shares) == 1


def _gathered_by(names: Iterable[str], key: Callable[[str], object]) -> dict[object, list[str]]:
    """The names by their key, in order."""
    found: dict[object, list[str]] = {}
    for name in names:
        found.setdefault(key(name), []).append(name)
    return found
