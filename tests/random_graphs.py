"""Random graphs for tests: formulas with fan-out over a few givens."""

from __future__ import annotations

import random
from fractions import Fraction

from examgen.nodes import Node, constant, given, named
from examgen.ops import OPS

GIVENS = ("x", "y", "z")
RATIONAL = ("add", "sub", "mul", "neg", "square", "relu", "abs", "max", "min", "leaky_relu")
SMOOTH = (
    "add",
    "sub",
    "mul",
    "neg",
    "square",
    "sigmoid",
    "tanh",
    "softplus",
    "sqrt+",
    "log+",
    "div+",
)


def random_graph(seed: int, size: int, ops: tuple[str, ...]) -> list[Node]:
    """Nodes of random ops, each on random earlier nodes; every third one is named.

    `log+` and the like act on 1 + a^2, so that no argument leaves the domain.
    """
    rng = random.Random(seed)
    nodes = [given(name) for name in GIVENS] + [constant(Fraction(rng.randint(-4, 4), 4))]
    for number in range(size):
        node = _random_node(rng, rng.choice(ops), nodes)
        nodes.append(named(node, f"n{number}") if number % 3 == 0 else node)
    return nodes


def _random_node(rng: random.Random, name: str, nodes: list[Node]) -> Node:
    op = OPS[name.removesuffix("+")]
    recent = nodes[-6:]
    args = [rng.choice(recent) for _ in range(op.arity)]
    if name == "leaky_relu":
        args[1] = constant(Fraction(1, 10))
    if name.endswith("+"):
        args[-1] = OPS["add"](constant(1), OPS["square"](args[-1]))
    return op(*args)
