"""Unrolling a cell over time, with a copy of every parameter for every step.

`w[t]` is w as step t uses it, so dL/dw[t] is that step's contribution and dL/dw their sum.
`h_in[t]` is the state as it enters step t, so dL/dh_in[t+1] is the message that arrives at h[t]
from step t+1, beside the total derivative dL/dh[t]; at the last step the message is zero.
"""

from __future__ import annotations

from collections.abc import Mapping

from examgen.definitions import Definition
from examgen.errors import ExamgenError, Problem
from examgen.expression import Apply, Expression, Index, Reference, unparse, walk
from examgen.formula import parse, parse_reference
from examgen.lowering import PORTS
from examgen.topology.blueprint import Blueprint

ENTERING = "_in"
_PATH = "graph.step"


def unroll(
    states: Mapping[str, str],
    step: Mapping[str, str],
    steps: int,
    loss: list[Definition],
) -> Blueprint:
    """The formulas of a cell with `states` (name -> name of the initial state) over `steps` steps.

    step: the equations of step t, such as `h[t]: relu(w*x[t] + h[t-1])`. Raises ExamgenError for
    an equation whose left side is not indexed by t, and for a state that no equation defines.
    """
    for first in states.values():
        parse_reference(first)
    parsed = _read_all(step)
    missing = set(states) - {left.base for left, _ in parsed.values()}
    if missing:
        raise ExamgenError(Problem(f"no equation for the state {min(missing)}[t]", path=_PATH))
    parameters = _parameters(parsed)
    equations = [
        Definition(name, unparse(_rewrite(right, states, parameters)), f"{_PATH}.{name}")
        for name, (_, right) in parsed.items()
    ]
    uses = [Definition(f"{name}[t]", f"use({name})", _PATH) for name in parameters]
    entering = [
        definition
        for state, first in states.items()
        for definition in (
            Definition(f"{state}{ENTERING}[1]", f"carry({first})", "graph.state"),
            Definition(f"{state}{ENTERING}[t+1]", f"carry({state}[t])", _PATH),
        )
    ]
    return Blueprint(
        definitions=(*uses, *entering, *equations, *loss),
        ranges={"t": steps},
        initial={first: state for state, first in states.items()},
    )


def _read_all(step: Mapping[str, str]) -> dict[str, tuple[Reference, Expression]]:
    """Both sides of every equation, by name. Raises ExamgenError with all that is wrong."""
    parsed: dict[str, tuple[Reference, Expression]] = {}
    problems: list[Problem] = []
    for name, text in step.items():
        try:
            parsed[name] = _left(name), parse(text)
        except ExamgenError as error:
            problems += [problem.at(path=f"{_PATH}.{name}") for problem in error.problems]
    if problems:
        raise ExamgenError(problems)
    return parsed


def _left(name: str) -> Reference:
    left = parse(name)
    if not isinstance(left, Reference) or left.indices != (Index.of("t"),) or left.of or left.prime:
        raise ExamgenError(f"'{name}' must be a name indexed by the step, such as h[t]")
    return left


def _parameters(parsed: Mapping[str, tuple[Reference, Expression]]) -> list[str]:
    """Names without an index that the equations use: shared by all steps; t is their number."""
    defined = {left.base for left, _ in parsed.values()}
    found = (
        part.name
        for _, right in parsed.values()
        for part in walk(right)
        if isinstance(part, Reference) and not (part.indices or part.of or part.prime)
    )
    return [name for name in dict.fromkeys(found) if name not in (*defined, "t")]


def _rewrite(
    expression: Expression, states: Mapping[str, str], parameters: list[str]
) -> Expression:
    if isinstance(expression, Apply):
        if expression.function in PORTS:
            return expression
        args = tuple(_rewrite(arg, states, parameters) for arg in expression.args)
        return Apply(expression.function, args, expression.column)
    if not isinstance(expression, Reference):
        return expression
    if expression.name in parameters:
        return Reference(expression.base, (Index.of("t"),), column=expression.column)
    if expression.base in states and expression.indices == (Index.of("t", -1),):
        return Reference(expression.base + ENTERING, (Index.of("t"),), column=expression.column)
    return expression
