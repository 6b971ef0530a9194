"""Questions and values as plain text, for a terminal or a pipe, and as data for JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from examgen.notation import decimal
from examgen.printing import PLAIN, define
from examgen.sheet import QuestionSheet
from examgen.template import Template
from examgen.typeset import plain, plain_text
from examgen.variant import Variants, is_finite

_PLACES = 10


def question_text(sheet: QuestionSheet) -> str:
    """A question as lines of text: stem, equations, givens, conventions, working, parts."""
    blocks = [
        [f"{sheet.title} ({sheet.points} points)"],
        [plain_text(paragraph) for paragraph in sheet.stem],
        [f"  {plain(equation)}" for equation in sheet.equations],
        list(table([[plain(symbol), plain(number)] for symbol, number in sheet.givens])),
        [f"- {plain_text(convention)}" for convention in sheet.conventions],
        [f"{n}  {plain(line)}" for n, line in enumerate(sheet.working, start=1)],
        [line for part in sheet.parts for line in _part(part.label, part.ask, part.points)],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _part(label: str, ask: str, points: str) -> Iterator[str]:
    worth = f" ({points} {'point' if points == '1' else 'points'})" if points else ""
    yield f"({label}) {plain_text(ask)}{worth}"


def feedback_lines(feedback: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What a template tells of its parts afterwards."""
    for label, texts in feedback.items():
        yield f"({label}) {' '.join(map(plain_text, texts))}"


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns side by side, each as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield ("  " + "  ".join(cells)).rstrip()


def value_rows(variants: Variants, variant: int) -> list[list[str]]:
    """Name, formula and value of every quantity of one variant."""
    quantities = variants.template.quantities
    rows: dict[str, list[str]] = {}
    for name, value in variants.quantities(variant).items():
        formula = define(quantities.nodes[name], quantities.symbols, PLAIN)
        shown = quantities.symbols.plain(name)
        if formula != shown or shown not in rows:  # a copy may go by the name of its original
            rows[shown] = [shown, _shown(value), "" if formula == shown else formula]
    return list(rows.values())


def choice_rows(template: Template) -> list[list[str]]:
    """What a structure of several chooses, as rows beside those of its values."""
    return [[name, value, "chosen"] for name, value in template.choice.items()]


def _shown(value: Fraction | float) -> str:
    """The decimal; with ~ before it where it is rounded."""
    if not is_finite(value):
        return "undefined"
    text = decimal(Fraction(value), _PLACES)
    exact = isinstance(value, Fraction) and Fraction(text) == value
    return text if exact else f"~{text}"


def formula_lines(template: Template) -> Iterator[str]:
    """The formulas that the topology stands for, as `formulas:` would have them."""
    blueprint = template.quantities.blueprint
    if blueprint.ranges:
        spans = (f"{variable} = 1..{last}" for variable, last in blueprint.ranges.items())
        yield f"# {', '.join(spans)}"
    for definition in blueprint.definitions:
        yield f"{definition.name}: {definition.formula}"


def question_data(
    sheet: QuestionSheet, variants: Variants, variant: int, key: bool
) -> dict[str, Any]:
    """A question as data for JSON; with the key, the value of every quantity."""
    template = variants.template
    data: dict[str, Any] = {
        "id": template.id,
        "title": sheet.title,
        "points": sheet.points,
        "stem": list(sheet.stem),
        "equations": list(sheet.equations),
        "given": {n: _number(v) for n, v in variants.draw.exact(variant).items()},
        "conventions": list(sheet.conventions),
        "working": list(sheet.working),
        "parts": [
            {
                "label": part.label,
                "ask": part.ask,
                "points": part.points,
                "answers": [slot.id for slot in part.slots],
            }
            for part in sheet.parts
        ],
    }
    if key:
        values = variants.quantities(variant)
        plain_name = template.quantities.symbols.plain
        if template.choice:
            data["structure"] = template.structure + 1
            data["choice"] = dict(template.choice)
        data["values"] = {plain_name(name): _number(value) for name, value in values.items()}
        data["key"] = {
            slot.id: _number(values[template.quantities.name(slot.quantity)])
            for slot in template.slots
            if slot.kind == "number"
        }
    return data


def _number(value: Fraction | float) -> float | int | None:
    if not is_finite(value):
        return None
    whole = isinstance(value, Fraction) and value.denominator == 1
    return int(value) if whole else float(value)
