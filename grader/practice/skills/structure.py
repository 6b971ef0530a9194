"""What the graph of a question is made of: its loss, its cells and layers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from examgen.diagrams.subject import subject_of
from examgen.misconceptions.anatomy import ACTIVATIONS, Anatomy
from examgen.nodes import GIVEN, SUB, Node
from examgen.template import Template
from grader.practice.skills.cells import between_states, cell_skill
from grader.practice.skills.formulas import Formulas
from grader.practice.skills.layers import (
    attending,
    exponentials,
    masked,
    normalised,
    pooled,
    shares,
    windows,
)

_SKIP, _DROPOUT = "layer:skip", "layer:dropout"
_BENT = {"softplus", "exp", "log", "sqrt", "abs", "pow"}


class Structure:
    """The forward graph of a question with its loss, cells and layers."""

    def __init__(self, template: Template) -> None:
        self.template = template
        self.quantities = template.quantities
        self.anatomy = Anatomy(template.quantities)
        self.formulas = Formulas(template.quantities)
        self._subject = subject_of(template.quantities)

    # --- the loss --------------------------------------------------------------------------------

    @cached_property
    def loss_parts(self) -> frozenset[str]:
        """The loss and its terms, as far as they have names; the kink of a loss with a margin."""
        formulas = self.formulas
        parts = {node.name for node in self.anatomy.loss_parts if node.name is not None}
        last = (n for n in formulas.values if formulas.readers(n) and formulas.readers(n) <= parts)
        return frozenset(parts.union(filter(self._is_margin, last)))

    def _is_margin(self, name: str) -> bool:
        """Whether a quantity is a ReLU of a difference: no unit has such an input."""
        node = self.formulas.values[name]
        return node.op.name == "relu" and node.args[0].op is SUB and node.args[0].name is None

    @cached_property
    def loss(self) -> str | None:
        """The skill of the loss; None for a sum or product that is taken as if it were a loss."""
        parts = {part for name in self.loss_parts for part in self.formulas.parts(name)}
        logs = [part for part in parts if part.op.name == "log"]
        if logs:
            turned = any(arg.op is SUB for log in logs for arg in log.args)
            return "loss:bce" if turned else "loss:softmax"
        if any(map(self._is_error, parts)):
            return "loss:squared"
        bent = any(part.op.name in ("square", *ACTIVATIONS) for part in parts)
        return "loss:other" if bent and not self._of_givens(parts) else None

    def _is_error(self, part: Node) -> bool:
        """Whether a part is the square of a difference between something computed and another."""
        inner = part.args[0] if part.op.name == "square" else part
        return inner is not part and inner.op is SUB and not self._of_givens(inner.args)

    def _of_givens(self, parts: Iterable[Node]) -> bool:
        names = {part.name for part in parts if part.name is not None} - self.loss_parts
        return not names & self.formulas.values.keys()

    # --- cells and layers ------------------------------------------------------------------------

    @cached_property
    def bodies(self) -> Mapping[str, frozenset[str]]:
        """For each cell and layer, by its skill, the quantities that it is made of."""
        formulas, inner = self.formulas, between_states(self.formulas)
        found = {
            _SKIP: frozenset(self.anatomy.owners[top] for _, top in self._skips),
            "layer:conv": frozenset(windows(formulas)),
            "layer:pool": frozenset(pooled(formulas)),
            _DROPOUT: frozenset(masked(formulas, self._masks)) - self.loss_parts,
            "layer:norm": frozenset(normalised(formulas)) - self.loss_parts,
            "layer:attention": self._attention,
            cell_skill(formulas, inner): inner,
        }
        return {skill: names for skill, names in found.items() if names}

    def forward(self, name: str) -> list[str]:
        """The cells and layers that a quantity is in."""
        return [skill for skill, names in self.bodies.items() if name in names]

    def backward(self, name: str) -> Iterator[str]:
        """The cells and layers that the derivative by a quantity comes back through.

        Through a skip connection it comes where that begins; a cell's weights and inputs are
        no part of it.
        """
        readers = self.readers(name)
        outside = self._is_outside(name)
        for skill, names in self.bodies.items():
            inside = name in self._forks if skill == _SKIP else bool(readers & names)
            if inside and not (outside and skill.startswith("cell:")):
                yield skill

    def _is_outside(self, name: str) -> bool:
        node = self.quantities.values[name]
        begins = name in self.quantities.symbols.initial
        return node.op.name == "use" or (node.op is GIVEN and not begins)

    def beside(self, names: Iterable[str]) -> Iterator[str]:
        """The dropout that a formula goes around, as a network does at test time: it reads what
        that masks."""
        around = self.bodies.get(_DROPOUT, frozenset())
        if any(self.readers(name) & around for name in names if name in self.formulas.values):
            yield _DROPOUT

    def readers(self, name: str) -> frozenset[str]:
        """The quantities whose formulas speak of one."""
        return self.formulas.readers(name)

    def is_parameter(self, name: str) -> bool:
        """Whether a given is a weight, a bias or another number that is learned."""
        node = self.quantities.values[name]
        return self._subject.is_parameter(node) or self.anatomy.is_weight(node)

    @cached_property
    def _masks(self) -> set[str]:
        """Givens that are 0 or 1 and no data."""
        grids = self.template.grids.items()
        return {n for n, grid in grids if set(grid.values) <= {0, 1}} - self._subject.data

    def bends(self, name: str) -> bool:
        """Whether a quantity is read by a function of another kind than activations, outside of the
        loss and of layers."""
        loss = self.loss_parts | self.classifying
        readers = (one for one in self.readers(name) - loss if not self.forward(one))
        return any(self.formulas.ops(reader) & _BENT for reader in readers)

    @cached_property
    def _skips(self) -> list[tuple[Node, Node]]:
        """Where each skip connection begins, and the sum that it leads to."""
        anatomy = self.anatomy
        pairs = [
            (fork, anatomy.top(place.consumer))
            for fork in anatomy.skipping
            for place in anatomy.skips(fork)
        ]
        return [(fork, top) for fork, top in pairs if top not in anatomy.loss_parts]

    @cached_property
    def _forks(self) -> frozenset[str]:
        """Where skip connections begin; a state that enters a step goes by its own name, too."""
        carries = self.quantities.symbols.carries
        names = {fork.name or "" for fork, _ in self._skips}
        return frozenset(names | {carries.get(name, name) for name in names})

    # --- softmax ---------------------------------------------------------------------------------

    @cached_property
    def _attention(self) -> frozenset[str]:
        """An attention, where a softmax is no output of the network."""
        read = {name for part in self.loss_parts for name in self.formulas.leaves(part)}
        weights = shares(self.formulas)
        return frozenset() if weights & read else frozenset(attending(self.formulas))

    @cached_property
    def classifying(self) -> frozenset[str]:
        """Where the output of the network is a softmax: its outputs, and sums for them."""
        if self.loss != "loss:softmax":
            return frozenset()
        weights = shares(self.formulas)
        return weights | frozenset(exponentials(self.formulas, weights))
