"""Worked solutions: the quantities each part needs, as symbols, then numbers, then a value."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from operator import is_

from examgen.differentiate import adjoint_name
from examgen.errors import ExamgenError
from examgen.graph import topological
from examgen.nodes import ADD, COPY, GIVEN, MUL, Node, constant, given, named
from examgen.notation import Symbols, decimal
from examgen.ops import OPS, PORTS
from examgen.planted import WRONG_LINE, Planted
from examgen.printing import PLAIN, SLOPES, TEX, define
from examgen.sheet import WorkedPart
from examgen.slots import Slot
from examgen.template import Template
from examgen.variant import Variants, is_finite

Values = Mapping[str, Fraction | float]
_PLACES = 6
_LARGEST_DENOMINATOR = 99
# A negative number at the beginning of a sum, or alone between commas, needs no parentheses.
_LEADING_GROUP = re.compile(r"(^|\\left\(|, )\\left\((-[\d.]+)\\right\)(?= [+-]|$|,|\\right)")


def worked_parts(variants: Variants, variant: int, language: str = "en") -> tuple[WorkedPart, ...]:
    """The worked answer to every part; what an earlier part has shown is not shown again.

    A number that is asked for stands in its own part in any case, once. Nor is shown again what
    stands rightly in a printed working; of its wrong line the answer tells the mistake.
    """
    template = variants.template
    values = variants.quantities(variant)
    shown = _printed(template)
    worked = []
    for part in template.parts:
        lines: list[str] = []
        for slot in part.slots:
            if template.planted is not None and slot.quantity == WRONG_LINE:
                lines.append(_mistake(template.planted, template.quantities.symbols, language))
            lines += _lines(template, slot, values, shown, part.label)
        worked.append(WorkedPart(part.label, tuple(lines)))
    return tuple(worked)


_MISTAKE = {
    "en": "Line {n} is the first wrong one. To whom it happened: {sentence}",
    "de": "Zeile {n} ist die erste falsche. Wem das unterlief: {sentence}",
}


def _mistake(planted: Planted, symbols: Symbols, language: str) -> str:
    """Which line of a working is wrong, and what to tell who made the mistake."""
    return _MISTAKE[language].format(
        n=planted.wrong + 1,
        sentence=planted.mistake.sentence(symbols, language, tex=True),
    )


def _printed(template: Template) -> dict[Node, str]:
    """What a printed working shows rightly."""
    planted, symbols = template.planted, template.quantities.symbols
    above = () if planted is None else planted.before
    return {_source(template.quantities.nodes[name], symbols): "" for name in above}


def expected_formula(
    template: Template, slot: Slot, nodes: Mapping[str, Node] | None = None
) -> str:
    """The right formula as a student may write it, in the formula language.

    nodes: the quantities under a mistake; then it is the formula of who makes it.
    """
    return define(answer_node(template, slot, nodes), symbols_of(template, slot), PLAIN)


def answer_node(template: Template, slot: Slot, nodes: Mapping[str, Node] | None = None) -> Node:
    """The node whose definition answers a slot; see `expected_formula`.

    Derivatives that the slot may not speak of are written out.
    """
    quantities = template.quantities
    node = (nodes or quantities.nodes)[quantities.name(slot.quantity)]
    hidden = without_symbol(template)
    if slot.using is not None:
        hidden = set[str | None](quantities.adjoints) - set(slot.using)
    return with_wholes(written_out(node, hidden - {node.name}), template.wholes)


def without_symbol(template: Template) -> set[str | None]:
    """Derivatives that have no name in formulas.

    Where dL/dh_t is the total derivative, the message from the next step goes without one; where
    dL/dh_t is the message, the total derivative does.
    """
    quantities = template.quantities
    symbols = quantities.symbols
    states = symbols.shared if symbols.message_first else symbols.carries
    return {adjoint_name(quantities.loss, state) for state in states}


def written_out(node: Node, hidden: Collection[str | None]) -> Node:
    """The node with hidden names replaced by their definitions."""
    return _written_out(node, frozenset(hidden)) if hidden else node


@lru_cache(maxsize=512)  # a class asks for the same few nodes of its templates again and again
def _written_out(node: Node, hidden: frozenset[str | None]) -> Node:
    new: dict[Node, Node] = {}
    for part in topological([node]):
        args = tuple(new[arg] for arg in part.args)
        name = None if part.args and part.name in hidden else part.name
        new[part] = replace(part, args=args, name=name)
    return new[node]


def with_wholes(node: Node, wholes: Iterable[Iterable[str]]) -> Node:
    """The node with 1 for a sum of givens that add up to 1: p - y for (y_1 + y_2) p - y.

    wholes: the families of these givens; see `Template.wholes`.
    """
    families = frozenset(frozenset(family) for family in wholes)
    return _with_wholes(node, families) if families else node


@lru_cache(maxsize=512)
def _with_wholes(node: Node, families: frozenset[frozenset[str]]) -> Node:
    new: dict[Node, Node] = {}
    for part in topological([node]):
        own = part.name is None or part is node
        new[part] = _with_ones(part, [new[arg] for arg in part.args], families) if own else part
    return new[node]


def _with_ones(part: Node, args: Sequence[Node], families: Container[frozenset[str]]) -> Node:
    """A part over its new arguments: 1 for a whole, and no factor 1 that was one."""
    if part.name is None and _is_sum_of(part, families):
        return constant(1)
    if all(map(is_, args, part.args)):
        return part
    factors = [arg for arg in args if arg.value != 1]
    if part.op is MUL and len(factors) == 1:
        return named(factors[0], part.name) if part.name else factors[0]
    return replace(part, args=tuple(args))


def _is_sum_of(part: Node, families: Container[frozenset[str]]) -> bool:
    """Whether a node adds up the givens of a family, each once."""
    terms, waiting = [], [part]
    while waiting:
        node = waiting.pop()
        if node.op is ADD and node.name is None:
            waiting += node.args
        elif node.op is not GIVEN:
            return False
        terms += [node.name or ""] if node.op is GIVEN else []
    return len(terms) == len(set(terms)) and frozenset(terms) in families


def over_names(root: Node) -> Node:
    """What the definition of a node says as printed: every named part of it is a given.

    A slope such as sigma'(z) is printed without the value of sigma that it is computed from, so
    that value is made of the z that is printed.
    """
    new: dict[Node, Node] = {}
    for part in topological([root]):
        if part.name is not None and part is not root:
            new[part] = given(part.name)
            continue
        args = tuple(new[arg] for arg in part.args)
        if part.op.name in SLOPES:
            args = (args[0], OPS[part.op.name.removesuffix("'")](args[0]))
        new[part] = Node(part.op, args, part.value)
    return new[root]


def symbols_of(template: Template, slot: Slot) -> Symbols:
    """The symbols to print a slot with: those at step t for a formula that holds at every step."""
    symbols = template.quantities.symbols
    return symbols if slot.step is None else symbols.at_step(slot.step)


def slot_label(template: Template, slot: Slot) -> str:
    """The slot's quantity in TeX."""
    return symbols_of(template, slot).tex(template.quantities.name(slot.quantity))


