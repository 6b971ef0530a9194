"""Evaluating nodes: the tape, one pass over all variants in chunks that fit the cache.

The same tape runs on float64, on int64 and on arrays of Python objects (int, Fraction): the carrier
is that of the givens.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import Any

import numpy as np

from examgen.nodes import CONSTANT, GIVEN, Array, Node, Op
from examgen.ops import COPIES, OPS

CHUNK = 16384
"""Variants evaluated at once: a few dozen rows of this many float64 stay in the cache."""

_PAD = 24  # rows a power of two apart would fall on the same cache lines


def topological(roots: Iterable[Node], done: Container[Node] = ()) -> list[Node]:
    """The roots and all they depend on, arguments before what uses them, each node once.

    done: nodes to leave out, with what they depend on.
    """
    order: list[Node] = []
    seen: set[Node] = set()
    opened: list[Node] = []  # each with its arguments on the stack, above a None
    stack: list[Node | None] = [root for root in reversed(list(roots)) if root not in done]
    while stack:
        node = stack.pop()
        if node is None:
            order.append(opened.pop())
        elif node not in seen:
            seen.add(node)
            opened.append(node)
            stack.append(None)
            stack += [arg for arg in reversed(node.args) if arg not in seen and arg not in done]
    return order


@dataclass(frozen=True)
class Instruction:
    """Compute `op` of the values in the slots `args` into the slot `out`."""

    op: Op
    out: int
    args: tuple[int, ...]


@dataclass(frozen=True)
class Tape:
    """A straight-line program that computes some nodes; made by `record`.

    Each value has a slot. Slots of outputs are written where the caller wants them; the others
    share `rows` rows of a workspace, given back as soon as a value is no longer needed.
    """

    outputs: tuple[int, ...]
    givens: Mapping[str, int]
    constants: Mapping[int, Fraction]
    instructions: tuple[Instruction, ...]
    row_of: Mapping[int, int]
    rows: int
    pinned: Mapping[Node, int]

    def __call__(
        self,
        givens: Mapping[str, Array],
        overrides: Mapping[Node, Array] | None = None,
        out: Sequence[Array] | None = None,
        chunk: int = CHUNK,
    ) -> list[Array]:
        """The outputs' values, one array of shape (variants,) each.

        givens: arrays of shape (variants,) and of one dtype. overrides: for nodes pinned when the
        tape was recorded, values that replace the computed ones except where they are NaN.
        out: arrays to write into. Raises KeyError for a missing given.
        """
        forced = {self.pinned[node]: value for node, value in (overrides or {}).items()}
        arrays = {
            slot: _overridden(np.asarray(givens[name]), forced.get(slot))
            for name, slot in self.givens.items()
        }
        size = max((len(array) for array in arrays.values()), default=1)
        dtype = np.result_type(*arrays.values()) if arrays else np.dtype(np.float64)
        results = out if out is not None else [np.empty(size, dtype) for _ in self.outputs]
        with np.errstate(all="ignore"):  # what is not finite is the caller's to judge
            for place, values, views in self._chunks(arrays, results, size, dtype, chunk):
                self._run(values, {slot: value[place] for slot, value in forced.items()})
                for view, slot in zip(views, self.outputs, strict=True):
                    if values[slot] is not view:
                        view[...] = values[slot]
        return list(results)

    def _chunks(
        self,
        arrays: Mapping[int, Array],
        results: Sequence[Array],
        size: int,
        dtype: np.dtype[Any],
        chunk: int,
    ) -> Iterator[tuple[slice, dict[int, Any], list[Array]]]:
        """Each chunk's place among the variants, where each slot's values stand, the results."""
        length = min(chunk, size)
        workspace = np.empty((self.rows, length + _PAD), dtype)
        fixed = {slot: _scalar(value, dtype) for slot, value in self.constants.items()}
        for start in range(0, size, length or 1):
            place = slice(start, min(start + length, size))
            count = place.stop - start
            values: dict[int, Any] = fixed | {slot: array[place] for slot, array in arrays.items()}
            values |= {slot: workspace[row, :count] for slot, row in self.row_of.items()}
            views = [result[place] for result in results]
            for view, slot in zip(views, self.outputs, strict=True):
                values.setdefault(slot, view)
            yield place, values, views

    def _run(self, values: dict[int, Any], forced: Mapping[int, Array]) -> None:
        for slot in forced.keys() & self.constants.keys():
            values[slot] = _overridden(values[slot], forced[slot])
        for step in self.instructions:
            step.op.forward(*[values[arg] for arg in step.args], out=values[step.out])
            if step.out in forced:
                values[step.out][...] = _overridden(values[step.out], forced[step.out])


def _overridden(computed: Array, override: Array | None) -> Array:
    """The override, except where it is NaN."""
    return computed if override is None else np.where(np.isnan(override), computed, override)


def _scalar(value: Fraction, dtype: np.dtype[Any]) -> Any:
    """A constant in the tape's carrier."""
    if dtype.kind in "iO":
        return int(value) if value.denominator == 1 else value
    try:
        return value.numerator / value.denominator
    except OverflowError:  # beyond 1e308
        return inf if value > 0 else -inf


