"""Rewritten and mutated formulas, with a computer algebra system as the judge."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache, lru_cache

import pytest
import sympy
from formula_spellings import BCE, BRANCH, CELL, HEADS, LSTM, SIGMOIDS
from test_symbolic import formula_slots, marker, slot_of, template_of

from examgen.graph import topological
from examgen.nodes import Node
from examgen.notation import Symbols
from examgen.slots import slot_name
from examgen.solution import answer_node
from examgen.vocabulary import vocabulary
from grader.symbolic import Right, Wrong

SIGMOID, TANH = sympy.Function("sigmoid"), sympy.Function("tanh")
RULES: dict[str, Callable[..., sympy.Expr]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda a: -a,
    "square": lambda a: a**2,
    "log": sympy.log,
    "sigmoid": SIGMOID,
    "tanh": TANH,
    "sigmoid'": lambda a, _: SIGMOID(a) * (1 - SIGMOID(a)),
    "tanh'": lambda a, _: 1 - TANH(a) ** 2,
    "copy": lambda a: a,
    "use": lambda a: a,
    "carry": lambda a: a,
}
SMOOTH = [one for one in formula_slots() if one[0] in (BCE, BRANCH, CELL, HEADS, LSTM, SIGMOIDS)]
"""Without ReLU, equality is that of rational functions of the givens and of sigmoid(...)."""
REWRITINGS = [sympy.expand, sympy.factor, sympy.together, sympy.cancel]


def symbol(name: str, symbols: Symbols) -> sympy.Symbol:
    """A name that both sympy and a student can write."""
    return sympy.Symbol(slot_name(symbols.plain(name)))


def of_node(root: Node, symbols: Symbols, stop: frozenset[str] = frozenset()) -> sympy.Expr:
    """A node in sympy; names in `stop` (of others than the root) stay symbols, as givens do."""
    found: dict[Node, sympy.Expr] = {}
    for node in topological([root]):
        if node.value is not None:
            found[node] = sympy.Rational(node.value.numerator, node.value.denominator)
        elif not node.args or (node.name in stop and node is not root):
            found[node] = symbol(node.name or "", symbols)
        else:
            found[node] = RULES[node.op.name](*(found[arg] for arg in node.args))
    return found[root]


@lru_cache
def formula(name: str, slot: str) -> sympy.Expr:
    """The expected formula over the names that may be used."""
    template, one = template_of(name), slot_of(template_of(name), slot)
    stop = frozenset(vocabulary(template, one).names)
    return of_node(answer_node(template, one), template.quantities.symbols, stop)


@lru_cache
def definitions(name: str, slot: str) -> dict[sympy.Symbol, sympy.Expr]:
    """Every name of the vocabulary in terms of givens."""
    template = template_of(name)
    names = vocabulary(template, slot_of(template, slot)).names
    nodes, symbols = template.quantities.nodes, template.quantities.symbols
    return {symbol(one, symbols): of_node(nodes[one], symbols) for one in names}


def numerical(expression: sympy.Expr) -> sympy.Expr:
    """An expression without symbols as a number."""
    found = expression.replace(SIGMOID, lambda a: 1 / (1 + sympy.exp(-a)))
    return found.replace(TANH, sympy.tanh).evalf()


@cache
def somewhere(name: str, slot: str) -> dict[sympy.Symbol, sympy.Expr]:
    """Every name of the vocabulary as a number, at one point of the givens."""
    found = definitions(name, slot)
    free = sorted({one for each in found.values() for one in each.free_symbols}, key=str)
    draw = random.Random(name)
    point = {one: sympy.Rational(draw.randint(201, 799), 1000) for one in free}
    return {one: numerical(each.subs(point)) for one, each in found.items()}


def apart(name: str, slot: str, difference: sympy.Expr) -> bool:
    """Whether one point already shows that a difference is not zero: the quick way out."""
    found = numerical(difference.subs(somewhere(name, slot)))
    return bool(found.is_Float and abs(found) > 1e-6)


def equal(name: str, slot: str, left: sympy.Expr, right: sympy.Expr) -> bool:
    """Whether two formulas are equal, once every name is what it stands for."""
    if apart(name, slot, left - right):
        return False
    given = (left - right).subs(definitions(name, slot), simultaneous=True)
    given = given.replace(SIGMOID, lambda a: 1 - SIGMOID(-a) if negative(a) else SIGMOID(a))
    given = given.replace(TANH, lambda a: -TANH(-a) if negative(a) else TANH(a))
    return bool(sympy.expand(sympy.numer(sympy.together(given))) == 0)


def negative(expression: sympy.Expr) -> bool:
    """One of a and -a."""
    return bool(expression.could_extract_minus_sign())


def writable(expression: sympy.Expr) -> bool:
    """Whether all its exponents are numbers, and nothing is divided by zero."""
    powers = expression.atoms(sympy.Pow)
    return all(p.exp.is_Integer for p in powers) and not expression.has(sympy.zoo, sympy.nan)


def parts(expression: sympy.Expr) -> list[sympy.Expr]:
    """The parts of a formula that a slip may change."""
    return [part for part in sympy.preorder_traversal(expression) if part != 1]


def mutated(expression: sympy.Expr, names: list[sympy.Symbol], draw: random.Random) -> sympy.Expr:
    """One slip: a sign, a factor, a dropped part, another name."""
    part = draw.choice(parts(expression))
    other = draw.choice(names)
    change = draw.choice(
        [-part, 2 * part, part / 2, part + 1, part * other, other, sympy.Integer(1)]
    )
    return expression.subs(part, change)


@pytest.mark.parametrize("rewrite", REWRITINGS, ids=lambda one: one.__name__)
@pytest.mark.parametrize(("name", "slot"), SMOOTH)
def test_rewritten_formulas_are_right(
    name: str, slot: str, rewrite: Callable[[sympy.Expr], sympy.Expr]
) -> None:
    """Expanded, factored, over one denominator: the same formula."""
    text = str(rewrite(formula(name, slot)))
    assert marker(name, slot).mark(text) == Right(), text


@pytest.mark.parametrize("rewrite", [sympy.expand, sympy.factor], ids=lambda one: one.__name__)
@pytest.mark.parametrize(
    ("name", "slot"), [one for one in SMOOTH if one[0] in (CELL, HEADS, SIGMOIDS)]
)
def test_formulas_over_givens_alone_are_right(
    name: str, slot: str, rewrite: Callable[[sympy.Expr], sympy.Expr]
) -> None:
    """With every quantity written out, as far as texts may be long."""
    text = str(rewrite(formula(name, slot).subs(definitions(name, slot), simultaneous=True)))
    if len(text) <= 1_000:
        assert marker(name, slot).mark(text) == Right(), text


@pytest.mark.parametrize(("name", "slot"), SMOOTH)
def test_mutated_formulas_are_wrong_exactly_if_they_differ(name: str, slot: str) -> None:
    """Forty slips a slot; a few change nothing, and those are right."""
    draw = random.Random(f"{name} {slot}")
    expected = formula(name, slot)
    names = sorted(expected.free_symbols, key=str) + sorted(definitions(name, slot), key=str)[:6]
    for _ in range(40):
        other = mutated(expected, names, draw)
        if not writable(other):
            continue
        verdict = marker(name, slot).mark(str(other))
        same = equal(name, slot, other, expected)
        assert isinstance(verdict, Right if same else Wrong), (str(other), verdict)
