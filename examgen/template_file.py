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

from examgen.figure_field import Figure, FigureField
from examgen.notation import decimal
from examgen.text import Text
from examgen.topology import Formula, Topology

MOST_VALUES = 10_000
MOST_BITS = 256
"""Of the common denominator of the values of one given."""

_QUOTIENT = re.compile(r"[+-]?\d{1,15}/0{0,14}[1-9]\d{0,14}", re.ASCII)
_WITH_COMMA = re.compile(r"[+-]?\d{1,15},\d{1,15}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(\d{1,40}\.?\d{0,40}|\.\d{1,40})([eE][+-]?\d{1,2})?", re.ASCII)


def _exact(value: object) -> object:
    """A number as the strict reader gives it; a quotient such as '1/3' is a number, too."""
    if isinstance(value, bool):
        raise ValueError("found true or false, expected a number")
    if isinstance(value, int | Fraction):
        return Fraction(value)
    if isinstance(value, str) and _QUOTIENT.fullmatch(value):
        return Fraction(value)
    if isinstance(value, str) and _WITH_COMMA.fullmatch(value):
        raise ValueError(f"found '{value}', expected a decimal point: {value.replace(',', '.')}")
    raise ValueError(f"found '{value}', expected a number")


_QUOTED = {"type": "string", "pattern": r"^[+-]?[0-9]{1,15}/[0-9]{1,15}$"}
Number = Annotated[
    Fraction,
    BeforeValidator(_exact),
    WithJsonSchema({"anyOf": [{"type": "number"}, _QUOTED]}),
]


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


Component = Literal[
    "paths", "products", "sums", "negatives", "digits", "transcendentals", "trivial"
]
"""What the work of a variant is counted in; see `examgen.effort`."""

Share = Annotated[Number, Field(ge=0, le=1)]
"""A share of the points of an answer."""


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

    source: str = Field(description="Where it is printed", examples=["Lecture notes, page 12"])
    choice: dict[str, Any] = Field(
        default_factory=dict,
        description="The alternatives of `choose:` that it belongs to: {asked: w21}; all, if none",
    )
    given: dict[str, Number] = Field(
        min_length=1, description="Its numbers; a list for a vector, a list of lists for a matrix"
    )
    answers: dict[str, Printed] = Field(
        default_factory=dict,
        description="Its answers, right to the last printed digit; quoted they keep their zeros",
    )
    misprints: dict[str, Printed] = Field(
        default_factory=dict, description="Answers that the source prints wrongly"
    )

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, data: object) -> object:
        """Vectors and matrices as their elements."""
        return _flattened(data, ("given", "answers", "misprints"))


Reason = Annotated[str, Field(min_length=1, max_length=300)]
"""Why an author bears what `examgen check` would fail."""


MistakeName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_()-]{0,59}$")]
"""A name such as those of docs/misconceptions.md; reports and tables have it."""


class Mistake(Form):
    """A mistake that the author expects: which quantities come out otherwise, and what to say."""

    replace: dict[str, Formula] = Field(
        min_length=1,
        max_length=40,
        description="Quantities and the formulas that are taken for theirs; all else follows",
        examples=[{"mhat": "m", "vhat": "v"}, {"dL/dmu": 0}],
    )
    say: Text = Field(description="What to tell who made it; the same for all students")


def _equal_usually() -> list[Component]:
    return ["paths"]


def _within_usually() -> dict[Component, Share]:
    return {"digits": Fraction(1, 2)}


class Effort(Form):
    """What the variants of a question have in common in the work they ask.

    Unless something is said of them, paths are equal and digits within a half; `equal: []` and
    `within: {}` say that nothing is.
    """

    equal: list[Component] = Field(
        default_factory=_equal_usually,
        description="The same number in every variant; paths, unless they stand in `within`",
    )
    within: dict[Component, Share] = Field(
        default_factory=_within_usually,
        description="How far, as a share of the usual number, a variant may lie from it; digits"
        " by a half, unless they are mentioned",
    )

    @model_validator(mode="before")
    @classmethod
    def _with_the_usual(cls, data: object) -> object:
        """The defaults of what is not mentioned."""
        if not isinstance(data, dict):
            return data
        equal, within = data.get("equal"), data.get("within")
        if "equal" not in data and isinstance(within, dict) and "paths" in within:
            data = data | {"equal": []}
        named = isinstance(equal, list) and "digits" in equal
        if isinstance(within, dict) and within and "digits" not in within and not named:
            data = data | {"within": {**within, **_within_usually()}}
        return data

    @model_validator(mode="after")
    def _each_once(self) -> Effort:
        twice = [name for name in self.equal if name in self.within]
        if twice and {"equal", "within"} <= self.model_fields_set:
            raise ValueError(f"{twice[0]} stands under equal and under within, expected one")
        return self


