"""Long short-term memory (Hochreiter and Schmidhuber, 1997, with a forget gate: Gers et al., 2000).

The nodes between the gates have the names of the source exam: b = h_{t-1} + x_t feeds all gates,
a is the new cell state before it leaves the cell, e = tanh(a), d = e o the new hidden state.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pydantic import Field

from examgen.definitions import Definition
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
from examgen.topology.unroll import ENTERING, unroll

_GATES = {"f": "sigmoid", "i": "sigmoid", "ctilde": "tanh", "o": "sigmoid"}


class Lstm(Spec):
    """An LSTM of width one, unrolled; gates f, i, ctilde (the candidate) and o."""

    topology: Literal["lstm"] = Field(description="Long short-term memory of width one")
    steps: int = Field(1, ge=1, le=64, description=STEPS)
    weights: Literal["shared", "separate"] = Field(
        "shared",
        description="Shared: b = h[t-1] + x[t], one weight a gate (w1 to w4 for f, i, ctilde, o); "
        "separate: a weight w_f for x[t] and u_f for h[t-1], and so on",
    )
    bias: bool = Field(False, description="Add b_f, b_i, b_ctilde, b_o to the gates")
    output: Activation = Field(
        "sigmoid", description="Activation of the output: yhat[t] = output(h[t])"
    )
    loss: Loss = Field("squared_error", description=LOSS)
    loss_at: Literal["all", "last"] = Field("all", description=LOSS_AT)
    upstream: dict[Literal["C", "h"], str] = Field(
        default_factory=dict,
        description="Names of givens: the derivatives that arrive at the last C and h from later "
        "steps, e.g. {C: g_C, h: g_h}; adds g_C*C + g_h*h to the loss",
    )

    def blueprint(self) -> Blueprint:
        """The cell's equations over all steps."""
        shared = {"b[t]": "h[t-1] + x[t]"} if self.weights == "shared" else {}
        gates = {
            name: formula
            for number, (gate, activation) in enumerate(_GATES.items(), start=1)
            for name, formula in (
                (f"z_{gate}[t]", self._pre_activation(gate, number)),
                (f"{gate}[t]", f"{activation}(z_{gate}[t])"),
            )
        }
        cell = {
            "a[t]": "C[t-1]*f[t] + i[t]*ctilde[t]",
            "C[t]": "a[t]",
            "e[t]": "tanh(a[t])",
            "d[t]": "e[t]*o[t]",
            "h[t]": "d[t]",
            "yhat[t]": activated(self.output, "d[t]"),
        }
        equations = shared | gates | cell
        unrolled = unroll({"C": "C_0", "h": "h_0"}, equations, self.steps, self._losses())
        return replace(unrolled, continues=bool(self.upstream))

    def _losses(self) -> list[Definition]:
        """The loss of the outputs, and what the last states contribute later."""
        *terms, total = output_losses(self.loss, self.loss_at, self.steps)
        later = [
            f"{factor}*{state}{ENTERING}[{self.steps + 1}]"
            for state, factor in self.upstream.items()
        ]
        return [*terms, replace(total, formula=" + ".join([total.formula, *later]))]

    def _pre_activation(self, gate: str, number: int) -> str:
        bias = f" + b_{gate}" if self.bias else ""
        if self.weights == "shared":
            return f"b[t]*w{number}{bias}"
        return f"x[t]*w_{gate} + h[t-1]*u_{gate}{bias}"
