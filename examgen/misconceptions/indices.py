"""Mistaken indices: rows for columns, the step before for this one, cell for hidden state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations

from examgen.differentiate import adjoint_name
from examgen.misconceptions.anatomy import (
    Anatomy,
    Place,
    at_step,
    family,
    grouped,
    name_of,
    source_of,
    stem,
    step_of,
)
from examgen.misconceptions.patches import as_if, locally, replaced
from examgen.misconceptions.rules import Rules
from examgen.misconceptions.table import Fill, Instance, Row
from examgen.nodes import GIVEN, Node

Swap = Mapping[Node, Node]


def _in_backward(anatomy: Anatomy, swap: Swap) -> Rules:
    """Other quantities in the local derivatives; the forward pass is right."""
    inner = (node for node in anatomy.order if node not in anatomy.loss_parts)
    touched = (node for node in inner if any(arg in swap for arg in node.args))
    return locally(dict.fromkeys(touched, as_if(swap)))


def _in_forward(anatomy: Anatomy, swap: Swap) -> Rules:
    """Other quantities in the forward pass; the backward pass follows."""
    inner = [node for node in anatomy.order if node not in anatomy.loss_parts]
    return replaced(
        {
            Place(node, n): swap[arg]
            for node in inner
            for n, arg in enumerate(node.args)
            if arg in swap
        }
    )


# --- square matrices of weights -------------------------------------------------------------------


def _matrices(anatomy: Anatomy) -> list[list[list[Node]]]:
    """Square matrices of weights, [to][from]: as many units as each of them has inputs."""
    position = dict(anatomy.weighted)
    rows: dict[tuple[str, tuple[Node, ...]], list[list[Node]]] = {}
    for whole in anatomy.sums:
        products = [term for term, _ in anatomy.terms(whole) if term in position]
        for part in grouped(products, lambda node: _stem(node.args[position[node]])):
            inputs = tuple(node.args[1 - position[node]] for node in part)
            weights = [node.args[position[node]] for node in part]
            rows.setdefault((_stem(weights[0]), inputs), []).append(weights)
    return [rows for rows in rows.values() if len(rows) == len(rows[0]) > 1]


def _stem(weight: Node) -> str:
    return stem(name_of(source_of(weight)))


def _transposed(anatomy: Anatomy) -> Iterator[Instance]:
    for same in _over_steps(_matrices(anatomy)):
        swap = {
            matrix[i][j]: matrix[j][i]
            for matrix in same
            for i in range(len(matrix))
            for j in range(len(matrix))
            if i != j
        }
        names = {name_of(source_of(a)): name_of(source_of(b)) for a, b in swap.items()}
        pair = next(iter(names.items()))
        fills: dict[str, Fill] = {"w": pair[0], "other": pair[1]}
        yield Instance("", _in_forward(anatomy, swap), fills)
        yield Instance("", _in_backward(anatomy, swap), fills)
        loss = anatomy.quantities.loss
        report = {adjoint_name(loss, a): adjoint_name(loss, b) for a, b in names.items()}
        yield Instance("", Rules(report=report), fills)


def _over_steps(matrices: Sequence[list[list[Node]]]) -> list[list[list[list[Node]]]]:
    """All copies of the same matrix together."""
    found: dict[str | None, list[list[list[Node]]]] = {}
    for matrix in matrices:
        found.setdefault(source_of(matrix[0][0]).name, []).append(matrix)
    return list(found.values())


# --- steps ----------------------------------------------------------------------------------------


def _off_by_one(anatomy: Anatomy) -> Iterator[Instance]:
    """Inputs of the step before or after, and its other quantities in local derivatives."""
    if anatomy.steps < 2:
        return
    for members in _families(anatomy):
        for offset in (-1, 1):
            swap = _shifted(anatomy, members, offset)
            fills: dict[str, Fill] = {"x": tuple(_state(anatomy, node) for node in swap)}
            if swap and not _is_state(members):
                yield Instance("", _in_forward(anatomy, swap), fills)
            if swap:
                yield Instance("", _in_backward(anatomy, swap), fills)


def _families(anatomy: Anatomy) -> list[list[Node]]:
    """Inputs, and quantities that products multiply by, with all steps of each together."""
    factors = [arg for node in anatomy.products for arg in node.args]
    inputs = [n for n in anatomy.order if n.op is GIVEN and not anatomy.is_target(n)]
    both = dict.fromkeys([*inputs, *factors])
    stepwise = [n for n in both if step_of(n.name) and n.op.name != "use"]
    return grouped(stepwise, lambda node: family(name_of(node)))[: anatomy.most_sites]


def _is_state(members: Sequence[Node]) -> bool:
    return any(node.op is not GIVEN for node in members)


def _shifted(anatomy: Anatomy, members: Sequence[Node], offset: int) -> dict[Node, Node]:
    values = anatomy.quantities.values
    return {
        node: values[other]
        for node in members
        if (other := at_step(name_of(node), (step_of(node.name) or 0) + offset)) in values
    }


def _state(anatomy: Anatomy, node: Node) -> str:
    """The name of a quantity as it is printed: that of the state for one that enters a step."""
    return anatomy.quantities.symbols.carries.get(name_of(node), name_of(node))


def _cell_for_hidden(anatomy: Anatomy) -> Iterator[Instance]:
    """One state as it enters a step in place of another one."""
    by_family = grouped(anatomy.carries, lambda node: family(name_of(node)))
    for these, those in list(permutations(by_family, 2))[: anatomy.most_sites]:
        steps = {step_of(node.name): node for node in those}
        swap = {node: steps[step_of(node.name)] for node in these if step_of(node.name) in steps}
        fills: dict[str, Fill] = {
            "C": tuple(_state(anatomy, node) for node in swap),
            "h": tuple(_state(anatomy, node) for node in swap.values()),
        }
        if swap:
            yield Instance("", _in_forward(anatomy, swap), fills)
            yield Instance("", _in_backward(anatomy, swap), fills)


# --- biases ---------------------------------------------------------------------------------------


def _wrong_bias(anatomy: Anatomy) -> Iterator[Instance]:
    """A neighbouring bias in one unit, at all steps of it."""
    found = {
        bias: [place for whole in anatomy.sums for term, place in anatomy.terms(whole)
               if term is bias]
        for bias in anatomy.order
        if anatomy.is_bias(bias) and anatomy.places[bias][0].consumer.op.name != "use"
    }  # fmt: skip
    pairs = [(a, b) for a, b in permutations(found, 2) if step_of(a.name) == step_of(b.name)]
    by_names: dict[tuple[str, str], dict[Place, Node]] = {}
    for bias, other in pairs:
        key = name_of(source_of(bias)), name_of(source_of(other))
        by_names.setdefault(key, {}).update(dict.fromkeys(found[bias], other))
    for (name, other_name), edges in list(by_names.items())[: 2 * anatomy.most_sites]:
        yield Instance(name, replaced(edges), {"b": name, "other": other_name})


ROWS = (
    Row(
        "MC28", "transposed_index", _transposed,
        "Check the order of the indices: you exchanged {w} and {other}, or others of that matrix.",
        "Prüfen Sie die Reihenfolge der Indizes: Sie haben {w} und {other} oder andere Gewichte "
        "dieser Matrix vertauscht.",
    ),
    Row(
        "MC35", "time_index_off_by_one", _off_by_one,
        "Check the time index of {x}: the value of another step was used.",
        "Prüfen Sie den Zeitindex von {x}: Verwendet wurde der Wert eines anderen Schritts.",
    ),
    Row(
        "MC36", "cell_hidden_mixed", _cell_for_hidden,
        "{C:The state # belongs|The states # belong} here, not {h}.",
        "Hierher {C:gehört der Zustand|gehören die Zustände} {C}, nicht {h}.",
    ),
    Row(
        "MC47", "wrong_bias", _wrong_bias,
        "You used {other} for {b}.",
        "Sie haben {other} anstelle von {b} verwendet.",
    ),
)  # fmt: skip
