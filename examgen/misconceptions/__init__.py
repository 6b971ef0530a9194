"""Misconceptions: typical mistakes as patched graphs, so that the evaluator gives their answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import count, islice, zip_longest

from examgen.misconceptions import (
    answers,
    entropies,
    forward,
    indices,
    local,
    losses,
    paths,
    windows,
)
from examgen.misconceptions.anatomy import Anatomy
from examgen.misconceptions.own import said, under_own
from examgen.misconceptions.rules import Interner, under
from examgen.misconceptions.table import Fill, Instance, Row, filled
from examgen.nodes import Node
from examgen.notation import Symbols
from examgen.quantities import Quantities

_PARTS = (answers, entropies, forward, indices, local, losses, paths, windows)
TABLE: tuple[Row, ...] = tuple(
    sorted(
        (row for part in _PARTS for row in part.ROWS),
        key=lambda row: row.id,
    )
)
"""Every misconception that can occur here, by id."""

DECLARED: Mapping[str, str] = {
    "adam_no_bias_correction": "MC42",
    "momentum_ema_vs_classic": "MC43",
    "dropout_mask_ignored": "MC56",
    "batchnorm_stats_constant": "MC57",
}
"""Mistakes that only the author of a question can tell: by these names under `mistakes:` they have
the same ids everywhere."""

ELSEWHERE: Mapping[str, str] = {
    "MC52": "how far early rounding leads is what the tolerance is made of",
    "MC53": "a slip at one quantity is followed by carrying the error forward",
}
"""Mistakes known from exams that are no misconceptions here, and why not."""

MOST_INSTANCES = 300
"""A graph has at most so many; a large one fewer, but one of each kind."""
_MOST_WORK = 60_000
_MOST_OF_A_KIND = 120


Sentence = Callable[[Symbols, str, bool], str]
"""The symbols of a question, the language, whether with TeX -> what to tell who made a mistake."""


@dataclass(frozen=True, eq=False)
class Misconception:
    """A mistake in one graph.

    where: the quantity that it acts on, empty for more than one. nodes: every quantity under the
    mistake; one that it leaves alone is the very node of the right graph. says: see `sentence`.
    """

    id: str
    name: str
    where: str
    nodes: Mapping[str, Node]
    says: Sentence

    def sentence(self, symbols: Symbols, language: str, tex: bool) -> str:
        """What to tell who made it, in the question's own symbols; tex: with formulas in $...$."""
        return self.says(symbols, language, tex)


def misconceptions(quantities: Quantities) -> tuple[Misconception, ...]:
    """All mistakes that can be made in a graph, every place of each, by id.

    Of each those at one place come first: where a number does not tell whether the same was done
    elsewhere, the place that it does tell is named. The author's own come before a rule that
    amounts to the same. Left out are those that change nothing, and those that a rule makes at two
    places alike.
    """
    interner = Interner(quantities)
    right = tuple(quantities.nodes.values())
    most = min(MOST_INSTANCES, max(len(TABLE), _MOST_WORK // len(right)))
    found: dict[tuple[str, tuple[Node, ...]], Misconception] = {}
    for id_, name, where, says, under_it in _candidates(quantities):
        if len(found) == most:
            break
        wrong = under_it()
        nodes = tuple(interner.intern(wrong[name] for name in quantities.nodes))
        if nodes != right:
            named = dict(zip(quantities.nodes, nodes, strict=True))
            found.setdefault((id_, nodes), Misconception(id_, name, where, named, says))
    return tuple(sorted(found.values(), key=lambda made: (made.id, not made.where)))


_Candidate = tuple[str, str, str, Sentence, Callable[[], Mapping[str, Node]]]


def _candidates(quantities: Quantities) -> Iterator[_Candidate]:
    """Id, name, place and sentence of every mistake, and the graph under it when it is wanted."""
    ids = {**DECLARED, **{row.name: row.id for row in TABLE}}
    numbers = count(1)
    for own in quantities.mistakes:
        id_ = ids.get(own.name) or f"OWN{next(numbers):02d}"
        where = next(iter(own.instead)) if len(own.instead) == 1 else ""
        yield (
            id_,
            own.name,
            where,
            partial(said, own.say),
            partial(under_own, quantities, own.instead),
        )
    anatomy = Anatomy(quantities)
    for row, instance in _in_turn(anatomy):
        says = partial(_sentence, row, instance.fills)
        made = partial(under, anatomy.right_pass, instance.rules)
        yield row.id, row.name, instance.where, says, made


def _sentence(
    row: Row, fills: Mapping[str, Fill], symbols: Symbols, language: str, tex: bool
) -> str:
    return filled(row.de if language == "de" else row.en, fills, symbols, language, tex)


def _in_turn(anatomy: Anatomy) -> Iterator[tuple[Row, Instance]]:
    """An instance of every row, then another of every row; those of more than one place first."""
    queues = []
    for row in TABLE:
        instances = islice(row.instances(anatomy), _MOST_OF_A_KIND)
        ordered = sorted(instances, key=lambda instance: bool(instance.where))
        queues.append([(row, instance) for instance in ordered])
    for turn in zip_longest(*queues):
        yield from filter(None, turn)
