"""Writing the file of the bank's catalogue; `grader.practice.skills.catalogue` reads it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from examgen.template import Template
from grader.practice.skills.catalogue import PartEntry, entries
from grader.practice.skills.words import SKILLS


def written(questions: Iterable[Sequence[Template]]) -> dict[str, Any]:
    """The data of the file for some questions, each with all of its structures.

    What several parts have in common is written once: the sets of skills, the parts.
    """
    skills = [skill.id for skill in SKILLS]
    sets: dict[tuple[str, ...], int] = {}
    parts: dict[PartEntry, int] = {}
    rows = [_row(templates, parts) for templates in questions]
    shown = [
        [p.label, p.size, [[slot, sets.setdefault(own, len(sets))] for slot, own in p.slots]]
        for p in parts
    ]
    return {
        "skills": skills,
        "sets": [[skills.index(skill) for skill in own] for own in sets],
        "parts": shown,
        "questions": rows,
    }


def _row(templates: Sequence[Template], parts: dict[PartEntry, int]) -> dict[str, Any]:
    """A question: its parts by their place in the list of all, structure by structure."""
    structures = [
        [
            parts.setdefault(replace(entry, structure=0, topology=""), len(parts))
            for entry in entries(template, "")
        ]
        for template in templates
    ]
    return {
        "id": templates[0].id,
        "topology": templates[0].file.graph.topology,
        "structures": structures,
    }


def as_text(data: Mapping[str, Any]) -> str:
    """The file: a line for each set, part and question, so that changes can be read."""
    lines = []
    for key, value in data.items():
        rows = value if isinstance(value, list) and key != "skills" else None
        if rows is None:
            lines.append(f"{json.dumps(key)}: {_compact(value)}")
        else:
            body = ",\n".join(_compact(row) for row in rows)
            lines.append(f"{json.dumps(key)}: [\n{body}\n]")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
