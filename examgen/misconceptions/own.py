"""An author's own mistakes: formulas that are taken for those of some quantities.

All else follows: values from values, the backward pass from the values as they are now, with an
adjoint of the author's in place of the one there would be, then updates and derived quantities.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from graphlib import CycleError, TopologicalSorter
from itertools import product
from typing import Protocol

import numpy as np

from examgen.definitions import build
from examgen.differentiate import Backward, Flow, adjoint_name, all_uses, differentiate
from examgen.errors import ExamgenError, Problem, guarded
from examgen.expression import Expression, Literal, Reference, walk
from examgen.formula import parse
from examgen.graph import record, topological
from examgen.misconceptions.rules import Interner, as_written
from examgen.nodes import Node, given, named
from examgen.notation import Symbols
from examgen.quantities import OwnMistake, Quantities, descent
from examgen.text import Text, in_language, placeholders

MOST_REPLACED = 256
"""Quantities that one mistake replaces, written out."""


# --- reading ----------------------------------------------------------------------------------


class Declared(Protocol):
    """A mistake as a template declares it."""

    @property
    def replace(self) -> Mapping[str, str]:
        """Names of quantities and the formulas that are taken for theirs."""

    @property
    def say(self) -> Text:
        """What to tell who made it."""


def own_mistakes(
    written: Mapping[str, Declared], quantities: Quantities, problems: list[Problem]
) -> tuple[OwnMistake, ...]:
    """The mistakes that a template declares; what is wrong with one is noted among the problems."""
    found = []
    interner = Interner(quantities)
    for name, mistake in written.items():
        before = len(problems)
        path = f"mistakes.{name}"
        problems += _misplaced(mistake.say, f"{path}.say")
        instead: dict[str, Expression] = {}
        for key, formula in mistake.replace.items():
            entry = partial(_entry, key, formula, quantities, instead)
            guarded(problems, f"{path}.replace.{key}", entry)
        own = OwnMistake(name, instead, mistake.say)
        if len(problems) == before:
            guarded(problems, path, partial(_refuse_idle, own, quantities, interner))
        found.append(own)
    return tuple(found)


def _misplaced(say: Text, path: str) -> Iterator[Problem]:
    for name in placeholders(say):
        message = f"{{{name}}} is a number of one student; here every student is told the same"
        yield Problem(message, path=path)


def _entry(key: str, formula: str, quantities: Quantities, instead: dict[str, Expression]) -> None:
    """Notes the formula of every quantity that a key stands for: `h[i]` for every i."""
    right = parse(formula)
    for indices, name in _named(key, quantities):
        if name in instead:
            raise ExamgenError(f"'{name}' is replaced twice")
        if name == adjoint_name(quantities.loss, quantities.loss):
            raise ExamgenError(f"'{name}' is 1, whatever else is taken for wrong")
        instead[name] = _over_names(quantities.lowered(right, indices), quantities)
        if len(instead) > MOST_REPLACED:
            raise ExamgenError(f"more than {MOST_REPLACED} quantities are replaced")


def _named(key: str, quantities: Quantities) -> Iterator[tuple[dict[str, int], str]]:
    left, ranges = parse(key), quantities.blueprint.ranges
    if not isinstance(left, Reference):  # message(h[1])
        yield {}, quantities.name(key)
        return
    variables = list(dict.fromkeys(v for index in left.indices for v in index.variables))
    if unknown := [variable for variable in variables if variable not in ranges]:
        raise ExamgenError(f"the index '{unknown[0]}' of '{key}' has no range")
    for values in product(*(range(1, ranges[variable] + 1) for variable in variables)):
        indices = dict(zip(variables, values, strict=True))
        yield indices, quantities.name(left.at(indices).name)


def _over_names(expression: Expression, quantities: Quantities) -> Expression:
    """The lowered formula with the names under which quantities stand; others are refused."""
    if isinstance(expression, Reference):
        return Reference(quantities.name(expression.name), column=expression.column)
    if isinstance(expression, Literal):
        return expression
    args = tuple(_over_names(arg, quantities) for arg in expression.args)
    return replace(expression, args=args)


def _refuse_idle(own: OwnMistake, quantities: Quantities, interner: Interner) -> None:
    """Looks at the replaced formulas first: where these show, there is no need to go on."""
    names = list(quantities.nodes)
    nodes = under_own(quantities, own.instead)
    wrong = zip(names, interner.intern(nodes[name] for name in names), strict=True)
    pairs = {name: (one, quantities.nodes[name]) for name, one in wrong}
    changed = {name: pair for name, pair in pairs.items() if pair[0] is not pair[1]}
    if _alike([changed[name] for name in own.instead if name in changed]) and _alike(
        list(changed.values())
    ):
        raise ExamgenError("nothing is different under it: these are the right formulas")


_POINTS = 256


def _alike(pairs: Sequence[tuple[Node, Node]]) -> bool:
    """Whether the nodes have the same values wherever they can be computed: `x*w` and `w*x`.

    Tried at points of all sizes, since some mistakes show only where numbers are large.
    """
    if not pairs:
        return True
    some, others = zip(*pairs, strict=True)
    tape = record([*some, *others])
    stream = np.random.default_rng(_POINTS)
    points = {
        name: stream.choice([-1, 1], _POINTS) * 10.0 ** stream.uniform(-2, 2, _POINTS)
        for name in tape.givens
    }
    with np.errstate(all="ignore"):
        values = [np.broadcast_to(value, _POINTS) for value in tape(points)]
    first, second = np.array(values[: len(some)], float), np.array(values[len(some) :], float)
    known = np.isfinite(second).all(axis=0)  # (points,)
    alike = np.isclose(first[:, known], second[:, known], rtol=1e-9, atol=1e-15)
    return bool(known.any() and alike.all())


def said(say: Text, symbols: Symbols, language: str, tex: bool) -> str:
    """The author's sentence, its mathematics in $...$ or as one line of text."""
    text = in_language(say, language)
    if tex:
        return text
    from examgen.typeset import plain_text  # loads fonts: only where plain text is wanted

    return plain_text(text)


