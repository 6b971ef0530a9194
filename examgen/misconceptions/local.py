"""Mistakes in the local derivative of an activation, a product, a sum with a bias."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from examgen.differentiate import adjoint_name
from examgen.misconceptions.anatomy import Anatomy, grouped, name_of, source_of, stem
from examgen.misconceptions.nearness import as_told
from examgen.misconceptions.patches import as_if, locally, only_first, totally
from examgen.misconceptions.rules import Local, Rules, Total, under
from examgen.misconceptions.table import Fill, Instance, Row, Word, ops_of
from examgen.nodes import COPY, Node, constant
from examgen.ops import COPIES, OPS, PORTS

Instances = Callable[[Anatomy], Iterator[Instance]]

# --- activations ----------------------------------------------------------------------------------


def _slope(ops: Sequence[str], factor: Callable[[Node], Node]) -> Instances:
    """Another factor in place of the derivative of an activation."""

    def local(bar: Node, node: Node) -> tuple[Node, ...]:
        return only_first(bar * factor(node), node)

    def instances(anatomy: Anatomy) -> Iterator[Instance]:
        sites = [node for node in anatomy.activations if node.op.name in ops]
        for where, nodes in anatomy.groups(sites):
            yield Instance(where, locally(dict.fromkeys(nodes, local)), _about(anatomy, nodes))

    return instances


def _about(anatomy: Anatomy, nodes: Sequence[Node]) -> dict[str, Fill]:
    """The functions, what they are applied to, and what comes out."""
    told = as_told(anatomy, nodes)
    inputs = anatomy.names(node.args[0] for node in told)
    return {"phi": ops_of(told), "z": inputs, "x": anatomy.names(told)}


def _slope_at_output(node: Node) -> Node:
    """phi'(phi(z)); the slopes take the function's value along."""
    return OPS[f"{node.op.name}'"](node, node.op(node))


def _wrong_variable(anatomy: Anatomy) -> Iterator[Instance]:
    """ReLU' with its condition turned round, or at the pre-activation of another unit or step."""
    relus = [node for node in anatomy.activations if node.op.name == "relu"]
    for where, nodes in anatomy.groups(relus):
        turned = locally(dict.fromkeys(nodes, _turned_round))
        yield Instance(where, turned, _about(anatomy, nodes))
    for siblings in grouped(relus, lambda node: stem(anatomy.owners[node])):
        for node, other in _neighbours(siblings)[: anatomy.most_sites]:
            rules = locally({node: as_if({node.args[0]: other.args[0]})})
            yield Instance(anatomy.owners[node], rules, _about(anatomy, [node]))


def _turned_round(bar: Node, node: Node) -> tuple[Node, ...]:
    return (bar * OPS["relu'"](-node.args[0]),)


def _neighbours(nodes: Sequence[Node]) -> list[tuple[Node, Node]]:
    """Each with the one before and the one after."""
    pairs = list(pairwise(nodes))
    return pairs + [(after, before) for before, after in pairs]


# --- products -------------------------------------------------------------------------------------


def _own_factor(anatomy: Anatomy) -> Iterator[Instance]:
    sites = [node for node in anatomy.products if node.args[0] is not node.args[1]]
    for where, nodes in anatomy.groups(sites):
        rules = locally(dict.fromkeys(nodes, _own))
        yield Instance(where, rules, {"x": anatomy.names(as_told(anatomy, nodes))})


def _own(bar: Node, node: Node) -> tuple[Node, ...]:
    return bar * node.args[0], bar * node.args[1]


def _weight_dropped(anatomy: Anatomy) -> Iterator[Instance]:
    position = dict(anatomy.weighted)
    sites = list(position)

    def weight(node: Node) -> str:
        return name_of(source_of(node.args[position[node]]))

    groups = [nodes for _, nodes in anatomy.groups(sites)]
    groups += [tuple(nodes) for nodes in grouped(sites, weight)][: anatomy.most_sites]
    for nodes in dict.fromkeys(groups):
        names = tuple(dict.fromkeys(map(weight, as_told(anatomy, nodes))))
        patches = {node: _without_weight(position[node]) for node in nodes}
        yield Instance(names[0] if len(names) == 1 else "", locally(patches), {"w": names})


