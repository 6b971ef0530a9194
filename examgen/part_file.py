"""The form of a part of a question: a task, its answers, what they count and what helps."""

from __future__ import annotations

from fractions import Fraction

from pydantic import Field, model_validator

from examgen.forms import Form, Number, Share
from examgen.text import Text

_OF_ANSWERS = ("points", "decimals", "tolerance", "follow_through", "partial_marks")


class PartFile(Form):
    """A part of a question: a task and its answers, or parts of its own."""

    ask: Text = Field(description="The task. {eta} is the number drawn for eta")
    answers: str | list[str] | None = Field(
        None,
        description="Quantities to compute, separated by commas; dL/dw[*] are all elements",
        examples=["yhat[1], dL/dw, w'"],
    )
    derive: str | list[str] | None = Field(
        None,
        description="Quantities to give as formulas; dL/do[t] means at any step t",
        examples=["dL/dz", "dL/do[t]"],
    )
    using: str | list[str] | None = Field(
        None,
        description="Derivatives that formulas may speak of; all others are written out",
        examples=["dL/dyhat, dL/dh[t]"],
    )
    points: Number | list[Number] | None = Field(
        None,
        description="For all answers together, or one number for each",
        examples=[2, [3, 1]],
    )
    decimals: int | None = Field(
        None, ge=0, le=9, description="Decimals that these answers need, where not the template's"
    )
    tolerance: Number | None = Field(
        None, gt=0, description="How far a number may lie off; by default it follows from the graph"
    )
    follow_through: Share | None = Field(
        None, description="Share of the points for what follows from an earlier wrong answer"
    )
    partial_marks: dict[str, Share] = Field(
        default_factory=dict, description="Share of the points for a known mistake, by its name"
    )
    hint: Text | None = Field(None, description="What helps on, in practice")
    space: Number | None = Field(
        None,
        gt=0,
        le=20,
        description="Room to work in, in centimetres, where not that of the exam",
    )
    feedback: Text | None = Field(
        None, description="What to tell afterwards: with the solution and on feedback pages"
    )
    parts: list[PartFile] | None = Field(
        None, min_length=1, max_length=20, description="Parts of this part: (i), (ii), ..."
    )

    @model_validator(mode="after")
    def _says_what_counts(self) -> PartFile:
        idle = [name for name in _OF_ANSWERS if name in self.model_fields_set]
        if self.parts is not None and idle:
            raise ValueError(f"found {', '.join(idle)} beside parts, expected with the answers")
        return self

    @model_validator(mode="after")
    def _asks_something(self) -> PartFile:
        if self.parts is None and self.answers is None and self.derive is None:
            raise ValueError("expected answers, derive or parts")
        if self.parts is not None and (self.answers or self.derive):
            raise ValueError("a part has either parts of its own, or answers and derive")
        if self.using is not None and self.derive is None:
            raise ValueError("using goes with derive")
        if self.parts is None and self.points is None:
            raise ValueError("expected points")
        given = self.points if isinstance(self.points, list) else [self.points or Fraction(0)]
        if min(given, default=Fraction(0)) < 0:
            raise ValueError("points are never negative")
        if self.parts is None and not any(given):
            raise ValueError("found 0 points, expected more")
        return self
