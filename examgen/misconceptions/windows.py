"""Mistakes where a window slides over cells: kernels that are flipped, maxima that hand on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from examgen.differentiate import adjoint_name
from examgen.misconceptions.anatomy import Anatomy, Place, family, grouped, name_of
from examgen.misconceptions.patches import as_if, locally, replaced
from examgen.misconceptions.rules import Rules
from examgen.misconceptions.table import Fill, Instance, Row
from examgen.nodes import GIVEN, MUL, Node
from examgen.ops import OPS

_MAX = OPS["max"]
_Indices = tuple[int, ...]


def _indices(node: Node) -> _Indices:
    """The indices of a name: (2, 1) of `k[2,1]`; none where there are none."""
    found = re.fullmatch(r"[^\[\]]+\[(\d+(?:,\d+)*)\]", node.name or "")
    return tuple(map(int, found[1].split(","))) if found else ()


# --- kernels --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Window:
    """A kernel at one place: its weights' indices, and where each is multiplied with a cell.

    offset: what the cells' indices are ahead of the weights', the same for all of them.
    """

    weights: Mapping[_Indices, Place]
    cells: str
    offset: _Indices


def _kernels(anatomy: Anatomy) -> list[list[_Window]]:
    """The windows of every kernel: two or more, each with all of its weights."""
    found = [window for whole in anatomy.sums for window in _windows(anatomy, whole)]
    kernels = grouped(found, lambda window: (window.cells, _family(window), tuple(window.weights)))
    return [windows for windows in kernels if _slides(windows)]


def _slides(windows: Sequence[_Window]) -> bool:
    """Whether windows follow each other at even distances, somewhere along a side of the kernel.

    In a product of matrices, such as the scores q_i k_j of an attention, the rows are shifted
    across the only side that they have: no kernel slides there.
    """
    offsets = zip(*(window.offset for window in windows), strict=True)
    sides = zip(*windows[0].weights, strict=True)
    shifts = [sorted(set(along)) for along in offsets]
    along_a_side = any(
        len(set(side)) > 1 and len(shift) > 1 for side, shift in zip(sides, shifts, strict=True)
    )
    return along_a_side and all(map(_evenly, shifts))


def _evenly(shift: Sequence[int]) -> bool:
    return len({after - before for before, after in pairwise(shift)}) <= 1


def _family(window: _Window) -> str:
    return _family_of(next(iter(window.weights.values())))


def _family_of(place: Place) -> str:
    return family(name_of(_weight(place)))


def _weight(place: Place) -> Node:
    return place.consumer.args[place.position]


def _windows(anatomy: Anatomy, whole: Node) -> Iterator[_Window]:
    """What in a sum may be a kernel at one place: weights times the cells next to each other."""
    products = [term for term, _ in anatomy.terms(whole) if term.op is MUL]
    places = [Place(term, n) for term in products for n in (0, 1) if _may_slide(term, n)]
    for part in grouped(places, _family_of):
        weights = {_indices(_weight(place)): place for place in part}
        cells = {family(name_of(_cell(place))) for place in part}
        offsets = {_ahead(place) for place in part}
        if len(weights) == len(part) and len(cells) == len(offsets) == 1:
            yield _Window(dict(sorted(weights.items())), cells.pop(), offsets.pop())


def _may_slide(product: Node, position: int) -> bool:
    weight, cell = product.args[position], product.args[1 - position]
    indices = _indices(weight)
    return weight.op is GIVEN and bool(indices) and len(indices) == len(_indices(cell))


def _cell(place: Place) -> Node:
    return place.consumer.args[1 - place.position]


def _ahead(place: Place) -> _Indices:
    pairs = zip(_indices(_cell(place)), _indices(_weight(place)), strict=True)
    return tuple(cell - weight for cell, weight in pairs)


def _flipped(anatomy: Anatomy) -> Iterator[Instance]:
    """The kernel turned round: in both passes, on the way back only, in what is answered."""
    for windows in _kernels(anatomy):
        places = [place for window in windows for place in window.weights.values()]
        first = windows[0].weights
        turned = {_weight(place): _weight(first[_mirrored(i, first)]) for i, place in first.items()}
        swap = {weight: other for weight, other in turned.items() if weight is not other}
        if not swap:
            continue
        fills: dict[str, Fill] = {"k": tuple(map(name_of, turned))}
        ours = {place: swap[_weight(place)] for place in places if _weight(place) in swap}
        yield Instance("", replaced(ours), fills)
        yield Instance("", locally({place.consumer: as_if(swap) for place in ours}), fills)
        yield Instance("", Rules(report=_exchanged(anatomy, swap)), fills)


def _mirrored(indices: _Indices, kernel: Mapping[_Indices, Place]) -> _Indices:
    """The opposite place in the kernel; the place itself where the kernel has no such place."""
    axes = list(zip(*kernel, strict=True))
    opposite = tuple(min(axis) + max(axis) - i for axis, i in zip(axes, indices, strict=True))
    return opposite if opposite in kernel else indices


def _exchanged(anatomy: Anatomy, swap: Mapping[Node, Node]) -> dict[str, str]:
    loss = anatomy.quantities.loss
    return {adjoint_name(loss, name_of(a)): adjoint_name(loss, name_of(b)) for a, b in swap.items()}


# --- maxima ---------------------------------------------------------------------------------------


def _to_every_cell(anatomy: Anatomy) -> Iterator[Instance]:
    """The adjoint of a maximum handed on to all of its cells."""
    pools = {node: cells for node in anatomy.order if (cells := _pooled(anatomy, node))}
    for where, nodes in anatomy.groups(list(pools)):
        parts = [part for node in nodes for part in _chain(node)]
        fills: dict[str, Fill] = {
            "p": anatomy.names(nodes),
            "x": tuple(name_of(cell) for node in nodes for cell in pools[node]),
        }
        yield Instance(where, locally(dict.fromkeys(parts, _to_both)), fills)


def _to_both(bar: Node, node: Node) -> tuple[Node, ...]:
    return bar, bar


def _pooled(anatomy: Anatomy, node: Node) -> Sequence[Node]:
    """The cells of a whole maximum of quantities; none for anything else, such as max(0, z)."""
    inner = any(place.consumer.op is _MAX for place in anatomy.places[node]) and not node.name
    if node.op is not _MAX or inner:
        return ()
    cells = [arg for part in _chain(node) for arg in part.args if not _goes_on(arg)]
    return cells if all(cell.name for cell in cells) else ()


def _chain(node: Node) -> list[Node]:
    """The maxima of two that a maximum of several is made of."""
    found = [node]
    for part in found:
        found += [arg for arg in part.args if _goes_on(arg)]
    return found


def _goes_on(node: Node) -> bool:
    return node.op is _MAX and node.name is None


ROWS = (
    Row(
        "MC54", "conv_kernel_flip", _flipped,
        "The kernel {k} slides over its input as it is written: do not turn it round.",
        "Der Kern {k} gleitet so über seine Eingabe, wie er dasteht: Drehen Sie ihn nicht um.",
    ),
    Row(
        "MC55", "maxpool_gradient_to_all", _to_every_cell,
        "Of the cells {x} only the largest hands on to {p:#|each of #}, "
        "so only that one gets the gradient.",
        "Von den Zellen {x} bestimmt {p:|jeweils }nur die größte {p}; "
        "nur sie bekommt den Gradienten.",
    ),
)  # fmt: skip
