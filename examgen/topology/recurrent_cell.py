"""A recurrent cell of the author's own, with any number of states and steps."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from examgen.definitions import Definition
from examgen.errors import ExamgenError, Problem
from examgen.expression import Apply, Reference, unparse
from examgen.formula import parse
from examgen.topology.blueprint import STEPS, Blueprint, Formula, Spec
from examgen.topology.unroll import unroll


class RecurrentCell(Spec):
    """The author's equations of step t, unrolled."""

    topology: Literal["recurrent_cell"] = Field(description="A recurrent cell of your own")
    steps: int = Field(2, ge=1, le=64, description=STEPS)
    state: dict[str, str] = Field(
        min_length=1,
        description="Each state and the name of its first value",
        examples=[{"h": "h_0"}],
    )
    step: dict[str, Formula] = Field(
        min_length=1,
        description="The equations of step t; names without an index are shared by all steps",
        examples=[{"h[t]": "relu(w*x[t] + u*h[t-1])", "yhat[t]": "v*h[t]"}],
    )
    loss: str = Field(
        description="A formula; a sum over t has a term L[t] for every step",
        examples=["sum((yhat[t] - y[t])^2)"],
    )

    def blueprint(self) -> Blueprint:
        """The equations of all steps, with per-step copies of parameters and states."""
        return unroll(self.state, self.step, self.steps, step_losses(self.loss))


def step_losses(loss: str) -> list[Definition]:
    """The loss; a sum over the steps gets a term `L[t]` for each of them."""
    try:
        formula = parse(loss)
    except ExamgenError as error:
        raise ExamgenError(p.at(path="graph.loss") for p in error.problems) from None
    if isinstance(formula, Apply) and formula.function == "sum" and len(formula.args) == 1:
        if isinstance(formula.args[0], Reference):  # the terms have a name already
            return [Definition("L", loss, "graph.loss")]
        term = unparse(formula.args[0])
        if "[t]" not in term:
            raise ExamgenError(Problem("a sum over steps needs a name with [t]", path="graph.loss"))
        return [
            Definition("L[t]", term, "graph.loss"),
            Definition("L", "sum(L[t])", "graph.loss"),
        ]
    return [Definition("L", loss, "graph.loss")]


def output_losses(loss: str, at: Literal["all", "last"], steps: int) -> list[Definition]:
    """The loss of outputs `yhat[t]` against `y[t]`, at all steps or at the last one."""
    if at == "last" or steps == 1:
        return [Definition("L", f"{loss}(yhat[{steps}], y[{steps}])", "graph.loss")]
    return step_losses(f"sum({loss}(yhat[t], y[t]))")
