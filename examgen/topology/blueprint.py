"""What every topology gives: formulas, the ranges of their indices, and which givens are data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from examgen.definitions import Definition
from examgen.expression import Literal as Number
from examgen.expression import unparse


def _formula(value: object) -> object:
    """A formula that is a bare number has come as one."""
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return unparse(Number(Fraction(value)))
    return value


Formula = Annotated[str, BeforeValidator(_formula, json_schema_input_type=str | int | float)]
"""A formula of the language, as an author writes it."""

Activation = Literal["linear", "relu", "leaky_relu", "sigmoid", "tanh", "softplus"]
Loss = Literal["squared_error", "half_squared_error", "mean_squared_error", "bce"]
LOSS = (
    "Loss of the outputs against the targets: squared_error (yhat - y)^2, half_squared_error with "
    "1/2, mean_squared_error over the outputs, bce (binary cross-entropy)"
)
LOSS_AT = "Add up the losses of all steps, or take that of the last step only"
STEPS = "How many steps the cell is unrolled for"


@dataclass(frozen=True)
class Blueprint:
    """A graph in formulas.

    initial: names of initial states and the family each begins (`h_0` -> `h`). continues:
    whether derivatives arrive at the last step from what comes after it. inputs: givens that are
    data; where none are told, their names tell.
    """

    definitions: tuple[Definition, ...]
    ranges: Mapping[str, int] = field(default_factory=dict)
    loss: str = "L"
    initial: Mapping[str, str] = field(default_factory=dict)
    continues: bool = False
    inputs: tuple[str, ...] = ()


class Spec(BaseModel):
    """The `graph:` of a template; a subclass a topology."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    learning_rate: str = Field(
        "eta", description="Name of the learning rate; where it is a given, w' is w - eta*dL/dw"
    )
    derived: dict[str, Formula] = Field(
        default_factory=dict,
        description="Further quantities by name, formulas over values and gradients, such as other "
        "update rules",
        examples=[{"m": "beta*m_0 + (1 - beta)*dL/dw", "w'": "w - eta*m"}],
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
