"""The worked answers of a template without their numbers: made once, filled in for each variant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from examgen.nodes import COPY, GIVEN, Node
from examgen.planted import WRONG_LINE
from examgen.printing import define, show
from examgen.slots import Part
from examgen.solution.formulas import Formulas
from examgen.solution.known import Known
from examgen.solution.lines import Line, Slope, line, with_lead
from examgen.solution.paths import as_listed, joined
from examgen.solution.plan import Plan, Work, printed_before
from examgen.solution.printed import Numbers
from examgen.solution.products import (
    Factor,
    Product,
    local_symbol,
    route,
    target,
    terms,
    variable,
)
from examgen.solution.sentences import Sentences
from examgen.solution.words import WORDS
from examgen.template import Template

_GUARD = 2
"""Decimals printed beyond those that are asked for, so that the last one asked is right."""
_FEWEST = 4
_INDICES = re.compile(r"[\d\[\],_{}]+")


@dataclass(frozen=True)
class Group:
    """Lines under one lead, which is some sentences."""

    leads: tuple[str, ...]
    lines: tuple[Line, ...]
    slopes: tuple[Slope, ...]


@dataclass(frozen=True)
class Outline:
    """The groups of lines of every part.

    places: decimals of numbers. names: the quantities that lines speak of; algebraic: those of
    them that may be exact though they were computed in floating point. inputs: for each the
    quantities whose numbers its line puts in.
    """

    parts: tuple[tuple[Group, ...], ...]
    places: int
    algebraic: frozenset[str]
    inputs: Mapping[str, frozenset[str]]

    def numbers(self, values: Mapping[str, Fraction | float]) -> Numbers:
        """The numbers of a variant as its worked answers print them."""
        return Numbers(values, self.places, self.algebraic, self.inputs)


def outline(template: Template, language: str) -> Outline:
    """The worked answers of a template in a language, without numbers."""
    author = _Author(template, language)
    parts = tuple(tuple(_groups(author.part(part))) for part in template.parts)
    algebraic = author.plan.algebraic(template.quantities.nodes)
    return Outline(parts, places(template), algebraic, _inputs(parts))


def _inputs(parts: Sequence[Sequence[Group]]) -> dict[str, frozenset[str]]:
    lines = (one for groups in parts for group in groups for one in group.lines)
    return {one.name: one.inserted.names for one in lines if one.name and one.inserted}


def places(template: Template) -> int:
    """The decimals of the numbers of a worked answer."""
    asked = [slot.decimals for slot in template.slots if slot.kind == "number"]
    return max(_FEWEST, _GUARD + max(asked, default=0))


def _groups(lines: Sequence[Line]) -> Iterator[Group]:
    """Lines up to the next that has something to say before it."""
    starts = [n for n, one in enumerate(lines) if one.lead or n == 0]
    for start, end in pairwise([*starts, len(lines)]):
        some = lines[start:end]
        slopes = tuple(slope for one in some for slope in one.slopes)
        yield Group(some[0].lead, tuple(some), slopes)


class _Author:
    """Writes the parts one after the other, and knows what has been said."""

    def __init__(self, template: Template, language: str) -> None:
        self.plan = Plan(template)
        self.template = template
        self.symbols = template.quantities.symbols
        self.say = Sentences(self.plan, WORDS[language], language)
        self.formulas = Formulas(self.plan, self.say, Known(template, language))
        self._shown: dict[Node, str] = dict.fromkeys(printed_before(self.plan), "")
        self._shapes: set[str] = set()
        self._slopes: set[str] = set()
        self._products: dict[str, Product] = {}
        self._taken_over: set[Node] = set()

    def part(self, part: Part) -> list[Line]:
        """The lines of a part, in the order of its slots' kinds: numbers, then formulas."""
        work = self.plan.work(part, self._shown, self._taken_over)
        again = [node for node in work.asked if node in self._shown]
        lines = [
            *self._again(again, part.label),
            *self._forward(work, part.label),
            *self._backward(work, part.label),
            *self._after(work, part.label),
            *self._formulas(part),
        ]
        return [self._arriving(self._unspoken(one), part) for one in self._planted(part, lines)]

    def _arriving(self, one: Line, part: Part) -> Line:
        """A number with the slots of its part that ask for it."""
        if one.name is None:
            return one
        numbers = (slot for slot in part.slots if slot.kind == "number")
        asking = [slot.id for slot in numbers if self.plan.target(slot).name == one.name]
        return replace(one, arrives=tuple(asking))

    def _unspoken(self, one: Line) -> Line:
        """Without slopes that have been spoken of."""
        new = tuple(slope for slope in one.slopes if slope.tex not in self._slopes)
        self._slopes |= {slope.tex for slope in new}
        return replace(one, slopes=new)

    # --- what is there already -------------------------------------------------------------------

    def _planted(self, part: Part, lines: Sequence[Line]) -> Sequence[Line]:
        """Of a printed working which line is wrong, and then how it should be."""
        planted = self.template.planted
        if planted is None or all(slot.quantity != WRONG_LINE for slot in part.slots):
            return lines
        number = [
            with_lead(replace(one, lead=()), self.say.mistake(planted))
            for one in lines
            if _is_number(one)
        ]
        right = [replace(one, lead=()) for one in lines if not _is_number(one)]
        return [
            *number,
            *(with_lead(one, self.say.rightly(planted)) for one in right[:1]),
            *right[1:],
        ]

    def _again(self, nodes: Sequence[Node], part: str) -> Iterator[Line]:
        """What an earlier part has shown is not derived again."""
        for node in nodes:
            before, self._shown[node] = self._shown[node], part
            one = Line(node.name, (self.symbols.tex(node.name or ""),))
            yield with_lead(one, self.say.again(before))

    # --- forward and after -----------------------------------------------------------------------

    def _forward(self, work: Work, part: str) -> Iterator[Line]:
        lead = self.say.forward(work)
        for node in work.forward:
            yield with_lead(self._definition(node), lead)
            lead = ""
            self._shown[node] = part

    def _after(self, work: Work, part: str) -> Iterator[Line]:
        lead = self.say.after(work)
        for node in work.after:
            derived = node.op is COPY and node.args[0].name in self._products
            one = self._definition(node)
            yield one if derived else with_lead(one, lead)  # what was derived has its own lead
            lead = lead if derived else ""
            self._shown[node] = part

    def _definition(self, node: Node) -> Line:
        name = node.name or ""
        label = self.symbols.tex(name)
        original = node.args[0].name if node.op is COPY else None
        if original in self._products:
            product = self._products[original]
            return self._product_line(name, [label, self.symbols.tex(original)], product, original)
        shortest = self.plan.shortest(node)
        pieces = [label] if node.op is GIVEN else [label, define(shortest, self.symbols)]
        return line(name, pieces, self.plan.formula(node), self.symbols)

    # --- backward --------------------------------------------------------------------------------

    def _backward(self, work: Work, part: str) -> Iterator[Line]:
        self.say.begin(self._shown, part)
        for node in work.backward:
            name = node.name or ""
            ways = self.plan.ways(name)
            if name in self.plan.simple:
                yield self.formulas.with_number(name, part)
                self._shown[node] = part
                continue
            if len(ways) == 1:
                self._products[name] = self._product(name)
                if self.plan.taken_over(node, work, len(self._products[name].factors)):
                    self._taken_over.add(node)
                    continue
                yield self._product_line(
                    name, [self.symbols.tex(name)], self._products.pop(name), name
                )
            else:
                yield self._sum_line(name)
            self._shown[node] = part

    def _product(self, name: str) -> Product:
        """The only path of an adjoint, with those taken over that nothing else speaks of."""
        (way,) = self.plan.ways(name)
        below = self._variable(name)
        if way.via is None:
            symbol = self.symbols.tex(name)
            return Product(None, (Factor(symbol, way.factor),))
        before = self._products.pop(way.via, None)
        if way.passes_on:
            base = before or Product(way.via, ())
            equal = (self.symbols.tex(way.via), *base.equal) if before else ()
            return Product(base.start, base.factors, equal)
        base = before or Product(way.via, ())
        above = self.symbols.tex(target(way.via))
        factor = Factor(local_symbol(above, below), way.factor)
        return Product(base.start, (*base.factors, factor))

    def _product_line(
        self, name: str, labels: Sequence[str], product: Product, adjoint: str
    ) -> Line:
        shape = [
            adjoint,
            product.start or "",
            *(show(f.node, self.symbols) for f in product.factors),
        ]
        braces = self._is_new(shape)
        pieces = [*labels, *product.equal, product.tex(self.symbols, braces=braces)]
        one = line(name, pieces, product.formula, self.symbols)
        return with_lead(one, *self.say.product(adjoint, product))

    def _sum_line(self, name: str) -> Line:
        ways = self.plan.ways(name)
        new = self._is_new_shape(name)
        formula = as_listed(ways) if new else joined(ways)
        below = self._variable(name)
        routes = [route(way, self.symbols, below) for way in ways]
        text = terms(routes, self.symbols) if new else show(formula, self.symbols)
        one = line(name, [self.symbols.tex(name), text], formula, self.symbols)
        return with_lead(one, *self.say.sum(name, ways, new=new))

    def _variable(self, adjoint: str) -> str:
        return variable(self.symbols, self.template.quantities.loss, adjoint)

    def _is_new_shape(self, adjoint: str) -> bool:
        """Whether nothing of the kind has been shown: dL/dz_2 goes as dL/dz_1 does."""
        spoken = [adjoint]
        for way in self.plan.ways(adjoint):
            spoken += [way.via or "", show(way.factor, self.symbols)]
        return self._is_new(spoken)

    def _is_new(self, spoken: Sequence[str]) -> bool:
        shape = _INDICES.sub("", " ".join(spoken))
        new = shape not in self._shapes
        self._shapes.add(shape)
        return new

    # --- formulas --------------------------------------------------------------------------------

    def _formulas(self, part: Part) -> Iterator[Line]:
        yield from self.formulas.lines(part, self._shown)
        asked = [slot.quantity for slot in part.slots if slot.kind == "formula"]
        for name in map(self.template.quantities.name, asked):
            if name in self.template.quantities.adjoints:
                self._is_new_shape(name)


def _is_number(one: Line) -> bool:
    return one.name == WRONG_LINE
