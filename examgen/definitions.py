"""From formulas to nodes: index variables expanded, composite functions written out, names bound.

Names that nothing defines are givens. Definitions may stand in any order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from graphlib import CycleError, TopologicalSorter
from itertools import product
from math import prod

from examgen.errors import ExamgenError, Problem, suggestion
from examgen.expression import Apply, Expression, Literal, Reference, walk
from examgen.formula import parse
from examgen.functions import COMPOSITES
from examgen.nodes import Node, constant, given, named
from examgen.ops import OPS

MOST_TERMS = 4096
"""Terms of a sum over indices, and quantities of one definition."""
MOST_PARTS = 50_000
"""Operations and names of all formulas together, written out."""
MOST_DEPTH = 150


@dataclass(frozen=True)
class Definition:
    """A quantity and its formula, both as written; `path` says where in the template."""

    name: str
    formula: str
    path: str = ""


@dataclass(frozen=True)
class Scope:
    """What index variables range over (1..n), and the names there are, for `x[*]`."""

    ranges: Mapping[str, int]
    names: tuple[str, ...] = ()


def define(
    definitions: Sequence[Definition],
    ranges: Mapping[str, int],
    known: Mapping[str, Node] | None = None,
    declared: Iterable[str] = (),
) -> dict[str, Node]:
    """Every quantity of the definitions by name, givens included, arguments before their uses.

    known: nodes that the formulas may refer to. declared: names of givens (for `x[*]`).
    Raises ExamgenError with all that is wrong: syntax, unknown functions, cycles, double names.
    """
    known = known or {}
    problems: list[Problem] = []
    lowered = _lowered(_written(definitions, ranges, problems), ranges, known, declared, problems)
    paths = {family: d.path for d in definitions if (family := d.name.partition("[")[0])}
    _refuse_unknown(lowered, paths, known, problems)
    order = _ordered(lowered, paths, problems)
    if problems:
        raise ExamgenError(dict.fromkeys(problems))
    nodes = dict(known)
    for name in order:
        if name in lowered:
            nodes[name] = named(build(lowered[name], nodes.__getitem__), name)
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
    scope = Scope(ranges, tuple(sorted(names | set(known) | set(declared), key=_family_order)))
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


def _refuse_unknown(
    lowered: Mapping[str, Expression],
    paths: Mapping[str, str],
    known: Mapping[str, Node],
    problems: list[Problem],
) -> None:
    """What is no plain name cannot be a given: dL/dw, w', message(h[1])."""
    for name, expression in lowered.items():
        for needed in _references(expression):
            if needed not in known and re.search("['/(]", needed):
                near = suggestion(needed, known)
                message = f"there is no quantity '{needed}' that a formula could use here{near}"
                problems.append(Problem(message, path=paths.get(name.partition("[")[0], "")))


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
    variables = list(dict.fromkeys(index.variable for index in left.indices if index.variable))
    unknown = [variable for variable in variables if variable not in ranges]
    if unknown:
        raise ExamgenError(f"the index '{unknown[0]}' of '{left.name}' has no range")
    return _counted(variables, ranges)


def _counted(variables: Sequence[str], ranges: Mapping[str, int]) -> list[dict[str, int]]:
    """Every assignment of numbers to index variables."""
    count = prod(ranges[variable] for variable in variables)
    if count > MOST_TERMS:
        raise ExamgenError(f"the indices {', '.join(variables)} take {count} values together")
    spans = [range(1, ranges[variable] + 1) for variable in variables]
    return [dict(zip(variables, values, strict=True)) for values in product(*spans)]


def _family_order(name: str) -> tuple[str, list[int]]:
    """x[2] before x[10]."""
    base, _, indices = name.partition("[")
    numbers = [int(i) for i in indices.rstrip("]'").split(",") if i.lstrip("-").isdigit()]
    return base, numbers


# --- lowering: only ops of the table and names with numbers for indices are left ---------------


def lower(expression: Expression, scope: Scope, indices: Mapping[str, int]) -> Expression:
    """The expression with indices put in and composite functions written out.

    Raises ExamgenError for an unknown function, a wrong number of arguments, a free index.
    """
    if isinstance(expression, Literal):
        return expression
    if isinstance(expression, Reference):
        concrete = expression.at(indices)
        free = [index.variable for index in concrete.indices if index.variable]
        if free:
            raise _at(expression, f"the index '{free[0]}' of '{expression.name}' has no value here")
        return concrete
    if expression.function in PORTS:
        return _port(expression, indices)
    if expression.function == "sum" and len(expression.args) == 1:
        return _sum(expression, scope, indices)
    args = [part for arg in expression.args for part in _members(arg, scope, indices)]
    return _apply(expression, tuple(lower(arg, scope, indices) for arg in args))


