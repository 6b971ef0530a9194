"""The formulas of a forward pass: what each quantity is made of, and where it is read."""

from __future__ import annotations

from functools import cached_property

from examgen.diagrams.subject import leaves
from examgen.graph import topological
from examgen.nodes import GIVEN, Node
from examgen.quantities import Quantities
from examgen.solution.paths import over_given_names


class Formulas:
    """What is computed on the way forward. values: by name, without what is given."""

    def __init__(self, quantities: Quantities) -> None:
        self.quantities = quantities
        self.values = {n: v for n, v in quantities.values.items() if v.op is not GIVEN}
        self._parts = {n: tuple(topological([over_given_names(v)])) for n, v in self.values.items()}
        self._names = {n: _names_in(v) for n, v in self.values.items()}

    def parts(self, name: str) -> tuple[Node, ...]:
        """The nodes of a quantity's formula over names, arguments first."""
        return self._parts[name]

    def ops(self, name: str) -> frozenset[str]:
        """The names of the ops in a quantity's formula."""
        return frozenset(part.op.name for part in self._parts[name])

    def leaves(self, name: str) -> frozenset[str]:
        """All that a quantity's formula speaks of; nothing for a given."""
        return self._names.get(name, frozenset())

    def computed(self, name: str) -> frozenset[str]:
        """What a quantity's formula speaks of and is computed."""
        return self.leaves(name) & self.values.keys()

    def readers(self, name: str) -> frozenset[str]:
        """The quantities whose formulas speak of one."""
        return self._readers.get(name, frozenset())

    @cached_property
    def _readers(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for reader, names in self._names.items():
            for name in names:
                found.setdefault(name, set()).add(reader)
        return {name: frozenset(readers) for name, readers in found.items()}

    def is_computed(self, node: Node) -> bool:
        """Whether a node over names is a quantity that is neither given nor a step's weight."""
        return node.name in self.values and self.values[node.name or ""].op.name != "use"


def _names_in(node: Node) -> frozenset[str]:
    return frozenset(leaf.name or "" for leaf in leaves(node))