def record(outputs: Sequence[Node], pinned: Iterable[Node] = ()) -> Tape:
    """The tape for some nodes: equal subexpressions once, copies for nothing, rows reused.

    A pinned node keeps a slot of its own, so that its value can be overridden.
    """
    own = set(pinned)
    slots: dict[Node, int] = {}
    known: dict[object, int] = {}
    instructions: list[Instruction] = []
    for node in topological([*outputs, *own]):
        args = tuple(slots[arg] for arg in node.args)
        if node.op in COPIES and node not in own:
            slots[node] = args[0]
            continue
        value = node.name if node.op is GIVEN else node.value
        key = node if node in own and node.op is not GIVEN else (node.op, args, value)
        if key not in known:
            known[key] = len(known)
            if node.op not in (CONSTANT, GIVEN):
                instructions.append(Instruction(node.op, known[key], args))
        slots[node] = known[key]
    leaves = [node for node in slots if not node.args]
    wanted = tuple(slots[node] for node in outputs)
    row_of, rows = _allocate(instructions, set(wanted))
    return Tape(
        outputs=wanted,
        givens={node.name or "": slots[node] for node in leaves if node.op is GIVEN},
        constants={slots[node]: node.value for node in leaves if node.value is not None},
        instructions=tuple(instructions),
        row_of=row_of,
        rows=rows,
        pinned={node: slots[node] for node in own},
    )


def _allocate(instructions: Sequence[Instruction], outputs: set[int]) -> tuple[dict[int, int], int]:
    """A workspace row for every slot that is no output, free again after the last use."""
    last_use = {slot: index for index, step in enumerate(instructions) for slot in step.args}
    row_of: dict[int, int] = {}
    free: list[int] = []
    rows = 0
    for index, step in enumerate(instructions):
        if step.out not in outputs:
            row_of[step.out] = free.pop() if free else rows
            rows = max(rows, row_of[step.out] + 1)
        done = {slot for slot in (*step.args, step.out) if last_use.get(slot, index) == index}
        free.extend(row_of[slot] for slot in done if slot in row_of)
    return row_of, rows


def evaluate(
    outputs: Sequence[Node],
    givens: Mapping[str, Array],
    overrides: Mapping[Node, Array] | None = None,
) -> list[Array]:
    """The values of some nodes, each of shape (variants,); see `Tape`.

    >>> from examgen.nodes import given
    >>> evaluate([given("x") * given("x")], {"x": np.array([1.0, 3.0])})
    [array([1., 9.])]
    """
    return record(outputs, pinned=overrides or ())(givens, overrides)


MOST_BITS = 4096
"""Exact numbers are followed up to this size; beyond it they are of no use on paper."""
_MOST_EXPONENT = 64
_RATIONAL = (OPS["decimals_over"],)


def exactly(outputs: Sequence[Node], givens: Mapping[str, Fraction]) -> list[Fraction | None]:
    """The exact values for one set of givens.

    None where a transcendental is involved, a division by zero, or a number beyond all bounds.

    >>> from examgen.nodes import constant, given
    >>> exactly([constant(1) - given("x"), OPS["exp"](given("x"))], {"x": Fraction(7, 20)})
    [Fraction(13, 20), None]
    """
    values: dict[Node, Fraction | None] = {}
    for node in topological(outputs):
        if node.op is GIVEN:
            values[node] = Fraction(givens[node.name or ""])
        elif node.op is CONSTANT:
            values[node] = node.value
        else:
            args = [value for arg in node.args if (value := values[arg]) is not None]
            values[node] = _exact(node.op, args) if len(args) == len(node.args) else None
    return [values[node] for node in outputs]


def _exact(op: Op, args: Sequence[Fraction]) -> Fraction | None:
    if op.rescale is None and op not in _RATIONAL:
        return None
    if op is OPS["pow"] and abs(args[1]) > _MOST_EXPONENT:
        return None
    out = np.empty(1, object)
    try:
        op.forward(*(_object(arg) for arg in args), out=out)
    except ZeroDivisionError:
        return None
    if isinstance(out[0], float):  # a root
        return None
    value = Fraction(out[0])
    return value if max(map(int.bit_length, value.as_integer_ratio())) <= MOST_BITS else None


def _object(value: Fraction) -> Array:
    array = np.empty(1, object)
    array[0] = value
    return array
