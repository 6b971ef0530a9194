"""Residual networks (He et al., 2016, doi:10.1109/CVPR.2016.90) with branches and several heads."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from examgen.definitions import Definition
from examgen.errors import ExamgenError, Problem
from examgen.topology.blueprint import (
    LOSS,
    Activation,
    Blueprint,
    Loss,
    Spec,
    activated,
    loss_definitions,
)


class Part(BaseModel):
    """What layers, skips and heads have in common."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ResidualLayer(Part):
    """`name = activation(weight * from + bias + plus)`; without a weight a copy of its input."""

    name: str = Field(description="Name of what comes out")
    source: str | None = Field(
        None, alias="from", description="What goes in; by default the layer before"
    )
    weight: str | None = Field(None, description="Name of the weight; without it 1 is taken")
    bias: str | None = Field(None, description="Name of the bias, if there is one")
    plus: str | None = Field(None, description="What skips to here and is added, without a node")
    activation: Activation = Field("linear", description="Activation of the layer")
    pre: str | None = Field(None, description="Name of the pre-activation; default z_<name>")


class Skip(Part):
    """`sum = to + from`: what skips is added to what it skipped to."""

    source: str = Field(alias="from", description="The quantity that skips")
    to: str = Field(description="The layer whose output it is added to")
    sum: str = Field(description="Name of the sum; layers that follow `to` take it instead")


class Head(Part):
    """An output: an activation of one quantity, or of the sum of several, and its target."""

    name: str = Field(description="Name of the output")
    source: str | list[str] = Field(
        alias="from", description="The quantity that it is an activation of, or some that it adds"
    )
    activation: Activation = Field("linear", description="Activation of the output")
    target: str = Field(description="Name of the target in the loss")


class Residual(Spec):
    """Layers one after the other (or `from:` where they say), skips, and heads."""

    topology: Literal["residual"] = Field(description="A chain with skip connections and heads")
    input: str = Field("x", description="Name of the input")
    layers: list[ResidualLayer] = Field(
        min_length=1, max_length=32, description="The layers, first to last"
    )
    skips: list[Skip] = Field(
        default_factory=list, max_length=32, description="The skip connections"
    )
    heads: list[Head] = Field(min_length=1, max_length=8, description="The outputs")
    loss: Loss = Field("squared_error", description=LOSS)

    def blueprint(self) -> Blueprint:
        """The layers in order, each skip's sum after the layer it leads to, the heads, the loss."""
        known = {layer.name for layer in self.layers}
        for number, skip in enumerate(self.skips):
            if skip.to not in known:
                raise ExamgenError(
                    Problem(f"'{skip.to}' is no layer", path=f"graph.skips[{number}].to")
                )
        outputs, targets = [head.name for head in self.heads], [head.target for head in self.heads]
        definitions = [
            *self._layers(),
            *(Definition(head.name, _head(head), "graph.heads") for head in self.heads),
            *loss_definitions(self.loss, outputs, targets),
        ]
        return Blueprint(tuple(definitions), inputs=(self.input,))

    def _layers(self) -> list[Definition]:
        definitions: list[Definition] = []
        before = self.input
        for layer in self.layers:
            definitions += _layer(layer, layer.source or before)
            before = layer.name
            for skip in self.skips:
                if skip.to == layer.name:
                    definitions.append(
                        Definition(skip.sum, f"{before} + {skip.source}", "graph.skips")
                    )
                    before = skip.sum
        return definitions


def _layer(layer: ResidualLayer, source: str) -> list[Definition]:
    product = f"{layer.weight}*{source}" if layer.weight else source
    formula = " + ".join(filter(None, (product, layer.bias, layer.plus)))
    if layer.activation == "linear":
        return [Definition(layer.name, formula, "graph.layers")]
    pre = layer.pre or f"z_{layer.name}"
    return [
        Definition(pre, formula, "graph.layers"),
        Definition(layer.name, activated(layer.activation, pre), "graph.layers"),
    ]


def _head(head: Head) -> str:
    sources = [head.source] if isinstance(head.source, str) else head.source
    return activated(head.activation, " + ".join(sources))
