"""Mistakes in the loss: factors and signs of squared errors, forgotten terms, penalties."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from examgen.differentiate import Flow
from examgen.graph import topological
from examgen.misconceptions.anatomy import Anatomy, name_of
from examgen.misconceptions.patches import (
    Remade,
    locally,
    only_first,
    remade,
    totally,
    without_operand,
)
from examgen.misconceptions.rules import Local
from examgen.misconceptions.table import Fill, Instance, Row, Word
from examgen.nodes import ADD, COPY, DIV, MUL, NEG, SUB, Node, constant
from examgen.ops import OPS
from examgen.perturbation import source

_SQUARE, _POWER, _LOG = (OPS[name] for name in ("square", "pow", "log"))


@dataclass(frozen=True)
class Term:
    """A term of the loss with the constant that it is multiplied by on the way to the loss."""

    node: Node
    factor: Fraction


def _terms(anatomy: Anatomy) -> list[Term]:
    """The loss taken apart at sums and constant factors."""
    found: list[Term] = []
    waiting = [Term(anatomy.loss, Fraction(1))]
    while waiting:
        term = waiting.pop()
        parts = _parts(term) if term.node in anatomy.loss_parts else []
        waiting += reversed(parts)
        found += [] if parts else [term]
    return found


def _parts(term: Term) -> list[Term]:
    op, args, factor = term.node.op, term.node.args, term.factor
    if op in (ADD, COPY):
        return [Term(arg, factor) for arg in args]
    if op is SUB and len(args) == 2:
        return [Term(args[0], factor), Term(args[1], -factor)]
    if op is NEG:
        return [Term(args[0], -factor)]
    if op is MUL and args[0].value is not None:
        return [Term(args[1], factor * args[0].value)]
    if op in (MUL, DIV) and args[1].value:
        return [Term(args[0], factor * args[1].value if op is MUL else factor / args[1].value)]
    return []


def _squares(anatomy: Anatomy) -> list[Term]:
    return [term for term in _terms(anatomy) if _is_square(term.node)]


def _is_square(node: Node) -> bool:
    return (
        node.op is _SQUARE
        or (node.op is _POWER and node.args[1].value == 2)
        or (node.op is MUL and node.args[0] is node.args[1])
    )


def _output(anatomy: Anatomy, term: Term) -> str:
    """The output in an error such as yhat - y."""
    error = term.node.args[0]
    return anatomy.owners[error.args[0] if error.op is SUB else error]


# --- squared errors -------------------------------------------------------------------------------


def _scaled(
    factor: Fraction, holds: Callable[[Term], bool]
) -> Callable[[Anatomy], Iterator[Instance]]:
    """The derivative of the squares of some kind, times a factor."""

    def local(bar: Node, node: Node) -> tuple[Node, ...]:
        right = node.op.vjp(bar, node, *node.args)
        return tuple(constant(factor) * part for part in right)

    def instances(anatomy: Anatomy) -> Iterator[Instance]:
        terms = {term.node: term for term in _squares(anatomy) if holds(term)}
        for where, nodes in anatomy.groups(list(terms)):
            outputs = tuple(_output(anatomy, terms[node]) for node in nodes)
            fills: dict[str, Fill] = {"x": outputs}
            yield Instance(where, locally(dict.fromkeys(nodes, local)), fills)

    return instances


def _is_half(term: Term) -> bool:
    return abs(term.factor) == Fraction(1, 2)


def _half_forgotten(anatomy: Anatomy) -> Iterator[Instance]:
    """The loss itself without its 1/2; the gradients follow."""
    halves = {
        place.consumer: term
        for term in _squares(anatomy)
        for place in anatomy.places[term.node]
        if _is_half(term) and place.consumer.op in (MUL, DIV)
    }
    for where, nodes in anatomy.groups(list(halves)):
        outputs = tuple(_output(anatomy, halves[node]) for node in nodes)
        yield Instance(where, remade({node: _unscaled(node) for node in nodes}), {"x": outputs})


def _unscaled(node: Node) -> Remade:
    """The factor that is no constant."""
    return lambda args: args[1] if node.op is MUL and args[0].value is not None else args[0]


# --- how many terms -------------------------------------------------------------------------------


def _heads(anatomy: Anatomy) -> list[Node]:
    """The terms of the loss that belong to different outputs or steps."""
    whole = _sum(anatomy)
    terms = [term for term, _ in anatomy.terms(whole)] if whole in anatomy.loss_parts else []
    # The terms of one cross-entropy are no heads.
    return terms if all(_is_head(anatomy, term) for term in terms) else []


def _sum(anatomy: Anatomy) -> Node:
    """The sum that the loss is, without its sign and constant factor."""
    whole = anatomy.loss
    while whole.op in (COPY, NEG) or (whole.op in (MUL, DIV) and _parts(Term(whole, Fraction(1)))):
        whole = _parts(Term(whole, Fraction(1)))[0].node
    return whole


def _is_head(anatomy: Anatomy, term: Node) -> bool:
    return term.name is not None or _is_square(term) or (term.op is MUL and not _has_log(term))


def _has_log(term: Node) -> bool:
    return any(arg.op is _LOG for arg in term.args)


def _head_forgotten(anatomy: Anatomy) -> Iterator[Instance]:
    heads = _heads(anatomy)
    count = len(heads)
    for kept in heads if count > 1 else []:
        others = [node for node in heads if node is not kept]
        yield Instance("", totally(dict.fromkeys(others, _nothing)), {"k": count, "j": _few(1)})
        yield Instance("", totally({kept: _nothing}), {"k": count, "j": _few(count - 1)})
    for _, place in anatomy.terms(_sum(anatomy)) if count > 1 else []:
        missing = remade({place.consumer: without_operand(place.position)})
        yield Instance("", missing, {"k": count, "j": _few(count - 1)})


def _few(count: int) -> int | Word:
    """So many terms, as an object."""
    return count if count > 1 else Word("one", "einen")


def _nothing(flows: Sequence[Flow]) -> Node:
    return constant(0)


# --- penalties ------------------------------------------------------------------------------------


def _penalty_forgotten(anatomy: Anatomy) -> Iterator[Instance]:
    """The gradient without the term of the loss that keeps weights small."""
    terms = [term for term, _ in anatomy.terms(_sum(anatomy))]
    for term in terms:
        others = topological(other for other in terms if other is not term)
        if weights := _penalized(anatomy, term).intersection(others):
            names = tuple(name_of(node) for node in others if node in weights)
            yield Instance("", totally({term: _nothing}), {"w": names})


def _penalized(anatomy: Anatomy, term: Node) -> set[Node]:
    """The weights of which a term of the loss has the squares; none where it has others, too."""
    squared = [part.args[0] for part in topological([term]) if _is_square(part)]
    return set(squared) if all(map(anatomy.is_weight, squared)) else set()


def _sum_or_mean(anatomy: Anatomy) -> Iterator[Instance]:
    for node in filter(anatomy.loss_parts.__contains__, anatomy.order):
        divides = node.op is DIV and node.args[1].value is not None
        if divides and source(node.args[0]).op is ADD:
            yield Instance("", locally({node: only_first}), {"kind": _MEAN})
    heads = _heads(anatomy)
    count = len(heads) if all(head.name or _is_square(head) for head in heads) else 0
    if count > 1 and source(anatomy.loss).op is ADD:
        yield Instance("", locally({anatomy.loss: _shared_among(count)}), {"kind": _SUM})


def _shared_among(count: int) -> Local:
    """The derivative of a mean in place of that of a sum."""

    def local(bar: Node, node: Node) -> tuple[Node, ...]:
        return node.op.vjp(bar / constant(count), node, *node.args)

    return local


_MEAN, _SUM = Word("mean", "der Mittelwert"), Word("sum", "die Summe")


ROWS = (
    Row(
        "MC07", "head_forgotten", _head_forgotten,
        "The loss has {k} terms; you used only {j}.",
        "Der Verlust hat {k} Terme; Sie haben nur {j} verwendet.",
    ),
    Row(
        "MC17", "loss_factor_dropped", _scaled(Fraction(1, 2), lambda term: not _is_half(term)),
        "{x:The squared error of # has|The squared errors of # have} no factor [[1/2|1/2]], "
        "so {x:its derivative keeps|their derivatives keep} the factor 2.",
        "{x:Der quadratische Fehler von # hat|Die quadratischen Fehler von # haben} keinen Faktor "
        "[[1/2|1/2]]; {x:seine Ableitung behält|ihre Ableitungen behalten} den Faktor 2.",
    ),
    Row(
        "MC18", "loss_factor_added", _scaled(Fraction(2), _is_half),
        "The factor [[1/2|1/2]] of {x:the squared error of #|each squared error (of #)} "
        "cancels the 2 of its derivative.",
        "Der Faktor [[1/2|1/2]] {x:des quadratischen Fehlers|der quadratischen Fehler} von {x} "
        "kürzt {x:|jeweils }die 2 der Ableitung.",
    ),
    Row(
        "MC19", "loss_sign", _scaled(Fraction(-1), lambda term: True),
        "The derivative of the squared error by {x:#|each of #} is output minus target, "
        "not target minus output.",
        "Die Ableitung des quadratischen Fehlers nach {x} ist {x:|jeweils }Ausgabe minus "
        "Zielwert, nicht Zielwert minus Ausgabe.",
    ),
    Row(
        "MC24", "batch_sum_vs_mean", _sum_or_mean,
        "The loss is the {kind} of its terms; its derivative has to keep to that.",
        "Der Verlust ist hier {kind} der Terme; seine Ableitung richtet sich danach.",
    ),
    Row(
        "MC44", "weight_decay_forgotten", _penalty_forgotten,
        "The loss also has a term of {w} alone; its derivative is part of the gradient.",
        "Der Verlust hat auch einen Term nur aus {w}; dessen Ableitung gehört zum Gradienten.",
    ),
    Row(
        "MC59", "loss_half_forgotten_forward", _half_forgotten,
        "In this loss {x:the squared error of # has|the squared errors of # have} "
        "the factor [[1/2|1/2]].",
        "In diesem Verlust "
        "{x:hat der quadratische Fehler von #|haben die quadratischen Fehler von #} "
        "den Faktor [[1/2|1/2]].",
    ),
)  # fmt: skip
