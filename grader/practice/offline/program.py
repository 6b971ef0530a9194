"""What marks the numbers of a template, as data: graphs, ways back through them, and mistakes.

A browser evaluates it for the givens of any variant with a student's own answers put in, as
`grader.marking.carry` and `grader.marking.diagnosis` do. Slots go by their places in the template.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from examgen.graph import topological
from examgen.misconceptions import Misconception
from examgen.nodes import Node
from examgen.template import Template
from grader.marking.graphs import own_first
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


def program(
    template: Template, mistakes: Sequence[Misconception], table: NodeTable, pools: Pools
) -> Program:
    """What a browser needs to mark any variant of a template.

    mistakes: all that can be made in it. Its nodes go to the table, its points to the pools; both
    may be shared with other templates.

    readings: for each reading of own answers, and each number slot, the slots that it is computed
    from, and an order of the slots. routes: for each number slot those that differ. diagnosis: for
    each number slot those that it is computed from. right: the node of each number slot. mistakes:
    for each its node at the slots that it touches. formulas: see `formula_data`.
    """
    known = tuple(one for one in own_first(template, mistakes) if _touches(template, one))
    numbers = {id(one): number for number, one in enumerate(known)}
    data = {
        **_routes(template, table),
        **_diagnosis(template, known, table),
        "formulas": formula_data(template, table, pools, known, lambda one: numbers[id(one)]),
        "slots": [
            {"id": slot.id, "kind": slot.kind, "decimals": slot.decimals, "tolerance": own}
            for slot in template.slots
            for own in [None if slot.tolerance is None else float(slot.tolerance)]
        ],
        "names": [one.name for one in known],
    }
    return Program(data, known)


def _touches(template: Template, one: Misconception) -> bool:
    """Whether a mistake changes what any slot asks for."""
    names = {template.quantities.name(slot.quantity) for slot in template.slots}
    return any(one.nodes[name] is not template.quantities.nodes[name] for name in names)


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


def _diagnosis(
    template: Template, known: Sequence[Misconception], table: NodeTable
) -> dict[str, object]:
    """What mistakes make of the numbers that are asked, and which answers may be put in."""
    quantities = template.quantities
    names = {place: quantities.name(template.slots[place].quantity) for place in _numbers(template)}
    own, right = frozenset(names.values()), quantities.nodes

    def located(nodes: Mapping[str, Node], places: Iterable[int]) -> dict[int, int]:
        wanted = {place: nodes[names[place]] for place in places}
        found = table.add(
            wanted.values(), lambda node: node.name if node.name and node.name in own else ""
        )
        return {place: found[node] for place, node in wanted.items()}

    def changed(one: Misconception) -> list[int]:
        return [place for place, name in names.items() if one.nodes[name] is not right[name]]

    return {
        "diagnosis": {place: _above(right, names, place) for place in names},
        "right": located(right, names),
        "mistakes": [located(one.nodes, changed(one)) for one in known],
    }


def _above(right: Mapping[str, Node], names: Mapping[int, str], place: int) -> list[int]:
    """The number slots that the one at a place is computed from."""
    asked = right[names[place]]
    cone = set(topological([asked])) - {asked}
    return [other for other, name in names.items() if right[name] in cone]
