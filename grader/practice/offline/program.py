"""What marks the numbers of a template, as data: graphs, ways back through them, and mistakes.

A browser evaluates it for the givens of any variant with a student's own answers put in, as
`grader.marking.carry` and `grader.marking.diagnosis` do. Slots go by their places in the template.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from examgen.graph import topological
from examgen.misconceptions import Misconception
from examgen.nodes import Node
from examgen.template import Template
from grader.marking.upstream import Route, Upstream, upstreams
from grader.practice.offline.formulas import Pools, formula_data
from grader.practice.offline.nodes import NodeTable

Data = Mapping[str, object]
"""What JSON can hold."""


@dataclass(frozen=True)
class Program:
    """A template's marking as JSON data; known: the misconceptions by their numbers there."""

    data: Data
    known: tuple[Misconception, ...]


@dataclass
class _Known:
    """The misconceptions that some slot speaks of, numbered in their order."""

    all: Sequence[Misconception]
    numbers: dict[int, int] = field(default_factory=dict)

    def number(self, one: Misconception) -> int:
        """The number of a misconception, a new one for a new one."""
        return self.numbers.setdefault(id(one), len(self.numbers))

    def told(self) -> tuple[Misconception, ...]:
        """The misconceptions by their numbers."""
        by_id = {id(one): one for one in self.all}
        return tuple(by_id[key] for key in self.numbers)


def program(
    template: Template, mistakes: Sequence[Misconception], table: NodeTable, pools: Pools
) -> Program:
    """What a browser needs to mark any variant of a template.

    mistakes: all that can be made in it. Its nodes go to the table, its points to the pools; both
    may be shared with other templates.

    readings: for each reading of own answers, and each number slot, the slots that it is computed
    from, and an order of the slots. routes: for each number slot those that differ. diagnosis: for
    each number slot the mistakes that touch it. formulas: see `formula_data`.
    """
    known = _Known(mistakes)
    routes = _routes(template, table)
    diagnosis = {place: _diagnosis(template, place, table, known) for place in _numbers(template)}
    formulas = formula_data(template, table, pools, known.all, known.number)
    data = {
        **routes,
        "diagnosis": diagnosis,
        "formulas": formulas,
        "slots": [
            {"id": slot.id, "kind": slot.kind, "decimals": slot.decimals, "tolerance": own}
            for slot in template.slots
            for own in [None if slot.tolerance is None else float(slot.tolerance)]
        ],
        "names": [one.name for one in known.told()],
    }
    return Program(data, known.told())


def _numbers(template: Template) -> list[int]:
    return [place for place, slot in enumerate(template.slots) if slot.kind == "number"]


# --- error carried forward -----------------------------------------------------------------------


def _routes(template: Template, table: NodeTable) -> dict[str, object]:
    readings = upstreams(template)
    routes: dict[int, list[Data]] = {place: [] for place in readings[0].asked}
    for place, found in routes.items():
        before: Upstream | None = None
        for upstream in readings:
            if before is None or upstream.differs(before, place):
                route = upstream.route(place)
                found.append({"reading": int(upstream.reading), **_route(route, table)})
            before = upstream
    return {
        "readings": [{"parents": one.parents, "order": one.order} for one in readings],
        "routes": routes,
    }


def _route(route: Route, table: NodeTable) -> Data:
    """value: the node of what follows; slopes: by each deviation, with the radius of that.

    answers: for each node that an answer replaces the given that is its gate, and the slots whose
    answers stand for it.
    """
    tape = route.slopes.tape
    places = table.add_tape(tape, zero=route.slopes.names)
    value, *slopes = (places[slot] for slot in tape.outputs)
    answers = [
        [places[tape.pinned[route.slopes.kept[node]]], _gate(route, node, table), slots]
        for node, slots in route.answers.items()
    ]
    return {
        "wrongFirst": route.wrong_first,
        "value": value,
        "slopes": list(zip(slopes, route.radii, strict=True)),
        "answers": answers,
    }


def _gate(route: Route, node: Node, table: NodeTable) -> int:
    return table.given(route.moving.gates[node].name or "")


# --- known mistakes ------------------------------------------------------------------------------


def _diagnosis(template: Template, place: int, table: NodeTable, known: _Known) -> Data:
    """above: slots whose answers replace a node, and that node in the right graph.

    mistakes: for each its number, the node of the answer under it, and the nodes that answers
    replace there, in the order of `above`, where they are others.
    """
    quantities = template.quantities
    names = {other: quantities.name(template.slots[other].quantity) for other in _numbers(template)}
    own, right = frozenset(names.values()), quantities.nodes
    asked = right[names[place]]
    cone = set(topological([asked])) - {asked}
    above = [other for other in names if right[names[other]] in cone]
    patched = [one for one in known.all if one.nodes[names[place]] is not asked]

    def located(nodes: Mapping[str, Node]) -> list[int]:
        wanted = [nodes[names[other]] for other in (place, *above)]
        places = table.add(wanted, lambda node: node.name if node.name in own else "")
        return [places[node] for node in wanted]

    usual = located(right)[1:]
    mistakes = []
    for one in patched:
        root, *nodes = located(one.nodes)
        others = [[k, new] for k, new in enumerate(nodes) if new != usual[k]]
        mistakes.append([known.number(one), root, *([others] if others else [])])
    return {"above": list(zip(above, usual, strict=True)), "mistakes": mistakes}
