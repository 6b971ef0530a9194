"""Where a field belongs: the places of a form, read from its JSON Schema.

A place is a path of field names; items of lists, and names of the author's own, do not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel

Schema = Mapping[str, Any]
Place = tuple[str, ...]


@cache
def _schema(form: type[BaseModel]) -> Schema:
    return form.model_json_schema()


def fields_at(form: type[BaseModel], path: tuple[str | int, ...], data: object) -> dict[str, bool]:
    """The fields that the mapping at a path may have; whether each takes names of the author's own.

    data: the whole document, which tells one topology from another.
    """
    root = _schema(form)
    there = list(_objects(root, root, data))
    for step in path:
        data = _below(data, step)
        there = [found for one in there for found in _inside(one, step, root, data)]
    return {
        name: any(_is_open(one) for one in _objects(inner, root, None))
        for schema in there
        for name, inner in schema.get("properties", {}).items()
    }


def homes(form: type[BaseModel], name: str) -> list[Place]:
    """The places that have a field of that name, those nearest to the top first."""
    root = _schema(form)
    found = [place for place, fields in _all_places(root, root, (), ()) if name in fields]
    return sorted(dict.fromkeys(found), key=len)


def place_of(form: type[BaseModel], path: tuple[str | int, ...], data: object) -> Place:
    """A path without items of lists and names of the author's own."""
    place: list[str] = []
    for number, step in enumerate(path):
        if isinstance(step, str) and step in fields_at(form, path[:number], data):
            place.append(step)
    return tuple(place)


def _below(data: object, step: str | int) -> object:
    if isinstance(data, dict):
        return data.get(step)
    within = isinstance(data, list) and isinstance(step, int) and step < len(data)
    return data[step] if within else None  # type: ignore[index]


def _objects(schema: Schema, root: Schema, data: object) -> Iterator[Schema]:
    """The schemas of mappings and lists among the alternatives, those that fit the data."""
    if "$ref" in schema:
        yield from _objects(root["$defs"][schema["$ref"].rpartition("/")[2]], root, data)
    for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from _objects(one, root, data)
    if schema.get("type") in ("object", "array") and _fits(schema, data):
        yield schema


def _fits(schema: Schema, data: object) -> bool:
    """Whether what has one value only, as `topology:` of each topology, has it."""
    fields = schema.get("properties", {})
    return not isinstance(data, dict) or all(
        data[name] == inner["const"]
        for name, inner in fields.items()
        if "const" in inner and name in data
    )


def _is_open(schema: Schema) -> bool:
    return isinstance(schema.get("additionalProperties"), dict) or "patternProperties" in schema


def _inside(schema: Schema, step: str | int, root: Schema, data: object = None) -> Iterator[Schema]:
    """What may stand in a mapping or a list."""
    inner = schema.get("items") if isinstance(step, int) else schema.get("properties", {}).get(step)
    if (
        inner is None
        and isinstance(step, str)
        and isinstance(schema.get("additionalProperties"), dict)
    ):
        inner = schema["additionalProperties"]
    if inner is not None:
        yield from _objects(inner, root, data)


def _all_places(
    schema: Schema, root: Schema, place: Place, seen: tuple[int, ...]
) -> Iterator[tuple[Place, Mapping[str, Schema]]]:
    """Every place with its fields; forms within themselves are entered once."""
    for one in _objects(schema, root, None):
        if id(one) in seen:
            continue
        fields = one.get("properties", {})
        yield place, fields
        own = [(name, inner) for name, inner in fields.items()]
        own += [
            ("", one[key])
            for key in ("items", "additionalProperties")
            if isinstance(one.get(key), dict)
        ]
        for name, inner in own:
            deeper = (*place, name) if name else place
            yield from _all_places(inner, root, deeper, (*seen, id(one)))
