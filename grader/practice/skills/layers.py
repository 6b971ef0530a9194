"""Layers, told by their structure: convolution, pooling, dropout, normalisation, attention.

Each function gives the quantities that layers of a kind are made of; names tell nothing, but that
quantities of a family go by one name with several indices.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from examgen.graph import topological
from examgen.misconceptions.anatomy import family
from examgen.nodes import ADD, DIV, MUL, Node
from grader.practice.skills.formulas import Formulas

_Pair = tuple[str, str]


def windows(formulas: Formulas) -> Iterator[str]:
    """Sums of products of the same weights with cells that overlap: a kernel slides."""
    read = {name: frozenset(_products(formulas, name)) for name in formulas.values}
    for name, own in read.items():
        others = (other for other in read if other != name and family(other) == family(name))
        if any(_slides(own, read[other]) for other in others):
            yield name


def _products(formulas: Formulas, name: str) -> Iterator[_Pair]:
    """The pairs of quantities that a sum multiplies, those of a family at the same place."""
    for part in formulas.parts(name):
        if part.op is MUL and all(arg.name is not None for arg in part.args):
            one, other = sorted((arg.name or "" for arg in part.args), key=family)
            yield one, other


def _slides(own: frozenset[_Pair], other: frozenset[_Pair]) -> bool:
    """Whether two sums share their weights, and some but not all of their cells."""
    return any(_overlap(own, other, weight) for weight in (0, 1))


def _overlap(own: frozenset[_Pair], other: frozenset[_Pair], weight: int) -> bool:
    """The same, where the weight of each pair stands at a place."""
    weights, weights_there = ({pair[weight] for pair in pairs} for pairs in (own, other))
    cells, cells_there = ({pair[1 - weight] for pair in pairs} for pairs in (own, other))
    same = len(weights) > 1 and weights == weights_there
    return same and bool(cells & cells_there) and cells != cells_there


def pooled(formulas: Formulas) -> Iterator[str]:
    """Largest or smallest values of some."""
    return (name for name in formulas.values if formulas.ops(name) & {"max", "min"})


def masked(formulas: Formulas, masks: Collection[str | None]) -> Iterator[str]:
    """Products of something computed with a mask. masks: givens that are either 0 or 1."""
    for name in formulas.values:
        factors = (list(_factors(part)) for part in formulas.parts(name) if part.op is MUL)
        if any(_is_masked(formulas, some, masks) for some in factors):
            yield name


def _factors(product: Node) -> Iterator[Node]:
    """The factors of a product, those of products in it among them."""
    for arg in product.args:
        if arg.op is MUL and arg.name is None:
            yield from _factors(arg)
        else:
            yield arg


def _is_masked(formulas: Formulas, factors: list[Node], masks: Collection[str | None]) -> bool:
    return any(map(formulas.is_computed, factors)) and any(arg.name in masks for arg in factors)


# --- normalisation --------------------------------------------------------------------------------


def normalised(formulas: Formulas) -> Iterator[str]:
    """All from the mean to the quotient of a deviation by the root of its own squares, and what
    scales that."""
    for name, node in formulas.values.items():
        quotients = (part for part in _own_parts(node) if part.op is DIV)
        found = next((pair for part in quotients for pair in _by_own_root(part)), None)
        if found is not None:
            yield name
            yield from formulas.readers(name)
            yield from _statistics(formulas, *found)


def _own_parts(node: Node) -> Iterator[Node]:
    """The nodes of a formula itself, without those of the quantities that it speaks of."""
    yield node
    for arg in node.args:
        if arg.name is None:
            yield from _own_parts(arg)


def _by_own_root(quotient: Node) -> Iterator[tuple[Node, Node]]:
    """What is divided by the root of something that it is in, and that root."""
    above, below = quotient.args
    roots = [node for node in topological([below]) if node.op.name == "sqrt"]
    for part in _own_parts(above) if above.name is None else (above,):
        for leaf in (part, *part.args):
            if leaf.name is not None and any(leaf in topological([root]) for root in roots):
                yield leaf, below


def _statistics(formulas: Formulas, deviation: Node, root: Node) -> Iterator[str]:
    """What lies between a deviation and the root, and the mean."""
    for node in topological([root]):
        if node.name in formulas.values and deviation in topological([node]):
            yield node.name or ""
    yield from formulas.computed(deviation.name or "")


# --- softmax --------------------------------------------------------------------------------------


def shares(formulas: Formulas) -> frozenset[str]:
    """Outputs of a softmax, also where it is written as a quotient."""
    return frozenset(
        name
        for name, node in formulas.values.items()
        if "softmax" in formulas.ops(name) or (node.op is DIV and _is_share(node))
    )


def _is_share(quotient: Node) -> bool:
    """Whether an exponential is divided by a sum of exponentials, itself among them."""
    above, below = quotient.args
    terms = [node for node in topological([below]) if node.op.name == "exp"]
    same = above in terms or any(above.args == term.args for term in terms)
    return above.op.name == "exp" and below.op is ADD and len(terms) > 1 and same


def exponentials(formulas: Formulas, names: Iterable[str]) -> Iterator[str]:
    """The exponentials and sums of them that some quantities are made of."""
    for other in {leaf for name in names for leaf in formulas.computed(name)}:
        if any(node.op.name == "exp" for node in topological([formulas.values[other]])):
            yield other
            yield from exponentials(formulas, [other])


def attending(formulas: Formulas) -> Iterator[str]:
    """Scores, exponentials, weights and weighted sums of an attention."""
    weights = shares(formulas)
    inner = frozenset(exponentials(formulas, weights))
    yield from weights | inner
    yield from (score for name in weights | inner for score in formulas.computed(name))
    yield from (reader for name in weights for reader in formulas.readers(name))
