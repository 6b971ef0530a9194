"""A template, read and understood: its quantities, its grids and conditions, its answer slots.

Everything wrong with a file is reported together, each problem with its line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, partial, reduce
from hashlib import sha256
from pathlib import Path

from pydantic import BaseModel, ValidationError

from examgen.definitions import Definition, define
from examgen.errors import ExamgenError, Problem, guarded, suggestion
from examgen.expression import Reference, walk
from examgen.files import read_text
from examgen.formula import parse, parse_reference
from examgen.nodes import Node
from examgen.ops import OPS
from examgen.printing import PLAIN, show
from examgen.quantities import Quantities, derive_quantities
from examgen.sampling import Sampler
from examgen.slots import Part, Slot, matches, read_parts, texts_of
from examgen.space import Condition, Grid, Space, safety_conditions
from examgen.strict_yaml import Located, salvage
from examgen.template_file import TemplateFile, values_of
from examgen.text import placeholders
from examgen.topology import Blueprint, Spec, Topology
from examgen.validation import validated

MOST_BYTES = 256 << 10


@dataclass(frozen=True)
class Template:
    """A question that can be drawn. `text` is the file's own text."""

    file: TemplateFile
    text: str
    quantities: Quantities
    grids: Mapping[str, Grid]
    conditions: tuple[Condition, ...]
    parts: tuple[Part, ...]

    @property
    def id(self) -> str:
        """The template's id."""
        return self.file.id

    @property
    def slots(self) -> tuple[Slot, ...]:
        """All slots in paper order."""
        return tuple(slot for part in self.parts for slot in part.slots)

    @property
    def points(self) -> Fraction:
        """What the whole question is worth."""
        return sum((slot.points for slot in self.slots), Fraction(0))

    def node(self, slot: Slot) -> Node:
        """The node of a slot's answer."""
        return self.quantities.node(slot.quantity)

    @cached_property
    def fingerprint(self) -> str:
        """A hash of what decides the numbers: graph, grids, conditions, slots; not of the prose."""
        content = self.file.model_dump(
            mode="json",
            include={"id", "graph", "sample", "require", "margin", "state_gradient"},
            fallback=str,
        )
        content["answers"] = [slot.quantity for slot in self.slots]
        return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def sampler(self, seed: int, use: int = 0) -> Sampler:
        """The draws of this template under a seed; `use` tells apart two uses in one exam."""
        key = sha256(f"{seed}\n{self.fingerprint}\n{use}".encode()).digest()
        return Sampler(self.space, key)

    @cached_property
    def space(self) -> Space:
        """What may be drawn, and what of it is acceptable."""
        return Space(self.grids, self.conditions)


def load_template(path: Path) -> Template:
    """Read a template file. Raises ExamgenError with all that is wrong with it."""
    return parse_template(read_text(path, MOST_BYTES), str(path))


def parse_template(text: str, file: str) -> Template:
    """A template from its text; `file` names it in problems."""
    located = salvage(text, file)
    try:
        return _understood(_formed(located), text)
    except ExamgenError as error:
        raise ExamgenError(placed(problem, located) for problem in error.problems) from None


class _GraphOnly(BaseModel):
    """The graph of a template, whatever the rest is like."""

    graph: Topology
    sample: dict[str, object] = {}  # pydantic copies it


def _formed(located: Located) -> TemplateFile:
    """The file's form; where that is faulty, the problems of the graph are told besides."""
    try:
        return validated(TemplateFile, located)
    except ExamgenError as error:
        problems = list(error.problems)
        with suppress(ValidationError):
            part = _GraphOnly.model_validate(located.data)
            guarded(problems, "graph", partial(_sound_blueprint, part.graph, part.sample, problems))
        raise ExamgenError(problems) from None


def _sound_blueprint(
    graph: Spec, sample: Mapping[str, object], problems: list[Problem]
) -> Blueprint:
    """The graph's formulas; a faulty one is noted and mended, so that the rest can be checked."""
    blueprint = graph.blueprint()
    declared = [name for name in sample if "*" not in name]
    try:
        define(blueprint.definitions, blueprint.ranges, declared=declared)
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
    bound = {"", *(index.variable for index in left.indices)}
    names = (
        part.name
        for part in walk(right)
        if isinstance(part, Reference)
        and not (part.of or part.prime)
        and bound.issuperset(index.variable for index in part.indices)
    )
    return " + ".join(dict.fromkeys(names)) or "0"


def placed(problem: Problem, located: Located) -> Problem:
    """The problem with the file and the line of the place that its path names."""
    if problem.line:
        return problem
    return problem.at(file=located.file, line=located.line(_key_path(problem.path)))


def _key_path(path: str) -> tuple[str | int, ...]:
    """`parts[2].answers` as keys. Keys of formulas have brackets of their own: `s[t]`, `h[1]`."""
    keys: list[str | int] = []
    for step in path.split("."):
        keys.append(step)
        base, _, rest = step.partition("[")
        if rest.endswith("]") and rest[:-1].isdigit():
            keys += [base, int(rest[:-1])]
    return tuple(keys)


