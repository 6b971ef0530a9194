"""The LSTM cell and the GRU cell as every textbook draws them, with the template's own names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from examgen.diagrams.gates import Gru, Lstm, names_of, taken_weights
from examgen.diagrams.general import graph_alternative
from examgen.diagrams.subject import Subject, original
from examgen.diagrams.words import word
from examgen.nodes import Node
from examgen.sheet import Diagram, Edge, Frame, Vertex

Place = tuple[float, float]
Shape = Literal["circle", "box", "pill", "plain", "dot"]

_SIGMOID, _TANH = r"\sigma", r"\tanh"


@dataclass
class Plan:
    """A picture under construction; places are (column, row)."""

    subject: Subject
    vertices: list[Vertex] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)

    def put(self, name: str, label: str, shape: Shape, at: Place, shaded: bool = False) -> None:
        """A vertex at its place."""
        self.vertices.append(Vertex(name, label, shape, *at, shaded))

    def run(
        self,
        source: str,
        target: str,
        label: str = "",
        via: Iterable[Place] = (),
        head: bool = True,
    ) -> None:
        """An arrow, or a line, through some places."""
        self.edges.append(Edge(source, target, label, via=tuple(via), head=head))

    def named(self, node: Node) -> str:
        """The symbol of a node's first name; nothing for a nameless one."""
        names = names_of(self.subject, node)
        return self.subject.tex(names[0]) if names else ""

    def key(self, node: Node, otherwise: str) -> str:
        """The id of a node's vertex: its first name."""
        names = names_of(self.subject, node)
        return names[0] if names else otherwise

    def drawn(self, alternative: str, frame: Frame) -> Diagram:
        """The finished picture."""
        return Diagram(tuple(self.vertices), tuple(self.edges), alternative, (frame,))


# --- LSTM --------------------------------------------------------------------------------------

_UPPER, _LOWER, _GATES = 0.0, 3.0, 2.1  # rows of the lanes and of the gates
_ENTRY, _EXIT = -0.65, 7.35
_FORGET, _TAKE, _CANDIDATE, _OUT, _READ = 1.3, 2.4, 3.5, 4.75, 5.6


def lstm(subject: Subject, cell: Lstm, language: str) -> Diagram:
    """Lanes for the cell state and the hidden state, gates between them."""
    plan = Plan(subject)
    keys = _lstm_gates(plan, cell)
    _lstm_upper(plan, cell, keys)
    _lstm_lower(plan, cell, keys)
    _lstm_exit(plan, cell, keys)
    opening = word(language, "lstm")
    return plan.drawn(graph_alternative(subject, language, opening), Frame(-0.05, -0.6, 6.65, 3.55))


def _lstm_gates(plan: Plan, cell: Lstm) -> dict[str, str]:
    keys = {
        "forget": plan.key(cell.forget, "forget"),
        "take": plan.key(cell.take, "take"),
        "candidate": plan.key(cell.candidate, "candidate"),
        "out": plan.key(cell.out, "out"),
        "squashed": plan.key(cell.squashed, "squashed"),
        "cell": plan.key(cell.cell, "cell"),
        "hidden": plan.key(cell.hidden, "hidden"),
    }
    for name, column in zip(keys, (_FORGET, _TAKE, _CANDIDATE, _OUT), strict=False):
        sign = _TANH if name == "candidate" else _SIGMOID
        plan.put(keys[name], sign, "box", (column, _GATES))
    return keys


def _lstm_upper(plan: Plan, cell: Lstm, keys: dict[str, str]) -> None:
    """The lane of the cell state: forget, add."""
    subject, (entering, leaving) = plan.subject, cell.cells
    plan.put(entering, subject.tex(entering), "plain", (_ENTRY, _UPPER))
    plan.put("keep", r"\times", "circle", (_FORGET, _UPPER))
    plan.put("write", r"\times", "circle", (_CANDIDATE, 1.1))
    plan.put(keys["cell"], "+", "circle", (_CANDIDATE, _UPPER))
    plan.put("fork", "", "dot", (_READ, _UPPER))
    plan.put(f"{leaving} out", subject.tex(leaving), "plain", (_EXIT, _UPPER))
    plan.run(entering, "keep")
    plan.run("keep", keys["cell"])
    plan.run(keys["forget"], "keep", plan.named(cell.forget))
    plan.run(keys["take"], "write", plan.named(cell.take), [(_TAKE, 1.1)])
    plan.run(keys["candidate"], "write", plan.named(cell.candidate))
    plan.run("write", keys["cell"])
    names = names_of(subject, cell.cell)
    inner = subject.tex(names[0]) if names and names[0] != leaving else ""
    plan.run(keys["cell"], "fork", inner, head=False)
    plan.run("fork", f"{leaving} out")


