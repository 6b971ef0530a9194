"""A template, read and understood: its quantities, its grids and conditions, its answer slots.

Everything wrong with a file is reported together, each problem with its line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from hashlib import sha256

from examgen.choices import Choices, read_choices
from examgen.choices.alternatives import label
from examgen.conditions import Condition, safety_conditions
from examgen.declared import conditions_of, grids_of, unknown_names, unused_entries
from examgen.diagrams import figure_problems
from examgen.errors import ExamgenError, Problem, suggestion
from examgen.givens import wholes
from examgen.grids import Grid
from examgen.mending import formed, sound_blueprint
from examgen.misconceptions.own import own_mistakes
from examgen.nodes import Node
from examgen.planted import Planted, exact_lines, read_planted
from examgen.printing import PLAIN, show
from examgen.quantities import Quantities, derive_quantities
from examgen.sampling import Sampler
from examgen.slots import Part, Slot, read_parts
from examgen.space import Space
from examgen.strict_yaml import Data, Located, load, salvage
from examgen.structures import disagreements
from examgen.template_file import TemplateFile

MOST_BYTES = 256 << 10


@dataclass(frozen=True)
class Template:
    """A question that can be drawn: one structure of a template file.

    text: the file's own. structure: its place among those of the file, from 0; structures: how
    many there are. choice: what was chosen for each name of `choose:`. origin: the file, as
    problems name it.
    """

    file: TemplateFile
    text: str
    quantities: Quantities
    grids: Mapping[str, Grid]
    conditions: tuple[Condition, ...]
    parts: tuple[Part, ...]
    planted: Planted | None = None
    structure: int = 0
    structures: int = 1
    choice: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""

    @property
    def id(self) -> str:
        """The template's id, the same for all structures of a file."""
        return self.file.id

    @property
    def name(self) -> str:
        """The id, with the structure's number (from 1) where the file has several."""
        return self.id if self.structures == 1 else structure_name(self.id, self.structure)

    @property
    def slots(self) -> tuple[Slot, ...]:
        """All slots in paper order."""
        return tuple(slot for part in self.parts for slot in part.slots)

    @property
    def points(self) -> Fraction:
        """What the whole question is worth."""
        return sum((slot.points for slot in self.slots), Fraction(0))

    def at_condition(self, message: str, condition: str) -> Problem:
        """A problem with a condition, by its text: at its line, if it is one of `require:`."""
        if condition not in self.file.require:
            return Problem(message, file=self.origin)
        path = f"require[{self.file.require.index(condition)}]"
        return replace(placed(Problem(message, path=path), document(self)), file=self.origin)

    @cached_property
    def wholes(self) -> tuple[tuple[str, ...], ...]:
        """Families of givens that add up to 1 in every variant, as a printed one-hot target."""
        return wholes(
            {
                name: grid.values[0] if len(grid.values) == 1 else None
                for name, grid in self.grids.items()
            }
        )

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
        if self.choice:
            content["choice"] = dict(self.choice)
        if self.file.spot is not None:
            content["spot"] = self.file.spot.model_dump()
        return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def sampler(self, seed: int, use: int = 0) -> Sampler:
        """The draws of this template under a seed; `use` tells apart two uses in one exam."""
        key = sha256(f"{seed}\n{self.fingerprint}\n{use}".encode()).digest()
        return Sampler(self.space, key)

    @cached_property
    def space(self) -> Space:
        """What may be drawn, and what of it is acceptable."""
        return Space(self.grids, self.conditions)


def structure_name(template_id: str, structure: int) -> str:
    """What one of several structures is called; they are counted from 1.

    >>> structure_name("mlp-2-2-2", 0)
    'mlp-2-2-2#1'
    """
    return f"{template_id}#{structure + 1}"


def parse_template(text: str, file: str, structure: int = 0) -> Template:
    """One structure of a template from its text; `file` names it in problems."""
    choices = _choices(text, file)
    found = choices.problems or _structure(choices, structure, text)
    if isinstance(found, Template):
        return found
    if len(choices) > 1:  # in which structures what is wrong is for all of them to say
        parse_templates(text, file)
    raise ExamgenError(found)