def _lines(
    template: Template, slot: Slot, values: Values, shown: dict[Node, str], part: str
) -> list[str]:
    symbols = template.quantities.symbols
    ports = set() if symbols.message_first else without_symbol(template)
    if slot.kind == "formula":
        formula = define(answer_node(template, slot), symbols_of(template, slot))
        return [f"{slot_label(template, slot)} = {formula}"]
    places = max(_PLACES, slot.decimals + 2)
    target = _source(template.node(slot), symbols)
    lines = []
    for node in (_source(node, symbols) for node in topological([target])):
        if node not in shown and (node is target or _is_step(node, ports)):
            shown[node] = part
            shortest = with_wholes(written_out(node, ports - {node.name}), template.wholes)
            lines.append(chain(shortest, symbols, values, places))
    if not lines and shown.get(target) != part:
        shown[target] = part
        shortest = with_wholes(written_out(target, ports - {target.name}), template.wholes)
        lines.append(chain(shortest, symbols, values, places))
    return lines


def _source(node: Node, symbols: Symbols) -> Node:
    """What a node is a copy of, where both have the same symbol: `dL/dh = dL/dh` helps nobody."""
    while node.op is COPY and (original := node.args[0]).name is not None:
        if symbols.tex(original.name) != symbols.tex(node.name or ""):
            break
        node = original
    return node


def _is_step(node: Node, ports: Container[str | None]) -> bool:
    """Whether a node has a line of its own: it has a symbol and is computed."""
    constant = node.op is COPY and node.args[0].value is not None
    return (
        node.name is not None
        and node.name not in ports
        and node.op is not GIVEN
        and node.op not in PORTS
        and not constant
    )


def chain(
    node: Node, symbols: Symbols, values: Values, places: int, decimals: int | None = None
) -> str:
    """`name = formula = formula with numbers = value`, without steps that repeat the one before.

    places: of the numbers. decimals: of the value, if not as many.
    """
    name = node.name or ""
    if not all(is_finite(values[n.name]) for n in (node, *node.args) if n.name is not None):
        raise ExamgenError(f"{name} has no finite value; add a condition that keeps it in bounds")
    exact, shown = _value(values[name], places if decimals is None else decimals)
    numbers = replace(TEX, name=lambda _, other: _number(values[other], places))
    inserted = _LEADING_GROUP.sub(r"\1\2", define(node, symbols, numbers))
    steps = [symbols.tex(name), define(node, symbols), inserted]
    if node.op is GIVEN:
        steps = steps[:1]
    before = [step for step in dict.fromkeys(steps) if step != shown]
    return " = ".join(before) + (" = " if exact else r" \approx ") + shown


def _value(value: Fraction | float, places: int) -> tuple[bool, str]:
    """Whether the decimal is exact, and the decimal."""
    exact = Fraction(value)
    shown = decimal(exact, places)
    return isinstance(value, Fraction) and Fraction(shown) == exact, shown


def _number(value: Fraction | float, places: int) -> str:
    """A number inside a formula: a small fraction stays one; a negative one in parentheses."""
    exact = Fraction(value)
    shown = decimal(exact, places)
    if Fraction(shown) != exact and exact.denominator <= _LARGEST_DENOMINATOR:
        shown = TEX.number(exact)
    return rf"\left({shown}\right)" if shown.startswith("-") else shown
