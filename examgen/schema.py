"""The JSON Schema of template and exam files, so that editors complete, explain and underline.

pydantic writes it from the forms. Added here is what the strict reader allows besides: `<name>` of
a `choose:` in place of anything that is no text, and lists for vectors and matrices.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from examgen.exam_file import ExamFile
from examgen.template_file import TemplateFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PLACEHOLDER = {
    "type": "string",
    "pattern": r"^<[A-Za-z_]\w*(\.\w+)?>$",
    "description": "The alternative chosen of that name under choose:",
}
_CHOSEN = {"$ref": "#/$defs/chosen"}
_VECTORS = (("TemplateFile", "sample"), ("Published", "given"))

Schema = dict[str, Any]


def template_schema() -> Schema:
    """The schema of template files."""
    schema = form_schema(TemplateFile)
    definitions = schema["$defs"]
    for form, field in _VECTORS:
        properties = definitions.get(form, schema)["properties"]
        _allow_lists(definitions, properties[field], f"{field}_element")
    choose = schema["properties"].pop("choose")
    for form in (schema, *definitions.values()):
        _allow_placeholders(form)
    schema["properties"]["choose"] = choose
    definitions["chosen"] = _PLACEHOLDER
    return schema


def exam_schema() -> Schema:
    """The schema of exam files."""
    return form_schema(ExamFile)


def schema_text(schema: Schema) -> str:
    """A schema as the text of a file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def form_schema(form: type[BaseModel]) -> Schema:
    """The schema of a form as pydantic has it, without titles made of the names of fields."""
    schema = form.model_json_schema(by_alias=True)
    for one in (schema, *schema.get("$defs", {}).values()):
        one.pop("title", None)
        for field in one.get("properties", {}).values():
            field.pop("title", None)
            field.pop("discriminator", None)  # of OpenAPI; no editor reads it
    return {"$schema": DIALECT, **schema}


def _allow_lists(definitions: Schema, field: Schema, name: str) -> None:
    """Vectors and matrices where a single element may stand."""
    element = field["additionalProperties"]
    nested = {"type": "array", "minItems": 1, "items": {"$ref": f"#/$defs/{name}"}}
    definitions[name] = {"anyOf": [element, nested]}
    field["additionalProperties"] = {"$ref": f"#/$defs/{name}"}


def _allow_placeholders(form: Schema) -> None:
    """`<name>` for every field of a form, and for every part of one, that is no text anyway."""
    fields = form.get("properties", {})
    for name in fields:
        fields[name] = fields[name] if name == "topology" else _chosen(fields[name])
    if "anyOf" in form:  # an element of a vector
        form["anyOf"] = [*map(_inside, form["anyOf"]), _CHOSEN]


_SAID = ("description", "examples", "default")


def _chosen(schema: Schema) -> Schema:
    """A schema that admits `<name>`, too; what it says of the field stays in front."""
    inner = _inside(schema)
    if _is_text(inner):
        return inner
    said: Schema = {key: inner.pop(key) for key in _SAID if key in inner}
    options = inner.pop("anyOf") if set(inner) == {"anyOf"} else [inner]
    return {**said, "anyOf": [*options, _CHOSEN]}


def _inside(schema: Schema) -> Schema:
    """The schema with `<name>` admitted for the items and values in it."""
    deeper: Mapping[str, Callable[[Any], Any]] = {
        "items": _chosen,
        "additionalProperties": lambda inner: _chosen(inner) if isinstance(inner, dict) else inner,
        "anyOf": lambda options: [_inside(option) for option in options],
    }
    return {key: deeper[key](value) if key in deeper else value for key, value in schema.items()}


def _is_text(schema: Schema) -> bool:
    """Whether any text fits, so that `<name>` does."""
    options = schema.get("anyOf", [schema])
    return any(
        option.get("type") == "string" and not option.keys() & {"pattern", "enum", "const"}
        for option in options
    )
