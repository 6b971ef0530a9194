"""Recurrent cells, told by what happens between two states."""

from __future__ import annotations

from examgen.graph import topological
from examgen.misconceptions.anatomy import ACTIVATIONS, family, stem
from examgen.nodes import GIVEN, MUL
from grader.practice.skills.formulas import Formulas


def between_states(formulas: Formulas) -> frozenset[str]:
    """What depends on a state of the step before and leads to a state; nothing without states."""
    values = formulas.values
    carries = [node for node in values.values() if node.op.name == "carry"]
    below = set(topological(node.args[0] for node in carries if node.args[0].op is not GIVEN))
    after = set(carries)
    for node in topological(values.values()):
        if any(arg in after for arg in node.args):
            after.add(node)
    return frozenset(name for name, node in values.items() if node in after and node in below)


def cell_skill(formulas: Formulas, body: frozenset[str]) -> str:
    """What kind of cell it is. body: what lies between its states.

    Gates are multiplied with a state or a candidate: with states of one kind that is a
    GRU, of two an LSTM. A cell with nothing but an activation, whose value is the
    state, is that of Elman.
    """
    states = set(formulas.quantities.symbols.initial.values())
    step = [name for name in body if name.endswith("[1]")]
    gates = frozenset(name for name in step if "sigmoid" in formulas.ops(name))
    if any(_is_gated(formulas, name, gates) for name in step):
        return "cell:lstm" if len({stem(state) for state in states}) > 1 else "cell:gru"
    squashed = [name for name in step if formulas.ops(name).intersection(ACTIVATIONS)]
    simple = bool(squashed) and states.issuperset(map(family, squashed))
    return "cell:elman" if simple and not _has_products(formulas, step) else "cell:own"


def _is_gated(formulas: Formulas, name: str, gates: frozenset[str]) -> bool:
    """Whether a gate is multiplied with something computed."""
    products = [part for part in formulas.parts(name) if part.op is MUL]
    return any(
        any(arg.name in gates for arg in product.args)
        and any(formulas.is_computed(arg) for arg in product.args if arg.name not in gates)
        for product in products
    )


def _has_products(formulas: Formulas, names: list[str]) -> bool:
    """Whether two computed quantities are multiplied anywhere."""
    products = (part for name in names for part in formulas.parts(name) if part.op is MUL)
    return any(all(map(formulas.is_computed, product.args)) for product in products)
