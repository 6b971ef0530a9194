"""The simple recurrent network (Elman, 1990, doi:10.1207/s15516709cog1402_1)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from examgen.topology.blueprint import (
    LOSS,
    LOSS_AT,
    STEPS,
    Activation,
    Blueprint,
    Loss,
    Spec,
    activated,
)
from examgen.topology.recurrent_cell import output_losses
from examgen.topology.unroll import unroll


class Elman(Spec):
    """An Elman network: h[t] from x[t] and h[t-1], yhat[t] from h[t].

    With more than one input or hidden unit the names are numbered: x1[t], h2[t], w_hh_12 (from
    unit 1 to unit 2).
    """

    topology: Literal["elman"] = Field(description="A simple recurrent network")
    steps: int = Field(2, ge=1, le=64, description=STEPS)
    inputs: int = Field(1, ge=1, le=8, description="Inputs of a step: x[t], or x1[t], x2[t], ...")
    hidden: int = Field(1, ge=1, le=8, description="Hidden units: h[t], or h1[t], h2[t], ...")
    activation: Activation = Field("tanh", description="Activation of the state")
    output: Activation = Field("linear", description="Activation of the output yhat[t]")
    bias: bool = Field(False, description="Add b_h to the state and b_y to the output")
    loss: Loss = Field("squared_error", description=LOSS)
    loss_at: Literal["all", "last"] = Field("all", description=LOSS_AT)

    def blueprint(self) -> Blueprint:
        """The network over all steps; a[t] and o[t] are the pre-activations."""
        step: dict[str, str] = {}
        for unit in _numbers(self.hidden):
            step[f"a{unit}[t]"] = self._state(unit)
            step[f"h{unit}[t]"] = activated(self.activation, f"a{unit}[t]")
        terms = [f"h{i}[t]*w_hy{_suffix(i)}" for i in _numbers(self.hidden)]
        summed = " + ".join([*terms, *["b_y"] * self.bias])
        if self.output != "linear":
            step["o[t]"], summed = summed, f"{self.output}(o[t])"
        step["yhat[t]"] = summed
        states = {f"h{unit}": f"h{unit}_0" for unit in _numbers(self.hidden)}
        losses = output_losses(self.loss, self.loss_at, self.steps)
        return unroll(states, step, self.steps, losses)

    def _state(self, unit: str) -> str:
        inputs = [f"x{i}[t]*w_xh{_suffix(i, unit)}" for i in _numbers(self.inputs)]
        states = [f"h{j}[t-1]*w_hh{_suffix(j, unit)}" for j in _numbers(self.hidden)]
        return " + ".join([*inputs, *states, *[f"b_h{_suffix(unit)}"] * self.bias])


def _numbers(count: int) -> list[str]:
    return [""] if count == 1 else [str(i) for i in range(1, count + 1)]


def _suffix(*units: str) -> str:
    joined = "".join(units)
    return f"_{joined}" if joined else ""
