"""The multilayer perceptron: fully connected layers of any width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from examgen.definitions import Definition
from examgen.topology.blueprint import LOSS, Activation, Blueprint, Loss, Spec, loss_definitions

Names = list[Annotated[str, Field(pattern=r"^[A-Za-z]\w*(\[\d+(,\d+)*\])?$", max_length=40)]]
Layer = Activation | Literal["softmax"]


class MlpNames(BaseModel):
    """Names of one's own; what is left out keeps its default. Weights are [layer][from][to]."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    inputs: Names | None = Field(None, description="Default x[1], x[2], ...")
    pre_activations: list[Names] | None = Field(None, description="Default z1[1], ... per layer")
    activations: list[Names] | None = Field(None, description="Default h1[1], ... and yhat[1], ...")
    weights: list[list[Names]] | None = Field(None, description="Default w1[from,to], ...")
    biases: list[Names] | None = Field(None, description="Default b1[1], ...")
    targets: Names | None = Field(None, description="Default y[1], ...")


class Mlp(Spec):
    """A multilayer perceptron with a named activation per layer."""

    topology: Literal["mlp"] = Field(description="Fully connected layers")
    layers: list[Annotated[int, Field(ge=1, le=16)]] = Field(
        min_length=2,
        max_length=8,
        description="Widths, from the inputs to the outputs",
        examples=[[2, 3, 1]],
    )
    activation: Layer | list[Layer] = Field(
        "relu", description="Of all hidden layers (outputs are then linear), or one a layer"
    )
    loss: Loss | Literal["cross_entropy"] = Field(
        "half_squared_error", description=f"{LOSS}, cross_entropy (after a softmax)"
    )
    bias: bool = Field(True, description="Give every unit a bias")
    names: MlpNames = Field(
        MlpNames(), description="Names of your own for inputs, units, weights, biases, targets"
    )

    @model_validator(mode="after")
    def _shapes_agree(self) -> Mlp:
        depth = len(self.layers) - 1
        if isinstance(self.activation, list) and len(self.activation) != depth:
            raise ValueError(f"found {len(self.activation)} activations, expected {depth}")
        wanted = {
            "inputs": self.layers[0],
            "targets": self.layers[-1],
            "pre_activations": self.layers[1:],
            "activations": self.layers[1:],
            "biases": self.layers[1:],
            "weights": [[b] * a for a, b in zip(self.layers, self.layers[1:], strict=False)],
        }
        for field, shape in wanted.items():
            found = _shape(getattr(self.names, field))
            if found is not None and found != shape:
                raise ValueError(f"names.{field} has the shape {found}, expected {shape}")
        return self

    @property
    def activations(self) -> Sequence[str]:
        """One activation a layer of weights."""
        depth = len(self.layers) - 1
        if isinstance(self.activation, list):
            return list(self.activation)
        return [self.activation] * (depth - 1) + ["linear"]

    def unit(self, layer: int, j: int, kind: Literal["pre", "post"] = "post") -> str:
        """The name of unit j (from 0) of a layer (0: the inputs), before or after activation."""
        names, last = self.names, layer == len(self.layers) - 1
        if layer == 0:
            return names.inputs[j] if names.inputs else f"x[{j + 1}]"
        if kind == "pre" and self.activations[layer - 1] != "linear":
            chosen = names.pre_activations
            return chosen[layer - 1][j] if chosen else f"z{layer}[{j + 1}]"
        chosen = names.activations
        return (
            chosen[layer - 1][j] if chosen else (f"yhat[{j + 1}]" if last else f"h{layer}[{j + 1}]")
        )

    def weight(self, layer: int, i: int, j: int) -> str:
        """The weight from unit i of the layer before to unit j."""
        chosen = self.names.weights
        return chosen[layer - 1][i][j] if chosen else f"w{layer}[{i + 1},{j + 1}]"

    def bias_name(self, layer: int, j: int) -> str:
        """The bias of unit j."""
        return self.names.biases[layer - 1][j] if self.names.biases else f"b{layer}[{j + 1}]"

    def blueprint(self) -> Blueprint:
        """Pre-activation and activation of every unit, and the loss."""
        units = [
            definition
            for layer in range(1, len(self.layers))
            for same_kind in zip(*self._layer(layer), strict=True)
            for definition in same_kind
        ]
        last = len(self.layers) - 1
        outputs = [self.unit(last, j) for j in range(self.layers[-1])]
        targets = self.names.targets or [f"y[{j + 1}]" for j in range(self.layers[-1])]
        if self.loss == "cross_entropy":
            formula = f"cross_entropy({', '.join(outputs + targets)})"
            losses = [Definition("L", formula, "graph.loss")]
        else:
            losses = loss_definitions(self.loss, outputs, targets)
        inputs = tuple(self.unit(0, j) for j in range(self.layers[0]))
        return Blueprint((*units, *losses), inputs=inputs)

    def _layer(self, layer: int) -> list[list[Definition]]:
        """The definitions of each unit of a layer."""
        return [self._unit(layer, j) for j in range(self.layers[layer])]

    def _unit(self, layer: int, j: int) -> list[Definition]:
        terms = [
            f"{self.unit(layer - 1, i)}*{self.weight(layer, i, j)}"
            for i in range(self.layers[layer - 1])
        ]
        summed = " + ".join([*terms, *[self.bias_name(layer, j)] * self.bias])
        pre, post = self.unit(layer, j, "pre"), self.unit(layer, j)
        activation = self.activations[layer - 1]
        if activation == "linear":
            return [Definition(post, summed, "graph")]
        others = [self.unit(layer, k, "pre") for k in range(self.layers[layer])]
        formula = (
            f"softmax({', '.join([pre, *others])})"
            if activation == "softmax"
            else f"{activation}({pre})"
        )
        return [Definition(pre, summed, "graph"), Definition(post, formula, "graph")]


def _shape(names: object) -> object:
    """3 for three names, [2, 3] for rows of two and three, and so on; None for none."""
    if names is None or isinstance(names, str):
        return None
    assert isinstance(names, list), "bug: names are lists"
    inner = [_shape(name) for name in names]
    return len(names) if all(shape is None for shape in inner) else inner
