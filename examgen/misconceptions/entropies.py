"""Mistakes in the derivative of a cross-entropy, binary or of a softmax."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from examgen.exponentials import EXP, LOG, SOFTMAX
from examgen.misconceptions.anatomy import Anatomy
from examgen.misconceptions.patches import locally, only_first, totally
from examgen.misconceptions.rules import Local, Total
from examgen.misconceptions.table import Instance, Row
from examgen.nodes import DIV, SUB, Node, constant

# --- binary --------------------------------------------------------------------------------------


def _logs(anatomy: Anatomy) -> tuple[list[Node], list[Node]]:
    """The logarithms of p and of 1 - p in the loss, where it is a binary cross-entropy."""
    logs = [node for node in anatomy.order if node.op is LOG and node in anatomy.loss_parts]
    second = [node for node in logs if _is_complement(node.args[0])]
    return [node for node in logs if node not in second] if second else [], second


def _is_complement(node: Node) -> bool:
    return node.op is SUB and node.args[0].value == 1


def _bce_sign(anatomy: Anatomy) -> Iterator[Instance]:
    first, second = _logs(anatomy)
    pairs = list(zip(first, second, strict=False))
    for chosen in dict.fromkeys([tuple(pairs), *((pair,) for pair in pairs)]):
        patches = {node: _negated for pair in chosen for node in pair}
        if patches:
            names = tuple(anatomy.owners[log.args[0]] for log, _ in chosen)
            yield Instance("", locally(patches), {"x": names})


def _negated(bar: Node, node: Node) -> tuple[Node, ...]:
    return tuple(-part for part in node.op.vjp(bar, node, *node.args))


def _bce_second_sign(anatomy: Anatomy) -> Iterator[Instance]:
    _, second = _logs(anatomy)
    for chosen in dict.fromkeys([tuple(second), *((log,) for log in second)]):
        patches: dict[Node, Local] = {log.args[0]: _negated for log in chosen}
        names = tuple(anatomy.owners[log.args[0].args[1]] for log in chosen)
        if patches:
            yield Instance("", locally(patches), {"x": names})


# --- softmax -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Softmax:
    """An output of a softmax, or a quotient exp(z_k) / sum of exp(z_j) as one formula."""

    output: Node
    logit: Node
    diagonal: Mapping[Node, Local]  # the rules under which the other logits get nothing of it


def _softmaxes(anatomy: Anatomy) -> list[Softmax]:
    found = [
        Softmax(node, node.args[0], {node: _diagonal})
        for node in anatomy.order
        if node.op is SOFTMAX and node.args[1].name is None
    ]
    return found + [
        Softmax(node, node.args[0].args[0], dict.fromkeys(others, _nothing))
        for node in anatomy.order
        if (others := _other_exponentials(anatomy, node))
    ]


def _diagonal(bar: Node, node: Node) -> tuple[Node, ...]:
    return only_first(bar * (node * (constant(1) - node)), node)


def _nothing(bar: Node, node: Node) -> tuple[Node, ...]:
    return (constant(0),)


def _other_exponentials(anatomy: Anatomy, node: Node) -> list[Node]:
    """Those of the other logits, in a quotient that is a softmax."""
    if node.op is not DIV or node.args[0].op is not EXP:
        return []
    exps = [term for term, _ in anatomy.terms(node.args[1])]
    logit = node.args[0].args[0]
    nameless = all(exp.op is EXP and exp.name is None for exp in [node.args[0], *exps])
    its_own = any(exp.args[0] is logit for exp in exps) if nameless else False
    return [exp for exp in exps if exp.args[0] is not logit] if its_own else []


def _no_onehot(anatomy: Anatomy) -> Iterator[Instance]:
    found = [s for s in _softmaxes(anatomy) if _logarithmed(anatomy, s.output)]
    patches: dict[Node, Total] = {s.logit: _is_output(s.output) for s in found}
    if patches:
        names = tuple(anatomy.owners[softmax.logit] for softmax in found)
        yield Instance("", totally(patches), {"z": names})


def _is_output(output: Node) -> Total:
    return lambda flows: output


def _logarithmed(anatomy: Anatomy, output: Node) -> bool:
    return any(place.consumer.op is LOG for place in anatomy.places[output])


def _diagonal_only(anatomy: Anatomy) -> Iterator[Instance]:
    found = _softmaxes(anatomy)
    patches = {node: rule for softmax in found for node, rule in softmax.diagonal.items()}
    if patches:
        names = tuple(anatomy.owners[softmax.output] for softmax in found)
        yield Instance("", locally(patches), {"x": names})


ROWS = (
    Row(
        "MC20", "bce_sign", _bce_sign,
        r"The sign is turned round: by {x} it is "
        r"[[-\frac{y}{\hat{y}} + \frac{1 - y}{1 - \hat{y}}|-y/yhat + (1 - y)/(1 - yhat)]].",
        r"Das Vorzeichen ist vertauscht: Nach {x} ist es "
        r"[[-\frac{y}{\hat{y}} + \frac{1 - y}{1 - \hat{y}}|-y/yhat + (1 - y)/(1 - yhat)]].",
    ),
    Row(
        "MC21", "bce_second_term_sign", _bce_second_sign,
        r"The inner derivative of [[\ln(1 - \hat{y})|ln(1 - yhat)]] is [[-1|-1]]: "
        "the second term of the derivative by {x} has a plus.",
        r"Die innere Ableitung von [[\ln(1 - \hat{y})|ln(1 - yhat)]] ist [[-1|-1]]: "
        "Der zweite Term der Ableitung nach {x} hat ein Plus.",
    ),
    Row(
        "MC22", "softmax_ce_no_onehot", _no_onehot,
        "For the true class 1 is subtracted: "
        "the derivative by a logit ({z}) is output minus label.",
        "Für die wahre Klasse wird 1 abgezogen: Die Ableitung nach einem Logit ({z}) ist "
        "Ausgabe minus Label.",
    ),
    Row(
        "MC23", "softmax_diag_only", _diagonal_only,
        "{x:The softmax output #|Each of the softmax outputs #} depends on every logit: "
        "the terms [[-p_i p_j|-p_i*p_j]] are missing.",
        "{x:Die Softmax-Ausgabe #|Jede der Softmax-Ausgaben #} hängt von allen Logits ab: "
        "Die Terme [[-p_i p_j|-p_i*p_j]] fehlen.",
    ),
)  # fmt: skip