# --- the graph under a mistake ------------------------------------------------------------------


def under_own(quantities: Quantities, instead: Mapping[str, Expression]) -> dict[str, Node]:
    """Every quantity by its name, where some have other formulas.

    Raises ExamgenError where quantities would then need each other in a circle.
    """
    found: dict[str, Node] = {}
    _define(quantities.values, instead, found)
    adjoints = _adjoints(quantities, instead, found)
    _define(adjoints, instead, found)
    updates = _updates(quantities, found)
    _define({**updates, **quantities.derived}, instead, found)
    return {name: found[name] for name in quantities.nodes}


def _adjoints(
    quantities: Quantities, instead: Mapping[str, Expression], found: Mapping[str, Node]
) -> dict[str, Node]:
    """The adjoints that follow, each replaced one a given of the same name in the others."""
    names = {name: adjoint_name(quantities.loss, name) for name in quantities.values}
    values = {found[name]: bar for name, bar in names.items() if bar in quantities.adjoints}

    def total(node: Node, flows: Sequence[Flow]) -> Node:
        name = values.get(node, "")
        if name not in instead:
            return all_uses(node, flows)
        own = instead[name]
        return build(own, found.__getitem__) if isinstance(own, Literal) else given(name)

    backward = differentiate(found[quantities.loss], values, Backward(total=total))
    return {name: backward[node] for node, name in values.items()}


def _updates(quantities: Quantities, found: Mapping[str, Node]) -> dict[str, Node]:
    if quantities.rate is None:
        return {}
    rate = found.get(quantities.rate.name or "", quantities.rate)
    return {
        name: named(descent(found[name[:-1]], rate, found[_gradient(quantities, name)]), name)
        for name in quantities.updates
    }


def _gradient(quantities: Quantities, update: str) -> str:
    return adjoint_name(quantities.loss, update.removesuffix("'"))


def _define(
    right: Mapping[str, Node], instead: Mapping[str, Expression], found: dict[str, Node]
) -> None:
    """Adds each quantity, by its own formula or the one instead, over what the others are now."""
    needs = {
        name: _mentioned(instead[name])
        if name in instead
        else [leaf.name or "" for leaf in _leaves(node)]
        for name, node in right.items()
    }
    for name in _ordered(needs):
        if name in found:
            continue
        if name not in right:
            raise ExamgenError(f"'{name}' is computed later, so it cannot be used here")
        if name in instead:
            found[name] = named(build(instead[name], found.__getitem__), name)
        else:
            found[name] = _over(right[name], found)


def _mentioned(expression: Expression) -> list[str]:
    return [part.name for part in walk(expression) if isinstance(part, Reference)]


def _leaves(node: Node) -> list[Node]:
    """The named nodes in a node's definition."""
    found, stack = [], [*node.args]
    while stack:
        arg = stack.pop()
        if arg.name is not None:
            found.append(arg)
        else:
            stack.extend(arg.args)
    return found


def _ordered(needs: Mapping[str, Iterable[str]]) -> list[str]:
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        cycle = " needs ".join(reversed(error.args[1]))
        raise ExamgenError(f"a cycle: {cycle}") from None


def _over(node: Node, found: Mapping[str, Node]) -> Node:
    """A quantity's right definition, over what the named quantities in it are now."""
    new = {leaf: found[leaf.name or ""] for leaf in _leaves(node)}
    for part in topological([node], done=new):
        new[part] = as_written(part, tuple(new[arg] for arg in part.args), new)
    return new[node]
