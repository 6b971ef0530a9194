"""What misconceptions make of a number, ready to be evaluated with students' own answers put in.

Every misconception of a question is a patched graph, and an own answer stands for a node of each.
Graphs share their nodes: where one mistake reports a number that to another is only a step on the
way, the two cannot be evaluated together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from examgen.graph import Tape, record, topological
from examgen.misconceptions import Misconception
from examgen.nodes import Node
from examgen.template import Template
from grader.arrays import Floats

Answers = Mapping[Node, tuple[int, ...]]
"""Nodes of a graph with the slots, places in the template, that ask for them."""


@dataclass(frozen=True)
class Group:
    """Misconceptions with one tape, by their places among those of the slot; see `Answers`."""

    members: tuple[int, ...]
    tape: Tape
    answers: Answers


@dataclass(frozen=True)
class Explanations:
    """The misconceptions that change a slot's number.

    above: the slots that it is computed from in the right graph.
    """

    mistakes: tuple[Misconception, ...]
    above: tuple[int, ...]
    groups: tuple[Group, ...]

    def values(self, givens: Mapping[str, Floats], own: Callable[[int], Floats]) -> Floats:
        """What each misconception makes of the slot, `(mistakes, rows)`.

        own: the students' answers to a slot, `(rows,)`, NaN for none.
        """
        columns = {place: own(place) for place in self.above}
        there = {place: values for place, values in columns.items() if np.isfinite(values).any()}
        size = len(next(iter(givens.values())))
        found = np.empty((len(self.mistakes), size))
        for group in self.groups:
            found[list(group.members)] = group.tape(givens, _overrides(group.answers, there))
        return found


def _overrides(answers: Answers, there: Mapping[int, Floats]) -> dict[Node, Floats]:
    """The students' answers in place of nodes; of several slots for one node the last counts."""
    found: dict[Node, Floats] = {}
    for node, places in answers.items():
        for values in (there[place] for place in places if place in there):
            before = found.get(node)
            found[node] = values if before is None else _last(before, values)
    return found


def _last(before: Floats, values: Floats) -> Floats:
    """The values, those before where there is none."""
    return np.where(np.isnan(values), before, values)


def explanations(template: Template, place: int, mistakes: Sequence[Misconception]) -> Explanations:
    """The misconceptions that may be behind a wrong number in the slot at a place."""
    names = [template.quantities.name(slot.quantity) for slot in template.slots]
    right, name = template.quantities.nodes, names[place]
    patched = tuple(one for one in mistakes if one.nodes[name] is not right[name])
    cone = set(topological([right[name]])) - {right[name]}
    above = tuple(n for n, other in enumerate(names) if right[other] in cone)
    asked = [(names[n], n) for n in above]
    roots = [one.nodes[name] for one in patched]
    answers = [_answers(one, asked) for one in patched]
    return Explanations(patched, above, tuple(_groups(roots, answers)))


def _answers(mistake: Misconception, asked: Iterable[tuple[str, int]]) -> Answers:
    """Which slots stand for which nodes of a mistaken graph."""
    found: dict[Node, tuple[int, ...]] = {}
    for name, place in asked:
        node = mistake.nodes[name]
        found[node] = (*found.get(node, ()), place)
    return found


@dataclass
class _Gathered:
    """A group that is being put together; masks: nodes on the way to its roots, as bits."""

    members: list[int] = field(default_factory=list)
    answers: dict[Node, tuple[int, ...]] = field(default_factory=dict)
    reached: int = 0

    def takes(self, answers: Answers, reached: int, bits: Mapping[Node, int]) -> bool:
        """Whether a node that either reaches is answered by the same slots in both."""
        shared = {**self.answers, **answers}
        return all(
            self.answers.get(node) == answers.get(node)
            for node in shared
            if bits[node] & self.reached & reached
        )

    def take(self, member: int, answers: Answers, reached: int, bits: Mapping[Node, int]) -> None:
        """Add a member, with the answers that matter to it."""
        self.members.append(member)
        self.answers |= {node: at for node, at in answers.items() if bits[node] & reached}
        self.reached |= reached


def _groups(roots: Sequence[Node], answers: Sequence[Answers]) -> Iterable[Group]:
    """The graphs in as few groups as they come to one after the other."""
    bits = {node: 1 << n for n, node in enumerate(dict.fromkeys(n for a in answers for n in a))}
    reached = _reached(roots, bits)
    gathered: list[_Gathered] = []
    for member, own in enumerate(answers):
        own = {node: places for node, places in own.items() if bits[node] & reached[member]}
        fitting = (group for group in gathered if group.takes(own, reached[member], bits))
        if (group := next(fitting, None)) is None:
            gathered.append(group := _Gathered())
        group.take(member, own, reached[member], bits)
    for group in gathered:
        tape = record([roots[member] for member in group.members], pinned=group.answers)
        yield Group(tuple(group.members), tape, group.answers)


def _reached(roots: Sequence[Node], bits: Mapping[Node, int]) -> list[int]:
    """Which of the numbered nodes each root is computed from, as bits."""
    masks: dict[Node, int] = {}
    for node in topological(roots):
        mask = bits.get(node, 0)
        for arg in node.args:
            mask |= masks[arg]
        masks[node] = mask
    return [masks[root] for root in roots]
