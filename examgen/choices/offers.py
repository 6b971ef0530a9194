"""What `choose:` offers, and all that can be wrong with it and with what speaks of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from examgen.choices.alternatives import REFERENCE, has_fields, label, texts
from examgen.errors import Problem, suggestion
from examgen.strict_yaml import Data, KeyPath, Located

FIELD = "choose"
_NAME = re.compile(r"[A-Za-z_]\w*")


def offered_alternatives(
    offered: Data, located: Located
) -> tuple[dict[str, tuple[Data, ...]], list[Problem]]:
    """The alternatives of each name as far as there are any, and what is wrong with them."""
    if not isinstance(offered, dict):
        message = "expected names, each with a list of alternatives"
        return {}, [located.problem((FIELD,), message)]
    found: dict[str, tuple[Data, ...]] = {}
    problems: list[Problem] = []
    for name, values in offered.items():
        wrong = list(_misoffered(name, values))
        problems += [located.problem((FIELD, name), message) for message in wrong]
        if isinstance(values, list) and any(value is not None for value in values):
            found[name] = tuple(value for value in values if value is not None)
    return found, problems


def _misoffered(name: str, values: Data) -> Iterator[str]:
    """What is wrong with the alternatives of a name."""
    if not _NAME.fullmatch(name):
        yield f"'{name[:60]}' is no name: expected letters, digits and underscores"
    if not isinstance(values, list):
        yield "expected a list of alternatives"
    elif len(values) < 2:
        yield f"expected two alternatives or more, found {len(values) or 'none'}"
    else:
        yield from _misfits(values)


def _misfits(values: Sequence[Data]) -> Iterator[str]:
    """Alternatives that are there twice, are none, speak of others, or lack fields of others."""
    shown = [repr(value) for value in values]
    twice = [value for value, text in zip(values, shown, strict=True) if shown.count(text) > 1]
    if twice:
        yield f"the alternative {label(twice[0])} is there twice"
    for place, value in enumerate(values, start=1):
        if value is None:
            yield f"alternative {place} is empty"
        elif any(REFERENCE.search(text) for text in texts(value)):
            yield f"alternative {place} speaks of a choice: write it out"
    fields = [frozenset(value) for value in values if isinstance(value, dict) and has_fields(value)]
    if fields and (len(fields) < len(values) or len(set(fields)) > 1):
        yield "the alternatives have different fields"


def faulty_references(
    alternatives: Mapping[str, tuple[Data, ...]], located: Located
) -> Iterator[Problem]:
    """References to no choice and to no field, and names that nothing speaks of."""
    used = set()
    for path, reference in _references(located.data, ()):
        name, field = reference[1], reference[2]
        if name in alternatives:
            used.add(name)
            message = _faulty_field(name, field, alternatives[name][0])
        else:
            message = _unknown_name(reference, alternatives)
        if message:
            yield located.problem(path, message)
    for name in alternatives:
        if name not in used:
            yield located.problem((FIELD, name), f"nothing speaks of <{name}>")


def _references(data: Data, path: KeyPath) -> Iterator[tuple[KeyPath, re.Match[str]]]:
    """Everything in the document that looks like a reference, with its place."""
    if isinstance(data, dict):
        for key, value in data.items():
            if path or key != FIELD:
                yield from (((*path, key), match) for match in REFERENCE.finditer(key))
                yield from _references(value, (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _references(value, (*path, number))
    elif isinstance(data, str):
        yield from ((path, match) for match in REFERENCE.finditer(data))


def _faulty_field(name: str, field: str | None, example: Data) -> str:
    """What is wrong with the field that a reference names, or nothing."""
    if field is None:
        return ""
    if not isinstance(example, dict) or not has_fields(example):
        return f"the alternatives of '{name}' have no fields; write <{name}>"
    if field in example:
        return ""
    return f"'{name}' has no field '{field}'{suggestion(field, example)}"


def _unknown_name(reference: re.Match[str], known: Mapping[str, object]) -> str:
    """What is wrong with a reference to no choice; a comparison such as `a<b` and `b>c` is none."""
    name, before = reference[1], reference.string[: reference.start()]
    near = suggestion(name, known)
    if not near and re.search(r"[\w)\]']$", before):
        return ""
    return f"<{name}> is no choice{near or '; there is ' + ', '.join(f'<{one}>' for one in known)}"
