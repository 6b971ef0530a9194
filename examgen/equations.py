"""The equations of a graph as a reader sees them; a graph over time is shown at one step t."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from examgen.expression import Expression, Reference, walk
from examgen.formula import parse
from examgen.nodes import ADD, Node
from examgen.notation import Symbols
from examgen.ops import PORTS
from examgen.printing import define
from examgen.quantities import Quantities


@lru_cache(maxsize=256)  # the same for all students; quantities compare by identity
def equations(quantities: Quantities) -> tuple[str, ...]:
    """The definitions in TeX, in the author's order; those over time once, for step t."""
    return tuple(
        f"{symbols.tex(name)} = {_right_side(name, quantities, symbols)}"
        for name, symbols in shown_quantities(quantities)
    )


def shown_quantities(quantities: Quantities) -> Iterator[tuple[str, Symbols]]:
    """The defined quantities that a reader sees, each with the symbols to print it with.

    What holds at every step t is there once, as of step 1, with symbols that print 1 as t.
    """
    symbols = quantities.symbols
    for definition in quantities.blueprint.definitions:
        left = parse(definition.name)
        assert isinstance(left, Reference), "bug: definitions define names"
        general = _holds_at_step_t(left, parse(definition.formula))
        for name in _instances(left, quantities, general):
            if quantities.values[name].op not in PORTS:
                yield name, symbols.at_step(1) if general else symbols


def defined_quantities(quantities: Quantities) -> Iterator[str]:
    """The names of all that formulas define, of every step, in the author's order."""
    for definition in quantities.blueprint.definitions:
        left = parse(definition.name)
        assert isinstance(left, Reference), "bug: definitions define names"
        for name in _instances(left, quantities, general=False):
            if quantities.values[name].op not in PORTS:
                yield name


def _right_side(name: str, quantities: Quantities, symbols: Symbols) -> str:
    node = quantities.values[name]
    steps = quantities.blueprint.ranges.get("t", 0)
    terms = {f"{name}[{t}]" for t in range(1, steps + 1)}
    if steps and terms <= set(quantities.values) and _is_sum_of(node, terms):
        return rf"\sum_{{t=1}}^{{{steps}}} {symbols.at_step(1).tex(f'{name}[1]')}"
    return define(node, symbols)


def _holds_at_step_t(left: Reference, right: Expression) -> bool:
    """Whether one line can say it for every step: there is no other index than t, t-1, ...

    Nor does it count with t, as in beta^t: that is a number at step 1.
    """
    if any(part == Reference("t") for part in walk(right)):
        return False
    indices = {i for part in walk(right) if isinstance(part, Reference) for i in part.indices}
    only_steps = all(index.terms == (("t", 1),) for index in (*left.indices, *indices))
    return bool(left.indices) and only_steps


def _instances(left: Reference, quantities: Quantities, general: bool) -> list[str]:
    """The names a left-hand side stands for: at step 1 if it is for every step, else all."""
    ranges = quantities.blueprint.ranges
    variables = list(dict.fromkeys(v for index in left.indices for v in index.variables))
    spans = [range(1, 2 if general else ranges[variable] + 1) for variable in variables]
    names = (left.at(dict(zip(variables, k, strict=True))).name for k in product(*spans))
    return [name for name in names if name in quantities.values]


def _is_sum_of(node: Node, names: set[str]) -> bool:
    """Whether a node is the plain sum of just these, each once; half of it is not."""
    terms: list[Node] = []
    stack = [*node.args] if node.op is ADD else []
    while stack:
        arg = stack.pop()
        if arg.name is None and arg.op is ADD:
            stack.extend(arg.args)
        else:
            terms.append(arg)
    return sorted(arg.name or "" for arg in terms) == sorted(names)
