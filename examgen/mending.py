"""The form of a template file; a faulty graph is mended, so that the rest can be checked."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial

from pydantic import BaseModel, ValidationError

from examgen.definitions import Definition, define
from examgen.errors import ExamgenError, Problem, guarded
from examgen.expression import EVERY, Reference, walk
from examgen.formula import parse, parse_reference
from examgen.strict_yaml import Located
from examgen.template_file import TemplateFile
from examgen.topology import Blueprint, Spec, Topology
from examgen.validation import validated


class _GraphOnly(BaseModel):
    """The graph of a template, whatever the rest is like."""

    graph: Topology
    sample: dict[str, object] = {}  # pydantic copies it


def formed(located: Located) -> TemplateFile:
    """The file's form; where that is faulty, the problems of the graph are told besides."""
    try:
        return validated(TemplateFile, located)
    except ExamgenError as error:
        problems = list(error.problems)
        with suppress(ValidationError):
            part = _GraphOnly.model_validate(located.data)
            guarded(problems, "graph", partial(sound_blueprint, part.graph, part.sample, problems))
        raise ExamgenError(problems) from None


def sound_blueprint(
    graph: Spec, sample: Mapping[str, object], problems: list[Problem]
) -> Blueprint:
    """The graph's formulas; a faulty one is noted and mended, so that the rest can be checked."""
    blueprint = graph.blueprint()
    try:
        define(blueprint.definitions, blueprint.ranges, declared=sample)
        return blueprint
    except ExamgenError as error:
        problems += [problem.at(path="graph") for problem in error.problems]
        faulty = {problem.path for problem in error.problems}
        mended = (
            replace(one, formula=_names_alone(one)) if one.path in faulty else one
            for one in blueprint.definitions
        )
        return replace(blueprint, definitions=tuple(mended))


def _names_alone(definition: Definition) -> str:
    """The sum of the names in a faulty formula: they are quantities, whatever is wrong with it."""
    try:
        left, right = parse_reference(definition.name), parse(definition.formula)
    except ExamgenError:
        return "0"
    bound = {variable for index in left.indices for variable in index.variables}
    names = (
        part.name
        for part in walk(right)
        if isinstance(part, Reference)
        and not (part.of or part.prime or EVERY in part.indices)
        and bound.issuperset(v for index in part.indices for v in index.variables)
    )
    return " + ".join(dict.fromkeys(names)) or "0"
