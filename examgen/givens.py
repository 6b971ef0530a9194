"""Names of givens gathered into patterns, and lists of numbers that have another shape than they.

Both for telling authors what `sample:` lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
