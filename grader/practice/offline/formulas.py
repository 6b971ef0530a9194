"""What marks the formulas of a template, as data: names, points, and what mistakes lead to.

Points are told by their givens; a browser computes all other quantities there itself. All slots of
all templates with the same givens share a pool of points, drawn from one stream of numbers.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from examgen.graph import record
from examgen.misconceptions import Misconception
from examgen.nodes import Node
from examgen.slots import Slot
from examgen.solution import answer_node, over_names
from examgen.template import Template
from examgen.vocabulary import Vocabulary, vocabulary
from grader.practice.offline.names import names_data, slot_names
from grader.practice.offline.nodes import NodeTable
from grader.symbolic.evaluation import Array
from grader.symbolic.names import Names
from grader.symbolic.points import ENOUGH, Points, draw_points

Data = Mapping[str, object]


@dataclass(frozen=True)
class _Pool:
    """Points as rows of givens, each once."""

    givens: tuple[str, ...]
    rows: dict[bytes, int] = field(default_factory=dict)

    def places(self, points: Points) -> list[int]:
        """The places of a slot's points in the pool."""
        rows = np.array([points.values[name] for name in self.givens], "<f8").T
        return [self.rows.setdefault(row.tobytes(), len(self.rows)) for row in rows]

    def written(self) -> Data:
        """Givens by name, and rows of float64, little-endian in base 64."""
        return {"givens": self.givens, "values": b64encode(b"".join(self.rows)).decode()}


class Pools:
    """The points of some templates, a pool for all that have the same givens."""

    def __init__(self) -> None:
        self._pools: dict[tuple[str, ...], _Pool] = {}

    def of(self, template: Template) -> tuple[int, _Pool]:
        """The pool of a template, and its number."""
        givens = tuple(sorted(template.quantities.givens))
        pool = self._pools.setdefault(givens, _Pool(givens))
        return list(self._pools).index(givens), pool

    def written(self) -> list[Data]:
        """The pools as JSON data."""
        return [pool.written() for pool in self._pools.values()]


def formula_data(
    template: Template,
    table: NodeTable,
    pools: Pools,
    mistakes: Sequence[Misconception],
    number: Callable[[Misconception], int],
) -> Data:
    """What marks each formula slot, by its place; number: how a mistake is told in the data.

    pool: which one has its points. values: the node of each quantity.
    """
    slots = [(place, slot) for place, slot in enumerate(template.slots) if slot.kind == "formula"]
    if not slots:
        return {}
    which, pool = pools.of(template)
    made = {place: _Slot.of(template, slot, mistakes) for place, slot in slots}
    data = {place: one.data(table, pool, number) for place, one in made.items()}
    nodes = template.quantities.nodes
    places = table.add(nodes.values())
    values = {name: places[node] for name, node in nodes.items()}
    return {"slots": data, "pool": which, "values": values}


@dataclass(frozen=True)
class _Slot:
    """wrong: the nodes that mistakes lead to, and whose; over names where a line is meant."""

    words: Vocabulary
    points: Points
    names: Names
    wrong: Sequence[tuple[Misconception, Node, bool]]

    @classmethod
    def of(cls, template: Template, slot: Slot, mistakes: Sequence[Misconception]) -> _Slot:
        """A formula slot, as `grader.symbolic.FormulaMarker` understands it."""
        words = vocabulary(template, slot)
        points = draw_points(template.quantities, words.asked, words.names, template.wholes)

        names = slot_names(template, slot, points)
        wrong = _changed(_wrong(template, slot, mistakes), points)
        return cls(words, points, names, wrong)

    def data(self, table: NodeTable, pool: _Pool, number: Callable[[Misconception], int]) -> Data:
        """The slot as JSON data; lines are evaluated over the quantities, paths over the givens."""
        names = self.names
        places = table.add(node for _, node, _ in self.wrong)
        return {
            "names": names_data(names),
            "refused": _used(self.words.refused, names.known.values()),
            "asked": self.words.asked,
            "points": pool.places(self.points),
            "smooth": [int(one) for one in self.points.smooth],
            "enough": int(np.count_nonzero(self.points.expected)) >= ENOUGH,
            "wrong": [[number(one), places[node], int(line)] for one, node, line in self.wrong],
        }


def _used(refused: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    known = frozenset(names)
    return {name: why for name, why in refused.items() if name in known}


def _wrong(
    template: Template, slot: Slot, mistakes: Sequence[Misconception]
) -> list[tuple[Misconception, Node, bool]]:
    """What each mistake leads to: in this line alone, and on the way to it."""
    asked, right = template.quantities.name(slot.quantity), template.quantities.nodes
    touched = [one for one in mistakes if one.nodes[asked] is not right[asked]]
    lines = [(one, over_names(answer_node(template, slot, one.nodes)), True) for one in touched]
    return [*lines, *((one, one.nodes[asked], False) for one in touched)]


def _changed(
    wrong: Sequence[tuple[Misconception, Node, bool]], points: Points
) -> list[tuple[Misconception, Node, bool]]:
    """Those that have a value at all points, and another one than the right formula."""
    if not wrong:
        return []
    rows: list[Array] = record([node for _, node, _ in wrong])(points.values)
    return [one for one, row in zip(wrong, rows, strict=True) if _differs(row, points.expected)]


def _differs(row: Array, expected: Array) -> bool:
    same = np.allclose(row, expected, rtol=1e-6, atol=0.0)
    return bool(np.isfinite(row).all()) and not same
