"""All the quantities of one question: values, gradients, messages, updates, each a node."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from examgen.definitions import Definition, Scope, build, define, lower
from examgen.differentiate import adjoint_name, differentiate
from examgen.errors import ExamgenError, Problem, suggestion
from examgen.expression import Expression, Reference, walk
from examgen.formula import parse, parse_reference
from examgen.graph import topological
from examgen.nodes import GIVEN, Node, given, named
from examgen.notation import PORT, Symbols
from examgen.topology.blueprint import Blueprint


@dataclass(frozen=True)
class Quantities:
    """The graph of a question by name.

    values: givens and what the formulas define, arguments first. adjoints: `dL/d...` of each of
    them. updates: `w'` of every given, where there is a learning rate. derived: the author's own
    formulas over all of these. rate: the learning rate, if there is one.
    """

    blueprint: Blueprint
    values: Mapping[str, Node]
    adjoints: Mapping[str, Node]
    updates: Mapping[str, Node]
    derived: Mapping[str, Node]
    symbols: Symbols
    rate: Node | None = None

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
            shown = [key for key in self.nodes if key.partition("[")[0] not in self._entering]
            near = suggestion(written, shown)
            raise ExamgenError(f"there is no quantity '{written}'{near}")
        return name

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
        return build(lower(parse(formula), self._scope, {}), self.node)

    def build_for_all(self, formula: str) -> list[Node]:
        """A condition; one that speaks of `h[t]` is meant for every t."""
        expression = parse(formula)
        free = _free_indices(expression)
        unknown = [variable for variable in free if variable not in self.blueprint.ranges]
        if unknown:
            raise ExamgenError(f"the index '{unknown[0]}' has no range")
        spans = [range(1, self.blueprint.ranges[variable] + 1) for variable in free]
        return [
            build(lower(expression, self._scope, dict(zip(free, values, strict=True))), self.node)
            for values in product(*spans)
        ]

    @property
    def _scope(self) -> Scope:
        return Scope(self.blueprint.ranges, tuple(self.nodes))


def _free_indices(expression: Expression) -> list[str]:
    """Index variables outside of sums."""
    inside = {
        id(part)
        for call in walk(expression)
        if getattr(call, "function", "") == "sum" and len(getattr(call, "args", ())) == 1
        for part in walk(call)
    }
    return list(
        dict.fromkeys(
            index.variable
            for part in walk(expression)
            if isinstance(part, Reference) and id(part) not in inside
            for index in part.indices
            if index.variable not in ("", "*")
        )
    )


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
        known = suggestion(blueprint.loss, values)
        raise ExamgenError(
            Problem(f"there is no quantity '{blueprint.loss}'{known}", path="graph.loss")
        )
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
