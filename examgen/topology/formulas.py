"""Plain formulas: the author writes every quantity."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from examgen.definitions import Definition
from examgen.topology.blueprint import Blueprint, Spec, loss_from_formula


class Formulas(Spec):
    """Any graph of scalars: names and their formulas, in any order."""

    topology: Literal["formulas"]
    formulas: dict[str, str] = Field(
        min_length=1, description="name: formula, e.g. h1: relu(w11*x1 + b1); h[i] for every i"
    )
    index: dict[str, Annotated[int, Field(ge=1, le=64)]] = Field(
        default_factory=dict, description="How far an index counts, e.g. {i: 3} for i = 1, 2, 3"
    )
    loss: str = Field("L", description="The quantity to differentiate, or a formula for it")

    def blueprint(self) -> Blueprint:
        """The author's formulas, and the loss."""
        written = [
            Definition(name, text, f"graph.formulas.{name}") for name, text in self.formulas.items()
        ]
        loss, extra = loss_from_formula(self.loss, set(self.formulas))
        return Blueprint((*written, *extra), ranges=dict(self.index), loss=loss)