PORTS = ("message", "total")
"""`message(h[1])`: the derivative that arrives at h[1] from step 2; `total(h[1])`: all of it."""


def _port(call: Apply, indices: Mapping[str, int]) -> Reference:
    inner = call.args[0]
    if len(call.args) != 1 or not isinstance(inner, Reference):
        raise _at(call, f"{call.function}(...) takes the name of a state, such as h[1]")
    return Reference(f"{call.function}({inner.at(indices).name})", column=call.column)


def _sum(call: Apply, scope: Scope, indices: Mapping[str, int]) -> Expression:
    """A sum over every index variable that has no value yet, or over the members of `x[*]`."""
    references = [part for part in walk(call.args[0]) if isinstance(part, Reference)]
    free = dict.fromkeys(
        index.variable
        for reference in references
        for index in reference.indices
        if index.variable not in ("", "*") and index.variable not in indices
    )
    unknown = [variable for variable in free if variable not in scope.ranges]
    if unknown:
        raise _at(call, f"the index '{unknown[0]}' has no range to sum over")
    terms: list[Expression] = []
    for values in _counted(list(free), scope.ranges):
        members = _members(call.args[0], scope, indices)
        terms += [lower(member, scope, {**indices, **values}) for member in members]
        if len(terms) * terms[-1].size > MOST_PARTS:
            raise _at(call, _TOO_LARGE)
    return terms[0] if len(terms) == 1 else _bounded(Apply("add", tuple(terms), call.column))


def _members(argument: Expression, scope: Scope, indices: Mapping[str, int]) -> list[Expression]:
    """The argument itself, or for `x[*]` every member of the family in order."""
    if not isinstance(argument, Reference):
        return [argument]
    pattern = argument.at(indices)
    if all(index.variable != "*" for index in pattern.indices):
        return [argument]
    found = [name for name in scope.names if _matches(pattern, name)]
    if not found:
        raise _at(argument, f"'{argument.name}' matches no quantity")
    return [replace(_as_reference(name), column=argument.column) for name in found]


def _as_reference(name: str) -> Reference:
    reference = parse(name)
    assert isinstance(reference, Reference), "bug: names are references"
    return reference


def _matches(pattern: Reference, name: str) -> bool:
    if not name.startswith((pattern.base + "[", f"d{pattern.of}/d{pattern.base}[")):
        return False
    other = _as_reference(name)
    if (other.base, other.of, other.prime) != (pattern.base, pattern.of, pattern.prime):
        return False
    return len(other.indices) == len(pattern.indices) and all(
        p.variable == "*" or p == o for p, o in zip(pattern.indices, other.indices, strict=True)
    )


def _at(expression: Expression, message: str) -> ExamgenError:
    return ExamgenError(f"column {expression.column}: {message}")


def _apply(call: Apply, args: tuple[Expression, ...]) -> Expression:
    name = ALIASES.get(call.function, call.function)
    if name in COMPOSITES:
        try:
            written = COMPOSITES[name](*args)
            return _bounded(written) if isinstance(written, Apply) else written
        except TypeError:
            raise _at(call, f"{name} cannot take {len(args)} arguments") from None
    if name not in OPS or name in _INTERNAL:
        known = sorted({*OPS, *COMPOSITES, *ALIASES, *PORTS} - set(_INTERNAL))
        raise _at(call, f"'{call.function}' is not an op{suggestion(call.function, known)}")
    if len(args) != OPS[name].arity:
        raise _at(call, f"{name} takes {OPS[name].arity} arguments, found {len(args)}")
    return _bounded(Apply(name, args, call.column))


def _bounded(call: Apply) -> Apply:
    if call.depth > MOST_DEPTH or call.size > MOST_PARTS:
        raise _at(call, _TOO_LARGE)
    return call


_TOO_LARGE = "more operations than anybody can follow"


_INTERNAL = ("constant", "given", "copy", "decimals_over")
ALIASES = {"ln": "log", "sigma": "sigmoid", "logistic": "sigmoid", "ReLU": "relu"}


# --- building ----------------------------------------------------------------------------------


def build(expression: Expression, resolve: Callable[[str], Node]) -> Node:
    """The node of a lowered expression, exactly as written."""
    if isinstance(expression, Literal):
        return constant(expression.value)
    if isinstance(expression, Reference):
        return resolve(expression.name)
    args = [build(arg, resolve) for arg in expression.args]
    op = OPS[expression.function]
    return reduce(op, args) if len(args) > op.arity == 2 else op(*args)
