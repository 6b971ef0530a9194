"""The form of a template file: fields, types and bounds. What they mean is `examgen.template`.

The same models make the JSON Schema that editors use.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from examgen.figure_field import Figure, FigureField
from examgen.forms import Form, Number, Printed, Share, in_elements
from examgen.part_file import PartFile
from examgen.sample_file import Sample
from examgen.text import Text
from examgen.topology import Formula, Topology

Component = Literal[
    "paths", "products", "sums", "negatives", "digits", "transcendentals", "trivial"
]
"""What the work of a variant is counted in; see `examgen.effort`."""


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
        return in_elements(data, ("given", "answers", "misprints"))


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
        return in_elements(data, ("sample",))

    @property
    def instances(self) -> list[Published]:
        """All published instances."""
        if self.published is None:
            return []
        return self.published if isinstance(self.published, list) else [self.published]