def _without_weight(position: int) -> Local:
    """The adjoint goes through a product unchanged, but for the weight's own gradient."""

    def local(bar: Node, node: Node) -> tuple[Node, ...]:
        right = node.op.vjp(bar, node, *node.args)
        return tuple(part if n == position else bar for n, part in enumerate(right))

    return local


# --- biases ---------------------------------------------------------------------------------------


def _bias_times_input(anatomy: Anatomy) -> Iterator[Instance]:
    """The gradient of a bias times an input of its unit, or none at all."""
    choices = {
        bias: (place, [*_inputs(anatomy, whole), constant(0)])
        for whole in anatomy.sums
        for bias, place in anatomy.terms(whole)
        if anatomy.is_bias(bias)
    }
    names = tuple(dict.fromkeys(name_of(source_of(bias)) for bias in choices))
    for which in (0, -1) if choices else ():
        patches = {
            place.consumer: _biased(place.position, factors[which])
            for place, factors in choices.values()
        }
        yield Instance("", locally(patches), {"b": names})
    for bias, (place, factors) in list(choices.items())[: anatomy.most_sites]:
        for factor in factors:
            name = name_of(source_of(bias))
            rules = locally({place.consumer: _biased(place.position, factor)})
            yield Instance(name, rules, {"b": (name,)})


def _inputs(anatomy: Anatomy, whole: Node) -> list[Node]:
    """What the weights of a unit are multiplied by."""
    position = dict(anatomy.weighted)
    terms = [term for term, _ in anatomy.terms(whole) if term in position]
    return [term.args[1 - position[term]] for term in terms]


def _biased(position: int, factor: Node) -> Local:
    def local(bar: Node, node: Node) -> tuple[Node, ...]:
        return tuple(bar * factor if n == position else bar for n in range(2))

    return local


# --- everything from above ------------------------------------------------------------------------


def _upstream_dropped(anatomy: Anatomy) -> Iterator[Instance]:
    """Every derivative, or one of them, by the next quantities only."""
    quantities = anatomy.quantities
    rules = _local_only(anatomy)
    yield Instance("", rules, {"up": _ALL_NEXT})
    local = under(anatomy.right_pass, rules)
    for node in _with_own_derivative(anatomy)[: 2 * anatomy.most_sites]:
        up = tuple(adjoint_name(quantities.loss, name) for name in _users(anatomy, node))
        alone = _nameless(local[adjoint_name(quantities.loss, name_of(node))])
        yield Instance(name_of(node), totally({node: _always(alone)}), {"up": up})


def _with_own_derivative(anatomy: Anatomy) -> list[Node]:
    """Quantities that are not merely handed on to one place."""
    return [
        node
        for node in anatomy.order
        if node.name
        and node not in anatomy.loss_parts
        and (len(anatomy.places[node]) > 1 or anatomy.places[node][0].consumer.op not in PORTS)
    ]


def _users(anatomy: Anatomy, node: Node) -> dict[str, None]:
    """The quantities that use one, by name, through the copies of a step."""
    found: dict[str, None] = {}
    for place in anatomy.places[node]:
        handed = place.consumer.op in PORTS
        found |= (
            _users(anatomy, place.consumer) if handed else {anatomy.owners[place.consumer]: None}
        )
    return found


_ALL_NEXT = Word("of the quantities computed next", "der danach berechneten Größen")


def _always(node: Node) -> Total:
    return lambda flows: node


def _nameless(node: Node) -> Node:
    return node.args[0] if node.op is COPY else replace(node, name=None)


def _local_only(anatomy: Anatomy) -> Rules:
    """The chain rule begins anew at every quantity, except where it is only handed on."""
    return locally(
        {
            node: lambda bar, node: node.op.vjp(constant(1), node, *node.args)
            for node in anatomy.order
            if node.name and node.op not in COPIES and node not in anatomy.loss_parts
        }
    )


