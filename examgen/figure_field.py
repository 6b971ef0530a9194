"""The form of `figure:` in a template: whether there is one, of what kind, and hints for it."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

Kind = Literal["network", "cell", "unrolled", "graph", "quantities", "none"]


def _grid(value: object) -> object:
    """A place on the grid; the strict reader gives integers and fractions."""
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return float(value)
    raise ValueError(f"found '{value}', expected a number of columns or rows")


Grid = Annotated[
    float, BeforeValidator(_grid), Field(ge=-20, le=60), WithJsonSchema({"type": "number"})
]


class FigureField(BaseModel):
    """What the figure of a question is to look like; rules decide all that is left out."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    kind: Kind | None = Field(
        None,
        description="Which picture: network is layers; cell one step of a recurrent network; "
        "unrolled all its steps beside its loop; graph every operation; quantities circles and "
        "arrows only",
    )
    place: dict[str, Annotated[list[Grid], Field(min_length=2, max_length=2)]] = Field(
        default_factory=dict,
        max_length=100,
        description="Where quantities stand: column and row, counted from the upper left; in a "
        "picture that is laid out as a whole a few places are layers and an order in them",
        examples=[{"h": [2, 0], "L": [4, 0.5]}],
    )
    hide: list[str] = Field(
        default_factory=list,
        max_length=100,
        description="Quantities that are left out of the figure",
        examples=[["L", "y[*]"]],
    )
    steps: int | None = Field(
        None, ge=1, le=8, description="How many steps are drawn where a cell is unrolled"
    )

    @property
    def is_none(self) -> bool:
        """Whether there is to be no figure."""
        return self.kind == "none"


def _field(value: object) -> object:
    """true is a figure as the rules have it, false is none."""
    if isinstance(value, bool):
        return {} if value else {"kind": "none"}
    if isinstance(value, str):
        known = ", ".join(get_args(Kind))
        raise ValueError(f"found '{value}', expected true, false or fields such as kind: ({known})")
    return value


Figure = Annotated[FigureField, BeforeValidator(_field, json_schema_input_type=bool | FigureField)]
"""`figure: true`, `figure: false`, or the fields of a FigureField."""
