"""What every topology gives: formulas, what their indices range over, and a schematic figure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from examgen.definitions import Definition
from examgen.sheet import Diagram

Activation = Literal["linear", "relu", "leaky_relu", "sigmoid", "tanh", "softplus"]
Loss = Literal["squared_error", "half_squared_error", "mean_squared_error", "bce"]


@dataclass(frozen=True)
class Blueprint:
    """A graph in formulas.

    initial: names of initial states and the family each begins (`h_0` -> `h`). diagram: a figure
    of its own kind, labelled with names of quantities; None for the graph itself. continues:
    whether derivatives arrive at the last step from what comes after it.
    """

    definitions: tuple[Definition, ...]
    ranges: Mapping[str, int] = field(default_factory=dict)
    loss: str = "L"
    initial: Mapping[str, str] = field(default_factory=dict)
    diagram: Diagram | None = None
    continues: bool = False


class Spec(BaseModel):
    """The `graph:` of a template; a subclass a topology."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    learning_rate: str = Field("eta", description="Name of the learning rate in updates such as w'")
    derived: dict[str, str] = Field(
        default_factory=dict,
        description="Further quantities, over values and gradients, e.g. m: beta*m_0 + dL/dw",
    )

    def blueprint(self) -> Blueprint:
        """The formulas that the topology stands for."""
        raise NotImplementedError


def activated(activation: str, argument: str) -> str:
    """The formula of an activation applied to a formula."""
    return argument if activation == "linear" else f"{activation}({argument})"


def loss_definitions(loss: str, outputs: list[str], targets: list[str]) -> list[Definition]:
    """`L`, and for several outputs a term `L[k]` for each of them."""
    if len(outputs) == 1:
        return [Definition("L", f"{loss}({outputs[0]}, {targets[0]})", "graph.loss")]
    if loss == "mean_squared_error":
        return [Definition("L", f"{loss}({', '.join(outputs + targets)})", "graph.loss")]
    terms = [
        Definition(f"L[{k}]", f"{loss}({output}, {target})", "graph.loss")
        for k, (output, target) in enumerate(zip(outputs, targets, strict=True), start=1)
    ]
    return [*terms, Definition("L", " + ".join(term.name for term in terms), "graph.loss")]


def loss_from_formula(loss: str, defined: set[str]) -> tuple[str, list[Definition]]:
    """The name of the loss: `loss` itself where that is a name, otherwise L, defined by it."""
    if loss in defined or re.fullmatch(r"\w+", loss):
        return loss, []
    return "L", [Definition("L", loss, "graph.loss")]
