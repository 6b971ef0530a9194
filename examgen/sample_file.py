"""The form of `sample:` in a template: the values that a given is drawn from."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Annotated

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from examgen.forms import Form, Number
from examgen.notation import decimal

MOST_VALUES = 10_000
MOST_BITS = 256
"""Of the common denominator of the values of one given."""


class Choose(Form):
    """One of some values."""

    choose: list[Number] = Field(
        min_length=1,
        max_length=MOST_VALUES,
        description="The values",
        examples=[[-1, -0.5, 0.5, 1]],
    )

    @field_validator("choose")
    @classmethod
    def _on_one_grid(cls, values: list[Fraction]) -> list[Fraction]:
        common = 1
        for value in values:
            common = lcm(common, value.denominator)
            if common.bit_length() > MOST_BITS:
                raise ValueError("the values have no common denominator of a sensible size")
        return values

    def values(self) -> tuple[Fraction, ...]:
        """The values, each once."""
        return tuple(dict.fromkeys(self.choose))


class Span(Form):
    """A grid of values from one number to another."""

    start: Number = Field(alias="from", description="The smallest value")
    stop: Number = Field(alias="to", description="The largest value; the steps meet it")
    step: Number = Field(description="From one value to the next")
    exclude: list[Number] = Field(
        default_factory=list, alias="except", description="Values to leave out", examples=[[0]]
    )

    @model_validator(mode="after")
    def _has_values(self) -> Span:
        if self.step <= 0:
            raise ValueError("step must be above zero")
        if self.stop < self.start:
            raise ValueError("to lies below from")
        if (self.stop - self.start) / self.step >= MOST_VALUES:
            raise ValueError(f"more than {MOST_VALUES} values")
        if not self.values():
            raise ValueError("no value is left")
        if over := (self.stop - self.start) % self.step:
            last, step = decimal(self.stop - over), decimal(self.step)
            raise ValueError(
                f"steps of {step} never meet {decimal(self.stop)}, the last value is {last}; "
                f"write to: {last}, or another step"
            )
        return self

    def values(self) -> tuple[Fraction, ...]:
        """The values, in rising order."""
        count = int((self.stop - self.start) / self.step) + 1
        left_out = set(self.exclude)
        grid = (self.start + k * self.step for k in range(count))
        return tuple(value for value in grid if value not in left_out)


def _kind_of_sample(value: object) -> str:
    if isinstance(value, dict | Form):
        return "choose" if isinstance(value, Choose) or "choose" in dict(value) else "span"
    return "constant"


Sample = Annotated[
    Annotated[Number, Tag("constant")]
    | Annotated[Choose, Tag("choose")]
    | Annotated[Span, Tag("span")],
    Discriminator(_kind_of_sample),
]


def values_of(sample: Sample) -> tuple[Fraction, ...]:
    """What may be drawn."""
    return (sample,) if isinstance(sample, Fraction) else sample.values()
