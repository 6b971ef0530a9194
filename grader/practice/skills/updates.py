"""What an author computes beyond the graph: steps of optimizers, gradients and slopes by hand."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from functools import cached_property

import numpy as np

from examgen.differentiate import differentiate
from examgen.graph import evaluate, topological
from examgen.misconceptions.anatomy import stem
from examgen.nodes import ADD, COPY, GIVEN, MUL, SUB, Node
from examgen.quantities import Quantities
from examgen.solution.paths import over_given_names

_POINTS = 16


class Derived:
    """The author's own quantities of a question."""

    def __init__(self, quantities: Quantities) -> None:
        self.quantities = quantities
        self.derived = quantities.derived

    def skills(self, name: str, loss: str | None) -> Iterator[str]:
        """What one of them trains. loss: the skill of the question's loss."""
        node = self.derived[name]
        slopes = self._jacobian(node)
        if node.op is COPY:
            return
        if name in self._optimizing:
            yield "update:sgd" if self._is_descent(name) else "update:optimizer"
        elif slopes is not None:
            yield from ("chain", *slopes)
        elif self._is_gradient(name):
            yield from filter(None, ("chain", loss))
        elif node.op in (ADD, SUB) or self._repeats(node):
            yield "forward"
        else:
            yield "chain"

    def names(self, name: str) -> set[str]:
        """The quantities that the formula of one of them speaks of."""
        formula = over_given_names(self.derived[name])
        return {part.name for part in topological([formula]) if part.name is not None}

    # --- optimizers ------------------------------------------------------------------------------

    @cached_property
    def _optimizing(self) -> frozenset[str]:
        """What leads from gradients to new weights: averages, corrections, steps.

        A weight after a step is made with the learning rate; what is computed from it is the next
        pass, not the step.
        """
        rate = self.quantities.learning_rate
        weights = {name for name in self.derived if rate in self.names(name)}
        found = set(weights)
        for name in self.derived:
            states = found - weights | self._copies | set(self.quantities.adjoints)
            if name not in self._copies and self.names(name) & states:
                found.add(name)
        return frozenset(found)

    def _is_descent(self, name: str) -> bool:
        """Whether a step is that of plain gradient descent, written out: w - eta*dL/dw."""
        gradients = self._copies | self.quantities.adjoints.keys()
        others = self.names(name) - {self.quantities.learning_rate}
        ops = {part.op for part in topological([over_given_names(self.derived[name])])}
        plain = len(others) == 2 and len(others & gradients) == 1
        return plain and ops == {SUB, MUL, GIVEN}

    @cached_property
    def _copies(self) -> frozenset[str]:
        """Gradients under names of the author's."""
        adjoints = self.quantities.adjoints
        copies = {n: node for n, node in self.derived.items() if node.op is COPY}
        return frozenset(n for n, node in copies.items() if node.args[0].name in adjoints)

    def _is_gradient(self, name: str) -> bool:
        """Whether a quantity is called as a gradient is: `g_2` where `g_1` is dL/dw."""
        return stem(name) in {stem(other) for other in self._copies}

    # --- passes by hand --------------------------------------------------------------------------

    def _repeats(self, node: Node) -> bool:
        """Whether a formula is one of the graph's again, with other indices."""
        shape = _shape(over_given_names(node))
        return any(_shape(over_given_names(v)) == shape for v in self.quantities.values.values())

    def _jacobian(self, node: Node) -> list[str] | None:
        """The slopes in the derivative of a state by the one before, if that is what it is."""
        values = self.quantities.values
        for carry, state in zip(*self._states(), strict=False):
            slope = differentiate(values[state], [values[carry]])[values[carry]]
            if self._alike(node, slope):
                ops = {part.op.name for part in topological([slope])}
                return [f"slope:{op}" for op in ("sigmoid", "tanh") if f"{op}'" in ops]
        return None

    def _states(self) -> tuple[list[str], list[str]]:
        """States as they enter each step, and as they leave it."""
        carries = self.quantities.symbols.carries
        if len(set(self.quantities.symbols.initial.values())) != 1:
            return [], []
        return list(carries), list(carries.values())[1:]

    def _alike(self, node: Node, other: Node) -> bool:
        """Whether two nodes are the same at points at random."""
        draws = np.random.default_rng(7)
        points = {name: draws.uniform(-1, 1, _POINTS) for name in self.quantities.givens}
        with np.errstate(all="ignore"):
            one, two = evaluate([node, other], points)
        return bool(np.allclose(one, two, rtol=1e-9))


def _shape(node: Node) -> Hashable:
    """A formula with names without their numbers."""
    if node.name is not None:
        return stem(node.name)
    return (node.op.name, node.value, *map(_shape, node.args))
