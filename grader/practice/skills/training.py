"""Which skills the answers to a question train, derived from its graph.

A slot trains what its own steps need: how a quantity is made on the way forward; over which paths,
through which slopes and past which copies a derivative comes on the way back; what kind of step an
update is; and the cells and layers that all of this is in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from examgen.graph import topological
from examgen.misconceptions.anatomy import ACTIVATIONS
from examgen.nodes import ADD, GIVEN, MUL, SUB, Node
from examgen.planted import RIGHT_VALUE, WRONG_LINE
from examgen.slots import Slot
from examgen.solution.paths import Path, over_given_names
from examgen.solution.plan import Plan
from grader.practice.skills.steps import own_steps
from grader.practice.skills.structure import Structure
from grader.practice.skills.updates import Derived
from grader.practice.skills.words import taught

SLOPES = {
    "relu'": "slope:relu",
    "leaky_relu'": "slope:relu",
    "sigmoid'": "slope:sigmoid",
    "tanh'": "slope:tanh",
}
"""The skill of each slope, by the name of its op."""


def trained(plan: Plan) -> dict[str, tuple[str, ...]]:
    """The skills that each slot trains, by slot in paper order, in teaching order each.

    A slot trains what its own step needs: what was asked before it is known.
    """
    trainer = _Trainer(plan, Structure(plan.template))
    steps = own_steps(plan)
    return {slot.id: taught(trainer.by(slot, steps[slot.id])) for slot in plan.template.slots}


class _Trainer:
    """What the steps of one question train."""

    def __init__(self, plan: Plan, structure: Structure) -> None:
        self.plan = plan
        self.quantities = plan.quantities
        self.structure = structure
        self.derived = Derived(plan.quantities)

    def by(self, slot: Slot, steps: Sequence[Node]) -> set[str]:
        """The skills of a slot. steps: what it works out, its own quantity first."""
        spot = {"spot"} if slot.quantity in (WRONG_LINE, RIGHT_VALUE) else set()
        if slot.quantity == WRONG_LINE:
            return spot
        skills = {skill for step in steps for skill in self._of(step)}
        formula = {"derive"} if slot.kind == "formula" else set()
        return (skills or {self._general(steps[0])}) | spot | formula

    def _general(self, step: Node) -> str:
        """What is trained by an answer that is the same as an earlier one, or is no work."""
        return "forward" if step.name in self.quantities.values else "chain"

    def _of(self, step: Node) -> Iterator[str]:
        name = step.name or ""
        if name in self.quantities.updates:
            yield "update:sgd"
        elif name in self.quantities.adjoints:
            yield from self._of_adjoint(name)
        elif name in self.quantities.derived:
            yield from self.derived.skills(name, self.structure.loss)
            yield from self.structure.beside(self.derived.names(name))
        else:
            yield from self._of_value(name)

    # --- forward ---------------------------------------------------------------------------------

    def _of_value(self, name: str) -> Iterator[str]:
        """What a quantity of the forward pass trains."""
        structure = self.structure
        if structure.loss and name in structure.loss_parts | structure.classifying:
            yield structure.loss
            return
        layers = structure.forward(name)
        yield from layers
        ops = {part.op for part in topological([over_given_names(self.quantities.nodes[name])])}
        if any(op.name in ACTIVATIONS for op in ops):
            yield "activation"
        if ops & {ADD, SUB, MUL} and not _BY_THEMSELVES.intersection(layers):
            yield "forward"

    # --- backward --------------------------------------------------------------------------------

    def _of_adjoint(self, adjoint: str) -> Iterator[str]:
        """What a derivative of the loss trains."""
        loss, name = self.structure.loss, adjoint.partition("/d")[2]
        if loss and adjoint in self.plan.simple:
            yield loss
            return
        ways = self.plan.ways(adjoint)
        yield from self.structure.backward(name)
        yield from _slopes(ways)
        if self.structure.bends(name):
            yield "slope:other"
        if loss and any(map(self._is_of_loss, ways)):
            yield loss
            ways = tuple(way for way in ways if not self._is_of_loss(way))
        if len(ways) > 1:
            yield self._sum(name)
        elif any(map(_is_link, ways)):
            yield "chain"
        if self._is_state(name, len(ways)):
            yield "message"

    def _is_of_loss(self, way: Path) -> bool:
        """Whether a path begins at the loss itself."""
        return way.via is None or way.via.partition("/d")[2] in self.structure.loss_parts

    def _sum(self, name: str) -> str:
        """What kind of sum the derivative by a quantity is."""
        values = self.quantities.values
        if any(values[reader].op.name == "use" for reader in self.structure.readers(name)):
            return "shared:time" if "t" in self.quantities.blueprint.ranges else "shared"
        tokens = "layer:attention" in self.structure.backward(name)
        learned = values[name].op is GIVEN and self.structure.is_parameter(name)
        return "shared" if learned and not tokens else "paths"

    def _is_state(self, name: str, ways: int) -> bool:
        """Whether a quantity is a state whose message is to be told from its total derivative."""
        symbols = self.quantities.symbols
        if symbols.message_first:
            return name in symbols.initial or name in symbols.carries
        return (
            ways > 1 and name in symbols.shared and self.quantities.blueprint.ranges.get("t", 1) > 1
        )


_BY_THEMSELVES = frozenset({"layer:norm", "layer:pool"})
"""Layers with a forward pass of another kind than sums of products."""


def _slopes(ways: Sequence[Path]) -> Iterator[str]:
    """The slopes among the local derivatives."""
    for way in ways:
        for part in topological([way.factor]):
            if part.op.name in SLOPES:
                yield SLOPES[part.op.name]


def _is_link(way: Path) -> bool:
    """Whether a path multiplies by more than a slope."""
    return not (way.passes_on or way.factor.value == -1 or way.factor.op.name in SLOPES)
