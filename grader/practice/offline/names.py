"""What a text may speak of in one formula slot, for the reader in JavaScript."""

from __future__ import annotations

from typing import Any

import numpy as np

from examgen.slots import Slot
from examgen.template import Template
from examgen.vocabulary import vocabulary
from grader.symbolic.marker import TOLERANCE
from grader.symbolic.names import Names, names_of
from grader.symbolic.points import Points


def names_data(names: Names) -> dict[str, Any]:
    """All that `Reading.namesOf` needs, ready for JSON."""
    return {
        "known": dict(names.known),
        "choices": {key: list(meant) for key, meant in names.choices.items()},
        "asked": sorted(names.asked),
        "offered": list(names.offered),
        "loss": names.loss,
        "steps": names.steps,
    }


def slot_names(template: Template, slot: Slot, points: Points) -> Names:
    """The names by which the marker of a formula slot reads; points: those it compares at."""

    def same(name: str, other: str) -> bool:
        values = points.values
        return bool(np.allclose(values[name], values[other], rtol=TOLERANCE, atol=0.0))

    return names_of(vocabulary(template, slot), template.quantities.loss, same)
