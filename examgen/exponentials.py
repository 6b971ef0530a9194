"""Rows of exponentials and logarithms, and of the softmax that is made of them.

A softmax output is exp(z - l), where l is the logarithm of the sum of all exponentials: no
exponential overflows. l is one node for all outputs, so the derivative by a logit speaks of the
outputs: with a cross-entropy it is p_i sum(y) - y_i, which is p_i - y_i where the y add up to 1.
"""

from __future__ import annotations

import numpy as np

from examgen.nodes import (
    ADD,
    COPY,
    DIV,
    MUL,
    NEG,
    SUB,
    Array,
    Node,
    Notation,
    Op,
    constant,
    nowhere,
    unsigned,
)


def _softmax(a: Array, whole: Array, out: Array) -> None:
    np.subtract(a, whole, out=out)
    np.exp(out, out=out)


def _softmax_vjp(bar: Node, out: Node, a: Node, whole: Node) -> tuple[Node, ...]:
    part = _times_output(bar, out)
    return part, -part


def _times_output(bar: Node, out: Node) -> Node:
    """bar p; where bar is the y/p of a cross-entropy, p cancels and y is left."""
    sign, inner = unsigned(bar)
    while inner.op in (NEG, COPY):
        sign, inner = (-sign if inner.op is NEG else sign), inner.args[0]
    if inner.op is not DIV or inner.args[1] is not out:
        return bar * out
    return inner.args[0] if sign > 0 else -inner.args[0]


def _logsumexp_vjp(bar: Node, out: Node, a: Node, b: Node) -> tuple[Node, ...]:
    return _share(bar, out, a), _share(bar, out, b)


def _share(bar: Node, out: Node, part: Node) -> Node:
    """bar exp(part - out); through a sum inside a sum, as exp(p - q) exp(q - r) = exp(p - r)."""
    sign, inner = unsigned(_positive(bar))
    product = inner.op is MUL and inner.name is None
    factor, last = inner.args if product else (constant(1), inner)
    if last.op is SOFTMAX and last.name is None and last.args[0] is out:
        shared = factor * SOFTMAX(part, last.args[1])
    else:
        shared = inner * SOFTMAX(part, out)
    return shared if sign > 0 else -shared


def _positive(bar: Node) -> Node:
    """-(a + b) for -a - b."""
    terms, first = [], bar
    while first.op is SUB and first.name is None:
        terms.append(first.args[1])
        first = first.args[0]
    if not terms or first.op is not NEG or first.name is not None:
        return bar
    return -sum(reversed(terms), start=first.args[0])


def _spelled_softmax(a: Node, whole: Node) -> Node:
    if whole.name is not None or whole.op is not LOGSUMEXP:
        return EXP(SUB(a, whole))
    return DIV(EXP(a), _exponentials(whole))


def _exponentials(node: Node) -> Node:
    """exp(z) for a logit, exp(z1) + exp(z2) for a nameless sum of them."""
    if node.name is not None or node.op is not LOGSUMEXP:
        return EXP(node)
    return ADD(*map(_exponentials, node.args))


EXP = Op(
    "exp", 1, np.exp, lambda bar, out, a: (bar * out,), Notation("call", "exp", r"\exp"), "exp(a)",
    kinks=nowhere, domain=nowhere, rescale=None,
)  # fmt: skip
LOG = Op(
    "log", 1, np.log, lambda bar, out, a: (bar / a,), Notation("call", "log", r"\ln"), "1/a",
    kinks=nowhere, domain=lambda a: (a,), rescale=None,
)  # fmt: skip
SOFTMAX = Op(
    "softmax", 2, _softmax, _softmax_vjp, Notation("spelled"), "p, -p",
    kinks=nowhere, domain=nowhere, rescale=None, spelling=_spelled_softmax,
)  # fmt: skip
LOGSUMEXP = Op(
    "logsumexp", 2, np.logaddexp, _logsumexp_vjp, Notation("spelled"), "exp(a - l), exp(b - l)",
    kinks=nowhere, domain=nowhere, rescale=None,
    spelling=lambda a, b: LOG(ADD(_exponentials(a), _exponentials(b))),
)  # fmt: skip
