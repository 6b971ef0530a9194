"""Misconceptions: typical mistakes as patched graphs, so that the evaluator gives their answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, zip_longest

from examgen.misconceptions import answers, entropies, forward, indices, local, losses, paths
from examgen.misconceptions.anatomy import Anatomy
from examgen.misconceptions.rules import Interner, under
from examgen.misconceptions.table import Fill, Instance, Row, filled
from examgen.nodes import Node
from examgen.notation import Symbols
from examgen.quantities import Quantities

_PARTS = (answers, entropies, forward, indices, local, losses, paths)
TABLE: tuple[Row, ...] = tuple(
    sorted(
        (row for part in _PARTS for row in part.ROWS),
        key=lambda row: row.id,
    )
)
"""Every misconception that can occur here, by id."""

ELSEWHERE: Mapping[str, str] = {
    "MC42": "no topology has Adam; an author's own update formulas are not taken apart",
    "MC43": "no topology has momentum; an author's own update formulas are not taken apart",
    "MC44": "no loss here has a regulariser",
    "MC52": "how far early rounding leads is what the tolerance is made of",
    "MC53": "a slip at one quantity is followed by carrying the error forward",
    "MC54": "there is no convolution",
    "MC55": "there is no pooling",
    "MC56": "there is no dropout",
    "MC57": "there is no batch normalisation",
}
"""Mistakes known from exams that cannot occur here, and why not."""

MOST_INSTANCES = 300
"""A graph has at most so many; a large one fewer, but one of each kind."""
_MOST_WORK = 60_000
_MOST_OF_A_KIND = 120


@dataclass(frozen=True, eq=False)
class Misconception:
    """A mistake in one graph.

    where: the quantity that it acts on, empty for more than one. nodes: every quantity under the
    mistake; one that it leaves alone is the very node of the right graph.
    """

    id: str
    name: str
    where: str
    nodes: Mapping[str, Node]
    row: Row
    fills: Mapping[str, Fill]

    def sentence(self, symbols: Symbols, language: str, tex: bool) -> str:
        """What to tell who made it, in the question's own symbols; tex: with formulas in $...$."""
        text = self.row.de if language == "de" else self.row.en
        return filled(text, self.fills, symbols, language, tex)


def misconceptions(quantities: Quantities) -> tuple[Misconception, ...]:
    """All mistakes that can be made in a graph, every place of each, by id.

    Left out are those that change nothing, and those that a rule makes at two places alike.
    """
    anatomy = Anatomy(quantities)
    interner = Interner(quantities)
    most = min(MOST_INSTANCES, max(len(TABLE), _MOST_WORK // len(quantities.nodes)))
    seen = {row.id: {tuple(quantities.nodes.values())} for row in TABLE}
    found: list[Misconception] = []
    for row, instance in _in_turn(anatomy):
        if len(found) < most:
            nodes = _nodes(quantities, instance, interner)
            if tuple(nodes.values()) not in seen[row.id]:
                seen[row.id].add(tuple(nodes.values()))
                made = Misconception(row.id, row.name, instance.where, nodes, row, instance.fills)
                found.append(made)
    return tuple(sorted(found, key=lambda made: made.id))


def _in_turn(anatomy: Anatomy) -> Iterator[tuple[Row, Instance]]:
    """An instance of every row, then another of every row; those of more than one place first."""
    queues = []
    for row in TABLE:
        instances = islice(row.instances(anatomy), _MOST_OF_A_KIND)
        ordered = sorted(instances, key=lambda instance: bool(instance.where))
        queues.append([(row, instance) for instance in ordered])
    for turn in zip_longest(*queues):
        yield from filter(None, turn)


def _nodes(quantities: Quantities, instance: Instance, interner: Interner) -> dict[str, Node]:
    found = under(quantities, instance.rules)
    same = interner.intern(found[name] for name in quantities.nodes)
    return dict(zip(quantities.nodes, same, strict=True))
