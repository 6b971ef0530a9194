"""What the tests of the bank share: its templates, some draws of each, values of quantities."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from examgen.bank import find_template
from examgen.graph import record
from examgen.template import Template

VARIANTS = 300
SOURCE = (
    "elman-relu", "lstm-intermediate-nodes", "mlp-2-2-2", "modified-recurrent-cell",
    "multi-branch-two-heads", "recurrent-cell-bce", "residual-two-heads", "residual-two-sigmoids",
)  # fmt: skip
"""The questions of the source exams: what is costly is tried on each of them."""
SOME = (
    *SOURCE, "adam-two-steps", "convolution-1d", "error-spotting", "max-pooling",
    "softmax-cross-entropy",
)  # fmt: skip
"""And one of each other kind of the bank: optimizers, windows, faulty lines, classes."""


@cache
def template_of(template_id: str) -> Template:
    """A template of the bank."""
    return find_template(template_id)


def values_of(
    template: Template, names: list[str], givens: Mapping[str, Any]
) -> dict[str, np.ndarray[Any, Any]]:
    """Values of some quantities, each of shape (variants,)."""
    arrays = {name: np.atleast_1d(np.asarray(value, float)) for name, value in givens.items()}
    size = max(map(len, arrays.values()))
    found = record([template.quantities.node(name) for name in names])(
        {name: np.broadcast_to(array, size) for name, array in arrays.items()}
    )
    return dict(zip(names, found, strict=True))


@cache
def drawn(template_id: str, seed: int = 7) -> Mapping[str, np.ndarray[Any, Any]]:
    """The givens of some variants."""
    return template_of(template_id).sampler(seed).draw(range(VARIANTS)).floats()


def numeric(template: Template) -> list[str]:
    """The quantities asked as numbers."""
    return [slot.quantity for slot in template.slots if slot.kind == "number"]
