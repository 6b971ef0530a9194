"""Formulas in terms of ops alone: index variables expanded, composite functions written out.

What is left are ops of the table and names with numbers for indices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import prod

from examgen.errors import ExamgenError, suggestion
from examgen.expression import EVERY, INFIX, Apply, Expression, Literal, Reference
from examgen.formula import parse
from examgen.functions import COMPOSITES, USAGE
from examgen.ops import OPS

MOST_TERMS = 4096
"""Terms of a sum over indices, and quantities of one definition."""
MOST_PARTS = 50_000
"""Operations and names of all formulas together, written out."""
MOST_DEPTH = 150


@dataclass(frozen=True)
class Scope:
    """What index variables range over (1..n), and the names there are, for `x[*]`."""

    ranges: Mapping[str, int]
    names: tuple[str, ...] = ()


def lower(expression: Expression, scope: Scope, indices: Mapping[str, int]) -> Expression:
    """The expression with indices put in and composite functions written out.

    Raises ExamgenError for an unknown function, a wrong number of arguments, a free index.
    """
    if isinstance(expression, Literal):
        return expression
    if isinstance(expression, Reference):
        if _is_number(expression, scope, indices):
            return Literal(Fraction(indices[expression.base]), expression.column)
        concrete = expression.at(indices)
        free = [v for index in concrete.indices for v in index.variables or index.terms[:1]]
        if free:
            raise _at(expression, f"the index '{free[0]}' of '{expression.name}' has no value here")
        return concrete
    if expression.function in PORTS:
        return _port(expression, indices)
    if _reduces(expression):
        return _reduced(expression, scope, indices)
    args = [part for arg in expression.args for part in _members(arg, scope, indices)]
    return _apply(expression, tuple(lower(arg, scope, indices) for arg in args))


PORTS = ("message", "total")
"""`message(h[1])`: the derivative that arrives at h[1] from step 2; `total(h[1])`: all of it."""


def _port(call: Apply, indices: Mapping[str, int]) -> Reference:
    inner = call.args[0]
    if len(call.args) != 1 or not isinstance(inner, Reference):
        raise _at(call, f"{call.function}(...) takes the name of a state, such as h[1]")
    return Reference(f"{call.function}({inner.at(indices).name})", column=call.column)


def _is_number(name: Reference, scope: Scope, indices: Mapping[str, int]) -> bool:
    """Whether a name is that of an index, as in beta^t; a quantity of that name goes first."""
    plain = name == Reference(name.base)
    return plain and name.base in indices and name.base not in scope.names


REDUCTIONS = ("sum", "mean", "var", "std", "norm", "max", "min")
"""Functions that, of one argument, run over the index variables that are free in it."""


def _reduces(expression: Expression) -> bool:
    return (
        isinstance(expression, Apply)
        and expression.function in REDUCTIONS
        and len(expression.args) == 1
    )


def free_indices(expression: Expression) -> list[str]:
    """The index variables that a formula speaks of, but for those that a sum runs over.

    >>> free_indices(parse("x[i] * sum(w[i,j])"))
    ['i']
    """
    found: dict[str, None] = {}
    stack = [expression]
    while stack:
        part = stack.pop()
        if isinstance(part, Reference):
            found |= dict.fromkeys(v for index in part.indices for v in index.variables)
        elif isinstance(part, Apply) and not _reduces(part):
            stack.extend(reversed(part.args))
    return list(found)


def _reduced(call: Apply, scope: Scope, indices: Mapping[str, int]) -> Expression:
    """A sum (a mean, ...) over every index variable that has no value yet, or over `x[*]`.

    What a sum inside of it runs over is that one's.
    """
    argument = call.args[0]
    free = [variable for variable in free_indices(argument) if variable not in indices]
    unknown = [variable for variable in free if variable not in scope.ranges]
    if unknown:
        raise _at(call, f"the index '{unknown[0]}' has no range to sum over")
    terms: list[Expression] = []
    for values in counted(free, scope.ranges):
        inner = {**indices, **values}
        terms += [lower(member, scope, inner) for member in _members(argument, scope, inner)]
        if len(terms) * terms[-1].size > MOST_PARTS:
            raise _at(call, _TOO_LARGE)
    return _apply(call, tuple(terms))


def _members(argument: Expression, scope: Scope, indices: Mapping[str, int]) -> list[Expression]:
    """The argument itself, or for `x[*]` every member of the family in order."""
    if not isinstance(argument, Reference):
        return [argument]
    pattern = argument.at(indices)
    if EVERY not in pattern.indices:
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
        p in (EVERY, o) for p, o in zip(pattern.indices, other.indices, strict=True)
    )


def _at(expression: Expression, message: str) -> ExamgenError:
    return ExamgenError(f"column {expression.column}: {message}")


def _apply(call: Apply, args: tuple[Expression, ...]) -> Expression:
    name = ALIASES.get(call.function, call.function)
    if name in COMPOSITES:
        try:
            written = COMPOSITES[name](*args)
        except TypeError:
            raise _at(call, wrong_count(name, len(args))) from None
        located = replace(written, column=call.column)
        return _bounded(located) if isinstance(located, Apply) else located
    if name not in OPS or name in _INTERNAL:
        raise _at(call, _no_function(call.function))
    if len(args) != OPS[name].arity:
        raise _at(call, wrong_count(name, len(args)))
    return _bounded(Apply(name, args, call.column))


def _no_function(name: str) -> str:
    """What to say of an unknown function: the one that was meant, else all that there are."""
    if name in _FOREIGN:
        near = f" (did you mean '{_FOREIGN[name]}'?)" if _FOREIGN[name] else ""
    else:
        near = suggestion(name, [*function_names(), *ALIASES])
    return f"'{name}' is no function{near or '; there are ' + ', '.join(function_names())}"


def function_names() -> list[str]:
    """The functions that formulas may call, but for other names of theirs."""
    return sorted({*OPS, *COMPOSITES, *PORTS} - {*_INTERNAL, *_HIDDEN, *_SIGNS})


def wrong_count(name: str, found: int) -> str:
    """What to say of a call with a wrong number of arguments."""
    if name in USAGE:
        return f"{name}: found {found} argument{'s' * (found != 1)}, expected {USAGE[name]}"
    arity = OPS[name].arity
    return f"{name} takes {arity} argument{'s' * (arity != 1)}, found {found}"


def _bounded(call: Apply) -> Apply:
    if call.depth > MOST_DEPTH or call.size > MOST_PARTS:
        raise _at(call, _TOO_LARGE)
    return call


_TOO_LARGE = "more operations than anybody can follow"


_INTERNAL = ("constant", "given", "copy", "decimals_over")
_HIDDEN = ("use", "carry", "max'")  # what topologies and derivatives write
_SIGNS = ("neg", "pow", "not", *(function for function, _ in INFIX.values()))
_FOREIGN = {
    **dict.fromkeys(("sin", "cos", "tan", "cot", "asin", "acos", "atan", "arctan", "sinh"), ""),
    **dict.fromkeys(("cosh", "round", "floor", "ceil", "mod", "pow", "gelu", "elu", "erf"), ""),
    "mse": "mean_squared_error",
    "MSE": "mean_squared_error",
    "BCE": "bce",
    "binary_cross_entropy": "bce",
    "root": "sqrt",
}
"""Functions of other languages, and what is meant here; empty where there is nothing like them."""
ALIASES = {"ln": "log", "sigma": "sigmoid", "logistic": "sigmoid", "ReLU": "relu"}


def counted(variables: Sequence[str], ranges: Mapping[str, int]) -> list[dict[str, int]]:
    """Every assignment of numbers to index variables."""
    count = prod(ranges[variable] for variable in variables)
    if count > MOST_TERMS:
        raise ExamgenError(f"the indices {', '.join(variables)} take {count} values together")
    spans = [range(1, ranges[variable] + 1) for variable in variables]
    return [dict(zip(variables, values, strict=True)) for values in product(*spans)]
