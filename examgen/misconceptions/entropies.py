"""Mistakes in the derivative of a cross-entropy, binary or of a softmax."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from examgen.misconceptions.anatomy import Anatomy
from examgen.misconceptions.patches import Local, Total, locally, totally
from examgen.misconceptions.table import Instance, Row
from examgen.nodes import DIV, SUB, Node, constant
from examgen.ops import OPS

_LOG, _EXP = OPS["log"], OPS["exp"]

# --- binary --------------------------------------------------------------------------------------


def _logs(anatomy: Anatomy) -> tuple[list[Node], list[Node]]:
    """The logarithms of p and of 1 - p in the loss, where it is a binary cross-entropy."""
    logs = [node for node in anatomy.order if node.op is _LOG and node in anatomy.loss_parts]
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
    """An output exp(z_k) / sum of exp(z_j), as one formula."""

    output: Node
    logit: Node
    others: tuple[Node, ...]  # the exponentials of the other logits


def _softmaxes(anatomy: Anatomy) -> list[Softmax]:
    found = []
    for node in anatomy.order:
        if node.op is DIV and node.args[0].op is _EXP:
            exps = [term for term, _ in anatomy.terms(node.args[1])]
            logit = node.args[0].args[0]
            nameless = all(exp.op is _EXP and exp.name is None for exp in [node.args[0], *exps])
            if nameless and any(exp.args[0] is logit for exp in exps):
                others = tuple(exp for exp in exps if exp.args[0] is not logit)
                found.append(Softmax(node, logit, others))
    return found


def _no_onehot(anatomy: Anatomy) -> Iterator[Instance]:
    found = [s for s in _softmaxes(anatomy) if _logarithmed(anatomy, s.output)]
    patches: dict[Node, Total] = {s.logit: _is_output(s.output) for s in found}
    if patches:
        names = tuple(anatomy.owners[softmax.logit] for softmax in found)
        yield Instance("", totally(patches), {"z": names})


def _is_output(output: Node) -> Total:
    return lambda flows: output


def _logarithmed(anatomy: Anatomy, output: Node) -> bool:
    return any(place.consumer.op is _LOG for place in anatomy.places[output])


def _diagonal_only(anatomy: Anatomy) -> Iterator[Instance]:
    found = _softmaxes(anatomy)
    patches: dict[Node, Local] = {
        exp: lambda bar, node: (constant(0),) for softmax in found for exp in softmax.others
    }
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
        "Each of the softmax outputs {x} depends on every logit: "
        "the terms [[-p_i p_j|-p_i*p_j]] are missing.",
        "Jede der Softmax-Ausgaben {x} hängt von allen Logits ab: "
        "Die Terme [[-p_i p_j|-p_i*p_j]] fehlen.",
    ),
)  # fmt: skip
