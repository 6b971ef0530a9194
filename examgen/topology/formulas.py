"""Plain formulas: the author writes every quantity."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from examgen.definitions import Definition
from examgen.topology.blueprint import Blueprint, Formula, Spec, loss_from_formula


class Formulas(Spec):
    """Any graph of scalars: names and their formulas, in any order."""

    topology: Literal["formulas"] = Field(description="Formulas of your own")
    formulas: dict[str, Formula] = Field(
        min_length=1,
        description="Each quantity and its formula, in any order; h[i] stands for every i. Names "
        "that no formula defines are givens",
        examples=[{"h[i]": "relu(sum(w[i,j]*x[j]) + b[i])", "yhat": "sum(v[i]*h[i])"}],
    )
    index: dict[str, Annotated[int, Field(ge=1, le=64)]] = Field(
        default_factory=dict,
        description="How far each index counts: {i: 3} for i = 1, 2, 3",
        examples=[{"i": 2, "j": 3}],
    )
    loss: str = Field(
        "L",
        description="The quantity to differentiate, or a formula for it (it is then called L)",
        examples=["(yhat - y)^2", "cross_entropy(p[*], y[*])"],
    )

    def blueprint(self) -> Blueprint:
        """The author's formulas, and the loss."""
        written = [
            Definition(name, text, f"graph.formulas.{name}") for name, text in self.formulas.items()
        ]
        loss, extra = loss_from_formula(self.loss, set(self.formulas))
        return Blueprint((*written, *extra), ranges=dict(self.index), loss=loss)
