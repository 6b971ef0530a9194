"""The form of a template file: fields, types and bounds. What they mean is `examgen.template`.

The same models make the JSON Schema that editors use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from examgen.text import Text
from examgen.topology import Topology

MOST_VALUES = 10_000
MOST_BITS = 256
"""Of the common denominator of the values of one given."""

_QUOTIENT = re.compile(r"[+-]?\d{1,15}/0{0,14}[1-9]\d{0,14}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(\d{1,40}\.?\d{0,40}|\.\d{1,40})([eE][+-]?\d{1,2})?", re.ASCII)


def _exact(value: object) -> object:
    """A number as the strict reader gives it; a quotient such as '1/3' is a number, too."""
    if isinstance(value, bool):
        raise ValueError("found true or false, expected a number")
    if isinstance(value, int | Fraction):
        return Fraction(value)
    if isinstance(value, str) and _QUOTIENT.fullmatch(value):
        return Fraction(value)
    raise ValueError(f"found '{value}', expected a number")


Number = Annotated[Fraction, BeforeValidator(_exact), WithJsonSchema({"type": "number"})]


def elements(name: str, value: object) -> Iterator[tuple[str, Any]]:
    """Each element of a vector or matrix under its indexed name, counted from 1.

    >>> list(elements("dL/dW", [["1", "2"]]))
    [('dL/dW[1,1]', '1'), ('dL/dW[1,2]', '2')]
    """
    if not isinstance(value, list):
        yield name, value
        return
    for number, item in enumerate(value, start=1):
        inner = f"{name[:-1]},{number}]" if name.endswith("]") else f"{name}[{number}]"
        yield from elements(inner, item)


def _printed(value: object) -> object:
    """A number as printed somewhere: quoted, it keeps its decimals."""
    if isinstance(value, str):
        if _DECIMAL.fullmatch(value) is None:
            raise ValueError(f"found '{value}', expected a number such as 0.65")
        return value
    exact = _exact(value)
    assert isinstance(exact, Fraction), "bug: a number is a Fraction"
    return str(Decimal(exact.numerator) / Decimal(exact.denominator))


Printed = Annotated[
    str, BeforeValidator(_printed), WithJsonSchema({"type": ["number", "string", "array"]})
]


class Form(BaseModel):
    """A part of a template file: unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, strict=True)


class Choose(Form):
    """One of some values."""

    choose: list[Number] = Field(min_length=1, max_length=MOST_VALUES)

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

    start: Number = Field(alias="from")
    stop: Number = Field(alias="to")
    step: Number
    exclude: list[Number] = Field(default_factory=list, alias="except")

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


Component = Literal[
    "paths", "products", "sums", "negatives", "digits", "transcendentals", "trivial"
]
"""What the work of a variant is counted in; see `examgen.effort`."""

Share = Annotated[Number, Field(ge=0, le=1)]
"""A share of the points of an answer."""


_OF_ANSWERS = ("points", "decimals", "tolerance", "follow_through", "partial_marks")


class PartFile(Form):
    """A part of a question: a task and its answers, or parts of its own."""

    ask: Text
    answers: str | list[str] | None = Field(
        None, description="Quantities to compute, separated by commas: yhat[1], dL/dw, w'"
    )
    derive: str | list[str] | None = Field(
        None, description="Quantities to give as formulas; dL/do[t] means at any step t"
    )
    using: str | list[str] | None = Field(
        None, description="Derivatives that formulas may speak of; all others are written out"
    )
    points: Number | list[Number] | None = Field(
        None, description="For all answers together, or one number each"
    )
    decimals: int | None = Field(None, ge=0, le=9, description="Decimals that answers need")
    tolerance: Number | None = Field(None, gt=0, description="How far an answer may lie")
    follow_through: Share | None = Field(
        None, description="Share of the points for what follows from an earlier wrong answer"
    )
    partial_marks: dict[str, Share] = Field(
        default_factory=dict, description="Share of the points for a known mistake, by its name"
    )
    hint: Text | None = None
    feedback: Text | None = Field(
        None, description="What to tell afterwards: with the solution and on feedback pages"
    )
    parts: list[PartFile] | None = Field(None, min_length=1, max_length=20)

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
        return self


