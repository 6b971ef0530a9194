"""All the quantities of one question: values, gradients, messages, updates, each a node."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from examgen.definitions import Definition, build, define
from examgen.differentiate import adjoint_name, differentiate
from examgen.errors import ExamgenError, Problem, suggestion
from examgen.expression import Expression
from examgen.formula import parse, parse_reference
from examgen.functions import LOSSES
from examgen.graph import topological
from examgen.lowering import Scope, free_indices, lower
from examgen.nodes import GIVEN, Node, given, named
from examgen.notation import PORT, Symbols
from examgen.text import Text
from examgen.topology.blueprint import Blueprint


@dataclass(frozen=True)
class OwnMistake:
    """A mistake that the author of a question expects.

    instead: the names of quantities, and the formulas that are taken for theirs. say: what to tell
    who made it.
    """

    name: str
    instead: Mapping[str, Expression]
    say: Text


@dataclass(frozen=True, eq=False)
class Quantities:
    """The graph of a question by name; compared by identity, so that it can be a cache's key.

    values: givens and what the formulas define, arguments first. adjoints: `dL/d...` of each of
    them. updates: `w'` of every given, where there is a learning rate. derived: the author's own
    formulas over all of these. rate: the learning rate, if there is one. mistakes: the author's
    own.
    """

    blueprint: Blueprint
    values: Mapping[str, Node]
    adjoints: Mapping[str, Node]
    updates: Mapping[str, Node]
    derived: Mapping[str, Node]
    symbols: Symbols
    rate: Node | None = None
    mistakes: tuple[OwnMistake, ...] = ()
    learning_rate: str = "eta"

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """Every quantity by its name."""
        return {**self.values, **self.adjoints, **self.updates, **self.derived}

    @property
    def givens(self) -> list[str]:
        """Names of what is drawn."""
        return [name for name, node in self.nodes.items() if node.op is GIVEN]

    @property
    def loss(self) -> str:
        """Name of the loss."""
        return self.blueprint.loss

    def name(self, written: str) -> str:
        """The name under which a quantity stands: messages and totals are adjoints of ports.

        Raises ExamgenError, with the nearest name there is, for one that there is not.
        """
        name = self._port(written)
        if name not in self.nodes:
            raise ExamgenError(self._no_quantity(written))
        return name

    def _no_quantity(self, written: str) -> str:
        """What to say of a name that nothing has."""
        if written.endswith("'") and written[:-1] in self.values and self.rate is None:
            rate = self.learning_rate
            return f"{written} needs the learning rate: add `{rate}:` under sample"
        of, slash, target = written.partition("/d")
        if slash and of[1:].lower() != self.loss.lower() and target in self.nodes:
            wanted = adjoint_name(self.loss, target)
            return f"there is no '{written}': only the loss has derivatives here, as {wanted}"
        base, bracket, _ = written.partition("[")
        if bracket and base in self.nodes:
            return f"there is no quantity '{written}': '{base}' has no index"
        shown = [key for key in self.nodes if key.partition("[")[0] not in self._entering]
        family = [key for key in shown if key.startswith(f"{written}[")]
        if family:
            return f"there is no quantity '{written}': it has an index, as in {family[0]}"
        return f"there is no quantity '{written}'{suggestion(written, shown)}"

    def node(self, written: str) -> Node:
        """The node of a quantity; see `name`."""
        return self.nodes[self.name(written)]

    def _port(self, written: str) -> str:
        states = {state: entering for entering, state in self.symbols.carries.items()}
        found = PORT.fullmatch(written)
        if found is None:
            prefix = adjoint_name(self.loss, "")
            state = written.removeprefix(prefix)
            bare = written.startswith(prefix) and self.symbols.message_first and state in states
            return adjoint_name(self.loss, states[state]) if bare else written
        port, state = found.groups()
        if state not in states:
            raise ExamgenError(f"'{state}' is no state{suggestion(state, states)}")
        return adjoint_name(self.loss, states[state] if port == "message" else state)

    @property
    def _entering(self) -> set[str]:
        return {name.partition("[")[0] for name in self.symbols.carries}

    def build(self, formula: str) -> Node:
        """A formula over all quantities, as a node. Raises ExamgenError."""
        return build(self.lowered(parse(formula), {}), self.node)

    def lowered(self, expression: Expression, indices: Mapping[str, int]) -> Expression:
        """A formula over all quantities in terms of ops and their names. Raises ExamgenError."""
        return lower(expression, self._scope, indices)

    def build_for_all(self, formula: str) -> list[Node]:
        """A condition; one that speaks of `h[t]` is meant for every t."""
        expression = parse(formula)
        free = free_indices(expression)
        unknown = [variable for variable in free if variable not in self.blueprint.ranges]
        if unknown:
            raise ExamgenError(f"the index '{unknown[0]}' has no range")
        spans = [range(1, self.blueprint.ranges[variable] + 1) for variable in free]
        return [
            build(self.lowered(expression, dict(zip(free, values, strict=True))), self.node)
            for values in product(*spans)
        ]

    @property
    def _scope(self) -> Scope:
        return Scope(self.blueprint.ranges, tuple(self.nodes))


def derive_quantities(
    blueprint: Blueprint,
    learning_rate: str,
    derived: Mapping[str, str],
    declared: Iterable[str] = (),
    overrides: Mapping[str, str] | None = None,
    message_first: bool = False,
) -> Quantities:
    """The whole graph of a question: forward, backward, updates.

    declared: names that the template draws, some of which may appear in no formula (a learning
    rate). overrides: symbols in TeX. Raises ExamgenError with all that is wrong.
    """
    declared = list(declared)
    values = define(blueprint.definitions, blueprint.ranges, declared=declared)
    if blueprint.loss not in values:
        raise ExamgenError(Problem(_no_loss(blueprint.loss, values), path="graph.loss"))
    backward = differentiate(values[blueprint.loss], values.values())
    adjoints = {adjoint_name(blueprint.loss, name): backward[node] for name, node in values.items()}
    rate = values.get(learning_rate)
    if rate is None and learning_rate in declared:
        rate = given(parse_reference(learning_rate).name)
    extra = {learning_rate: rate} if rate is not None and learning_rate not in values else {}
    updates = {} if rate is None else _updates(values, adjoints, rate, blueprint.loss)
    written = [Definition(name, text, f"graph.derived.{name}") for name, text in derived.items()]
    known_nodes = {**values, **extra, **adjoints, **updates}
    replaced = {d.name for d in written} & set(updates)
    known_nodes = {name: node for name, node in known_nodes.items() if name not in replaced}
    return Quantities(
        blueprint=blueprint,
        values={**values, **extra},
        adjoints=adjoints,
        updates={name: node for name, node in updates.items() if name not in replaced},
        derived=define(written, blueprint.ranges, known=known_nodes, declared=declared),
        symbols=_symbols(blueprint, values, overrides or {}, message_first),
        rate=rate,
        learning_rate=learning_rate,
    )


def _no_loss(name: str, values: Iterable[str]) -> str:
    """What to say where the loss is no quantity."""
    meant = {"mse": "mean_squared_error", "cross-entropy": "cross_entropy"}.get(name.lower(), name)
    if meant in LOSSES:
        return f"'{name}' lacks its arguments, prediction, then target: {meant}(yhat, y)"
    near = suggestion(name, values)
    return (
        f"there is no quantity '{name}' to be the loss{near}; "
        "`loss:` is a quantity, or a formula such as (yhat - y)^2"
    )


def descent(weight: Node, rate: Node, gradient: Node) -> Node:
    """One step of gradient descent: w - eta dL/dw."""
    return weight - rate * gradient


def _updates(
    values: Mapping[str, Node], adjoints: Mapping[str, Node], rate: Node, loss: str
) -> dict[str, Node]:
    """The update of every given but the rate itself."""
    return {
        f"{name}'": named(descent(node, rate, adjoints[adjoint_name(loss, name)]), f"{name}'")
        for name, node in values.items()
        if node.op is GIVEN and node is not rate
    }


def _copies(values: Mapping[str, Node], op: str) -> dict[str, str]:
    return {name: node.args[0].name or "" for name, node in values.items() if node.op.name == op}


def _symbols(
    blueprint: Blueprint,
    values: Mapping[str, Node],
    overrides: Mapping[str, str],
    message_first: bool,
) -> Symbols:
    return Symbols(
        overrides=overrides,
        uses=_copies(values, "use"),
        carries=_copies(values, "carry"),
        initial=blueprint.initial,
        message_first=message_first,
        shared=_shared(values),
    )


def _shared(values: Mapping[str, Node]) -> frozenset[str]:
    """States that are used otherwise than carried to the next step."""
    states = set(_copies(values, "carry").values())
    used = (
        arg.name or ""
        for node in topological(values.values())
        if node.op.name != "carry"
        for arg in node.args
    )
    return frozenset(states.intersection(used))
