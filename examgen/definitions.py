"""From formulas to nodes: every quantity that some definitions define, names bound.

Names that nothing defines are givens. Definitions may stand in any order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from graphlib import CycleError, TopologicalSorter
from math import prod

from examgen.errors import ExamgenError, Problem, suggestion
from examgen.exponentials import LOGSUMEXP
from examgen.expression import EVERY, Expression, Literal, Reference, walk
from examgen.formula import parse
from examgen.lowering import MOST_PARTS, MOST_TERMS, Scope, counted, lower
from examgen.nodes import Node, Op, constant, given, named
from examgen.ops import OPS


@dataclass(frozen=True)
class Definition:
    """A quantity and its formula, both as written; `path` says where in the template."""

    name: str
    formula: str
    path: str = ""


def define(
    definitions: Sequence[Definition],
    ranges: Mapping[str, int],
    known: Mapping[str, Node] | None = None,
    declared: Collection[str] = (),
) -> dict[str, Node]:
    """Every quantity of the definitions by name, givens included, arguments before their uses.

    known: nodes that the formulas may refer to. declared: names of givens (for `x[*]`), and
    patterns such as `w[0,*]`, which say that there is an index below 1.
    Raises ExamgenError with all that is wrong: syntax, unknown functions, cycles, double names.
    """
    known = known or {}
    patterns = [name for name in declared if "*" in name]
    declared = frozenset(declared).difference(patterns)
    problems: list[Problem] = []
    lowered = _lowered(_written(definitions, ranges, problems), ranges, known, declared, problems)
    paths = {family: d.path for d in definitions if (family := d.name.partition("[")[0])}
    there = {*known, *lowered, *declared}
    _refuse_unknown(lowered, paths, there, patterns, problems)
    order = _ordered(lowered, paths, problems)
    if problems:
        raise ExamgenError(dict.fromkeys(problems))
    nodes = dict(known)
    shared: dict[tuple[Op, tuple[Node, ...]], Node] = {}
    for name in order:
        if name in lowered:
            nodes[name] = named(build(lowered[name], nodes.__getitem__, shared), name)
        else:
            nodes.setdefault(name, given(name))
    return {name: node for name, node in nodes.items() if name not in known}


@dataclass(frozen=True)
class _Written:
    """A definition read: both sides, and the values of its indices for every quantity of it."""

    path: str
    left: Reference
    right: Expression
    assignments: list[dict[str, int]]


def _written(
    definitions: Iterable[Definition], ranges: Mapping[str, int], problems: list[Problem]
) -> list[_Written]:
    written = []
    for definition in definitions:
        try:
            left = parse(definition.name)
            if not isinstance(left, Reference) or left.of:
                raise ExamgenError(f"'{definition.name}' is no name that can be defined")
            assignments = _assignments(left, ranges)
            written.append(_Written(definition.path, left, parse(definition.formula), assignments))
        except ExamgenError as error:
            problems += [problem.at(path=definition.path) for problem in error.problems]
    return written


def _lowered(
    written: Sequence[_Written],
    ranges: Mapping[str, int],
    known: Mapping[str, Node],
    declared: Iterable[str],
    problems: list[Problem],
) -> dict[str, Expression]:
    """The right-hand side of every quantity; what is wrong with one goes to `problems`."""
    names = {one.left.at(indices).name for one in written for indices in one.assignments}
    names.update(known, declared, *(_mentioned(one.right, ranges) for one in written))
    scope = Scope(ranges, tuple(sorted(names, key=_family_order)))
    lowered: dict[str, Expression] = {}
    size = 0
    for one in written:
        for indices in one.assignments:
            name = one.left.at(indices).name
            try:
                if name in lowered or name in known:
                    raise ExamgenError(f"'{name}' is defined twice")
                lowered[name] = lower(one.right, scope, indices)
            except ExamgenError as error:
                problems += [problem.at(path=one.path) for problem in error.problems]
                break  # the other steps would say the same
            size += lowered[name].size
            if size > MOST_PARTS:
                raise ExamgenError(f"the graph has more than {MOST_PARTS} operations")
    return lowered


def _mentioned(expression: Expression, ranges: Mapping[str, int]) -> Iterator[str]:
    """The names with an index that a formula speaks of: members of families, for `x[*]`."""
    for part in walk(expression):
        if isinstance(part, Reference) and part.indices and EVERY not in part.indices:
            own = list(dict.fromkeys(v for index in part.indices for v in index.variables))
            if all(v in ranges for v in own) and prod(map(ranges.__getitem__, own)) <= MOST_TERMS:
                yield from (part.at(values).name for values in counted(own, ranges))


def _refuse_unknown(
    lowered: Mapping[str, Expression],
    paths: Mapping[str, str],
    known: Collection[str],
    patterns: Sequence[str],
    problems: list[Problem],
) -> None:
    """What is no plain name cannot be a given (dL/dw, w', message(h[1])), nor can x[0]."""
    for name, expression in lowered.items():
        path = paths.get(name.partition("[")[0], "")
        unknown = [
            needed
            for needed in _references(expression)
            if needed not in known and not any(_names(pattern, needed) for pattern in patterns)
        ]
        messages = [_no_given(needed, known) for needed in unknown]
        problems += [Problem(message, path=path) for message in messages if message]


def _names(pattern: str, name: str) -> bool:
    """Whether a pattern covers a name, its stars standing for what counts from 1.

    >>> _names("w[0,*]", "w[0,2]"), _names("w[*,*]", "w[0,2]")
    (True, False)
    """
    star = r"[^0,\[\]-][^,\]]*"
    return re.fullmatch(re.escape(pattern).replace(r"\*", star), name) is not None


def _no_given(name: str, known: Iterable[str]) -> str:
    """Why a name cannot be a given; empty where it can."""
    if re.search("['/(]", name):
        near = suggestion(name, known)
        return f"there is no quantity '{name}' that a formula could use here{near}"
    if re.search(r"[\[,](0|-\d+)[\],]", name):
        return f"'{name}' is out of range: indices count from 1; or sample has to name it"
    return ""


def _ordered(
    lowered: Mapping[str, Expression], paths: Mapping[str, str], problems: list[Problem]
) -> list[str]:
    needs = {name: _references(expression) for name, expression in lowered.items()}
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        cycle = list(reversed(error.args[1]))
        path = paths.get(cycle[0].partition("[")[0], "")
        problems.append(Problem(f"a cycle: {' needs '.join(cycle)}", path=path))
        return []


def _references(expression: Expression) -> list[str]:
    found = (part.name for part in walk(expression) if isinstance(part, Reference))
    return list(dict.fromkeys(found))


def _assignments(left: Reference, ranges: Mapping[str, int]) -> list[dict[str, int]]:
    """Every assignment of numbers to the index variables of a left-hand side."""
    if EVERY in left.indices:
        raise ExamgenError(f"the index '*' of '{left.name}' has no range")
    variables = list(dict.fromkeys(v for index in left.indices for v in index.variables))
    unknown = [variable for variable in variables if variable not in ranges]
    if unknown:
        raise ExamgenError(f"the index '{unknown[0]}' of '{left.name}' has no range")
    return counted(variables, ranges)


def _family_order(name: str) -> tuple[str, list[int]]:
    """x[2] before x[10]."""
    base, _, indices = name.partition("[")
    numbers = [int(i) for i in indices.rstrip("]'").split(",") if i.lstrip("-").isdigit()]
    return base, numbers


# --- building ----------------------------------------------------------------------------------


def build(
    expression: Expression,
    resolve: Callable[[str], Node],
    shared: dict[tuple[Op, tuple[Node, ...]], Node] | None = None,
) -> Node:
    """The node of a lowered expression, exactly as written.

    shared: sums of exponentials there are, since all outputs of a softmax share theirs; added to.
    """
    if isinstance(expression, Literal):
        return constant(expression.value)
    if isinstance(expression, Reference):
        return resolve(expression.name)
    shared = {} if shared is None else shared
    args = [build(arg, resolve, shared) for arg in expression.args]
    op = OPS[expression.function]
    make = partial(_once, op, shared) if op in SHARED else op
    return reduce(make, args) if len(args) > op.arity == 2 else make(*args)


SHARED = (LOGSUMEXP,)
"""Ops of which equal nodes are one node."""


def _once(op: Op, known: dict[tuple[Op, tuple[Node, ...]], Node], *args: Node) -> Node:
    return known.setdefault((op, args), op(*args))
