"""Formulas that are asked, derived with braces, and derivatives that come out simpler."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import reduce
from operator import add

from examgen.nodes import Node
from examgen.notation import Symbols
from examgen.printing import define, show
from examgen.slots import Part, Slot
from examgen.solution.expected import answer_node, symbols_of
from examgen.solution.known import Known
from examgen.solution.lines import Line, line, with_lead
from examgen.solution.paths import Path, paths
from examgen.solution.plan import Plan
from examgen.solution.products import Route, route, terms, variable
from examgen.solution.sentences import Sentences
from examgen.solution.simple import Simple

_INDICES = re.compile(r"[\d\[\],_{}]+")


class Formulas:
    """Writes formulas one after the other, and knows which simple forms have been derived."""

    def __init__(self, plan: Plan, say: Sentences, known: Known) -> None:
        self._plan = plan
        self._known = known
        self._say = say
        self._loss = plan.quantities.loss
        self._adjoints = plan.quantities.adjoints
        self._derived: dict[str, str] = {}

    def lines(self, part: Part, shown: Iterable[Node]) -> Iterator[Line]:
        """The formulas that a part asks, each after those of the derivatives that it is made of and
        nobody has spoken of; shown: what has been computed."""
        slots = [slot for slot in part.slots if slot.kind == "formula"]
        forms = [form for slot in slots if (form := self._simple_of(slot)) is not None]
        self._known.begin(part, (node.name or "" for node in shown))
        for n, slot in enumerate(slots):
            these = frozenset(one.id for one in slots[n:])
            for one in self._introduced(slot):
                yield replace(one, answers=these)
            own = self._line(slot, part.label, forms)
            yield replace(own, answers=frozenset((slot.id,)), arrives=(slot.id,))

    def _introduced(self, slot: Slot) -> Iterator[Line]:
        """The derivatives that a formula begins with and nobody has spoken of."""
        name = self._plan.quantities.name(slot.quantity)
        if name not in self._adjoints or self._simple_of(slot) is not None:
            return
        symbols = symbols_of(self._plan.template, slot)
        answer = answer_node(self._plan.template, slot)
        for way in paths(answer, self._adjoints):
            yield from self._derivation(self._plan.canonical(way).via, slot, symbols)

    def _derivation(self, name: str | None, slot: Slot, symbols: Symbols) -> Iterator[Line]:
        """A derivative that nobody has spoken of, after those that it is made of."""
        if name is None or not self._known.is_new(name, slot, symbols):
            return
        self._known.add(name)
        ways = self._plan.ways(name)
        for way in ways:
            yield from self._derivation(way.via, slot, symbols)
        yield self._chain(name, ways, symbols)

    def with_number(self, name: str, part: str) -> Line:
        """A derivative from its simple form, which is derived if no like one has been."""
        symbols, simple = self._plan.symbols, self._plan.simple[name]
        before = self._derived.get(self._kind(name))
        if before is None:
            self._derived[self._kind(name)] = part
            ways = paths(self._plan.quantities.nodes[name], self._adjoints)
            whole = self._simplified(name, ways, symbols, [simple])
            return with_lead(line(name, whole.pieces, simple.node, symbols), *whole.lead)
        pieces = (symbols.tex(name), show(simple.node, symbols))
        leads = self._say.derived(before if before != part else "")
        return with_lead(line(name, pieces, simple.node, symbols), *leads)

    def _simple_of(self, slot: Slot) -> Simple | None:
        """The simple form of what is asked, unless it is asked in terms of other derivatives."""
        name = self._plan.quantities.name(slot.quantity)
        return self._plan.simple.get(name) if slot.using is None else None

    def _kind(self, name: str) -> str:
        """The same for dL/dz_1 = p_1 - y_1 and dL/dz_2 = p_2 - y_2."""
        simple = show(self._plan.simple[name].node, self._plan.symbols)
        return _INDICES.sub("", f"{name} = {simple}")

    def _line(self, slot: Slot, part: str, forms: Sequence[Simple]) -> Line:
        """A formula, derived with braces; forms: the simple ones of its part."""
        name = self._plan.quantities.name(slot.quantity)
        symbols = symbols_of(self._plan.template, slot)
        answer = answer_node(self._plan.template, slot)
        given = Line(None, (symbols.tex(name), define(answer, symbols)))
        if name not in self._adjoints:
            return given
        ways = paths(answer, self._adjoints)
        if self._simple_of(slot) is not None:
            self._derived.setdefault(self._kind(name), part)
            return self._simplified(name, ways, symbols, forms)
        ways = tuple(self._plan.canonical(way) for way in ways)
        if len(ways) == 1 and (ways[0].via is None or ways[0].factor.value is not None):
            return given
        return self._chain(name, ways, symbols)

    def _chain(self, name: str, ways: Sequence[Path], symbols: Symbols) -> Line:
        """The chain rule, and what it comes to."""
        routes = self._routes(name, ways, symbols)
        formula = reduce(add, (one.formula for one in routes))
        pieces = (symbols.tex(name), terms(routes, symbols), show(formula, symbols))
        return with_lead(Line(None, pieces), *self._say.formula(name, ways, symbols))

    def _simplified(
        self, name: str, found: Sequence[Path], symbols: Symbols, forms: Sequence[Simple]
    ) -> Line:
        """The chain rule, what it comes to, and the simple form; forms: all those of its part."""
        simple = self._plan.simple[name]
        ways = [self._plan.canonical(way) for way in found]
        below = variable(symbols, self._loss, name)
        chain = terms([route(way, symbols, below) for way in ways], symbols)
        steps = [show(step, symbols) for step in (*simple.steps, simple.node)]
        leads = [*self._say.facts(forms, symbols), *self._say.formula(name, ways, symbols)]
        return with_lead(Line(None, (symbols.tex(name), chain, *steps)), *leads)

    def _routes(self, name: str, ways: Sequence[Path], symbols: Symbols) -> Sequence[Route]:
        """Paths step by step, where what lies between has one path only."""
        ends = {way.via for way in ways}
        found = [self._route(name, way, ends, symbols) for way in self._plan.ways(name)]
        if {one.via for one in found} == ends and len(found) == len(ways):
            return found
        below = variable(symbols, self._loss, name)
        return [route(way, symbols, below) for way in ways]

    def _route(self, name: str, way: Path, ends: Container[str | None], symbols: Symbols) -> Route:
        one = route(way, symbols, variable(symbols, self._loss, name))
        while one.via is not None and one.via not in ends and len(self._plan.ways(one.via)) == 1:
            (further,) = self._plan.ways(one.via)
            above = route(further, symbols, variable(symbols, self._loss, one.via))
            one = Route(above.via, (*above.factors, *one.factors))
        return one
