"""What the forms of files are made of: strict models, exact numbers, vectors and matrices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema


class Form(BaseModel):
    """A part of a file: unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, strict=True)


# --- numbers -------------------------------------------------------------------------------------

_QUOTIENT = re.compile(r"[+-]?\d{1,15}/0{0,14}[1-9]\d{0,14}", re.ASCII)
_WITH_COMMA = re.compile(r"[+-]?\d{1,15},\d{1,15}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(\d{1,40}\.?\d{0,40}|\.\d{1,40})([eE][+-]?\d{1,2})?", re.ASCII)


def _exact(value: object) -> Fraction:
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
"""An exact number: as YAML has it, or a quotient in quotation marks."""

Share = Annotated[Number, Field(ge=0, le=1)]
"""A share of the points of an answer."""


def _printed(value: object) -> object:
    """A number as printed somewhere: quoted, it keeps its decimals."""
    if isinstance(value, str):
        if _DECIMAL.fullmatch(value) is None:
            raise ValueError(f"found '{value}', expected a number such as 0.65")
        return value
    exact = _exact(value)
    return str(Decimal(exact.numerator) / Decimal(exact.denominator))


Printed = Annotated[
    str, BeforeValidator(_printed), WithJsonSchema({"type": ["number", "string", "array"]})
]
"""A number with the decimals that it is printed with."""

# --- vectors and matrices ------------------------------------------------------------------------


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


def in_elements(data: object, fields: Sequence[str]) -> object:
    """The fields' vectors and matrices replaced by their elements."""
    if not isinstance(data, dict):
        return data
    mappings = {name: data[name] for name in fields if isinstance(data.get(name), dict)}
    return data | {
        name: dict(one for key, value in mapping.items() for one in elements(key, value))
        for name, mapping in mappings.items()
    }
