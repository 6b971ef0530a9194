"""The JSON Schemas: they admit what the programs read, refuse what they refuse, explain it all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from examgen.bank import bank_ids
from examgen.schema import exam_schema, schema_text, template_schema
from examgen.topology import Topology

BANK = Path(__file__).parents[1] / "question_bank"
SCHEMAS = {"template": template_schema(), "exam": exam_schema()}
every_schema = pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)


@cache
def validator(kind: str) -> Draft202012Validator:
    """The validator of a kind of file."""
    return Draft202012Validator(SCHEMAS[kind])


def problems(kind: str, document: object) -> list[str]:
    """What is wrong with a document, each with its place."""
    return [
        f"{error.json_path}: {error.message}" for error in validator(kind).iter_errors(document)
    ]


def places(schema: object, path: str = "$") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object in a schema with its place."""
    if isinstance(schema, dict):
        yield path, schema
        for key, value in schema.items():
            yield from places(value, f"{path}.{key}")
    elif isinstance(schema, list):
        for number, value in enumerate(schema):
            yield from places(value, f"{path}[{number}]")


# --- the schemas themselves -----------------------------------------------------------------------


@every_schema
def test_it_is_a_schema(schema: dict[str, Any]) -> None:
    """Of draft 2020-12, as text and back."""
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert json.loads(schema_text(schema)) == schema


@every_schema
def test_every_field_is_explained(schema: dict[str, Any]) -> None:
    """In words that begin with a capital and end without a full stop; forms, too."""
    forms = [schema, *(one for one in schema["$defs"].values() if "properties" in one)]
    for form in forms:
        assert form["description"]
        for name, field in form["properties"].items():
            told = field.get("description", "")
            assert told, name
            assert told[0].isupper(), told
            assert told.endswith("...") or not told.endswith("."), told


@every_schema
def test_forms_are_closed_and_references_lead_somewhere(schema: dict[str, Any]) -> None:
    """Objects with fields admit no others."""
    found = list(places(schema))
    forms = [
        place for place, one in found if isinstance(one.get("properties"), dict) and "type" in one
    ]
    assert len(forms) >= 3
    assert all(one["additionalProperties"] is False for place, one in found if place in forms)
    references = {one["$ref"] for _, one in found if isinstance(one.get("$ref"), str)}
    assert references
    assert references <= {f"#/$defs/{name}" for name in schema["$defs"]}


@every_schema
def test_examples_and_defaults_fit(schema: dict[str, Any]) -> None:
    """What an editor proposes is right."""
    seen = 0
    for form in (schema, *schema["$defs"].values()):
        for field in form.get("properties", {}).values():
            own = Draft202012Validator({**field, "$defs": schema["$defs"]})
            for example in field.get("examples", []):
                assert own.is_valid(example), example
                seen += 1
    assert seen > 1


def test_titles_are_not_made_of_names() -> None:
    """`Loss At` explains nothing."""
    assert "Loss At" not in schema_text(SCHEMAS["template"])


# --- what fits ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", bank_ids())
def test_the_bank_fits(name: str) -> None:
    """As it is written, placeholders included; a misspelt field does not."""
    document = yaml.safe_load((BANK / f"{name}.yaml").read_text(encoding="utf-8"))
    assert problems("template", document) == []
    assert problems("template", document | {"pionts": 1})
    del document["sample"]
    assert problems("template", document)


SMALL: dict[str, Any] = {
    "id": "small",
    "title": "Small",
    "graph": {"topology": "formulas", "formulas": {"z": "w*x"}, "loss": "z"},
    "sample": {"x": 1, "w": {"from": 0, "to": 1, "step": 0.5}},
    "parts": [{"ask": "Compute.", "answers": "z", "points": 1}],
}