def _lstm_lower(plan: Plan, cell: Lstm, keys: dict[str, str]) -> None:
    """The lane that runs below the gates, and the data that comes in."""
    subject, entering = plan.subject, cell.hiddens[0]
    plan.put(entering, subject.tex(entering), "plain", (_ENTRY, _LOWER))
    join = subject.tex(cell.joined.name or "") if cell.joined else ""
    key = (cell.joined.name or "") if cell.joined else "join"
    plan.put(key, "+" if join else "", "circle" if join else "dot", (0.4, _LOWER))
    plan.run(entering, key, head=bool(join))
    for place, name in enumerate(cell.data):
        plan.put(name, subject.tex(name), "circle", (0.4 - 0.7 * place, 4.1), True)
        plan.run(name, key, head=bool(join))
    before, label = key, join
    for gate, column in (("forget", _FORGET), ("take", _TAKE), ("candidate", _CANDIDATE)):
        plan.put(f"to {gate}", "", "dot", (column, _LOWER))
        plan.run(before, f"to {gate}", label, head=False)
        plan.run(f"to {gate}", keys[gate], _gate_weight(plan, cell, gate))
        before, label = f"to {gate}", ""
    plan.run(before, keys["out"], _gate_weight(plan, cell, "out"), [(_OUT, _LOWER)])


def _gate_weight(plan: Plan, cell: Lstm, gate: str) -> str:
    """The weight on the way to a gate, where it is one for all that comes in."""
    if cell.joined is None:
        return ""
    weights = taken_weights(plan.subject, getattr(cell, gate), cell.joined.name or "")
    return plan.subject.tex(weights[0]) if weights else ""


def _lstm_exit(plan: Plan, cell: Lstm, keys: dict[str, str]) -> None:
    """The hidden state: the squashed cell state times the output gate."""
    subject, leaving = plan.subject, cell.hiddens[1]
    plan.put(keys["squashed"], _TANH, "pill", (_READ, 0.85))
    plan.put(keys["hidden"], r"\times", "circle", (_READ, 1.75))
    plan.put(f"{leaving} out", subject.tex(leaving), "plain", (_EXIT, _LOWER))
    plan.run("fork", keys["squashed"])
    plan.run(keys["squashed"], keys["hidden"], plan.named(cell.squashed))
    plan.run(keys["out"], keys["hidden"], plan.named(cell.out), [(_OUT, 1.75)])
    names = names_of(subject, cell.hidden)
    inner = subject.tex(names[0]) if names and names[0] != leaving else ""
    outputs = list(_outputs(subject, cell.hidden, {cell.cells[1], leaving}))
    if not outputs:
        plan.run(keys["hidden"], f"{leaving} out", inner, [(_READ, _LOWER)])
        return
    plan.put("branch", "", "dot", (6.2, _LOWER))
    plan.run(keys["hidden"], "branch", inner, [(_READ, _LOWER)], head=False)
    plan.run("branch", f"{leaving} out")
    _output(plan, outputs[0], (6.2, -1.2), "branch")


def _outputs(subject: Subject, hidden: Node, known: set[str]) -> Iterator[str]:
    """Quantities that are computed from the new hidden state alone."""
    for name in subject.names:
        node = subject.values[name]
        reads = name not in known and len(node.args) == 1 and original(node.args[0]) is hidden
        if reads and (node.op.name != "copy" or name not in names_of(subject, hidden)[:1]):
            yield name


def _output(plan: Plan, name: str, at: Place, source: str) -> None:
    """An output above or beside the cell, with its activation."""
    node = plan.subject.values[name]
    if node.op.name == "copy":
        plan.put(name, plan.subject.tex(name), "plain", at)
        plan.run(source, name)
        return
    plan.put(name, node.op.notation.tex, "box", at)
    plan.put(f"{name} out", plan.subject.tex(name), "plain", (at[0] + 1.15, at[1]))
    plan.run(source, name)
    plan.run(name, f"{name} out")


# --- GRU ---------------------------------------------------------------------------------------

_STATE, _MIDDLE, _GATE, _BUS, _DATA = 0.0, 1.35, 2.25, 3.0, 3.75
_RESET, _UPDATE, _NEW = 1.2, 2.9, 4.6
_APART = 0.13  # columns between the two arrows into a gate


def gru(subject: Subject, cell: Gru, language: str) -> Diagram:
    """The lane of the state above; reset, update and candidate below it."""
    plan = Plan(subject)
    keys = {
        "reset": plan.key(cell.reset, "reset"),
        "update": plan.key(cell.update, "update"),
        "candidate": plan.key(cell.candidate, "candidate"),
        "hidden": plan.key(cell.hidden, "hidden"),
    }
    plan.put(keys["reset"], _SIGMOID, "box", (_RESET, _GATE))
    plan.put(keys["update"], _SIGMOID, "box", (_UPDATE, _GATE))
    plan.put(keys["candidate"], _TANH, "box", (_NEW, _GATE))
    _gru_lane(plan, cell, keys)
    _gru_blend(plan, cell, keys)
    _gru_inputs(plan, cell, keys)
    opening = word(language, "gru")
    return plan.drawn(graph_alternative(subject, language, opening), Frame(-0.15, -0.55, 5.5, 3.25))


