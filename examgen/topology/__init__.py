"""Topologies: builders that write formulas, so that authors need not."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from examgen.topology.blueprint import Blueprint, Formula, Spec
from examgen.topology.elman import Elman
from examgen.topology.formulas import Formulas
from examgen.topology.gru import Gru
from examgen.topology.lstm import Lstm
from examgen.topology.mlp import Mlp
from examgen.topology.recurrent_cell import RecurrentCell
from examgen.topology.residual import Residual

Topology = Annotated[
    Formulas | Mlp | Elman | RecurrentCell | Lstm | Gru | Residual,
    Field(discriminator="topology"),
]
"""The `graph:` of a template: one of the topologies, told apart by `topology:`."""

__all__ = ["Blueprint", "Formula", "Spec", "Topology"]
