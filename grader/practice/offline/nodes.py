"""Many graphs as one list of numbers: each node an op and how far back its arguments stand.

Equal nodes are written once, and copies for nothing, but for nodes that an answer may replace:
these are themselves alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from examgen.graph import Tape, topological
from examgen.nodes import ADD, GIVEN, Node
from examgen.ops import COPIES

Mark = Callable[[Node], str]
"""What tells a node that may be replaced from equal ones; empty for all others."""


def unmarked(_: Node) -> str:
    """No node may be replaced."""
    return ""


class NodeTable:
    """The nodes of some graphs by their places, arguments before what uses them."""

    def __init__(self) -> None:
        self.ops: dict[str, int] = {}
        self.constants: dict[float, int] = {}
        self.givens: dict[str, int] = {}
        self._places: dict[object, int] = {}
        self._codes: list[int] = []

    def __len__(self) -> int:
        return len(self._places)

    def add(self, roots: Iterable[Node], mark: Mark = unmarked) -> dict[Node, int]:
        """The places of some nodes and of all they depend on."""
        places: dict[Node, int] = {}
        for node in topological(roots):
            if node.value is not None:
                places[node] = self._constant(node.value)
            elif node.op is GIVEN:
                places[node] = self._given(node.name or "", mark(node))
            elif node.op in COPIES and not mark(node):
                places[node] = places[node.args[0]]
            else:
                args = tuple(places[arg] for arg in node.args)
                places[node] = self._place(node.op.name, args, mark(node))
        return places

    def add_tape(self, tape: Tape, zero: Iterable[str] = ()) -> dict[int, int]:
        """The places of what the slots of a tape hold.

        zero: names of givens that are zero wherever the tape is run.
        """
        nothing, pinned = frozenset(zero), set(tape.pinned.values())
        nought = self._constant(Fraction(0))
        places = {slot: self._constant(value) for slot, value in tape.constants.items()}
        for name, slot in tape.givens.items():
            places[slot] = nought if name in nothing else self._given(name)
        for step in tape.instructions:
            args = tuple(places[slot] for slot in step.args)
            if step.op is ADD and nought in args and step.out not in pinned:
                places[step.out] = args[args[0] == nought]
            else:
                places[step.out] = self._place(step.op.name, args)
        return places

    def given(self, name: str) -> int:
        """The number of a given."""
        return self.givens.setdefault(name, len(self.givens))

    def _given(self, name: str, mark: str = "") -> int:
        return self._place("given", (), mark, leaf=self.given(name))

    def _constant(self, value: Fraction) -> int:
        place = self.constants.setdefault(_float(value), len(self.constants))
        return self._place("constant", (), leaf=place)

    def _place(self, op: str, args: tuple[int, ...], mark: str = "", leaf: int = -1) -> int:
        key = (op, args, leaf, mark)
        if key not in self._places:
            here = self._places[key] = len(self._places)
            code = self.ops.setdefault(op, len(self.ops))
            self._codes += [code, *([leaf] if leaf >= 0 else (here - arg for arg in args))]
        return self._places[key]

    def written(self) -> Mapping[str, object]:
        """The table as JSON data.

        nodes: for each its op (a place in `ops`), then the distance to each argument, or for a
        constant or a given the place in `constants` or `givens`.
        """
        return {
            "ops": list(self.ops),
            "constants": list(self.constants),
            "givens": list(self.givens),
            "nodes": self._codes,
        }


def _float(value: Fraction) -> float:
    try:
        return value.numerator / value.denominator
    except OverflowError:  # beyond 1e308
        return sys.float_info.max if value > 0 else -sys.float_info.max