def _gru_lane(plan: Plan, cell: Gru, keys: dict[str, str]) -> None:
    """The old state from the left, the new one to the right."""
    subject, (entering, leaving) = plan.subject, cell.hiddens
    plan.put(entering, subject.tex(entering), "plain", (-0.75, _STATE))
    plan.put("down", "", "dot", (0.3, _STATE))
    plan.put("to reset", "", "dot", (_RESET, _STATE))
    plan.put("keep", r"\times", "circle", (_UPDATE, _STATE))
    plan.put(keys["hidden"], "+", "circle", (_NEW, _STATE))
    plan.put(f"{leaving} out", subject.tex(leaving), "plain", (6.2, _STATE))
    plan.run(entering, "down", head=False)
    plan.run("down", "to reset", head=False)
    plan.run("to reset", "keep")
    plan.run("keep", keys["hidden"])
    outputs = list(_outputs(subject, cell.hidden, {leaving}))
    if not outputs:
        plan.run(keys["hidden"], f"{leaving} out")
        return
    plan.put("branch", "", "dot", (5.2, _STATE))
    plan.run(keys["hidden"], "branch", head=False)
    plan.run("branch", f"{leaving} out")
    _output(plan, outputs[0], (5.2, -1.0), "branch")


def _gru_blend(plan: Plan, cell: Gru, keys: dict[str, str]) -> None:
    """z of the one and 1 - z of the other."""
    rest = (_UPDATE, 0.67) if not cell.keeps else ((_UPDATE + _NEW) / 2, _MIDDLE)
    plan.put("take", r"\times", "circle", (_NEW, _MIDDLE))
    plan.put("fork", "", "dot", (_UPDATE, _MIDDLE))
    plan.put("rest", r"1 - (\cdot)", "box", rest)
    plan.run(keys["update"], "fork", plan.named(cell.update), head=False)
    plan.run("fork", "rest")
    plan.run("rest", "take" if cell.keeps else "keep")
    plan.run("fork", "keep" if cell.keeps else "take")
    plan.run(keys["candidate"], "take", plan.named(cell.candidate))
    plan.run("take", keys["hidden"])


def _gru_inputs(plan: Plan, cell: Gru, keys: dict[str, str]) -> None:
    """The state and the data run below the gates; the candidate takes the state reset."""
    plan.put("forget", r"\times", "circle", (_RESET, _MIDDLE))
    plan.run("to reset", "forget")
    plan.run(keys["reset"], "forget", plan.named(cell.reset))
    plan.put("bus", "", "dot", (_RESET - _APART, _BUS))
    plan.run("down", "bus", via=[(0.3, _BUS)], head=False)
    entering = cell.hiddens[0]
    reset, update, candidate = (
        _weight(plan, node, entering) for node in (cell.reset, cell.update, cell.candidate)
    )
    plan.run("bus", keys["reset"], reset, [(_RESET - _APART, _GATE)])
    left = _UPDATE - _APART
    plan.run("bus", keys["update"], update, [(left, _BUS), (left, _GATE)])
    below, left = 2.68, _NEW - _APART
    plan.run(
        "forget", keys["candidate"], candidate,
        [(2.05, _MIDDLE), (2.05, below), (left, below), (left, _GATE)],
    )  # fmt: skip
    _gru_data(plan, cell, keys)


def _gru_data(plan: Plan, cell: Gru, keys: dict[str, str]) -> None:
    name = cell.data[0] if cell.data else ""
    if not name:
        return
    plan.put(name, plan.subject.tex(name), "circle", (0.3, _DATA), True)
    before = name
    gates = ((keys["reset"], cell.reset, _RESET), (keys["update"], cell.update, _UPDATE))
    for key, node, column in gates:
        plan.put(f"{name} to {key}", "", "dot", (column + _APART, _DATA))
        plan.run(before, f"{name} to {key}", head=False)
        weight = _weight(plan, node, name)
        plan.run(f"{name} to {key}", key, weight, [(column + _APART, _GATE)])
        before = f"{name} to {key}"
    right = _NEW + _APART
    weight = _weight(plan, cell.candidate, name)
    plan.run(before, keys["candidate"], weight, [(right, _DATA), (right, _GATE)])


def _weight(plan: Plan, gate: Node, source: str) -> str:
    weights = taken_weights(plan.subject, gate, source)
    return plan.subject.tex(weights[0]) if weights else ""