def test_an_exam_fits() -> None:
    """With questions of both kinds."""
    exam = {
        "title": "T",
        "seed": 123,
        "questions": [{"use": "a", "points": 2.5}, {"choose": "1 of [a, b]"}],
        "instructions": [{"en": "Think.", "de": "Denken."}, "Write."],
    }
    assert problems("exam", exam) == []
    for wrong in ({"language": "fr"}, {"seeds": 3}, {"questions": []}, {"seed": "<seed>"}):
        assert problems("exam", exam | wrong)


@pytest.mark.parametrize(
    "field",
    [
        {"sample": {"y": [1, 0], "W": [[1, 2], [3, "1/3"]], "v": [{"choose": [1]}, "<one>"]}},
        {"sample": {"x": "<number>", "w": {"from": "<low>", "to": 1, "step": "<grid.step>"}}},
        {"decimals": "<places>", "figure": "<figure>", "state_gradient": "<sense>"},
        {"graph": "<net>"},
        {"graph": {"topology": "mlp", "layers": [2, "<width>", 1], "activation": "<phi>"}},
        {"graph": {"topology": "mlp", "layers": "<widths>", "activation": ["<phi>", "linear"]}},
        {"graph": {"topology": "elman", "steps": "<steps>", "bias": "<bias>"}},
        {"choose": {"asked": ["w1", "w2"], "gate": [{"w": "w_f", "word": {"en": "a"}}]}},
        {"parts": [{"ask": "A", "answers": "dL/d<asked>", "points": "<points>"}]},
        {"parts": "<parts>"},
        {"mistakes": {"one": {"replace": {"dL/dw": 0, "z": "w"}, "say": "No."}}},
        {"partial_marks": {"ascent": "1/2"}},
        {"published": {"source": "P", "given": {"x": [1, 2]}, "answers": {"z": "0.50"}}},
    ],
    ids=str,
)
def test_what_the_reader_allows_fits(field: dict[str, Any]) -> None:
    """Vectors, quotients, numbers for formulas, and names of alternatives in place of them."""
    assert problems("template", SMALL | field) == []


@pytest.mark.parametrize(
    "field",
    [
        {"decimals": "four"},
        {"decimals": 10},
        {"decimals": "<a b>"},
        {"decimals": "x<places>"},
        {"graph": {"topology": "perceptron"}},
        {"graph": {"topology": "mlp", "layers": [2]}},
        {"graph": {"topology": "mlp", "layers": [2, 1], "loss": "hinge"}},
        {"graph": {"topology": "formulas", "formulas": {"z": ["w"]}}},
        {"graph": {"topology": "formulas", "formulas": {"z": "w"}, "steps": 2}},
        {"sample": {"x": {"from": 0, "to": 1}}},
        {"sample": {"x": {"choose": []}}},
        {"sample": {"x": "one"}},
        {"sample": {"x": [1, "two"]}},
        {"require": "z > 0"},
        {"partial_marks": {"ascent": "half"}},
        {"mistakes": {"one": {"replace": {}, "say": "No."}}},
        {"mistakes": {"one": {"replace": {"z": "w"}}}},
        {"parts": []},
        {"parts": [{"answers": "z", "points": 1}]},
        {"parts": [{"ask": "A", "answers": "z", "points": 1, "hints": "none"}]},
        {"title": {"fr": "Petit"}},
        {"id": "Not An Id"},
        {"effort": {"equal": ["length"]}},
    ],
    ids=str,
)
def test_what_is_wrong_is_underlined(field: dict[str, Any]) -> None:
    """An editor says so before the program does."""
    assert problems("template", SMALL) == []
    assert problems("template", SMALL | field)


def test_every_topology_is_offered() -> None:
    """By its name, each with a form of its own."""
    assert Topology
    defined = SCHEMAS["template"]["$defs"].values()
    kinds = {
        one["properties"]["topology"]["const"]
        for one in defined
        if "topology" in one.get("properties", {})
    }
    expected = {"formulas", "mlp", "elman", "recurrent_cell", "lstm", "gru", "residual"}
    assert kinds == expected
