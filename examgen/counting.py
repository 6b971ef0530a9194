"""What is counted of the work that a question asks, as counters over the values of its graph.

What counts is the cone of the numbers asked, forward and backward; every result is written once.
Paths are counted on the graph: an edge along which the local slope is zero (a ReLU that is off, a
factor that is zero) leads nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from examgen.differentiate import adjoint_name
from examgen.graph import record, topological
from examgen.grids import Grid
from examgen.nodes import ADD, DIV, GIVEN, MUL, SUB, Array, Node, Truths, constant, given
from examgen.ops import COPIES, OPS
from examgen.perturbation import is_intermediate, source
from examgen.template import Template
from examgen.template_file import Component

MOST_PATHS = 2.0**53
"""More paths than that are counted as so many."""

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Counter:
    """Counts something from the values of some nodes: (nodes, variants) -> (variants,)."""

    nodes: Sequence[Node]
    count: Callable[[Array], Counts]


@dataclass(frozen=True)
class Sheet:
    """What a student writes on the way to the numbers that are asked.

    cone: all operations, each once. written: named results. givens: the numbers printed.
    """

    template: Template
    grids: Mapping[str, Grid]

    @property
    def asked(self) -> list[Node]:
        """The numbers."""
        return [self.template.node(s) for s in self.template.slots if s.kind == "number"]

    @property
    def cone(self) -> list[Node]:
        """All operations on the way, each once."""
        return list(distinct(self.asked))

    @property
    def written(self) -> list[Node]:
        """The named results on the way."""
        return [node for node in topological(self.asked) if is_intermediate(node)]

    @property
    def givens(self) -> list[Node]:
        """The numbers printed that are used."""
        return [node for node in self.cone if node.op is GIVEN]

    def decimals(self, node: Node) -> int:
        """How many decimals a number is written with."""
        if node.op is GIVEN:
            return _decimals(self.grids[node.name or ""].denominator)
        numbers = [slot for slot in self.template.slots if slot.kind == "number"]
        own = [slot.decimals for slot in numbers if source(self.template.node(slot)) is node]
        return min(own) if own else max(slot.decimals for slot in numbers)


def distinct(roots: Iterable[Node]) -> Iterator[Node]:
    """The roots and all they depend on, of equal operations one, and no copies."""
    numbers: dict[Node, int] = {}
    known: dict[object, int] = {}
    for node in topological(roots):
        args = tuple(numbers[arg] for arg in node.args)
        if node.op in COPIES:
            numbers[node] = args[0]
            continue
        key = (node.op, args, node.name if node.op is GIVEN else node.value)
        if key not in known:
            known[key] = len(known)
            yield node
        numbers[node] = known[key]


_MOST_DECIMALS = 9


def _decimals(denominator: int) -> int:
    """Decimals needed to write any number over a denominator, at most nine."""
    places = range(_MOST_DECIMALS)
    return next((d for d in places if 10**d % denominator == 0), _MOST_DECIMALS)


# --- numbers written -----------------------------------------------------------------------------


def _negatives(sheet: Sheet) -> Counter:
    return Counter([*sheet.givens, *sheet.written], lambda values: _how_many(values < 0))


def _trivial(sheet: Sheet) -> Counter:
    return Counter(sheet.written, lambda values: _how_many(is_trivial(values)))


def _digits(sheet: Sheet) -> Counter:
    numbers = [*sheet.givens, *sheet.written]
    decimals = np.array([sheet.decimals(node) for node in numbers], int)
    return Counter(numbers, lambda values: np.sum(digits(values, decimals), axis=0, dtype=int))


def _how_many(truths: Truths) -> Counts:
    return np.asarray(np.count_nonzero(truths, axis=0), np.int64)


def is_trivial(values: Array) -> Truths:
    """Which values are 0, 1 or -1."""
    found: Truths = (values == 0) | (np.abs(values) == 1)
    return found


def digits(values: Array, decimals: NDArray[np.int64]) -> Counts:
    """Significant digits of numbers written with at most so many decimals, (numbers, variants).

    decimals: (numbers,). Zeros at the end of a fraction are not written.

    >>> digits(np.array([[0.05, 20, -12.5, 1/3, 0]]), np.array([4]))
    array([[1, 2, 3, 4, 1]], dtype=int8)
    """
    whole = np.abs(values)
    whole *= 10.0 ** decimals[:, None]
    np.rint(whole, out=whole)
    whole[~np.isfinite(whole)] = 0
    count = np.zeros(whole.shape, np.int8)
    power, largest = 1.0, float(whole.max(initial=0))
    while power <= largest:
        count += whole >= power
        power *= 10
    for places in np.unique(decimals[decimals > 0]).tolist():
        rows = decimals == places
        count[rows] -= _zeros_at_the_end(whole[rows], places)
    return np.maximum(count, 1, out=count)


_TABLED = 4


def _zeros_at_the_end(whole: Array, places: int) -> Array:
    """How many of the last `places` digits of whole numbers are zeros, from the end."""
    looked_up = min(places, _TABLED)
    modulus = 10**looked_up
    ends = np.arange(modulus)[:, None] % 10 ** np.arange(1, looked_up + 1) == 0
    zeros = np.asarray(np.count_nonzero(ends, axis=1), np.int8)
    rest = whole - np.floor(whole / modulus) * modulus
    count: Array = zeros[rest.astype(np.int64)]
    for place in range(looked_up + 1, places + 1):
        quotient = whole / 10.0**place
        count += np.rint(quotient) == quotient
    return count


# --- operations ----------------------------------------------------------------------------------

_POWERS = (OPS["square"], OPS["pow"])
_CURVED = ("exp", "log", "sqrt", "sigmoid", "tanh", "softplus", "softmax")
_TRANSCENDENTAL = frozenset(OPS[name] for name in _CURVED)


def _products(sheet: Sheet) -> Counter:
    found = [node for node in sheet.cone if node.op in (MUL, DIV, *_POWERS)]
    left = [node.args[0] for node in found]
    # What is divided may be 1; what is raised to a power is a factor itself.
    right = [node.args[0 if node.op in _POWERS else 1] for node in found]
    divided = np.array([node.op is DIV for node in found], bool)[:, None]

    def count(values: Array) -> Counts:
        first, second = np.split(values, 2)
        idle = np.where(divided, first == 0, is_trivial(first)) | is_trivial(second)
        return _how_many(~idle)

    return Counter([*left, *right], count)


def _sums(sheet: Sheet) -> Counter:
    found = [node for node in sheet.cone if node.op in (ADD, SUB)]

    def count(values: Array) -> Counts:
        first, second = np.split(values, 2)
        return _how_many((first != 0) & (second != 0))

    return Counter([*(node.args[0] for node in found), *(node.args[1] for node in found)], count)


def _transcendentals(sheet: Sheet) -> Counter:
    found = [node for node in sheet.cone if node.op in _TRANSCENDENTAL or _is_broken_power(node)]
    return Counter([], lambda values: np.full(values.shape[1], len(found)))


def _is_broken_power(node: Node) -> bool:
    exponent = node.args[1].value if node.op is OPS["pow"] else None
    return node.op is OPS["pow"] and (exponent is None or exponent.denominator != 1)


# --- paths ---------------------------------------------------------------------------------------


def _paths(sheet: Sheet) -> Counter:
    """Alive paths from the loss to what it is differentiated by, over all derivatives asked."""
    quantities = sheet.template.quantities
    loss = quantities.values[quantities.loss]
    targets = differentiated(sheet.template)
    slopes: dict[Node, Node] = {}  # a slope that varies -> whether it is alive
    ways: dict[Node, Node] = {loss: constant(1)}
    for node in _backwards(loss, targets):
        for arg, slope in zip(node.args, node.op.vjp(constant(1), node, *node.args), strict=True):
            ways[arg] = ways.get(arg, constant(0)) + ways[node] * _alive(slope, slopes)
    total = sum((ways.get(target, constant(0)) for target in targets), constant(0))
    tape, names = record([total]), [alive.name or "" for alive in slopes.values()]

    def count(values: Array) -> Counts:
        alive = (values != 0).astype(np.float64)
        (found,) = tape(dict(zip(names, alive, strict=True)))
        return np.broadcast_to(np.minimum(found, MOST_PATHS), values.shape[1]).astype(np.int64)

    return Counter(list(slopes), count)


def _backwards(loss: Node, targets: Collection[Node]) -> list[Node]:
    """What the loss is computed from, last first, as far as it depends on a target."""
    active = set(targets)
    order = topological([loss])
    for node in order:
        if not active.isdisjoint(node.args):
            active.add(node)
    return [node for node in reversed(order) if not active.isdisjoint(node.args)]


def _alive(slope: Node, slopes: dict[Node, Node]) -> Node:
    """1 where a path goes on along an edge, 0 where it ends."""
    if slope.value is not None:
        return constant(int(slope.value != 0))
    return slopes.setdefault(slope, given(f"alive {len(slopes)}"))


def differentiated(template: Template) -> list[Node]:
    """What the asked derivatives are derivatives by, each once.

    Those count that are asked, and those that updates are made from; not those on the way.
    """
    values, adjoints = template.quantities.values, template.quantities.adjoints
    names = ((name, adjoint_name(template.quantities.loss, name)) for name in values)
    by = {adjoints[adjoint]: values[name] for name, adjoint in names if adjoint in adjoints}
    found: dict[Node, None] = {}
    seen: set[Node] = set()
    stack = [template.node(slot) for slot in template.slots]
    while stack:
        node = stack.pop()
        if node in by:
            found[by[node]] = None
        elif node not in seen:
            seen.add(node)
            stack.extend(node.args)
    return list(found)


COUNTERS: dict[Component, Callable[[Sheet], Counter]] = {
    "paths": _paths,
    "products": _products,
    "sums": _sums,
    "negatives": _negatives,
    "digits": _digits,
    "transcendentals": _transcendentals,
    "trivial": _trivial,
}
"""How each component is counted."""