class Spot(Form):
    """A printed working with one mistake in it, which students are to find."""

    lines: str = Field(description="The quantities of the printed lines, in order: h, yhat, dL/dw")
    mistake: str = Field(description="The name of a misconception, or one of `mistakes:`")
    at: str = Field("", description="The quantity it acts on, where it could act on several")


class TemplateFile(Form):
    """A question: its graph, how its numbers are drawn, what must hold, what is asked."""

    id: str = Field(
        pattern=r"^[a-z0-9][a-z0-9-]*$",
        max_length=60,
        description="Name of the question: small letters, digits and hyphens",
        examples=["mlp-2-2-2"],
    )
    title: Text = Field(description="Heading of the question on paper")
    topic: str | None = Field(None, description="What it is about, to find it by")
    source: str | None = Field(None, description="Where the question comes from")
    stem: Text = Field(
        "", description="What is told before the parts; a blank line ends a paragraph"
    )
    choose: dict[str, list[Any]] | None = Field(
        None,
        description="Alternatives by name; <name> elsewhere in the file stands for the one chosen,"
        " <name.field> for a field of it. Each student gets one combination of at most 64",
    )
    graph: Topology = Field(description="The computation that the question is about")
    symbols: dict[str, str] = Field(
        default_factory=dict,
        description="TeX for names that the rules print otherwise",
        examples=[{"v": r"\sigma^2"}],
    )
    equations: bool = Field(True, description="Print the equations of the graph")
    figure: Figure = Field(
        FigureField(), description="Print a figure of the graph; fields say how it is to look"
    )
    state_gradient: Literal["total", "message"] = Field(
        "total",
        description="What dL/dh[t] means: the total derivative, or the message from step t+1",
    )
    sample: dict[str, Sample] = Field(
        description="How each given is drawn: a number, {choose: [...]}, {from, to, step}; x[*] "
        "and w_* match several, a list stands for a vector, a list of lists for a matrix",
        examples=[{"x[*]": {"from": -2, "to": 2, "step": 0.5, "except": [0]}, "y": [1, 0]}],
    )
    require: list[str] = Field(
        default_factory=list,
        max_length=200,
        description="Conditions on values and gradients; one with [t] is meant for every t",
        examples=[["abs(dL/dw) > 0.01", "decimals(z) <= 3"]],
    )
    margin: Number = Field(
        Fraction(1, 100), ge=0, description="Least distance from a kink, e.g. of a ReLU from zero"
    )
    candidates: int = Field(
        8, ge=1, le=64, description="Acceptable draws of which each variant is the best"
    )
    effort: Effort = Field(default_factory=Effort, description="What work variants have in common")
    mistakes: dict[MistakeName, Mistake] = Field(
        default_factory=dict, max_length=40, description="Mistakes of the author's own, by name"
    )
    spot: Spot | None = Field(None, description="A printed working with a mistake to be found")
    guessable: dict[str, Reason] = Field(
        default_factory=dict,
        max_length=40,
        description="Answers that can be guessed, and why that is borne: {relu'(z1): 0 or 1}",
    )
    decimals: int = Field(4, ge=0, le=9, description="Decimals that numbers are asked to")
    follow_through: Share | None = Field(
        None, description="Share of the points for what follows from an earlier wrong answer"
    )
    partial_marks: dict[str, Share] = Field(
        default_factory=dict, description="Share of the points for a known mistake, by its name"
    )
    conventions: list[Text] = Field(
        default_factory=list, description="What is agreed upon, printed before the parts"
    )
    parts: list[PartFile] = Field(min_length=1, max_length=40, description="What is asked")
    published: list[Published] | Published | None = Field(
        None, description="Instances printed elsewhere; `examgen check` recomputes them"
    )
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
