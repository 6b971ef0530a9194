"""Checking strictly read YAML against a form, with every problem in an author's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from examgen.errors import ExamgenError, Problem, cut, suggestion
from examgen.notation import decimal
from examgen.places import Place, fields_at, homes, place_of
from examgen.strict_yaml import Located, print_path
from examgen.yaml_scalars import LARGEST_EXPONENT, MOST_DIGITS

Form = TypeVar("Form", bound=BaseModel)
_PLACES = MOST_DIGITS + LARGEST_EXPONENT  # what a number may be written with


def validated(form: type[Form], located: Located) -> Form:
    """The data as a form. Raises ExamgenError with all that does not fit, each with its line."""
    if not isinstance(located.data, dict):
        raise ExamgenError(
            located.problems
            or Problem(f"expected fields such as {_first(form)}", file=located.file, line=1)
        )
    refused = {problem.line for problem in located.problems}
    try:
        checked = form.model_validate(located.data)
    except ValidationError as error:
        found = [_problem(dict(detail), form, located) for detail in error.errors()]
        # What the reader has refused stands there as nothing: that is no problem of its own.
        others = [problem for problem in _outermost(found) if problem.line not in refused]
        raise ExamgenError([*located.problems, *others]) from None
    if located.problems:
        raise ExamgenError(located.problems)
    return checked


def _problem(detail: Mapping[str, Any], form: type[BaseModel], located: Located) -> Problem:
    path = _existing(tuple(detail["loc"]), located)
    kind, found = detail["type"], detail.get("input")
    if kind == "extra_forbidden":
        message = _no_field(path, form, located, found)
    elif kind in ("missing", "union_tag_not_found"):
        missing = str(detail["loc"][-1]) if kind == "missing" else "topology"
        message = f"the field '{missing}' is missing"
    elif kind == "union_tag_invalid":
        ctx = detail["ctx"]
        message = f"'{ctx['tag']}' is none of {ctx['expected_tags']}"
    elif kind == "value_error":
        message = str(detail["ctx"]["error"])
    elif kind in ("model_type", "model_attributes_type"):
        message = f"expected fields such as {_wanted(form, detail, found)}{_shown(found)}"
    elif kind == "string_type" and _is_number(found):
        message = f"found the number {_written(found)}, expected text; put it in quotes"
    else:
        message = f"{_lower(detail['msg'])}{_shown(found)}"
    return Problem(message, located.file, located.line(path), print_path(path))


def _existing(loc: tuple[str | int, ...], located: Located) -> tuple[str | int, ...]:
    """The place without the names of union members, which pydantic mixes in.

    A member may be called as a field is; of several readings the one that leads furthest is right.
    """
    places: list[tuple[str | int, ...]] = [()]
    for step in loc:
        places += [(*place, step) for place in places if (*place, step) in located.lines]
    return max(places, key=lambda place: (len(place), place[-1:] == loc[-1:]))


def _outermost(problems: list[Problem]) -> list[Problem]:
    """One problem a place: a union reports its members' complaints one by one.

    Only missing fields have no place of their own.
    """
    first: dict[tuple[int, str, str], Problem] = {}
    for problem in problems:
        missing = problem.message if problem.message.endswith("is missing") else ""
        first.setdefault((problem.line, problem.path, missing), problem)
    return list(first.values())


def _lower(message: str) -> str:
    for theirs, ours in _WORDS.items():
        message = message.replace(theirs, ours)
    return message


_WORDS = {
    "Input should be": "expected",
    "String should match pattern": "expected the pattern",
    "String should have": "expected",
    "List should have": "expected",
    "Dictionary should have": "expected",
    " after validation, not": ", found",
    "dictionary or object to extract fields from": "mapping",
    "valid dictionary": "mapping",
    "a valid string": "text",
    "a valid list": "a list",
    "a valid boolean, unable to interpret input": "true or false",
    "a valid boolean": "true or false",
}
"""Pydantic's words, and what authors say."""


def _shown(found: object) -> str:
    """What stands there, as its author wrote it."""
    if found is None or isinstance(found, dict | list):
        return ""
    if isinstance(found, bool):
        return f", found '{str(found).lower()}'"
    return f", found {_written(found)}" if _is_number(found) else f", found '{_written(found)}'"


def _is_number(found: object) -> bool:
    return isinstance(found, int | Fraction) and not isinstance(found, bool)


def _written(found: object) -> str:
    return cut(decimal(found, _PLACES) if isinstance(found, Fraction) else str(found), 40)


def _wanted(form: type[BaseModel], detail: Mapping[str, Any], found: object) -> str:
    """Fields as they would be written where there is something else: {kind: lines, height: 5}."""
    name = detail.get("ctx", {}).get("class_name")
    fields = form.model_json_schema().get("$defs", {}).get(name, {}).get("properties", {})
    if not fields:  # a form of several, which differ in their topology
        return "{topology: formulas, ...}"
    return f"{{{', '.join(f'{key}: {_example(fields[key], found)}' for key in [*fields][:2])}}}"


def _example(schema: Mapping[str, Any], found: object) -> str:
    """A value that a field may have: what was found, if that is one of its words."""
    words = schema.get("enum", [])
    value = found if found in words else words[-1] if words else schema.get("default")
    return str(value) if isinstance(value, str | int) and value != "" else "..."


def _first(form: type[BaseModel]) -> str:
    """The first two fields of a form, as they are written."""
    names = [field.alias or name for name, field in form.model_fields.items()]
    return " and ".join(f"`{name}:`" for name in names[:2])


def _no_field(
    path: tuple[str | int, ...], form: type[BaseModel], located: Located, found: object
) -> str:
    """What to say of a field that there is not: the one that was meant, or where it belongs."""
    name, own = str(path[-1]), fields_at(form, path[:-1], located.data)
    here = place_of(form, path[:-1], located.data)
    other = [home for home in homes(form, name) if home != here]
    if other:
        return f"'{name}' is no field here: {_moved(other, here)}"
    if found is None and name.isdigit():
        return f"'{name}' is no field here: numbers have a decimal point, as in 0.{name}, no comma"
    above = _above(path, located)
    if near := suggestion(name, own):
        return f"'{name}' is no field here{near}"
    if own.get(above):
        return f"'{name}' is no field here: if it belongs below `{above}:`, indent it"
    return f"'{name}' is no field here"


def _moved(places: Sequence[Place], here: Place) -> str:
    """Where a field belongs, which stands at another place."""
    if places[0] == ():
        return f"it belongs to the file itself, not below `{here[-1]}:`; indent it less"
    below = " or ".join(f"`{place[-1]}:`" for place in places[:3])
    return f"it belongs below {below}; mend the indentation"


def _above(path: tuple[str | int, ...], located: Located) -> str:
    """The field before this one in the same mapping."""
    data: object = located.data
    for step in path[:-1]:
        assert isinstance(data, dict | list), "bug: the path leads somewhere"
        data = data[step]  # type: ignore[index]
    names = [str(name) for name in data] if isinstance(data, dict) else []
    place = names.index(str(path[-1])) if str(path[-1]) in names else 0
    return names[place - 1] if place else ""