ROWS = (
    Row(
        "MC09", "relu_deriv_ignored", _slope(["relu", "leaky_relu"], lambda node: constant(1)),
        "The derivative of {phi:#|the activation} is missing: "
        "for a negative pre-activation {z} it is not 1.",
        "Die Ableitung {phi:von #|der Aktivierung} fehlt: "
        "Für eine negative Voraktivierung {z} ist sie nicht 1.",
    ),
    Row(
        "MC10", "act_deriv_ignored",
        _slope(["relu", "leaky_relu", "sigmoid", "tanh", "softplus"], lambda node: constant(1)),
        "You skipped the derivative of {phi:#|the activation} on the way back from {x}.",
        "Sie haben auf dem Rückweg von {x} die Ableitung {phi:von #|der Aktivierung} ausgelassen.",
    ),
    Row(
        "MC11", "act_value_for_deriv",
        _slope(["relu", "leaky_relu", "sigmoid", "tanh", "softplus"], lambda node: node),
        "You multiplied by the {x:value|values} {x} of {phi:# instead of by its derivative|"
        "the activations instead of by their derivatives}.",
        "Sie haben mit {x:dem Wert|den Werten} {x} {phi:von #|der Aktivierungen} multipliziert "
        "statt mit {phi:der Ableitung|den Ableitungen}.",
    ),
    Row(
        "MC12", "deriv_at_output", _slope(["sigmoid", "tanh"], _slope_at_output),
        "The derivative of {phi:#|each activation} is taken at the "
        "{z:pre-activation|pre-activations} {z}, not at the {x:output|outputs} {x}.",
        "Die Ableitung {phi:von #|jeder Aktivierung} wird an "
        "{z:der Voraktivierung|den Voraktivierungen} {z} gebildet, "
        "nicht {x:am Ausgang|an den Ausgängen} {x}.",
    ),
    Row(
        "MC13", "sigmoid_prime_z(1-z)",
        _slope(["sigmoid"], lambda node: node.args[0] * (constant(1) - node.args[0])),
        r"[[\sigma' = \sigma\,(1 - \sigma)|s' = s*(1 - s)]] takes "
        "the {x:output|outputs} {x} of the sigmoid, not its {z:input|inputs} {z}.",
        r"In [[\sigma' = \sigma\,(1 - \sigma)|s' = s*(1 - s)]] "
        "{x:steht der Ausgang|stehen die Ausgänge} {x} der Sigmoidfunktion, "
        "nicht {z:ihr Eingang|ihre Eingänge} {z}.",
    ),
    Row(
        "MC14", "tanh_prime_1-tanh", _slope(["tanh"], lambda node: constant(1) - node),
        r"[[\tanh' = 1 - \tanh^2|tanh' = 1 - tanh^2]]: the square is missing at {x}.",
        r"[[\tanh' = 1 - \tanh^2|tanh' = 1 - tanh^2]]: Bei {x} fehlt das Quadrat.",
    ),
    Row(
        "MC15", "tanh_prime_as_sigmoid",
        _slope(["tanh"], lambda node: node * (constant(1) - node)),
        r"That is the rule of the sigmoid; at {x:#|each of #} stands a tanh: "
        r"[[\tanh' = 1 - \tanh^2|tanh' = 1 - tanh^2]].",
        r"Das ist die Regel der Sigmoidfunktion; bei {x} steht {x:|jeweils }ein tanh: "
        r"[[\tanh' = 1 - \tanh^2|tanh' = 1 - tanh^2]].",
    ),
    Row(
        "MC16", "relu_deriv_wrong_variable", _wrong_variable,
        "Check at which pre-activation, and with which sign, the derivative of {phi} is taken: "
        "here at {z}, and it is 1 where that is positive.",
        "Prüfen Sie, an welcher Voraktivierung und mit welchem Vorzeichen die Ableitung von {phi} "
        "gebildet wird: hier an {z}, und sie ist 1, wo das positiv ist.",
    ),
    Row(
        "MC25", "own_factor_in_product", _own_factor,
        "The derivative of a product by one factor is the other factor; see {x}.",
        "Die Ableitung eines Produkts nach einem Faktor ist der andere Faktor; siehe {x}.",
    ),
    Row(
        "MC26", "weight_factor_dropped", _weight_dropped,
        "You forgot to multiply by {w} on the way back.",
        "Sie haben auf dem Rückweg vergessen, mit {w} zu multiplizieren.",
    ),
    Row(
        "MC27", "upstream_dropped", _upstream_dropped,
        "That is the local derivative only: "
        "multiply by the {up:gradient|gradients} from above ({up}).",
        "Das ist nur die lokale Ableitung: "
        "Multiplizieren Sie mit {up:dem|den} Gradienten von oben ({up}).",
    ),
    Row(
        "MC29", "bias_gradient_times_input", _bias_times_input,
        "A bias is added: the local derivative by {b} is 1.",
        "Ein Bias wird addiert: Die lokale Ableitung nach {b} ist {b:|jeweils }1.",
    ),
)  # fmt: skip