def _flattened(data: object, fields: Sequence[str]) -> object:
    """The fields' vectors and matrices replaced by their elements."""
    if not isinstance(data, dict):
        return data
    mappings = {name: data[name] for name in fields if isinstance(data.get(name), dict)}
    return data | {
        name: dict(one for key, value in mapping.items() for one in elements(key, value))
        for name, mapping in mappings.items()
    }


class Published(Form):
    """An instance printed somewhere, and the answers printed with it.

    A vector or a matrix may be given as a list: `x: [1, 2]` for `x[1]: 1` and `x[2]: 2`.
    """

    source: str
    given: dict[str, Number] = Field(min_length=1)
    answers: dict[str, Printed] = Field(
        default_factory=dict, description="Right to the last printed digit; quote to keep zeros"
    )
    misprints: dict[str, Printed] = Field(
        default_factory=dict, description="Answers that the source prints wrongly"
    )

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, data: object) -> object:
        """Vectors and matrices as their elements."""
        return _flattened(data, ("given", "answers", "misprints"))


class Mistake(Form):
    """A mistake that the author expects: which quantities come out otherwise, and what to say."""

    replace: dict[str, str] = Field(
        min_length=1,
        max_length=40,
        description="Quantities and the formulas that are taken for theirs: {mhat: m}",
    )
    say: Text = Field(description="What to tell who made it")


class Effort(Form):
    """What the variants of a question have in common in the work they ask."""

    equal: list[Component] = Field(
        default_factory=lambda: ["paths"], description="The same number in every variant"
    )
    within: dict[Component, Share] = Field(
        default_factory=lambda: {"digits": Fraction(1, 2)},
        description="How far, as a share of the usual number, a variant may lie from it",
    )


class Spot(Form):
    """A printed working with one mistake in it, which students are to find."""

    lines: str = Field(description="The quantities of the printed lines, in order: h, yhat, dL/dw")
    mistake: str = Field(description="The name of a misconception, or one of `mistakes:`")
    at: str = Field("", description="The quantity it acts on, where it could act on several")


class TemplateFile(Form):
    """A question: its graph, how its numbers are drawn, what must hold, what is asked."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)
    title: Text
    topic: str | None = None
    source: str | None = Field(None, description="Where the question comes from")
    stem: Text = ""
    graph: Topology
    symbols: dict[str, str] = Field(
        default_factory=dict, description="TeX for names that the rules print otherwise"
    )
    equations: bool = Field(True, description="Print the equations of the graph")
    figure: bool = Field(True, description="Print a schematic figure of the graph")
    state_gradient: Literal["total", "message"] = Field(
        "total",
        description="What dL/dh[t] means: the total derivative, or the message from step t+1",
    )
    sample: dict[str, Sample] = Field(
        description="How each given is drawn; patterns such as x[*] and w_* match several"
    )
    require: list[str] = Field(
        default_factory=list, max_length=200, description="Conditions on values and gradients"
    )
    margin: Number = Field(
        Fraction(1, 100), ge=0, description="Least distance from a kink, e.g. of a ReLU from zero"
    )
    candidates: int = Field(
        8, ge=1, le=64, description="Acceptable draws of which each variant is the best"
    )
    effort: Effort = Field(default_factory=Effort, description="What work variants have in common")
    mistakes: dict[str, Mistake] = Field(
        default_factory=dict, max_length=40, description="Mistakes of the author's own, by name"
    )
    spot: Spot | None = Field(None, description="A printed working with a mistake to be found")
    decimals: int = Field(4, ge=0, le=9, description="Decimals that answers need")
    follow_through: Share | None = Field(
        None, description="Share of the points for what follows from an earlier wrong answer"
    )
    partial_marks: dict[str, Share] = Field(
        default_factory=dict, description="Share of the points for a known mistake, by its name"
    )
    conventions: list[Text] = Field(default_factory=list)
    parts: list[PartFile] = Field(min_length=1, max_length=40)
    published: list[Published] | Published | None = None
    notes: str | None = Field(None, description="For instructors; never printed")

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, data: object) -> object:
        """Constant vectors and matrices as their elements."""
        return _flattened(data, ("sample",))

    @property
    def instances(self) -> list[Published]:
        """All published instances."""
        if self.published is None:
            return []
        return self.published if isinstance(self.published, list) else [self.published]