def _understood(form: TemplateFile, text: str) -> Template:
    problems: list[Problem] = []
    try:
        quantities = derive_quantities(
            _sound_blueprint(form.graph, form.sample, problems),
            form.graph.learning_rate,
            form.graph.derived,
            declared=[name for name in form.sample if "*" not in name],
            overrides=form.symbols,
            message_first=form.state_gradient == "message",
        )
    except ExamgenError as error:
        problems += [problem.at(path="graph") for problem in error.problems]
        raise ExamgenError(dict.fromkeys(problems)) from None
    if not problems:  # what only a faulty formula uses would look unused
        problems += _unused(form, quantities)
    grids = _grids(form, quantities, problems)
    conditions = _conditions(form, quantities, problems)
    parts = read_parts(form, quantities, problems)
    problems += _unknown_names(form, quantities)
    if problems:
        raise ExamgenError(problems)
    asked = [quantities.node(slot.quantity) for part in parts for slot in part.slots]
    safety = safety_conditions(
        asked, form.margin, lambda node: show(node, quantities.symbols, PLAIN)
    )
    return Template(form, text, quantities, grids, (*conditions, *safety), tuple(parts))


# --- givens ------------------------------------------------------------------------------------


def _grids(form: TemplateFile, quantities: Quantities, problems: list[Problem]) -> dict[str, Grid]:
    grids: dict[str, Grid] = {}
    made: dict[str, Grid] = {}
    for name in quantities.givens:
        pattern = _pattern_for(name, form.sample)
        if pattern is None:
            others = [other for other in (*quantities.values, *form.sample) if other != name]
            near = suggestion(name, others)
            message = f"nothing says what '{name}' is: no formula and no entry of sample{near}"
            problems.append(Problem(message, path=_first_use(name, quantities)))
            continue
        if pattern not in made:
            made[pattern] = Grid(values_of(form.sample[pattern]))
        grids[name] = made[pattern]
    return grids


def _unused(form: TemplateFile, quantities: Quantities) -> list[Problem]:
    """Entries of sample that no given takes its numbers from."""
    used = {_pattern_for(name, form.sample) for name in quantities.givens}
    known = [*quantities.givens, form.graph.learning_rate]
    return [
        Problem(
            f"'{pattern}' matches no given{suggestion(pattern, known)}", path=f"sample.{pattern}"
        )
        for pattern in form.sample
        if pattern not in used
    ]


def _pattern_for(name: str, patterns: Mapping[str, object]) -> str | None:
    """The entry that says how a given is drawn: its own name, else the most specific pattern."""
    if name in patterns:
        return name
    matching = [pattern for pattern in patterns if matches(pattern, name)]
    return max(matching, key=lambda pattern: len(pattern.replace("*", "")), default=None)


def _first_use(name: str, quantities: Quantities) -> str:
    word = re.compile(rf"(?<!\w){re.escape(name.partition('[')[0])}(?!\w)")
    paths = [d.path for d in quantities.blueprint.definitions if word.search(d.formula)]
    # The author's equation has a longer path than what unrolling it adds.
    return max(paths, key=lambda path: path.count("."), default="graph")


def _conditions(
    form: TemplateFile, quantities: Quantities, problems: list[Problem]
) -> list[Condition]:
    conditions: list[Condition] = []
    for number, text in enumerate(form.require):
        node = guarded(problems, f"require[{number}]", partial(_truth, text, quantities))
        if isinstance(node, Node):
            conditions.append(Condition(text, node))
    return conditions


_TRUTHS = ("gt", "ge", "lt", "le", "eq", "ne", "and", "or", "not")


def _truth(text: str, quantities: Quantities) -> Node:
    """The truth of a condition; one that speaks of h[t] must hold for every t."""
    nodes = quantities.build_for_all(text)
    if nodes[0].op.name not in _TRUTHS:
        raise ExamgenError(f"'{text}' is no condition; expected a comparison such as h1 > 0")
    return reduce(OPS["and"], nodes)


def _unknown_names(form: TemplateFile, quantities: Quantities) -> Iterator[Problem]:
    """Placeholders that are no givens, and published names that are no quantities."""
    for path, text in texts_of(form):
        for name in placeholders(text):
            if name not in quantities.givens:
                near = suggestion(name, quantities.givens)
                yield Problem(f"{{{name}}} is no given{near}", path=path)
    for instance in form.instances:
        for name in instance.given:
            if name not in quantities.givens:
                near = suggestion(name, quantities.givens)
                yield Problem(f"'{name}' is no given{near}", path="published.given")
        for name in [*instance.answers, *instance.misprints]:
            found: list[Problem] = []
            guarded(found, "published.answers", partial(quantities.name, name))
            yield from found
