"""A recurrent network over time: the cell with its loop, and beside it the same unrolled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from examgen.diagrams.layers import Affine, Layers, Unit
from examgen.diagrams.subject import Subject, leaves, original
from examgen.diagrams.words import word
from examgen.nodes import GIVEN, Node
from examgen.notation import Symbols
from examgen.sheet import Diagram, Edge, Vertex
from examgen.topology.unroll import ENTERING
from examgen.typeset.speech import speech

_STATE_ROW, _EQUALS, _INITIAL, _FIRST, _STEP = 0.0, 1.15, 1.65, 2.5, 1.25
_TARGET = 0.6  # columns from a loss to its target
_MOST_STEPS = 4


@dataclass(frozen=True)
class Rolled:
    """What one state takes at every step, by families of names; weights are empty where unknown.

    inputs, outputs: (family, weights). loop: the weights from the state to itself. bias: of the
    state.
    """

    subject: Subject
    state: str
    inputs: tuple[tuple[str, str], ...]
    outputs: tuple[tuple[str, str], ...]
    loop: str
    biases: tuple[str, ...] = ()

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return self.subject.quantities.blueprint.ranges["t"]

    @property
    def symbols(self) -> Symbols:
        """Symbols that print steps as numbers."""
        return self.subject.quantities.symbols

    @property
    def initial(self) -> str:
        """The name of the initial state."""
        first = self.subject.quantities.blueprint.initial
        return next(name for name, family in first.items() if family == self.state)

    @cached_property
    def losses(self) -> dict[int, tuple[str, str]]:
        """At each step with one, the loss and its target."""
        return {t: found for t in range(1, self.steps + 1) if (found := _loss(self, t))}


def simple(subject: Subject, layers: Layers | None) -> Rolled | None:
    """A network of one state that takes data and itself, and at most one output after it."""
    if layers is None or len(subject.states) != 1 or len(layers.units) > 2:
        return None
    ((entering, state),) = subject.states.items()
    hidden, *after = layers.units
    if [unit.name for unit in hidden] != [state] or entering not in layers.inputs:
        return None
    if any(len(units) != 1 for units in after):
        return None
    return _rolled(subject, hidden[0], entering, [unit for units in after for unit in units])


def _rolled(subject: Subject, unit: Unit, entering: str, after: list[Unit]) -> Rolled:
    taken = dict(unit.taken.terms)
    family = unit.name.partition("[")[0]
    return Rolled(
        subject,
        family,
        tuple((name.partition("[")[0], w) for name, w in taken.items() if name != entering),
        tuple((one.name.partition("[")[0], _weight(one.taken, unit.name)) for one in after),
        taken[entering],
        unit.taken.biases,
    )


def _weight(taken: Affine, source: str) -> str:
    return dict(taken.terms).get(source, "")


def _loss(rolled: Rolled, step: int) -> tuple[str, str] | None:
    """The loss that is computed from what the step puts out, and its target."""
    values = rolled.subject.values
    out = {f"{family}[{step}]" for family, _ in rolled.outputs} or {f"{rolled.state}[{step}]"}
    for name in (f"L[{step}]", rolled.subject.quantities.loss):
        if name in values:
            used = leaves(values[name])
            targets = [n.name or "" for n in used if n.op is GIVEN]
            if out & {n.name for n in used} and len(targets) == 1:
                return name, targets[0]
    return None


def shown_steps(steps: int, most: int | None = None) -> tuple[int, ...]:
    """The steps that are drawn; 0 stands for those left out.

    >>> shown_steps(3), shown_steps(9), shown_steps(9, 2)
    ((1, 2, 3), (1, 2, 0, 9), (1, 0, 9))
    """
    if steps <= (most or _MOST_STEPS):
        return tuple(range(1, steps + 1))
    first = 2 if most is None else max(1, most - 1)
    return (*range(1, first + 1), 0, steps)


def unrolled(rolled: Rolled, language: str, most: int | None = None) -> Diagram:
    """The loop, `=`, and the steps from left to right; data below, outputs and losses above."""
    steps = shown_steps(rolled.steps, most)
    vertices: list[Vertex] = [*_cell(rolled)]
    edges: list[Edge] = [*_cell_edges(rolled)]
    before = rolled.initial
    for place, step in enumerate(steps):
        column = _FIRST + place * _STEP
        vertices += _step_vertices(rolled, step, column)
        edges += _step_edges(rolled, step, before)
        before = f"{rolled.state}[{step}]" if step else "left out"
    return Diagram(tuple(vertices), tuple(edges), _alternative(rolled, steps, language))


def _at(rolled: Rolled) -> Symbols:
    return rolled.subject.symbols


def _cell(rolled: Rolled) -> Iterator[Vertex]:
    tex = _at(rolled).tex
    yield Vertex("cell", tex(f"{rolled.state}[1]"), "box", 0.0, _STATE_ROW)
    for family, _ in rolled.inputs:
        yield Vertex(f"cell {family}", tex(f"{family}[1]"), "circle", 0.0, 1.0, shaded=True)
    for family, _ in rolled.outputs:
        yield Vertex(f"cell {family}", tex(f"{family}[1]"), "circle", 0.0, -1.0)
    yield Vertex("=", "=", "plain", _EQUALS, _STATE_ROW)
    yield Vertex(rolled.initial, rolled.symbols.tex(rolled.initial), "plain", _INITIAL, _STATE_ROW)


def _cell_edges(rolled: Rolled) -> Iterator[Edge]:
    yield Edge("cell", "cell", _label(rolled, rolled.loop))
    for family, weight in rolled.inputs:
        yield Edge(f"cell {family}", "cell", _label(rolled, weight))
    for family, weight in rolled.outputs:
        yield Edge("cell", f"cell {family}", _label(rolled, weight))


def _label(rolled: Rolled, weight: str) -> str:
    return _at(rolled).tex(weight) if weight else ""


def _step_vertices(rolled: Rolled, step: int, column: float) -> Iterator[Vertex]:
    tex = rolled.symbols.tex
    if not step:
        yield Vertex("left out", r"\cdots", "plain", column, _STATE_ROW)
        return
    state = f"{rolled.state}[{step}]"
    yield Vertex(state, tex(state), "box", column, _STATE_ROW)
    for family, _ in rolled.inputs:
        name = f"{family}[{step}]"
        yield Vertex(name, tex(name), "circle", column, 1.0, shaded=True)
    for family, _ in rolled.outputs:
        name = f"{family}[{step}]"
        yield Vertex(name, tex(name), "circle", column, -1.0)
    if step in rolled.losses:
        yield from _loss_vertices(rolled, step, column)


def _loss_vertices(rolled: Rolled, step: int, column: float) -> Iterator[Vertex]:
    loss, target = rolled.losses[step]
    tex = rolled.symbols.tex
    row = -2.0 if rolled.outputs else -1.0
    yield Vertex(loss, tex(loss), "circle", column, row)
    yield Vertex(target, tex(target), "circle", column + _TARGET, row, shaded=True)


def _step_edges(rolled: Rolled, step: int, before: str) -> Iterator[Edge]:
    loop = _label(rolled, rolled.loop)
    if not step:
        yield Edge(before, "left out", loop)
        return
    state = f"{rolled.state}[{step}]"
    yield Edge(before, state, loop)
    for family, weight in rolled.inputs:
        yield Edge(f"{family}[{step}]", state, _label(rolled, weight))
    for family, weight in rolled.outputs:
        yield Edge(state, f"{family}[{step}]", _label(rolled, weight))
    if step in rolled.losses:
        loss, target = rolled.losses[step]
        out = next((f"{family}[{step}]" for family, _ in rolled.outputs), state)
        yield Edge(out, loss)
        yield Edge(target, loss)


def _alternative(rolled: Rolled, steps: tuple[int, ...], language: str) -> str:
    told = [word(language, "recurrent", steps=rolled.steps)]
    told += [_cell_told(rolled, language)]
    before = rolled.initial
    for step in steps:
        told.append(_step_told(rolled, step, before, language))
        before = f"{rolled.state}[{step}]" if step else f"{rolled.state}[{rolled.steps - 1}]"
    return " ".join(told)


def _cell_told(rolled: Rolled, language: str) -> str:
    state = f"{rolled.state}[1]"
    arrows = [(f"{family}[1]", weight, state) for family, weight in rolled.inputs]
    arrows += [(f"{rolled.state}{ENTERING}[1]", rolled.loop, state)]
    arrows += [(state, weight, f"{family}[1]") for family, weight in rolled.outputs]
    return word(language, "at_step", step="t", arrows=_told(_at(rolled), arrows, language))


def _step_told(rolled: Rolled, step: int, before: str, language: str) -> str:
    if not step:
        return word(language, "left_out")
    state = f"{rolled.state}[{step}]"
    arrows = [(f"{family}[{step}]", weight, state) for family, weight in rolled.inputs]
    arrows += [(before, rolled.loop, state)]
    arrows += [(state, weight, f"{family}[{step}]") for family, weight in rolled.outputs]
    if step in rolled.losses:
        loss, target = rolled.losses[step]
        out = next((f"{family}[{step}]" for family, _ in rolled.outputs), state)
        arrows += [(out, "", loss), (target, "", loss)]
    return word(language, "at_step", step=step, arrows=_told(rolled.symbols, arrows, language))


def _told(symbols: Symbols, arrows: list[tuple[str, str, str]], language: str) -> str:
    return ", ".join(
        word(
            language,
            "by" if weight else "arrow",
            source=speech(symbols.tex(source), language),
            weight=speech(symbols.tex(weight), language) if weight else "",
            target=speech(symbols.tex(target), language),
        )
        for source, weight, target in arrows
    )


def any_cell(subject: Subject) -> Rolled | None:
    """Any recurrent cell of one state: its data and what its losses are computed from."""
    if len(subject.states) != 1:
        return None
    ((entering, state),) = subject.states.items()
    family = state.partition("[")[0]
    data = dict.fromkeys(
        (leaf.name or "").partition("[")[0]
        for name in subject.names
        for leaf in leaves(subject.values[name])
        if _is_data(subject, leaf) and leaf.name != entering
    )
    outputs = _outputs(subject, state)
    return Rolled(
        subject, family, tuple((d, "") for d in data), tuple((o, "") for o in outputs), ""
    )


def _is_data(subject: Subject, node: Node) -> bool:
    given = node.op is GIVEN and (node.name or "").endswith("[1]")
    return given and not subject.is_parameter(node) and not _is_target(subject, node)


def _is_target(subject: Subject, node: Node) -> bool:
    """Whether only losses take a given."""
    loss = subject.quantities.loss
    return all(
        name.partition("[")[0] == loss
        for name in subject.names
        if node in leaves(subject.values[name])
    )


def _outputs(subject: Subject, state: str) -> list[str]:
    """Families of what is computed at a step and used by no other quantity of it but a loss."""
    loss = subject.quantities.loss
    used = {
        original(leaf).name
        for name in subject.names
        if name.partition("[")[0] != loss
        for leaf in leaves(subject.values[name])
        if subject.values[name].op.name != "copy"
    }
    ends = (n for n in subject.names if n not in used and n != state)
    return [name.partition("[")[0] for name in ends if name.partition("[")[0] != loss]
