"""What functions are and how they are differentiated, as a textbook writes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from examgen.graph import topological
from examgen.nodes import Node

_D = r"\frac{\mathrm{d}}{\mathrm{d}u} \, "
_RULES: Mapping[str, str] = {
    "square": _D + r"u^2 = 2 u",
    "pow": _D + r"u^n = n \, u^{n-1}",
    "log": _D + r"\ln\left(u\right) = \frac{1}{u}",
    "exp": _D + r"\exp\left(u\right) = \exp\left(u\right)",
    "sqrt": _D + r"\sqrt{u} = \frac{1}{2\sqrt{u}}",
    "abs": _D + r"\left|u\right| = \operatorname{sgn}\left(u\right)",
    "div": _D + r"\frac{1}{u} = -\frac{1}{u^2}",
    "sigmoid": r"\sigma'\left(z\right) = \sigma\left(z\right)"
    r" \cdot \left(1 - \sigma\left(z\right)\right)",
    "tanh": r"\tanh'\left(z\right) = 1 - \tanh^{2}\left(z\right)",
    "softplus": _D + r"\operatorname{softplus}\left(u\right) = \sigma\left(u\right)",
}
"""How an op is differentiated."""
_FUNCTIONS: Mapping[str, str] = {
    "sigmoid": r"\sigma\left(z\right) = \frac{1}{1 + \exp\left(-z\right)}",
    "tanh": r"\tanh\left(z\right) = \frac{\exp\left(z\right) - \exp\left(-z\right)}"
    r"{\exp\left(z\right) + \exp\left(-z\right)}",
    "relu": r"\operatorname{ReLU}\left(z\right) = \max\left(z, 0\right)",
    "leaky_relu": r"\operatorname{LReLU}\left(z, a\right) = \max\left(z, a z\right)",
    "softplus": r"\operatorname{softplus}\left(z\right) = \ln\left(1 + \exp\left(z\right)\right)",
}
"""What an op is."""


def rules_on_the_way(formulas: Sequence[Node], names: Collection[str]) -> tuple[str, ...]:
    """The rules that differentiating some formulas takes; names: what varies."""
    found: dict[str, None] = {}
    for node in topological(formulas):
        if node.op.name in _RULES and _varies(node.args[-1], names):
            found[_RULES[node.op.name]] = None
    return tuple(found)


def _varies(node: Node, names: Collection[str]) -> bool:
    return any(part.name in names for part in topological([node]) if part.name is not None)


def functions_in(formula: Node) -> tuple[str, ...]:
    """What the functions in a formula are."""
    return tuple(
        dict.fromkeys(
            _FUNCTIONS[node.op.name]
            for node in topological([formula])
            if node.op.name in _FUNCTIONS
        )
    )
