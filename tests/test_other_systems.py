"""Spellings from the test suites of other systems, as numbers and as formulas."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from examgen.template import parse_template
from grader.reading.numbers import Number, read_number
from grader.symbolic import FormulaMarker, Right, Unreadable, Wrong

DATA = Path(__file__).parent / "data/other_systems.yaml"
SPELLINGS: dict[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))

TEMPLATE = """\
id: plain
title: A sum
graph:
  topology: formulas
  formulas:
    L: >-
      w1*m*n + w2*(m - n) + w3*n/m + w4*m^2 + w5*exp(n) + w6*tanh(m) + w7*(4*n + 2*m) + w8*ln(m)
sample: {m: {choose: [1, 2]}, n: {choose: [1, 2]}, "w*": 1}
parts:
  - ask: Give the derivatives.
    derive: dL/dw1, dL/dw2, dL/dw3, dL/dw4, dL/dw5, dL/dw6, dL/dw7, dL/dw8
    points: 8
"""
KINDS = {"right": Right, "wrong": Wrong, "unreadable": Unreadable}
FORMULAS = [
    (slot, kind, text)
    for slot, kinds in SPELLINGS["formulas"].items()
    for kind, systems in kinds.items()
    for texts in systems.values()
    for text in texts
]
NUMBERS = [
    (text, value) for numbers in SPELLINGS["numbers"].values() for text, value in numbers.items()
]


@cache
def marker(quantity: str) -> FormulaMarker:
    """The marker of the slot that asks for this derivative."""
    template = parse_template(TEMPLATE, "plain")
    (slot,) = (one for one in template.slots if one.quantity == quantity)
    return FormulaMarker(template, slot)


@pytest.mark.parametrize(("slot", "kind", "text"), FORMULAS)
def test_formulas(slot: str, kind: str, text: str) -> None:
    """Right, wrong, or not to be read; never an error."""
    found = marker(slot).mark(str(text))
    assert type(found) is KINDS[kind], found


@pytest.mark.parametrize(("text", "value"), NUMBERS)
def test_numbers(text: str, value: str | None) -> None:
    """The number that stands there, or a reason."""
    found = read_number(text, "point")
    if value is None:
        assert isinstance(found, Unreadable)
        assert str(found)
    else:
        assert isinstance(found, Number)
        assert found.value == float(Fraction(value))


def test_there_are_some_hundreds() -> None:
    """As many as were collected."""
    assert len(FORMULAS) > 250
    assert len(NUMBERS) > 150