def parse_templates(text: str, file: str) -> tuple[Template, ...]:
    """All structures of a template from its text; one for a file without `choose:`."""
    choices = _choices(text, file)
    found = [_structure(choices, number, text) for number in range(len(choices))]
    problems = choices.told([[] if isinstance(one, Template) else one for one in found])
    templates = tuple(one for one in found if isinstance(one, Template))
    if len(templates) == len(found):
        problems = list(_disagreements(choices, templates))
    told = {(problem.line, problem.path) for problem in choices.problems}
    problems = [problem for problem in problems if (problem.line, problem.path) not in told]
    if choices.problems or problems:
        raise ExamgenError(dict.fromkeys([*choices.problems, *problems]))
    return templates


def _choices(text: str, file: str) -> Choices:
    located = salvage(text, file)
    data = located.data
    if isinstance(data, dict) and "questions" in data and "graph" not in data:
        raise ExamgenError(Problem("this is an exam, not a template", file, 1))
    return read_choices(located)


def _structure(choices: Choices, number: int, text: str) -> Template | list[Problem]:
    """A structure, or all that is wrong with it."""
    located = choices.located
    try:
        written = choices.structure(number)
        located = written.located
        form = formed(located)
        problems = list(_faulty_choices(form, choices))
        own = _of_choice(form, written.choice)
        template = _understood(own, text, problems, choices.located.data)
    except ExamgenError as error:
        return [placed(problem, located) for problem in error.problems]
    return replace(
        template,
        structure=number,
        structures=len(choices),
        choice=written.choice,
        origin=choices.located.file,
    )


def _faulty_choices(form: TemplateFile, choices: Choices) -> Iterator[Problem]:
    """Published instances that belong to choices that there are not."""
    labels = choices.labels
    for instance in form.instances:
        for name, value in instance.choice.items():
            known = labels.get(name, ())
            if label(value) not in known:
                wrong, near = (label(value), known) if known else (name, tuple(labels))
                hint = suggestion(wrong, near) or f"; there is {', '.join(near) or 'nothing'}"
                message = f"'{wrong}' is nothing to choose{hint}"
                yield Problem(message, path=f"published.choice.{name}")


def _of_choice(form: TemplateFile, choice: Mapping[str, str]) -> TemplateFile:
    """The form with the published instances of this choice alone."""
    own = [
        instance
        for instance in form.instances
        if all(choice.get(name) == label(value) for name, value in instance.choice.items())
    ]
    return form.model_copy(update={"published": own})


def _disagreements(choices: Choices, templates: Sequence[Template]) -> Iterator[Problem]:
    """What the structures cannot have in common in one answer sheet."""
    for number, problem in disagreements([template.parts for template in templates]):
        named = ", ".join(f"{name} = {value}" for name, value in choices.choice(number).items())
        message = f"with {named}: {problem.message}"
        yield placed(replace(problem, message=message), choices.located)


def document(template: Template) -> Located:
    """The document of a template, with its choices made; every place has its line in the file."""
    choices = read_choices(load(template.text, template.id))
    return choices.structure(template.structure).located


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


def _understood(form: TemplateFile, text: str, problems: list[Problem], document: Data) -> Template:
    """The template of a form. document: the file as written, before choices are made.

    Raises ExamgenError with what is wrong, `problems` among it.
    """
    faults = len(problems)
    try:
        quantities = derive_quantities(
            sound_blueprint(form.graph, form.sample, problems),
            form.graph.learning_rate,
            form.graph.derived,
            declared=form.sample,
            overrides=form.symbols,
            message_first=form.state_gradient == "message",
        )
    except ExamgenError as error:
        problems += [problem.at(path="graph") for problem in error.problems]
        raise ExamgenError(dict.fromkeys(problems)) from None
    own = own_mistakes(form.mistakes, quantities, problems)
    quantities = replace(quantities, mistakes=own)
    if len(problems) == faults:  # what only a faulty formula uses would look unused
        problems += unused_entries(form, quantities)
    quantities, planted = read_planted(form, quantities, problems)
    grids = grids_of(form, quantities, problems)
    conditions = conditions_of(form, quantities, problems)
    parts = exact_lines(read_parts(form, quantities, problems, document))
    problems += unknown_names(form, quantities)
    problems += figure_problems(form.figure, quantities)
    if problems:
        raise ExamgenError(problems)
    asked = [quantities.node(slot.quantity) for part in parts for slot in part.slots]
    if planted is not None:
        slots = [slot for part in parts for slot in part.slots]
        conditions.append(planted.condition(quantities, slots, form.decimals))
        asked += planted.values.values()
    safety = safety_conditions(
        asked, form.margin, lambda node: show(node, quantities.symbols, PLAIN)
    )
    return Template(form, text, quantities, grids, (*conditions, *safety), tuple(parts), planted)
