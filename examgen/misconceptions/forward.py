"""Mistakes in the forward pass, whose gradients follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from examgen.misconceptions.anatomy import Anatomy, Place, name_of, source_of
from examgen.misconceptions.patches import Remade, remade, without_operand
from examgen.misconceptions.table import Fill, Instance, Row, ops_of
from examgen.nodes import ADD, MUL, SUB, Node, constant, given
from examgen.ops import OPS

# --- activations ----------------------------------------------------------------------------------


def _activation(ops: Sequence[str], instead: Remade) -> Callable[[Anatomy], Iterator[Instance]]:
    """Another forward rule for an activation."""

    def instances(anatomy: Anatomy) -> Iterator[Instance]:
        sites = [node for node in anatomy.activations if node.op.name in ops]
        for where, nodes in anatomy.groups(sites):
            fills: dict[str, Fill] = {"phi": ops_of(nodes), "x": anatomy.names(nodes)}
            yield Instance(where, remade(dict.fromkeys(nodes, instead)), fills)

    return instances


def _activation_scope(anatomy: Anatomy) -> Iterator[Instance]:
    """phi(z) w + b of the next layer as phi(z w + b), for one hidden unit or for all of them."""
    activated = {node: node.op for node in anatomy.activations if node.op.arity == 1}
    for whole in anatomy.sums[: anatomy.most_sites]:
        terms = anatomy.terms(whole)
        hidden = [n for n, (term, _) in enumerate(terms) if _unit(term, activated) is not None]
        biases = [n for n, (term, _) in enumerate(terms) if anatomy.is_bias(term)]
        for chosen in dict.fromkeys([tuple(hidden), *((n,) for n in hidden)]):
            if chosen:
                rules = remade({whole: _within(whole, terms, chosen, biases, activated)})
                units = [u for n in chosen if (u := _unit(terms[n][0], activated)) is not None]
                fills: dict[str, Fill] = {"phi": ops_of(units), "x": anatomy.owners[whole],
                                          "z": anatomy.names(units)}  # fmt: skip
                yield Instance(anatomy.owners[whole], rules, fills)


def _unit(term: Node, activated: Mapping[Node, object]) -> Node | None:
    """The activation in a product with a weight."""
    found = [arg for arg in term.args if arg in activated] if term.op is MUL else []
    return found[0] if found and found[0].name else None


def _within(
    whole: Node,
    terms: Sequence[tuple[Node, Place]],
    chosen: Sequence[int],
    biases: Sequence[int],
    activated: Mapping[Node, object],
) -> Remade:
    """The sum with the chosen products and the biases inside of the activation."""

    def make(args: tuple[Node, ...]) -> Node:
        inside: list[Node] = []
        outside: list[Node] = []
        op = None
        for n, (term, _) in enumerate(terms):
            unit = _unit(term, activated)
            if n in chosen and unit is not None:
                op = unit.op
                swapped = (unit.args[0] if arg is unit else arg for arg in term.args)
                inside.append(replace(term, args=tuple(swapped), name=None))
            else:
                (inside if n in biases else outside).append(term)
        assert op is not None, "bug: a product is chosen"
        return _added([*outside, op(_added(inside))])

    return make


def _added(terms: Sequence[Node]) -> Node:
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


# --- operands left out ----------------------------------------------------------------------------


def _without(places: Sequence[Place]) -> dict[Node, Remade]:
    """The sums without one of their two operands."""
    return {place.consumer: without_operand(place.position) for place in places}


def _bias_dropped(anatomy: Anatomy) -> Iterator[Instance]:
    found = {
        place: name_of(source_of(term))
        for whole in anatomy.sums
        for term, place in anatomy.terms(whole)
        if anatomy.is_bias(term)
    }
    names = list(dict.fromkeys(found.values()))
    groups = [names, *([name] for name in names[: anatomy.most_sites])]
    for group in groups if names else []:
        rules = remade(_cancelled([place for place, name in found.items() if name in group]))
        yield Instance(group[0] if len(group) == 1 else "", rules, {"b": tuple(group)})
    for place, name in list(found.items())[: anatomy.most_sites]:
        yield Instance(name, remade(_cancelled([place])), {"b": (name,)})


def _cancelled(places: Sequence[Place]) -> dict[Node, Remade]:
    """The sums with b - b in place of a bias b: who forgets it still finds its gradient when asked.

    The second b is another node, so that the derivative by the first stays 1.
    """
    return {place.consumer: _minus_itself(place.position) for place in places}


def _minus_itself(position: int) -> Remade:
    def make(args: tuple[Node, ...]) -> Node:
        bias = args[position]
        nothing = SUB(bias, given(name_of(source_of(bias))))
        return ADD(args[1 - position], nothing)

    return make


def _skip_dropped(anatomy: Anatomy) -> Iterator[Instance]:
    for where, nodes in anatomy.groups(anatomy.skipping):
        places = [place for node in nodes for place in anatomy.skips(node)]
        sums = anatomy.names(place.consumer for place in places)
        fills = {"x": anatomy.names(nodes), "sum": sums}
        yield Instance(where, remade(_without(places)), fills)


def _state_dropped(anatomy: Anatomy) -> Iterator[Instance]:
    last = anatomy.steps
    entering = [node for node in anatomy.carries if not name_of(node).endswith(f"[{last + 1}]")]
    later = [node for node in entering if node.args[0].args]
    for group in (entering, later):
        for where, nodes in anatomy.groups(group):
            states = tuple(name_of(node.args[0]) for node in nodes)
            yield Instance(where, remade(dict.fromkeys(nodes, _nothing)), {"h": states})


def _nothing(args: tuple[Node, ...]) -> Node:
    return constant(0)


# --- gates ----------------------------------------------------------------------------------------


def _gate_swapped(anatomy: Anatomy) -> Iterator[Instance]:
    """(1 - z) a + z b as z a + (1 - z) b, at every step."""
    mixed = {node: found for node in anatomy.sums if (found := _mixed(node)) is not None}
    if mixed:
        gates = tuple(anatomy.owners[gate] for gate, _, _ in mixed.values())
        yield Instance("", remade({n: _swapped(place) for n, (_, _, place) in mixed.items()}),
                       {"z": gates})  # fmt: skip


def _mixed(node: Node) -> tuple[Node, Node, int] | None:
    """The gate z, 1 - z, and which term has 1 - z, in (1 - z) a + z b."""
    for first, second in ((0, 1), (1, 0)):
        products = node.args[first], node.args[second]
        if all(product.op is MUL for product in products):
            keep, take = products[0].args[0], products[1].args[0]
            if keep.op is SUB and keep.args[0].value == 1 and keep.args[1] is take:
                return take, keep, first
    return None


def _swapped(place: int) -> Remade:
    def make(args: tuple[Node, ...]) -> Node:
        kept, taken = args[place].args, args[1 - place].args
        pair = MUL(taken[0], kept[1]), MUL(kept[0], taken[1])
        return ADD(*(pair if place == 0 else pair[::-1]))

    return make


ROWS = (
    Row(
        "MC37", "gate_convention_swapped", _gate_swapped,
        "The two weights of this cell are exchanged: see its formula for what "
        "{z:# multiplies|# multiply} and what [[1 - z|1 - z]] does.",
        "Die beiden Gewichtungen dieser Zelle sind vertauscht: Ihre Formel sagt, was mit {z} und "
        "was mit [[1 - z|1 - z]] multipliziert wird.",
    ),
    Row(
        "MC45", "activation_skipped_forward",
        _activation(["relu", "leaky_relu", "sigmoid", "tanh", "softplus"], lambda args: args[0]),
        "You forgot to apply {phi:#|the activation} at {x}.",
        "Sie haben vergessen, bei {x} {phi:die Aktivierung #|die Aktivierung} anzuwenden.",
    ),
    Row(
        "MC46", "bias_dropped_forward", _bias_dropped,
        "{b:The bias # is|The biases # are} missing.",
        "{b:Der Bias # fehlt|Die Bias # fehlen}.",
    ),
    Row(
        "MC48", "activation_scope", _activation_scope,
        "{phi:#|The activation} belongs around the pre-activation of {z:the|each} hidden unit "
        "{z:#|(#)} only, not around its product in {x}.",
        "{phi:#|Die Aktivierung} gehört nur um die Voraktivierung {z:der|jeder} verdeckten Einheit "
        "{z:#|(#)}, nicht um deren Produkt in {x}.",
    ),
    Row(
        "MC49", "skip_dropped_forward", _skip_dropped,
        "{x:The skip connection adds|The skip connections add} {x} to {sum}.",
        "{x:Die Skip-Verbindung addiert|Die Skip-Verbindungen addieren} {x} zu {sum}.",
    ),
    Row(
        "MC50", "hprev_dropped_forward", _state_dropped,
        "{h:The state # of the step before enters|The states # of the steps before enter} here.",
        "Hier {h:geht der Zustand # des vorigen Schritts|gehen die Zustände # der jeweils vorigen "
        "Schritte} ein.",
    ),
    Row(
        "MC51", "relu_abs", _activation(["relu"], lambda args: OPS["abs"](*args)),
        "{phi} cuts negative values to 0; it does not drop their sign. See {x}.",
        "{phi} setzt negative Werte auf 0; es lässt nicht das Vorzeichen weg. Siehe {x}.",
    ),
)  # fmt: skip
