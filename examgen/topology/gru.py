"""Gated recurrent unit (Cho et al., 2014, doi:10.3115/v1/D14-1179)."""

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


class Gru(Spec):
    """A GRU of width one, unrolled; gates z (update) and r (reset), candidate htilde."""

    topology: Literal["gru"] = Field(description="A gated recurrent unit of width one")
    steps: int = Field(1, ge=1, le=64, description=STEPS)
    update: Literal["new", "old"] = Field(
        "new",
        description="What z weighs: new: h = (1 - z) h_prev + z htilde; "
        "old: h = z h_prev + (1 - z) htilde",
    )
    bias: bool = Field(False, description="Add b_z, b_r, b_h")
    output: Activation = Field(
        "linear", description="Activation of the output: yhat[t] = output(h[t])"
    )
    loss: Loss = Field("squared_error", description=LOSS)
    loss_at: Literal["all", "last"] = Field("all", description=LOSS_AT)

    def blueprint(self) -> Blueprint:
        """The cell's equations over all steps."""
        b_z, b_r, b_h = (f" + b_{gate}" if self.bias else "" for gate in "zrh")
        keep, take = ("(1 - z[t])", "z[t]") if self.update == "new" else ("z[t]", "(1 - z[t])")
        step = {
            "a_z[t]": f"x[t]*w_z + h[t-1]*u_z{b_z}",
            "z[t]": "sigmoid(a_z[t])",
            "a_r[t]": f"x[t]*w_r + h[t-1]*u_r{b_r}",
            "r[t]": "sigmoid(a_r[t])",
            "a_h[t]": f"x[t]*w_h + r[t]*h[t-1]*u_h{b_h}",
            "htilde[t]": "tanh(a_h[t])",
            "h[t]": f"{keep}*h[t-1] + {take}*htilde[t]",
            "yhat[t]": activated(self.output, "h[t]"),
        }
        losses = output_losses(self.loss, self.loss_at, self.steps)
        return unroll({"h": "h_0"}, step, self.steps, losses)
