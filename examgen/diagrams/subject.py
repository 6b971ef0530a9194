"""What a figure is about: the defined quantities it shows, and what the givens are to them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from examgen.equations import defined_quantities, shown_quantities
from examgen.nodes import COPY, GIVEN, Node
from examgen.notation import Symbols
from examgen.ops import PORTS
from examgen.quantities import Quantities
from examgen.topology.unroll import ENTERING
from examgen.typeset.speech import speech

_DATA = re.compile(r"[xiyt]\d*(_\w+)?(\[.*\])?")
_INPUT = re.compile(r"[xi]\d*(_\w+)?(\[.*\])?")


@dataclass(frozen=True)
class Subject:
    """A graph as a figure shows it; that of a recurrent cell at one step, called t.

    names: the defined quantities, in the author's order. symbols: to print them with.
    """

    quantities: Quantities
    names: tuple[str, ...]
    symbols: Symbols

    @property
    def values(self) -> Mapping[str, Node]:
        """Every quantity of the forward pass by name."""
        return self.quantities.values

    @property
    def states(self) -> dict[str, str]:
        """Each state as it enters the step, and as it leaves it: `h_in[1]` -> `h[1]`.

        Empty where there are no steps.
        """
        families = self.quantities.blueprint.initial.values()
        return {f"{family}{ENTERING}[1]": f"{family}[1]" for family in families}

    @cached_property
    def data(self) -> frozenset[str]:
        """Givens that are data, by their names (x, i, y, t); where none is an input by its name,
        those that are read more than once, too; all, if there are no such either."""
        givens = self.quantities.givens
        found = {name for name in givens if _DATA.fullmatch(name)}
        if self._told or any(_INPUT.fullmatch(name) for name in givens):
            return frozenset(found | self._told)
        readers = Counter(leaf.name for name in self.names for leaf in leaves(self.values[name]))
        shared = {name for name in givens if readers[name] > 1}
        return frozenset(found | shared if shared else givens)

    @property
    def _told(self) -> set[str]:
        blueprint = self.quantities.blueprint
        return {*blueprint.inputs, *blueprint.initial}

    def is_parameter(self, node: Node) -> bool:
        """Whether a node is a weight, a bias or another number of the model."""
        if node.op.name == "use":
            return True
        return node.op is GIVEN and node.name not in self.data

    def tex(self, name: str) -> str:
        """The symbol of a quantity in TeX."""
        return self.symbols.tex(name)

    def text(self, name: str, language: str) -> str:
        """The symbol of a quantity in words, for a text alternative: a hat on it is heard, too."""
        return speech(self.tex(name), language)

    def texts(self, names: Iterable[str], language: str) -> str:
        """Symbols in words, separated by commas."""
        return ", ".join(self.text(name, language) for name in names)


def subject_of(quantities: Quantities) -> Subject:
    """What the figure of a graph is about."""
    if not quantities.blueprint.initial:
        return Subject(quantities, tuple(defined_quantities(quantities)), quantities.symbols)
    shown = [name for name, symbols in shown_quantities(quantities) if symbols.step is not None]
    return Subject(quantities, tuple(shown), quantities.symbols.at_step(1))


def original(node: Node) -> Node:
    """The node without copies in front of it: d of h = d. Ports stay."""
    while node.op is COPY:
        node = node.args[0]
    return node


def leaves(node: Node) -> list[Node]:
    """The named nodes that a node's definition speaks of, first use first."""
    found: dict[Node, None] = {}
    stack = list(reversed(node.args))
    while stack:
        arg = stack.pop()
        if arg.name is not None:
            found.setdefault(arg)
        else:
            stack.extend(reversed(arg.args))
    return list(found)


def parts(node: Node) -> list[Node]:
    """The terms of a sum or the factors of a product, first to last; otherwise the node itself."""
    found: list[Node] = []
    stack = [node]
    while stack:
        part = stack.pop()
        if part.op is node.op and (part is node or part.name is None) and part.args:
            stack.extend(reversed(part.args))
        else:
            found.append(part)
    return found


def is_port(node: Node) -> bool:
    """Whether a node is a step's copy of a parameter, or a state as it enters a step."""
    return node.op in PORTS
